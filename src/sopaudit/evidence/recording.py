"""From frames to answers records: what a table says of an audit, written as our channels do."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction

import numpy as np
from pydantic import BaseModel

from sopaudit.criteria.answer import Answer
from sopaudit.criteria.field import plain
from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.evidence.record import Record, RecordedAnswer, Sample


def recorded(frame: AnswerFrame, audit: str) -> list[RecordedAnswer]:
    """Give the answers of one audit in the order of their rows."""
    if audit not in frame.audits:
        return []
    rows = np.flatnonzero(frame.audit == frame.audits.index(audit)).tolist()
    return [_recorded(frame, row) for row in rows]


def records(handbook: Handbook, frames: Iterable[AnswerFrame], audit: str) -> dict[str, bytes]:
    """Write `sopaudit.answers/1` for each checklist of an audit; equal answers are equal bytes."""
    answers: dict[str, list[RecordedAnswer]] = {}
    for frame in frames:
        if audit in frame.audits:
            answers.setdefault(frame.checklist, []).extend(recorded(frame, audit))
    return {
        checklist: _written(handbook, checklist, audit, given)
        for checklist, given in answers.items()
    }


def record_bytes(record: Record) -> bytes:
    """Write a record as our channels do; equal records are equal bytes.

    Word, number and remark of an answer always stand there; all else only where it says something.
    """
    told: dict[str, object] = {
        "schema": record.schema_,
        "audit": record.audit,
        "checklist": plain_data(record.checklist),
        "channel": record.channel,
        "answers": [
            {
                "item": answer.item,
                "result": answer.result,
                "value": None if answer.value is None else plain(answer.value),
                "note": answer.note,
                **{
                    name: value
                    for name, value in plain_data(answer).items()
                    if name not in ("item", "result", "value", "note")
                },
            }
            for answer in record.answers
        ],
        "signatures": [plain_data(signature) for signature in record.signatures],
    }
    if record.sources:
        told["sources"] = [plain_data(source) for source in record.sources]
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def plain_data(value: BaseModel) -> dict[str, object]:
    """Put a part of a record into plain data, exactly; what says nothing is left out.

    Exact numbers and moments become text.
    """
    found: dict[str, object] = {}
    for name, part in value:
        field = type(value).model_fields[name]
        if part == field.default and not field.is_required():
            continue
        if part in ((), {}, None):
            continue
        found[field.alias or name] = _plain(part)
    return found


def _plain(part: object) -> object:
    match part:
        case BaseModel():
            return plain_data(part)
        case tuple():
            return [_plain(one) for one in part]
        case dict():
            return {name: _plain(one) for name, one in part.items()}
        case Fraction():
            return plain(part)
        case datetime() | date():
            return part.isoformat()
    return part


def _recorded(frame: AnswerFrame, row: int) -> RecordedAnswer:
    kind: Answer = frame.kinds[frame.answer[row]]
    person = None
    if frame.person is not None and frame.person[row] >= 0:
        person = frame.persons[frame.person[row]]
    sample = None
    if kind.checked is not None:
        sample = Sample(failed=kind.failed, checked=kind.checked)
    return RecordedAnswer(
        item=frame.items[frame.item[row]],
        result=kind.result,
        value=kind.value,
        note=frame.notes.get(row, ""),
        person=person,
        labels=dict(kind.labels),
        sample=sample,
    )


def _written(
    handbook: Handbook, checklist: str, audit: str, given: Iterable[RecordedAnswer]
) -> bytes:
    """Write one record; its answers stand in the order of the sheet, those to one item together."""
    known = handbook.checklists[checklist]
    order = {item: n for n, item in enumerate(known.by_id)}
    answers = [
        {
            "item": answer.item,
            "result": answer.result,
            "value": None if answer.value is None else plain(answer.value),
            "note": answer.note,
            **({"person": answer.person} if answer.person else {}),
            **({"labels": dict(answer.labelled)} if answer.labels else {}),
            **({"sample": answer.sample.model_dump()} if answer.sample else {}),
        }
        for answer in sorted(given, key=lambda answer: order[answer.item])
    ]
    record = {
        "schema": "sopaudit.answers/1",
        "audit": audit,
        "checklist": {
            "id": checklist,
            "edition": known.edition,
            "digest": handbook.digests.get(checklist, ""),
            "scheme": {
                "id": known.scheme,
                "edition": handbook.schemes[known.scheme].edition,
                "digest": handbook.digests.get(known.scheme, ""),
            },
        },
        "channel": "table",
        "answers": answers,
    }
    return (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode()
