"""CSV: text with commas, semicolons or tabs, read as UTF-8 whatever it was written in.

Two readers, one result. Where no quotes, stray carriage returns or zero bytes occur, a field ends
at the next delimiter: then the delimiters of each line are counted on the raw bytes, which finds
every row of the wrong length, and pandas' tokenizer does the rest. From the first block with a
quote on, Python's csv module takes over, which is strict and ten times slower.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from sopaudit.evidence.column import Coded, from_distinct
from sopaudit.evidence.content import as_utf8, encoding_of
from sopaudit.evidence.grid import is_total
from sopaudit.evidence.habits import EPOCH_1900, habits
from sopaudit.evidence.header import LOOK, Header, find
from sopaudit.evidence.readings import Notes
from sopaudit.evidence.source import Chunk, NoTableError, from_rows
from sopaudit.evidence.unreadable import Spot

_DELIMITERS: Final = (",", ";", "\t")
_BLOCK: Final = 1 << 20
_LOOK_LINES: Final = 4 * LOOK
"""Where a quoted text spans lines, a row has several."""

_CR: Final = 13
_LF: Final = 10

_TOTAL: Final = re.compile(
    rb"^[,;\t \"]*(?:%s)"
    % b"|".join(
        b"[ \xe3\x80]*".join(re.escape(sign.encode()) for sign in word)
        for word in habits().spelled_totals
    ),
    re.MULTILINE | re.IGNORECASE,
)
"""Where a line may be one of totals, told apart quickly from the million that are none."""


class Delimited:
    """A CSV file whose header has been found."""

    floats = False
    epoch = EPOCH_1900

    def __init__(self, path: Path, wanted: Sequence[str] = ()) -> None:
        """Open a file; raise NoTableError where it cannot be decoded or has no header."""
        self.path = path
        self.spot = Spot(path.as_posix())
        self.encoding = encoding_of(path)
        with as_utf8(path, self.encoding) as file:
            text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
            lines = list(islice(text, _LOOK_LINES))
            text.detach()
        heads = [_Head(lines, delimiter, wanted) for delimiter in _DELIMITERS]
        best = max(heads, key=lambda head: head.rank)
        if best.header is None or (best.broken and not best.header.fits):
            raise NoTableError("T008" if best.broken else "T005", line=best.broken or 1)
        self.delimiter = best.delimiter
        self.found = best.header
        self.header = self.found.names
        self._header_row = self.found.row
        self._header_lines = best.lines[self.found.row - 1]

    def opening(self, notes: Notes) -> None:
        """See `Table`."""
        if self.encoding.assumed:
            told = (1, "", self.encoding.name.upper())
            notes.readings.add("encoding", self.spot, [told])
        self.found.note(notes, self.spot)

    def chunks(self, columns: Sequence[str], rows: int, notes: Notes) -> Iterator[Chunk]:
        """See `Table`; a row is a record, however many lines a quoted text in it spans."""
        places = {name: self.header.index(name) for name in columns}
        with as_utf8(self.path, self.encoding) as file:
            row, plain = self._header_row, _plain(file.read(_BLOCK) + file.readline(), quotes=True)
            if plain:
                file.seek(0)
                offset = sum(len(file.readline()) for _ in range(self._header_lines))
            else:
                offset = row = 0
            while plain and (lines := list(islice(file, rows))):
                block = b"".join(lines)
                plain = _plain(block)
                if plain:
                    yield self._block(block, row, places, notes)
                    offset += len(block)
                    row += len(lines)
            if not plain:
                file.seek(offset)
                for records, first in self._records(file, row, rows, notes):
                    yield self._rows(records, first, places, notes)

    def _block(self, block: bytes, row: int, places: Mapping[str, int], notes: Notes) -> Chunk:
        """Read lines without quotes; the first of them is row `row + 1`."""
        raw = np.frombuffer(block if block.endswith(b"\n") else block + b"\n", np.uint8)
        ends = np.flatnonzero(raw == _LF)
        starts = np.concatenate([[0], ends[:-1] + 1])
        cuts = np.searchsorted(np.flatnonzero(raw == ord(self.delimiter)), ends)
        found = np.diff(cuts, prepend=0)
        empty = ends - starts - (raw[ends - 1] == _CR) == found  # delimiters at most
        ragged = ~empty & (found != len(self.header) - 1)
        for count in np.unique(found[ragged]).tolist():
            which = np.flatnonzero(ragged & (found == count))
            texts = [block[starts[n] : ends[n]].decode().strip() for n in which.tolist()]
            self._ragged(notes, row + 1 + which, count + 1, texts)
        keep = ~empty & ~ragged
        for match in _TOTAL.finditer(block):
            n = int(np.searchsorted(starts, match.start(), "right")) - 1
            record = block[starts[n] : ends[n]].decode().split(self.delimiter)
            keep[n] &= not self._total(record, row + n, notes)
        if not keep.all():
            block = raw[np.repeat(keep, ends - starts + 1)].tobytes()
        numbers = (row + 1 + np.flatnonzero(keep)).astype(np.int32)
        return Chunk(numbers, self._tokenized(block, places) if block else _nothing(places))

    def _tokenized(self, block: bytes, places: Mapping[str, int]) -> dict[str, Coded]:
        frame = pd.read_csv(
            io.BytesIO(block),
            sep=self.delimiter,
            header=None,
            names=list(range(len(self.header))),
            usecols=sorted(set(places.values())),
            dtype=str,  # categories would make 500 of 0500
            na_filter=False,
            quoting=csv.QUOTE_NONE,
            skip_blank_lines=False,
            encoding="utf-8",
        )
        coded = {name: pd.factorize(frame[place]) for name, place in places.items()}
        return {
            name: from_distinct(codes, texts.tolist()) for name, (codes, texts) in coded.items()
        }

    def _records(
        self, file: BinaryIO, row: int, rows: int, notes: Notes
    ) -> Iterator[tuple[list[list[str]], int]]:
        """Read from here on with the csv module: so many records, and the row before them."""
        encoding = "utf-8" if row else "utf-8-sig"
        with io.TextIOWrapper(file, encoding=encoding, newline="") as text:
            reader = csv.reader(text, delimiter=self.delimiter, strict=True)
            if not row:
                row = sum(1 for _ in islice(reader, self._header_row))
            while records := list(self._until_error(reader, row, rows, notes)):
                yield records, row
                row += len(records)

    def _until_error(
        self, reader: Iterator[list[str]], row: int, rows: int, notes: Notes
    ) -> Iterator[list[str]]:
        """Stop where quotes do not match, because what follows cannot be told apart."""
        count = 0
        try:
            for count, record in enumerate(islice(reader, rows), 1):  # noqa: B007
                yield record
        except csv.Error:
            notes.unreadable.add("T009", self.spot, np.array([row + count + 1]), [""])

    def _rows(
        self,
        records: list[list[str]],
        row: int,
        places: Mapping[str, int],
        notes: Notes,
    ) -> Chunk:
        found = np.fromiter(map(len, records), np.int64, len(records))
        filled = np.fromiter(map(_filled, records), np.bool_, len(records))
        width = len(self.header)
        whole = [
            n
            for n in np.flatnonzero(filled).tolist()
            if not self._swallowed(records[n], row + n, notes)
        ]
        for n in whole:
            if found[n] != width:
                text = self.delimiter.join(records[n])
                self._ragged(notes, np.array([row + 1 + n]), len(records[n]), [text])
        keep = [
            n for n in whole if found[n] == width and not self._total(records[n], row + n, notes)
        ]
        numbers = row + 1 + np.array(keep, np.int32)
        return from_rows([records[n] for n in keep], numbers, places)

    def _total(self, record: Sequence[str], row: int, notes: Notes) -> bool:
        """Say whether a row (counted from 0) adds up others, and note it."""
        first = next(filter(None, (cell.strip(' "') for cell in record)), "")
        if not first or not is_total(first):
            return False
        text = " ".join(filter(None, record))
        notes.readings.add("total", self.spot, [(row + 1, text, "")])
        return True

    def _swallowed(self, record: Sequence[str], row: int, notes: Notes) -> bool:
        """Say whether a quote that was never closed has made one row of several, and note it.

        Then each line inside would be a row of its own, with as many fields as the header.
        """
        if not any("\n" in cell for cell in record):
            return False
        lines = self.delimiter.join(record).splitlines()
        if any(line.count(self.delimiter) != len(self.header) - 1 for line in lines):
            return False
        told = {"lines": str(len(lines))}
        notes.unreadable.add("T030", self.spot, np.array([row + 1]), [lines[0]], **told)
        return True

    def _ragged(
        self, notes: Notes, rows: npt.NDArray[np.integer], found: int, texts: Sequence[str]
    ) -> None:
        told = {"found": str(found), "expected": str(len(self.header))}
        notes.unreadable.add("T010", self.spot, rows, texts, **told)


class _Head:
    """The first rows of a file, parted by one delimiter."""

    def __init__(self, lines: Sequence[str], delimiter: str, wanted: Sequence[str]) -> None:
        self.delimiter = delimiter
        self.lines: list[int] = []
        """Per row, the line it ends in."""

        self.broken = 0
        """The row in which quotes do not pair up."""

        records: list[list[str]] = []
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        try:
            for record in islice(reader, LOOK):
                records.append(record)
                self.lines.append(reader.line_num)
        except csv.Error:
            self.broken = len(records) + 1
        self.header: Header | None = find(records, wanted)
        most = max((line.count(delimiter) for line in lines), default=0)
        self.rank = (self.header.fits if self.header else 0, most)
        """The right delimiter shows most of the wanted names, or else is the most frequent."""


def _plain(block: bytes, *, quotes: bool = False) -> bool:
    """Say whether lines and fields can be told apart without looking for quotes."""
    return (
        (quotes or b'"' not in block)
        and b"\0" not in block
        and block.count(b"\r") == block.count(b"\r\n")
    )


def _filled(record: Sequence[str]) -> bool:
    return any(map(str.strip, record))


def _nothing(places: Mapping[str, int]) -> dict[str, Coded]:
    return from_rows([], np.empty(0, np.int32), places).columns
