"""What each box of a chart looks like: its words in lines, its size, and where lines touch it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import Final

from sopaudit.criteria.field import Text
from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.workflow import Node, Workflow
from sopaudit.swimlane.drawing import Shape
from sopaudit.swimlane.measure import broken, longest, width
from sopaudit.swimlane.overlay import Count
from sopaudit.swimlane.routing import DOWN, UP
from sopaudit.swimlane.word import words

TITLE: Final = 12.0
FOOT: Final = 10.0
FORM: Final = 9.0
NUMBER: Final = 8.5
MARK: Final = 8.0
"""The id of a box."""

LABEL: Final = 10.5
TITLE_LINE: Final = 15.5
FOOT_LINE: Final = 13.0
FORM_LINE: Final = 11.5
LABEL_LINE: Final = 12.5

SIDE_PAD: Final = 7.0
TOP_PAD: Final = 5.0
FOOT_PAD: Final = 6.0
DOUBLE: Final = 5.0
"""Between the two borders of a sub-flow."""

PILL: Final = 17.0
"""How round starts and ends are; a high one keeps room for its words in the corners."""

BAR: Final = 7.0
_BAR_HIGH: Final = 46.0
_PILL_PAD: Final = 13.0
_LEAST_DIAMOND: Final = 50.0
_DIAMOND_ROOMS: Final = (0.42, 0.5, 0.58, 0.66, 0.74)
_NARROW_PAPER: Final = 53.0
_LONG_WORD: Final = 70.0
"""Of a form; a longer one is cut."""

PAPER_TOP: Final = 4.0
PAPER_FOOT: Final = 8.0
PAPER_FROM: Final = 6.0
"""Right of the middle of its box."""


@dataclass(frozen=True)
class Names:
    """What things of other files are called, in the language of the chart."""

    posts: Mapping[str, str] = field(default_factory=dict)
    forms: Mapping[str, str] = field(default_factory=dict)
    exits: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """For a workflow and one of its exits, the words it has there."""

    @classmethod
    def of(cls, handbook: Handbook, lang: str) -> "Names":
        """Take all of them from a handbook."""
        papers = {**handbook.records_kept, **handbook.forms}
        return cls(
            posts={post.id: handbook.say(post.title, lang) for post in handbook.posts.values()},
            forms={name: handbook.say(form.title, lang) for name, form in papers.items()},
            exits={
                (flow.id, name): handbook.say(words, lang)
                for flow in handbook.workflows.values()
                for name, words in flow.exits.items()
            },
        )


def badge(count: Count, wide: float) -> tuple[float, float]:
    """Say how wide the number of a box `wide` is, and how far it stands out to the right.

    It keeps off the middle of the upper side, where lines arrive.
    """
    own = width(count.marked, NUMBER, bold=True) + 8
    return own, max(own + 8 - wide / 2, 2)


@dataclass(frozen=True)
class Sheet:
    """A form at a box: its title in lines, and its height."""

    form: str
    title: tuple[str, ...]
    height: float


@dataclass(frozen=True)
class Face:
    """A box, measured."""

    shape: Shape
    width: float
    height: float
    title: tuple[str, ...]
    foot: tuple[str, ...]
    papers: tuple[Sheet, ...]
    paper_width: float

    @property
    def hanging(self) -> float:
        """How far its forms hang down."""
        return sum(paper.height for paper in self.papers)

    def rim(self, side: int, offset: float) -> float:
        """Measure from its middle to where a line on that side, `offset` from its middle, ends."""
        upright = side in (UP, DOWN)
        out, over = (self.height, self.width) if upright else (self.width, self.height)
        out, over = out / 2, over / 2
        if self.shape == "decision":
            return out * (1 - abs(offset) / over)
        if self.shape in ("start", "end") and offset:
            radius = min(self.height / 2, PILL)
            beyond = max(abs(offset) - (over - radius), 0)
            return out - radius + sqrt(max(radius * radius - beyond * beyond, 0))
        return out

    def reach(self, side: int) -> float:
        """Measure how far from the middle of a side a line may still touch it."""
        over = (self.width if side in (UP, DOWN) else self.height) / 2
        return over * (0.55 if self.shape in ("decision", "start", "end") else 1) - 4


def said(text: Text | None, lang: str) -> str:
    """Give a text in one language; nothing where there is none."""
    return text.to(lang) if text is not None else ""


def lane_title(workflow: Workflow, lane: str, names: Names, lang: str) -> str:
    """Say what a lane is called: as it says, or as its post is, or else its id."""
    own = next((one for one in workflow.lanes if one.id == lane), None)
    if own is None:
        return names.posts.get(lane, lane)
    return said(own.title, lang) or names.posts.get(own.post or "", own.post or own.id)


def face(  # noqa: PLR0913 -- all that its looks depend on
    node: Node, workflow: Workflow, names: Names, lang: str, room: float, *, upright: bool
) -> Face:
    """Measure a box at most `room` wide; bars of forks and joins lie across the time."""
    foot = feet(node, workflow, names, lang)
    title = said(node.title, lang)
    sheets, paper = _papers(node, names, room)
    if node.kind in ("fork", "join"):
        size = (room * 0.8, BAR) if upright else (BAR, _BAR_HIGH)
        return Face(node.kind, *size, (), (), (), 0)
    if node.kind == "decision":
        return _diamond(node, title, foot, room, sheets, paper)
    pad = {"start": _PILL_PAD, "end": _PILL_PAD, "subflow": SIDE_PAD + DOUBLE}
    inner = room - 2 * pad.get(node.kind, SIDE_PAD)
    lines = broken(title or node.id, TITLE, inner)
    under = tuple(line for one in foot for line in broken(one, FOOT, inner))
    height = TOP_PAD + TITLE_LINE * len(lines) + FOOT_PAD
    height += FOOT_LINE * len(under) + (4 if under else 0)
    if node.kind in ("start", "end"):
        height = max(height, 34)
    return Face(node.kind, room, height, lines, under, sheets, paper)


def feet(node: Node, workflow: Workflow, names: Names, lang: str) -> list[str]:
    """Say what stands at the foot of a box: left out or not, how fast, who else, and where on."""
    say = words(lang)
    lanes = [lane_title(workflow, lane, names, lang) for lane in node.also]
    found = [
        say["optional"] if node.optional else "",
        said(node.limit, lang) or (node.within.to(lang) if node.within else ""),
        say["also"].format(lanes=say["comma"].join(lanes)) if lanes else "",
        say["goes_on"].format(flow=node.flow) if node.flow else "",
    ]
    if node.kind == "subflow" and node.flow:
        found[-1] = node.flow + (f" · {node.entry}" if node.entry else "")
    return [one for one in found if one]


def _papers(node: Node, names: Names, room: float) -> tuple[tuple[Sheet, ...], float]:
    """Measure the forms of a box, which hang from the right half of it."""
    titles = [names.forms.get(form, form) for form in node.forms]
    word = min(max((longest(title, FORM) for title in titles), default=0), _LONG_WORD)
    paper = max(room / 2 - PAPER_FROM + 7, _NARROW_PAPER, word + 7)
    found = []
    for form, told in zip(node.forms, titles, strict=True):
        title = broken(told, FORM, paper - 7)
        found.append(Sheet(form, title, PAPER_TOP + FORM_LINE * len(title) + PAPER_FOOT))
    return tuple(found), paper


def _diamond(  # noqa: PLR0913, PLR0917 -- the parts of one box
    node: Node,
    title: str,
    foot: Sequence[str],
    room: float,
    sheets: tuple[Sheet, ...],
    paper: float,
) -> Face:
    """Find the lowest diamond that holds its words."""
    tried = []
    word = longest(title, TITLE) / room
    for share in [one for one in _DIAMOND_ROOMS if one >= word] or _DIAMOND_ROOMS[-1:]:
        lines = broken(title or node.id, TITLE, room * share)
        under = tuple(line for one in foot for line in broken(one, FOOT, room * share * 0.9))
        rows = [(TITLE_LINE, width(line, TITLE)) for line in lines]
        rows += [(FOOT_LINE, width(line, FOOT)) for line in under]
        tried.append((_height(rows, room), lines, under))
    height, lines, under = min(tried, key=lambda one: one[0])
    return Face("decision", room, max(height, _LEAST_DIAMOND), lines, under, sheets, paper)


def _height(rows: Sequence[tuple[float, float]], room: float) -> float:
    """Measure the diamond whose slopes just clear the ends of every line."""
    total = sum(height for height, _ in rows)
    top, need = -total / 2, 0.0
    for height, wide in rows:
        # The slope is met by the body of the letters, not by the white above and below them.
        far = max(abs(top + height * 0.18), abs(top + height * 0.86))
        need = max(need, 2 * far / max(1 - (wide + 6) / room, 0.08))
        top += height
    return need
