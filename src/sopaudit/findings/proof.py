"""The proof of a score: a tree in which every number follows from those below it.

It grows from the answers up: answers make an item, items a section, sections the whole, and each
step of the scheme one more node on top, until the number that is shown. `recomputed` works any node
out again from its parts; it knows the rules by name and nothing of the engine.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, Literal

from sopaudit.criteria.answer import Answer
from sopaudit.criteria.section import Round
from sopaudit.findings.grouping import ONE, ZERO
from sopaudit.findings.rounding import rounded
from sopaudit.reading.document import Loc

Kind = Literal["score", "section", "item", "answer"]
"""What a node is about: the whole of a checklist (its roll-up, and each step after it), a section,
an item, or one answer to it."""


@dataclass(frozen=True)
class Node:
    """A number, the rule that made it, and what it was made of."""

    kind: Kind
    rule: str
    """One of `RULES`; without a value the reason: an `Outcome`, of a section `dropped`."""

    value: Fraction | None
    """None where it is no part of the score."""

    name: str = ""
    """Of a section or item its id, of an answer the staff number it is about, else empty."""

    out_of: Fraction | None = None
    """What the value could be at most; None where points are demerits."""

    base: Fraction = ZERO
    """What it adds below the line of its parent, where that divides: usually `out_of`."""

    weight: Fraction = ONE
    """How often its parent takes it."""

    by_share: bool = False
    """Its parent takes value ÷ base, and not the value."""

    given: Mapping[str, Fraction] = field(default_factory=dict)
    """The numbers of the rule that are no parts: points, a rate, a bound."""

    round: Round | None = None
    """How the rule rounds."""

    answer: Answer | None = None
    bounded: bool = True
    """It has a best answer; otherwise its points count against the office."""

    full: bool = False
    """Nothing is missing from the best."""

    items: tuple[str, ...] = ()
    """The items a step counted."""

    word: Loc = ()
    """Where the word of the scheme stands that acted; nothing where none was needed."""

    parts: tuple["Node", ...] = ()

    def all(self) -> Iterator["Node"]:
        """Go through the node and all below it."""
        yield self
        for part in self.parts:
            yield from part.all()

    @property
    def entered(self) -> Fraction:
        """What it adds above the line of its parent, before weight."""
        value = self.value or ZERO
        return value / self.base if self.by_share and self.base > 0 else value

    @property
    def below(self) -> Fraction:
        """What it adds below the line, before weight."""
        return ONE if self.by_share else self.base


def recomputed(node: Node) -> Fraction | None:
    """Work the value of a node out again from its parts and what its rule was given."""
    return None if node.value is None else RULES[node.rule](node)


def _counted(node: Node) -> list[Node]:
    return [part for part in node.parts if part.value is not None]


def _values(node: Node) -> list[Fraction]:
    return [part.value for part in node.parts if part.value is not None]


def _before(node: Node) -> Fraction:
    return node.parts[0].value or ZERO


def _added(node: Node) -> Fraction:
    return sum((part.entered * part.weight for part in _counted(node)), ZERO)


def _line(node: Node) -> Fraction:
    return sum((part.below * part.weight for part in _counted(node)), ZERO)


def _divided(node: Node) -> Fraction:
    return _added(node) / _line(node)


def _whole(node: Node) -> Fraction:
    items = [inner for inner in node.all() if inner.kind == "item" and inner.value is not None]
    return Fraction(all(item.full for item in items))


def _worst(node: Node) -> Fraction:
    """Take the answer that cost most; of demerits the highest."""
    parts = _counted(node)
    if node.bounded:
        return max(parts, key=lambda p: (p.out_of or ZERO) - (p.value or ZERO)).value or ZERO
    return max(_values(node))


def _mean(node: Node) -> Fraction:
    return sum(_values(node), ZERO) / len(_values(node))


def _by_rate(node: Node) -> Fraction:
    given = node.given
    return given["points"] * (1 - given["failed"] / given["checked"]) * given["weight"]


def _by_occurrence(node: Node) -> Fraction:
    given = node.given
    left = given["points"] - given["each"] * given["occurrences"]
    return max(ZERO, left) * given["weight"]


def _summed(name: str) -> Callable[[Node], Fraction]:
    """Pool the cases or occurrences of all persons, then judge them as one answer."""

    def pooled(node: Node) -> Fraction:
        names = ("failed", "checked") if name == "rate" else ("occurrences",)
        sums = {n: sum((part.given[n] for part in _counted(node)), ZERO) for n in names}
        return RULES[name](Node("answer", name, ZERO, given={**node.given, **sums}))

    return pooled


def _rounded(node: Node) -> Fraction:
    weight = node.given.get("weight", ONE)
    value = _before(node) / weight
    return (rounded(value, node.round) if node.round else value) * weight


def _surcharged(node: Node) -> Fraction:
    more = _before(node) * node.given["rate"]
    return _before(node) + (rounded(more, node.round) if node.round else more)


def _adjusted(node: Node) -> Fraction:
    given = node.given
    times = min(given["number"], given.get("at_most", given["number"]))
    return _before(node) + times * given["points"] / given.get("scale", ONE)


RULES: Final[Mapping[str, Callable[[Node], Fraction]]] = {
    "table": lambda n: n.given["points"] * n.given["share"] * n.given["weight"],
    "each": _by_occurrence,
    "rate": _by_rate,
    "number": lambda n: n.given["value"] * n.given["weight"],
    "fail": lambda _: ZERO,
    "one": _before,
    "several.sum": lambda n: sum(_values(n), ZERO),
    "several.pick": lambda n: sum(_values(n), ZERO),
    "several.mean": _mean,
    "several.worst": _worst,
    "several.once": _worst,
    "several.round": _rounded,
    "persons.mean": _mean,
    "persons.worst": _worst,
    "persons.added": lambda n: sum(_values(n), ZERO),
    "persons.rate": _summed("rate"),
    "persons.each": _summed("each"),
    "sum": _added,
    "count": _added,
    "percent": _divided,
    "mean": _divided,
    "all": _whole,
    "empty": lambda n: n.given["value"],
    "nothing": lambda _: ZERO,
    "surcharge": _surcharged,
    "adjust": _adjusted,
    "scale": lambda n: _before(n) * n.given["scale"],
    "start": lambda n: n.given["start"] + _before(n),
    "take": lambda n: n.given["start"] - _before(n),
    "floor": lambda n: max(_before(n), n.given["floor"]),
    "ceiling": lambda n: min(_before(n), n.given["ceiling"]),
    "round": _rounded,
    "cap": lambda n: min(_before(n), n.given["cap"]),
}
"""Each rule by name: what it makes of the parts of a node.

`table` `each` `rate` `number` `fail` judge one answer; `one`, `several.*`, `persons.*` make an item
of its answers; `sum` to `all` add up items and sections, `empty` and `nothing` stand for what has
no counted part; the others are the steps from there to the number shown, in this order."""


@dataclass(frozen=True)
class Edge:
    """The way from a score to a neighbouring grade."""

    grade: str
    bound: Fraction
    """Where it begins."""

    distance: Fraction
    """From the number shown; never below zero."""

    word: Loc


@dataclass(frozen=True)
class Standing:
    """Where a score lies among the grades, before limits."""

    grade: str | None
    word: Loc
    better: Edge | None = None
    """The next better grade; None at the top, or where a count and no number keeps it out."""

    worse: Edge | None = None
    """The next worse one; its bound is that of the grade itself."""

    unrounded: str | None = None
    """The grade the number before rounding would have, where that is another."""

    counts: tuple["Count", ...] = ()
    """What its grade and better ones ask of counts of answers."""


@dataclass(frozen=True)
class Count:
    """How many answers of a kind there are, beside what a grade asks for."""

    grade: str
    count: Mapping[str, str]
    number: Fraction
    holds: bool
    word: Loc


@dataclass(frozen=True)
class Coverage:
    """How much of a checklist counted, beside what the scheme asks for."""

    label: str
    """Empty for the whole; else the label by which the group is made, and its value."""

    value: str
    counted: int
    of: int
    at_least: Fraction
    enough: bool


@dataclass(frozen=True)
class Proof:
    """The whole proof of one score."""

    root: Node
    """The number shown, and below it all it was made of; without a value where there is none."""

    standing: Standing | None
    coverage: tuple[Coverage, ...] = ()

    def steps(self) -> Sequence[Node]:
        """List the nodes that are about the whole: the roll-up first, the number shown last."""
        found: list[Node] = []
        node = self.root
        while node.rule in STEPS:
            found.append(node)
            node = node.parts[0]
        return [node, *found[::-1]]

    def items(self) -> Mapping[str, Node]:
        """Give the node of every item."""
        return {node.name: node for node in self.root.all() if node.kind == "item"}


STEPS: Final = frozenset(
    ("surcharge", "adjust", "scale", "start", "take", "floor", "ceiling", "round", "cap")
) | {"several.round"}
"""Rules that take one number and give another."""
