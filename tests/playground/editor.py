"""A plain model of the editor that a session is: a tree of tables, without log, snapshots or indices."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from app.playground.actions import TRAINS, Action, Change, Look
from app.playground.actions.time import Redo, Rewind, StartOver, Undo
from app.playground.actions.train import Train
from app.playground.errors import Refusal
from app.playground.state import Playground, Table, View, opening

Losses = dict[str, tuple[bytes, ...]]
"""What each step left, for each lab that trains."""


@dataclass(eq=False)
class Node:
    """A table that can be shown, where undo leads from it, and where redo leads."""

    table: Table
    parent: Node | None = None
    child: Node | None = None
    losses: Losses = field(default_factory=lambda: dict.fromkeys(TRAINS, ()))
    path: tuple[tuple[Table, Losses], ...] = ()  # what it was after each of its steps
    inside: Node | None = None  # the step action that a place lies in
    began: dict[str, Node] = field(default_factory=dict)  # where the parameters of a lab on the table began

    def line(self, lab: str) -> list[Node]:
        """The nodes from where the parameters of a lab began to here."""
        return [self] if self.began.get(lab) in (None, self) else [*self.parent.line(lab), self]


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
        action.check(here.table)
        after = self.at_rest if isinstance(action, StartOver) else self.view
        table, path = here.table, []
        labs = [] if not action.begins else [action.lab] if action.lab else list(TRAINS)
        losses = here.losses | dict.fromkeys(labs, ())
        if isinstance(action, Train):
            for _ in range(action.steps):
                outcome = action.model_copy(update={"steps": 1}).apply(table)
                table = outcome.table
                losses = losses | {action.lab: (*losses[action.lab], outcome.losses)}
                path.append((table, losses))
        else:
            table = action.apply(table).table
        if table == here.table and after == self.view:
            return
        node = Node(table, here, None, losses, tuple(path))
        root = self.revisions[0][0]
        node.began = {lab: node if lab in labs else here.began.get(lab, root) for lab in TRAINS}
        here.child = node
        self.revisions.append((node, after))

    def _rewind(self, action: Rewind, here: Node) -> bool:
        if action.revision >= len(self.revisions):
            return False
        node = self.revisions[action.revision][0]
        lab, step = action.lab_, action.step
        if step is not None:
            if step > len(node.losses[lab]):
                return False
            node = next(one for one in node.line(lab) if len(one.losses[lab]) >= step)
            if step < len(node.losses[lab]):
                node = self._inside(node.inside or node, lab, step)
        same_place = node.inside and node.inside is here.inside and len(node.path) == len(here.path)
        if node is not here and not same_place:
            self.revisions.append((node, self.at_rest))
        return True

    @staticmethod
    def _inside(whole: Node, lab: str, step: int) -> Node:
        taken = step - (len(whole.losses[lab]) - len(whole.path))  # of the steps of this action
        table, losses = whole.path[taken - 1]
        return Node(table, whole.parent, whole, losses, whole.path[:taken], whole, whole.began)
