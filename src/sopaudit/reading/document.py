"""A file that has been read: its data as text, and where each value stands."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from sopaudit.problems import Place, Problem

Loc = tuple[str | int, ...]
"""Keys and indexes from the top of a file to one of its values."""

DEPTH_LIMIT: Final = 60
"""No handbook nests deeper than 10; beyond this a file is hostile or broken."""

PROOF: Final = "worked"
"""The key of a file under which its worked cases stand: they prove its rules and are none."""

Mark = tuple[int, int]
"""Line and column, counted from 1."""


class Map(dict[str, Any]):
    """A YAML mapping, with the places of its keys and values."""

    __slots__ = ("at", "keys_at", "values_at")

    def __init__(self, at: Mark) -> None:
        self.at = at
        self.keys_at: dict[str, Mark] = {}
        self.values_at: dict[str, Mark] = {}


class Seq(list[Any]):
    """A YAML sequence, with the places of its values."""

    __slots__ = ("at", "values_at")

    def __init__(self, at: Mark) -> None:
        self.at = at
        self.values_at: list[Mark] = []


@dataclass(frozen=True)
class Document:
    """One file, read; `data` is None where nothing could be made of it."""

    path: str
    """As problems show it."""

    data: Any
    """Nested `Map`, `Seq` and `str`."""

    problems: tuple[Problem, ...] = ()

    text: str = ""
    """What stood in the file, as far as it can be made out."""

    hints: tuple[Problem, ...] = ()
    """Advice on how it is written; nothing is wrong."""

    encoding: str = "utf-8"
    """As it was found, in the words of Python: `utf-8`, `utf-8-sig`, `gb18030`, `utf-16-le` …"""

    def place(self, loc: Loc = (), *, key: bool = False) -> Place:
        """Find the value at `loc`, or as deep as the file goes; with `key`, the key before it."""
        at: Mark = getattr(self.data, "at", (1, 1))
        for holder, part in follow(self.data, loc):
            if isinstance(holder, Seq):
                at = holder.values_at[int(part)]
            else:
                at = (holder.keys_at if key else holder.values_at)[str(part)]
        return Place(self.path, *at)

    def problem(self, code: str, loc: Loc, *, key: bool = False, **values: object) -> Problem:
        """Make a `Problem` of this file at `loc`."""
        told = {name: str(value) for name, value in values.items()}
        return quoting(Problem(self.place(loc, key=key), code, told), _lines(self.text))

    @property
    def digest(self) -> str:
        """Hash the content alone: comments, places, line ends, a BOM and proofs do not count."""
        if isinstance(self.data, dict) and PROOF in self.data:
            return digest({key: value for key, value in self.data.items() if key != PROOF})
        return digest(self.data)


def document(found: Document, data: Any, problems: Collection[Problem]) -> Document:  # noqa: ANN401
    """Add its data to a document, and further problems; each quotes the line it stands in."""
    if not (problems or found.problems or found.hints):
        return replace(found, data=data)
    lines = _lines(found.text)
    told = (*found.problems, *problems)
    return replace(
        found,
        data=data,
        problems=tuple(quoting(problem, lines) for problem in told),
        hints=tuple(quoting(hint, lines) for hint in found.hints),
    )


@lru_cache(maxsize=1)
def _lines(text: str) -> list[str]:
    """Cut a text where YAML ends a line; `str.splitlines` takes control characters too.

    Kept for the next problem of the same file: a bad one may have ten thousand.
    """
    import re

    found = re.split("\r\n|[\r\n\x85\u2028\u2029]", text)
    return found if found[-1] else found[:-1]


def quoting(problem: Problem, lines: Sequence[str]) -> Problem:
    """Add its line to a problem that has none yet; beyond the last line there is nothing."""
    number = problem.place.line
    if problem.line or number > len(lines):
        return problem
    return replace(problem, line=lines[number - 1])


def follow(data: Any, loc: Loc) -> list[tuple[Any, str | int]]:  # noqa: ANN401
    """Follow `loc` into what a file holds: each `Map` or `Seq` on the way, and the part taken.

    Parts the file does not hold are passed over, because pydantic names the branch of a union it
    tried, and a key that is missing has no place but its mapping's.
    """
    trail: list[tuple[Any, str | int]] = []
    for part in loc:
        known = isinstance(data, dict) and part in data
        if known or (isinstance(data, list) and isinstance(part, int) and part < len(data)):
            trail.append((data, part))
            data = data[part]
    return trail


def digest(data: object) -> str:
    """Give `sha256:` and the hash of the canonical JSON of `data` (sorted keys, UTF-8)."""
    import hashlib
    import json

    canonical = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()
