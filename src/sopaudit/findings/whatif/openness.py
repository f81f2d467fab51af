"""What items that nobody looked at, or only in part, may still be answered.

Of answers that come to the same for the score only one is kept, so that few are left to be tried.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Final

import numpy as np

from sopaudit.criteria.answer import Answer
from sopaudit.criteria.checklist import Item
from sopaudit.criteria.judging import answer_set
from sopaudit.criteria.scheme import AnswerSet, Each
from sopaudit.findings.grading import Run
from sopaudit.findings.score import Score
from sopaudit.findings.whatif.remedy import left_blank
from sopaudit.findings.whatif.trial import Said, Sayings, Trial

FAR: Final = 10**9
"""More occurrences, or more points off, than anybody will count."""


@dataclass(frozen=True)
class Open:
    """An item whose answer, or its confirmation, is still to come."""

    place: int
    """Its index in the checklist."""

    item: str
    answers: tuple[Sayings, ...]
    """What it may be answered, the best first and the worst last; no two come to the same."""

    left_out: int
    """The index of an answer that leaves the base; that of the best where none does."""

    veto: bool
    """It bears on no score whatever it is answered; only limits and the counts of grades see it."""

    pending: bool = False
    """It was answered, and only a second person is missing."""


def open_items(trial: Trial, now: Score) -> tuple[Open, ...]:
    """List the items of an audit that may still change its score."""
    waiting = {item for bite in now.bites if bite.pending for item in bite.items}
    found = []
    for n, told in trial.placed(now).items():
        blank = left_blank(told, trial.given[n])
        if not blank and told.item not in waiting:
            continue
        answers = list(_possible(trial, n)) if blank else [trial.given[n]]
        answers += [_confirmed(sayings) for sayings in answers if _confirmable(trial)]
        found.append((n, told.item, list(dict.fromkeys(answers)), not blank))
    return tuple(_distinct(trial, found))


def _confirmable(trial: Trial) -> bool:
    return any(limit.confirm for limit in trial.scorer.scheme.limits)


def _confirmed(sayings: Sayings) -> Sayings:
    return tuple(replace(said, answer=replace(said.answer, confirmed=True)) for said in sayings)


_Found = tuple[int, str, list[Sayings], bool]


def _distinct(trial: Trial, found: Sequence[_Found]) -> Iterator[Open]:
    """Keep of each item's answers those that differ for the score, and put them in order."""
    variants = [{n: sayings} for n, _, answers, _ in found for sayings in answers]
    if not variants:
        return
    run = trial.run(variants)
    row = 0
    for n, item, answers, pending in found:
        rows = range(row, row + len(answers))
        row += len(answers)
        known: dict[tuple[object, ...], int] = {}
        for at in rows:
            known.setdefault(_signature(run, n, at), at)
        ranks = _ranks(run, n, known.values())
        order = sorted(known.values(), key=ranks.__getitem__)
        kept = [answers[at - rows.start] for at in order]
        counted = [run.marks[n][int(run.cells[at][n])].counted for at in order]
        left_out = counted.index(False) if False in counted else 0
        veto = n not in run.marking.countable and not _paid_for(run, n, order)
        if len(kept) > 1 or not pending:
            yield Open(n, item, tuple(kept), left_out, veto, pending)


def _paid_for(run: Run, n: int, rows: Iterable[int]) -> bool:
    """Say whether points are added or taken away for any of some answers to item `n`."""
    answers = [run.kinds[run.cells[row][n]] for row in rows]
    counts = [adjust.count for adjust in run.scheme.adjust]
    return any(run.marking.counted(count, n, said) for count in counts for said in answers)


def _ranks(run: Run, n: int, rows: Iterable[int]) -> dict[int, tuple[bool, Fraction]]:
    """Rank answers to item `n`, the best first; what does not count stands in the middle."""
    marks = {at: run.marks[n][int(run.cells[at][n])] for at in rows}
    earned = {at: mark.earned for at, mark in marks.items() if mark.counted}
    middle = sum(earned.values(), Fraction(0)) / max(len(earned), 1)
    sign = -1 if run.marking.bounded[n] else 1
    return {at: (_hit(run, n, at), sign * earned.get(at, middle)) for at in marks}


def _hit(run: Run, n: int, row: int) -> bool:
    """Say whether an answer meets a limit that is then in force."""
    limits = (limit for limit in run.scheme.every_limit if limit.any in ("item", "answer"))
    code = int(run.cells[row][n])
    return any(run.hits(limit, n, code, confirmed=limit.confirm) for limit in limits)


def _signature(run: Run, n: int, row: int) -> tuple[object, ...]:
    """Say all that the score can see of an answer to item `n`."""
    code = int(run.cells[row][n])
    mark, answers = run.marks[n][code], run.kinds[code]
    counts = [bound.count for band in run.scheme.grades for bound in band.when]
    counts += [adjust.count for adjust in run.scheme.adjust]
    limits = [limit for limit in run.scheme.every_limit if limit.any in ("item", "answer")]
    groups = [
        (part.outcome, part.earned, part.possible, part.short) if part is not None else None
        for label in run.groups.values()
        for group in label
        if group.label
        for part in [run.part(group, n, code)]
    ]
    hits = [run.hits(limit, n, code, confirmed=limit.confirm) for limit in limits]
    told = (mark.outcome, mark.earned, mark.possible, mark.short, mark.missed)
    counted = [run.marking.counted(count, n, answers) for count in counts]
    return (*told, *hits, *counted, *groups)


def _possible(trial: Trial, n: int) -> Iterator[Sayings]:
    """Give what item `n` may be answered: every word, both ends of numbers, not applicable."""
    item, given = trial.items[n], trial.given[n]
    table = answer_set(trial.scorer.scheme, item)
    day: date | None = None if np.isnat(trial.day) else trial.day.item()
    done = tuple(said for said in given if said.answer.result != "unchecked")
    left = tuple(said for said in given if said.answer.result == "unchecked") or (Said(Answer()),)
    for answer in _answers(table, item, day):
        yield done + tuple(replace(s, answer=replace(answer, labels=s.answer.labels)) for s in left)


def _answers(table: AnswerSet, item: Item, day: date | None) -> Iterator[Answer]:
    if isinstance(table, Mapping):
        left_out = {"unchecked", *(() if item.na_allowed else ("na",))}
        yield from (
            Answer(word)
            for word, share in table.items()
            if word not in left_out and share != "block"
        )
        return
    if item.na_allowed:
        yield Answer("na")
    if table == "number":
        worth = item.points_on(day)
        ends = (Fraction(0), Fraction(FAR) if worth is None else worth)
        allowed = item.values
        yield from (Answer(value=end) for end in allowed or ends)
    elif isinstance(table, Each):
        yield from (Answer(value=Fraction(times)) for times in (0, FAR))
    else:
        # Every case that failed may be counted, and nobody knows yet how many there will be.
        yield from (Answer(failed=failed, checked=max(failed, 1)) for failed in (0, 1, FAR))


def further(sayings: Sayings, times: int) -> Sayings:
    """Count `times` as often wherever an answer goes as far as `FAR`."""
    return tuple(replace(said, answer=_further(said.answer, times)) for said in sayings)


def _further(answer: Answer, times: int) -> Answer:
    if answer.value == FAR:
        return replace(answer, value=Fraction(FAR * times))
    if answer.failed == FAR:
        return replace(answer, failed=FAR * times, checked=FAR * times)
    return answer
