"""Scores asked for in a manager's words: a scheme, items and answers, as YAML.

What every handbook says but no number depends on (ids, editions, titles, questions) is filled in.
Answers are written as a person would say them: `yes`, `7.5`, `3 of 20` (3 of 20 cases failed),
`no, confirmed`; `no, step=P6` where a label was recorded with it; `[yes, no]` where an item was
answered twice, and nothing where it was left blank.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sopaudit.criteria.answer import Answer
from sopaudit.criteria.checklist import Checklist, Item
from sopaudit.criteria.field import number
from sopaudit.criteria.judging import answer_set
from sopaudit.criteria.scheme import Scheme
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.findings.derivation import score
from sopaudit.findings.score import Score
from sopaudit.findings.scoring import Scorer
from sopaudit.reading.events import read_bytes

Row = tuple[str, str, Answer]
"""An audit, an item, and what was answered."""


def read_words(text: str) -> dict[str, Any]:
    """Read YAML as the handbook's files are read."""
    document = read_bytes(text.encode(), "case.yaml")
    assert not document.problems
    return dict(document.data)


def built(said: str | Mapping[str, Any]) -> Scorer:
    """Make a scorer of `scheme`, `items` and `sections`."""
    words = read_words(said) if isinstance(said, str) else said
    named = {"edition": "1", "title": "A title"}
    scheme = Scheme.model_validate({"id": "scheme", **named, **words["scheme"]})
    sections = [{"id": name, "title": name} for name in words.get("sections", ())]
    items = [{"question": item["id"], **item} for item in words["items"]]
    checklist = Checklist.model_validate(
        {"id": "CK", **named, "scheme": "scheme", "sections": sections, "items": items}
    )
    return Scorer(checklist, scheme)


def spoken(scheme: Scheme, item: Item, said: str | Sequence[str]) -> list[Answer]:
    """Read what was said of an item: one answer, several, or none."""
    if not isinstance(said, str):
        return [answer for each in said for answer in spoken(scheme, item, each)]
    said, *rest = said.split(", ")
    labels = tuple(tuple(word.split("=")) for word in rest if "=" in word)
    failed, of, checked = said.partition(" of ")
    value = number(said)
    if not said:
        return []
    answer = Answer(confirmed="confirmed" in rest, labels=labels)  # type: ignore[arg-type]
    if of:
        return [replace(answer, failed=int(failed), checked=int(checked))]
    if isinstance(answer_set(scheme, item), Mapping) or value is None:
        return [replace(answer, result=said)]
    return [replace(answer, value=value)]


def rows_of(scorer: Scorer, sheets: Mapping[str, Mapping[str, str | Sequence[str]]]) -> list[Row]:
    """List the answers of filled sheets, by audit and item."""
    items = scorer.checklist.by_id
    return [
        (audit, name, answer)
        for audit, sheet in sheets.items()
        for name, said in sheet.items()
        for answer in spoken(scorer.scheme, items[name], said)
    ]


def framed(
    scorer: Scorer,
    audits: Iterable[str],
    rows: Sequence[Row],
    days: Mapping[str, str] | None = None,
    facts: Mapping[str, Mapping[str, str]] | None = None,
) -> AnswerFrame:
    """Put rows into a frame, in the order given; `facts` are those of each audit, by name."""
    known = tuple(audits)
    items = tuple(item.id for item in scorer.checklist.items)
    kinds = tuple(dict.fromkeys(answer for _, _, answer in rows))
    places = {audit: n for n, audit in enumerate(known)}
    told = [(facts or {}).get(audit, {}) for audit in known]
    names = {fact for each in told for fact in each}
    return AnswerFrame(
        checklist=scorer.checklist.id,
        audits=known,
        dates=np.array([(days or {}).get(audit, "NaT") for audit in known], "datetime64[D]"),
        audit=np.array([places[audit] for audit, _, _ in rows], np.int32),
        items=items,
        item=np.array([items.index(item) for _, item, _ in rows], np.int32),
        kinds=kinds,
        answer=np.array([kinds.index(answer) for _, _, answer in rows], np.int32),
        row=np.arange(1, len(rows) + 1, dtype=np.int32),
        facts={fact: tuple(each.get(fact, "") for each in told) for fact in names},
    )


def scored(words: str | Mapping[str, Any], **sheet: str | Sequence[str]) -> Score:
    """Score one audit, named A1, whose sheet was filled so."""
    scorer = built(words)
    return score(scorer, [framed(scorer, ["A1"], rows_of(scorer, {"A1": sheet}))], "A1")


@pytest.fixture(scope="session")
def build() -> Callable[..., Scorer]:
    """Give the function that makes a scorer of YAML."""
    return built


@pytest.fixture(scope="session")
def rows() -> Callable[..., list[Row]]:
    """Give the function that reads filled sheets."""
    return rows_of


@pytest.fixture(scope="session")
def frame() -> Callable[..., AnswerFrame]:
    """Give the function that puts rows into a frame."""
    return framed


@pytest.fixture(scope="session")
def told() -> Callable[..., Score]:
    """Give the function that scores one audit."""
    return scored
