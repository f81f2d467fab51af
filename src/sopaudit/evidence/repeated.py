"""What a workbook says once and a library writes out a million times.

OpenDocument counts equal rows and cells instead of repeating them, and Excel keeps each text once
however many cells show it. So a file of 1 KB can ask for all memory there is. Here it is counted
what would be written out, and nothing is.
"""

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import IO, Final
from xml.parsers import expat

import numpy as np

_DIGITS: Final = 9
"""Of a number of repeats; one that is longer is beyond everything."""

_BEYOND: Final = 1 << 40
_BLOCK: Final = 1 << 18
_VALUED: Final = frozenset(
    ("value-type", "value", "date-value", "time-value", "boolean-value", "string-value", "formula")
)
"""What a cell says of itself that is more than a colour."""

_CELLS: Final = frozenset(("table-cell", "covered-table-cell"))


class _EnoughError(Exception):
    """It is too much already."""


@dataclass
class _Sheets:
    """Follows the rows and cells of `content.xml`; a row ends with its last filled cell."""

    cells: int
    """As many as all sheets may span."""

    text: int
    together: bool
    """All sheets count together."""

    before: int = 0
    """Cells of the sheets that have ended."""

    said: int = 0
    """Signs of the rows that have ended."""

    deep: int = 0
    """Tables that are open; no program puts one into a cell of another."""

    rows: int = 0
    last: int = 0
    """Up to which row there is something."""

    widest: int = 0
    high: int = 1
    """Times the row that is open stands there."""

    wide: int = 1
    columns: int = 0
    filled: int = 0
    """Up to which column of the row there is something."""

    line: int = 0
    """Signs of the row that is open."""

    def start(self, tag: str, told: dict[str, str]) -> None:
        name = _bare(tag)
        about = {_bare(key): value for key, value in told.items()}
        if name == "table":
            self.deep += 1
            if self.deep > 1:
                raise _EnoughError
            self.before += self.last * self.widest if self.together else 0
            self.rows = self.last = self.widest = 0
        elif name == "table-row":
            self.high = _times(about.get("number-rows-repeated"))
            self.rows += self.high
            self.columns = self.filled = self.line = 0
        elif name in _CELLS:
            self.wide = _times(about.get("number-columns-repeated"))
            self.columns += self.wide
            if _VALUED & about.keys():
                self.fill(len(about.get("string-value", "")))
        elif self.columns:
            self.fill(_times(about.get("c")) if name == "s" and "c" in about else 0)

    def fill(self, signs: int) -> None:
        """Note that the cell that is open holds something."""
        self.filled, self.last = self.columns, self.rows
        self.widest = max(self.widest, self.filled)
        self.line += signs * self.wide
        spanned = self.before + self.last * self.widest
        if spanned > self.cells or self.said + self.line * self.high > self.text:
            raise _EnoughError

    def told(self, signs: str) -> None:
        if self.columns and not signs.isspace():
            self.fill(len(signs))

    def end(self, tag: str) -> None:
        name = _bare(tag)
        if name == "table":
            self.deep -= 1
        elif name == "table-row":
            self.said += self.line * self.high
            self.columns = self.line = 0


def opendocument(part: IO[bytes], cells: int, text: int, *, together: bool) -> bool:
    """Say whether the sheets of an .ods span more cells, or hold more text, than is allowed.

    What declares words of its own no program has written: it is too much. Raises ExpatError for
    what is not well-formed, as a library may read it all the same.
    """
    sheets = _Sheets(cells, text, together)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = sheets.start
    parser.EndElementHandler = sheets.end
    parser.CharacterDataHandler = sheets.told
    parser.StartDoctypeDeclHandler = _declared
    try:
        while block := part.read(_BLOCK):
            parser.Parse(block)
        parser.Parse(b"", True)  # noqa: FBT003 -- expat's own signature
    except _EnoughError:
        return True
    return False


def _declared(*_: object) -> None:
    raise _EnoughError


def _bare(name: str) -> str:
    return name.rpartition(":")[2]


def _times(said: str | None) -> int:
    if said is None or not said.isdecimal():
        return 1
    return int(said) if len(said) <= _DIGITS else _BEYOND


# --- texts that many cells share -----------------------------------------------------------------

_TEXT: Final = re.compile(rb"<(?:[^\s<>/:]++:)?si[\s/>]")
_SHOWN: Final = re.compile(
    rb"""(?:<(?:[^\s<>/:]++:)?c((?:\s++[\w.:-]+=(?:"[^"<>]*"|'[^'<>]*'))*+)\s*+>)?"""
    rb"<(?:[^\s<>/:]++:)?v(?:>|\s[^<>]*+>?)(?:\s*+(\d{1,9})\s*+(?:<|\Z))?"
)
"""What a cell shows, with the attributes of the cell where it stands right before, and a number."""

_SHARES: Final = re.compile(rb"""\st=["']s["']""")
"""The attribute of a cell that shows a shared text; without it a number is a number."""

_TAG: Final = 1 << 9
"""Bytes in which a tag that is looked for begins and ends."""

_SST_ITEM, _CELL_TEXT, _AT = 19, 7, 8
"""Of a binary workbook: a text, a cell that shows one, and where it has the number of the text."""


@dataclass
class Shared:
    """The texts of a workbook and the cells that show them, gathered part by part."""

    lengths: list[int] = field(default_factory=list)
    shown: list[int] = field(default_factory=list)
    """Numbers of texts; -1 where a cell does not say it plainly."""

    _rest: bytes = b""
    _open: int | None = None
    """Bytes of the text that has begun; None where none has."""

    def feed(self, piece: bytes) -> None:
        """Go through a part piece by piece, each cut before a tag, so that none is in two."""
        text = self._rest + piece
        cut = text.rfind(b"<", max(len(text) - _TAG, 0))
        self._take(text[:cut] if cut > 0 else text)
        self._rest = text[cut:] if cut > 0 else b""

    def close(self) -> None:
        """End a part."""
        self._take(self._rest)
        if self._open is not None:
            self.lengths.append(self._open)
        self._rest, self._open = b"", None

    def _take(self, text: bytes) -> None:
        starts = [found.start() for found in _TEXT.finditer(text)]
        if self._open is not None:
            self._open += starts[0] if starts else len(text)
        if starts:
            self.lengths += [] if self._open is None else [self._open]
            self.lengths += [b - a for a, b in pairwise(starts)]
            self._open = len(text) - starts[-1]
        # Of a cell whose head is not plain to see, the number may be that of a text.
        self.shown += [
            int(found[2] or -1)
            for found in _SHOWN.finditer(text)
            if found[1] is None or _SHARES.search(found[1])
        ]

    def record(self, kind: int, content: bytes) -> None:
        """Take a record of a binary sheet."""
        if kind == _SST_ITEM:
            self.lengths.append(len(content))
        elif kind == _CELL_TEXT:
            self.shown.append(int.from_bytes(content[_AT : _AT + 4], "little"))

    @property
    def signs(self) -> int:
        """How many bytes all cells show together; more where something is not said plainly."""
        if not self.lengths or not self.shown:
            return 0
        lengths = np.array(self.lengths, np.int64)
        shown = np.array(self.shown, np.int64)
        known = (shown >= 0) & (shown < len(lengths))
        odd = int((shown < 0).sum())
        return int(lengths[shown[known]].sum()) + odd * int(lengths.max())
