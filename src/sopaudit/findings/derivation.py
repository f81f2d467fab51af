"""One score with its whole story: every number, the rule that made it, and what held it down.

It reads the same run a table of scores comes from, at one row and in fractions, so the story told
is the calculation done.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from sopaudit.criteria.field import plain
from sopaudit.criteria.scheme import Limit, Scheme
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.findings.grid import Grid
from sopaudit.findings.marking import Group, Mark
from sopaudit.findings.rounding import PERCENT, decimal_text, rounded
from sopaudit.findings.score import STATES, Bite, ItemScore, Line, Score, SectionScore
from sopaudit.findings.scoring import Run, Scorer, limit_id


def score(scorer: Scorer, frames: Iterable[AnswerFrame], audit: str) -> Score:
    """Score one audit of `frames`; raises KeyError for an audit they do not hold."""
    grid = scorer.grid(frames)
    return next(_scores(scorer, grid, {grid.audits[audit]: audit}))


def scores(scorer: Scorer, frames: Iterable[AnswerFrame]) -> list[Score]:
    """Score every audit of `frames` with its derivation, in order of first appearance."""
    grid = scorer.grid(frames)
    wanted = {row: audit for audit, row in grid.audits.items()}
    told = {told.audit: told for told in _scores(scorer, grid, wanted)}
    return [told[audit] for audit in grid.audits]


def _scores(scorer: Scorer, grid: Grid, wanted: dict[int, str]) -> Iterator[Score]:
    for rows, run in scorer.runs(grid):
        for row, place in enumerate(rows):
            if int(place) in wanted:
                yield _Story(scorer, run, row, wanted[int(place)]).told()


class _Story:
    """Everything about row `row` of a run."""

    def __init__(self, scorer: Scorer, run: Run, row: int, audit: str) -> None:
        self.scorer = scorer
        self.scheme: Scheme = scorer.scheme
        self.run = run
        self.row = row
        self.audit = audit
        self.codes = [int(code) for code in run.cells[row]]
        self.marks: list[Mark] = [run.marks[n][code] for n, code in enumerate(self.codes)]

    def told(self) -> Score:
        scored, row = self.run.scored, self.row
        state = STATES[int(scored.state[row])]
        given = state != "not scored"
        total = self._exact(self.run.marking.root)
        exact = total.scaled if given else None
        shown = int(scored.steps[row]) * scored.grid.to
        bites = tuple(self._bites())
        possible = percent = None
        if given and scored.possible is not None and scored.percent_steps is not None:
            maximum = Fraction(int(scored.possible.numerators[row]), scored.possible.denominator)
            possible = decimal_text(maximum, None)
            percent = decimal_text(int(scored.percent_steps[row]) * PERCENT.to, None)
        text = decimal_text(shown, self.scorer.printed) if given else None
        waiting = any(bite.pending for bite in bites)
        return Score(
            audit=self.audit,
            checklist=self.scorer.checklist.id,
            scheme=self.scheme.id,
            exact=exact,
            score=text,
            possible=possible,
            percent=percent,
            band=self._grade(int(scored.band[row])) if given else None,
            grade=self._grade(int(scored.grade[row])) if given else None,
            pending_grade=self._grade(int(scored.pending[row])) if given and waiting else None,
            state=state,
            bites=bites,
            items=tuple(self._items()),
            sections=tuple(self._sections()),
            lines=tuple(self._lines(exact, text, bites)),
        )

    def _grade(self, index: int) -> str | None:
        return self.scheme.grades[index].grade if index >= 0 else None

    def _exact(self, group: Group) -> "_Value":
        rows = [self.row]
        rolled = self.run.rolled(group, exact=True, rows=rows)
        present = bool(rolled.present[0])
        value, out_of = Fraction(rolled.value[0]), Fraction(rolled.out_of[0])
        scaled = self.run.totals(exact=True, rows=rows).value[0] if not group.id else value
        return _Value(value, out_of, Fraction(scaled), present)

    def _items(self) -> Iterator[ItemScore]:
        for item, code, mark in zip(
            self.scorer.checklist.items, self.codes, self.marks, strict=True
        ):
            answers = self.run.kinds[code]
            earned = mark.earned if mark.counted else None
            possible = mark.possible if mark.counted and self.run.marking.has_maximum else None
            answer = answers[0] if answers else None
            yield ItemScore(item.id, answer, mark.outcome, earned, possible, mark.lines)

    def _sections(self) -> Iterator[SectionScore]:
        """Tell each section: as the scheme rolls it up, or else simply what its items add up to."""
        weighed = {group.id: group for group in _all(self.run.marking.root) if group.id}
        for section in self.scorer.checklist.sections:
            members = [
                n for n, i in enumerate(self.scorer.checklist.items) if i.section == section.id
            ]
            inside = _inside(weighed[section.id]) if section.id in weighed else members
            counted = [self.marks[n] for n in inside if self.marks[n].counted]
            earned = sum((mark.earned for mark in counted), Fraction(0))
            possible = sum((mark.possible for mark in counted), Fraction(0))
            share = earned / possible if possible else None
            lines: tuple[Line, ...] = ()
            weight = Fraction(1)
            if section.id in weighed:
                group = weighed[section.id]
                weight = group.weight
                value = self._exact(group)
                if group.roll_up != "sum":
                    share = value.value if value.present else None
                lines = (self._section_line(group, earned, possible, share),)
            countable = set(self.run.marking.countable)
            yield SectionScore(
                id=section.id,
                earned=earned,
                possible=possible if self.run.marking.has_maximum else None,
                share=share if self.run.marking.has_maximum else None,
                counted=len(counted),
                total=len([n for n in inside if n in countable]),
                weight=weight,
                lines=lines,
            )

    def _section_line(
        self, group: Group, earned: Fraction, possible: Fraction, share: Fraction | None
    ) -> Line:
        if share is None:
            return Line("section.empty", {"section": group.id, "rule": group.empty})
        told = {"section": group.id, "earned": plain(earned), "possible": plain(possible)}
        if group.roll_up == "sum":
            return Line("section.sum", told)
        return Line(f"section.{group.roll_up}", {**told, "share": plain(share)})

    def _bites(self) -> Iterator[Bite]:
        scored, row = self.run.scored, self.row
        grades = [band.grade for band in self.scheme.grades]
        for n, limit in enumerate(self.scheme.limits):
            holds, waits = bool(scored.holds[n][row]), bool(scored.waits[n][row])
            if not (holds or waits):
                continue
            lower = limit.grade is not None and grades.index(limit.grade) > scored.band[row]
            total = self._exact(self.run.marking.root).scaled
            caps = limit.score_at_most is not None and limit.score_at_most < total
            yield Bite(
                limit=limit_id(limit, n),
                items=tuple(self._meeting(limit)),
                grade=limit.grade,
                score_at_most=limit.score_at_most,
                pending=waits,
                changed=lower or caps,
            )

    def _meeting(self, limit: Limit) -> Iterator[str]:
        for n, (item, code) in enumerate(zip(self.scorer.checklist.items, self.codes, strict=True)):
            answers = self.run.kinds[code]
            if answers and self.run.marking.meets(limit, n, answers, self.marks[n]):
                yield item.id

    def _lines(
        self, exact: Fraction | None, text: str | None, bites: tuple[Bite, ...]
    ) -> Iterator[Line]:
        if exact is None:
            yield Line("total.nothing")
            return
        yield self._total_line(exact)
        if self.scheme.coverage is not None:
            counted, of = self.run.coverage()
            enough = counted[self.row] >= self.scheme.coverage.at_least * of
            told = {
                "counted": str(counted[self.row]),
                "of": str(of),
                "at_least": _percent(self.scheme.coverage.at_least),
                "state": "scored" if enough else self.scheme.coverage.else_,
            }
            yield Line("coverage", told)
        if self.scheme.round is not None and text is not None:
            rule = self.scheme.round
            uncapped = decimal_text(rounded(exact, rule), self.scorer.printed)
            told = {
                "exact": plain(exact),
                "to": plain(rule.to),
                "mode": rule.mode,
                "score": uncapped,
            }
            yield Line("round", told)
        band = self._grade(int(self.run.scored.band[self.row]))
        if band is not None and text is not None:
            yield Line("grade", {"score": text, "grade": band})
        yield from (_bite_line(bite) for bite in bites if bite.changed or bite.pending)

    def _total_line(self, exact: Fraction) -> Line:
        counted = [mark for mark in self.marks if mark.counted]
        earned = sum((mark.earned for mark in counted), Fraction(0))
        possible = sum((mark.possible for mark in counted), Fraction(0))
        if not counted:
            return Line("total.zero")
        if self.scheme.roll_up == "sum":
            return Line("total.sum", {"earned": plain(exact)})
        if self.scheme.roll_up == "percent" and not self.run.marking.root.children:
            told = {"earned": plain(earned), "possible": plain(possible), "score": plain(exact)}
            return Line("total.percent", told)
        parts = list(self._parts())
        told = {
            "parts": " + ".join(f"{plain(weight)}×{plain(share)}" for weight, share in parts),
            "weights": plain(sum((weight for weight, _ in parts), Fraction(0))),
            "score": plain(exact),
        }
        return Line("total.mean", told)

    def _parts(self) -> Iterator[tuple[Fraction, Fraction]]:
        """Give weight and share of what the total is the mean of."""
        root = self.run.marking.root
        for n in root.items:
            mark, weight = self.marks[n], self.run.marking.items[n].weight
            if mark.counted and weight:
                yield weight, mark.earned / (mark.possible or weight)
        for child in root.children:
            value = self._exact(child)
            filled = {"drop": None, "zero": Fraction(0), "full": Fraction(1)}[child.empty]
            share = value.value / (value.out_of or 1) if value.present else filled
            if share is not None:
                yield child.weight, share


@dataclass(frozen=True)
class _Value:
    """A group's exact value at one row."""

    value: Fraction
    out_of: Fraction
    scaled: Fraction
    """On the scale of the score, for the whole."""

    present: bool


def _bite_line(bite: Bite) -> Line:
    items = ", ".join(bite.items)
    if bite.pending:
        return Line(
            "limit.pending", {"limit": bite.limit, "items": items, "grade": bite.grade or ""}
        )
    if bite.grade is None:
        cap = plain(bite.score_at_most or Fraction(0))
        return Line("limit.score", {"limit": bite.limit, "items": items, "score": cap})
    return Line("limit.grade", {"limit": bite.limit, "items": items, "grade": bite.grade})


def _percent(share: Fraction) -> str:
    return f"{plain(share * 100)} %"


def _all(group: Group) -> Iterator[Group]:
    yield group
    for child in group.children:
        yield from _all(child)


def _inside(group: Group) -> list[int]:
    return [n for inner in _all(group) for n in inner.items]
