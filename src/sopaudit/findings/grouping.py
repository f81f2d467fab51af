"""Which items are added up together: the sections a scheme weighs, and the groups a label makes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from sopaudit.criteria.checklist import Item
from sopaudit.criteria.scheme import Scheme
from sopaudit.criteria.section import Empty, RollUp, Round, SectionRule

ZERO: Final = Fraction(0)
ONE: Final = Fraction(1)


@dataclass(frozen=True)
class Group:
    """A node of the roll-up: the whole checklist, one of its sections, or what a label groups."""

    id: str
    """Empty for the whole."""

    roll_up: RollUp
    weight: Fraction = ONE
    empty: Empty = "drop"
    full: Fraction = ONE
    """What it comes to when everything in it is full: its points, or 1 where it is a share."""

    children: tuple["Group", ...] = ()
    items: tuple[int, ...] = ()
    """Indexes of the items that stand directly in it."""

    label: str = ""
    """The label whose value is `id`, where a label makes the group; else it is a section."""

    rate: Fraction = ZERO
    """The surcharge on its value."""

    rate_round: Round | None = None

    @property
    def key(self) -> str:
        """Tell groups apart, whatever their ids are."""
        return f"{self.label}={self.id}" if self.label else self.id

    @property
    def whole(self) -> bool:
        """Whether it is the whole checklist."""
        return not self.id and not self.label

    def all(self) -> Iterator["Group"]:
        """Go through the group and all groups inside it."""
        yield self
        for child in self.children:
            yield from child.all()

    @property
    def inside(self) -> tuple[int, ...]:
        """Indexes of all items in it, also in the groups it holds."""
        return tuple(n for group in self.all() for n in group.items)


@dataclass(frozen=True)
class Tree:
    """Builds the groups of a checklist under a scheme."""

    scheme: Scheme
    items: Sequence[Item]
    full: Sequence[Fraction]
    """By item: the most it can earn, times its weight."""

    countable: Sequence[int]
    asked: Sequence[bool]
    """By item: whether it is in force on the day of the audits; else it stands in no group."""

    facts: Mapping[str, str] = field(default_factory=dict)

    def root(self) -> Group:
        """Arrange items under the sections the scheme weighs, and what stands in none beside them.

        Where it weighs none, all stand directly under the whole.
        """
        scheme = self.scheme
        weighed = {rule.id for rule in scheme.sections}
        everything = [n for n, asked in enumerate(self.asked) if asked]
        outside = [n for n in everything if self.items[n].section not in weighed]
        return self._group(
            Group("", scheme.roll_up, empty=scheme.empty),
            outside if scheme.sections else everything,
        )

    def _group(self, bare: Group, items: Sequence[int]) -> Group:
        inner = tuple(
            self._group(
                self._section(rule),
                [n for n, i in enumerate(self.items) if self.asked[n] and i.section == rule.id],
            )
            for rule in self.scheme.sections
            if (rule.in_ or "") == bare.id
        )
        return Group(
            bare.id,
            bare.roll_up,
            bare.weight,
            bare.empty,
            self._full(bare.roll_up, items, inner),
            inner,
            tuple(items),
            rate=bare.rate,
            rate_round=bare.rate_round,
        )

    def _section(self, rule: SectionRule) -> Group:
        charge = rule.surcharge
        rate = charge.rates.get(self.facts.get(charge.fact, ""), ZERO) if charge else ZERO
        return Group(
            rule.id,
            rule.roll_up,
            rule.weight,
            rule.empty or self.scheme.empty,
            rate=rate,
            rate_round=charge.round if charge else None,
        )

    def _full(self, roll_up: RollUp, items: Sequence[int], inner: Sequence[Group]) -> Fraction:
        if roll_up == "sum":
            own = sum((self.full[n] for n in items), ZERO)
            return sum((child.weight * child.full for child in inner), own)
        if roll_up == "count":
            own = Fraction(sum(n in self.countable for n in items))
            return sum((c.full if c.roll_up == "count" else ONE for c in inner), own)
        return ONE

    def of_label(self, label: str, values: Sequence[str]) -> tuple[Group, ...]:
        """Make the groups of a label; every item may have a part in each, as its answers say."""
        everything = tuple(range(len(self.items)))
        roll_up = self.scheme.roll_up
        return tuple(Group(value, roll_up, items=everything, label=label) for value in values)
