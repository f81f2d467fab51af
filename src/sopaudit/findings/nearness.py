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
from typing import Final, Literal

import numpy as np

from sopaudit.criteria.answer import Answer
from sopaudit.criteria.checklist import Item
from sopaudit.criteria.judging import answer_set, scored, set_shares
from sopaudit.criteria.scheme import Limit
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.findings.alternative import BETTER, WORSE, best, stepped
from sopaudit.findings.grading import Run, limit_id
from sopaudit.findings.grid import Grid
from sopaudit.findings.grouping import ZERO
from sopaudit.findings.rounding import decimal_text
from sopaudit.findings.score import STATES
from sopaudit.findings.scoring import Scorer

Direction = Literal["worse", "better", "word", "full", "left out"]
"""One step down or up; the word a limit looks for; all answers to an item at their best; the item
not applicable."""

_STEPS: Final[tuple[tuple[Direction, int], ...]] = (("worse", WORSE), ("better", BETTER))

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


_NOTHING: Final = Change("", "", "worse", None, None)
"""No change at all."""


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


def in_full(
    scorer: Scorer, frames: Sequence[AnswerFrame], audit: str, item: str
) -> list[AnswerFrame]:
    """Give the answers of an audit as if `item` had its best; none where it has, or has no part."""
    near = Neighbours(scorer, frames, audit)
    made = [one for one in near.whole_items() if one.change.item == item]
    full = [one for one in made if one.change.direction == "full"]
    return [replace(frame, audits=("", audit)) for frame in near.laid_out(full) if full]


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

    def found(self) -> Nearness:
        """Score everything one step away and say what it comes to."""
        made = [*self._steps(), *self._words(), *self.whole_items()]
        scored = self._scored(made)
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

    def _steps(self) -> Iterator[_Made]:
        """Move every answer one step either way."""
        for at, cell in enumerate(self.cells):
            item = self.items[cell.item]
            for direction, way in _STEPS:
                now = stepped(self.scheme, item, cell.answer, way)
                if now is not None:
                    change = Change(item.id, cell.person, direction, cell.answer, now)
                    yield _Made(change, {at: now})
        if self.scheme.no_rows == "zero":
            yield from self._cited()

    def _cited(self) -> Iterator[_Made]:
        """Cite an item nobody wrote down, by the word that costs least."""
        answered = {cell.item for cell in self.cells}
        for n, item in enumerate(self.items):
            earning = set_shares(answer_set(self.scheme, item))
            costs = {word: share for word, share in earning.items() if share > 0}
            if n not in answered and costs:
                now = Answer(min(costs, key=lambda word: costs[word]))
                change = Change(item.id, "", "worse", None, now)
                yield _Made(change, adds=(n, now))

    def _words(self) -> Iterator[_Made]:
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
                    change = Change(self.items[cell.item].id, cell.person, "word", cell.answer, now)
                    yield _Made(change, {at: now})

    def whole_items(self) -> Iterator[_Made]:
        """Give an item its best answers, or none that counts."""
        for n, item in enumerate(self.items):
            own = {at: cell for at, cell in enumerate(self.cells) if cell.item == n}
            if not own or not scored(answer_set(self.scheme, item)):
                continue
            full = {at: best(self.scheme, item, cell.answer) for at, cell in own.items()}
            changed = {at: now for at, now in full.items() if now not in (None, own[at].answer)}
            if changed:
                first = next(iter(changed))
                change = Change(item.id, "", "full", own[first].answer, changed[first])
                yield _Made(change, dict(changed))
            table = answer_set(self.scheme, item)
            out: Answer | None = None
            if not isinstance(table, Mapping) or table.get("na") == "skip":
                out = Answer("na")
            elif self.scheme.unanswered != "skip":
                continue
            change = Change(item.id, "", "left out", next(iter(own.values())).answer, out)
            yield _Made(change, dict.fromkeys(own, out))

    # --- what it comes to -------------------------------------------------------------------------

    def _scored(self, made: Sequence[_Made]) -> list["_Outcome"]:
        """Score the audit and its neighbours, in one pass."""
        grid = self.scorer.grid(self.laid_out(made))
        places = _places(self.scorer, grid)
        changes = [_NOTHING, *(one.change for one in made)]
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

    def laid_out(self, made: Sequence[_Made]) -> Iterator[AnswerFrame]:
        """Lay the audit out once for itself, named 0, and once for every change, counted from 1."""
        every = (_Made(_NOTHING), *made)
        for n, frame in enumerate(self.frames):
            own = [(at, cell) for at, cell in enumerate(self.cells) if cell.frame == n]
            rows: list[tuple[int, int, int, Answer]] = []
            for audit, one in enumerate(every):
                for at, cell in own:
                    answer = one.sets.get(at, cell.answer)
                    if answer is not None:
                        rows.append((audit, cell.row, cell.item, answer))
                if one.adds is not None and n == 0:
                    rows.append((audit, -1, *one.adds))
            yield self._frame(frame, tuple(str(audit) for audit in range(len(every))), rows)

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
