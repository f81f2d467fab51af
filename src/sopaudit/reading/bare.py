"""Texts without quotes that this program keeps as they were typed, and others would not.

A hint, given only where a field keeps the value as text: a number or a day needs no quotes.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final

from pydantic import BaseModel

from sopaudit.problems import Edit, Problem
from sopaudit.reading.document import Document, Loc, Map, Mark, Seq
from sopaudit.reading.events import scalars
from sopaudit.reading.typed import Scalar, Typed

_KINDS: Final = (
    ("S019", re.compile("[“‘][^“”‘’]*[”’]")),
    ("S020", re.compile("yes|no|on|off|true|false|null|~", re.IGNORECASE)),
    ("S021", re.compile(r"\d{1,2}(?::\d\d){1,2}")),
    ("S022", re.compile(r"0\d+")),
    ("S023", re.compile(r"\d+\.\d*0")),
    ("S024", re.compile(r"\d+(?:_\d+)+|\d+(?:\.\d*)?[eE][+-]?\d+|0[xob][0-9a-fA-F]+")),
    ("S025", re.compile(r"\d{4}-\d\d-\d\d")),
)
"""What a value looks like, and how that is told."""


def bare(document: Document, value: BaseModel | None) -> list[Problem]:
    """List the texts of a file that had better be quoted; `value` is what the file was read as."""
    if value is None or document.problems:
        return []
    found = scalars(document.text)
    # A word that is also a key, as in `answers: {no: 0}`, is one of the file's own words.
    own = {scalar.value for scalar in found if scalar.role == "key"}
    kinds = {
        scalar: code for scalar in found if (code := _kind(scalar)) and scalar.value not in own
    }
    if not kinds:
        return []
    typed, locs = Typed(document.text), dict(_locs(document.data))
    told = []
    for scalar, code in kinds.items():
        loc = locs.get(typed.mark(scalar.start))
        if loc is None or isinstance(_received(value, loc), int | Fraction | date):
            continue
        edits = (Edit(scalar.start, scalar.start, '"'), Edit(scalar.end, scalar.end, '"'))
        hint = document.problem(code, loc, found=scalar.value)
        told.append(hint if code == "S019" else hint.with_edits(edits))
    return told


def _kind(scalar: Scalar) -> str:
    if not scalar.plain or scalar.role == "key":
        return ""
    # Older parsers stop at any ? between braces or brackets; elsewhere it is a sign like others.
    if scalar.flow and "?" in scalar.value:
        return "S026"
    return next((code for code, look in _KINDS if look.fullmatch(scalar.value)), "")


def _locs(data: Any, loc: Loc = ()) -> Iterator[tuple[Mark, Loc]]:  # noqa: ANN401 -- any data
    """List where single values stand, and which they are."""
    if isinstance(data, Map):
        for key, inner in data.items():
            yield data.values_at[key], (*loc, key)
            yield from _locs(inner, (*loc, key))
    elif isinstance(data, Seq):
        for n, inner in enumerate(data):
            yield data.values_at[n], (*loc, n)
            yield from _locs(inner, (*loc, n))


def _received(value: Any, loc: Loc) -> Any:  # noqa: ANN401 -- whatever a field made of it
    """Find what the field at `loc` made of what stood there."""
    for part in loc:
        if isinstance(value, BaseModel):
            fields = type(value).model_fields.items()
            name = next((name for name, info in fields if part in {name, info.alias}), "")
            value = getattr(value, name) if name else (value.model_extra or {}).get(str(part))
        elif isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, tuple) and isinstance(part, int):
            value = value[part]
    return value
