"""The circulating copy: an audit whose people are staff numbers, and who else is named a gap.

It is made before any word is put on a page: the files of the audit are read, masked value by value,
written anew and read again like any other. Report, data and attachments then come from that masked
audit by the ways of the report that is filed, so nothing can be forgotten on one of them.

Everything is masked but what is known to be a code; a key that a later version of a record brings
is therefore hidden until somebody says that it is harmless.
"""

import json
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, Final, TypeVar

import numpy as np
import yaml
from pydantic import BaseModel

from sopaudit.criteria.field import Text
from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.organisation import Person
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.evidence.audit import AUDIT, AuditFolder
from sopaudit.evidence.auditfile import Audit
from sopaudit.evidence.jsonfile import read_json_bytes
from sopaudit.evidence.record import Record
from sopaudit.evidence.recording import plain_data
from sopaudit.evidence.said import counting
from sopaudit.reading.document import Document
from sopaudit.reading.events import read, read_bytes
from sopaudit.reading.shape import validated
from sopaudit.report.private.mask import Mask
from sopaudit.report.private.name import Names
from sopaudit.report.private.span import Kind

AUDIT_CODES: Final = frozenset(
    ("office", "period", "date", "kind", "person", "role", "auditees", "state", "appeal_until")
) | {"item"}
"""Keys of `audit.yaml` whose values are no text."""

RECORD_CODES: Final = (
    frozenset(
        (
            "schema",
            "checklist",
            "scheme",
            "channel",
            "item",
            "result",
            "value",
            "at",
            "taken",
            "person",
        )
    )
    | {
        "by",
        "role",
        "sha256",
        "drawn",
        "seed",
        "population",
        "selection",
        "failed",
        "checked",
        "parts",
    }
    | {
        "rule",
        "rules",
        "type",
        "rows",
        "unknown",
        "missing",
        "unheard",
        "beside",
        "as_of",
        "digest",
        "who",
        "post",
        "late",
    }
)
"""The same of an answers record."""

LABELS: Final = frozenset(("audit", "id", "follows", "file", "case", "source"))
"""Keys whose values name a thing."""

_ENDING: Final = re.compile(r"\.[A-Za-z]{2,5}$")

WITHHELD: Final = "0" * 64
"""In place of the digest of a file so small or plain that its content could be guessed from it."""

RICH: Final = frozenset(
    (".jpg", ".jpeg", ".png", ".heic", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".pdf")
) | {".mp3", ".m4a", ".wav", ".amr", ".mp4", ".mov"}
"""Endings of files with more in them than can be tried out, such as a photo."""

SMALL: Final = 1024
"""Bytes below which even those can be guessed."""

PRIVATE_FACTS: Final[tuple[tuple[re.Pattern[str], Kind], ...]] = (
    (re.compile("address|地址|住址", re.IGNORECASE), "address"),
    (re.compile("phone|mobile|电话|手机|联系方式", re.IGNORECASE), "phone"),
    (re.compile("mail|邮箱", re.IGNORECASE), "mail"),
    (
        re.compile("contact|owner|inspector|customer|姓名|联系人|客户|检查员|业主", re.IGNORECASE),
        "name",
    ),
)
"""What a column of a table holds, by its name."""

_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True)
class Copy:
    """An audit as it circulates."""

    folder: AuditFolder
    """The audit and its records, masked."""

    files: Mapping[Path, bytes]
    """What `audit.yaml` and the records say on the copy, by the file they stand in."""


@dataclass(frozen=True)
class TableCopy:
    """An audit of tables as it circulates."""

    handbook: Handbook
    frames: tuple[AnswerFrame, ...]
    """Of this audit alone."""

    audit: str


def mask_for(rosters: Iterable[Handbook], folder: AuditFolder | None = None) -> Mask:
    """Make the mask of an audit from all the rosters that may know a person it names.

    Of two people who bear one name, the one who took part is meant.
    """
    people = [person for handbook in rosters for person in handbook.roster]
    there: Container[str] = ()
    office = None
    if folder is not None:
        audit, office = folder.audit, folder.audit.office
        there = {*audit.auditees, *(member.person for member in audit.team)}
    near = [person for person in people if person.id in there]
    here = [person for person in people if person.office == office]
    return Mask(Names(_named(near), _named(here), _named(people)))


def _named(people: Iterable[Person]) -> Iterator[tuple[str, str]]:
    return ((name, person.id) for person in people for _, name in person.name.wordings)


def circulating(folder: AuditFolder, mask: Mask) -> Copy:
    """Mask an audit folder and the audit it follows."""
    audit, about = _audit(folder, mask)
    records: dict[str, Record] = {}
    files = {folder.folder / AUDIT: about}
    for checklist, path in folder.files.items():
        records[checklist], files[path] = _record(folder, path, mask)
    previous = circulating(folder.previous, mask).folder if folder.previous else None
    masked = replace(
        folder,
        audit=audit,
        handbook=handbook_copy(folder.handbook, mask),
        records=records,
        frames={name: _frame(frame, audit.id) for name, frame in folder.frames.items()},
        previous=previous,
    )
    return Copy(_heard(masked, mask) if folder.own is not None else masked, files)


def _heard(folder: AuditFolder, mask: Mask) -> AuditFolder:
    """Mask what the records of the office said; which of two answers counts stays as it was."""
    own = folder.records
    said = {
        (name, item): replace(
            one,
            records=_again(one.records, mask),
            own=tuple(_again(answer, mask) for answer in one.own),
            differing=tuple(mask.label(case) for case in one.differing),
        )
        for (name, item), one in folder.said.items()
    }
    belied = tuple(_again(one, mask) for one in folder.belied)
    masked = replace(folder, own=own, said=said, belied=belied)
    return replace(masked, records=counting(masked))


def _again(value: _Model, mask: Mask) -> _Model:
    data = _masked(plain_data(value), "", RECORD_CODES, mask)
    return type(value).model_validate(data)


def circulating_table(
    handbook: Handbook, frames: Iterable[AnswerFrame], audit: str, mask: Mask
) -> TableCopy:
    """Mask one audit that stands in tables; what they say of others is left out."""
    own = tuple(_own(frame, audit, mask) for frame in frames if audit in frame.audits)
    return TableCopy(handbook_copy(handbook, mask), own, mask.label(audit))


def handbook_copy(handbook: Handbook, mask: Mask) -> Handbook:
    """Give a handbook whose people are called by their staff number.

    Its criteria stay as they are; of its own words only those that stand on every page are masked.
    """
    roster = tuple(
        person.model_copy(update={"name": Text((("", person.id),))}) for person in handbook.roster
    )
    lines = {
        name: Text(tuple((lang, mask.text(words)) for lang, words in said.wordings))
        for name in ("header", "footer", "confidentiality")
        for said in [getattr(handbook.report, name)]
        if said is not None
    }
    number = handbook.report.number
    shown = {**lines, "number": mask.text(number) if number else None}
    return replace(handbook, roster=roster, report=handbook.report.model_copy(update=shown))


def _audit(folder: AuditFolder, mask: Mask) -> tuple[Audit, bytes]:
    path = folder.folder / AUDIT
    data = _masked(read(path).data, "", AUDIT_CODES, mask)
    written = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=100).encode()
    return _read_again(read_bytes(written, path.as_posix()), Audit), written


def _record(folder: AuditFolder, path: Path, mask: Mask) -> tuple[Record, bytes]:
    # Only a number with a point could lose something on its way through Python.
    data = json.loads(path.read_bytes().decode("utf-8-sig"), parse_float=str)
    _withhold(data, folder.folder)
    _unsigned(data, mask)
    data = _masked(data, "", RECORD_CODES, mask)
    written = (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()
    return _read_again(read_json_bytes(written, path.as_posix()), Record), written


def _read_again(document: Document, model: type[_Model]) -> _Model:
    value, problems = validated(document, model)
    if value is None:
        raise AssertionError(f"{document.path}: {[problem.code for problem in problems]}")
    return value


def _masked(value: Any, key: str, codes: Container[str], mask: Mask) -> Any:  # noqa: ANN401 -- data
    """Mask the values of plain data, whatever they stand in; nothing below a code is text."""
    if isinstance(value, dict):
        return {
            name: _masked(inner, key if key in codes else name, codes, mask)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [_masked(inner, key, codes, mask) for inner in value]
    if not isinstance(value, str) or key in codes:
        return value
    return mask.label(value) if key in LABELS else mask.text(value)


def _withhold(value: Any, folder: Path) -> None:  # noqa: ANN401 -- data
    """Take out the digests that would give a content away to whoever tries all there could be."""
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, dict | list):
            _withhold(inner, folder)
    if isinstance(value, dict) and {"file", "sha256"} <= value.keys():
        path = folder / value["file"]
        rich = PurePosixPath(value["file"]).suffix.lower() in RICH
        if not rich or path.stat().st_size < SMALL:
            value["sha256"] = WITHHELD


def _unsigned(data: dict[str, Any], mask: Mask) -> None:
    """Take out drawn signatures, and the names of those who filled a sheet.

    People also call their files by them; so a file is called by its id, and keeps its ending.
    """
    for signature in data.get("signatures", ()):
        signature.pop("drawn", None)
    for source in data.get("sources", ()):
        if source.get("by"):
            source["by"] = mask.person(source["by"])
        ending = _ENDING.search(source.get("file", ""))
        source["file"] = f"{source['id']}{ending[0] if ending else ''}"


def _frame(frame: AnswerFrame, audit: str) -> AnswerFrame:
    """Let a frame go by the masked id; what it says besides answers stands in the record."""
    return replace(frame, audits=(audit,), notes={})


def _own(frame: AnswerFrame, audit: str, mask: Mask) -> AnswerFrame:
    """Cut one audit out of a frame, masked."""
    index = frame.audits.index(audit)
    rows = np.flatnonzero(frame.audit == index)
    places = {row: n for n, row in enumerate(rows.tolist())}
    facts: dict[str, tuple[str, ...]] = {
        name: (_fact(name, told[index], mask),) for name, told in frame.facts.items()
    }
    return replace(
        frame,
        audits=(mask.label(audit),),
        dates=frame.dates[index : index + 1],
        audit=np.zeros(len(rows), np.int32),
        item=frame.item[rows],
        answer=frame.answer[rows],
        row=frame.row[rows],
        facts=facts,
        notes={places[n]: mask.text(note) for n, note in frame.notes.items() if n in places},
        persons=tuple(mask.person(person) for person in frame.persons),
        person=None if frame.person is None else frame.person[rows],
    )


def _fact(name: str, value: str, mask: Mask) -> str:
    """Mask what a table says of an audit; the name of its column may tell more than its form."""
    kind = next((kind for words, kind in PRIVATE_FACTS if words.search(name)), None)
    return mask.whole(value, kind) if value and kind else mask.text(value)
