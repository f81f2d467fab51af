"""Makes a ledger of parts: `python bench/ledger.py NUMBER FILE`, so many moves, as Parquet.

Each piece goes one of a few ways through the store, from the receipt to the machine and the old
part back to the centre; a third of the parts have serial numbers, forty sites have ten people each.
One way in two hundred lacks a move, or has one twice: what was never received, never returned,
never booked in at the other end, fitted twice. Rows stand in the order of time.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

_SEED: Final = 20261126
_BLOCK: Final = 1 << 17
"""Pieces at a time: some half a million moves of a few weeks."""

_START: Final = np.datetime64("2026-01-05T08:30:00", "us")
_DAY: Final = 86_400
_WEEKS: Final = 21 * _DAY
_PARTS, _SITES, _PEOPLE = 6_000, 40, 10
_SERIALISED: Final = 3
"""One part in so many has serial numbers."""

_ASTRAY: Final = 1 / 200
_NEVER_BACK: Final = 0.2
"""So often an old part must come back of those that never do."""

CENTRE: Final = "PC"
STEPS: Final[tuple[tuple[str, str, str, str, str], ...]] = (
    # move, status before, status after, from and to: centre, site or the other site
    ("RECV", "", "good", "centre", "site"),
    ("RESERVE", "good", "reserved", "site", "site"),
    ("ISSUE", "good", "with_engineer", "site", "site"),
    ("ISSUE", "reserved", "with_engineer", "site", "site"),
    ("CONSUME", "with_engineer", "consumed", "site", "site"),
    ("RETURN_GOOD", "with_engineer", "good", "site", "site"),
    ("RETURN_DEF", "consumed", "defective", "site", "site"),
    ("SHIP_DEF", "defective", "in_transit", "site", "centre"),
    ("CENTRE_ACCEPT", "in_transit", "returned", "site", "centre"),
    ("TRANSFER_OUT", "good", "in_transit", "site", "other"),
    ("TRANSFER_IN", "in_transit", "good", "site", "other"),
    ("DOA_REPORT", "with_engineer", "doa", "site", "site"),
    ("SHIP_DEF", "doa", "in_transit", "site", "centre"),
)
WAYS: Final = (
    # steps by number, and how often a piece goes that way
    ((0, 2, 4, 6, 7, 8), 50),
    ((0, 1, 3, 4, 6, 7, 8), 15),
    ((0,), 10),
    ((0, 2, 5), 5),
    ((0, 9, 10), 6),
    ((0, 2, 11, 12, 8), 3),
    ((0, 2, 4), 6),
    ((0, 2), 2),
    ((0, 2, 4, 6), 3),
)
_BACK: Final = 6
"""The step that brings the old part back."""

_TEXTS: Final = np.array([[str(word) for word in step[:3]] for step in STEPS])


def blocks(number: int) -> Iterator[pa.Table]:
    """Make the ledger block by block."""
    random = np.random.default_rng(_SEED)
    odds = np.array([often for _, often in WAYS], float)
    weight = 1 / np.arange(1, _PARTS + 1) ** 0.6
    made = pieces = 0
    while made < number:
        way = random.choice(len(WAYS), _BLOCK, p=odds / odds.sum())
        piece, step = _steps(way, random)
        part = random.choice(_PARTS, _BLOCK, p=weight / weight.sum())
        site = random.integers(0, _SITES, _BLOCK)
        received = random.integers(0, _WEEKS, _BLOCK)
        gaps = random.integers(1, 480, len(step)) * 60
        first = np.flatnonzero(np.diff(piece, prepend=-1))
        passed = np.cumsum(gaps)
        passed -= np.repeat(passed[first], np.diff(np.append(first, len(piece))))
        opened = _START + (pieces // _BLOCK * _WEEKS + received[piece] + passed).astype("m8[s]")
        order = np.argsort(opened, kind="stable")
        piece, step = piece[order], step[order]
        back = np.array([_BACK in steps for steps, _ in WAYS])[way]
        owes = back | (random.random(_BLOCK) < _NEVER_BACK)
        block = _Block(made, pieces, part, site, owes)
        yield _table(block, piece, step, opened[order], random)
        made += len(step)
        pieces += _BLOCK


def _steps(
    way: npt.NDArray[np.int64], random: np.random.Generator
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Give the steps of each piece one after the other; few lack one, or have one twice."""
    lengths = np.array([len(steps) for steps, _ in WAYS])[way]
    longest = max(len(steps) for steps, _ in WAYS)
    table = np.array([[*steps, *[-1] * (longest - len(steps))] for steps, _ in WAYS])
    step = table[way]
    step = step[step >= 0]
    piece = np.repeat(np.arange(len(way)), lengths)
    times = np.ones(len(step), np.int64)
    odd = random.random(len(step)) < _ASTRAY / 4
    times[odd] = np.where(random.random(int(odd.sum())) < 0.7, 0, 2)  # noqa: PLR2004 -- a share
    return np.repeat(piece, times), np.repeat(step, times)


@dataclass(frozen=True)
class _Block:
    """What all moves of a block share."""

    made: int
    pieces: int
    """Moves and pieces of all blocks before."""

    part: npt.NDArray[np.int64]
    site: npt.NDArray[np.int64]
    owes: npt.NDArray[np.bool_]
    """Of each piece."""


def _table(
    block: _Block,
    piece: npt.NDArray[np.int64],
    step: npt.NDArray[np.int64],
    at: npt.NDArray[np.datetime64],
    random: np.random.Generator,
) -> pa.Table:
    made, pieces, part, site = block.made, block.pieces, block.part, block.site
    parts = pa.array([f"{10200000 + 37 * n:09d}" for n in range(_PARTS)])
    sites = pa.array([*(f"S{n:02d}" for n in range(_SITES)), CENTRE])
    people = pa.array([f"{n:04d}" for n in range(_SITES * _PEOPLE)])
    serials = pa.array(
        [f"{pieces + n:012d}" if part[n] % _SERIALISED == 0 else "" for n in range(len(part))]
    )
    tickets = pa.array([f"T{pieces + n:09d}" for n in range(len(part))])
    other = (site + 1 + part % (_SITES - 1)) % _SITES
    ends = {
        "centre": np.full(len(step), _SITES),
        "site": site[piece],
        "other": other[piece],
    }
    from_, to = (
        np.select(
            [np.array([s[n] == name for s in STEPS])[step] for name in ends], [*ends.values()]
        )
        for n in (3, 4)
    )
    words = [pa.DictionaryArray.from_arrays(step, pa.array(_TEXTS[:, n])) for n in range(3)]
    holder = site * _PEOPLE + piece_of(part, _PEOPLE)
    # The engineer stands on moves from or to somebody's hands; a receipt is for no ticket.
    personal = np.array(["with_engineer" in s[1:3] or s[1] == "consumed" for s in STEPS])[step]
    booked = np.array([s[0] not in ("RECV", "TRANSFER_OUT", "TRANSFER_IN") for s in STEPS])[step]
    qty = np.where(part % _SERIALISED == 0, 1, 1 + part % 4)[piece]
    back = np.array([s[0] == "CONSUME" for s in STEPS])[step]
    back = np.where(back, np.where(block.owes[piece], 1, 2), 0)
    numbers = np.arange(made, made + len(step))
    columns = {
        "move_id": pa.array(np.char.add("M", np.char.zfill(numbers.astype(str), 9))),
        "move_type": words[0],
        "at": pa.array(at),
        "site_from": pa.DictionaryArray.from_arrays(from_, sites),
        "site_to": pa.DictionaryArray.from_arrays(to, sites),
        "part_no": pa.DictionaryArray.from_arrays(part[piece], parts),
        "serial": pa.DictionaryArray.from_arrays(piece, serials),
        "qty": pa.array(qty.astype(np.int32)),
        "status_from": words[1],
        "status_to": words[2],
        "ticket_no": _some(piece, tickets, booked),
        "return_required": pa.DictionaryArray.from_arrays(back, pa.array(["", "yes", "no"])),
        "holder": _some(holder[piece], people, personal),
        "actor": pa.DictionaryArray.from_arrays(random.integers(0, len(people), len(step)), people),
    }
    plain = ("at", "qty", "move_id")
    return pa.table({n: c if n in plain else c.cast(pa.string()) for n, c in columns.items()})


def piece_of(part: npt.NDArray[np.int64], people: int) -> npt.NDArray[np.int64]:
    """Say which of the people of a site draws a piece."""
    return (part * 7 + np.arange(len(part))) % people


def _some(codes: npt.NDArray[np.int64], texts: pa.Array, there: npt.NDArray[np.bool_]) -> pa.Array:
    """Make a column that is empty where nothing is there."""
    return pa.DictionaryArray.from_arrays(
        np.where(there, codes, len(texts)), pa.concat_arrays([texts, pa.array([""])])
    )


def main(number: int, file: str) -> None:
    """Write the ledger; of the last block as many moves as are asked for."""
    left, writer = number, None
    for block in blocks(number):
        table = block.slice(0, left)
        writer = writer or pq.ParquetWriter(file, table.schema, compression="zstd")
        writer.write_table(table, row_group_size=1 << 19)
        left -= len(table)
    if writer is not None:
        writer.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
