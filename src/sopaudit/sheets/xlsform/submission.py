"""What one person sent: the same whichever server exported it, and in whichever format."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Final, Literal

from sopaudit.problems import Place, Problem
from sopaudit.sheets.answering import when
from sopaudit.sheets.xlsform.media import Media
from sopaudit.sheets.xlsform.names import IDENTITY, bare

Server = Literal["odk", "kobo"]

REJECTED: Final = frozenset(
    {
        "rejected",
        "not approved",
        "validation_status_not_approved",
    }
)
"""What a server calls a submission somebody decided against."""

LOCKED: Final = frozenset({"not decrypted", "missing encrypted form data"})


@dataclass(frozen=True)
class Cell:
    """What was answered to one question."""

    text: str
    place: Place
    header: str
    """What the export calls the question."""


ROWS: Final = 20_000
"""Submissions of an export, or lines of a repeat."""

LONGEST: Final = 1000
"""Signs of a header with its groups; a longer one is no name, and is not looked through."""

Cells = Mapping[str, Cell]
"""By name of the question, without its groups."""


@dataclass(frozen=True)
class Sent:
    """One submission."""

    server: Server
    key: str
    cells: Cells
    rows: Sequence[Cells]
    """Of all repeats together; their questions tell them apart."""

    place: Place
    at: datetime | None
    state: str = ""
    """What a reviewer said of it."""

    locked: bool = False
    """It was encrypted, and nobody opened it."""

    first: str = ""
    """The key it had before anybody edited it; Kobo keeps its pictures under this one."""

    def text(self, name: str) -> str:
        """Give the answer to a question; empty where there is none."""
        return text_in(self.cells, name)


@dataclass
class Export:
    """Everything one file of a server holds."""

    server: Server
    sent: list[Sent] = field(default_factory=list)
    media: Media = field(default_factory=Media)
    problems: list[Problem] = field(default_factory=list)
    headers: tuple[str, ...] = ()
    """Of the submissions themselves, where the export is a table."""

    whole: bool = True
    """Its repeats are in it, as far as there are any."""


def text_in(cells: Cells, name: str) -> str:
    """Give what a row answers to a question."""
    cell = cells.get(name)
    return cell.text if cell else ""


def named(header: str, known: frozenset[str]) -> str:
    """Find which question a header names; empty where it names none.

    Groups stand before it, parted by whatever sign was chosen in the export dialog.
    """
    short = bare(header)
    if short in known:
        return short
    if len(header) > LONGEST:
        return ""
    starts = (n for n, sign in enumerate(header) if not sign.isalnum())
    return next((header[n + 1 :] for n in starts if header[n + 1 :] in known), "")


def names_of(headers: Sequence[str], known: frozenset[str]) -> dict[int, str]:
    """Say which question each header names, by its place.

    A header that is a name goes before one that only ends like it, as what is worked out of an
    item `X-end` does.
    """
    whole = {name for header in headers if (name := bare(header)) in known}
    found = ((n, header, named(header, known)) for n, header in enumerate(headers))
    return {
        n: name for n, header, name in found if name and (name not in whole or bare(header) == name)
    }


def is_identity(header: str) -> bool:
    """Say whether a column is the one in which our forms tell what they are."""
    return bare(header) == IDENTITY or header.endswith(("_" + IDENTITY, " " + IDENTITY))


def moment(filled: Iterator[str], sent: Iterator[str], zone: tzinfo) -> datetime | None:
    """Take the first moment there is: when it was filled in, else when it was sent.

    Servers write theirs on the clock of UTC. What a device wrote names its clock, but for Kobo's
    workbooks, which drop it unless asked for texts; that clock is taken for the one of `zone`.
    """
    told = (when(text, zone) for text in filled)
    return next((at for at in (*told, *(when(text, UTC) for text in sent)) if at), None)
