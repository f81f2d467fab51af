"""What would bring an audit to a grade, and what stands in the way.

The smallest sets of corrections are found exactly (`cover`), with the help of what the scheme asks
for (`requirement`); each that is told was scored by the engine, and so was what is said of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Final, Literal

from sopaudit.findings.score import Bite, Score
from sopaudit.findings.whatif.cover import NODES, Search, Set, smallest
from sopaudit.findings.whatif.line import Line
from sopaudit.findings.whatif.subject import Subject, Thing

SETS: Final = 3
"""As many sets are told at most."""

EXACT: Final = 40
"""Up to so many corrections the search goes on until the answer is proven."""

_PATIENCE: Final = 7
"""How many times as long as usual."""


@dataclass(frozen=True)
class Correction:
    """An item that falls short and can be put right."""

    thing: Thing
    brings: Fraction
    """What its correction alone adds to the score, before rounding and limits."""


@dataclass(frozen=True)
class Remedy:
    """A set of corrections that reaches the grade, and nothing in it can be left out."""

    corrections: tuple[Correction, ...]
    after: Score


Kind = Literal["limit", "stays", "pending", "stuck", "score", "unscored", "open"]
"""A limit holds the grade down until its items are put right; one that stays whatever is put right;
one that waits to be confirmed; items that fall short and cannot be put right; the score of
everything put right is not enough; there is no score; items are still open."""


@dataclass(frozen=True)
class Obstacle:
    """What stands in the way of a grade."""

    kind: Kind
    causes: tuple[str, ...] = ()
    """Items, or the groups or posts a limit looks at."""

    limit: str = ""
    grade: str | None = None
    """The grade it holds down to."""

    cap: Fraction | None = None
    """The score it holds down to."""

    alone: bool = False
    """No correction of other items helps."""


@dataclass(frozen=True)
class Prospect:
    """How one score could come to a grade."""

    goal: str
    now: Score
    corrections: tuple[Correction, ...]
    """All there could be, those that bring most first."""

    remedies: tuple[Remedy, ...]
    proven: bool
    """Whether no smaller set reaches the grade."""

    obstacles: tuple[Obstacle, ...]
    best: Score
    """The score with every correction."""

    reached: bool
    """Whether the grade, or a better one, is there already."""


def prospect(subject: Subject, goal: str) -> Prospect:
    """Say how a score could come to the grade `goal`, or a better one.

    Sets come with the fewest corrections first; of equal ones that whose corrections bring most,
    then that with the earlier items. Raises ValueError for a grade its scheme does not have.
    """
    grades = [band.grade for band in subject.scheme.grades]
    good = grades[: grades.index(goal) + 1]
    reached = subject.now.grade in good
    order, gains = ranked(subject.gains)
    sets: Sequence[Sequence[int]] = ()
    proven = True
    if not reached and subject.now.score is not None:
        asked = subject.requirements(grades.index(goal))
        ways = tuple(tuple(need.sorted(order) for need in way) for way in asked.ways)

        def holds(tried: Sequence[Set]) -> list[bool]:
            told = subject.grades([[order[n] for n in one] for one in tried])
            return [grade in good for grade in told]

        patience = _PATIENCE if len(order) <= EXACT else 1
        found = smallest(Search(gains, ways, asked.monotone, holds, NODES * patience), SETS)
        sets = [[order[n] for n in one] for one in found.sets]
        proven = found.proven
    brings = subject.gains.brings
    corrections = {n: Correction(subject.things[n], brings[n]) for n in order}
    *after, best = subject.scores([*sets, order])
    return Prospect(
        goal=goal,
        now=subject.now,
        corrections=tuple(corrections.values()),
        remedies=tuple(
            Remedy(tuple(corrections[n] for n in one), score)
            for one, score in zip(sets, after, strict=True)
        ),
        proven=proven,
        obstacles=tuple(_obstacles(subject, good, best)),
        best=best,
        reached=reached,
    )


def ranked(line: Line) -> tuple[list[int], tuple[int, ...]]:
    """Order corrections by what they bring, most first, and give that in whole numbers.

    Where corrections lower the score, as of demerits, what lowers it most brings most.
    """
    sign, unit = line.sign or 1, lcm(*(b.denominator for b in line.brings))
    whole = [int(sign * b * unit) for b in line.brings]
    order = sorted(range(len(whole)), key=lambda n: -whole[n])
    return order, tuple(whole[n] for n in order)


def _obstacles(subject: Subject, good: Sequence[str], best: Score) -> Iterator[Obstacle]:
    """List what keeps a score from the grades that are `good`."""
    now = subject.now
    if now.score is None:
        yield Obstacle("unscored")
    elif now.grade not in good:
        yield from _holding(subject, good, best)
        if best.grade not in good and best.band not in good:
            yield Obstacle("score")
        if best.grade not in good and subject.stuck:
            yield Obstacle("stuck", subject.stuck)
    for bite in subject.waiting if now.score is not None else ():
        if bite.grade is None or bite.grade not in good:
            yield Obstacle("pending", bite.causes, bite.limit, bite.grade, bite.score_at_most)
    if subject.open:
        yield Obstacle("open", subject.open)


def _holding(subject: Subject, good: Sequence[str], best: Score) -> Iterator[Obstacle]:
    """List the limits in force, and say of each whether other corrections help."""
    staying = {bite.limit for bite in best.bites if not bite.pending}
    bites = [bite for bite in subject.bites if _held_by(bite, good)]
    others = [
        [n for n, t in enumerate(subject.things) if not {t.item, t.checklist} & {*bite.items}]
        for bite in bites
    ]
    for bite, grade in zip(bites, subject.grades(others), strict=True):
        kind: Kind = "stays" if bite.limit in staying else "limit"
        alone = grade not in good and bool(bite.items)
        told = bite.grade, bite.score_at_most
        yield Obstacle(kind, bite.causes, bite.limit, *told, alone=alone)
    known = {bite.limit for bite in subject.now.bites}
    for bite in best.bites:
        # What was put right brought it about, which a scheme may say but none should.
        if bite.limit not in known and best.grade not in good and _held_by(bite, good):
            told = bite.grade, bite.score_at_most
            yield Obstacle("stays", bite.causes, bite.limit, *told)


def _held_by(bite: Bite, good: Sequence[str]) -> bool:
    """Say whether a limit in force holds the grade below the good ones."""
    if bite.pending:
        return False
    return bite.changed if bite.grade is None else bite.grade not in good
