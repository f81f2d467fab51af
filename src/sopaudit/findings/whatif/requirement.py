"""What a grade asks of corrections: sums they must reach, whatever else the scheme says.

While the base stays, almost every word of a scheme adds up: what corrections bring together is what
each brings alone. So a band, the mark of a section or a limit asks that the corrections in a set
bring so much. Each correction is therefore tried alone, by the engine, and what follows from that
lets the search (`cover`) pass over sets that cannot do. A word that does not add up is read so that
nothing that could do is passed over:

- `all` is at most what `percent` would be; an `adjust` that counts only so many gives back at most
  what it would without that bound;
- where neither holds, or corrections pull both ways, nothing is asked, and the search is longer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import Any, Final

from sopaudit.criteria.field import number
from sopaudit.criteria.scheme import Adjust, Band, Bounds, CountBounds, Limit, Scheme
from sopaudit.findings.grading import Run
from sopaudit.findings.rounding import rounded
from sopaudit.findings.whatif.cover import Need
from sopaudit.findings.whatif.line import ZERO, Bands, Line, column, rounded_edges
from sopaudit.findings.whatif.trial import Sayings, Trial

_CAPPED: Final = 3
"""So many adjustments that count only so many are looked at one by one."""


@dataclass(frozen=True)
class Requirements:
    """What a grade asks for."""

    ways: tuple[tuple[Need, ...], ...]
    monotone: bool
    """Whether it is certain that a further correction never takes the grade away again."""


def changed(scheme: Scheme, **words: Any) -> Scheme:  # noqa: ANN401 -- any word of a scheme
    """Copy a scheme with other words; what the original had worked out is not copied."""
    copy = scheme.model_copy(update=words)
    for name in ("sets", "every_limit", "named"):
        copy.__dict__.pop(name, None)
    return copy


def parted(scheme: Scheme, goal: int) -> tuple[list[Band], list[str]]:
    """Give the bands of the grade at index `goal` and of better ones, and the grades below it.

    Several bands may give one grade.
    """
    good = {band.grade for band in scheme.grades[: goal + 1]}
    below = [band.grade for band in scheme.grades if band.grade not in good]
    return [band for band in scheme.grades if band.grade in good], below


def _roll_ups(scheme: Scheme) -> set[str]:
    return {scheme.roll_up, *(rule.roll_up for rule in scheme.sections)}


def adds_up(scheme: Scheme) -> bool:
    """Say whether a score under a scheme is the sum of its parts before it is rounded."""
    charges = (rule.surcharge for rule in scheme.sections)
    return (
        "all" not in _roll_ups(scheme)
        and scheme.floor is None
        and scheme.ceiling is None
        and all(adjust.at_most is None for adjust in scheme.adjust)
        and all(limit.score_at_most is None for limit in scheme.limits)
        and all(charge is None or charge.round is None for charge in charges)
    )


class Ledger:
    """What each correction of one audit brings, to whatever number is asked for."""

    def __init__(self, trial: Trial, corrections: Mapping[int, Sayings]) -> None:
        self.trial = trial
        self.scheme = trial.scorer.scheme
        self.corrections = corrections
        """By the index of an item; their order is that of everything told here."""

        self._variants = [{}, *({n: sayings} for n, sayings in corrections.items())]

    @cached_property
    def alone(self) -> Run:
        """The audit as it is, then with each correction alone."""
        return self.trial.run(self._variants)

    @cached_property
    def gains(self) -> Line:
        """What each correction alone brings to the score before bounds, rounding and limits."""
        bare = changed(self.scheme, floor=None, ceiling=None)
        return column(self.trial.under(bare).run(self._variants).totals(exact=True).value)

    def _loose(self, **words: Any) -> Run:  # noqa: ANN401 -- any word of a scheme
        """Add up with `percent` for `all`, and without bounds."""
        scheme = self.scheme
        sections = tuple(
            rule.model_copy(update={"roll_up": "percent"}) if rule.roll_up == "all" else rule
            for rule in scheme.sections
        )
        if scheme.roll_up == "all":
            words |= {"roll_up": "percent", "scale": scheme.scale or "1"}
        loose = changed(scheme, sections=sections, floor=None, ceiling=None, **words)
        return self.trial.under(loose).run(self._variants)

    @cached_property
    def _bounded(self) -> tuple[Run, Run] | None:
        """Add up so that no correction is told to bring less than it can.

        Twice: as it stands now, and what each correction brings. None where that cannot be told.
        """
        scheme, run = self.scheme, self.alone
        charges = (rule.surcharge for rule in scheme.sections)
        if any(charge is not None and charge.round is not None for charge in charges):
            return None
        if not self._base_stays:
            return None
        capped = [adjust for adjust in scheme.adjust if adjust.at_most is not None]
        if any(a.points > 0 or not self._only_fewer(a.count) for a in capped):
            return None
        loose = self._loose()
        if "all" in _roll_ups(scheme):
            negative = any(mark.earned < 0 for marks in run.marks for mark in marks.values())
            charged = any(adjust.each == "section" for adjust in scheme.adjust)
            pairs = zip(run.marking.root.all(), loose.marking.root.all(), strict=True)
            here = (
                [bool(r.rolled(g, exact=True).present.all()) for r, g in ((run, a), (loose, b))]
                for a, b in pairs
            )
            if negative or charged or any(one != other for one, other in here):
                return None
        free = tuple(adjust.model_copy(update={"at_most": None}) for adjust in scheme.adjust)
        return loose, self._loose(adjust=free)

    @cached_property
    def total(self) -> Line | None:
        """The score before bounds and rounding: what corrections can raise it to at most."""
        if self._bounded is None:
            return None
        now, free = (column(run.totals(exact=True).value) for run in self._bounded)
        loosened = "all" in _roll_ups(self.scheme) or any(
            adjust.at_most is not None for adjust in self.scheme.adjust
        )
        return None if loosened and free.sign < 0 else Line(now.now, free.brings)

    @cached_property
    def _base_stays(self) -> bool:
        """Whether every item counts for as much after its correction, or there is no base."""
        marks, cells = self.alone.marks, self.alone.cells
        pairs = [
            (marks[n][int(cells[0][n])], marks[n][int(cells[row][n])])
            for row, n in enumerate(self.corrections, 1)
        ]
        if all((a.outcome, a.possible) == (b.outcome, b.possible) for a, b in pairs):
            return True
        empty = {self.scheme.empty, *(rule.empty or "drop" for rule in self.scheme.sections)}
        return _roll_ups(self.scheme) == {"sum"} and "full" not in empty

    def _only_fewer(self, count: Mapping[str, str]) -> bool:
        """Say whether no correction makes more of what is counted."""
        run = self.alone
        told = (
            [run.marking.counted(count, n, run.kinds[run.cells[at][n]]) for at in (0, row)]
            for row, n in enumerate(self.corrections, 1)
        )
        return all(after <= before for before, after in told)

    def requirements(self, goal: int) -> Requirements:
        """Say what the grade at index `goal`, or a better one, asks for."""
        bands, _ = parted(self.scheme, goal)
        if self._given_by_limits(goal):
            return Requirements(((),), monotone=False)
        common, monotone = self._held_back(goal)
        if any(band.when for band in bands):
            parts = [self._band(band) for band in bands]
        else:
            parts = [self._scored(bands)]
        ways = tuple((*needs, *common) for several, _ in parts for needs in several)
        return Requirements(ways, monotone and all(steady for _, steady in parts))

    def _given_by_limits(self, goal: int) -> bool:
        """Say whether an audit no band holds may have the grade from a limit."""
        last = self.scheme.grades[-1]
        _, below = parted(self.scheme, goal)
        grades = (limit.grade for limit in self.scheme.every_limit)
        return bool(last.bounds or last.when) and any(grade not in below for grade in grades)

    def _scored(self, bands: Sequence[Band]) -> tuple[list[list[Need]], bool]:
        """Say what score one of some bands asks for, by way, and if further corrections keep it."""
        known = Bands(self.scheme)
        _, steady = known.asked(bands, self.total, self.gains.now)
        ways = [[*known.asked(bands, line, line.now)[0], *more] for line, more in self._totals]
        return ways or [[]], steady

    def _band(self, band: Band) -> tuple[list[list[Need]], bool]:
        """Say what one band asks for that counts answers too."""
        ways, steady = self._scored((band,))
        more: list[Need] = []
        for when in band.when:
            line = self._count(when)
            more += _kept(line.need(when.holds, when.bounds))
            steady = steady and line.steady(when.holds, when.bounds)
        return [[*way, *more] for way in ways], steady

    @cached_property
    def _totals(self) -> list[tuple[Line, list[Need]]]:
        """The score before bounds, in every way it may add up.

        An `adjust` that counts only so many either still counts as many, or counts all there are.
        """
        if self.total is None:
            return []
        capped = [adjust for adjust in self.scheme.adjust if adjust.at_most is not None]
        if not capped or len(capped) > _CAPPED or any(a.each == "section" for a in capped):
            return [(self.total, [])]
        return [self._added_up(way) for way in product(*map(self._either, capped))]

    def _either(self, adjust: Adjust) -> list[tuple[Adjust, bool]]:
        """Say whether an adjustment may count as many as it can, or all; the latter always may."""
        full = self._count(adjust).now >= (adjust.at_most or 0)
        return [(adjust, False), *([(adjust, True)] if full else [])]

    def _added_up(self, capped: Sequence[tuple[Adjust, bool]]) -> tuple[Line, list[Need]]:
        """Add up where some adjustments stay as they are and the others count all there are."""
        full = [adjust for adjust, stays in capped if stays]
        rest = tuple(
            adjust.model_copy(update={"at_most": None})
            for adjust in self.scheme.adjust
            if adjust not in full
        )
        stays = sum((a.points * (a.at_most or 0) for a in full), ZERO)
        line = column(self._loose(adjust=rest).totals(exact=True).value)
        needs: list[Need] = []
        for adjust in (adjust for adjust, stays in capped if not stays):
            most = Fraction(adjust.at_most or 0)
            needs += _kept(self._count(adjust).need(Bounds(at_most=most).holds, [most]))
        return Line(line.now + stays, line.brings), needs

    def _count(self, asked: CountBounds | Adjust) -> Line:
        """Say how often a count finds something, now and after each correction."""
        return column(self.alone.sums[f"count {self.alone.counts.index(asked.count)}"].fractions())

    def _held_back(self, goal: int) -> tuple[list[Need], bool]:
        """Say what the limits ask for that would hold the grade back, and if they only let go."""
        needs: list[Need] = []
        monotone = True
        for n, limit in enumerate(self.scheme.every_limit):
            if not self._matters(limit, goal):
                continue
            asked, lets_go = self.limit(n, limit)
            monotone = monotone and lets_go
            if self._holds_back(limit, goal):
                needs += asked
            elif limit.score_at_most is not None:
                monotone = False
        return needs, monotone

    def _matters(self, limit: Limit, goal: int) -> bool:
        _, below = parted(self.scheme, goal)
        cap = limit.score_at_most
        return limit.grade in below or (cap is not None and not self._reached_at(cap, goal))

    def _reached_at(self, score: Fraction, goal: int) -> bool:
        """Say whether a score that was lowered so has the grade, whatever is counted."""
        bands, _ = parted(self.scheme, goal)
        fine = Bands(self.scheme).fine(bands, capped=True)
        return fine(score) and not any(band.when for band in bands)

    def _holds_back(self, limit: Limit, goal: int) -> bool:
        """Say whether a limit in force certainly keeps the grade away.

        A cap does nothing to a score below it; where low scores are good, such a one may do.
        """
        bands, below = parted(self.scheme, goal)
        if limit.grade in below:
            return True
        cap = limit.score_at_most
        return cap is not None and Bands(self.scheme).holds_back(cap, bands)

    def limit(self, n: int, limit: Limit) -> tuple[list[Need], bool]:
        """Say what lets a limit go, and whether corrections never bring it about."""
        if limit.any in ("item", "answer"):
            hits = column(self.alone.sums[f"limit {n}"].fractions())
            edges = [Fraction(limit.times)]

            def few(number: Fraction) -> bool:
                return number < limit.times

            return list(_kept(hits.need(few, edges))), hits.steady(few, edges)
        lines = self._groups(n)
        if lines is None:
            return [], False
        exactly = number(limit.is_)
        bounds = limit if exactly is None else Bounds(at_least=exactly, at_most=exactly)
        edges = list(rounded_edges(bounds.bounds, limit.round))

        def free(value: Fraction) -> bool:
            return not bounds.holds(rounded(value, limit.round) if limit.round else value)

        lets_go = all(line.steady(free, edges) for line in lines)
        needs = [line.need(free, edges) for line in lines] if limit.times == 1 else []
        return list(_kept(*needs)), lets_go

    def _groups(self, n: int) -> list[Line] | None:
        """Give what each group comes to that a limit looks at; None where that cannot be told."""
        if self._bounded is None:
            return None
        lines = []
        now, free = self._bounded
        rows = (self.alone.group_flags[n], now.group_flags[n], free.group_flags[n])
        for (group, _), (low, _), (high, _) in zip(*rows, strict=True):
            rolled, least, most = (
                run.rolled(g, exact=True)
                for run, g in ((self.alone, group), (now, low), (free, high))
            )
            if bool(rolled.present[0]) != bool(least.present[0]):
                return None
            if not rolled.present[0]:
                continue
            unit = self.alone.unit(group)
            line, true = column(most.value * unit), column(rolled.value * unit)
            told = line.sign < 0 or least.value[0] != rolled.value[0]
            if line.brings != true.brings and told:
                # Told apart from what it is, it would have to be looked at from there too.
                return None
            lines.append(Line(Fraction(least.value[0]) * unit, line.brings))
        return lines


def _kept(*needs: Need | None) -> tuple[Need, ...]:
    return tuple(need for need in needs if need is not None)
