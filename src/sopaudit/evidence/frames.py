"""From the tables of a plan to frames of answers: audits, checklists, and what is known of them."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from sopaudit.criteria.checklist import Item
from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.answers import AnswerFrame, Ints
from sopaudit.evidence.column import Places, coded
from sopaudit.evidence.habits import Known
from sopaudit.evidence.plan import DATE, Plan
from sopaudit.evidence.readings import Notes
from sopaudit.evidence.register import CHECKLIST, UNKNOWN, Register
from sopaudit.evidence.rows import NO_ITEM, UNREADABLE, RowReader, Rows
from sopaudit.evidence.source import Chunk, Table, at, data

_Code = TypeVar("_Code", bound=np.generic)


class Reader:
    """Reads the tables of a plan, once, into frames; what cannot be read is noted."""

    def __init__(
        self, plan: Plan, tables: Mapping[str, Table], handbook: Handbook, notes: Notes
    ) -> None:
        self.plan = plan
        self.tables = tables
        self.table = tables[plan.answers]
        self.notes = notes
        self.unreadable = notes.unreadable
        self.register = Register(plan, tables, notes)
        self.rows = RowReader(plan, self.table, handbook, notes)
        sizes = [len(checklist.items) for checklist in plan.checklists]
        self.home = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        """Per item, the place of its checklist."""

        self.start = np.cumsum([0, *sizes[:-1]], dtype=np.int32)
        """Per checklist, the place of its first item."""

        self.order = {checklist.id: n for n, checklist in enumerate(plan.checklists)}
        self.seen = np.zeros(0, np.bool_)
        """Per audit, whether its row in a wide table was read."""

        self.framed: set[str] = set()
        """Audits that got a frame, where that is not certain."""

    def frames(self, rows: int) -> Iterator[AnswerFrame]:
        """Read the other tables whole, then the answers, so many rows at a time.

        The first frame of a checklist holds all its audits that are listed in another table.
        """
        for name in self.plan.tables:
            self.tables[name].opening(self.notes)
            if name != self.plan.answers:
                self.register.read(name, rows)
        columns = self.plan.columns(self.plan.answers)
        first = True
        for chunk in data(self.table, columns, rows, self.notes):
            yield from self._frames(chunk, first=first)
            first = False
        if first:
            nothing = {name: coded([]) for name in columns}
            yield from self._frames(Chunk(np.empty(0, np.int32), nothing), first=True)
        self._note_unframed()

    def _frames(self, chunk: Chunk, *, first: bool) -> Iterator[AnswerFrame]:
        """Make a frame for each checklist that occurs in the chunk."""
        plan = self.plan
        places = self.register.places(plan.answers, chunk, new=not plan.joined)
        self.register.learn(plan.answers, chunk, places)
        wide = self.rows.wide(chunk, self._once(chunk, places)) if plan.wide else None
        rows = wide or self.rows.long(chunk)
        audits = places[rows.source]
        lists = self._checklists(chunk, audits, rows)
        self._note_unasked(chunk, rows, audits)
        for n in range(len(plan.checklists)):
            mine = (lists == n) & (audits != UNKNOWN)
            here = _distinct(_some(audits, mine))
            if first and plan.joined:
                here = np.union1d(here, self._listed(n))
            if len(here):
                self.framed.update(() if plan.constant else self.register.names(here))
                said = mine & (rows.kind >= 0)
                source, item = _some(rows.source, said), _some(rows.item, said)
                answers = Rows(source, item, _some(rows.kind, said))
                yield self._frame(n, chunk, answers, _some(audits, said), here)

    def _once(self, chunk: Chunk, places: Ints) -> Places:
        """Choose the rows of a wide table: one for each audit, or all if more tells them apart."""
        if self.plan.repeated:
            return np.flatnonzero(places != UNKNOWN)
        more = np.zeros(len(self.register) - len(self.seen), np.bool_)
        self.seen = np.concatenate([self.seen, more])
        once = self.register.once(self.plan.answers, chunk, places, self.seen)
        self.seen[places[once]] = True
        return once

    def _checklists(self, chunk: Chunk, audits: Ints, rows: Rows) -> Ints:
        """Find the checklist of each answer; one that has not got its item is noted."""
        column = self.plan.checklist
        if column is None:
            return np.where(rows.item == NO_ITEM, UNKNOWN, self.home[rows.item]).astype(np.int32)
        if column.name is None:
            return np.zeros(len(audits), np.int32)
        if CHECKLIST in self.register.known:
            lists = np.where(audits == UNKNOWN, UNKNOWN, self._of_audits[audits])
        else:
            cells, spot = chunk.columns[column.name], at(self.table, column.name)
            known = Known(self.order)
            taken = {code: known.meant(text) for code, text in cells.distinct().items()}
            texts = self.notes.taken(cells, spot, chunk.rows, taken)
            bad = cells.where([code for code, text in texts.items() if text not in self.order])
            told = cells.rows(bad).spelled()
            self.unreadable.add("T022", spot, chunk.rows[bad], told, tuple(self.order))
            places = {code: self.order.get(text, UNKNOWN) for code, text in texts.items()}
            lists = cells.table(places)[cells.codes][rows.source]
        self._note_strays(chunk, rows, lists)
        return lists.astype(np.int32)

    @cached_property
    def _of_audits(self) -> Ints:
        """The checklist of each audit, where another table says it."""
        everyone = np.arange(len(self.register), dtype=np.int32)
        texts = self.register.facts(CHECKLIST, everyone)
        return np.array([self.order.get(text, UNKNOWN) for text in texts], np.int32)

    def _note_strays(self, chunk: Chunk, rows: Rows, lists: Ints) -> None:
        """Note answers whose item belongs to another checklist than their row's."""
        stray = np.flatnonzero(
            (rows.kind >= 0) & (lists != UNKNOWN) & (self.home[rows.item] != lists)
        )
        ids = [self.rows.items[n][0].id for n in rows.item[stray].tolist()]
        names = list(self.order)
        for n in np.unique(lists[stray]).tolist():
            where = np.flatnonzero(lists[stray] == n)
            told = [ids[at_row] for at_row in where.tolist()]
            numbers = chunk.rows[rows.source[stray[where]]]
            spot = self.rows.spot("item")
            self.unreadable.add("T014", spot, numbers, told, checklist=names[n])
        rows.kind[stray] = UNREADABLE

    def _note_unasked(self, chunk: Chunk, rows: Rows, audits: Ints) -> None:
        """Note answers to items that are not in force on the day of their audit."""
        for n, item in self._spans:
            mine = np.flatnonzero((rows.item == n) & (rows.kind >= 0) & (audits != UNKNOWN))
            days = self.register.days(audits[mine])
            known = mine[~np.isnat(days)]
            days = days[~np.isnat(days)]
            early = item.effective_from is not None and days < np.datetime64(item.effective_from)
            late = item.effective_until is not None and days > np.datetime64(item.effective_until)
            wrong = known[early | late]
            spot, told = self.rows.spot("item"), {"item": item.id, "span": item.span}
            self.unreadable.add("A130", spot, chunk.rows[rows.source[wrong]], [item.id], **told)
            rows.kind[wrong] = UNREADABLE

    @cached_property
    def _spans(self) -> list[tuple[int, Item]]:
        """The items that are not always asked, and their places."""
        items = enumerate(item for item, _ in self.rows.items)
        return [(n, i) for n, i in items if i.effective_from or i.effective_until]

    def _listed(self, n: int) -> Places:
        """Find the audits another table gives to a checklist."""
        if self.plan.constant:
            return np.arange(len(self.register))
        if CHECKLIST in self.register.known:
            return np.flatnonzero(self._of_audits == n)
        return np.empty(0, np.intp)

    def _frame(self, n: int, chunk: Chunk, rows: Rows, audits: Ints, here: Places) -> AnswerFrame:
        """Make the frame of a checklist from its answers and its audits `here`."""
        checklist = self.plan.checklists[n]
        least, most = int(here[0]), int(here[-1])
        position = np.zeros(most - least + 1, np.int32)
        position[here - least] = np.arange(len(here))
        facts = [name for name in self.plan.known if name != DATE]
        kinds = tuple(self.rows.kinds)
        used = np.flatnonzero(np.bincount(rows.kind, minlength=len(kinds)))
        answer = np.zeros(len(kinds), np.int32)
        answer[used] = np.arange(len(used))
        source = rows.source
        remarks, texts = self.rows.texts("note", chunk)
        noted = remarks.rows(source).where(texts) if texts else np.empty(0, np.intp)
        told = [texts[code] for code in remarks.codes[source[noted]].tolist()]
        people, names = self.rows.texts("person", chunk)
        whom = {code: number for number, code in enumerate(names)}
        return AnswerFrame(
            checklist=checklist.id,
            audits=self.register.names(here),
            dates=self.register.days(here),
            audit=position[audits - least],
            items=tuple(item.id for item in checklist.items),
            item=rows.item - self.start[n],
            kinds=tuple(kinds[kind] for kind in used.tolist()),
            answer=answer[rows.kind],
            row=chunk.rows[source],
            facts={name: self.register.facts(name, here) for name in facts},
            notes=dict(zip(noted.tolist(), told, strict=True)),
            persons=tuple(names.values()),
            person=people.table(whom)[people.codes[source]] if names else None,
            named=np.array([self.register.rows[place] for place in here.tolist()], np.int64),
        )

    def _note_unframed(self) -> None:
        """Note audits that nothing gives a checklist."""
        if self.plan.constant or CHECKLIST in self.register.known:
            return
        lost = [(n, name) for n, name in enumerate(self.register.ids) if name not in self.framed]
        listing = self.plan.tables[0]
        spot = at(self.tables[listing], self.plan.audit[listing])
        rows = np.array([self.register.rows[n] for n, _ in lost], np.int64)
        self.unreadable.add("T017", spot, rows, [name for _, name in lost])


def _some(column: npt.NDArray[_Code], wanted: npt.NDArray[np.bool_]) -> npt.NDArray[_Code]:
    """Give the wanted rows of a column; all of them, the usual case, without a copy."""
    return column if wanted.all() else column[wanted]


def _distinct(codes: Ints) -> Places:
    """Give the codes that occur, in order; what it costs is their span, not how many there are."""
    if not len(codes):
        return np.empty(0, np.intp)
    least = codes.min()
    found: Places = np.flatnonzero(np.bincount(codes - least)) + least
    return found
