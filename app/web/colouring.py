"""Python code in colours: words of the language, comments, and numbers by their sign."""

from __future__ import annotations

from functools import lru_cache
from html import escape

from markupsafe import Markup

LONGEST = 160
"""Letters of a line that is coloured: a longer one is all numbers, and each would cost more to colour than to send."""


def coloured(line: str) -> Markup:
    """Return a line of Python as HTML: ``k`` keywords, ``c`` comments, ``num`` and ``neg`` numbers by their sign."""
    text, mark, comment = line.rpartition("  # ")
    if not mark:
        text, mark, comment = ("", "", line) if line.startswith("#") else (line, "", "")
    said = f'<i class="c">{escape(mark + comment)}</i>' if comment else ""
    return Markup((_coloured(text) if len(text) <= LONGEST else escape(text)) + said)  # noqa: S704 (escaped)


@lru_cache(maxsize=1024)  # from step to step little more than the comments changes
def _coloured(text: str) -> str:
    from pygments.lexers.python import PythonLexer  # pages without code need not wait for it
    from pygments.token import Keyword, Number, Operator, Punctuation

    html, before, unary = "", Punctuation, False
    for kind, word in PythonLexer(stripnl=False, ensurenl=False).get_tokens(text):
        named = ""
        if kind in Keyword or kind is Operator.Word:
            named = "k"
        elif kind in Number and float(word):
            named = "neg" if unary else "num"
        # A minus after a name, a number or a bracket that closes takes away; elsewhere it is a sign.
        if word.strip():
            unary = word == "-" and (before in Operator or before is Punctuation or before in Keyword)
            before = Punctuation if word in "([{,:" else kind if word not in ")]}" else Number
        html += f'<b class="{named}">{escape(word)}</b>' if named else escape(word)
    return html
