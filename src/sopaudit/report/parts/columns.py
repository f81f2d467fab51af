"""Tables on a terminal whose words give way where numbers need the room."""

from collections.abc import Iterator, Sequence
from typing import Final

from sopaudit.terminal import COLUMNS, GAP, fitting, table, width

_LEAST: Final = 6
"""No column of words becomes narrower."""


def fitted(
    head: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[str], indent: str = ""
) -> Iterator[str]:
    """Lay rows out within the terminal; the widest columns of words are cut, those of numbers not.

    A column without any content is left out, as in `table`.
    """
    lines = [head, *rows]
    kept = [n for n in range(len(head)) if any(row[n] for row in rows)]
    wide = {n: max(width(line[n]) for line in lines) for n in kept}
    words = [n for n in kept if head[n] not in numbers]
    room = COLUMNS - width(indent) - (len(kept) - 1) * len(GAP)
    while sum(wide.values()) > room and words:
        widest = max(words, key=lambda n: wide[n])
        if wide[widest] <= _LEAST:
            break
        wide[widest] -= 1
    told = [tuple(cut(line[n], wide.get(n, 0)) for n in range(len(head))) for line in rows]
    for line in table(head, told, numbers).splitlines():
        yield f"{indent}{line}"


def cut(text: str, columns: int) -> str:
    """Cut a text to so many columns; one that is cut ends with dots."""
    return text if width(text) <= columns else fitting(text, columns - 1).rstrip() + "…"
