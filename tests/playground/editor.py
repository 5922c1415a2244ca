"""A plain model of the editor that a session is: a tree of tables, without log, snapshots or indices."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from app.playground.actions import Action, Change, Look
from app.playground.actions.time import Redo, Rewind, StartOver, Undo
from app.playground.errors import Refusal
from app.playground.state import Playground, Table, View, opening


@dataclass(eq=False)
class Node:
    """A table that can be shown, where undo leads from it, and where redo leads."""

    table: Table
    parent: Node | None = None
    child: Node | None = None
    losses: tuple[float, ...] = ()
    path: tuple[tuple[Table, tuple[float, ...]], ...] = ()  # the tables after each SGD step of it
    inside: Node | None = None  # the step action that a place lies in
    began: Node | None = None  # where the weights on the table began

    @property
    def line(self) -> list[Node]:
        """The nodes from where the weights began to here."""
        return [self] if self.began in (None, self) else [*self.parent.line, self]


@dataclass
class Editor:
    """What a visitor would expect, revision by revision."""

    revisions: list[tuple[Node, View]] = field(default_factory=lambda: [(Node(opening()), View())])

    @property
    def node(self) -> Node:
        return self.revisions[-1][0]

    def state(self, revision: int) -> Playground:
        node, view = self.revisions[revision]
        return Playground(node.table, view)

    def act(self, action: Action) -> bool:
        """Do it; False where it is refused: there is nothing to undo or redo, no such place, or it does not fit."""
        here, view = self.revisions[-1]
        still = replace(view, playing=None)
        if isinstance(action, Change | Look):
            try:
                self._change(action, here, view) if isinstance(action, Change) else self._look(action, here, view)
            except Refusal:
                return False
        elif isinstance(action, Undo):
            if here.parent is None:
                return False
            here.parent.child = here
            self.revisions.append((here.parent, still))
        elif isinstance(action, Redo):
            if here.child is None:
                return False
            self.revisions.append((here.child, still))
        else:
            assert isinstance(action, Rewind)
            return self._rewind(action, here, still)
        return True

    def _look(self, action: Look, here: Node, view: View) -> None:
        left = action.look(Playground(here.table, view))
        if left != getattr(view, action.part):
            self.revisions.append((here, replace(view, **{action.part: left})))

    def _change(self, action: Change, here: Node, view: View) -> None:
        after = replace(view, playing=None) if isinstance(action, StartOver) else view
        table, path = here.table, []
        losses = () if action.begins else here.losses
        if hasattr(action, "steps"):
            for _ in range(action.steps):
                outcome = action.model_copy(update={"steps": 1}).apply(table)
                table = outcome.table
                losses += tuple(memoryview(outcome.losses).cast("f").tolist())
                path.append((table, losses))
        else:
            table = action.apply(table).table
        if table == here.table and after == view:
            return
        node = Node(table, here, None, losses, tuple(path))
        node.began = node if action.begins else (here.began or here)
        here.child = node
        self.revisions.append((node, after))

    def _rewind(self, action: Rewind, here: Node, still: View) -> bool:
        if action.revision >= len(self.revisions):
            return False
        node = self.revisions[action.revision][0]
        if action.step is not None:
            if action.step > len(node.losses):
                return False
            node = next(one for one in node.line if len(one.losses) >= action.step)
            if action.step < len(node.losses):
                node = self._inside(node.inside or node, action.step)
        same_place = node.inside and node.inside is here.inside and len(node.losses) == len(here.losses)
        if node is not here and not same_place:
            self.revisions.append((node, still))
        return True

    @staticmethod
    def _inside(whole: Node, step: int) -> Node:
        first = len(whole.losses) - len(whole.path)  # steps taken before this action
        table, losses = whole.path[step - first - 1]
        return Node(table, whole.parent, whole, losses, whole.path[: step - first], whole, whole.began)
