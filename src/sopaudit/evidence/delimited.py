"""CSV: UTF-8 text with commas, semicolons or tabs.

Two readers, one result. Where no quotes, stray carriage returns or zero bytes occur, a field ends
at the next delimiter: then the delimiters of each line are counted on the raw bytes, which finds
every row of the wrong length, and pandas' tokenizer does the rest. From the first block with a
quote on, Python's csv module takes over, which is strict and ten times slower.
"""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from sopaudit.evidence.source import Chunk, Coded, NoTableError, from_distinct, from_rows
from sopaudit.evidence.unreadable import Spot, Unreadable

_DELIMITERS: Final = (",", ";", "\t")
_BLOCK: Final = 1 << 20
_CR: Final = 13
_LF: Final = 10


class Delimited:
    """A CSV file whose header has been read."""

    def __init__(self, path: Path) -> None:
        """Open a file; raise NoTableError where it is not UTF-8 or has no header."""
        _check_encoding(path)
        self.path = path
        self.spot = Spot(path.as_posix())
        with path.open(encoding="utf-8-sig", newline="") as file:
            start = next((line for line in file if line.strip()), "")
        self.delimiter = max(_DELIMITERS, key=start.count)
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=self.delimiter, strict=True)
            try:
                row, header = next((n, r) for n, r in enumerate(reader, 1) if _filled(r))
            except StopIteration:
                raise NoTableError("T005") from None
            except csv.Error:
                raise NoTableError("T008") from None
            self._header_lines = reader.line_num
        self._header_row = row
        self.header = tuple(name.strip() for name in header)

    def chunks(self, columns: Sequence[str], rows: int, unreadable: Unreadable) -> Iterator[Chunk]:
        """See `Table`; a row is a record, however many lines a quoted text in it spans."""
        places = {name: self.header.index(name) for name in columns}
        with self.path.open("rb") as file:
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
                    yield self._block(block, row, places, unreadable)
                    offset += len(block)
                    row += len(lines)
            if not plain:
                file.seek(offset)
                for records, first in self._records(file, row, rows, unreadable):
                    yield self._rows(records, first, places, unreadable)

    def _block(
        self, block: bytes, row: int, places: Mapping[str, int], unreadable: Unreadable
    ) -> Chunk:
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
            self._ragged(unreadable, row + 1 + which, count + 1, texts)
        keep = ~empty & ~ragged
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
        self, file: BinaryIO, row: int, rows: int, unreadable: Unreadable
    ) -> Iterator[tuple[list[list[str]], int]]:
        """Read from here on with the csv module: so many records, and the row before them."""
        encoding = "utf-8" if row else "utf-8-sig"
        with io.TextIOWrapper(file, encoding=encoding, newline="") as text:
            reader = csv.reader(text, delimiter=self.delimiter, strict=True)
            if not row:
                row = sum(1 for _ in islice(reader, self._header_row))
            while records := list(self._until_error(reader, row, rows, unreadable)):
                yield records, row
                row += len(records)

    def _until_error(
        self, reader: Iterator[list[str]], row: int, rows: int, unreadable: Unreadable
    ) -> Iterator[list[str]]:
        """Stop where quotes do not match, because what follows cannot be told apart."""
        count = 0
        try:
            for count, record in enumerate(islice(reader, rows), 1):  # noqa: B007
                yield record
        except csv.Error:
            unreadable.add("T009", self.spot, np.array([row + count + 1]), [""])

    def _rows(
        self,
        records: list[list[str]],
        row: int,
        places: Mapping[str, int],
        unreadable: Unreadable,
    ) -> Chunk:
        found = np.fromiter(map(len, records), np.int64, len(records))
        filled = np.fromiter(map(_filled, records), np.bool_, len(records))
        width = len(self.header)
        for n in np.flatnonzero(filled & (found != width)).tolist():
            text = self.delimiter.join(records[n])
            self._ragged(unreadable, np.array([row + 1 + n]), len(records[n]), [text])
        keep = np.flatnonzero(filled & (found == width))
        numbers = (row + 1 + keep).astype(np.int32)
        return from_rows([records[n] for n in keep.tolist()], numbers, places)

    def _ragged(
        self,
        unreadable: Unreadable,
        rows: npt.NDArray[np.integer],
        found: int,
        texts: Sequence[str],
    ) -> None:
        told = {"found": str(found), "expected": str(len(self.header))}
        unreadable.add("T010", self.spot, rows, texts, **told)


def _check_encoding(path: Path) -> None:
    """Read the file through once, so that no answer is given before a broken text is found."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                line += error.object.count(b"\n", 0, error.start)
                byte = f"0x{error.object[error.start]:02X}"
                raise NoTableError("T002", line=line, byte=byte) from None
            line += block.count(b"\n")
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            byte = f"0x{error.object[error.start]:02X}"
            raise NoTableError("T002", line=line, byte=byte) from None


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
