"""How tickets are drawn for an audit, and what the list of the day shows: numbers and names only.

Both are written into `sops/rules.yaml`, because they are put together of its rules and conditions.
"""

from typing import Literal

from pydantic import Field

from sopaudit.criteria.field import Entry, Id, Number, Text, Whole, Word

Level = Literal["S-1", "S-2", "S-3", "S-4", "I", "II", "III"]
"""Inspection levels: special ones for costly tests, general ones; II is usual."""


class SamplePlan(Entry):
    """A size that follows from the risk one is ready to take, instead of from a rate.

    Either `risk` and `tolerable` are given, and `expected` with them, or `aql`.
    """

    id: Id
    title: Text
    risk: Number | None = None
    """The chance, at most, of passing an office in which more than `tolerable` fail."""

    tolerable: Number | None = None
    """The share of failing tickets that may just be borne."""

    expected: Number | None = None
    """The share that is expected to fail; none where nothing is said."""

    aql: Number | None = None
    """The acceptable quality limit of a plan for lots."""

    level: Level = "II"

    @property
    def sound(self) -> bool:
        """Whether its numbers go together."""
        if self.aql is not None:
            return self.risk is None and self.tolerable is None and 0 < self.aql < 1
        if self.risk is None or self.tolerable is None:
            return False
        return 0 < self.risk < 1 and 0 <= (self.expected or 0) < self.tolerable < 1


class Sampling(Entry):
    """How tickets are drawn where nothing else is asked for."""

    minimum: Whole = 0
    """So many tickets at least."""

    rate: Number
    """The share of all tickets that is drawn; what is more than a whole number is rounded up."""

    by: tuple[Word, ...] = ()
    """Fields of the record of tickets; each combination of their values is a stratum."""

    always: tuple[Word, ...] = ()
    """Conditions; every ticket that meets one is looked at, apart from the draw."""

    failing: tuple[Word, ...] = ()
    """Rules; every ticket that fails one is looked at, apart from the draw."""

    plans: tuple[SamplePlan, ...] = ()
    """Sizes by risk, to be asked for by name."""


class Heading(Entry):
    """One heading of the list of the day, and the rules whose due moments stand under it."""

    id: Id
    title: Text
    rules: tuple[Word, ...] = Field(min_length=1)
    person: tuple[Word, ...] = ()
    """Fields of the record of tickets; the first that is filled names whose job it is."""

    posts: tuple[Word, ...] = ()
    """Whose people it is where no field says."""
