"""Text for a terminal, where a Chinese character is two columns wide."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from unicodedata import category, east_asian_width

COLUMNS: Final = 80
"""Of a terminal."""

GAP: Final = "  "
"""Between two columns."""


_SPACES: Final = frozenset("\n\u3000\u00a0\u202f")


def width(text: str) -> int:
    """Count the columns `text` takes; combining marks take none."""
    return sum(
        0 if category(char) in ("Mn", "Me", "Cf") else 2 if east_asian_width(char) in "WF" else 1
        for char in text
    )


def harmless(text: str) -> str:
    """Give a text in which nothing steers a terminal: no escapes, no signs that turn a line round.

    What is no sign at all becomes `�`, so that people see that something was there.
    """
    if text.isprintable():
        return text
    return "".join(
        sign if sign.isprintable() or sign in _SPACES else " " if sign.isspace() else "�"
        for sign in text
    )


def in_line(text: str) -> str:
    """Give a name as part of a line: a name may hold line ends, and the rest would look like ours.

    They become `�`, as whatever else is no sign.
    """
    return harmless(text).replace("\n", "�")


def fitting(text: str, columns: int) -> str:
    """Give as much of the beginning of `text` as fits into `columns`."""
    left = columns
    for n, sign in enumerate(text):
        left -= width(sign)
        if left < 0:
            return text[:n]
    return text


def padded(text: str, columns: int, *, right: bool = False) -> str:
    """Fill `text` with blanks up to `columns`; with `right`, they stand before it."""
    blanks = " " * max(0, columns - width(text))
    return blanks + text if right else text + blanks


def table(head: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[str]) -> str:
    """Lay rows out under their heads; the columns named in `numbers` stand to the right.

    A column without any content is left out.
    """
    kept = [n for n in range(len(head)) if any(row[n] for row in rows)] or list(range(len(head)))
    widths = {n: max(width(line[n]) for line in (head, *rows)) for n in kept}
    lines = (
        GAP.join(padded(line[n], widths[n], right=head[n] in numbers) for n in kept).rstrip()
        for line in (head, *rows)
    )
    return "\n".join(lines) + "\n"


def wrapped(text: str, indent: str, columns: int = COLUMNS) -> Iterable[str]:
    """Break a text into lines of at most `columns`, between words or between Chinese characters."""
    line = indent
    for word in _words(text):
        if width((line + word).rstrip()) > columns and line.strip():
            yield line.rstrip()
            line = indent + word.lstrip()
        else:
            line += word
    if line.strip():
        yield line.rstrip()


def hanging(text: str, indent: str) -> Iterator[str]:
    """Wrap a text; the lines after the first stand further in."""
    first = True
    rest = f"{indent}    "
    for line in wrapped(text, rest):
        yield indent + line.removeprefix(rest) if first else line
        first = False


def _words(text: str) -> Iterator[str]:
    """Give what must not be broken: a Latin word with the blank after it, one Chinese character.

    A closing mark stays with what it closes.
    """
    word = ""
    for sign in text:
        wide = width(sign) > 1
        closing = sign in "，。；：、！？）》”％"
        if word and not closing and (wide or word[-1] == " " or width(word[-1]) > 1):
            yield word
            word = ""
        word += sign
    if word:
        yield word
