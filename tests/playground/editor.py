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

    @property
    def view(self) -> View:
        return self.revisions[-1][1]

    @property
    def at_rest(self) -> View:
        """What is seen after a move: the same, but nothing plays."""
        return replace(self.view, playing=None)

    def state(self, revision: int) -> Playground:
        node, view = self.revisions[revision]
        return Playground(node.table, view)

    def act(self, action: Action) -> bool:
        """Do it; False where it is refused: there is nothing to undo or redo, no such place, or it does not fit."""
        try:
            return self._act(action)
        except Refusal:
            return False

    def _act(self, action: Action) -> bool:
        here, view = self.node, self.view
        if isinstance(action, Change):
            self._change(action, here)
        elif isinstance(action, Look):
            left = replace(view, **{action.part: action.look(Playground(here.table, view))})
            if left != view:
                self.revisions.append((here, left))
        elif isinstance(action, Undo):
            if here.parent is None:
                return False
            here.parent.child = here
            self.revisions.append((here.parent, self.at_rest))
        elif isinstance(action, Redo):
            if here.child is None:
                return False
            self.revisions.append((here.child, self.at_rest))
        else:
            assert isinstance(action, Rewind)
            return self._rewind(action, here)
        return True

    def _change(self, action: Change, here: Node) -> None:
        after = self.at_rest if isinstance(action, StartOver) else self.view
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
        if table == here.table and after == self.view:
            return
        node = Node(table, here, None, losses, tuple(path))
        node.began = node if action.begins else (here.began or here)
        here.child = node
        self.revisions.append((node, after))

    def _rewind(self, action: Rewind, here: Node) -> bool:
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
            self.revisions.append((node, self.at_rest))
        return True

    @staticmethod
    def _inside(whole: Node, step: int) -> Node:
        first = len(whole.losses) - len(whole.path)  # steps taken before this action
        table, losses = whole.path[step - first - 1]
        return Node(table, whole.parent, whole, losses, whole.path[: step - first], whole, whole.began)
