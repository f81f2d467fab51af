"""An event log as a file of others: XES (IEEE 1849), or Parquet with dictionaries.

Events stand ticket by ticket in the order in which they are read, and each keeps the number of its
source row, so that the file opens again as the same log.
"""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import quoteattr

import numpy as np
import pandas as pd

from sopaudit.evidence.answers import Ints
from sopaudit.evidence.column import Coded, Places, from_distinct
from sopaudit.evidence.eventlog import EventLog
from sopaudit.evidence.lines import Times
from sopaudit.evidence.log import BEGAN, ROW
from sopaudit.evidence.records import ACTOR, AT, EVENT, POST, TICKET
from sopaudit.evidence.xes import CASE, NAME

_HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">
"""
_EXTENSIONS: Final = (
    ("Concept", "concept"),
    ("Time", "time"),
    ("Organizational", "org"),
    ("Lifecycle", "lifecycle"),
)
_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold."""

_BLOCK: Final = 1 << 12


def xes(log: EventLog, zone: str = "") -> Iterator[bytes]:
    """Write a log as XES, piece by piece.

    Times get the offset of `zone`; without one they stand as the clock showed them. An event of
    which the log knows the beginning becomes two, `start` and `complete`.
    """
    yield _HEAD.encode()
    for name, prefix in _EXTENSIONS:
        uri = f"http://www.xes-standard.org/{prefix}.xesext"
        yield f'\t<extension name="{name}" prefix="{prefix}" uri="{uri}"/>\n'.encode()
    order = log.order
    traces, events = _parted(log, order)
    lines = _Lines(log, zone, events)
    starts = np.flatnonzero(np.diff(log.ticket[order], prepend=-1))
    spans = np.append(starts, len(order))
    pieces: list[str] = []
    for n, (first, last) in enumerate(zip(spans[:-1].tolist(), spans[1:].tolist(), strict=True)):
        ticket = log.tickets[int(log.ticket[order[first]])]
        pieces += ["\t<trace>\n", _string(NAME, ticket, 2)]
        place = int(order[first])
        for key, cells in traces.items():
            pieces.append(_string(key, cells[int(place)], 2))
        pieces += lines.of(order[first:last])
        pieces.append("\t</trace>\n")
        if n % _BLOCK == 0:
            yield "".join(pieces).encode()
            pieces = []
    yield "".join([*pieces, "</log>\n"]).encode()


@dataclass(frozen=True)
class _Spelled:
    """A column with its texts at hand."""

    codes: Ints
    texts: Mapping[int, str]

    def __getitem__(self, place: int) -> str:
        return self.texts[int(self.codes[place])]


def _spelled(cells: Coded) -> _Spelled:
    return _Spelled(cells.codes, cells.distinct())


def _parted(log: EventLog, order: Places) -> tuple[dict[str, _Spelled], dict[str, _Spelled]]:
    """Part what is said of traces, alike for each of their events, from what is said of events."""
    traces: dict[str, _Spelled] = {}
    events: dict[str, _Spelled] = {}
    ticket = log.ticket[order]
    same = ticket[1:] == ticket[:-1]
    for name, cells in log.attributes.items():
        codes = cells.codes[order]
        steady = name.startswith(CASE) and not (same & (codes[1:] != codes[:-1])).any()
        (traces if steady else events)[name.removeprefix(CASE) if steady else name] = _spelled(
            cells
        )
    return traces, events


class _Lines:
    """Writes events; each distinct text is made XML once."""

    def __init__(self, log: EventLog, zone: str, events: Mapping[str, _Spelled]) -> None:
        self.log = log
        self.at = _stamps(log.at, zone)
        self.begin = None if log.begin is None else _stamps(log.begin, zone)
        self.when = _sortable(log.at)
        self.began = [] if log.begin is None else _sortable(log.begin)
        named = [
            (NAME, _spelled(from_distinct(log.activity, [*log.activities]))),
            *_people("org:resource", log.actors, log.actor),
            *_people("org:role", log.posts, log.post),
            *events.items(),
        ]
        self.columns = [
            (cells.codes, {code: _string(key, text, 3) for code, text in cells.texts.items()})
            for key, cells in named
        ]

    def of(self, places: Places) -> list[str]:
        """Write the events of one trace, in order of time; a beginning goes before its end."""
        begin = self.begin
        if begin is None:
            return [self._event(int(place), self.at[place], "") for place in places]
        told = [(self.when[p], n, 1, p) for n, p in enumerate(places.tolist())]
        told += [(self.began[p], n, 0, p) for n, p in enumerate(places.tolist()) if begin[p]]
        told.sort()
        return [
            self._event(p, self.at[p], "complete") if done else self._event(p, begin[p], "start")
            for _, _, done, p in told
        ]

    def _event(self, place: int, at: str, transition: str) -> str:
        parts = ["\t\t<event>\n", *(texts[int(codes[place])] for codes, texts in self.columns)]
        if at:
            parts.append(f'\t\t\t<date key="time:timestamp" value="{at}"/>\n')
        if transition:
            parts.append(_string("lifecycle:transition", transition, 3))
        row = int(self.log.row[place])
        parts.append(f'\t\t\t<int key="{ROW}" value="{row}"/>\n\t\t</event>\n')
        return "".join(parts)


def _people(key: str, names: Sequence[str], codes: Ints | None) -> Iterator[tuple[str, _Spelled]]:
    if codes is not None:
        yield key, _Spelled(codes, {-1: "", **dict(enumerate(names))})


def _string(key: str, text: str, deep: int) -> str:
    """Write an attribute; one that says nothing is left out."""
    if not text:
        return ""
    plain = _FORBIDDEN.sub("\ufffd", text)
    escaped = quoteattr(plain, {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
    return "\t" * deep + f"<string key={quoteattr(_FORBIDDEN.sub('', key))} value={escaped}/>\n"


def _stamps(at: Times, zone: str) -> list[str]:
    """Spell moments; the empty text where none is known."""
    texts = np.datetime_as_string(at, unit="us").tolist()
    offsets = [""] * len(texts)
    if zone:
        there = pd.DatetimeIndex(at).tz_localize(
            zone, ambiguous=np.zeros(len(at), np.bool_), nonexistent="shift_forward"
        )
        gap = at - there.tz_convert("UTC").tz_localize(None).to_numpy().astype("datetime64[us]")
        minutes = gap.astype("timedelta64[m]").astype(np.int64).tolist()
        offsets = [f"{'-' if m < 0 else '+'}{abs(m) // 60:02}:{abs(m) % 60:02}" for m in minutes]
    return [
        "" if text == "NaT" else _short(text) + offset
        for text, offset in zip(texts, offsets, strict=True)
    ]


def _sortable(at: Times) -> list[int]:
    """Give moments as numbers that sort; what has no time comes last."""
    counted = np.where(np.isnat(at), np.datetime64("9999-12-31", "us"), at)
    numbers: list[int] = counted.astype(np.int64).tolist()
    return numbers


def _short(text: str) -> str:
    """Give milliseconds, as logs do, and microseconds where there are any."""
    return text.removesuffix("000")


def parquet(log: EventLog) -> bytes:
    """Write a log as Parquet: texts as dictionaries, times as moments, and the source row.

    Raises ImportError where pyarrow is not there.
    """
    import pyarrow as pa  # noqa: PLC0415 -- an extra
    import pyarrow.parquet as pq  # noqa: PLC0415

    order = log.order

    def words(codes: Ints, texts: Sequence[str]) -> object:
        mine = codes[order]
        return pa.DictionaryArray.from_arrays(
            pa.array(mine, mask=mine < 0), pa.array(list(texts), pa.string())
        )

    columns: dict[str, object] = {
        TICKET: words(log.ticket, log.tickets),
        EVENT: words(log.activity, log.activities),
        AT: pa.array(log.at[order]),  # noqa: PD008 -- no frame
    }
    if log.begin is not None:
        columns[BEGAN] = pa.array(log.begin[order])
    for name, codes, texts in ((ACTOR, log.actor, log.actors), (POST, log.post, log.posts)):
        if codes is not None:
            columns[name] = words(codes, texts)
    for name, cells in log.attributes.items():
        said = cells.distinct()
        places = {text: n for n, text in enumerate(sorted(set(said.values()) - {""}))}
        table = cells.table({code: places.get(text, -1) for code, text in said.items()})
        columns[name] = words(table[cells.codes] if cells.size else cells.codes, list(places))
    columns[ROW] = pa.array(log.row[order])
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, compression="zstd")
    return out.getvalue()
