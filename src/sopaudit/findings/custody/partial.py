"""What is kept on disk of the custody of some parts, and how it is put together again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sopaudit.evidence import store
from sopaudit.evidence.store import Store
from sopaudit.findings.custody.custody import Custody
from sopaudit.findings.custody.entries import KEYS, RECORDS
from sopaudit.findings.deviation import identity
from sopaudit.findings.loss import Loss

UNITS: Final = "units"

Proof = tuple[str, int]
"""A record, and the row of its source."""


@dataclass(frozen=True)
class Found:
    """A finding about parts; that of `Loss`, with rows of sources in place of postings."""

    id: str
    sort: str
    rule: str
    severity: str
    type: str
    subject: str
    part: str
    serial: str
    site: str
    holder: str
    ticket: str
    qty: int
    value: int
    at: str
    """As text, to the second; empty where nobody says."""

    due: str
    expected: str
    found: str
    late: str
    rows: str
    chain: tuple[Proof, ...]
    since: str = ""


_SAME: Final = tuple(
    name for name in Found.__dataclass_fields__ if name not in ("at", "due", "chain", "since")
)


def found_of(custody: Custody, loss: Loss) -> Found:
    """Tell a finding so that it can leave its custody."""
    entries = custody.entries
    chain = []
    for side in loss.chain:
        record, line = RECORDS[int(entries.record[side])], int(entries.line[side])
        # What stands in no line, such as an opening worked back, has no row.
        row = int(custody.records.of(record).row[line]) if line >= 0 else 0
        chain.append((record, row))
    told = {name: getattr(loss, name) for name in _SAME}
    at, due, since = map(_text, (loss.at, loss.due, loss.since))
    return Found(**told, at=at, due=due, chain=tuple(chain), since=since)


def _text(at: np.datetime64) -> str:
    return "" if np.isnat(at) else str(at.astype("datetime64[s]")).replace("T", " ")


# --- balances ------------------------------------------------------------------------------------


def slots_of(custody: Custody) -> dict[str, NDArray[Any]]:
    """Give what is in each slot that is not empty, and the lots in our own, as arrays."""
    slots, closing = custody.entries.slots, custody.entries.closing()
    filled = np.flatnonzero(closing)
    place = np.full(len(slots), -1, np.int64)
    place[filled] = np.arange(len(filled))
    arrays: dict[str, NDArray[Any]] = {UNITS: closing[filled], "ours": slots.ours[filled]}
    for key in KEYS:
        codes, used = pd.factorize(slots.codes[key][filled])
        texts = _texts(custody, key, used)
        arrays[f"codes {key}"] = codes.astype(np.min_scalar_type(max(len(used), 1)))
        arrays[f"texts {key}"] = store.packed(texts)
    entries = custody.entries
    lots = np.flatnonzero(custody.lots.left > 0)
    lots = lots[slots.ours[entries.slot[lots]]]
    arrays["lot slot"] = place[entries.slot[lots]]
    arrays["lot units"] = custody.lots.left[lots]
    arrays["lot since"] = entries.times[lots].view(np.int64)
    return arrays


def _texts(custody: Custody, key: str, used: NDArray[Any]) -> list[str]:
    if key == "place":
        return [custody.entries.slots.places.ids[code] for code in used.tolist()]
    return custody.entries.slots.dimensions[key].spelled(used)


def slots_from(kept: Store, by: Sequence[str], *, ours: bool, scale: int) -> pd.DataFrame:
    """Add up what a part has in its slots, by some of `KEYS`; units are multiplied by `scale`."""
    units = kept.array(UNITS) * np.int64(scale)
    wanted = np.flatnonzero(kept.array("ours")) if ours else np.arange(len(units))
    group, size = np.zeros(len(wanted), np.int64), 1
    codes, texts = {}, {}
    for key in by:
        texts[key] = store.unpacked(kept.array(f"texts {key}")) if len(units) else []
        codes[key] = kept.array(f"codes {key}")[wanted].astype(np.int64)
        width = max(len(texts[key]), 1)
        if size * width >= 1 << 62:
            group, distinct = pd.factorize(group)
            size = len(distinct)
        group, size = group * width + codes[key], size * width
    group, distinct = pd.factorize(group)
    total = np.zeros(len(distinct), np.int64)
    np.add.at(total, group, units[wanted])
    first = np.zeros(len(distinct), np.int64)
    first[group[::-1]] = np.arange(len(group))[::-1]
    columns: dict[str, Any] = {
        key: np.array(texts[key], dtype=object)[codes[key][first]] if len(first) else []
        for key in by
    }
    return pd.DataFrame({**columns, UNITS: total})


def merged_balances(parts: Iterable[pd.DataFrame], by: Sequence[str]) -> pd.DataFrame:
    """Lay balances of parts together: what is alike is added, what comes to zero left out.

    A balance by part number is in one part alone, so that nothing has to be added there.
    """
    frames = [part for part in parts if len(part)]
    if not frames:
        return pd.DataFrame({**{key: [] for key in by}, UNITS: np.empty(0, np.int64)})
    whole = pd.concat(frames, ignore_index=True)
    if len(frames) > 1 and "part_no" not in by:
        whole = whole.groupby([*by], sort=False)[[UNITS]].sum().reset_index()
    whole = whole[whole[UNITS] != 0]
    return whole.sort_values([*by], kind="stable", ignore_index=True)


# --- findings ------------------------------------------------------------------------------------


def merged_findings(parts: Iterable[Sequence[Found]], sorts: Sequence[str]) -> tuple[Found, ...]:
    """Put findings of parts into the order of sorts, then of time; ids are those of the whole.

    Cases of one rule and subject are counted through; of a ticket with two part numbers each part
    began at 0.
    """
    listed = [found for part in parts for found in part]
    known = {sort: n for n, sort in enumerate(sorts)}
    listed = list(_renumbered(listed))
    return tuple(sorted(listed, key=lambda f: (known[f.sort], f.at or f.since, f.id)))


_MOST: Final = 9
"""Parts a rule has at most."""


def _renumbered(listed: Sequence[Found]) -> Iterator[Found]:
    groups: dict[tuple[str, str, str], list[Found]] = {}
    for found in listed:
        groups.setdefault((found.sort, found.rule, found.subject), []).append(found)
    for (_, rule, subject), group in groups.items():
        if len({found.id for found in group}) == len(group) and len(group) == 1:
            yield from group
            continue
        numbers = {
            identity(rule, subject, str(part), n): part
            for part in range(_MOST)
            for n in range(len(group))
        }
        seen: dict[int, int] = {}
        for found in sorted(group, key=lambda f: (f.at, f.rows)):
            part = numbers[found.id]
            nth = seen[part] = seen.get(part, -1) + 1
            told = {name: getattr(found, name) for name in Found.__dataclass_fields__}
            yield Found(**{**told, "id": identity(rule, subject, str(part), nth)})


def merged_verdicts(
    parts: Iterable[Mapping[str, Sequence[Sequence[int]]]],
) -> dict[str, list[list[int]]]:
    """Add up how many cases of each part of a rule have each verdict."""
    found: dict[str, list[list[int]]] = {}
    for part in parts:
        for rule, counts in part.items():
            before = found.setdefault(rule, [[0] * len(row) for row in counts])
            found[rule] = [
                [a + b for a, b in zip(one, other, strict=True)]
                for one, other in zip(before, counts, strict=True)
            ]
    return found
