"""The words of a scheme as they stand in its file: what was written, and on which line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sopaudit.criteria.field import plain
from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.scheme import Scheme
from sopaudit.reading.document import Document, Loc, follow
from sopaudit.reading.events import read


@dataclass(frozen=True)
class Passage:
    """One word of a scheme and what it is set to."""

    text: str
    """On one line, such as `answers.H: {partial: 1/2}`."""

    file: str
    """From the folder of the handbook."""

    line: int | None
    """None where it is not written, and what is usual holds."""

    @property
    def place(self) -> str:
        """Name file and line briefly; nothing where it is not written."""
        return "" if self.line is None else f"{self.file.rpartition('/')[2]}:{self.line}"


class Passages:
    """Finds the words of the schemes of one handbook; each file is read once."""

    def __init__(self, handbook: Handbook) -> None:
        self.handbook = handbook
        self._read: dict[str, Document] = {}

    def file(self, scheme: str) -> str:
        """Name the file of a scheme, from the folder of the handbook."""
        path = self.handbook.files[scheme]
        folder = self.handbook.folder
        return (path.relative_to(folder) if path.is_relative_to(folder) else path).as_posix()

    def find(self, scheme: str, loc: Loc) -> Passage | None:
        """Find the word at `loc` of a scheme; None for no word at all."""
        if not loc:
            return None
        file = self.file(scheme)
        document = self._document(scheme)
        trail = follow(document.data, loc)
        if len(trail) < len(loc):
            usual = _usual(self.handbook.schemes[scheme], loc)
            return Passage(f"{_named(document, loc)}: {usual}", file, None)
        holder, part = trail[-1]
        written = _flow(holder[part])
        line = document.place(loc, key=True).line
        if loc[0] == "answers" and len(loc) > 1 and written not in ("rate", "number"):
            above = _named(document, loc[:-1])
            if not isinstance(holder[part], dict):
                return Passage(f"{above}: {{{part}: {written}}}", file, line)
        if isinstance(part, int):
            written = _flow(_without(holder[part], ("id", "title", "grade")))
        name = _named(document, loc)
        # A grade without bounds is all said by its name.
        return Passage(name if written == "{}" else f"{name}: {written}", file, line)

    def _document(self, scheme: str) -> Document:
        if scheme not in self._read:
            path = self.handbook.files[scheme]
            self._read[scheme] = read(path, path.as_posix())
        return self._read[scheme]


def _named(document: Document, loc: Loc) -> str:
    """Write the way to a word; an entry of a list is called by its id or grade."""
    parts: list[str] = []
    data: Any = document.data
    for part in loc:
        trail = follow(data, (part,))
        data = trail[0][0][part] if trail else None
        name = str(part)
        if isinstance(part, int):
            named = data if isinstance(data, dict) else {}
            name = named.get("id") or named.get("grade") or ""
        parts += [name] if name else []
    return ".".join(parts)


def _usual(scheme: Scheme, loc: Loc) -> str:
    """Say what holds where a word is not written."""
    value: Any = scheme
    for part in loc:
        if isinstance(part, int):
            value = value[part]
        elif part == "scale":
            value = scheme.best
        else:
            value = getattr(value, str(part), None)
    return plain(value) if isinstance(value, Fraction) else str(value)


def _without(value: object, names: Sequence[str]) -> object:
    if not isinstance(value, Mapping):
        return value
    return {name: inner for name, inner in value.items() if name not in names}


def _flow(value: object) -> str:
    """Write a value of a file on one line, as YAML would."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {_flow(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return str(value)
