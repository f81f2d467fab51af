"""A plain answers record, `sopaudit.answers/1`, brought from another folder or another machine."""

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator
from datetime import tzinfo
from functools import partial
from pathlib import Path
from typing import Final

from sopaudit.evidence.audit import ANSWERS
from sopaudit.evidence.examination import CODES, Examination, inside
from sopaudit.evidence.jsonfile import read_json_bytes
from sopaudit.evidence.people import People
from sopaudit.evidence.record import EvidenceFile, Record, RecordedAnswer, Source
from sopaudit.problems import Place, Problem
from sopaudit.reading.document import Document
from sopaudit.reading.folder import refused as unreadable
from sopaudit.reading.shape import validated
from sopaudit.sheets.answering import LONGEST, remark
from sopaudit.sheets.blank import Blank
from sopaudit.sheets.filled import Filled, Shot, source_id
from sopaudit.sheets.identity import Identity, refused
from sopaudit.sheets.intake.merge import bare
from sopaudit.sheets.plenty import LARGEST, crowded, overfull

_SCHEMA: Final = re.compile(rb'(?:\xef\xbb\xbf)?\s*[\[{].*?"schema"\s*:\s*"([^"]*)"', re.DOTALL)
"""The first that a file says of itself; one inside it may be of a part."""

_HEAD: Final = 4096
"""Bytes in which a record says what it is."""

_UNUSABLE: Final = frozenset((*CODES.values(), "A018", "A019", "A020", "A021", "A022", "A130"))
"""What keeps an answer out altogether; it is no answer to its item."""


def audit_named(path: Path) -> str | None:
    """Say whose record a file is; None where it is none, empty where it cannot be read whole."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        head = file.read(_HEAD)
    told = _SCHEMA.match(head)
    if told is None or told[1] != b"sopaudit.answers/1":
        return None
    if path.stat().st_size > LARGEST:
        return ""
    raw = path.read_bytes()
    if crowded(raw, path.as_posix()):
        return ""
    data = read_json_bytes(raw, path.as_posix()).data
    named = data.get("audit") if isinstance(data, dict) else None
    return named if isinstance(named, str) else ""


def read(path: Path, blank: Blank, zone: tzinfo) -> tuple[Filled | None, list[Problem]]:
    """Read a record; its photos are looked for beside it and in the audit folder it lies in."""
    del zone
    shown = path.as_posix()
    place = Place(shown)
    try:
        if path.stat().st_size > LARGEST:
            return None, [Problem(place, "F012", {"part": path.name})]
        raw = path.read_bytes()
    except OSError as error:
        return None, [unreadable(error, shown)]
    full = crowded(raw, shown)
    document = read_json_bytes(b"" if full else raw, shown)
    if (full := full or overfull(document)) is not None:
        return None, [full]
    record, problems = validated(document, Record)
    if record is None or problems:
        return None, problems
    told = Identity(record.audit, (record.checklist,))
    problems = list(refused(told, blank, document.place(("checklist", "edition"))))
    if problems:
        return None, problems
    digest = hashlib.sha256(raw).hexdigest()
    usable, problems = _usable(record, document, blank)
    times = [answer.at for answer in record.answers if answer.at is not None]
    source = Source(
        id=source_id(digest),
        channel=record.channel,
        file=path.name,
        digest=f"sha256:{digest}",
        at=max(times, default=None),
    )
    shots = []
    for n, answer in usable:
        found, wrong = _shots(path, record.checklist.id, answer, document.place(("answers", n)))
        shots += found
        problems += wrong
    answers = tuple(_bare(answer) for _, answer in usable)
    bare_record = record.model_copy(
        update={"answers": answers, "sources": (), "signatures": _undrawn(record)}
    )
    places = {
        (record.checklist.id, answer.item): document.place(("answers", n)) for n, answer in usable
    }
    seconds = {
        (record.checklist.id, answer.item, answer.confirmed.by): document.place(
            ("answers", n, "confirmed", "by")
        )
        for n, answer in usable
        if answer.confirmed is not None
    }
    filled = Filled(source, record.audit, (bare_record,), tuple(shots), places, seconds=seconds)
    return filled, problems


def _usable(
    record: Record, document: Document, blank: Blank
) -> tuple[list[tuple[int, RecordedAnswer]], list[Problem]]:
    """Part the answers that answer their item from what does not; the latter is told."""
    folder = blank.folder
    answers = list(enumerate(record.answers))
    if folder is None:
        return answers, []
    people = People(folder.handbook, folder.audit)
    looked = Examination(folder.folder, folder.audit, folder.handbook, document, record, people)
    looked.frame()
    told = [problem for problem in looked.problems if problem.code in _UNUSABLE]
    starts = [document.place(("answers", n)) for n, _ in answers]
    wrong = {max(bisect_right(starts, problem.place) - 1, 0) for problem in told}
    for n, answer in answers:
        longest = max(map(len, (answer.note, *(case.note for case in answer.cases))))
        if longest > LONGEST:
            wrong.add(n)
            told.append(Problem(starts[n], "F007", {"length": str(longest), "most": str(LONGEST)}))
    return [(n, answer) for n, answer in answers if n not in wrong], told


def _bare(answer: RecordedAnswer) -> RecordedAnswer:
    """Leave what the file of another folder cannot vouch for: its photos, sources, records."""
    sample = None if answer.sample is None else bare(answer.sample)
    if sample is not None:
        cases = tuple(
            case.model_copy(update={"note": remark(case.note)}) if case.note else case
            for case in sample.cases
        )
        sample = sample.model_copy(update={"cases": cases})
    note = remark(answer.note)
    update = {
        "note": note,
        "evidence": (),
        "sample": sample,
        "source": None,
        "others": (),
        "from_records": None,
    }
    return answer.model_copy(update=update)


def _undrawn(record: Record) -> tuple[object, ...]:
    return tuple(one.model_copy(update={"drawn": None}) for one in record.signatures)


def _shots(
    path: Path, checklist: str, answer: RecordedAnswer, place: Place
) -> tuple[list[Shot], list[Problem]]:
    found: list[Shot] = []
    problems: list[Problem] = []
    for case, file in _named(answer):
        at = _beside(path, file.file)
        if at is None:
            problems.append(Problem(place, "A040", {"file": file.file}))
            continue
        shot = Shot(
            file.file, partial(at.read_bytes), place, checklist, answer.item, case,
            file.taken, file.unproven, file.sha256,
        )  # fmt: skip
        found.append(shot)
    return found, problems


def _named(answer: RecordedAnswer) -> Iterator[tuple[str, EvidenceFile]]:
    yield from (("", file) for file in answer.evidence)
    yield from ((case.id, file) for case in answer.cases for file in case.evidence)


def _beside(path: Path, name: str) -> Path | None:
    """Find a file of evidence in the folder of the record, or in the audit folder around it."""
    homes = [path.parent, *([path.parent.parent] if path.parent.name == ANSWERS else [])]
    for home in homes:
        found = inside(home, name)
        if found is not None and found.is_file():
            return found
    return None
