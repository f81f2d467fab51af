"""What a workbook is known by again: its hidden sheet, columns and rows, wherever they are then.

Each row carries its own mark in the first column, which is hidden, and a hidden row names the
columns; so rows may be sorted, copied and moved, columns deleted, and sheets renamed.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

HIDDEN: Final = "sopaudit"
"""The name of the hidden sheet."""

COLUMNS: Final = (
    "id", "number", "item", "standard", "method", "points", "rule", "result", "checked", "failed",
    "value", "deducted", "earned", "note", "person", "evidence", "confirmed", "before",
    "veto",
)  # fmt: skip
"""Columns of a checklist; the first and the last are hidden."""

_TITLES: Final = frozenset(COLUMNS)
_OWN: Final = 5
"""Columns a list of somebody's own may happen to have, of the same names."""

INPUTS: Final = ("result", "checked", "failed", "value", "note", "person", "evidence", "confirmed")
"""Those somebody writes into."""

CASE_COLUMNS: Final = ("id", "number", "case")
CASE_TAIL: Final = ("person", "note")
"""Columns of the record of the sample before and behind its items."""

AT: Final = "@at"
AT_COLUMN: Final = "note"
SIGN: Final = "@sign/"
SIGN_COLUMNS: Final = ("result", "note")
"""Marks of the row that says when it was filled in, and of a signature: who, and when."""

ITEMS: Final = "@items"
CASES: Final = "@cases/"
HEAD: Final = "@head"
CASE: Final = "@case/"
"""What the first column says: of the row that names columns, of the header people see, of a row of
the record of the sample."""

_PIECE: Final = 8000
"""Signs of a cell on the hidden sheet; Excel takes four times as many."""

_WIDTH: Final = 31
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def item_mark(checklist: str, item: str) -> str:
    """Mark the row of an item."""
    return f"{checklist}/{item}"


def item_column(item: str, part: str = "") -> str:
    """Name a column of the record of the sample."""
    return f"#{item}/{part}" if part else f"#{item}"


def item_of(column: str) -> tuple[str, str] | None:
    """Say which item and part a column of the record of the sample is about; None for others."""
    if not column.startswith("#"):
        return None
    item, _, part = column[1:].partition("/")
    return item, part


def unmarked(rows: Sequence[Sequence[str]]) -> bool:
    """Say whether the rows of a sheet of ours have lost their marks: somebody deleted column A.

    The hidden row names the columns still. It takes more than a few words to be that row.
    """
    if any(cell == ITEMS or cell.startswith(CASES) for row in rows for cell in row):
        return False
    return any(
        len(_TITLES.intersection(row)) > _OWN or ("case" in row and any(map(item_of, row)))
        for row in rows
    )


def photo(item: str, number: int, suffix: str = "") -> str:
    """Name a photo of an item."""
    return f"{item}_{number}{suffix}"


def sheet_name(title: str, tail: str, taken: Iterable[str]) -> str:
    """Make a title a name Excel accepts for a sheet: short, without its own signs, unlike others.

    `tail` is added where it fits, or else in place of the end of the title.
    """
    bare = _FORBIDDEN.sub(" ", title).strip(" '") or "Sheet"
    used = {HIDDEN, "history", *(name.casefold() for name in taken)}
    for number in range(1, len(used) + 2):
        end = tail if number == 1 else f"{tail} {number}"
        name = f"{bare[: _WIDTH - len(end)].rstrip()}{end}"
        if name.casefold() not in used:
            return name
    raise AssertionError(title)


def facts(
    told: Mapping[str, object], lang: str, columns: Mapping[str, Sequence[str]]
) -> list[list[str]]:
    """List what the hidden sheet says: which blank, in which language, and how its columns lie."""
    texts = {"identity": told, "columns": columns}
    pieces = [
        [key, text[at : at + _PIECE]]
        for key, value in texts.items()
        for text in [json.dumps(value, ensure_ascii=False)]
        for at in range(0, len(text), _PIECE)
    ]
    return [["lang", lang], *pieces]


def read_facts(rows: Iterable[Sequence[str]]) -> dict[str, Any] | None:
    """Read the hidden sheet; None where it is none of ours, `identity` empty if it is spoilt."""
    kept = [(row[0], row[1]) for row in rows if len(row) > 1]
    keys = {key for key, _ in kept}
    # A contact sheet of photos names its schema, and is read by whoever reads photos.
    if "identity" not in keys or "schema" in keys:
        return None
    lang = next((text for key, text in kept if key == "lang"), "zh")
    return {"lang": lang, **{key: _joined(kept, key) for key in ("identity", "columns")}}


def _joined(kept: Iterable[tuple[str, str]], key: str) -> dict[str, Any]:
    try:
        found = json.loads("".join(text for name, text in kept if name == key))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def fields(mark: str, names: Sequence[str]) -> Iterator[str]:
    """Give the row that names the columns."""
    yield mark
    yield from names[1:]
