"""What the journal of a session holds and no record does, for commands that do not write it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sopaudit.evidence.audit import AuditFolder
from sopaudit.problems import Place, Problem
from sopaudit.sheets.filled import source_id
from sopaudit.sheets.terminal.filling import Key, digest_of_facts
from sopaudit.sheets.terminal.journal import FOLDER, NAME, steps
from sopaudit.sheets.terminal.loop import BESIDE
from sopaudit.sheets.terminal.said import Fact, fact_of


def unsaved(folder: AuditFolder) -> Iterator[Problem]:
    """Tell that a session was cut off, or still goes on, whose answers are in no record yet.

    Nothing is written. Remarks that wait for their answer are not told of: they go into no record.
    """
    try:
        lines = [*steps((folder.folder / FOLDER / NAME).read_bytes())]
    except OSError:
        return
    items = _items(folder, lines)
    if items:
        place = Place(f"{folder.folder.as_posix()}/{FOLDER}/{NAME}")
        told = {"number": str(len(items)), "audit": folder.audit.id}
        yield Problem(place, "F055", told)


def _items(folder: AuditFolder, lines: Sequence[Mapping[str, Any]]) -> set[Key]:
    facts = [fact_of(line) for line in lines if "field" in line]
    ours = source_id(digest_of_facts(lines))
    if any(ours == source.id for record in folder.records.values() for source in record.sources):
        # Cut off after the record was written, before the journal was put away.
        return set()
    said: dict[Key, list[Fact]] = {}
    for fact in facts:
        key = fact.checklist, fact.item
        if fact.field == "clear":
            said.pop(key, None)
        else:
            said.setdefault(key, []).append(fact)
    seen = {*_answered(folder)}
    seen |= {
        (*key, fact.case)
        for key, about in said.items()
        for fact in about
        if fact.field not in BESIDE
    }
    return {key for key, about in said.items() if any((*key, fact.case) in seen for fact in about)}


def _answered(folder: AuditFolder) -> Iterator[tuple[str, str, str | None]]:
    """List what the records answer: checklist and item, and each of its cases."""
    for checklist, record in folder.records.items():
        for answer in record.answers:
            yield checklist, answer.item, None
            yield from ((checklist, answer.item, case.id) for case in answer.cases)
