"""What lies in store by age, as bars and a table."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Final

from sopaudit.findings.parts_evidence import Aged, PartsEvidence
from sopaudit.press.charts import SIGNAL
from sopaudit.report.parts.model import AgeRow, Band
from sopaudit.report.parts.saying import PartSayer

_FILLS: Final = ("#00566b", "#5b96a5", "#c0d4da", SIGNAL, "#b9b3a4")
"""By band; last what nobody dates. What is oldest has the colour of what asks for attention."""


def bands(evidence: PartsEvidence, say: PartSayer) -> tuple[Band, ...]:
    """Name the ages; those nobody dates only where there are any."""
    days = evidence.bands
    labels = [say.fill("ageing", "first", to=days[0])]
    labels += [
        say.words["ageing"]["band"].format_map({"from": low, "to": high})
        for low, high in pairwise(days)
    ]
    labels += [say.words["ageing"]["last"].format_map({"from": days[-1]})]
    labels += [say.words["ageing"]["undated"]]
    count = len(labels) if any(one.units[-1] for one in evidence.ageing) else len(labels) - 1
    return tuple(Band(*each) for each in zip(labels[:count], _FILLS, strict=False))


def age_rows(evidence: PartsEvidence, say: PartSayer) -> Iterator[AgeRow]:
    """Tell each sort."""
    named = bands(evidence, say)
    longest = max((sum(one.value) for one in evidence.ageing), default=0)
    for one in evidence.ageing:
        yield _row(one, named, longest, say)


def _row(one: Aged, named: tuple[Band, ...], longest: int, say: PartSayer) -> AgeRow:
    label = _label(one, say)
    told = [
        say.fill("ageing", "piece", band=band.label, units=say.units(units), value=say.value(value))
        for band, units, value in zip(named, one.units, one.value, strict=False)
        if units
    ]
    shares = (Fraction(value, longest) if longest else Fraction(0) for value in one.value)
    return AgeRow(
        label=label,
        units=say.units(sum(one.units)),
        value=say.value(sum(one.value)),
        bands=tuple(say.units(n) if n else "" for n in one.units[: len(named)]),
        values=tuple(say.value(n) if n else "" for n in one.value[: len(named)]),
        parts=tuple(zip(shares, _FILLS, strict=True)),
        spoken=say.fill("ageing", "spoken", label=label, bands=say.speaker.listed(told)),
    )


def _label(one: Aged, say: PartSayer) -> str:
    if not one.usable:
        return say.words["ageing"]["bad"]
    if not one.sort:
        return say.words["ageing"]["good_any"]
    return say.fill("ageing", "good", sort=one.sort)
