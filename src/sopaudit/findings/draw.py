"""Drawing tickets for an audit, so that whoever has the start number draws the same ones again.

Every ticket has a rank, the SHA-256 of `START:TICKET` in UTF-8, and of each stratum those with the
lowest ranks are drawn. So neither the order of rows nor a program's random numbers matter, and with
a start number drawn after the records were handed in nobody can steer who is looked at. By hand:
`printf '20261104:CD-261012-003' | sha256sum`.

Source: domain d.6. That a public number and a hash give the order is the idea of the samplers used
in audits of elections (R. Rivest's consistent sampling).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from typing import Final

from sopaudit.criteria.drawing import SamplePlan, Sampling
from sopaudit.findings.sampling import lot_sample_size, sample_size, single_plan

ALGORITHM: Final = "sha256(start:ticket)/1"
"""Names how it is drawn; what is drawn otherwise some day has another name."""

Values = tuple[str, ...]
"""What the fields of a stratum say, in their order."""


@dataclass(frozen=True)
class Certain:
    """A ticket that is looked at whatever is drawn."""

    ticket: str
    why: tuple[str, ...]
    """The conditions it meets and the rules it fails."""


@dataclass(frozen=True)
class Population:
    """The tickets of a draw, sorted out."""

    rest: Mapping[str, Values]
    """Those to draw from, with the stratum of each."""

    certain: tuple[Certain, ...] = ()
    """Those always looked at, by number: neither drawn from, nor part of an estimate."""

    unheard: tuple[str, ...] = ()
    """Rules that might have named more of them, and could not be heard."""

    unsettled: Mapping[str, int] = field(default_factory=dict)
    """Of how many tickets it is not known whether they meet a condition or fail a rule."""

    @property
    def digest(self) -> str:
        """Give the digest of all tickets and strata, by which other records are told from these."""
        lines = [f"{ticket}\t{chr(31).join(values)}" for ticket, values in self.rest.items()]
        lines += [f"{one.ticket}\t{chr(31).join(one.why)}\t!" for one in self.certain]
        return "sha256:" + hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


@dataclass(frozen=True)
class Size:
    """How many are drawn, and by what rule."""

    number: int
    plan: str = ""
    """The plan that says so; empty for the rate."""

    accept: int | None = None
    """Where a plan knows it: with so many failing at most, the office passes."""


@dataclass(frozen=True)
class Stratum:
    """The tickets that share the values of some fields."""

    values: Values
    size: int
    drawn: tuple[str, ...]
    """In the order of their ranks."""

    @property
    def weight(self) -> Fraction:
        """For how many tickets each one drawn stands, in an estimate."""
        return Fraction(self.size, len(self.drawn)) if self.drawn else Fraction(0)


@dataclass(frozen=True)
class Draw:
    """What was drawn."""

    seed: str
    size: Size
    population: Population
    strata: tuple[Stratum, ...]
    """In the order of their values."""

    whole: bool = False
    """There were more strata than tickets to draw, so it was drawn from all of them together."""

    @property
    def drawn(self) -> tuple[str, ...]:
        """All numbers drawn, by stratum and rank."""
        return tuple(ticket for stratum in self.strata for ticket in stratum.drawn)


def size_by_rate(sampling: Sampling, tickets: int) -> Size:
    """Give max(minimum, ⌈rate × N⌉), or all where there are fewer. Source: domain d.6."""
    asked = max(sampling.minimum, ceil(sampling.rate * tickets))
    return Size(min(asked, tickets))


def size_by_plan(plan: SamplePlan, tickets: int) -> Size:
    """Give the size of a plan for so many tickets. Raises ValueError for an AQL of no table."""
    if plan.aql is not None:
        if tickets < 2:  # noqa: PLR2004 -- where the table begins
            return Size(tickets, plan.id, 0)
        found = single_plan(tickets, plan.aql, plan.level)
        return Size(found.size, plan.id, found.accept)
    risk, tolerable = plan.risk or Fraction(0), plan.tolerable or Fraction(0)
    expected = plan.expected or Fraction(0)
    if expected or not tickets:
        number = sample_size(tolerable, risk, expected)
        return Size(min(number, tickets), plan.id, ceil(number * expected))
    # Of few tickets fewer are enough, because those drawn make the rest smaller.
    return Size(lot_sample_size(tickets, tolerable, risk), plan.id, 0)


def rank(seed: str, name: str) -> bytes:
    """Give the rank of a ticket, or of a stratum where two remainders are equal."""
    return hashlib.sha256(f"{seed}:{name}".encode()).digest()


def draw(population: Population, size: Size, seed: str) -> Draw:
    """Draw so many tickets, spread over the strata."""
    members: dict[Values, list[str]] = {}
    for ticket, values in population.rest.items():
        members.setdefault(values, []).append(ticket)
    strata = sorted(members)
    ranked = {
        values: sorted(tickets, key=lambda ticket: (rank(seed, ticket), ticket))
        for values, tickets in members.items()
    }
    whole = size.number < len(strata)
    if whole:
        # Largest remainders would leave out whoever has few tickets, every time and for certain.
        everyone = sorted(population.rest, key=lambda ticket: (rank(seed, ticket), ticket))
        lowest = set(everyone[: size.number])
        taken = [sum(ticket in lowest for ticket in members[values]) for values in strata]
    else:
        ties = [rank(seed, "/".join(values)) for values in strata]
        taken = spread([len(members[values]) for values in strata], size.number, ties)
    return Draw(
        seed,
        size,
        population,
        tuple(
            Stratum(values, len(members[values]), tuple(ranked[values][:number]))
            for values, number in zip(strata, taken, strict=True)
        ),
        whole,
    )


def spread(sizes: Sequence[int], number: int, ties: Sequence[bytes]) -> list[int]:
    """Share a number out in proportion to sizes, at least one each, by largest remainders.

    A size that would get less than one gets one, and the others share the rest. Of equal remainders
    the larger size comes first, then the lower of `ties`. `number` lies between the count of sizes
    and their sum.

    Source: Hamilton's method of apportionment; the least of one as for seats of small states.
    """
    one = set[int]()
    while True:
        rest, total = number - len(one), sum(s for n, s in enumerate(sizes) if n not in one)
        quotas = {n: Fraction(rest * size, total) for n, size in enumerate(sizes) if n not in one}
        small = {n for n, quota in quotas.items() if quota < 1}
        if not small:
            break
        one |= small
    given = {n: int(quota) for n, quota in quotas.items()}
    left = rest - sum(given.values())
    order = sorted(given, key=lambda n: (given[n] - quotas[n], -sizes[n], ties[n]))
    for n in order[:left]:
        given[n] += 1
    return [given.get(n, 1) for n in range(len(sizes))]
