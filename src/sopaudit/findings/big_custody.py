"""A ledger larger than memory: cut by part number, custody and rules part by part, and merged.

Every slot has one part number and every chain of moves stays with it, so balances of all parts laid
together are those of the whole. Rules are heard where a case never joins moves of two part numbers;
the others are named, and are for a ledger that is read in one go.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from sopaudit.evidence import store
from sopaudit.evidence.cut import PartedTable, Piece
from sopaudit.evidence.habits import habits
from sopaudit.evidence.ledgercut import PART, LedgerCutting, LedgerPart, of_part
from sopaudit.evidence.logsource import How
from sopaudit.evidence.records import AT, MOVES, OpenedRecord, Records
from sopaudit.evidence.store import Store
from sopaudit.findings.big_evidence import BigEvidence, added_holders, added_places, told_of
from sopaudit.findings.custody.custody import custody_of
from sopaudit.findings.custody.entries import KEYS
from sopaudit.findings.custody.partial import (
    Found,
    found_of,
    merged_balances,
    merged_findings,
    merged_verdicts,
    slots_from,
    slots_of,
)
from sopaudit.findings.loss import losses
from sopaudit.findings.parts import Engine, Shared, parts_for, rows_about
from sopaudit.findings.parts_evidence import PartsEvidence
from sopaudit.findings.partwise import partwise
from sopaudit.findings.rules.case import VERDICTS
from sopaudit.findings.rules.engine import hear
from sopaudit.problems import Place, Problem, in_file_order


@dataclass(frozen=True)
class Keeping:
    """Keeps the custody of parts; goes to every worker."""

    folder: Path
    ledger: OpenedRecord
    records: Records
    """All records but the moves."""

    now: np.datetime64
    rules: tuple[str, ...]
    parts: int
    floats: bool
    table: PartedTable | None
    keys: Sequence[str]
    """Per part: changes with everything its result depends on."""

    stem: str

    def name(self, part: int) -> str:
        """Give the name of a part's result on disk."""
        return f"{self.stem}-{part}"

    def done(self, part: int) -> bool:
        """Say whether a part was done before; before the ledger is cut nobody knows."""
        return bool(self.keys) and store.sound(self.folder / self.name(part), self.keys[part])

    def __call__(self, part: int) -> int:
        """Work a part out, and give its number."""
        if self.table is None:
            raise ValueError("the ledger is not cut yet")
        at = self.ledger.columns.get(AT)
        table = LedgerPart(self.table, part, (at,) if at else ())
        lines, wrong = self.ledger.read(table)
        others = of_part(self.records, part, self.parts, floats=self.floats)
        records = replace(self.records, lines={**others, MOVES: lines})
        handbook = self.ledger.handbook
        custody = custody_of(records, handbook, self.now)
        results = hear(handbook, records, self.now, rules=self.rules)
        found = losses(custody, results, handbook)
        told = {
            **told_of(PartsEvidence(custody, results, found)),
            "moves": len(lines),
            "problems": [
                [p.place.path, p.place.line, p.place.column, p.code, dict(p.values)] for p in wrong
            ],
            "decimals": custody.entries.decimals,
            "values": custody.value_decimals,
            "verdicts": {
                rule: [
                    np.bincount(p.cases.verdict, minlength=len(VERDICTS)).tolist() for p in r.parts
                ]
                for rule, r in results.items()
            },
            "found": [astuple(found_of(custody, loss)) for loss in found],
        }
        arrays = {**slots_of(custody), "told": np.frombuffer(json.dumps(told).encode(), np.uint8)}
        store.write(self.folder / self.name(part), {"key": self.keys[part]}, arrays)
        return part


@dataclass(frozen=True, eq=False)
class BigKept:
    """What a ledger came to that was kept in parts; what is in the slots stays on disk."""

    moves: int
    decimals: int
    """Units of all quantities are powers of ten below 1."""

    value_decimals: int
    verdicts: Mapping[str, Sequence[Sequence[int]]]
    """By rule, of each of its parts: cases by verdict, in the order of `VERDICTS`."""

    findings: tuple[Found, ...]
    evidence: BigEvidence
    """What is where and who owes what, with the findings."""

    problems: tuple[Problem, ...]
    """Cells that cannot be read, in file order; of each part the first twenty of a sort."""

    parts: Sequence[Path]
    scales: Sequence[int]

    def balances(self, by: Sequence[str] = KEYS, *, ours: bool = False) -> pd.DataFrame:
        """Add up what is where, as `Custody.balances` does."""
        return merged_balances(self._added(by, ours=ours), by)

    def _added(self, by: Sequence[str], *, ours: bool) -> Iterator[pd.DataFrame]:
        for path, scale in zip(self.parts, self.scales, strict=True):
            with Store(path) as kept:
                yield slots_from(kept, by, ours=ours, scale=scale)

    @cached_property
    def digest(self) -> str:
        """Give the digest of all balances and findings, the same however the ledger was cut."""
        total = 0
        for frame in self._added(KEYS, ours=False):
            for row in frame.itertuples(index=False):
                total += _number([*row[:-1], int(row[-1])])
        for found in self.findings:
            total += _number(astuple(found))
        whole = _number([total % _WIDE, self.moves, dict(self.verdicts)])
        return f"sha256:{whole:064x}"


_WIDE: Final = 1 << 256


def _number(said: object) -> int:
    """Give the digest of one row as a number: rows may be added up in any order."""
    return int.from_bytes(hashlib.sha256(json.dumps(said, sort_keys=True).encode()).digest())


class BigCustody:
    """A ledger to be kept in parts; do its `work`, then look at the `result`."""

    def __init__(
        self,
        ledger: OpenedRecord,
        records: Records,
        now: np.datetime64,
        *,
        version: str,
        parts: int | None = None,
    ) -> None:
        """Take the moves as they were opened, and the other records.

        Work of another `version` of the engine is not used again. Raises TypeError where the moves
        have no table or no column of part numbers.
        """
        if ledger.table is None or PART not in ledger.columns:
            raise TypeError("a ledger is cut by the numbers of its parts")
        self._table = ledger.table
        self._ledger = ledger
        self._records = records
        self._now = now
        self._version = version
        kept = {*records.lines, MOVES}
        self.rules, self.unheard = partwise(ledger.handbook, kept)
        """The rules that are heard, and those that are not, each with why not."""

        self.parts = parts or 2 * parts_for(rows_about([Path(self._table.spot.file)]))
        self.jobs = 0
        self._keeping: Keeping | None = None
        said = [version, str(now), records.office, self.rules, _digests(ledger), _held(records)]
        self._key = hashlib.sha256(json.dumps(said).encode()).hexdigest()

    def work(self, engine: Engine, folder: Path) -> Iterator[int]:
        """See `Big`."""
        folder.mkdir(parents=True, exist_ok=True)
        cutting = self._cutting(folder)
        pieces = list(cutting.pieces(MOVES, [self._table]))
        # Workers need not carry the table itself along.
        blank = Keeping(
            folder,
            replace(self._ledger, table=None),
            self._records,
            self._now,
            self.rules,
            self.parts,
            self._table.floats,
            None,
            (),
            f"checks-{self._key[:24]}",
        )
        self._keeping = blank

        def ready() -> Keeping:
            self._keeping = self._ready(blank, cutting, pieces)
            return self._keeping

        together = Shared(cutting, pieces, self.parts, blank, ready)
        self.jobs = together.jobs
        yield from together.run(engine, folder)

    def _cutting(self, folder: Path) -> LedgerCutting:
        columns = self._ledger.columns
        times = (columns[AT],) if AT in columns else ()
        texts = tuple(dict.fromkeys(c for c in columns.values() if c not in times))
        blank = self._ledger.blank
        how = How(self._ledger.form, self._ledger.zone, _Blank(blank))
        return LedgerCutting(
            folder,
            self.parts,
            {MOVES: texts},
            {MOVES: columns[PART]},
            {MOVES: (*texts, *times)},
            f"{self._version} {how.form} {how.zone} {sorted(blank)}",
            times=times,
            how=how,
            blank=blank,
        )

    def _ready(self, blank: Keeping, cutting: LedgerCutting, pieces: Sequence[Piece]) -> Keeping:
        """Tell the work which blocks there are, and what each part depends on."""
        blocks = [(piece.place, block) for piece in pieces for block in cutting.blocks(piece)]
        digests = [hashlib.sha256(self._key.encode()) for _ in range(self.parts)]
        for _, path in blocks:
            with Store(path) as block:
                for digest, mark in zip(digests, block.about["marks"], strict=True):
                    digest.update(mark.encode())
        first = self._table
        table = PartedTable(MOVES, first.header, first.floats, first.epoch, (*blocks,))
        return replace(blank, table=table, keys=[digest.hexdigest() for digest in digests])

    @property
    def result(self) -> BigKept:
        """What came of it; there once the work is done."""
        if self._keeping is None:
            raise ValueError("nothing was worked out yet")
        paths = [self._keeping.folder / self._keeping.name(n) for n in range(self.parts)]
        told: list[dict[str, Any]] = []
        for path in paths:
            with Store(path) as kept:
                told.append(json.loads(kept.array("told").tobytes()))
        decimals = max(one["decimals"] for one in told)
        values = max(one["values"] for one in told)
        handbook = self._ledger.handbook
        sorts = [sort.id for sort in handbook.parts.losses] if handbook.parts is not None else []
        found = merged_findings((_findings(one, decimals, values) for one in told), sorts)
        scaled = [
            (one, 10 ** (decimals - one["decimals"]), 10 ** (values - one["values"]))
            for one in told
        ]
        nothing = custody_of(Records({}, self._records.office), handbook, self._now)
        evidence = BigEvidence(
            nothing,
            decimals,
            values,
            added_places(scaled, nothing.entries.slots.places.ids),
            added_holders(scaled),
            found,
        )
        return BigKept(
            sum(one["moves"] for one in told),
            decimals,
            values,
            merged_verdicts(one["verdicts"] for one in told),
            found,
            evidence,
            tuple(in_file_order(p for one in told for p in _problems(one))),
            paths,
            [units for _, units, _ in scaled],
        )


@dataclass(frozen=True)
class _Blank:
    """Says whether a text of a time says nothing; goes to workers."""

    words: frozenset[str]

    def __call__(self, text: str) -> bool:
        return text in self.words or habits().blank(text)


def _findings(told: Mapping[str, Any], decimals: int, values: int) -> list[Found]:
    """Read the findings of a part, in units all parts share."""
    found = []
    for row in told["found"]:
        said = dict(zip(Found.__dataclass_fields__, row, strict=True))
        one = Found(**{**said, "chain": tuple(map(tuple, said["chain"]))})
        qty = one.qty * 10 ** (decimals - told["decimals"])
        found.append(replace(one, qty=qty, value=one.value * 10 ** (values - told["values"])))
    return found


def _problems(told: Mapping[str, Any]) -> Iterator[Problem]:
    for path, line, column, code, values in told["problems"]:
        yield Problem(Place(path, line, column), code, values)


def _digests(ledger: OpenedRecord) -> list[str]:
    """List what a result depends on besides the rows: the handbook and the mapping."""
    book = ledger.handbook
    known = [f"{name} {digest}" for name, digest in sorted(book.digests.items())]
    said = ledger.said.document.digest if ledger.said is not None else ""
    return [*known, said or "", json.dumps(dict(ledger.columns))]


def _held(records: Records) -> list[str]:
    """Digest the other records: what their lines say."""
    found = []
    for name, lines in sorted(records.lines.items()):
        digest = hashlib.sha256(lines.row.tobytes())
        for field in sorted(lines.columns):
            digest.update("\0".join([field, *lines.texts(field)]).encode())
        found.append(f"{name} {digest.hexdigest()}")
    tables = repr(sorted(records.tables.items())).encode()
    return [*found, hashlib.sha256(tables).hexdigest()]
