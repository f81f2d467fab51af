"""One submission, made answers, pictures and signatures of the audit."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo

from sopaudit.criteria.organisation import Person
from sopaudit.evidence.record import (
    ChecklistUsed,
    Record,
    RecordedAnswer,
    Signature,
    Source,
    Used,
)
from sopaudit.problems import Place, Problem
from sopaudit.sheets.answering import Answering, People, Slip, Written, WrittenCase
from sopaudit.sheets.blank import Ask, Blank, Leaf
from sopaudit.sheets.filled import Filled, Shot, source_id
from sopaudit.sheets.identity import Identity
from sopaudit.sheets.xlsform.names import (
    AUDITOR,
    FIELD_SIGN,
    IDENTITY,
    PHOTOS,
    ROLE,
    ROW_SIGN,
    SIGN_LINES,
    SIGNATURE,
    SIGNER,
    Names,
    choice,
    code,
)
from sopaudit.sheets.xlsform.submission import Cell, Cells, Export, Sent, text_in

ROLES = ("auditor", "auditee", "head", "escort")
_LINE, _SIGN = 5, 3
"""Facts in the line of a case, and of a signature."""


@dataclass(frozen=True)
class _Listed:
    """A case as it was listed, with the cells its facts came from."""

    case: WrittenCase
    photo: Cell | None
    cells: dict[str, Cell]
    """By what `Slip` calls the text."""


@dataclass
class Reading:
    """Reads one submission; what is wrong with it is gathered on the way."""

    export: Export
    sent: Sent
    identity: Identity
    blank: Blank
    names: Names
    zone: tzinfo
    file: str
    problems: list[Problem] = field(default_factory=list)
    shots: list[Shot] = field(default_factory=list)
    places: dict[tuple[str, str], Place] = field(default_factory=dict)
    seconds: dict[tuple[str, str, str], Place] = field(default_factory=dict)

    def filled(self) -> Filled:
        """Give everything it says."""
        source = self._source()
        signed = list(self._signatures())
        asked = {used.id for used in self.identity.checklists}
        leaves = [leaf for leaf in self.blank.leaves if leaf.id in asked]
        answered = [(leaf, answers) for leaf in leaves if (answers := self._answers(leaf))]
        records = tuple(self._record(leaf, answers, signed) for leaf, answers in answered)
        return Filled(
            source, self.identity.audit, records, tuple(self.shots), self.places,
            self.identity.part, self.seconds,
        )  # fmt: skip

    def _source(self) -> Source:
        """Name the submission by its content, so that a later export of it is no other source."""
        sent = self.sent
        told = [
            {name: cell.text for name, cell in cells.items()} for cells in (sent.cells, *sent.rows)
        ]
        text = json.dumps([sent.key, *told], ensure_ascii=False, sort_keys=True)
        digest = hashlib.sha256(text.encode()).hexdigest()
        by = self._person(sent.text(AUDITOR))
        return Source.model_construct(
            id=source_id(digest), channel=sent.server, file=self.file, digest=f"sha256:{digest}",
            at=sent.at, by=by,
        )  # fmt: skip

    def _record(
        self, leaf: Leaf, answers: Sequence[RecordedAnswer], signed: Sequence[Signature]
    ) -> Record:
        scheme = Used(id=leaf.scheme.id, edition=leaf.scheme.edition, digest=leaf.scheme_digest)
        used = ChecklistUsed(
            id=leaf.id, edition=leaf.checklist.edition, digest=leaf.digest, scheme=scheme
        )
        audit = self.blank.audit.id if self.blank.audit else self.identity.audit
        return Record.model_construct(
            schema_="sopaudit.answers/1", audit=audit, checklist=used, channel=self.sent.server,
            answers=tuple(answers), signatures=tuple(self._signed(leaf, signed)), sources=(),
        )  # fmt: skip

    def _signed(self, leaf: Leaf, signed: Sequence[Signature]) -> Iterator[Signature]:
        """Leave those of the audited who hold another post out of a record that is not theirs."""
        here = {person.id for person in leaf.people}
        elsewhere = {p.id for each in self.blank.leaves for p in each.people} - here
        return (s for s in signed if s.role != "auditee" or s.person not in elsewhere)

    # --- answers ---------------------------------------------------------------------------------

    def _answers(self, leaf: Leaf) -> list[RecordedAnswer]:
        answering = Answering(self.blank, leaf, self.zone)
        answers = []
        for ask in leaf.asks:
            cells = self._cells(leaf, ask)
            listed = list(self._listed(leaf, ask))
            written = self._written(leaf, ask, cells, listed)
            answer, slips = answering.answer(ask, written)
            for slip in slips:
                self._slip(slip, cells, listed)
            every = [*cells.values(), *(cell for one in listed for cell in one.cells.values())]
            first = next(iter(every), None)
            if answer is not None:
                answers.append(answer)
                if first:
                    self.places[leaf.id, ask.item.id] = first.place
                if answer.confirmed is not None:
                    named = (leaf.id, ask.item.id, answer.confirmed.by)
                    self.seconds[named] = cells["confirmed"].place
            self._photos(leaf, ask, listed)
        return answers

    def _cells(self, leaf: Leaf, ask: Ask) -> dict[str, Cell]:
        kinds = ("answer", "value", "failed", "checked", "note", "person", "confirmed")
        slots = {"answer": "result"}
        found = {}
        for kind in kinds:
            cell = self.sent.cells.get(self.names.of(kind, leaf, ask))
            if cell is not None:
                found[slots.get(kind, kind)] = cell
        return found

    def _written(
        self, leaf: Leaf, ask: Ask, cells: dict[str, Cell], listed: Sequence[_Listed]
    ) -> Written:
        told = {name: cell.text for name, cell in cells.items()}
        told["result"] = _word(told.get("result", ""), ask.words)
        told |= {who: self._id(told.get(who, ""), leaf) for who in ("person", "confirmed")}
        return Written(**told, cases=[one.case for one in listed])

    def _id(self, said: str, leaf: Leaf) -> str:
        """Give the staff number a choice stands for; what is none stays as it is."""
        return _chosen(said, [*leaf.people, *self.blank.handbook.roster])

    def _person(self, said: str) -> str | None:
        roster = self.blank.handbook.roster
        known = _chosen(said, roster)
        found = People(roster).meant(known) if known else None
        return found.id if found else None

    def _slip(self, slip: Slip, cells: dict[str, Cell], listed: Sequence[_Listed]) -> None:
        near = cells if slip.case is None else listed[slip.case].cells
        every = [near.get(slip.cell), *near.values(), *cells.values()]
        cell = next(filter(None, every), None)
        place = cell.place if cell else self.sent.place
        told = {"cell": cell.header if cell else "", **slip.values}
        self.problems.append(Problem(place, slip.code, told))

    # --- cases -----------------------------------------------------------------------------------

    def _listed(self, leaf: Leaf, ask: Ask) -> Iterator[_Listed]:
        """Give the cases of an item from the rows of repeats, else from their lines."""
        stem = self.names.of("lines", leaf, ask)
        found = [
            listed
            for row in self.sent.rows
            for way in ("drawn", "free")
            if (listed := self._row(leaf, ask, way, row))
        ]
        if not found and stem in self.sent.cells:
            cell = self.sent.cells[stem]
            lines = [line for line in cell.text.split(ROW_SIGN) if line.strip()]
            found = [self._line(leaf, ask, line, cell) for line in lines]
        more = self.sent.cells.get(self.names.of("more", leaf, ask))
        if not found and more and more.text.strip() not in ("", "0") and not self.export.whole:
            told = {"item": ask.item.id, "number": more.text}
            self.problems.append(Problem(more.place, "F044", told))
        yield from found

    def _row(self, leaf: Leaf, ask: Ask, way: str, row: Cells) -> _Listed | None:
        """Read an item from a row of a repeat; None where the row says nothing of it."""
        names = self.names
        slots = {"result": f"{way}case", "note": f"{way}casenote", "person": f"{way}caseperson"}
        cells = {
            slot: row[n] for slot, kind in slots.items() if (n := names.of(kind, leaf, ask)) in row
        }
        parts = {p.id: names.part(way, leaf, ask, p.id) for p in ask.item.parts}
        cells |= {f"parts:{p}": row[n] for p, n in parts.items() if n in row}
        if not cells:
            return None
        number = row.get(names.ticket(leaf) if way == "drawn" else names.of("freeid", leaf, ask))
        if number is not None:
            cells["id"] = number
        said = {slot: cell.text for slot, cell in cells.items()}
        case = WrittenCase(
            id=self._ticket(said.get("id", "")),
            result=said.get("result", ""),
            parts=_parts(
                said.get("result", ""),
                {p: said[f"parts:{p}"] for p in parts if f"parts:{p}" in said},
                ask,
            ),
            person=self._id(said.get("person", ""), leaf),
            note=said.get("note", ""),
        )
        return _Listed(case, row.get(names.of(f"{way}casephoto", leaf, ask)), cells)

    def _line(self, leaf: Leaf, ask: Ask, line: str, cell: Cell) -> _Listed:
        """Read a case from the line the form made of it."""
        facts = [*line.split(FIELD_SIGN, _LINE - 1), *[""] * _LINE][:_LINE]
        number, person, photo, result, note = facts
        told = dict(word.split("=", 1) for word in result.split() if "=" in word)
        word = next((word for word in result.split() if "=" not in word), "")
        parts = {p.id: told[code(p.id)] for p in ask.item.parts if code(p.id) in told}
        case = WrittenCase(
            id=self._ticket(number),
            result=word,
            parts=_parts(word, {part: said for part, said in parts.items() if said}, ask),
            person=self._id(person, leaf),
            note=note,
        )
        shown = Cell(photo, cell.place, cell.header) if photo else None
        return _Listed(case, shown, {"result": cell})

    def _ticket(self, said: str) -> str:
        return next((t for t in self.blank.tickets if choice(t) == said), said)

    # --- pictures and signatures -----------------------------------------------------------------

    def _photos(self, leaf: Leaf, ask: Ask, listed: Sequence[_Listed]) -> None:
        shown: list[tuple[Cell | None, str]] = [
            (self.sent.cells.get(self.names.of(kind, leaf, ask)), "") for kind in PHOTOS
        ]
        shown += [(one.photo, one.case.id) for one in listed]
        for cell, case in shown:
            if cell is not None:
                self._shot(cell, leaf=leaf.id, item=ask.item.id, case=case)

    def _shot(
        self, cell: Cell, *, leaf: str = "", item: str = "", case: str = "",
        signed: tuple[str, str] | None = None,
    ) -> None:  # fmt: skip
        name = cell.text.strip()
        read = self.export.media.find(name, self.sent.key, self.sent.first)
        if read is None:
            key = (self.sent.first or self.sent.key).removeprefix("uuid:")
            told = {"part": name, "cell": cell.header, "key": key or "–"}
            self.problems.append(Problem(cell.place, "F043", told))
            return
        self.shots.append(
            Shot(
                name,
                read,
                cell.place,
                leaf,
                item,
                case,
                taken=self.sent.at,
                unproven=True,
                signed=signed,
            )
        )

    def _signatures(self) -> Iterator[Signature]:
        for role, person, image in self._signs():
            known = self._person(person.text) if person else None
            if role is None and known is None:
                continue
            said = role.text if role else ""
            if known is None or said not in ROLES:
                cell = person or role or self.sent.cells[IDENTITY]
                near = ", ".join(p.id for p in [*self.blank.auditors, *self.blank.auditees])
                told = {"text": person.text if person else "", "choices": near}
                self.problems.append(Problem(cell.place, "F006", told))
                continue
            if image:
                self._shot(image, signed=(said, known))
            yield Signature.model_construct(role=said, person=known, at=self.sent.at, drawn=None)

    def _signs(self) -> Iterator[tuple[Cell | None, Cell | None, Cell | None]]:
        rows = [row for row in self.sent.rows if text_in(row, ROLE) or text_in(row, SIGNER)]
        for row in rows:
            yield row.get(ROLE), row.get(SIGNER), row.get(SIGNATURE)
        cell = self.sent.cells.get(SIGN_LINES)
        if rows or cell is None:
            return
        for line in cell.text.split(ROW_SIGN):
            facts = [*line.split(FIELD_SIGN), *[""] * _SIGN][:_SIGN]
            cells = [
                Cell(text, cell.place, cell.header) if text.strip() else None for text in facts
            ]
            if any(cells):
                yield cells[0], cells[1], cells[2]


def _chosen(said: str, people: Sequence[Person]) -> str:
    """Give the staff number a choice stands for; what is none stays as it is.

    Kobo's workbook writes a choice that looks like a number as one: `0012` comes as 12, and `12E3`
    as 12000.
    """
    ids = dict.fromkeys(person.id for person in people)
    found = [one for one in ids if choice(one) == said]
    if not found and (number := _number(said)) is not None:
        found = [one for one in ids if _number(choice(one)) == number]
    return found[0] if len(found) == 1 else said


def _number(said: str) -> float | None:
    try:
        return float(said)
    except ValueError:
        return None


def _parts(result: str, parts: dict[str, str], ask: Ask) -> dict[str, str]:
    """Leave parts that all conform out of a case that does not: what is worse was meant.

    Of a case that conforms, whoever told one part said with the whole that the others conform.
    """
    if result == "yes" and any(parts.values()):
        return {part.id: parts.get(part.id) or "yes" for part in ask.item.parts}
    return parts if result != "no" or {"no", "partial"} & {*parts.values()} else {}


def _word(said: str, words: Sequence[str]) -> str:
    """Give the answer word a choice stands for; what is none stays as it is."""
    return next((word for word in words if choice(word) == said), said)
