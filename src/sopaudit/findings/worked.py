"""Worked cases of schemes, scored: what each comes to, and where it should be otherwise."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from sopaudit.criteria.answer import Answer
from sopaudit.criteria.checklist import Checklist, Item, Section
from sopaudit.criteria.draft import Draft, shaped
from sopaudit.criteria.field import Text, number, plain
from sopaudit.criteria.scheme import Scheme
from sopaudit.criteria.worked import (
    Expected,
    Given,
    WorkedAnswer,
    WorkedCase,
    WorkedItem,
    WorkedSheet,
)
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.findings.derivation import scores
from sopaudit.findings.score import Score
from sopaudit.findings.scoring import Scorer
from sopaudit.problems import Problem
from sopaudit.reading.document import Document, Loc

NUMBERS: Final = ("score", "exact", "possible", "percent")
WORDS: Final = ("band", "grade", "pending_grade", "state")

Row = tuple[int, int, Answer]
"""The number of a case and of an item on its sheet, and an answer."""


@dataclass(frozen=True)
class Difference:
    """One thing a worked case should come to, and does not."""

    key: str
    """Which key of `expect` says so."""

    expected: str
    found: str


@dataclass(frozen=True)
class Outcome:
    """A worked case, scored."""

    case: WorkedCase
    score: Score
    differences: tuple[Difference, ...]


def scorer_of(scheme: Scheme, sheet: WorkedSheet) -> Scorer:
    """Make what scores a worked sheet."""
    return Scorer(checklist_of(scheme, sheet), _under(scheme, sheet))


def _under(scheme: Scheme, sheet: WorkedSheet) -> Scheme:
    """Give the scheme as it holds for a sheet: with the sheet's sections, if it has any."""
    if not sheet.sections:
        return scheme
    # Made anew, because a copy would keep what the scheme has worked out of its own sections.
    words = {name: getattr(scheme, name) for name in type(scheme).model_fields}
    return type(scheme).model_construct(
        scheme.model_fields_set, **{**words, "sections": sheet.sections}
    )


def checklist_of(scheme: Scheme, sheet: WorkedSheet) -> Checklist:
    """Make the checklist a sheet stands for; its items ask nothing but their ids."""
    found = dict.fromkeys(item.section for item in sheet.items if item.section is not None)
    named = [rule.id for rule in sheet.sections] or list(found)
    return Checklist.model_construct(
        id=scheme.id,
        edition=scheme.edition,
        title=sheet.title,
        scheme=scheme.id,
        labels=sheet.labels,
        sections=tuple(Section(id=name, title=_text(name)) for name in named),
        items=tuple(_item(item) for item in sheet.items),
    )


def _text(words: str) -> Text:
    return Text((("", words),))


def _item(item: WorkedItem) -> Item:
    said = {name: getattr(item, name) for name in WorkedItem.model_fields}
    return Item.model_validate({**said, "question": _text(item.id), **item.labels})


def answers_to(scheme: Scheme, item: WorkedItem, given: Given) -> Iterator[Answer]:
    """Read what was answered to an item: a number is one where the scheme has no such word."""
    if isinstance(given, tuple):
        for each in given:
            yield from answers_to(scheme, item, each)
        return
    told = given if isinstance(given, WorkedAnswer) else WorkedAnswer(answer=given)
    words = scheme.sets.get(item.scoring or "" if scheme.named else "")
    value = number(told.answer) if told.answer is not None else None
    counted = value is not None and not (isinstance(words, Mapping) and told.answer in words)
    answer = Answer(
        result=None if counted else told.answer,
        value=value if counted else None,
        failed=told.failed,
        checked=told.checked,
        confirmed=told.confirmed,
        labels=tuple(sorted(told.labels.items())),
    )
    for _ in range(told.times):
        yield answer


def rows_of(scheme: Scheme, sheet: WorkedSheet, cases: Sequence[WorkedCase]) -> list[Row]:
    """List the answers of cases, in the order they were written."""
    places = {item.id: n for n, item in enumerate(sheet.items)}
    return [
        (n, places[name], answer)
        for n, case in enumerate(cases)
        for name, given in case.answers.items()
        for answer in answers_to(scheme, sheet.items[places[name]], given)
    ]


def frame_of(
    scheme: Scheme, sheet: WorkedSheet, cases: Sequence[WorkedCase], rows: Sequence[Row]
) -> AnswerFrame:
    """Put answers to cases into a frame, in the order given; the cases are its audits."""
    kinds = {answer: n for n, answer in enumerate(dict.fromkeys(row[2] for row in rows))}
    facts = dict.fromkeys(fact for case in cases for fact in case.facts)
    return AnswerFrame(
        checklist=scheme.id,
        audits=tuple(case.id for case in cases),
        dates=np.array([case.date or "NaT" for case in cases], "datetime64[D]"),
        audit=np.array([case for case, _, _ in rows], np.int32),
        items=tuple(item.id for item in sheet.items),
        item=np.array([item for _, item, _ in rows], np.int32),
        kinds=tuple(kinds),
        answer=np.array([kinds[answer] for _, _, answer in rows], np.int32),
        row=np.arange(1, len(rows) + 1, dtype=np.int32),
        facts={fact: tuple(case.facts.get(fact, "") for case in cases) for fact in facts},
    )


def outcomes(scheme: Scheme, sheet: WorkedSheet) -> Iterator[Outcome]:
    """Score the cases of a sheet, each with its whole derivation."""
    rows = rows_of(scheme, sheet, sheet.cases)
    told = scores(scorer_of(scheme, sheet), [frame_of(scheme, sheet, sheet.cases, rows)])
    for case, score in zip(sheet.cases, told, strict=True):
        yield Outcome(case, score, tuple(differences(case.expect, score)))


def differences(expect: Expected, score: Score) -> Iterator[Difference]:
    """Yield what a score does not come to, in the order of importance to a reader."""
    for key in (*WORDS, *NUMBERS):
        wanted, found = getattr(expect, key), getattr(score, key)
        if wanted is None or wanted == (number(found) if key in NUMBERS else found):
            continue
        shown = plain(found) if key == "exact" and found is not None else found
        yield Difference(key, plain(wanted) if key in NUMBERS else wanted, shown or "—")
    bit = limits(score)
    if bit != expect.limits:
        yield Difference("limits", ", ".join(expect.limits) or "—", ", ".join(bit) or "—")
    earned = {item.item: item.earned for item in score.items}
    for item, points in expect.earned.items():
        found = earned.get(item)
        if found != points:
            shown = "—" if found is None else plain(found)
            yield Difference(f"earned {item}", plain(points), shown)


def limits(score: Score) -> tuple[str, ...]:
    """Name the limits that bit or wait for a second person, as a table of scores does."""
    bites = (bite for bite in score.bites if bite.bit or bite.pending)
    return tuple(f"{bite.limit} (pending)" if bite.pending else bite.limit for bite in bites)


def disproved(draft: Draft, problems: Collection[Problem]) -> Iterator[Problem]:
    """Score the worked cases of a handbook's schemes, and tell those that do not come out.

    A file that has one of `problems` is left alone: what is wrong there has been told.
    """
    wrong = {problem.place.path for problem in problems if not problem.hint}
    for scheme, file in shaped(draft.schemes, whole=True):
        for n, sheet in enumerate(() if file.path in wrong else scheme.worked):
            for m, outcome in enumerate(outcomes(scheme, sheet)):
                for told in outcome.differences[:1]:
                    yield _disproof(scheme, outcome, told, file, ("worked", n, "cases", m))


def _disproof(
    scheme: Scheme, outcome: Outcome, told: Difference, file: Document, loc: Loc
) -> Problem:
    key = told.key.split()[0]
    where = (*loc, "expect", key) if key in outcome.case.expect.model_fields_set else (*loc, "id")
    return file.problem(
        "H170",
        where,
        case=outcome.case.id,
        scheme=scheme.id,
        what=told.key,
        expected=told.expected,
        found=told.found,
        score=outcome.score.score or "—",
    )
