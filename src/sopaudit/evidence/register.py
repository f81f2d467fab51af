"""The audits that tables tell of, in the order they are first named, and what is known of them.

It grows with the audits, not with the answers; so this is what streaming has to hold.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import repeat
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from sopaudit.evidence.answers import Days, Ints
from sopaudit.evidence.column import Coded, Places
from sopaudit.evidence.habits import LOST, Known, Taken, keys
from sopaudit.evidence.plan import DATE, Plan
from sopaudit.evidence.readings import Notes
from sopaudit.evidence.source import Chunk, Table, at, data
from sopaudit.evidence.unreadable import Spot

CHECKLIST: Final = "\0checklist"
"""The checklist of an audit, among what is known of it; no fact of a mapping has this name."""

Indexes = npt.NDArray[np.integer]
Bools = npt.NDArray[np.bool_]
UNKNOWN: Final = -1
"""The place of an audit nobody listed."""

_ID: Final = re.compile(r"[!-~]+")
"""A text that is an audit id even where nothing else is said; headings have blanks or Chinese."""

_ISO: Final = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?")


def day(text: str) -> date | None:
    """Read `2026-10-20`, alone or before a time of day; None where the text is no date."""
    if not _ISO.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None


class Register:
    """Audit ids and what is known of them."""

    def __init__(self, plan: Plan, tables: Mapping[str, Table], notes: Notes) -> None:
        self.plan = plan
        self.tables = tables
        self.notes = notes
        self.unreadable = notes.unreadable
        self.known = {name: c for name, c in plan.known.items() if c.name is not None}
        lists = plan.checklist
        if lists is not None and lists.name is not None and lists.table != plan.answers:
            self.known[CHECKLIST] = lists
        self.ids: list[str] = []
        self.rows: list[int] = []
        """Where each was first named, counted from 1 with the header."""

        self._places: dict[str, int] = {}
        self._keys: dict[str, str] = {}
        """By `key`, the first audit that has it."""

        self._listed = Known(())
        self._checklists = Known(checklist.id for checklist in plan.checklists)
        self._asked = {name: Known(known) for name, known in plan.facts.items()}
        """Of facts that surcharges ask, what they may say."""

        self._facts: dict[str, list[str]] = {name: [] for name in self.known}

    def __len__(self) -> int:
        return len(self.ids)

    def names(self, places: Indexes) -> tuple[str, ...]:
        """Give the ids of the audits at `places`."""
        return tuple(map(self.ids.__getitem__, places.tolist()))

    def facts(self, name: str, places: Indexes) -> tuple[str, ...]:
        """Give what is known under `name` of the audits at `places`."""
        if name in self._facts:
            return tuple(map(self._facts[name].__getitem__, places.tolist()))
        column = self.plan.known.get(name)
        return ("" if column is None else column.always,) * len(places)

    def days(self, places: Indexes) -> Days:
        """Give the days of the audits at `places`; NaT where there is none."""
        nothing = np.datetime64("NaT", "D")
        if DATE not in self.plan.known:
            return np.full(len(places), nothing)
        texts = self.facts(DATE, places)
        known = {text: np.datetime64(found, "D") for text in set(texts) if (found := day(text))}
        return np.array([known.get(text, nothing) for text in texts], dtype="datetime64[D]")

    def read(self, name: str, rows: int) -> None:
        """Read a table that has one row for each audit."""
        table = self.tables[name]
        seen = np.zeros(0, np.bool_)
        for chunk in data(table, self.plan.columns(name), rows, self.notes):
            places = self.places(name, chunk, new=name == self.plan.tables[0])
            seen = np.concatenate([seen, np.zeros(len(self) - len(seen), np.bool_)])
            once = self.once(name, chunk, places, seen)
            seen[places[once]] = True
            self.learn(name, chunk, places, once)

    def places(self, name: str, chunk: Chunk, *, new: bool) -> Ints:
        """Find the audit of each row; with `new`, unknown ones are added, else they are noted."""
        audits, spot = self.column(name, chunk)
        texts = self._ids(name, chunk, new=new)
        if new:
            texts |= self._headings(name, chunk, texts)
        blank = audits.where([code for code, text in texts.items() if not text])
        self.unreadable.add("T012", spot, chunk.rows[blank], [""])
        settled = {"", LOST}
        strangers = [c for c, t in texts.items() if t not in self._places and t not in settled]
        if new:
            first = audits.first()
            strangers.sort(key=first.__getitem__)
            self._note_alike(
                [texts[code] for code in strangers], chunk.rows[first[strangers]], spot
            )
            self._enter([texts[code] for code in strangers], chunk.rows[first[strangers]].tolist())
        else:
            where = audits.where(strangers)
            told = audits.rows(where).spelled()
            self.unreadable.add("T011", spot, chunk.rows[where], told, table=self.plan.tables[0])
        found = map(self._places.get, texts.values(), repeat(UNKNOWN))
        return audits.table(dict(zip(texts, found, strict=True)))[audits.codes]

    def _ids(self, name: str, chunk: Chunk, *, new: bool) -> dict[int, str]:
        """Give the audit id of each code; of listed ones also where written otherwise."""
        audits, spot = self.column(name, chunk)
        texts, floats = audits.distinct(), self.tables[name].floats
        if not new and len(self._listed.ids) != len(self):
            self._listed = Known(self.ids)
        known = None if new else self._listed
        taken = self.notes.habits.ids(texts, known, floats=floats)
        return texts | self.notes.taken(audits, spot, chunk.rows, taken)

    def _headings(self, name: str, chunk: Chunk, texts: Mapping[int, str]) -> dict[int, str]:
        """Find headings and footnotes, which name no audit: `LOST` by code, and noted.

        Nothing else stands in their row, and no id looks like them.
        """
        if _ID.fullmatch("".join(texts.values())):
            return {}
        audits, spot = self.column(name, chunk)
        others = [cells for cells in chunk.columns.values() if cells is not audits]
        prose = [
            c for c, text in texts.items() if text not in {"", LOST} and not _ID.fullmatch(text)
        ]
        if not others or not prose:
            return {}
        silent = np.ones(len(chunk.rows), np.bool_)
        for cells in others:
            said = cells.table({code: 1 for code, text in cells.distinct().items() if text}, 0)
            silent &= said[cells.codes] == 0
        spoken = set(audits.codes[~silent].tolist())
        headings = [
            code for code in prose if code not in spoken and texts[code] not in self._places
        ]
        where = audits.where(headings)
        self.unreadable.add("T033", spot, chunk.rows[where], audits.rows(where).spelled())
        return dict.fromkeys(headings, LOST)

    def _note_alike(self, names: Sequence[str], rows: Indexes, spot: Spot) -> None:
        """Note new audits whose ids are other writings of one before."""
        for name, folded, row in zip(names, keys(names), rows.tolist(), strict=True):
            other = self._keys.setdefault(folded, name)
            if other != name:
                told = {"other": other}
                self.unreadable.add("T036", spot, np.array([row]), [name], **told)

    def column(self, name: str, chunk: Chunk) -> tuple[Coded, Spot]:
        """Give the audit ids of a chunk, and where they stand."""
        column = self.plan.audit[name]
        return chunk.columns[column], at(self.tables[name], column)

    def _enter(self, ids: Sequence[str], rows: Sequence[int]) -> None:
        """Add audits in this order; ids that differed only in blanks around them are one."""
        first = dict(zip(reversed(ids), reversed(rows), strict=True))
        new = {name: first[name] for name in ids}
        self._places.update(zip(new, range(len(self), len(self) + len(new)), strict=True))
        self.ids.extend(new)
        self.rows.extend(new.values())
        for texts in self._facts.values():
            texts.extend(repeat("", len(new)))

    def once(self, name: str, chunk: Chunk, places: Ints, seen: Bools) -> Places:
        """Find the rows that are the first of their audit; later ones are noted."""
        known = np.flatnonzero(places != UNKNOWN)
        later = pd.Series(places[known]).duplicated().to_numpy() | seen[places[known]]
        again = known[later]
        _, spot = self.column(name, chunk)
        self.unreadable.add("T020", spot, chunk.rows[again], self.names(places[again]))
        return known[~later]

    def learn(self, name: str, chunk: Chunk, places: Ints, here: Places | None = None) -> None:
        """Note what a table, or only its rows `here`, says of the audits.

        What is said first holds; a row that says something else is noted.
        """
        for fact, column in self.known.items():
            if column.table != name or column.name is None:
                continue
            if here is None:
                here = np.flatnonzero(places != UNKNOWN)
            cells, spot = chunk.columns[column.name], at(self.tables[name], column.name)
            texts = self._readable(fact, cells, spot, chunk.rows)
            said = cells.table({code: 1 for code, text in texts.items() if text}, 0)
            filled = here[said[cells.codes[here]] == 1]
            pairs = places[filled].astype(np.int64) * cells.size + cells.codes[filled]
            told = filled[~pd.Series(pairs).duplicated().to_numpy()]
            known = self._facts[fact]
            codes = cells.codes[told].tolist()
            for row, place, code in zip(told, places[told].tolist(), codes, strict=True):
                if known[place] not in ("", texts[code]):
                    values = {"audit": self.ids[place], "first": known[place]}
                    self.unreadable.add("T021", spot, chunk.rows[[row]], [texts[code]], **values)
                else:
                    known[place] = texts[code]

    def _readable(self, fact: str, cells: Coded, spot: Spot, rows: Indexes) -> dict[int, str]:
        """Give the text of each code, empty where it says nothing or cannot be read."""
        texts = {code: self.plan.said(text) for code, text in cells.distinct().items()}
        if fact in self._asked:
            texts = {code: self.plan.value(text) for code, text in texts.items()}
        texts |= self.notes.taken(cells, spot, rows, self._taken(fact, texts))
        bad: list[int] = []
        if fact == DATE:
            bad = [
                code for code, text in texts.items() if text not in {"", LOST} and day(text) is None
            ]
            self._note("T019", cells, bad, spot, rows)
        elif fact == CHECKLIST:
            known = [checklist.id for checklist in self.plan.checklists]
            bad = [code for code, text in texts.items() if text not in (*known, LOST)]
            self._note("T022", cells, bad, spot, rows, known)
        elif fact in self._asked:
            rates = [*self._asked[fact].ids]
            bad = [code for code, text in texts.items() if text not in {*rates, "", LOST}]
            self._note("T122", cells, bad, spot, rows, rates, fact=fact)
        lost = [code for code, text in texts.items() if text == LOST]
        return texts | dict.fromkeys([*bad, *lost], "")

    def _taken(self, fact: str, texts: Mapping[int, str]) -> dict[int, Taken]:
        """Take what is said of audits as this fact is written; plain texts are left out."""
        table, habits = self.tables[self.known[fact].table], self.notes.habits
        said = {code: text for code, text in texts.items() if text}
        if fact == DATE:
            return {c: habits.day(t, table.epoch) for c, t in said.items() if day(t) is None}
        odd = set(habits.odd(said.values(), floats=table.floats))
        taken = {c: habits.prose(t, floats=table.floats) for c, t in said.items() if t in odd}
        if fact == CHECKLIST:
            return {c: self._checklists.meant(t) for c, t in said.items()} | taken
        if fact in self._asked:
            return {c: self._asked[fact].meant(t) for c, t in said.items()} | taken
        return taken

    def _note(  # noqa: PLR0913, PLR0917 -- all that a noted cell is made of
        self,
        code: str,
        cells: Coded,
        bad: Sequence[int],
        spot: Spot,
        rows: Indexes,
        near: Sequence[str] = (),
        **words: str,
    ) -> None:
        where = cells.where(bad)
        told = cells.rows(where).spelled()
        self.unreadable.add(code, spot, rows[where], told, near, **words)
