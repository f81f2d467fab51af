"""A log larger than memory held against workflows: cut by ticket, part by part, and merged.

What a part comes to depends on its rows alone, so after a change only the parts are done again
whose rows are no longer the same.
"""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence import store
from sopaudit.evidence.cut import PartedTable, Piece
from sopaudit.evidence.log import OpenedLog
from sopaudit.evidence.logcut import LogCutting, PartSource
from sopaudit.evidence.logsource import TableSource
from sopaudit.evidence.quality import Example, Measure, Quality, measures
from sopaudit.evidence.quality import merged as merged_quality
from sopaudit.evidence.store import Store
from sopaudit.findings import deviation
from sopaudit.findings.conformance.automaton import Automaton, automaton
from sopaudit.findings.conformance.conform import held
from sopaudit.findings.conformance.merging import added, counted, summed
from sopaudit.findings.conformance.result import STATES, Passage, Step, Variant
from sopaudit.findings.parts import Engine, Shared, parts_for, rows_about
from sopaudit.findings.sorts import Sort, sorts
from sopaudit.findings.sorts import merged as merged_sorts
from sopaudit.problems import Problem

_TABLE: Final = "log"
_READ: Final = 1 << 12
"""Lines of a part that are held while parts are merged."""


@dataclass(frozen=True)
class Checking:
    """Holds parts of a log against workflows; goes to every worker."""

    folder: Path
    log: OpenedLog
    model: Automaton
    as_of: date | None
    office: str
    table: PartedTable | None
    odd: Mapping[str, list[tuple[int, str]]]
    keys: Sequence[str]
    """Per part: changes with everything its result depends on."""

    stem: str

    def name(self, part: int) -> str:
        """Give the name of a part's result on disk."""
        return f"{self.stem}-{part}"

    def done(self, part: int) -> bool:
        """Say whether a part was done before; before the log is cut nobody knows."""
        return bool(self.keys) and store.sound(self.folder / self.name(part), self.keys[part])

    def __call__(self, part: int) -> int:
        """Hold a part against the workflows, and give its number."""
        if self.table is None or self.log.handbook is None:
            raise ValueError("the log is not cut yet")
        source = PartSource(self.table.part(part), dict(self.odd))
        log, passed, problems = self.log.read(source)
        if log is None:  # a number of the log's own is none
            raise UnreadableLogError(problems)
        quality = measures(log, passed, self.log.known)
        found = held(log, self.model, self.log.handbook, self.as_of, office=self.office)
        told = {
            "quality": _kept_quality(quality),
            "events": len(log),
            "states": np.bincount(found.state, minlength=len(STATES)).tolist(),
            "cost": int(found.cost.sum(dtype=np.int64)),
            "variants": [[*v.events, *_numbers(v)] for v in found.variants],
            "said": [[*map(list, v.deviations)] for v in found.variants],
            "boxes": [[key, *_passage(p)] for key, p in found.boxes.items()],
            "moves": [[*key, *_passage(p)] for key, p in found.moves.items()],
            "jumps": [[*key, n] for key, n in found.jumps.items()],
            "sorts": [[*asdict(one).values()] for one in sorts(found.deviations)],
        }
        arrays = {
            "told": np.frombuffer(json.dumps(told).encode(), np.uint8),
            **_lines("lines", deviation.lines(found.deviations)),
            **_lines("keys", deviation.keys(found.deviations)),
        }
        store.write(self.folder / self.name(part), {"key": self.keys[part]}, arrays)
        return part


class UnreadableLogError(Exception):
    """A log cannot be read, which shows only in a part of it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems)
        self.problems = problems


@dataclass(frozen=True, eq=False)
class BigConformance:
    """What a log came to that was held in parts; its deviations stay on disk."""

    count: int
    """So many tickets there are."""

    events: int
    states: tuple[int, ...]
    """In the order of `STATES`."""

    cost: int
    variants: tuple[Variant, ...]
    boxes: Mapping[str, Passage]
    moves: Mapping[Step, Passage]
    jumps: Mapping[Step, int]
    sorts: Sequence[Sort]
    quality: Quality
    parts: Sequence[Path]

    @property
    def digest(self) -> str:
        """That of the deviations; what was written once is not gone through again."""
        if "digest" not in self._known:
            for _ in self.written():
                pass
        return self._known["digest"]

    @cached_property
    def _known(self) -> dict[str, str]:
        return {}

    def totals(self) -> dict[str, int | str]:
        """Give the totals of design §7, as `Conformance` does."""
        named = dict(zip((s.replace(" ", "_") for s in STATES), self.states, strict=True))
        told = {"tickets": self.count, **named, "total_cost": self.cost}
        return {**told, "digest": self.digest}

    def written(self) -> Iterator[bytes]:
        """Write the deviations as one CSV, some thousand lines at a time."""
        digest = hashlib.sha256()
        for piece in deviation.pieces(_merged_lines(self.parts)):
            digest.update(piece)
            yield piece
        self._known["digest"] = f"sha256:{digest.hexdigest()}"


class BigLog:
    """A log to be held in parts; do its `work`, then look at the `result`."""

    def __init__(  # noqa: PLR0913 -- what `conform` takes, and how to share the work
        self,
        log: OpenedLog,
        handbook: Handbook,
        workflow: str | None = None,
        as_of: date | None = None,
        *,
        office: str = "",
        version: str,
        parts: int | None = None,
    ) -> None:
        """Take a log that has been opened; only tables can be cut.

        Work of another `version` of the engine is not used again. Raises TooManyStatesError and
        NoWayError.
        """
        if not isinstance(log.source, TableSource):
            raise TypeError("only a table can be cut")
        self._table = log.source.table
        self._path = Path(self._table.spot.file)
        self._log = replace(log, handbook=handbook)
        self._model = automaton(handbook.workflows, workflow)
        self._as_of = as_of
        self._office = office
        self._version = version
        said = [version, workflow, str(as_of), office, _digests(handbook), _told(log)]
        self._key = hashlib.sha256(json.dumps(said).encode()).hexdigest()
        self.parts = parts or parts_for(rows_about([self._path]))
        self.jobs = 0
        self._checking: Checking | None = None

    def work(self, engine: Engine, folder: Path) -> Iterator[int]:
        """See `Big`."""
        folder.mkdir(parents=True, exist_ok=True)
        cutting = self._cutting(folder)
        pieces = list(cutting.pieces(_TABLE, [self._table]))
        # Workers need not carry the table itself along.
        log = replace(self._log, source=_NONE)
        stem = f"checks-{self._key[:24]}"
        blank = Checking(folder, log, self._model, self._as_of, self._office, None, {}, (), stem)
        self._checking = blank

        def ready() -> Checking:
            self._checking = self._ready(blank, cutting, pieces)
            return self._checking

        together = Shared(cutting, pieces, self.parts, blank, ready)
        self.jobs = together.jobs
        yield from together.run(engine, folder)

    def _cutting(self, folder: Path) -> LogCutting:
        roles = self._log.roles
        columns = (*roles.columns(),)
        return LogCutting(
            folder,
            self.parts,
            {_TABLE: columns},
            {_TABLE: roles.case},
            {_TABLE: (*columns, *roles.times())},
            self._version + json.dumps(_told(self._log)),
            times=(*roles.times(),),
            how=self._log.how,
        )

    def _ready(self, blank: Checking, cutting: LogCutting, pieces: Sequence[Piece]) -> Checking:
        """Tell the work which blocks there are, and what each part depends on."""
        blocks = [(piece.place, block) for piece in pieces for block in cutting.blocks(piece)]
        digests = [hashlib.sha256(self._key.encode()) for _ in range(self.parts)]
        odd: dict[str, list[tuple[int, str]]] = {}
        for _, path in blocks:
            with Store(path) as block:
                marks, lost = block.about["marks"], block.about["odd"]
            for digest, mark in zip(digests, marks, strict=True):
                digest.update(mark.encode())
            for name, rows in lost.items():
                odd.setdefault(name, []).extend((row, text) for row, text in rows)
        first = self._table
        table = PartedTable(_TABLE, first.header, first.floats, first.epoch, (*blocks,))
        return replace(blank, table=table, odd=odd, keys=[d.hexdigest() for d in digests])

    @property
    def result(self) -> BigConformance:
        """What came of it; there once the work is done."""
        if self._checking is None:
            raise ValueError("nothing was checked yet")
        paths = [self._checking.folder / self._checking.name(n) for n in range(self.parts)]
        about = []
        for path in paths:
            with Store(path) as kept:
                about.append(json.loads(kept.array("told").tobytes()))
        states = np.sum([told["states"] for told in about], axis=0).tolist()
        return BigConformance(
            sum(states),
            sum(told["events"] for told in about),
            tuple(states),
            sum(told["cost"] for told in about),
            counted(v for told in about for v in _variants(told)),
            summed({key: Passage(*n) for key, *n in told["boxes"]} for told in about),
            summed({(a, b): Passage(*n) for a, b, *n in told["moves"]} for told in about),
            added({(a, b): n for a, b, n in told["jumps"]} for told in about),
            merged_sorts(Sort(*one) for told in about for one in told["sorts"]),
            merged_quality([_quality(told["quality"]) for told in about]),
            paths,
        )


class _None:
    """Stands for a source nobody reads."""

    header: tuple[str, ...] = ()

    def read(self, *_: object) -> Any:  # noqa: ANN401 -- it never gives anything
        """Refuse."""
        raise ValueError("this log is read in parts")


_NONE: Final = _None()


def _digests(handbook: Handbook) -> list[tuple[str, str]]:
    """List what a result depends on: the workflows, who is who, and the events."""
    names = (*handbook.workflows, "sopaudit", "events")
    roster = hashlib.sha256(repr(handbook.roster).encode()).hexdigest()
    known = [(name, handbook.digests.get(name, "")) for name in names]
    return [*known, ("roster", roster)]


def _told(log: OpenedLog) -> list[str]:
    """Say how a log is read."""
    return [repr(log.roles), log.said.document.digest if log.said is not None else ""]


def _numbers(variant: Variant) -> tuple[int, int, int]:
    return variant.tickets, variant.cost, variant.state


def _variants(told: Mapping[str, Any]) -> Iterator[Variant]:
    for (*events, tickets, cost, state), said in zip(told["variants"], told["said"], strict=True):
        yield Variant(tuple(events), tickets, cost, state, tuple((a, b) for a, b in said))


def _passage(passage: Passage) -> tuple[int, int, int]:
    return passage.times, passage.tickets, passage.deviating


def _kept_quality(quality: Quality) -> dict[str, Any]:
    told = asdict(quality)
    for measure in told["measures"]:
        measure["limit"] = None if measure["limit"] is None else str(measure["limit"])
    return told


def _quality(told: Mapping[str, Any]) -> Quality:
    found = []
    for measure in told["measures"]:
        limit = None if measure["limit"] is None else Fraction(measure["limit"])
        examples = tuple(Example(**example) for example in measure["examples"])
        found.append(Measure(**{**measure, "limit": limit, "examples": examples}))
    return Quality(**{**told, "measures": tuple(found)})


# --- lines of the table on disk ------------------------------------------------------------------


def _lines(name: str, texts: Sequence[str]) -> dict[str, NDArray[Any]]:
    said = [text.encode("utf-8", "surrogatepass") for text in texts]
    return {
        name: np.frombuffer(b"".join(said), np.uint8),
        f"{name} ends": np.cumsum([0, *map(len, said)]),
    }


def _read_lines(kept: Store, name: str, start: int, stop: int) -> list[str]:
    ends = kept.array(f"{name} ends", start, stop + 1).tolist()
    whole = kept.array(name, ends[0], ends[-1]).tobytes()
    return [
        whole[a - ends[0] : b - ends[0]].decode("utf-8", "surrogatepass") for a, b in pairwise(ends)
    ]


def _blocks(path: Path) -> Iterator[list[tuple[str, str]]]:
    """Go through the lines of a part some thousand at a time, each with what it is sorted by."""
    with Store(path) as kept:
        number = len(kept.array("lines ends")) - 1
        for start in range(0, number, _READ):
            stop = min(start + _READ, number)
            keys = _read_lines(kept, "keys", start, stop)
            yield list(zip(keys, _read_lines(kept, "lines", start, stop), strict=True))


def _merged_lines(paths: Sequence[Path]) -> Iterator[str]:
    """Go through the lines of all parts in the one order of the table.

    Of every part a block is held. Up to the least of their last lines nothing is missing, so all
    before it is sorted at once, which for runs in order is hardly more than a look at each.
    """
    waiting = [(blocks, next(blocks, [])) for blocks in map(_blocks, paths)]
    while waiting := [(blocks, block or next(blocks, [])) for blocks, block in waiting]:
        waiting = [(blocks, block) for blocks, block in waiting if block]
        if not waiting:
            return
        bound = min(block[-1] for _, block in waiting)
        cuts = [bisect_right(block, bound) for _, block in waiting]
        ready = [
            line for (_, block), cut in zip(waiting, cuts, strict=True) for line in block[:cut]
        ]
        ready.sort()
        yield from (line for _, line in ready)
        waiting = [
            (blocks, block[cut:]) for (blocks, block), cut in zip(waiting, cuts, strict=True)
        ]
