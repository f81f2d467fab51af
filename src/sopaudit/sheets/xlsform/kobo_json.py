"""The JSON of KoboToolbox: submissions are objects whose keys are paths, repeats are lists."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any, Final

from sopaudit.evidence.source import NoTableError
from sopaudit.problems import Place
from sopaudit.sheets.plenty import crowded
from sopaudit.sheets.xlsform.media import beside, content
from sopaudit.sheets.xlsform.submission import (
    ROWS,
    Cell,
    Cells,
    Export,
    Sent,
    is_identity,
    moment,
    names_of,
)

Told = Mapping[str, Any]

VALUES: Final = 3_000_000
"""Signs that part one value from the next; an export of 500 submissions has 200,000."""


def submissions(path: Path) -> list[Told] | None:
    """Read the submissions of a file; None where it holds none of ours.

    Raises NoTableError where it is no JSON at all.
    """
    raw = content(path)
    full = crowded(raw, path.as_posix(), VALUES)
    if full is not None:
        most = str(VALUES)
        raise NoTableError("F076", list=path.name, number=full.values["number"], most=most)
    try:
        read = json.loads(raw.decode("utf-8-sig"), parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        raise NoTableError("F047", reason=str(error)) from None
    found = read.get("results") if isinstance(read, dict) else read
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        return None
    if len(found) > ROWS:
        raise NoTableError("F076", list=path.name, number=str(len(found)), most=str(ROWS))
    return found if any(is_identity(key) for one in found for key in one) else None


def export_of(
    path: Path, told: Sequence[Told], known: frozenset[str], zone: tzinfo = UTC
) -> Export:
    """Read every submission; a place is the number of the submission among them."""
    export = Export("kobo", media=beside(path))
    for number, one in enumerate(told, 1):
        place = Place(path.as_posix(), number)
        cells = _cells(one, known, place)
        rows = [_cells(row, known, place) for row in _rows(one)]
        filled = (cells[name].text for name in ("end", "start") if name in cells)
        at = moment(filled, iter([str(one.get("_submission_time") or "")]), zone)
        key = str(one.get("_uuid") or one.get("meta/instanceID") or one.get("_id") or "")
        state = one.get("_validation_status")
        said = state.get("uid", "") if isinstance(state, dict) else state or ""
        said = str(said).strip().casefold()
        first = _sound(str(one.get("meta/rootUuid") or ""))
        export.sent.append(Sent("kobo", _sound(key), cells, rows, place, at, said, first=first))
    return export


def _rows(told: Told) -> Iterator[Told]:
    """Find the rows of every repeat, however deep."""
    for value in told.values():
        if isinstance(value, list):
            for row in value:
                if isinstance(row, dict):
                    yield row
                    yield from _rows(row)


def _cells(told: Told, known: frozenset[str], place: Place) -> Cells:
    keys = tuple(told)
    found = ((name, keys[n]) for n, name in names_of(keys, known).items())
    return {
        name: Cell(_sound(value), place, _sound(key))
        for name, key in found
        if isinstance(value := told[key], str) and value.strip()
    }


def _sound(text: str) -> str:
    """Give a text that can be written down: JSON may hold half a sign, as no text does."""
    return text.encode(errors="replace").decode()
