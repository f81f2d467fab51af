"""What a session said, made what every channel hands over: answers, and the files that show it."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo
from pathlib import Path
from typing import Any

from sopaudit.evidence.record import (
    ChecklistUsed,
    EvidenceFile,
    Record,
    RecordedAnswer,
    Source,
    Used,
)
from sopaudit.problems import Place, Problem
from sopaudit.sheets.answering import Answering, Slip, when
from sopaudit.sheets.blank import Ask, Blank, Leaf
from sopaudit.sheets.filled import Filled, Shot, source_id
from sopaudit.sheets.terminal.said import Attached, Said

Key = tuple[str, str]
"""Checklist and item."""


class FileError(Exception):
    """A file that cannot be attached; `text` is the path as it was typed."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def attached(text: str) -> Attached:
    """Look at a file that was named, as typed or dropped into the window. Raises FileError."""
    try:
        path = Path(unquoted(text)).expanduser().absolute()
        return Attached(str(path), digest_of(path))
    except (OSError, ValueError, RuntimeError):
        raise FileError(text) from None


def digest_of(path: Path) -> str:
    """Hash a file without holding it whole. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unquoted(text: str) -> str:
    """Take off what a window puts around a dropped file: quotes, or a backslash before blanks."""
    bare = text.strip()
    if len(bare) > 1 and bare[0] == bare[-1] and bare[0] in "'\"":
        return bare[1:-1]
    return re.sub(r"\\([ ()'&])", r"\1", bare)


def answered(
    answering: Answering, ask: Ask, said: Said
) -> tuple[RecordedAnswer | None, list[Slip]]:
    """Read what was said of an item; files stand in it as long as it is only looked at."""
    answer, slips = answering.answer(ask, said)
    if answer is not None and (said.files or said.shown):
        shown = said.shown or len(said.files)
        file = EvidenceFile(file="evidence", sha256="0" * 64)
        answer = answer.model_copy(update={"evidence": (file,) * shown})
    return answer, slips


def filled(
    blank: Blank,
    said: Mapping[Key, Said],
    lines: Sequence[Mapping[str, Any]],
    zone: tzinfo,
    place: Place,
) -> tuple[Filled | None, list[Problem]]:
    """Give what a journal comes to; None where nothing was answered.

    The same lines give the same source, answers and pictures, however often they are saved.
    """
    audit = blank.audit
    if audit is None:
        return None, []
    records, shots, problems = [], [], []
    for leaf in blank.leaves:
        answering = Answering(blank, leaf, zone)
        answers = []
        for ask in leaf.asks:
            one = said.get((leaf.id, ask.item.id))
            answer = answering.answer(ask, one)[0] if one else None
            if one is None or (answer is None and not one.files):
                continue
            if answer is not None:
                answers.append(answer)
            found, gone = _shots(leaf, ask, one, place)
            shots += found
            problems += gone
        if answers:
            records.append(_record(audit.id, leaf, answers))
    if not records and not shots:
        return None, problems
    facts = [line for line in lines if "field" in line]
    digest = digest_of_facts(facts)
    named = audit.auditors
    source = Source(
        id=source_id(digest),
        channel="terminal",
        file="fill.jsonl",
        digest=f"sha256:{digest}",
        by=named[0] if len(named) == 1 else None,
    ).model_copy(update={"at": when(str(facts[-1]["at"]), zone) if facts else None})
    return Filled(source, audit.id, tuple(records), tuple(shots)), problems


def digest_of_facts(lines: Sequence[Mapping[str, Any]]) -> str:
    """Hash what was said, without where the session went afterwards."""
    facts = [line for line in lines if "field" in line]
    bare = [{name: value for name, value in line.items() if name != "then"} for line in facts]
    return hashlib.sha256(json.dumps(bare, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _record(audit: str, leaf: Leaf, answers: Sequence[RecordedAnswer]) -> Record:
    scheme = Used(id=leaf.scheme.id, edition=leaf.scheme.edition, digest=leaf.scheme_digest)
    used = ChecklistUsed(
        id=leaf.id, edition=leaf.checklist.edition, digest=leaf.digest, scheme=scheme
    )
    return Record.model_construct(
        schema_="sopaudit.answers/1",
        audit=audit,
        checklist=used,
        channel="terminal",
        answers=tuple(answers),
        signatures=(),
        sources=(),
    )


def _shots(leaf: Leaf, ask: Ask, said: Said, place: Place) -> tuple[list[Shot], list[Problem]]:
    """Give the files of an item; one that is gone or changed since is told and left out."""
    shots, problems = [], []
    for one in said.files:
        path = Path(one.path)
        try:
            same = digest_of(path) == one.sha256
        except OSError:
            same = False
        if not same:
            told = {"file": path.name, "item": ask.item.id}
            problems.append(Problem(place, "F054", told))
            continue
        shot = Shot(path.name, path.read_bytes, place, leaf.id, ask.item.id, one.case)
        shots.append(replace(shot, sha256=one.sha256))
    return shots, problems
