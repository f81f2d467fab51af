"""Scores of tables that are larger than memory: cut by audit, scored part by part, and merged."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence import margin, store
from sopaudit.evidence.cut import AT_ONCE, Cutting, PartedTable, Piece
from sopaudit.evidence.fileset import origins
from sopaudit.evidence.frames import Reader
from sopaudit.evidence.mapping import MappingFile, column_names
from sopaudit.evidence.plan import Plan, plan
from sopaudit.evidence.readings import Notes, Readings
from sopaudit.evidence.source import Table
from sopaudit.evidence.store import Store
from sopaudit.evidence.tables import open_tables
from sopaudit.evidence.unreadable import Origins
from sopaudit.findings.conclusion import placed_scores
from sopaudit.findings.parts import Engine, Shared, parts_for, rows_about
from sopaudit.findings.scoring import COLUMNS
from sopaudit.problems import Problem, in_file_order

_MERGED: Final = 1 << 16
"""Rows of scores that are laid out at a time."""


@dataclass(frozen=True)
class Scoring:
    """Scores parts; goes to every worker."""

    folder: Path
    handbook: Handbook
    plan: Plan
    tables: Mapping[str, PartedTable]
    origins: Mapping[str, Origins]
    key: str
    """Changes with everything scores depend on."""

    @property
    def stem(self) -> str:
        """How the names of all its files begin."""
        return f"scores-{self.key[:24]}"

    def name(self, part: int) -> str:
        """Give the name of a part's scores on disk."""
        return f"{self.stem}-{part}"

    def done(self, part: int) -> bool:
        """Say whether a part was scored before."""
        return store.sound(self.folder / self.name(part), self.key)

    def __call__(self, part: int) -> int:
        """Score a part, and give its number."""
        notes = Notes()
        tables: dict[str, Table] = {name: each.part(part) for name, each in self.tables.items()}
        reader = Reader(self.plan, tables, self.handbook, notes)
        scores, places = placed_scores(self.handbook, reader.frames(AT_ONCE))
        noted, arrays = margin.stored(notes.located(self.origins))
        texts = {}
        for name in COLUMNS[1:]:
            codes, distinct = pd.factorize(scores[name])
            arrays[name] = codes.astype(np.min_scalar_type(len(distinct)))
            texts[name] = distinct.tolist()
        audits = [audit.encode("utf-8", "surrogatepass") for audit in scores["audit"]]
        arrays["places"] = places
        arrays["audits"] = np.frombuffer(b"".join(audits), np.uint8)
        arrays["ends"] = np.cumsum([0, *map(len, audits)])
        about = {"key": self.key, "notes": noted, "texts": texts}
        store.write(self.folder / self.name(part), about, arrays)
        return part


class BigTables:
    """Answers in tables, to be scored in parts; open it, do its `work`, then look at the scores."""

    def __init__(
        self,
        mapping: MappingFile,
        files: Mapping[str, Path],
        handbook: Handbook,
        *,
        version: str,
        parts: int | None = None,
    ) -> None:
        """Open the tables of a mapping; `files` says where each is, as in `read_tables`.

        Work of another `version` of the engine is not used again.
        """
        self._version = version
        opened, problems = open_tables(mapping, files)
        headers = {name: tables[0].header for name, tables in opened.items()}
        made, wrong = plan(mapping, headers, handbook)
        self.problems_before = [*problems, *wrong]
        self._plan = made
        self._opened = opened
        self._handbook = handbook
        self._mapping = mapping
        rows = max((rows_about([files[name]]) for name in opened), default=0)
        self.parts = parts or parts_for(rows)
        self.jobs = 0
        """How many pieces and parts there are; known when the work has begun."""

        self._scoring: Scoring | None = None
        self._pieces: list[Piece] = []

    def work(self, engine: Engine, folder: Path) -> Iterator[int]:
        """Cut and score; say how many of the `jobs` were done before, and 1 for each that is done.

        What stands in `folder` from an earlier run and still holds is used again.
        """
        if self._plan is None or self.problems_before:
            return
        folder.mkdir(parents=True, exist_ok=True)
        cutting = self._cutting(folder, self._plan)
        pieces = [p for name in self._plan.tables for p in cutting.pieces(name, self._opened[name])]
        scoring = self._scored(folder, self._plan, pieces)
        self._pieces, self._scoring = pieces, scoring
        together = Shared(
            cutting, pieces, self.parts, scoring, lambda: self._ready(scoring, cutting)
        )
        self.jobs = together.jobs
        yield from together.run(engine, folder)

    def _cutting(self, folder: Path, made: Plan) -> Cutting:
        names = made.tables
        wanted = {name: column_names(self._mapping.mapping, name) for name in names}
        columns = {name: made.columns(name) for name in names}
        return Cutting(folder, self.parts, columns, made.audit, wanted, self._version)

    def _scored(self, folder: Path, made: Plan, pieces: Sequence[Piece]) -> Scoring:
        book = self._handbook
        known = [item.id for checklist in made.checklists for item in checklist.items]
        said = [
            *(self._version, self.parts, self._mapping.document.digest, known),
            sorted(
                (name, book.digests.get(name, "")) for name in (*book.checklists, *book.schemes)
            ),
            sorted(person.id for person in book.roster),
            [piece.key for piece in pieces],
        ]
        digest = hashlib.sha256(json.dumps(said).encode()).hexdigest()
        files = [origins(name, self._opened[name]) for name in made.tables]
        bare = _bare(book, made)
        return Scoring(folder, bare, made, {}, {each.name: each for each in files}, digest)

    def _ready(self, scoring: Scoring, cutting: Cutting) -> Scoring:
        """Tell the scoring of parts which blocks there are."""
        blocks: dict[str, list[tuple[int, Path]]] = {name: [] for name in self._opened}
        for piece in self._pieces:
            blocks[piece.table] += [(piece.place, block) for block in cutting.blocks(piece)]
        tables = {
            name: PartedTable(f"\0{name}", first.header, first.floats, first.epoch, (*found,))
            for name, found in blocks.items()
            for first in [self._opened[name][0]]
        }
        told = vars(scoring) | {"tables": tables}
        return Scoring(**told)

    def frames(self) -> Iterator[pd.DataFrame]:
        """Give the scores as tables of `COLUMNS`, one after the other, in order; see `score_table`.

        What is held is about 40 bytes for each audit, whatever it was asked.
        """
        scoring = self._scoring
        parts = [] if scoring is None else [_Scores(self._path(n)) for n in range(self.parts)]
        places = np.concatenate([np.empty(0, np.int64), *(part.places for part in parts)])
        order = np.argsort(places, kind="stable")
        del places
        bounds = np.cumsum([0, *(len(part.places) for part in parts)])
        for start in range(0, max(len(order), 1), _MERGED):
            rows = order[start : start + _MERGED]
            owners = np.searchsorted(bounds, rows, "right") - 1
            texts = {name: np.empty(len(rows), object) for name in COLUMNS}
            for owner in np.unique(owners).tolist():
                mine = np.flatnonzero(owners == owner)
                for name, column in parts[owner].texts(rows[mine] - bounds[owner]).items():
                    texts[name][mine] = column
            yield pd.DataFrame(texts, dtype="str")

    def _path(self, part: int) -> Path:
        if self._scoring is None:
            raise ValueError("nothing was scored yet")
        return self._scoring.folder / self._scoring.name(part)

    @cached_property
    def _notes(self) -> tuple[Notes, int]:
        return self._noted(margin.LOST_ARRAYS)

    def _noted(self, names: Sequence[str]) -> tuple[Notes, int]:
        """Gather what was noted: in pieces first, then in parts; count the cells read by habit."""
        notes, cells = Notes(), 0
        scoring = self._scoring
        if scoring is None:
            return notes, cells
        paths = [scoring.folder / piece.name for piece in self._pieces]
        for path in (*paths, *map(self._path, range(self.parts))):
            with Store(path) as kept:
                about = kept.about["notes"]
                arrays = {name: kept.array(name) for name in names}
            margin.restored(about, arrays, notes)
            cells += margin.cells_read(about)
        return notes, cells

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with mapping and tables, in file order; complete after the work."""
        return in_file_order([*self.problems_before, *self._notes[0].unreadable.problems()])

    def unreadable(self, lang: str) -> pd.DataFrame:
        """List what could not be read; see `AnswerTables`. Grows with such cells."""
        return self._notes[0].unreadable.table(lang)

    @property
    def cells_read(self) -> int:
        """How many cells were not taken literally."""
        return self._notes[1]

    @property
    def readings(self) -> Readings:
        """What was not taken literally. Grows with such cells, so only who wants it asks."""
        return self._noted((*margin.LOST_ARRAYS, *margin.READ_ARRAYS))[0].readings


class _Scores:
    """The scores of a part, as they are on disk, in memory."""

    def __init__(self, path: Path) -> None:
        with Store(path) as kept:
            self.places: NDArray[Any] = kept.array("places")
            self._audits = kept.array("audits").tobytes()
            self._ends = kept.array("ends").astype(np.uint32)
            self._codes = {name: kept.array(name) for name in COLUMNS[1:]}
            self._texts = {
                name: np.array([*texts, ""], object)[:-1]
                for name, texts in kept.about["texts"].items()
            }

    def texts(self, rows: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
        """Spell some rows out."""
        starts, stops = self._ends[rows].tolist(), self._ends[rows + 1].tolist()
        audits = [
            self._audits[a:b].decode("utf-8", "surrogatepass")
            for a, b in zip(starts, stops, strict=True)
        ]
        told = {"audit": np.array([*audits, ""], object)[:-1]}
        return told | {name: self._texts[name][codes[rows]] for name, codes in self._codes.items()}


def _bare(book: Handbook, made: Plan) -> Handbook:
    """Leave of a handbook what scoring asks it: it goes to every worker."""
    nothing: dict[str, Any] = {}
    return Handbook(
        folder=book.folder,
        edition=book.edition,
        title=book.title,
        languages=book.languages,
        organisation=book.organisation,
        units=book.units,
        methods=book.methods,
        provenance=book.provenance,
        regions=nothing,
        offices=nothing,
        roster=book.roster,
        records=book.records,
        posts=nothing,
        rules=nothing,
        checklists={checklist.id: checklist for checklist in made.checklists},
        schemes={name: book.schemes[name] for name in {c.scheme for c in made.checklists}},
        branches=nothing,
    )
