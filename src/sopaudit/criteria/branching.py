"""Which branches are open in each box of a workflow: its forks open them, its joins close them.

Where two ways bring different branches to one box, fork and join do not fit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sopaudit.criteria.workflow import Node, Workflow


@dataclass(frozen=True, eq=False)
class Open:
    """A branch a ticket is in: of which fork, inside which branch; no two of them are equal."""

    inside: "Open | None"
    fork: str


@dataclass
class Marks:
    """Which branch each box belongs to, as far as one way after the other has told."""

    branch: dict[str, Open | None] = field(default_factory=dict)
    branches: dict[str, list[Open]] = field(default_factory=dict)
    """By fork, outer ones first."""

    joins: dict[str, str] = field(default_factory=dict)
    """By fork, its join."""

    forks: dict[str, str] = field(default_factory=dict)
    """By join, its fork."""

    wrong: str | None = None
    """A box at which forks and joins do not fit."""

    fork: str | None = None
    """The fork whose branch came there, if one did."""

    def blame(self, box: str, *branches: Open | None) -> None:
        """Keep a box at which something is wrong, and the fork of the branch that came there."""
        self.wrong = box
        self.fork = next((branch.fork for branch in branches if branch), None)

    def paired(self, fork: str, join: str) -> bool:
        """Say whether these two belong together, where neither has been seen with another."""
        return (
            self.joins.setdefault(fork, join) == join and self.forks.setdefault(join, fork) == fork
        )


def marked(flow: Workflow, begins: Sequence[str], *, called: bool = False) -> Marks:
    """Follow all ways from `begins`; with `called`, only up to the exits of the flow.

    That a branch comes to a join at all need not be looked at: every box reaches an end, and an end
    inside a branch is wrong.
    """
    marks = Marks()
    ahead: list[tuple[str, Open | None]] = [(name, None) for name in begins]
    while ahead and marks.wrong is None:
        name, branch = ahead.pop()
        node = flow.by_id[name]
        if node.kind == "join":
            if branch is None or not marks.paired(branch.fork, name):
                marks.blame(name, branch)
                break
            branch = branch.inside
        if name in marks.branch:
            if marks.branch[name] is not branch:
                marks.blame(name, branch, marks.branch[name])
            continue
        marks.branch[name] = branch
        if branch is not None and (node.kind == "end" or any(c.exit for c in node.choices)):
            marks.blame(name, branch)
        if node.kind == "fork":
            opened_here = [Open(branch, name) for _ in node.parallel]
            marks.branches[name] = opened_here
            ahead += zip(node.parallel, opened_here, strict=True)
        ahead += ((target, branch) for target in _onward(node, called=called))
    return marks


def _onward(node: Node, *, called: bool) -> Iterator[str]:
    """Give the boxes that follow in the same branch."""
    yield from (c.to for c in node.choices if not (called and c.exit))
    yield from filter(None, [node.next])
    yield from node.exits.values()
