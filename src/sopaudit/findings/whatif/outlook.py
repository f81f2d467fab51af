"""How far a score may still go while items are open: its ends, and what decides between them.

Where there are few ways the open items may turn out, the engine scores them all. Where there are
many, it scores the best and the worst; that these are the ends is proven where better answers never
make a worse result, and said not to be where that cannot be told.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod
from typing import Final

import numpy as np

from sopaudit.criteria.scheme import Scheme
from sopaudit.findings.grading import Run
from sopaudit.findings.grid import Ints
from sopaudit.findings.score import STATES, Score
from sopaudit.findings.whatif.line import ZERO, Bands, Line
from sopaudit.findings.whatif.openness import Open, further, open_items
from sopaudit.findings.whatif.requirement import Ledger
from sopaudit.findings.whatif.subject import Roll, Thing
from sopaudit.findings.whatif.trial import Sayings, Trial

WAYS: Final = 4096
"""So many ways for the open items to turn out are all tried."""

_ROLLS: Final = 64
"""So many ways for the posts of a branch to turn out are all tried."""

_UNSCORED: Final = STATES.index("not scored")
_TIMES: Final = 1000
"""What has no end is looked at so many times further."""

Way = tuple[int, ...]
"""How open items turn out: an index into the answers of each, 0 for the best."""


@dataclass(frozen=True)
class Veto:
    """An open item without points that alone would hold the grade down."""

    thing: Thing
    grade: str | None
    """The best grade there is then."""

    pending: bool
    """It was answered, and only its confirmation is missing."""


@dataclass(frozen=True)
class Outlook:
    """How far a score may still go."""

    now: Score
    open: tuple[Thing, ...]
    """Items that are not answered, or not by everybody."""

    lowest: Score | None
    highest: Score | None
    """The scores furthest apart while no open veto turns out; None where there is none at all."""

    worst: str | None
    best: str | None
    """The grades furthest apart while no open veto turns out."""

    deciding: tuple[Thing, ...]
    """Open items that can make the difference between two grades; none where they are too many for
    every way to be tried."""

    vetoes: tuple[Veto, ...]
    """Those open that would hold the grade down."""

    worst_of_all: str | None
    """The worst grade if vetoes turn out too."""

    endless: tuple[bool, bool]
    """Whether the score has no lowest, and no highest, value."""

    may_go: bool
    """Whether there may be no score in the end."""

    proven: bool
    """Whether nothing beyond these ends is possible."""


class View:
    """One checklist of an audit, seen while items are open."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.scheme = trial.scorer.scheme
        (self.now,) = trial.scores([{}])
        everything = open_items(trial, self.now)
        self.open = [one for one in everything if not one.veto]
        self.vetoes = [one for one in everything if one.veto]
        self.whole = prod(len(one.answers) for one in self.open) <= WAYS

    def thing(self, one: Open) -> Thing:
        """Name an open item."""
        return Thing(self.trial.scorer.checklist.id, one.item)

    @cached_property
    def ways(self) -> list[Way]:
        """All ways to turn out; where there are many, some of them.

        These are the ends, what is one step from them, and nothing that applies.
        """
        sizes = [len(one.answers) for one in self.open]
        if self.whole:
            return list(product(*(range(size) for size in sizes)))
        ends = [tuple(0 for _ in sizes), tuple(size - 1 for size in sizes)]
        near = (
            (*end[:at], n, *end[at + 1 :])
            for end in ends
            for at, size in enumerate(sizes)
            for n in range(size)
        )
        nothing = tuple(one.left_out for one in self.open)
        return list(dict.fromkeys([*ends, nothing, *near]))

    def variant(self, way: Way, *turned: Open) -> dict[int, Sayings]:
        """Let open items turn out in one way, and of the vetoes only those `turned`."""
        told = {one.place: one.answers[n] for one, n in zip(self.open, way, strict=True)}
        told |= {one.place: one.answers[0] for one in self.vetoes}
        return told | {one.place: one.answers[-1] for one in turned}

    @cached_property
    def run(self) -> Run:
        """Every way, scored."""
        return self.trial.run([self.variant(way) for way in self.ways])

    @cached_property
    def turned(self) -> Run:
        """The same with every veto turning out."""
        return self.trial.run([self.variant(way, *self.vetoes) for way in self.ways])

    @cached_property
    def rows(self) -> Ints:
        """The ways that end with a score."""
        return np.flatnonzero(self.run.scored.state != _UNSCORED)

    def end(self, *, by: str, last: bool) -> Way | None:
        """Find the way of the lowest (`last`) or highest score, or of the worst or best grade."""
        if not len(self.rows):
            return None
        scored = self.run.scored
        values = scored.grade[self.rows] if by == "grade" else -scored.steps[self.rows]
        row = np.argmax(values) if last else np.argmin(values)
        return self.ways[int(self.rows[row])]

    def ends(self) -> list[Score]:
        """Score the ends: lowest and highest, worst and best, and the worst with all vetoes."""
        kinds = [("score", True), ("score", False), ("grade", True), ("grade", False)]
        ways = [self.end(by=by, last=last) for by, last in kinds]
        told = [self.variant(way) for way in ways if way is not None]
        if ways[2] is not None:
            told.append(self.variant(ways[2], *self.vetoes))
        return self.trial.scores(told)

    def outlook(self) -> Outlook:
        """Tell how far the score may still go."""
        ends = self.ends()
        lowest, highest, worst, best = ends[:4] if ends else (None, None, None, None)
        turned = self.turned.scored
        of_all = turned.grade[turned.state != _UNSCORED]
        grades = [*(band.grade for band in self.scheme.grades), None]
        return Outlook(
            now=self.now,
            open=self._open(),
            lowest=lowest,
            highest=highest,
            worst=None if worst is None else worst.grade,
            best=None if best is None else best.grade,
            deciding=tuple(self.thing(self.open[at]) for at in sorted(self._deciding())),
            vetoes=tuple(self._vetoes(best)),
            worst_of_all=grades[int(of_all.max())] if len(of_all) else None,
            endless=(self._endless(last=True), self._endless(last=False)),
            may_go=len(self.rows) < len(self.ways),
            proven=(self.whole or self.straight) and not self._paid_for_less(),
        )

    def _open(self) -> tuple[Thing, ...]:
        items = [*self.open, *self.vetoes]
        blank = [one for one in items if not one.pending]
        return tuple(self.thing(one) for one in sorted(blank, key=lambda one: one.place))

    def _deciding(self) -> set[int]:
        """Find the open items whose answer alone makes the difference between two grades.

        Where not every way is tried none is named, because any might do so in one that is not.
        """
        if not self.whole:
            return set()
        # By name, because several bands may give one grade; the last is what no band gives.
        names = [*(band.grade for band in self.scheme.grades), ""]
        grades = {self.ways[row]: names[self.run.scored.grade[row]] for row in self.rows.tolist()}
        seen: dict[tuple[int, Way], str] = {}
        found = set()
        for way, grade in grades.items():
            for at in range(len(way)):
                rest = at, (*way[:at], *way[at + 1 :])
                if seen.setdefault(rest, grade) != grade:
                    found.add(at)
        return found

    def _vetoes(self, best: Score | None) -> Iterator[Veto]:
        way = self.end(by="grade", last=False)
        if way is None or best is None:
            return
        told = self.trial.scores([self.variant(way, one) for one in self.vetoes])
        for one, score in zip(self.vetoes, told, strict=True):
            if score.grade != best.grade:
                yield Veto(self.thing(one), score.grade, one.pending)

    def _endless(self, *, last: bool) -> bool:
        """Say whether a score goes on where an answer does that has no bound."""
        way = self.end(by="score", last=last)
        if way is None:
            return False
        told = self.variant(way)
        beyond = {place: further(sayings, _TIMES) for place, sayings in told.items()}
        here, there = self.trial.run([told, beyond]).scored.steps.tolist()
        return bool(here != there)

    def _paid_for_less(self) -> bool:
        """Say whether an answer between the ends may be better than both.

        Of numbers only the ends are tried, and points may be added for what falls short.
        """
        adjusted = self.scheme.adjust
        paying = any(adjust.points > 0 and "answer" not in adjust.count for adjust in adjusted)
        judged = self.trial.run([{}]).marking.sets
        return paying and any(judged[one.place] == "number" for one in self.open)

    @cached_property
    def straight(self) -> bool:
        """Whether better answers never make a worse result, so that the ends are the ends."""
        low = self.trial.answered(self.variant(tuple(len(o.answers) - 1 for o in self.open)))
        ledger = Ledger(low, {one.place: one.answers[0] for one in self.open})
        goals = range(len(self.scheme.grades))
        return all(ledger.requirements(goal).monotone for goal in goals) and all(
            map(self._between, self.open)
        )

    def _between(self, one: Open) -> bool:
        """Say whether every answer of an item lies between its best and its worst.

        It does where the best is full and the worst earns nothing, also if it leaves the base; and
        where limits and counts find nothing in it that they do not find in the worst.
        """
        run = self.trial.run([{one.place: answers} for answers in one.answers])
        marks = [run.marks[one.place][int(code)] for code in run.cells[:, one.place]]
        best, worst = marks[0], marks[-1]
        full = best.counted and worst.counted and best.earned == best.possible
        names = [name for name in run.sums if name.startswith(("limit ", "count ", "charge "))]
        columns = [run.sums[name].numerators for name in names]
        return (
            full
            and worst.earned == 0
            and all(bool((c[0] <= c).all() and (c <= c[-1]).all()) for c in columns)
        )


def branch_outlook(views: Sequence[View], scheme: Scheme, roll: Roll) -> Outlook:
    """Tell how far the score of a branch may still go; `roll` makes it of those of its posts."""
    now = roll([view.now for view in views])
    told = [view.outlook() for view in views]
    choices = [
        [*dict.fromkeys(view.ends()[:4])] if view.open else view.ends()[:1]
        for view in views
        if len(view.rows)
    ]
    if not choices:
        return _none(now, told)
    whole = prod(map(len, choices)) <= _ROLLS
    # Lowest and highest come first; where they are worst and best too, there are no others.
    most = max(map(len, choices))
    every = list(
        product(*choices)
        if whole
        else (tuple(c[min(n, len(c) - 1)] for c in choices) for n in range(most))
    )
    ends = [roll(one) for one in every]
    index = {band.grade: n for n, band in enumerate(scheme.grades)}
    by_score = sorted(ends, key=lambda score: score.exact or 0)
    by_grade = sorted(ends, key=lambda score: index.get(score.grade or "", len(index)))
    turned = [view.ends()[-1] for view in views if len(view.rows)]
    worst_of_all = max([roll(turned), by_grade[-1]], key=lambda s: index.get(s.grade or "", 0))
    vetoes = tuple(veto for one in told for veto in one.vetoes)
    differs = by_grade[0].grade != by_grade[-1].grade and all(view.whole for view in views)
    return Outlook(
        now=now,
        open=tuple(thing for one in told for thing in one.open),
        lowest=by_score[0],
        highest=by_score[-1],
        worst=by_grade[-1].grade,
        best=by_grade[0].grade,
        deciding=tuple(view.thing(o) for view in views for o in view.open) if differs else (),
        vetoes=vetoes if worst_of_all.grade != by_grade[-1].grade else (),
        worst_of_all=worst_of_all.grade,
        endless=(any(one.endless[0] for one in told), any(one.endless[1] for one in told)),
        may_go=all(one.may_go for one in told),
        proven=all(one.proven for one in told)
        and (whole or most <= len(("lowest", "highest")))
        and _rising(scheme, by_score),
    )


def _none(now: Score, told: Sequence[Outlook]) -> Outlook:
    return Outlook(
        now=now,
        open=tuple(thing for one in told for thing in one.open),
        lowest=None,
        highest=None,
        worst=None,
        best=None,
        deciding=(),
        vetoes=(),
        worst_of_all=None,
        endless=(False, False),
        may_go=True,
        proven=all(one.proven for one in told),
    )


def _rising(scheme: Scheme, ends: Sequence[Score]) -> bool:
    """Say whether a higher score of a branch is never a worse grade."""
    low, high = (end.exact or ZERO for end in (ends[0], ends[-1]))
    line = Line(low, (high - low,))
    bands = Bands(scheme)
    return all(bands.asked(scheme.grades[: n + 1], line, low)[1] for n in range(len(scheme.grades)))
