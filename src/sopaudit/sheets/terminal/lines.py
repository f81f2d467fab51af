"""Lines of the screen: none wider than 80 columns, each with a role by which it may be coloured."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from sopaudit.press.words import Words, words
from sopaudit.sheets.terminal.session import Session
from sopaudit.terminal import COLUMNS, GAP, fitting, padded, width, wrapped

Role = Literal["rule", "head", "item", "fact", "note", "ask", "keys", "warn", "good"]

_LABELS: Final = (
    "standard",
    "rule",
    "sample",
    "method",
    "evidence",
    "before",
    "now",
    "files",
    "post",
)
_LONGEST: Final = 6
"""Lines of a fact on the card; the rest of it is shown with `?`."""
_HASH: Final = re.compile(r"[0-9a-f]{64}")
"""The name of a kept file, which fills most of a line."""
_SIGNS: Final = 12
"""Signs of a hash by which a file is found in its folder."""


@dataclass(frozen=True)
class Shown:
    """A line of the screen."""

    role: Role
    text: str


def said_words(session: Session) -> Words:
    """Give the words of the terminal in the language of the session."""
    return words(session.form.lang, "fill")


def short(path: Path) -> Path:
    """Cut the name of a kept file to what fits a line; any other stays as it is."""
    if not _HASH.fullmatch(path.stem):
        return path
    return path.with_name(f"{path.stem[:_SIGNS]}…{path.suffix}")


def both(left: str, right: str) -> str:
    """Set one text to the left of a line and one to the right; the left one gives way."""
    room = COLUMNS - width(right) - len(GAP)
    if width(left) > room:
        left = f"{fitting(left, room - 1)}…"
    return f"{padded(left, COLUMNS - width(right))}{right}".rstrip()


def fact(session: Session, role: Role, label: str, text: str) -> Iterator[Shown]:
    """Set a text beside its label; nothing where there is no text."""
    labels = (said_words(session)["about"][name] for name in _LABELS)
    column = max(map(width, labels)) + 2 * len(GAP)
    lines = list(broken(text, " " * column)) if text else []
    if len(lines) > _LONGEST and role != "note":
        lines = [*lines[: _LONGEST - 1], f"{fitting(lines[_LONGEST - 1], COLUMNS - 1)}…"]
    for n, line in enumerate(lines):
        head = padded(f"{GAP}{label}" if n == 0 else "", column)
        yield Shown(role, head + line[column:])


def broken(text: str, indent: str) -> Iterator[str]:
    """Wrap a text; a word wider than the line is cut, for nothing may stand outside."""
    for paragraph in text.splitlines():
        for line in wrapped(paragraph, indent):
            rest = line
            while width(rest) > COLUMNS:
                yield (piece := fitting(rest, COLUMNS))
                rest = indent + rest[len(piece) :]
            yield rest


def packed(parts: Sequence[str], indent: str = "  ") -> Iterable[str]:
    """Set as many parts into a line as fit, and never break one."""
    line = ""
    for part in parts:
        longer = f"{line}   {part}" if line else f"{indent}{part}"
        if line and width(longer) > COLUMNS:
            yield line
            longer = f"{indent}{part}"
        line = longer
    if line:
        yield line


def tail(path: str) -> str:
    """Give the name of a file without its folders."""
    return path.replace("\\", "/").rpartition("/")[2]
