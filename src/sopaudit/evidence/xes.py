"""XES, the standard form of event logs (IEEE 1849): read as it streams, with what Python brings.

Each distinct text is kept once; an event costs the codes of its attributes. What a log says of a
trace is said of each of its events, under `case:` and its key. Classifiers, globals and the parts
of lists are passed over: nothing here needs them.
"""

import codecs
import gzip
import re
import zlib
from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, Final
from xml.parsers import expat

import numpy as np
import numpy.typing as npt

from sopaudit.evidence.column import Coded, from_distinct
from sopaudit.evidence.source import NoTableError
from sopaudit.reading.folder import regular

CASE: Final = "case:"
"""Goes before the key of what is said of a trace."""

NAME: Final = "concept:name"

_BLOCK: Final = 1 << 18
_LONGEST: Final = 1 << 24
"""No sign of an event in so many bytes: no log looks like that."""

_DEEPEST: Final = 100
_HEAD: Final = 256
_GZIP: Final = b"\x1f\x8b"
_ENCODING: Final = re.compile(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)""")
_OF_EXPAT: Final = frozenset({"utf-8", "utf-16", "utf-16-le", "utf-16-be", "iso8859-1", "ascii"})
"""What the parser decodes itself; all else, such as GBK, is put into UTF-8 before it."""


@dataclass(frozen=True, eq=False)
class Xes:
    """The events of a log in the order of its file, as columns."""

    events: int
    columns: Mapping[str, Coded]
    """By key; an event that does not say it has the empty text."""

    empty: tuple[str, ...] = ()
    """Traces without an event, by name."""


@dataclass
class _Column:
    """One attribute while its log passes."""

    places: "array[int]" = field(default_factory=lambda: array("q"))
    codes: "array[int]" = field(default_factory=lambda: array("i"))
    known: dict[str, int] = field(default_factory=dict)


def read_xes(path: Path) -> Xes:
    """Read a log; raises NoTableError where the file is none, and OSError where it cannot be read.

    A file that declares a document type or entities is refused: they serve only to do harm.
    """
    regular(path)
    with path.open("rb") as raw:
        zipped = raw.read(2) == _GZIP
        raw.seek(0)
        try:
            file = gzip.GzipFile(fileobj=raw) if zipped else raw
            decoder = _decoder(file.read(_HEAD))
            file.seek(0)
            reader = _Reader("utf-8" if decoder else None)
            reader.read(decoder(file) if decoder else file)
        except UnicodeDecodeError as error:
            raise NoTableError("L001", reason=error.reason) from None
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise NoTableError("L003", reason=str(error)) from None
    return reader.log()


def _decoder(head: bytes) -> "Callable[[IO[bytes] | gzip.GzipFile], _Decoded] | None":
    """Say how to make UTF-8 of a file that names an encoding the parser does not know."""
    declared = _ENCODING.match(head)
    if declared is None:
        return None
    name = declared.group(1).decode()
    try:
        known = codecs.lookup(name)
        "".encode(known.name)
    except LookupError:
        raise NoTableError("L001", reason=f"encoding={name}") from None
    return None if known.name in _OF_EXPAT else partial(_Decoded, encoding=known.name)


class _Decoded:
    """A file of another encoding, given out as UTF-8."""

    def __init__(self, file: "IO[bytes] | gzip.GzipFile", encoding: str) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder(encoding)()

    def read(self, size: int) -> bytes:
        """Give the next text; empty at the end of the file."""
        while block := self._file.read(size):
            if text := self._decoder.decode(block):
                return text.encode()
        return self._decoder.decode(b"", final=True).encode()


class _Reader:
    def __init__(self, encoding: str | None = None) -> None:
        self.events = 0
        self.traces = 0
        self.of_events: dict[str, _Column] = {}
        self.of_traces: dict[str, _Column] = {}
        self.starts = array("q")
        """Per trace: the first of its events."""

        self.parser = expat.ParserCreate(encoding)
        self.parser.ordered_attributes = True
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._handlers()
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse

    def read(self, file: "IO[bytes] | gzip.GzipFile | _Decoded") -> None:
        parser, fed = self.parser, 0
        try:
            while block := file.read(_BLOCK):
                parser.Parse(block, False)  # noqa: FBT003 -- expat knows no names
                fed += len(block)
                if fed - parser.CurrentByteIndex > _LONGEST:
                    raise NoTableError("L002", parser.CurrentLineNumber)
            parser.Parse(b"", True)  # noqa: FBT003
        except expat.ExpatError as error:
            reason = expat.errors.messages.get(error.code, "")
            text = expat.ErrorString(error.code) or str(reason)
            raise NoTableError("L001", error.lineno, reason=text) from None

    def log(self) -> Xes:
        starts = np.array([*self.starts, self.events], np.int64)
        spans = starts[1:] - starts[:-1]
        owner = np.repeat(np.arange(self.traces), spans)
        columns = {key: _spread(column, self.events) for key, column in self.of_events.items()}
        names = self.of_traces.get(NAME, _Column())
        empty: list[str] = []
        for key, column in self.of_traces.items():
            whole = _spread(column, self.traces)
            columns[CASE + key] = whole.rows(owner)
            if column is names:
                empty = whole.rows(np.flatnonzero(spans == 0)).spelled()
        return Xes(self.events, columns, tuple(filter(None, empty)))

    def _refuse(self, *_: object) -> None:
        raise NoTableError("L002", self.parser.CurrentLineNumber)

    def _handlers(  # noqa: C901, PLR0915 -- two functions that share what they count
        self,
    ) -> tuple[Callable[[str, list[str]], None], Callable[[str], None]]:
        """Make what is called for each element; no look at `self` within the many."""
        events, traces, depth, level = 0, 0, 0, 0
        # The depth at which attributes stand: of an event, of a trace, of neither.
        target: dict[str, _Column] = {}
        place = 0
        in_trace = False
        event, trace, usual = "event", "trace", ["key", "value"]
        silent = frozenset(_SILENT)
        of_events, of_traces, starts = self.of_events, self.of_traces, self.starts

        def start(tag: str, said: list[str]) -> None:  # noqa: C901 -- called for every element
            nonlocal events, traces, depth, level, target, place, in_trace, event, trace, silent
            depth += 1
            if depth == level and tag not in silent:
                if said[::2] == usual:
                    key, text = said[1], said[3]
                else:
                    named = dict(zip(said[::2], said[1::2], strict=True))
                    key, text = named.get("key", ""), named.get("value", "")
                    if not key:
                        return
                column = target.get(key)
                if column is None:
                    column = target[key] = _Column()
                column.places.append(place)
                known = column.known
                column.codes.append(known.setdefault(text, len(known)))
            elif tag == event:
                if not in_trace:
                    starts.append(events)
                    traces += 1
                    self.traces = traces
                target, place, level = of_events, events, depth + 1
                events += 1
                self.events = events
            elif tag == trace:
                starts.append(events)
                target, place, level, in_trace = of_traces, traces, depth + 1, True
                traces += 1
                self.traces = traces
            elif depth == 1:
                prefix, colon, name = tag.rpartition(":")
                if name != "log":
                    raise NoTableError("L004", self.parser.CurrentLineNumber, tag=tag)
                event, trace = f"{prefix}{colon}event", f"{prefix}{colon}trace"
                silent = frozenset(f"{prefix}{colon}{each}" for each in _SILENT)
            elif depth > _DEEPEST:
                raise NoTableError("L002", self.parser.CurrentLineNumber)

        def end(tag: str) -> None:
            nonlocal depth, level, target, place, in_trace
            if depth == level - 1:  # an event or a trace ends; a trace may go on
                if in_trace and tag == event:
                    target, place, level = of_traces, traces - 1, depth
                else:
                    level, in_trace = 0, False
            depth -= 1

        return start, end


_SILENT: Final = ("event", "list", "container")
"""Stand where attributes do and say nothing by themselves."""


def _spread(column: _Column, size: int) -> Coded:
    """Give a column its empty text where it is not said; of two sayings the last one counts."""
    places: npt.NDArray[np.int64] = np.array(column.places, np.int64)
    codes = np.zeros(size, np.int32)
    codes[places] = np.array(column.codes, np.int32) + 1
    return from_distinct(codes, ["", *column.known])
