"""More than any checklist asks: lists so long that nobody filled them in.

They are counted before anything is made of them, and told once instead of sixty thousand times.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from sopaudit.problems import Place, Problem
from sopaudit.reading.document import Document, Loc

LARGEST: Final = 16 << 20
"""Bytes of a record; the longest of ours have a tenth of a megabyte."""

MOST: Final[Mapping[str, int]] = {
    "records": 100,
    "answers": 2_000,
    "cases": 5_000,
    "signatures": 100,
    "evidence": 500,
}
"""Entries of a list, by its name; the longest checklist has some three hundred items."""

ALL: Final = 50_000
"""Entries of all lists of one name in a file."""


VALUES: Final = 400_000
"""Signs of JSON in a record or form that part one value from the next; each takes half a KB."""


def crowded(raw: bytes, shown: str, most: int = VALUES) -> Problem | None:
    """Tell of JSON that holds far too many values, before a place is noted for each of them.

    Commas in remarks count along; there are few.
    """
    number = sum(map(raw.count, (b",", b"[", b"{")))
    if number <= most:
        return None
    told = {"list": shown, "number": str(number), "most": str(most)}
    return Problem(Place(shown), "F076", told)


def overfull(document: Document) -> Problem | None:
    """Tell of the first list of a record or form that is far too long; None where none is."""
    total: Counter[str] = Counter()
    for loc, number in _lists(document.data, ()):
        name = str(loc[-1]) if loc else ""
        most = MOST.get(name)
        if most is None:
            continue
        total[name] += number
        if number > most or total[name] > ALL:
            found, most = (number, most) if number > most else (total[name], ALL)
            return document.problem("F076", loc, list=name, number=str(found), most=str(most))
    return None


def _lists(node: Any, loc: Loc) -> Iterator[tuple[Loc, int]]:  # noqa: ANN401 -- any JSON value
    """Go through what is nested, which is never deep: each list with where it is, and its length.

    A list stands before what is in it, so that a reader may stop.
    """
    if isinstance(node, Mapping):
        for name, value in node.items():
            yield from _lists(value, (*loc, name))
    elif isinstance(node, list):
        yield loc, len(node)
        for n, value in enumerate(node):
            if isinstance(value, (Mapping, list)):
                yield from _lists(value, (*loc, n))
