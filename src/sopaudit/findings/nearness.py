"""What one answer more or less would do: grades and limits that were near.

Every answer of an audit is changed by one step, and the engine scores all these neighbours in one
pass. A step is one more case that fails, one more occurrence, the next word of the answer set, one
point of a number; of an item nobody wrote down, where a table lists only what was cited, the word
that costs least. A limit that does not hold *nearly* did

- where one step for the worse makes it hold, or, if it wants several (`times`), one more answer
  that is the word it looks for; but one that any single wrong answer brings about is not near for
  that alone, because it always would be; or
- where it holds without the rounding of the number it compares.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Final, Literal

import numpy as np

from sopaudit.criteria.answer import Answer
from sopaudit.criteria.checklist import Item
from sopaudit.criteria.scheme import Each, Limit
from sopaudit.evidence.answers import AnswerFrame, answer_set
from sopaudit.findings.grading import Run, limit_id
from sopaudit.findings.grid import Grid
from sopaudit.findings.proof import ONE, ZERO
from sopaudit.findings.rounding import decimal_text
from sopaudit.findings.score import STATES
from sopaudit.findings.scoring import Scorer

Direction = Literal["worse", "better", "word", "full", "left out"]
"""One step down or up; the word a limit looks for; all answers to an item at their best; the item
not applicable."""

_STEPS: Final[tuple[tuple[Direction, int], ...]] = (("worse", -1), ("better", 1))

BASE: Final = 0
"""The row of the audit itself among its neighbours."""


@dataclass(frozen=True)
class Change:
    """Answers that are not as they were, and what the score would then be."""

    item: str
    person: str
    """The staff number the answer is about; empty where it names nobody, or all are meant."""

    direction: Direction
    was: Answer | None
    now: Answer | None
    score: str | None = None
    """As shown; None without one."""

    value: Fraction | None = None
    grade: str | None = None


@dataclass(frozen=True)
class NearLimit:
    """A limit that does not hold and nearly did."""

    limit: str
    by: tuple[Change, ...]
    """Steps each of which would make it hold."""

    by_rounding: bool
    """It holds without the rounding of the number it compares."""


@dataclass(frozen=True)
class Nearness:
    """What lies around a score."""

    worse: tuple[Change, ...] = ()
    """Single steps for the worse that lower the grade, the smallest loss first."""

    better: tuple[Change, ...] = ()
    """Single steps for the better that raise it, the smallest gain first."""

    limits: tuple[NearLimit, ...] = ()
    in_full: Mapping[str, Change] | None = None
    """By item that counts and is not full: what the score were with its best answer."""

    left_out: Mapping[str, Change] | None = None
    """By item that counts: what the score were if it did not apply."""


def nearness(scorer: Scorer, frames: Sequence[AnswerFrame], audit: str) -> Nearness:
    """Score the neighbours of one audit of `frames`."""
    return Neighbours(scorer, frames, audit).found()


@dataclass(frozen=True)
class _Cell:
    """One answer that was given."""

    frame: int
    row: int
    item: int
    person: str
    answer: Answer


@dataclass(frozen=True)
class _Made:
    """A change, and how it is made."""

    change: Change
    sets: Mapping[int, Answer | None] = field(default_factory=dict)
    """By cell: its new answer; None takes it out."""

    adds: tuple[int, Answer] | None = None
    """An answer to an item that had none."""


class Neighbours:
    """One audit and all that is one step away from it."""

    def __init__(self, scorer: Scorer, frames: Sequence[AnswerFrame], audit: str) -> None:
        self.scorer = scorer
        self.scheme = scorer.scheme
        self.audit = audit
        self.frames = [frame for frame in frames if audit in frame.audits]
        self.items: tuple[Item, ...] = scorer.checklist.items
        self.places = {item.id: n for n, item in enumerate(self.items)}
        self.cells = list(self._cells())
        self.changes: list[_Made] = []

    def found(self) -> Nearness:
        """Score everything one step away and say what it comes to."""
        self._steps()
        self._words()
        self._whole_items()
        scored = self._scored()
        base, rest = scored[BASE], scored[BASE + 1 :]
        worst = len(self.scheme.grades)
        place = {band.grade: n for n, band in enumerate(self.scheme.grades)}

        def rank(change: Change) -> int:
            return place.get(change.grade or "", worst)

        def move(change: Change) -> Fraction:
            return abs((change.value or ZERO) - (base.change.value or ZERO))

        told = [one.change for one in rest]
        down = [c for c in told if c.direction == "worse" and rank(c) > rank(base.change)]
        up = [c for c in told if c.direction == "better" and rank(c) < rank(base.change)]
        return Nearness(
            worse=tuple(sorted(down, key=move)),
            better=tuple(sorted(up, key=move)),
            limits=tuple(self._limits(base, rest)),
            in_full={c.item: c for c in told if c.direction == "full"},
            left_out={c.item: c for c in told if c.direction == "left out"},
        )

    # --- what is changed --------------------------------------------------------------------------

    def _cells(self) -> Iterator[_Cell]:
        for n, frame in enumerate(self.frames):
            for row in np.flatnonzero(frame.audit == frame.audits.index(self.audit)).tolist():
                whom = -1 if frame.person is None else int(frame.person[row])
                yield _Cell(
                    n,
                    row,
                    self.places[frame.items[frame.item[row]]],
                    frame.persons[whom] if whom >= 0 else "",
                    frame.kinds[frame.answer[row]],
                )

    def _steps(self) -> None:
        """Move every answer one step either way."""
        for at, cell in enumerate(self.cells):
            item = self.items[cell.item]
            for direction, sign in _STEPS:
                now = self._stepped(cell.item, cell.answer, sign)
                if now is not None:
                    change = Change(item.id, cell.person, direction, cell.answer, now)
                    self.changes.append(_Made(change, {at: now}))
        if self.scheme.no_rows == "zero":
            self._cited()

    def _cited(self) -> None:
        """Cite an item nobody wrote down, by the word that costs least."""
        answered = {cell.item for cell in self.cells}
        for n, item in enumerate(self.items):
            shares = self._shares(n)
            costs = {word: share for word, share in shares.items() if share > 0}
            if n not in answered and costs:
                now = Answer(min(costs, key=lambda word: costs[word]))
                change = Change(item.id, "", "worse", None, now)
                self.changes.append(_Made(change, adds=(n, now)))

    def _words(self) -> None:
        """Give the word a limit wants several of, wherever it may be given."""
        asked = {
            limit.is_: None
            for limit in self.scheme.every_limit
            if limit.is_ is not None and limit.times > 1
        }
        for word in asked:
            for at, cell in enumerate(self.cells):
                table = answer_set(self.scheme, self.items[cell.item])
                if isinstance(table, Mapping) and word in table and cell.answer.result != word:
                    now = replace(cell.answer, result=word)
                    change = Change(
                        self.items[cell.item].id, cell.person, "word", cell.answer, now
                    )
                    self.changes.append(_Made(change, {at: now}))

    def _whole_items(self) -> None:
        """Give an item its best answers, or none that counts."""
        for n, item in enumerate(self.items):
            own = {at: cell for at, cell in enumerate(self.cells) if cell.item == n}
            if not own or not self._carries(n):
                continue
            best = {at: self._best(n, cell.answer) for at, cell in own.items()}
            changed = {at: now for at, now in best.items() if now not in (None, own[at].answer)}
            if changed:
                first = next(iter(changed))
                change = Change(item.id, "", "full", own[first].answer, changed[first])
                self.changes.append(_Made(change, dict(changed)))
            table = answer_set(self.scheme, item)
            out: Answer | None = None
            if not isinstance(table, Mapping) or table.get("na") == "skip":
                out = Answer("na")
            elif self.scheme.unanswered != "skip":
                continue
            change = Change(item.id, "", "left out", next(iter(own.values())).answer, out)
            self.changes.append(_Made(change, dict.fromkeys(own, out)))

    def _shares(self, n: int) -> dict[str, Fraction]:
        table = answer_set(self.scheme, self.items[n])
        if not isinstance(table, Mapping):
            return {}
        return {word: share for word, share in table.items() if isinstance(share, Fraction)}

    def _carries(self, n: int) -> bool:
        table = answer_set(self.scheme, self.items[n])
        return not isinstance(table, Mapping) or bool(self._shares(n))

    def _stepped(self, n: int, answer: Answer, sign: int) -> Answer | None:
        """Move an answer one step: with `sign` −1 for the worse, with 1 for the better."""
        table = answer_set(self.scheme, self.items[n])
        if answer.result in ("na", "unchecked"):
            return None
        if isinstance(table, Mapping):
            return self._next_word(n, answer, sign)
        if isinstance(table, Each):
            times = _occurrences(answer) - sign
            return replace(answer, result=None, value=times) if times >= 0 else None
        if table == "rate":
            failed = (answer.failed or 0) - sign
            if answer.checked is None:
                other = "no" if sign < 0 else "yes"
                return None if answer.result == other else replace(answer, result=other)
            inside = 0 <= failed <= answer.checked
            return replace(answer, result=None, failed=failed) if inside else None
        return self._next_number(n, answer, sign)

    def _next_word(self, n: int, answer: Answer, sign: int) -> Answer | None:
        shares = self._shares(n)
        here = shares.get(answer.result or "")
        if here is None:
            return None
        up = sign if len(set(shares.values())) > 1 else -sign
        beyond = {w: (s - here) * up for w, s in shares.items() if (s - here) * up > 0}
        word = min(beyond, key=lambda w: beyond[w], default=None)
        return None if word is None else replace(answer, result=word)

    def _next_number(self, n: int, answer: Answer, sign: int) -> Answer | None:
        """Take the next number the item may be given: of those it lists, else one point further."""
        item = self.items[n]
        if answer.value is None:
            return None
        points = item.points if item.points is not None else None
        up = sign if points is not None else -sign
        if item.values:
            beyond = [v for v in item.values if (v - answer.value) * up > 0]
            near = min(beyond, key=lambda v: abs(v - (answer.value or ZERO)), default=None)
            return None if near is None else replace(answer, value=near)
        value = answer.value + up
        if value < 0 or (points is not None and value > points):
            return None
        return replace(answer, value=value)

    def _best(self, n: int, answer: Answer) -> Answer | None:
        """Give the best an answer could have been; None where it does not count."""
        table = answer_set(self.scheme, self.items[n])
        if answer.result in ("na", "unchecked"):
            return None
        if isinstance(table, Mapping):
            shares = self._shares(n)
            if (answer.result or "") not in shares:
                return None
            if len(set(shares.values())) <= 1:
                return None
            word = max(shares, key=lambda w: shares[w])
            same = shares[word] == shares[answer.result or ""]
            return answer if same else replace(answer, result=word)
        if isinstance(table, Each):
            return replace(answer, result=None, value=ZERO) if _occurrences(answer) else answer
        if table == "rate":
            if answer.checked is None:
                return replace(answer, result="yes")
            return replace(answer, result=None, failed=0) if answer.failed else answer
        points = self.items[n].points
        if answer.value is None:
            return None
        best = ZERO if points is None else points
        return replace(answer, value=best)

    # --- what it comes to -------------------------------------------------------------------------

    def _scored(self) -> list["_Outcome"]:
        """Score the audit and its neighbours, in one pass."""
        grid = self.scorer.grid(self._neighbours())
        places = _places(self.scorer, grid)
        changes = [Change("", "", "worse", None, None), *(made.change for made in self.changes)]
        told = [
            _outcome(self.scorer, change, *places[grid.audits[str(n)]])
            for n, change in enumerate(changes)
        ]
        plain = self._without_rounding()
        if plain is not None:
            run, row = _places(plain, grid)[grid.audits[str(BASE)]]
            held = tuple(bool(flags[row]) for flags in run.scored.holds)
            told[BASE] = replace(told[BASE], unrounded=held)
        return told

    def _without_rounding(self) -> Scorer | None:
        """Give the scorer whose limits do not round; None where none of them does."""
        if not any(limit.round for limit in self.scheme.limits):
            return None
        limits = tuple(limit.model_copy(update={"round": None}) for limit in self.scheme.limits)
        bare = self.scheme.model_copy(update={"limits": limits})
        bare.__dict__.pop("every_limit", None)
        return Scorer(self.scorer.checklist, bare)

    def _neighbours(self) -> Iterator[AnswerFrame]:
        """Lay the audit out once for itself and once for every change."""
        names = tuple(str(n) for n in range(len(self.changes) + 1))
        for n, frame in enumerate(self.frames):
            own = [(at, cell) for at, cell in enumerate(self.cells) if cell.frame == n]
            rows: list[tuple[int, int, int, Answer]] = []
            for audit in range(len(names)):
                made = self.changes[audit - 1] if audit else _Made(Change("", "", "worse", None, None))
                for at, cell in own:
                    answer = made.sets.get(at, cell.answer)
                    if answer is not None:
                        rows.append((audit, cell.row, cell.item, answer))
                if made.adds is not None and n == 0:
                    rows.append((audit, -1, *made.adds))
            yield self._frame(frame, names, rows)

    def _frame(
        self,
        frame: AnswerFrame,
        names: tuple[str, ...],
        rows: Sequence[tuple[int, int, int, Answer]],
    ) -> AnswerFrame:
        own = frame.audits.index(self.audit)
        kinds = {answer: n for n, answer in enumerate(dict.fromkeys(row[3] for row in rows))}
        whom = frame.person
        return replace(
            frame,
            audits=names,
            dates=np.repeat(frame.dates[own : own + 1], len(names)),
            audit=np.array([row[0] for row in rows], np.int32),
            items=tuple(item.id for item in self.items),
            item=np.array([row[2] for row in rows], np.int32),
            kinds=tuple(kinds),
            answer=np.array([kinds[row[3]] for row in rows], np.int32),
            row=np.arange(1, len(rows) + 1, dtype=np.int32),
            facts={name: (told[own],) * len(names) for name, told in frame.facts.items()},
            notes={},
            person=None
            if whom is None
            else np.array([-1 if r[1] < 0 else whom[r[1]] for r in rows], np.int32),
        )

    def _limits(self, base: "_Outcome", rest: Sequence["_Outcome"]) -> Iterator[NearLimit]:
        for n, limit in enumerate(self.scheme.every_limit):
            if base.holds[n]:
                continue
            steps = [one.change for one in rest if one.holds[n] and self._near(limit, one.change)]
            rounding = bool(base.unrounded) and base.unrounded[n]
            if steps or rounding:
                yield NearLimit(limit_id(limit, n), tuple(steps), rounding)

    @staticmethod
    def _near(limit: Limit, change: Change) -> bool:
        """Say whether a change is a step by which a limit may be near."""
        if limit.is_ is not None and limit.times == 1 and not limit.bounds:
            return False
        return change.direction in ("worse", "word")


@dataclass(frozen=True)
class _Outcome:
    """What the audit, or a neighbour of it, comes to."""

    change: Change
    holds: tuple[bool, ...]
    """By limit: whether its condition holds, in force or waiting."""

    unrounded: tuple[bool, ...] = ()


def _places(scorer: Scorer, grid: Grid) -> dict[int, tuple[Run, int]]:
    """Find for every row of a grid its run, and its row there."""
    return {
        place: (run, row)
        for rows, run in scorer.runs(grid)
        for row, place in enumerate(rows.tolist())
    }


def _outcome(scorer: Scorer, change: Change, run: Run, row: int) -> _Outcome:
    """Read the outcome of row `row` of a run."""
    scored = run.scored
    held = tuple(
        bool(holds[row] or waits[row])
        for holds, waits in zip(scored.holds, scored.waits, strict=True)
    )
    if STATES[int(scored.state[row])] == "not scored":
        return _Outcome(change, held)
    value, grade = int(scored.steps[row]) * run.rounding.to, int(scored.grade[row])
    told = replace(
        change,
        value=value,
        score=decimal_text(value, scorer.printed),
        grade=scorer.scheme.grades[grade].grade if grade >= 0 else None,
    )
    return _Outcome(told, held)


def _occurrences(answer: Answer) -> Fraction:
    count = Fraction(answer.failed or 0) if answer.value is None else answer.value
    return ONE if count == 0 and answer.result == "no" else count
