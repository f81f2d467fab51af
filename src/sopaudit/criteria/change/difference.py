"""The difference between two editions of a handbook, thing by thing and value by value."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from sopaudit.criteria.change.model import (
    OF_EDITIONS,
    Change,
    Difference,
    FileChange,
    Remark,
    Sort,
    Value,
)
from sopaudit.criteria.change.thing import (
    Key,
    Thing,
    Things,
    rank,
    renamed,
    renewed,
    root,
    taken_apart,
)
from sopaudit.criteria.change.touch import suspects, touched, unchecked
from sopaudit.criteria.change.value import language, values
from sopaudit.problems import Problem
from sopaudit.reading.document import Document
from sopaudit.reading.events import read_bytes


def read_files(files: Mapping[str, bytes], shown: str) -> dict[str, Document]:
    """Read the files of an edition; `shown` is what problems put before their names."""
    return {name: read_bytes(files[name], f"{shown}{name}") for name in sorted(files, key=rank)}


def problems_of(documents: Mapping[str, Document]) -> list[Problem]:
    """List what could not be read, and so could not be compared."""
    return [problem for document in documents.values() for problem in document.problems]


def _unread(old: Mapping[str, Document], new: Mapping[str, Document]) -> set[str]:
    return {name for name, file in (*old.items(), *new.items()) if file.problems}


def difference(old: Mapping[str, Document], new: Mapping[str, Document]) -> Difference:
    """Compare two editions of a handbook, given as its files by name.

    A file that cannot be read in one of them is left out of both; its problems say why.
    """
    blank = {name for name, file in (*old.items(), *new.items()) if file.data is None}
    before, now = (
        taken_apart({name: file for name, file in files.items() if name not in blank})
        for files in (old, new)
    )
    other = renamed(before, now)
    was = {key: renewed(key, other) for key in before.all}
    pairs = {was[key]: thing for key, thing in before.all.items()}
    languages = tuple(dict.fromkeys([*now.languages, *before.languages]))
    places = _places(before, now, was)
    changes = {
        key: change
        for key in (*now.all, *(key for key in pairs if key not in now.all))
        if (change := _change(pairs.get(key), now.all.get(key), places.get(key), was, languages))
    }
    everything = (*before.all.values(), *now.all.values())
    files = tuple(_files(before, now, pairs, changes, was))
    return Difference(
        languages,
        files,
        {(t.within, t.id): t.title for t in everything if t.kind == "column"},
        tuple(suspects(pairs, now, changes, files)),
        tuple(touched(now, pairs, changes)),
        tuple(unchecked(before, now)),
        tuple(sorted(_unread(old, new), key=rank)),
    )


def _change(
    old: Thing | None,
    new: Thing | None,
    after: str | None,
    was: Mapping[Key, Key],
    languages: Sequence[str],
) -> Change | None:
    if old is None or new is None:
        thing = new or old
        if thing is None:
            return None
        told = tuple(
            Value(path, None if new else leaf, leaf if new else None, language(path, languages))
            for path, leaf in thing.leaves.items()
        )
        sort: Sort = "added" if new else "retired"
        return Change(sort, thing.kind, thing.id, thing.title, thing.within, values=told)
    told = (*_named(old, new), *values(old, new, languages))
    moved = None
    if old.parent and new.parent and was.get(old.parent) != new.parent:
        moved = (old.parent[1], new.parent[1])
    former = old.id if old.id != new.id else ""
    if not (told or moved or former or after is not None):
        return None
    return Change("changed", new.kind, new.id, new.title, new.within, former, moved, after, told)


def _named(old: Thing, new: Thing) -> Iterator[Value]:
    """Tell an id that came or went though the thing is called the same: a file has its name."""
    was, is_ = old.data.get("id"), new.data.get("id")
    if old.id == new.id and (was is None) != (is_ is None):
        yield Value(("id",), was, is_)


# --- the order of things --------------------------------------------------------------------------


def _places(before: Things, now: Things, was: Mapping[Key, Key]) -> dict[Key, str]:
    """Find the things that stand elsewhere among the same others, and what is now before each.

    As few as possible are called moved: those outside the longest run that kept its order.
    """
    rows: dict[tuple[Key | None, str], list[Key]] = {}
    for key, thing in now.all.items():
        if thing.parent is not None:
            rows.setdefault((thing.parent, thing.kind), []).append(key)
    ranks = {was[key]: n for n, key in enumerate(before.all)}
    parents = {was[k]: was.get(t.parent) if t.parent else None for k, t in before.all.items()}
    found: dict[Key, str] = {}
    for (parent, _), keys in rows.items():
        stayed = [key for key in keys if key in ranks and parents[key] == parent]
        kept = _longest_rise([ranks[key] for key in stayed])
        for key in stayed:
            if ranks[key] not in kept:
                at = keys.index(key)
                found[key] = now.all[keys[at - 1]].id if at else ""
    return found


def _longest_rise(numbers: Sequence[int]) -> set[int]:
    """Give the longest part of `numbers` that rises, in which others may stand between."""
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        at = bisect_left(ends, number)
        before[number] = ends[at - 1] if at else None
        ends[at : at + 1] = [number]
    rise: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        rise.add(last)
        last = before[last]
    return rise


# --- by file --------------------------------------------------------------------------------------


def _files(
    before: Things,
    now: Things,
    pairs: Mapping[Key, Thing],
    changes: Mapping[Key, Change],
    was: Mapping[Key, Key],
) -> Iterator[FileChange]:
    told: dict[Key, list[Change]] = {}
    for key, change in changes.items():
        inside = (now, now.all[key]) if key in now.all else (before, pairs[key])
        top = root(inside[1], inside[0]).key
        told.setdefault(top if key in now.all else was[top], []).append(change)
    roots = {key: t for key, t in (*pairs.items(), *now.all.items()) if t.parent is None}
    for key in sorted(roots, key=lambda k: rank(roots[k].file)):
        old, new = pairs.get(key), now.all.get(key)
        files = [(things.documents[t.file], t) for things, t in ((before, old), (now, new)) if t]
        written = len({document.digest for document, _ in files})
        if len(files) == 2 and written == 1 and files[0][1].file == files[1][1].file:  # noqa: PLR2004
            continue
        yield FileChange(
            "changed" if old and new else "added" if new else "retired",
            roots[key].kind,
            roots[key].file,
            roots[key].id,
            roots[key].title,
            (_edition(old), _edition(new)),
            _remark(old, new, told.get(key, [])) if written > 1 else "",
            tuple(told.get(key, [])),
            old.file if old and new and old.file != new.file else "",
        )


def _edition(thing: Thing | None) -> str:
    return str(thing.data.get("edition", "")) if thing else ""


def _remark(old: Thing | None, new: Thing | None, told: Sequence[Change]) -> Remark:
    if old is None or new is None:
        return ""
    if not told:
        return "only_writing"
    about_editions = all(
        change.sort == "changed"
        and change.kind == new.kind
        and not (change.was or change.moved)
        and all(value.path[0] in OF_EDITIONS for value in change.values)
        for change in told
    )
    new_edition = old.data.get("edition") != new.data.get("edition")
    if about_editions:
        return "only_edition" if new_edition else ""
    return "" if new_edition else "same_edition"
