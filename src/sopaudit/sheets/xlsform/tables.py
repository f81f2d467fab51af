"""Exports that are tables: the ZIP and CSV of ODK Central, CSV and workbook of Kobo."""

import codecs
import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from io import StringIO
from pathlib import Path, PurePosixPath
from typing import Final

from sopaudit.evidence.archive import SHARED, Archive, archive
from sopaudit.evidence.source import NoTableError
from sopaudit.evidence.unreadable import Spot
from sopaudit.evidence.workbook import sheets_of
from sopaudit.problems import Place, Problem
from sopaudit.reading.encoding import chinese
from sopaudit.sheets.xlsform.media import Media, beside, content
from sopaudit.sheets.xlsform.submission import (
    LOCKED,
    ROWS,
    Cell,
    Cells,
    Export,
    Sent,
    Server,
    is_identity,
    moment,
    names_of,
)
from sopaudit.sheets.xlsx.inside import inside

PARENT: Final = {"odk": "PARENT_KEY", "kobo": "_parent_index"}
KEY: Final = {"odk": "KEY", "kobo": "_index"}
NOTHING: Final = "n/a"
"""What Kobo's old CSV, the one without the column `_id`, writes where nothing was answered."""

_PARTS: Final = ",;\t"
COLUMNS: Final = 10_000
"""Of an export; a long checklist has some thousand."""

CELLS: Final = 4_000_000

_LIMIT: Final = 1 << 24
"""Signs of one cell."""

_OPEN: Final = "unexpected end of data"
"""What the csv module says where a quote is still open at the end."""

_TWO: Final = 2
"""Rows a table of one submission has, with its header."""


@dataclass(frozen=True)
class Sheet:
    """One table of an export."""

    shown: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    cut: bool = False
    """The last row breaks off; the cell it breaks off in is left out."""

    @property
    def ours(self) -> bool:
        """Whether it holds submissions of a form of ours."""
        return any(map(is_identity, self.header))

    @property
    def server(self) -> Server:
        """Which server wrote it."""
        odk = "KEY" in self.header or "SubmissionDate" in self.header
        return "odk" if odk else "kobo"

    @property
    def repeat(self) -> bool:
        """Whether its rows belong to rows of another table."""
        # Kobo's old workbooks have the columns of a repeat also beside the submissions.
        return not self.ours and any(parent in self.header for parent in PARENT.values())

    @property
    def nothing(self) -> str:
        """What stands in a cell where nothing was answered."""
        return NOTHING if self.server == "kobo" and "_id" not in self.header else ""


@dataclass(frozen=True)
class Tables:
    """The tables of one export."""

    sheets: tuple[Sheet, ...]
    media: Media
    whole: bool = True
    """The repeats are in it, as far as there are any."""

    @property
    def root(self) -> Sheet | None:
        """The submissions; None where it has none of ours."""
        return next((sheet for sheet in self.sheets if sheet.ours and not sheet.repeat), None)


def central_zip(path: Path) -> Tables | None:
    """Open the ZIP of ODK Central; None where it holds no table of ours. Raises NotSoundError."""
    box = archive(path, shared=SHARED)
    names = [n for n in box.parts if n.casefold().endswith(".csv") and not _deep(n)]
    sheets = tuple(_part(box, name, f"{path.as_posix()}[{name}]") for name in names)
    media = beside(path)
    media.archives.insert(0, box)
    return _told(Tables(sheets, media))


def _deep(name: str) -> bool:
    return "media" in PurePosixPath(name).parts[:-1]


def _part(box: Archive, name: str, shown: str) -> Sheet:
    return _sheet(box.read(name), shown)


def table_file(path: Path) -> Tables | None:
    """Open a CSV, and those of its repeats beside it; None where it is none of ours."""
    first = _sheet(content(path), path.as_posix())
    if not first.ours or first.repeat:
        return None
    near = sorted(p for p in path.parent.glob("*.csv") if p.stem.startswith(f"{path.stem}-"))
    more = [_sheet(content(p), p.as_posix()) for p in near]
    repeats = tuple(sheet for sheet in more if sheet.repeat)
    return Tables((first, *repeats), beside(path), bool(repeats))


def book(path: Path) -> Tables | None:
    """Open a workbook of Kobo; None where it is none of ours. Raises NoTableError."""
    read = {name: rows for name, rows in sheets_of(path).items() if rows}
    if not any(is_identity(cell.strip()) for rows in read.values() for cell in rows[0]):
        return None
    box = archive(path)
    if "xl/workbook.xml" in box.parts:
        _restore(read, inside(box).formulas)
    sheets = tuple(
        Sheet(
            Spot(path.as_posix(), name).path,
            tuple(map(str.strip, rows[0])),
            tuple(map(tuple, rows[1:])),
        )
        for name, rows in read.items()
    )
    return _told(Tables(sheets, beside(path)))


def _restore(
    read: Mapping[str, list[list[str]]], formulas: Mapping[str, Mapping[tuple[int, int], str]]
) -> None:
    """Give texts back that begin with `=`, and so became formulas on the way.

    Kobo writes its workbooks with a library that takes such a text for a formula, and shows 0.
    """
    for name, rows in read.items():
        for (row, column), formula in formulas.get(name, {}).items():
            if row < len(rows) and column < len(rows[row]):
                rows[row][column] = f"={formula}"


def _told(found: Tables) -> Tables | None:
    return found if found.root else None


def _sheet(raw: bytes, shown: str) -> Sheet:
    """Read a CSV, whichever sign parts its cells. Raises NoTableError where it is none."""
    text = _text(raw)
    head = text.split("\n", 1)[0]
    sign = max(_PARTS, key=head.count)
    csv.field_size_limit(_LIMIT)
    lines, rows, last, end = StringIO(text, newline=""), list[list[str]](), 0, 0
    try:
        for row in _few(csv.reader(lines, delimiter=sign), text, shown):
            rows.append(row)
            last, end = end, lines.tell()
    except csv.Error as error:
        raise NoTableError("F047", reason=str(error)) from None
    header = tuple(map(str.strip, rows[0])) if rows else ()
    cut = _broken_off(rows, text[last:], sign)
    if cut:
        del rows[-1][-1:]
    return Sheet(shown, header, tuple(map(tuple, rows[1:])), cut)


def _broken_off(rows: Sequence[Sequence[str]], last: str, sign: str) -> bool:
    """Say whether a download broke off in the last row, which is `last` as it stands in the file.

    A quote is open there then; or no line end follows, and it alone has fewer cells than the rest.
    """
    try:
        list(csv.reader(StringIO(last, newline=""), delimiter=sign, strict=True))
    except csv.Error as error:
        if str(error) == _OPEN:
            return True
    if len(rows) < _TWO or last.endswith(("\n", "\r")):
        return False
    wide = len(rows[0])
    return 0 < len(rows[-1]) < wide and all(len(row) >= wide for row in rows[:-1] if row)


def _text(raw: bytes) -> str:
    """Decode a CSV: UTF-8, or what Excel makes of it when somebody saves it, UTF-16 or GBK.

    Raises NoTableError where it is none of these.
    """
    wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return raw.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        text = chinese(raw)
    if not text:
        raise NoTableError("F047", reason="UTF-8")
    return text


def _few(rows: Iterable[list[str]], text: str, shown: str) -> Iterator[list[str]]:
    """Go through the rows of an export; raise NoTableError where nobody can have sent so much."""
    cells = 0
    for n, row in enumerate(rows):
        cells += len(row)
        rows_of_all = text.count("\n") if n > ROWS else n
        for number, most in ((len(row), COLUMNS), (cells, CELLS), (rows_of_all, ROWS)):
            if number > most:
                raise NoTableError("F076", list=shown, number=str(number), most=str(most))
        yield row


def export_of(tables: Tables, known: frozenset[str], zone: tzinfo = UTC) -> Export:
    """Read the submissions of an export, each with the rows of its repeats."""
    root = tables.root
    if root is None:
        return Export("odk")
    export = Export(root.server, media=tables.media, headers=root.header, whole=tables.whole)
    names = names_of(root.header, known)
    kept: dict[str, list[Cells]] = {}
    for number, row in enumerate(root.rows, 2):
        about = dict(zip(root.header, row, strict=False))
        cells = _cells(root, names, number, row)
        status = about.get("Status", "").casefold()
        if not cells and status not in LOCKED:
            continue
        key = about.get("KEY") or about.get("_uuid") or about.get("instanceID", "")
        rows = kept.setdefault(about.get(KEY[root.server], ""), [])
        filled = (cells[name].text for name in ("end", "start") if name in cells)
        sent = (about.get(name, "") for name in ("SubmissionDate", "_submission_time"))
        at = moment(filled, sent, zone)
        state = about.get("ReviewState") or about.get("_validation_status", "")
        export.sent.append(
            Sent(
                root.server,
                key,
                cells,
                rows,
                Place(root.shown, number),
                at,
                _state(state),
                status in LOCKED,
                about.get("meta/rootUuid", ""),
            )
        )
    for sheet in tables.sheets:
        if sheet.cut:
            export.problems.append(Problem(Place(sheet.shown, len(sheet.rows) + 1), "F049"))
        if sheet.repeat:
            _hang(export, sheet, kept, known)
    return export


def _state(said: str) -> str:
    """Give what a reviewer said; Kobo's old CSV writes all it knows of that into one cell."""
    found = re.search(r"'uid': '(\w+)'", said)
    return (found[1] if found else said).strip().casefold()


def _hang(
    export: Export, sheet: Sheet, kept: Mapping[str, list[Cells]], known: frozenset[str]
) -> None:
    """Give each row of a repeat to its submission."""
    names = names_of(sheet.header, known)
    for number, row in enumerate(sheet.rows, 2):
        cells = _cells(sheet, names, number, row)
        if not cells:
            continue
        about = dict(zip(sheet.header, row, strict=False))
        parent = about.get(PARENT[export.server], "")
        if parent in kept:
            kept[parent].append(cells)
        else:
            place = Place(sheet.shown, number)
            export.problems.append(Problem(place, "F045", {"text": parent}))


def _cells(sheet: Sheet, names: Mapping[int, str], number: int, row: Sequence[str]) -> Cells:
    shown = sheet.shown
    return {
        name: Cell(row[n], Place(shown, number, n + 1), sheet.header[n])
        for n, name in names.items()
        if n < len(row) and row[n].strip() not in ("", sheet.nothing)
    }
