"""What lies in store by age, as bars and a table."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Final

from sopaudit.findings.parts_evidence import Aged, PartsEvidence
from sopaudit.press.charts import SIGNAL
from sopaudit.report.parts.model import AgeRow, Band
from sopaudit.report.parts.saying import PartSayer

_YOUNG: Final = ("#00566b", "#5b96a5", "#c0d4da")
_UNDATED: Final = "#b9b3a4"


def _fills(evidence: PartsEvidence) -> tuple[str, ...]:
    """Give the fill of each band, last that of what nobody dates.

    What is oldest has the colour of what asks for attention; where there are more bands than
    shades, they begin anew.
    """
    young = (_YOUNG[n % len(_YOUNG)] for n in range(len(evidence.bands)))
    return (*young, SIGNAL, _UNDATED)


def bands(evidence: PartsEvidence, say: PartSayer) -> tuple[Band, ...]:
    """Name the ages; those nobody dates only where there are any."""
    days = evidence.bands
    labels = [say.fill("ageing", "first", to=days[0])] if days else []
    labels += [
        say.words["ageing"]["band"].format_map({"from": low, "to": high})
        for low, high in pairwise(days)
    ]
    labels += [say.words["ageing"]["last"].format_map({"from": days[-1] if days else 0})]
    labels += [say.words["ageing"]["undated"]]
    count = len(labels) if any(one.units[-1] for one in evidence.ageing) else len(labels) - 1
    return tuple(Band(*each) for each in zip(labels[:count], _fills(evidence), strict=False))


def age_rows(evidence: PartsEvidence, say: PartSayer) -> Iterator[AgeRow]:
    """Tell each sort."""
    named, fills = bands(evidence, say), _fills(evidence)
    longest = max((sum(one.value) for one in evidence.ageing), default=0)
    for one in evidence.ageing:
        yield _row(one, named, longest, say, fills)


def _row(
    one: Aged, named: tuple[Band, ...], longest: int, say: PartSayer, fills: Sequence[str]
) -> AgeRow:
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
        parts=tuple(zip(shares, fills, strict=True)),
        spoken=say.fill("ageing", "spoken", label=label, bands=say.speaker.listed(told)),
    )


def _label(one: Aged, say: PartSayer) -> str:
    if not one.usable:
        return say.words["ageing"]["bad"]
    if not one.sort:
        return say.words["ageing"]["good_any"]
    return say.fill("ageing", "good", sort=one.sort)
