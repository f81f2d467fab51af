"""Key figures: what is counted, over what, and the target."""

from pydantic import Field

from sopaudit.criteria.duration import Length
from sopaudit.criteria.field import Entry, Id, Number, Text, Word, plain
from sopaudit.criteria.rule import Setting


class Target(Entry):
    """What a key figure should reach."""

    at_least: Number | None = None
    at_most: Number | None = None
    above: Number | None = None
    below: Number | None = None
    floor: Number | None = None
    """Where its score is nothing; between floor and target it is linear."""

    def __str__(self) -> str:
        """Give it in short: `≥ 0.95 (floor 0.9)`."""
        bounds = (("≥", self.at_least), ("≤", self.at_most), (">", self.above), ("<", self.below))
        said = ", ".join(f"{sign} {plain(bound)}" for sign, bound in bounds if bound is not None)
        return said if self.floor is None else f"{said} (floor {plain(self.floor)})"


class Figure(Entry):
    """A further figure, shown beside a key figure."""

    title: Text
    kind: Word
    given: dict[Word, Setting] = Field(default_factory=dict, alias="with")
    rules: tuple[Word, ...] = ()
    target: Target | None = None
    unit: Text | None = None


class Kpi(Entry):
    """One key figure."""

    id: Id
    title: Text
    formula: Text
    """How it is counted, in words."""

    explanation: Text | None = None
    kind: Word
    given: dict[Word, Setting] = Field(default_factory=dict, alias="with")
    uses: tuple[Word, ...] = ()
    """Reference tables."""

    rules: tuple[Word, ...] = ()
    """Automatic checks whose results it counts."""

    data: tuple[Word, ...] = ()
    """The records it reads."""

    target: Target | None = None
    unit: Text | None = None
    also: tuple[Figure, ...] = ()
    """Further figures without which it would mislead, such as the reach of callbacks."""

    lag: Length | None = None
    """Until so long after the month it is provisional."""

    provenance: Word | None = None


class KpiRegister(Entry):
    """`sops/kpis.yaml`."""

    edition: Word
    source: Word | None = None
    smallest: Number | None = None
    """Below so many cases a rate says nothing."""

    kpis: tuple[Kpi, ...] = Field(min_length=1)
