"""`sample.json` of an audit: which tickets were drawn, how, and from how many."""

from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field

from sopaudit.criteria.field import Entry, Whole, Word
from sopaudit.evidence.jsonfile import read_json
from sopaudit.problems import Problem
from sopaudit.reading.shape import validated

SAMPLE: Final = "sample.json"
SCHEMA: Final = "sopaudit.sample/1"

Said = Annotated[str, Field(strict=True)]
"""A value as the records have it; it may be empty."""


class DrawnStratum(Entry):
    """The tickets that share the values of some fields."""

    values: tuple[Said, ...]
    """In the order of `by`; the empty text where a field says nothing."""

    tickets: Whole
    """How many there were to draw from."""

    drawn: tuple[Word, ...]


class DrawnCertain(Entry):
    """A ticket that is looked at whatever is drawn."""

    ticket: Word
    why: tuple[Word, ...]
    """Conditions it meets and rules it fails."""


class DrawnSize(Entry):
    """How many are drawn, and why so many."""

    number: Whole
    plan: Word | None = None
    """The plan that says so; the rate of the handbook where there is none."""

    accept: Whole | None = None
    minimum: Whole | None = None
    rate: Word | None = None
    """An exact fraction, such as `1/10`."""


class Drawn(Entry):
    """The whole of `sample.json`."""

    schema_: Literal["sopaudit.sample/1"] = Field(alias="schema")
    algorithm: Word
    start: Word
    """The start number."""

    office: Word | None = None
    population: Whole
    """The tickets it was drawn from, without those always looked at."""

    digest: Word
    """Of all tickets with their strata."""

    size: DrawnSize
    by: tuple[Word, ...]
    strata: tuple[DrawnStratum, ...]
    from_all: bool = False
    """It was drawn from all strata together, because they were more than the tickets to draw."""

    always: tuple[Word, ...] = ()
    """Conditions and rules by which tickets are always looked at."""

    certain: tuple[DrawnCertain, ...] = ()
    unheard: tuple[Word, ...] = ()
    """Rules among them that could not be heard."""

    unsettled: dict[Word, Whole] = Field(default_factory=dict)
    """Of how many tickets it is not known whether a condition or rule names them."""

    @property
    def drawn(self) -> tuple[str, ...]:
        """All numbers drawn."""
        return tuple(ticket for stratum in self.strata for ticket in stratum.drawn)


def read_drawn(path: Path, shown: str | None = None) -> tuple[Drawn | None, list[Problem]]:
    """Read a record of a draw; none, and no problem, where there is no file."""
    if not path.is_file():
        return None, []
    return validated(read_json(path, shown or path.as_posix()), Drawn)
