"""What a file of the handbook holds, gone through once for all checks that look everywhere."""

from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from pydantic import BaseModel

from sopaudit.criteria.field import Text
from sopaudit.reading.document import Loc


class Contents(NamedTuple):
    """The values of a file by kind, each with its place, in the order they stand in."""

    entries: list[tuple[Loc, Any]]
    """Each a model: a step, an item, the file itself."""

    texts: list[tuple[Loc, Text]]
    words: list[tuple[Loc, str]]
    """Ids, references and all else that is the same in every language."""


def contents(value: BaseModel | None) -> Contents:
    """Go through everything a file holds; where it could not be shaped, there is nothing."""
    found = Contents([], [], [])
    if value is not None:
        _entry(value, (), found)
    return found


def _entry(value: BaseModel, loc: Loc, found: Contents) -> None:
    found.entries.append((loc, value))
    fields = vars(value)
    _gather(((key, fields[name]) for name, key in _keys(type(value))), loc, found)


def _gather(inside: Iterable[tuple[Any, Any]], loc: Loc, found: Contents) -> None:
    # The kind itself is asked for, the frequent first, because there are tens of thousands.
    for part, value in inside:
        kind: Any = type(value)
        if kind is str:
            found.words.append(((*loc, part), value))
        elif kind is Text:
            found.texts.append(((*loc, part), value))
        elif value is None:
            continue
        elif kind is tuple:
            _gather(enumerate(value), (*loc, part), found)
        elif kind is dict:
            _gather(value.items(), (*loc, part), found)
        elif _keys(kind):
            _entry(value, (*loc, part), found)


@cache
def _keys(kind: type[object]) -> tuple[tuple[str, str], ...]:
    """List the fields of a model and the keys they have in YAML; a number or a day has none."""
    if not issubclass(kind, BaseModel):
        return ()
    return tuple((name, info.alias or name) for name, info in kind.model_fields.items())
