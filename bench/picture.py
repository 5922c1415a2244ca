"""The picture of the load: how long an answer takes, from a few visitors up to more than can be served well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import ceil, log10
from pathlib import Path

from bench.crowd import MOST, Point

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 76, 570, 60, 340  # of the plot; to its right the lines say what they are
EACH = 100  # visitors from tick to tick
STYLE = """
  text { font: 14px system-ui, sans-serif; fill: #4a4d53 }
  .paper { fill: #fbfaf7 }
  .hair { stroke: #dedbd3 }
  .most { stroke: #16181c; stroke-dasharray: 6 4 }
  .title { font-size: 16px; fill: #16181c }
  .line { fill: none; stroke-width: 2 }
  .line.slow { stroke: #11488a } .dot.slow, text.slow { fill: #11488a }
  .line.median { stroke: #904200 } .dot.median, text.median { fill: #904200 }
  @media (prefers-color-scheme: dark) {
    text { fill: #b4b6bb }
    .paper { fill: #0f1114 }
    .hair { stroke: #2d3036 }
    .most { stroke: #f2f1ec }
    .title { fill: #f2f1ec }
    .line.slow { stroke: #86bdf2 } .dot.slow, text.slow { fill: #86bdf2 }
    .line.median { stroke: #f3a25c } .dot.median, text.median { fill: #f3a25c }
  }
"""


def draw(file: Path, points: Iterable[Point]) -> None:
    """Write the picture into a file; its folder is made if it is missing."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(_Plot(points).svg, encoding="utf-8")


class _Plot:
    """Visitors to the right, milliseconds upwards; each tenfold takes as much room as the last."""

    def __init__(self, points: Iterable[Point]) -> None:
        self._points = sorted(points)
        self._most = self._points[-1].visitors
        self._tens = ceil(log10(max(MOST, *(point.slow for point in self._points))))

    @property
    def svg(self) -> str:
        """The whole file: colours are in its style, as whoever looks wants them light or dark."""
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
            "<title>The time of an answer over the number of visitors</title>",
            f"<style>{STYLE}</style>",
            f'<rect class="paper" width="{WIDTH}" height="{HEIGHT}"/>',
            '<text class="title" x="20" y="30">Time of an answer in milliseconds, one worker</text>',
            *self._across(),
            *self._upwards(),
            *self._line("slow", "95th percentile", [point.slow for point in self._points]),
            *self._line("median", "median", [point.median for point in self._points]),
            "</svg>",
        ]
        return "\n".join(parts) + "\n"

    def _x(self, visitors: float) -> float:
        return LEFT + (RIGHT - LEFT) * visitors / self._most

    def _y(self, time: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * log10(max(1, time)) / self._tens

    def _across(self) -> Iterator[str]:
        for visitors in range(0, self._most + 1, EACH):
            x = self._x(visitors)
            yield f'<path class="hair" d="M{x:.1f} {TOP}V{BOTTOM + 6}"/>'
            yield f'<text x="{x:.1f}" y="{BOTTOM + 24}" text-anchor="middle">{visitors}</text>'
        middle = (LEFT + RIGHT) / 2
        yield f'<text x="{middle}" y="{BOTTOM + 48}" text-anchor="middle">visitors, one click a second each</text>'

    def _upwards(self) -> Iterator[str]:
        for time in (10**ten for ten in range(self._tens + 1)):
            y, line = self._y(time), "most" if time == MOST else "hair"
            yield f'<path class="{line}" d="M{LEFT - 6} {y:.1f}H{RIGHT}"/>'
            yield f'<text x="{LEFT - 12}" y="{y + 5:.1f}" text-anchor="end">{time:,}</text>'
        yield f'<text x="{LEFT + 8}" y="{self._y(MOST) - 8:.1f}">95 of 100 answers are to come within {MOST} ms</text>'

    def _line(self, kind: str, word: str, times: list[float]) -> Iterator[str]:
        places = [(self._x(point.visitors), self._y(time)) for point, time in zip(self._points, times, strict=True)]
        yield f'<polyline class="line {kind}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in places)}"/>'
        for (x, y), point, time in zip(places, self._points, times, strict=True):
            said = f"{point.visitors} visitors, {word} {time:.1f} ms"
            yield f'<circle class="dot {kind}" cx="{x:.1f}" cy="{y:.1f}" r="3.5"><title>{said}</title></circle>'
        x, y = places[-1]
        yield f'<text class="{kind}" x="{x + 12:.1f}" y="{y + 5:.1f}">{word}</text>'
