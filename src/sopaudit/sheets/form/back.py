"""Reads what the offline form hands over: its ZIP with photos and signatures, or its plain JSON.

The file comes from a phone through who knows which hands. It is opened with mistrust, every picture
is held against the hash that was taken of it in the form, and every text stays a text.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from functools import partial
from pathlib import Path
from typing import Final

from sopaudit.evidence.archive import Archive, NotSoundError, archive
from sopaudit.evidence.jsonfile import read_json_bytes
from sopaudit.evidence.record import ChecklistUsed, Record, RecordedAnswer, Signature, Source
from sopaudit.problems import Place, Problem, choices
from sopaudit.reading.document import Document, Loc
from sopaudit.reading.folder import refused as unreadable
from sopaudit.reading.shape import validated
from sopaudit.sheets.answering import Answering, Slip, Written, WrittenCase
from sopaudit.sheets.blank import Ask, Blank, Leaf
from sopaudit.sheets.filled import Filled, Shot, source_id
from sopaudit.sheets.form.handed import Handed, HandedAnswer, HandedCase, Picture
from sopaudit.sheets.identity import Identity, identity_of, refused
from sopaudit.sheets.plenty import LARGEST, crowded, overfull

ANSWERS: Final = "answers.json"
"""What the ZIP calls its answers."""

_HEAD: Final = 1 << 12
_SHOWS: Final = re.compile(r'"audit"\s*:\s*("(?:[^"\\]|\\.)*")')
_KIND: Final = re.compile(r'^\ufeff?\s*\{\s*"schema"\s*:\s*"sopaudit\.filled/1"')


def audit_named(path: Path) -> str | None:
    """Say which audit a file of the form is of, "" for none; None where it is of another kind."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
        if head.startswith(b"PK"):
            head = archive(path).read(ANSWERS)[:_HEAD]
    except (OSError, NotSoundError):
        return None
    text = head.decode("utf-8", "ignore")
    named = _SHOWS.search(text) if _KIND.match(text) else None
    try:
        return None if named is None else str(json.loads(named[1]))
    except ValueError:
        return None


def read(path: Path, blank: Blank, zone: tzinfo) -> tuple[Filled | None, list[Problem]]:
    """Read a ZIP or JSON of the form against the blank of its audit.

    Moments without an offset, of which the form writes none, are on the clock of `zone`.
    """
    zipped, document = _opened(path)
    if isinstance(document, Problem):
        return None, [document]
    full = overfull(document)
    handed, problems = (None, [full]) if full else validated(document, Handed)
    if handed is None:
        return None, problems
    found, wrong = _identity(document)
    wrong = wrong or list(refused(found, blank, document.place(("sheet",)))) if found else wrong
    if found is None or wrong:
        return None, [*problems, *wrong]
    reading = _Reading(path, document, handed, found, blank, zone, zipped)
    filled = reading.filled()
    return filled, [*problems, *reading.problems]


def _opened(path: Path) -> tuple[Archive | None, Document | Problem]:
    """Read the answers, out of the archive they may lie in."""
    shown = path.as_posix()
    try:
        zipped = archive(path) if _starts(path, b"PK") else None
        raw = zipped.read(ANSWERS) if zipped else b""
        size = len(raw) if zipped else path.stat().st_size
        raw = raw if zipped or size > LARGEST else path.read_bytes()
    except NotSoundError as error:
        return None, Problem(Place(shown), error.code, error.values)
    except OSError as error:
        return None, unreadable(error, shown)
    if size > LARGEST:
        return None, Problem(Place(shown), "F012", {"part": ANSWERS if zipped else path.name})
    shown = f"{shown}[{ANSWERS}]" if zipped else shown
    return zipped, crowded(raw, shown) or read_json_bytes(raw, shown)


def _starts(path: Path, sign: bytes) -> bool:
    """Say whether a file starts so; one that cannot be opened is told by whoever reads it."""
    try:
        with path.open("rb") as file:
            return file.read(len(sign)) == sign
    except OSError:
        return False


def _identity(document: Document) -> tuple[Identity | None, list[Problem]]:
    """Read which sheet it is; our own reader keeps numbers as texts, and a seal is of numbers."""
    place = document.place(("sheet",))
    try:
        return identity_of(json.loads(document.text)["sheet"], place)
    except (KeyError, TypeError, ValueError):
        return None, [Problem(place, "F017")]


@dataclass
class _Reading:
    """One file on the table."""

    path: Path
    document: Document
    handed: Handed
    identity: Identity
    blank: Blank
    zone: tzinfo
    zipped: Archive | None
    problems: list[Problem] = field(default_factory=list)
    shots: list[Shot] = field(default_factory=list)
    places: dict[tuple[str, str], Place] = field(default_factory=dict)
    seconds: dict[tuple[str, str, str], Place] = field(default_factory=dict)

    def filled(self) -> Filled:
        with self.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        source = Source.model_construct(
            id=source_id(digest),
            channel="html",
            file=self.path.name,
            digest=f"sha256:{digest}",
            at=self.handed.saved_at,
            by=self.handed.by or None,
        )
        records = tuple(self._records())
        self._signatures()
        self._strangers()
        return Filled(
            source, self.identity.audit, records, tuple(self.shots), self.places,
            self.identity.part, self.seconds,
        )  # fmt: skip

    def _tell(self, code: str, loc: Loc, **values: str) -> None:
        told: dict[str, object] = {**values}
        self.problems.append(self.document.problem(code, loc, key=False, **told))

    # --- answers ---------------------------------------------------------------------------------

    def _records(self) -> Iterator[Record]:
        known = {used.id: used for used in self.identity.checklists}
        done: set[str] = set()
        for n, record in enumerate(self.handed.records):
            name = str(record.checklist.get("id", ""))
            leaf = self.blank.leaf(name)
            if leaf is None or name not in known or name in done:
                told = choices(name, [*known])
                self._tell("F035", ("records", n, "checklist"), checklist=name, choices=told)
                continue
            done.add(name)
            answers = tuple(self._answers(leaf, n, record.answers))
            signatures = tuple(
                Signature.model_construct(role=one.role, person=one.person, at=one.at)
                for one in record.signatures
            )
            yield _record(self.identity.audit, known[name], answers, signatures)

    def _answers(
        self, leaf: Leaf, n: int, given: Sequence[HandedAnswer]
    ) -> Iterator[RecordedAnswer]:
        answering = Answering(self.blank, leaf, self.zone)
        for m, one in enumerate(given):
            loc: Loc = ("records", n, "answers", m)
            ask = leaf.by_id.get(one.item)
            if ask is None:
                told = choices(one.item, [*leaf.by_id])
                at = (*loc, "item")
                self._tell("F033", at, item=one.item, checklist=leaf.id, choices=told)
                continue
            if (leaf.id, one.item) in self.places:
                first = str(self.places[leaf.id, one.item].line)
                self._tell("F034", (*loc, "item"), item=one.item, first=first)
                continue
            self.places[leaf.id, one.item] = self.document.place(loc)
            self._pictures(leaf, ask, loc, one)
            answer, slips = answering.answer(ask, _written(one))
            self.problems += [self._slip(slip, loc) for slip in slips]
            if answer is not None:
                if answer.confirmed is not None:
                    at = (*loc, "confirmed", "by")
                    named = (leaf.id, one.item, answer.confirmed.by)
                    self.seconds[named] = self.document.place(at)
                yield answer

    def _slip(self, slip: Slip, loc: Loc) -> Problem:
        """Say where in the file a text stands that cannot be meant."""
        inside: Loc = (slip.cell,)
        if slip.cell in ("failed", "checked"):
            inside = ("sample", slip.cell)
        if slip.cell == "confirmed":
            inside = ("confirmed", "by")
        if slip.case is not None:
            cell, _, part = slip.cell.partition(":")
            inside = ("sample", "cases", slip.case, cell, *([part] if part else []))
        told: dict[str, object] = {**slip.values}
        return self.document.problem(slip.code, (*loc, *inside), key=False, **told)

    # --- pictures --------------------------------------------------------------------------------

    def _pictures(self, leaf: Leaf, ask: Ask, loc: Loc, one: HandedAnswer) -> None:
        for k, picture in enumerate(one.evidence):
            self._shot(picture, (*loc, "evidence", k), leaf.id, ask.item.id)
        for c, case in enumerate(one.sample.cases):
            for k, picture in enumerate(case.evidence):
                at = (*loc, "sample", "cases", c, "evidence", k)
                self._shot(picture, at, leaf.id, ask.item.id, case.id)

    def _shot(
        self, picture: Picture, loc: Loc, checklist: str = "", item: str = "", case: str = ""
    ) -> Shot | None:
        """Take a picture that is there and is the one that was taken; else tell."""
        file = (*loc, "file")
        if self.zipped is None:
            self._tell("F036", file, part=picture.file)
            return None
        if picture.file not in self.zipped.parts or picture.file == ANSWERS:
            self._tell("F030", file, part=picture.file)
            return None
        try:
            content = self.zipped.read(picture.file)
        except NotSoundError as error:
            self._tell(error.code, file, **error.values)
            return None
        if hashlib.sha256(content).hexdigest() != picture.sha256:
            self._tell("F031", (*loc, "sha256"), part=picture.file)
            return None
        shot = Shot(
            picture.file, partial(self.zipped.read, picture.file), self.document.place(file),
            checklist, item, case, picture.taken, sha256=picture.sha256,
        )  # fmt: skip
        self.shots.append(shot)
        return shot

    def _signatures(self) -> None:
        """Take each signature once; every checklist of the form names the same ones."""
        seen: set[tuple[str, str]] = set()
        for n, record in enumerate(self.handed.records):
            for m, one in enumerate(record.signatures):
                if one.drawn is None or (one.role, one.person) in seen:
                    continue
                seen.add((one.role, one.person))
                shot = self._shot(one.drawn, ("records", n, "signatures", m, "drawn"))
                if shot is not None:
                    self.shots[-1] = replace(shot, signed=(one.role, one.person))

    def _strangers(self) -> None:
        """Tell of what lies in the ZIP and nothing in it names; it is not imported."""
        if self.zipped is None:
            return
        named = {picture.file for picture in self._named()} | {ANSWERS}
        for part in sorted(self.zipped.parts.keys() - named):
            self.problems.append(Problem(Place(self.path.as_posix()), "F032", {"part": part}))

    def _named(self) -> Iterator[Picture]:
        for record in self.handed.records:
            for one in record.answers:
                yield from one.evidence
                for case in one.sample.cases:
                    yield from case.evidence
            yield from (one.drawn for one in record.signatures if one.drawn is not None)


def _written(one: HandedAnswer) -> Written:
    sample = one.sample
    return Written(
        one.result, one.value, sample.failed, sample.checked, one.note, one.person, one.at,
        [_case(case) for case in sample.cases],
        one.confirmed.by if one.confirmed else "",
    )  # fmt: skip


def _case(case: HandedCase) -> WrittenCase:
    return WrittenCase(case.id, case.result, case.parts, case.person, case.note)


def _record(
    audit: str,
    used: ChecklistUsed,
    answers: tuple[RecordedAnswer, ...],
    signatures: tuple[Signature, ...],
) -> Record:
    return Record.model_construct(
        schema_="sopaudit.answers/1",
        audit=audit,
        checklist=used,
        channel="html",
        answers=answers,
        signatures=signatures,
    )
