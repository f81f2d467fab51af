"""Mending what is certain in the files of a handbook: bytes in, bytes out, nothing written.

Each round reads the handbook as it would be, makes the edits its problems carry, and saves what is
not UTF-8 as such. A parser stops at the first thing it cannot read, so the next mistake of a file
shows itself only in the next round.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from sopaudit.criteria.draft import Draft
from sopaudit.criteria.handbook import drafted, problems_in
from sopaudit.problems import Problem
from sopaudit.reading.document import Document
from sopaudit.reading.edits import applied, compatible

_ROUNDS: Final = 100
"""So many mistakes, one behind the other, are mended in one file; the next run goes on."""


@dataclass(frozen=True)
class Repair:
    """A file of the handbook, as it stands and as it would be."""

    name: str
    """Its path inside the handbook."""

    shown: str
    """As problems show it."""

    before: bytes
    text: str
    """What the bytes say."""

    encoding: str
    """As it was found, in the words of Python."""

    after: bytes
    """UTF-8 without a BOM; line ends as they were."""

    mended: int
    """How many mistakes are gone; the encoding is one."""


def repaired(folder: Path, *, strict: bool = False, shown: str | None = None) -> list[Repair]:
    """Work out how each file of a handbook would be with everything mended that is certain.

    A file in which nothing is, is not among them. With `strict`, hints are followed too.
    """
    work: dict[str, Repair] = {}
    for _ in range(_ROUNDS):
        draft = drafted(folder, shown, {name: repair.after for name, repair in work.items()})
        steps = list(_steps(folder, draft, problems_in(draft, strict=strict), work))
        if not steps:
            break
        work |= {repair.name: repair for repair in steps}
    return sorted(work.values(), key=lambda repair: repair.shown)


def _steps(
    folder: Path, draft: Draft, problems: Iterable[Problem], work: dict[str, Repair]
) -> Iterator[Repair]:
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        found.setdefault(problem.place.path, []).append(problem)
    for file in draft.files:
        so_far = work.get(file.name) or _start(folder / file.name, file.name, file.document)
        step = so_far and _step(so_far, file.document, found.get(file.document.path, ()))
        if step:
            yield step


def _start(path: Path, name: str, document: Document) -> Repair | None:
    """Read a file again, exactly; None where its bytes are not what they were taken for."""
    try:
        raw = path.read_bytes()
        text = raw.decode(document.encoding).removeprefix("\ufeff")
    except (OSError, LookupError, UnicodeDecodeError):  # "binary" is no encoding
        return None
    return Repair(name, document.path, raw, text, document.encoding, text.encode(), 0)


def _step(repair: Repair, document: Document, problems: Iterable[Problem]) -> Repair | None:
    """Go one step further; None where there is nothing to do."""
    first = repair.mended == 0
    text = repair.after.decode()
    if text != document.text:
        return None
    chosen = compatible(problems)
    after = applied(text, [edit for problem in chosen for edit in problem.edits]).encode()
    saved_otherwise = first and repair.after != repair.before
    if after == repair.after and not saved_otherwise:
        return None
    mended = repair.mended + len(chosen) + saved_otherwise
    return replace(repair, after=after, mended=mended)
