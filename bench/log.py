"""Makes an event log: `python bench/log.py NUMBER FILE`, at least so many events, as Parquet.

Tickets of an on-site service in the order of time, so that the events of one lie among those of
others: five columns as the handbook of this repository calls them. Most walk the workflow F2, one
in twelve has an event left out, repeated, moved or of another name; so there are thousands of
variants, and more of them the longer the log is. Ties of ticket and time are frequent, as they are
in real logs.
"""

import sys
from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

_SEED: Final = 20261126
_BLOCK: Final = 1 << 16
"""Tickets made at a time: about a million events, one row group."""

_START: Final = np.datetime64("2026-01-05T08:30:00", "s")
_DAY: Final = 86_400
_WALKS: Final = 4_000
"""Walks that keep to the workflow, of which each ticket takes one, few of them often."""

_ASTRAY: Final = 1 / 12

_NEEDS_PART, _IN_STOCK, _PAID, _DONE, _RETURNED = 0.55, 0.7, 0.2, 0.85, 0.3
"""How often a visit goes that way."""

_SAME_MINUTE: Final = 0.25
"""So many steps are booked in the minute of the one before."""

POSTS: Final = {
    "dispatch_received": "COO",
    "customer_contacted": "COO",
    "visit_promised": "COO",
    "engineer_assigned": "COO",
    "parts_requested": "OSE",
    "parts_answered": "SPS",
    "parts_ordered": "SPS",
    "rescheduled": "COO",
    "parts_received": "SPS",
    "parts_issued": "SPS",
    "warranty_checked": "OSE",
    "quote_given": "OSE",
    "quote_accepted": "OSE",
    "departed": "OSE",
    "arrived": "OSE",
    "diagnosed": "OSE",
    "repair_started": "OSE",
    "repair_done": "OSE",
    "customer_signed": "OSE",
    "payment_collected": "OSE",
    "payment_handed_in": "OSE",
    "parts_returned": "OSE",
    "defective_returned": "OSE",
    "completed": "COO",
    "left_the_car": "OSE",
}
"""What happens and who does it; the last is no event of the handbook."""

EVENTS: Final = tuple(POSTS)


def walk(random: np.random.Generator) -> list[str]:
    """Take one way through F2."""
    steps = ["dispatch_received", "customer_contacted"]
    promise = ["visit_promised", "engineer_assigned"]
    steps += promise
    while random.random() < _NEEDS_PART:
        steps += ["parts_requested", "parts_answered"]
        if random.random() < _IN_STOCK:
            steps += ["parts_issued"]
            break
        steps += ["parts_ordered", "rescheduled", "parts_received", *promise]
    while True:
        steps.append("warranty_checked")
        if random.random() < _PAID:
            steps += ["quote_given", "quote_accepted"]
        steps += ["departed", "arrived", "diagnosed", "repair_started"]
        if random.random() < _DONE:
            break
        steps += ["rescheduled", *promise]
    steps += ["repair_done", "customer_signed"]
    if random.random() < _PAID:
        steps += ["payment_collected", "payment_handed_in"]
    steps += [
        name for name in ("parts_returned", "defective_returned") if random.random() < _RETURNED
    ]
    return [*steps, "completed"]


def astray(steps: npt.NDArray[np.int8], random: np.random.Generator) -> npt.NDArray[np.int8]:
    """Leave an event out, repeat one, move one or call one something else."""
    place = int(random.integers(len(steps)))
    way = ("left out", "repeated", "moved", "renamed")[int(random.integers(4))]
    if way == "left out":
        return np.delete(steps, place)
    if way == "repeated":
        return np.insert(steps, place, steps[place])
    if way == "moved":
        other = int(random.integers(len(steps)))
        return np.insert(np.delete(steps, place), other, steps[place])
    steps = steps.copy()
    steps[place] = len(EVENTS) - 1
    return steps


def blocks(number: int) -> Iterator[pa.Table]:
    """Make the log block by block: tickets of a few weeks each."""
    random = np.random.default_rng(_SEED)
    codes = {name: n for n, name in enumerate(EVENTS)}
    walks = [np.array([codes[s] for s in walk(random)], np.int8) for _ in range(_WALKS)]
    odds = 1 / np.arange(1, _WALKS + 1)
    posts = np.array([sorted(set(POSTS.values())).index(POSTS[name]) for name in EVENTS])
    made = tickets = 0
    while made < number:
        chosen = [walks[n] for n in random.choice(_WALKS, _BLOCK, p=odds / odds.sum())]
        for n in np.flatnonzero(random.random(_BLOCK) < _ASTRAY).tolist():
            chosen[n] = astray(chosen[n], random)
        lengths = np.array([len(steps) for steps in chosen])
        ticket = np.repeat(np.arange(_BLOCK), lengths)
        event = np.concatenate(chosen)
        gaps = random.integers(1, 240, len(event)) * 60
        gaps *= random.random(len(event)) >= _SAME_MINUTE
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        passed = np.cumsum(gaps)
        passed -= np.repeat(passed[starts], lengths)
        opened = np.sort(random.integers(0, 30 * _DAY, _BLOCK))
        at = _START + (tickets // _BLOCK * 30 * _DAY + opened[ticket] + passed).astype("m8[s]")
        order = np.argsort(at, kind="stable")
        names = pa.array([f"CD-{tickets + n:08d}" for n in range(_BLOCK)])
        people = pa.array([f"{1000 + n}" for n in range(40)])
        doer = (event[order] * 7 + ticket[order]) % len(people)
        columns = {
            "ticket_no": pa.DictionaryArray.from_arrays(ticket[order].astype(np.int32), names),
            "event": pa.DictionaryArray.from_arrays(event[order], pa.array(EVENTS)),
            "at": pa.array(at[order]),
            "actor": pa.DictionaryArray.from_arrays(doer, people),
            "post": pa.DictionaryArray.from_arrays(
                posts[event[order]], pa.array(sorted(set(POSTS.values())))
            ),
        }
        yield pa.table({n: c.cast(pa.string()) if n != "at" else c for n, c in columns.items()})
        made += len(event)
        tickets += _BLOCK


def main(number: int, file: str) -> None:
    """Write the log; of the last block as many events as are asked for."""
    left, writer = number, None
    for block in blocks(number):
        table = block.slice(0, left)
        writer = writer or pq.ParquetWriter(file, table.schema, compression="zstd")
        writer.write_table(table, row_group_size=1 << 20)
        left -= len(table)
    if writer is not None:
        writer.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
