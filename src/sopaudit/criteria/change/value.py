"""Which values of a thing are no longer what they were, with nothing left out."""

import json
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, Final

from sopaudit.criteria.change.model import Path, Value
from sopaudit.criteria.change.thing import HEADINGS, Thing, leaves
from sopaudit.criteria.field import unfolded

_NAMES: Final = ("id", "checklist", "grade", "date", "from", "edition", "term")
"""What tells entries without an id apart, where all have it and no two have the same."""


def values(old: Thing, new: Thing, languages: Sequence[str]) -> Iterator[Value]:
    """Tell each value that differs, by its keys; what stands in lists, entry by entry."""
    key = new.data.get("key")
    row_key = tuple(name for name in key if isinstance(name, str)) if isinstance(key, list) else ()
    for path in dict.fromkeys([*new.leaves, *old.leaves]):
        yield from _compared(path, old.leaves.get(path), new.leaves.get(path), row_key, languages)


def _compared(
    path: Path,
    old: Any,  # noqa: ANN401 -- whatever stands in the files
    new: Any,  # noqa: ANN401
    row_key: Sequence[str],
    languages: Sequence[str],
) -> Iterator[Value]:
    if _plain(old) == _plain(new):
        return
    if _groups(old) and _groups(new) and (old or new):
        yield from _entries(path, old or [], new or [], row_key, languages)
    else:
        yield Value(path, old, new, language(path, languages))


def _groups(value: object) -> bool:
    """Say whether a value is a list of entries, or could be one: there is none."""
    return value is None or (
        isinstance(value, list) and all(isinstance(entry, Mapping) for entry in value)
    )


def _entries(
    path: Path,
    old: Sequence[Mapping[str, Any]],
    new: Sequence[Mapping[str, Any]],
    row_key: Sequence[str],
    languages: Sequence[str],
) -> Iterator[Value]:
    """Compare entries without ids: those about the same thing value by value."""
    options = (tuple(row_key), *((name,) for name in _NAMES))
    fields = next((fields for fields in options if _tell_apart(fields, old, new)), ())
    pairs = _by_name(old, new, fields) if fields else _by_likeness(old, new)
    for name, one, other in pairs:
        where = (*path, name)
        if one is None or other is None:
            yield Value(where, one, other)
            continue
        before = dict(leaves(one, where))
        after = dict(leaves(other, where))
        for inner in dict.fromkeys([*after, *before]):
            yield from _compared(inner, before.get(inner), after.get(inner), (), languages)
    if fields:
        names = [[_name(entry, fields) for entry in entries] for entries in (old, new)]
        kept = [[name for name in names[n] if name in {*names[1 - n]}] for n in (0, 1)]
        if kept[0] != kept[1]:
            yield Value((*path, "order"), names[0], names[1])


_Pair = tuple[str, Mapping[str, Any] | None, Mapping[str, Any] | None]


def _by_name(
    old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]], fields: Sequence[str]
) -> Iterator[_Pair]:
    by_name = {_name(entry, fields): entry for entry in old}
    for entry in new:
        name = _name(entry, fields)
        yield name, by_name.pop(name, None), entry
    yield from ((name, entry, None) for name, entry in by_name.items())


def _by_likeness(
    old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]
) -> Iterator[_Pair]:
    before, after = ([json.dumps(_plain(e), sort_keys=True) for e in s] for s in (old, new))
    for what, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            continue
        gone, come = list(old[a:b]), list(new[c:d])
        # Pair those of one heading, then those in one place where as many came as went.
        for n, entry in enumerate(come):
            same = next((g for g in gone if _title(g) == _title(entry) is not None), None)
            if same is None and len(gone) == len(come) - n:
                same = gone[0]
            if same is not None:
                gone.remove(same)
            yield _heading(entry, c + n), same, entry
        yield from ((_heading(entry, a + n), entry, None) for n, entry in enumerate(gone))


def _tell_apart(fields: Sequence[str], *lists: Sequence[Mapping[str, Any]]) -> bool:
    if not fields:
        return False
    for entries in lists:
        names = [tuple(entry.get(name) for name in fields) for entry in entries]
        whole = all(isinstance(part, str | Mapping) for name in names for part in name)
        if not whole or len({json.dumps(name) for name in names}) != len(names):
            return False
    return True


def _name(entry: Mapping[str, Any], fields: Sequence[str]) -> str:
    said = (entry[name] for name in fields)
    return " / ".join(next(iter(s.values())) if isinstance(s, Mapping) else s for s in said)


def _title(entry: Mapping[str, Any]) -> Any:  # noqa: ANN401 -- a text as it was typed
    return next((entry[name] for name in HEADINGS if name in entry), None)


def _heading(entry: Mapping[str, Any], n: int) -> str:
    """Name an entry by its heading, else by its number."""
    title = _title(entry)
    if isinstance(title, Mapping):
        title = next(iter(title.values()), None)
    return title if isinstance(title, str) and title else f"#{n + 1}"


def _plain(value: Any) -> Any:  # noqa: ANN401 -- whatever stands in a file
    """Give a value without what folding a line leaves behind, so that rewrapping is no change."""
    if isinstance(value, str):
        return unfolded(value.strip())
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value


def language(path: Path, languages: Sequence[str]) -> str:
    """Give the language a value is a wording of; empty where it is none."""
    return path[-1] if path[-1] in languages and len(path) > 1 else ""
