"""One score with its whole story: every number, the rule that made it, and what held it down.

It reads the same run a table of scores comes from, at one row and in fractions, so the story told
is the calculation done.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

import numpy as np

from sopaudit.criteria.answer import Answer
from sopaudit.criteria.field import plain
from sopaudit.criteria.scheme import SHARES, Coverage, Limit
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.findings.grading import Run, limit_id
from sopaudit.findings.grid import Grid
from sopaudit.findings.grouping import ONE, ZERO, Group
from sopaudit.findings.marking import Mark
from sopaudit.findings.proof import Proof
from sopaudit.findings.proving import proof
from sopaudit.findings.rounding import PERCENT, decimal_text, rounded
from sopaudit.findings.score import STATES, Bite, ItemScore, Line, PersonScore, Score, SectionScore
from sopaudit.findings.scoring import Scorer


def score(scorer: Scorer, frames: Iterable[AnswerFrame], audit: str) -> Score:
    """Score one audit of `frames`; raises KeyError for an audit they do not hold."""
    held = list(frames)
    grid = scorer.grid(held)
    said = _said(held, {audit}) if scorer.scheme.persons else {}
    return next(_scores(scorer, grid, {grid.audits[audit]: audit}, said))


def scores(scorer: Scorer, frames: Iterable[AnswerFrame]) -> list[Score]:
    """Score every audit of `frames` with its derivation, in order of first appearance."""
    held = list(frames)
    grid = scorer.grid(held)
    said = _said(held, grid.audits) if scorer.scheme.persons else {}
    wanted = {row: audit for audit, row in grid.audits.items()}
    told = {told.audit: told for told in _scores(scorer, grid, wanted, said)}
    return [told[audit] for audit in grid.audits]


Said = Mapping[tuple[str, str], Sequence[tuple[str, Answer]]]
"""By audit and item: whom each answer is about, and the answer."""


def _said(frames: Iterable[AnswerFrame], audits: Collection[str]) -> Said:
    """Look up whom the answers of some audits are about, which a grid does not keep."""
    said: dict[tuple[str, str], list[tuple[str, Answer]]] = {}
    for frame in frames:
        places = [n for n, audit in enumerate(frame.audits) if audit in audits]
        for row in np.flatnonzero(np.isin(frame.audit, places)).tolist():
            whom = -1 if frame.person is None else int(frame.person[row])
            key = frame.audits[frame.audit[row]], frame.items[frame.item[row]]
            person = frame.persons[whom] if whom >= 0 else ""
            said.setdefault(key, []).append((person, frame.kinds[frame.answer[row]]))
    return {key: sorted(told, key=repr) for key, told in said.items()}


def _scores(scorer: Scorer, grid: Grid, wanted: dict[int, str], said: Said) -> Iterator[Score]:
    for rows, run in scorer.runs(grid):
        for row, place in enumerate(rows.tolist()):
            if place in wanted:
                yield _Story(scorer, run, row, wanted[place], said).told()


class _Value:
    """What a group comes to in one audit, exactly."""

    def __init__(self, run: Run, row: int, group: Group) -> None:
        added = run.added(group, exact=True, rows=[row])
        rolled = run.rolled(group, exact=True, rows=[row])
        self.out_of = Fraction(added.out_of[0])
        self.present = bool(rolled.present[0])
        """Whether anything counted."""

        self.value = Fraction(added.value[0]) if self.present else ZERO
        """What was added up, before any division."""

        self.charged = Fraction(rolled.value[0]) if self.present else ZERO
        """What it comes to: points, or a share of one."""

        self.share = self.charged if group.roll_up in SHARES else None
        if self.share is None and self.out_of > 0:
            self.share = self.charged / self.out_of
        """None where there is no maximum."""

    @property
    def part(self) -> Fraction:
        """Give the share, or the value itself where there is no maximum."""
        return self.charged if self.share is None else self.share


class _Story:
    """Everything about row `row` of a run."""

    def __init__(self, scorer: Scorer, run: Run, row: int, audit: str, said: Said) -> None:
        self.scorer = scorer
        self.scheme = scorer.scheme
        self.run = run
        self.row = row
        self.audit = audit
        self.said = said
        self.codes = [int(code) for code in run.cells[row]]
        self.marks: list[Mark] = [run.marks[n][code] for n, code in enumerate(self.codes)]
        self.groups = {group.id: group for group in run.marking.root.all()}
        self.values = {name: _Value(run, row, group) for name, group in self.groups.items()}
        self.whole = self.values[""]
        self.state = STATES[int(run.scored.state[row])]
        self.total = Fraction(run.totals(exact=True, rows=[row]).value[0])
        caps = [limit.score_at_most for limit, in_force in self._limits() if in_force]
        self.exact = min([self.total, *(cap for cap in caps if cap is not None)])

    def _limits(self) -> Iterator[tuple[Limit, bool]]:
        """Go through the limits whose condition holds, and say whether they are in force."""
        scored, row = self.run.scored, self.row
        for limit, holds, waits in zip(
            self.scheme.every_limit, scored.holds, scored.waits, strict=True
        ):
            if holds[row] or waits[row]:
                yield limit, bool(holds[row])

    def told(self) -> Score:
        scored, row = self.run.scored, self.row
        given = self.state != "not scored"
        bites = tuple(self._bites())
        waiting = any(bite.pending for bite in bites)
        maximum = percent = None
        if given and scored.possible is not None:
            most = scored.possible
            maximum = Fraction(int(most.numerators[row]), most.denominator)
            if maximum > 0:
                percent = decimal_text(int(scored.percent_steps[row]) * PERCENT.to, None)
        shown = int(scored.steps[row]) * self.run.rounding.to
        return Score(
            audit=self.audit,
            checklist=self.scorer.checklist.id,
            scheme=self.scheme.id,
            exact=self.exact if given else None,
            score=decimal_text(shown, self.scorer.printed) if given else None,
            possible=None if maximum is None else decimal_text(maximum, None),
            percent=percent,
            band=self._grade(scored.band[row]) if given else None,
            grade=self._grade(scored.grade[row]) if given else None,
            pending_grade=self._grade(scored.pending[row]) if given and waiting else None,
            state=self.state,
            bites=bites,
            items=tuple(self._items()),
            sections=tuple(self._sections()),
            lines=tuple(self._lines(bites)) if given else (Line("total.nothing"),),
            maximum=maximum,
            proof=self._proof(),
        )

    def _proof(self) -> Proof:
        """Prove the number, with the limits in force that cap it."""
        holds = self.run.scored.holds
        limits = enumerate(self.scheme.every_limit)
        caps = [n for n, limit in limits if limit.score_at_most is not None and holds[n][self.row]]
        said = {item: told for (audit, item), told in self.said.items() if audit == self.audit}
        return proof(self.scorer.checklist, self.run, self.row, said, caps)

    def _grade(self, index: int) -> str | None:
        return self.scheme.grades[index].grade if index >= 0 else None

    def _items(self) -> Iterator[ItemScore]:
        marking = self.run.marking
        for n, (code, mark) in enumerate(zip(self.codes, self.marks, strict=True)):
            if not marking.in_force[n]:
                continue
            yield ItemScore(
                item=marking.items[n].id,
                answer=marking.worst(n, self.run.kinds[code]),
                outcome=mark.outcome,
                earned=mark.earned if mark.counted else None,
                possible=mark.possible if mark.counted and marking.bounded[n] else None,
                lines=mark.lines,
                persons=tuple(self._persons(n)),
            )

    def _persons(self, n: int) -> Iterator[PersonScore]:
        """Tell what each of several persons earned of item `n`."""
        marking = self.run.marking
        said = self.said.get((self.audit, marking.items[n].id), ())
        for person, answer in said if len(said) > 1 else ():
            mark = marking.mark(n, (answer,))
            yield PersonScore(
                person=person,
                answer=answer,
                outcome=mark.outcome,
                earned=mark.earned if mark.counted else None,
                possible=mark.possible if mark.counted and marking.bounded[n] else None,
                lines=mark.lines,
            )

    def _sections(self) -> Iterator[SectionScore]:
        """Tell each section: as the scheme rolls it up, or else simply what its items add up to."""
        for section in self.scorer.checklist.sections:
            group = self.groups.get(section.id)
            items, asked = self.scorer.checklist.items, self.run.marking.in_force
            inside = [n for n, one in enumerate(items) if asked[n] and one.section == section.id]
            if group is not None:
                inside = [n for inner in group.all() for n in inner.items]
            yield self._section(section.id, group, inside)

    def _section(self, name: str, group: Group | None, inside: Sequence[int]) -> SectionScore:
        marking = self.run.marking
        countable = [n for n in inside if n in marking.countable]
        bounded = all(marking.bounded[n] for n in countable)
        earned, possible = self._sums(inside)
        share = earned / possible if possible else None
        lines: tuple[Line, ...] = ()
        if group is not None:
            value = self.values[name]
            share = value.share if value.present else None
            lines = (_section_line(group, value), *self._charges(group))
        return SectionScore(
            id=name,
            earned=earned,
            possible=possible if bounded else None,
            share=share if bounded else None,
            counted=sum(self.marks[n].counted for n in inside),
            total=len(countable),
            weight=group.weight if group else ONE,
            lines=lines,
        )

    def _charges(self, group: Group) -> Iterator[Line]:
        """Tell what a section is charged besides what its items come to."""
        value = self.values[group.id]
        if not value.present:
            return
        before = value.value if value.out_of == 0 or group.roll_up not in SHARES else None
        if before is None:
            before = value.value / value.out_of
        if group.rate:
            more = before * group.rate
            before += rounded(more, group.rate_round) if group.rate_round else more
            told = {"section": group.id, "rate": f"{plain(group.rate * 100)} %"}
            yield Line("section.surcharge", {**told, "value": plain(before)})
        for n, adjust in enumerate(self.run.charges(group)):
            number = self.run.times(adjust, f"charge {n} {group.key}", self.row)
            if number:
                before += number * adjust.points / self.run.unit(group)
                told = {"section": group.id, "number": plain(number)}
                told |= {"points": plain(adjust.points), "value": plain(before)}
                yield Line("section.adjust", told)

    def _sums(self, items: Iterable[int]) -> tuple[Fraction, Fraction]:
        counted = [self.marks[n] for n in items if self.marks[n].counted]
        return sum((m.earned for m in counted), ZERO), sum((m.possible for m in counted), ZERO)

    def _bites(self) -> Iterator[Bite]:
        band = int(self.run.scored.band[self.row])
        for n, limit in enumerate(self.scheme.every_limit):
            holds, waits = (
                of[n][self.row] for of in (self.run.scored.holds, self.run.scored.waits)
            )
            if not (holds or waits):
                continue
            cap = limit.score_at_most
            lower = limit.grade is not None and self.run.grade_of(limit) > band
            yield Bite(
                limit=limit_id(limit, n),
                items=tuple(self._meeting(limit, confirmed=limit.confirm and not waits)),
                groups=tuple(self._groups(n)),
                grade=limit.grade,
                score_at_most=cap,
                pending=bool(waits),
                bit=bool(self.run.bit(n)[self.row]),
                changed=lower or (cap is not None and cap < self.total),
            )

    def _groups(self, n: int) -> Iterator[str]:
        for group, flags in self.run.group_flags.get(n, ()):
            if flags[self.row]:
                yield group.id

    def _meeting(self, limit: Limit, *, confirmed: bool) -> Iterator[str]:
        if limit.any in self.run.groups:
            return
        for n, code in enumerate(self.codes):
            if self.run.hits(limit, n, code, confirmed=confirmed):
                yield self.run.marking.items[n].id

    def _lines(self, bites: Sequence[Bite]) -> Iterator[Line]:
        yield self._total_line()
        yield from self._steps()
        if self.scheme.coverage is not None:
            counted, of = self.run.coverage()
            enough = counted[self.row] >= self.scheme.coverage.at_least * of
            told = {
                "counted": str(counted[self.row]),
                "of": str(of),
                "at_least": f"{plain(self.scheme.coverage.at_least * 100)} %",
                "state": "scored" if enough else self.scheme.coverage.else_,
            }
            yield Line("coverage", told)
            yield from self._covered(self.scheme.coverage)
        rule = self.scheme.round
        if rule is not None:
            told = {
                "exact": plain(self.total),
                "to": plain(rule.to),
                "mode": rule.mode,
                "score": self._text(self.total),
            }
            yield Line("round", told)
        yield from self._graded(self.total)
        biting = [bite for bite in bites if bite.changed or bite.pending]
        # Caps first, because a score that was lowered is graded again.
        yield from (line for bite in biting if (line := _cap_line(bite)))
        if self.exact < self.total:
            yield from self._graded(self.exact)
        yield from (line for bite in biting if (line := _grade_line(bite)))

    def _covered(self, rule: Coverage) -> Iterator[Line]:
        """Tell the groups that fall short of the coverage asked for."""
        for label in rule.of:
            for group in self.run.groups[label]:
                counted, several = (int(of[self.row]) for of in self.run.covered(group))
                if counted < rule.at_least * several:
                    told = {"label": label, "group": group.id, "counted": str(counted)}
                    told |= {"of": str(several), "at_least": f"{plain(rule.at_least * 100)} %"}
                    yield Line("coverage.group", {**told, "state": rule.else_})

    def _steps(self) -> Iterator[Line]:
        """Tell what is done to the total before it is rounded."""
        scheme, run = self.scheme, self.run
        total = self.whole.charged * (run.scale if scheme.roll_up in SHARES else ONE)
        if scheme.start is not None:
            value, away = total, scheme.take == "away"
            total = scheme.start - value if away else scheme.start + value
            told = {"start": plain(scheme.start), "value": plain(value), "score": plain(total)}
            yield Line("total.away" if away else "total.start", told)
        for adjust in scheme.adjust:
            if adjust.each == "total":
                number = run.times(adjust, f"count {run.counts.index(adjust.count)}", self.row)
                if number:
                    total += number * adjust.points
                    told = {"number": plain(number), "points": plain(adjust.points)}
                    yield Line("total.adjust", {**told, "score": plain(total)})
        if scheme.floor is not None and total < scheme.floor:
            yield Line("total.floor", {"score": plain(scheme.floor)})
        if scheme.ceiling is not None and total > scheme.ceiling:
            yield Line("total.ceiling", {"score": plain(scheme.ceiling)})

    def _graded(self, exact: Fraction) -> Iterator[Line]:
        grade = self._grade(self.run.band(exact, self.row))
        if grade is not None:
            yield Line("grade", {"score": self._text(exact), "grade": grade})

    def _text(self, exact: Fraction) -> str:
        return decimal_text(rounded(exact, self.run.rounding), self.scorer.printed)

    def _total_line(self) -> Line:
        root, whole = self.run.marking.root, self.whole
        if not whole.present:
            return Line("total.zero")
        total = whole.charged * (self.run.scale if root.roll_up in SHARES else ONE)
        told = {"score": plain(total), "scale": plain(self.run.scale)}
        if root.roll_up == "sum":
            return Line("total.sum", {"earned": plain(total)})
        if root.roll_up == "count":
            counts = {"earned": plain(whole.value), "possible": plain(whole.out_of)}
            return Line("total.count", counts)
        if root.roll_up == "all":
            return Line("total.all", {"score": plain(total)})
        if root.roll_up == "percent" and (
            root.items or any(g.roll_up == "sum" for g in root.children)
        ):
            points = {"earned": plain(whole.value), "possible": plain(whole.out_of)}
            return Line("total.percent", {**points, **told})
        parts = list(self._parts())
        written = " + ".join(f"{plain(weight)}×{plain(share)}" for weight, share in parts)
        weights = plain(sum((weight for weight, _ in parts), ZERO))
        return Line("total.mean", {"parts": written, "weights": weights, **told})

    def _parts(self) -> Iterator[tuple[Fraction, Fraction]]:
        """Give weight and share of what the total is the mean of."""
        root, marking = self.run.marking.root, self.run.marking
        for n in root.items:
            if self.marks[n].counted and (share := marking.share(n, self.marks[n])) is not None:
                yield marking.items[n].weight, share
        for child in root.children:
            value = self.values[child.id]
            if value.present:
                yield child.weight, value.part
            elif child.empty != "drop":
                yield child.weight, ONE if child.empty == "full" else ZERO


def _section_line(group: Group, value: _Value) -> Line:
    """Tell how a section came about: what was added up, over what."""
    if not value.present:
        return Line("section.empty", {"section": group.id, "rule": group.empty})
    told = {"earned": plain(value.value), "possible": plain(value.out_of)}
    if group.roll_up == "all":
        told = {"share": plain(value.charged)}
    elif group.roll_up in SHARES:
        told["share"] = plain(value.value / value.out_of)
    return Line(f"section.{group.roll_up}", {"section": group.id, **told})


def _cap_line(bite: Bite) -> Line | None:
    if bite.pending or bite.score_at_most is None:
        return None
    told = {"limit": bite.limit, "items": ", ".join(bite.causes)}
    return Line("limit.score", {**told, "score": plain(bite.score_at_most)})


def _grade_line(bite: Bite) -> Line | None:
    told = {"limit": bite.limit, "items": ", ".join(bite.causes), "grade": bite.grade or ""}
    if bite.pending:
        return Line("limit.pending", told)
    return Line("limit.grade", told) if bite.grade is not None else None
