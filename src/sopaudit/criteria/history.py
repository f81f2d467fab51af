"""Ids that changed by accident: the same text as before, under another id.

Answers of years are kept under an id, so an id is not corrected in passing. Who means it gives the
file a new edition; then nothing is said.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from sopaudit.criteria.draft import Draft, Loaded, any_ids
from sopaudit.problems import Problem
from sopaudit.reading.document import Loc
from sopaudit.reading.events import read_bytes
from sopaudit.reading.past import Earlier, Past

_TEXTS: Final = ("question", "standard", "phrase", "step", "title")
"""Where an entry keeps its text; the first that it has tells what kind of entry it is."""

Key = tuple[str, str]
"""The kind of an entry and its text."""


def renamed(draft: Draft, past: Past) -> Iterator[Problem]:
    """Look for entries that carry another id than before, though their text is the same."""
    now: set[str] = set()
    files = {file.name: file for file in draft.files}
    told: set[str] = set()
    for earlier in past.files(list(files)):
        file = files.get(earlier.name)
        if file is None or file.document.data is None or _same(earlier, file):
            continue
        now = now or {name for f in draft.files for name in any_ids(f.document.text)}
        gone = set(any_ids(earlier.raw.decode(errors="replace"))) - now - told
        if not gone:
            continue
        before = read_bytes(earlier.raw, earlier.name).data
        after = file.document.data
        if _edition(before) != _edition(after):
            continue
        old = {key: entry["id"] for key, (_, entry) in _entries(before).items()}
        for key, (loc, entry) in _entries(after).items():
            if old.get(key) in gone and entry["id"] != old[key]:
                told.add(old[key])
                users = [*_pointing(draft, old[key]), *past.naming(old[key])]
                yield file.document.problem(
                    "H060" if users else "H061",
                    loc,
                    old=old[key],
                    word=entry["id"],
                    where=earlier.where,
                    users=_few(users),
                )


def _edition(data: object) -> object:
    return data.get("edition") if isinstance(data, Mapping) else None


def _same(earlier: Earlier, file: Loaded[Any]) -> bool:
    return earlier.raw.decode(errors="replace") == file.document.text


def _entries(data: object, loc: Loc = ()) -> dict[Key, tuple[Loc, Mapping[str, Any]]]:
    """Find what has an id and a text; a text that stands twice says nothing and is left out."""
    found: dict[Key, tuple[Loc, Mapping[str, Any]]] = {}
    twice: set[Key] = set()
    for key, where, entry in _walk(data, loc):
        if key in found:
            twice.add(key)
        found[key] = (where, entry)
    return {key: value for key, value in found.items() if key not in twice}


def _walk(data: object, loc: Loc) -> Iterator[tuple[Key, Loc, Mapping[str, Any]]]:
    if isinstance(data, Mapping):
        key = text_key(data)
        if key and isinstance(data.get("id"), str):
            yield key, (*loc, "id"), data
        for name, value in data.items():
            yield from _walk(value, (*loc, name))
    elif isinstance(data, list):
        for n, value in enumerate(data):
            yield from _walk(value, (*loc, n))


def text_key(entry: Mapping[str, Any]) -> Key | None:
    """Give what an entry is known by, whatever its id: its kind and its text."""
    kind = next((name for name in _TEXTS if name in entry), None)
    return (kind, repr(entry[kind])) if kind else None


def _few(users: Sequence[str]) -> str:
    return ", ".join(users[:_NAMED]) + (" …" if len(users) > _NAMED else "")


_NAMED: Final = 4
"""So many of those who still use an id are named."""


def _pointing(draft: Draft, word: str) -> list[str]:
    """List the entries of the handbook that name `word`, by their ids."""
    found = (name for file in draft.files for name in _naming(file.document.data, word, file.name))
    return list(dict.fromkeys(found))


def _naming(data: object, word: str, owner: str) -> Iterator[str]:
    if isinstance(data, Mapping):
        inner = data.get("id")
        for value in data.values():
            yield from _naming(value, word, inner if isinstance(inner, str) else owner)
    elif isinstance(data, list):
        for value in data:
            yield from _naming(value, word, owner)
    elif data == word:
        yield owner


_UNKNOWN = """
    H012 H013 H015 H040 H043 H102 H107 H109 H110 H112 H113 H140 H141 H146 H148
"""
UNKNOWN: Final = frozenset(_UNKNOWN.split())
"""What is said of a word that names nothing; where the id it names has changed, it goes unsaid."""


def without_echo(problems: Iterable[Problem], changed: Iterable[Problem]) -> list[Problem]:
    """Leave out what follows from a changed id alone, so that one mistake is told once."""
    gone = {problem.values["old"] for problem in changed}
    return [p for p in problems if p.code not in UNKNOWN or p.values["word"] not in gone]
