"""The answers and criteria that travel inside a report whose answers stand in tables."""

import json
from collections.abc import Iterable, Iterator
from fractions import Fraction

from sopaudit.criteria.field import plain
from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.evidence.record import ChecklistUsed, Record
from sopaudit.press.pdf import Attached
from sopaudit.report.seen import Seen, seen_in_tables


def table_attachments(
    handbook: Handbook, frames: Iterable[AnswerFrame], audit: str
) -> tuple[Attached, ...]:
    """Write an answers record for each checklist of one audit, with the checklist and scheme."""
    held = [frame for frame in frames if audit in frame.audits]
    seen = seen_in_tables(handbook, held, audit)
    return tuple(_files(seen, dict.fromkeys(frame.checklist for frame in held)))


def _files(seen: Seen, checklists: Iterable[str]) -> Iterator[Attached]:
    handbook = seen.handbook
    for name in checklists:
        checklist = handbook.checklists[name]
        record = Record(
            schema="sopaudit.answers/1",
            audit=seen.id,
            checklist=ChecklistUsed(
                id=name, edition=checklist.edition, digest=handbook.digests[name]
            ),
            channel="table",
            answers=tuple(
                answer for (of, _), given in seen.given.items() if of == name for answer in given
            ),
        )
        yield Attached(f"{name}.json", record_json(record).encode(), seen.id)
        for criterion in (name, checklist.scheme):
            content = handbook.files[criterion].read_bytes()
            yield Attached(f"{criterion}.yaml", content, checklist.edition)


def record_json(record: Record) -> str:
    """Write a record as `sopaudit.answers/1`: keys as documented, numbers as exact text."""
    data = record.model_dump(by_alias=True, exclude_defaults=True)
    return json.dumps(data, ensure_ascii=False, indent=1, default=_text) + "\n"


def _text(value: object) -> str:
    return plain(value) if isinstance(value, Fraction) else str(value)
