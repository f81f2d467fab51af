"""The ways tickets went, in plain words: what repeats is folded, what is long is cut."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from sopaudit.findings.conformance.result import NONCONFORMING, STATES, Conformance, Variant
from sopaudit.report.tickets.model import VariantRow
from sopaudit.report.tickets.said import Sayer

SHOWN: Final = 6
"""Ways told; the rest is one row."""

_LONGEST: Final = 5
"""Steps of a loop that is folded, at most."""

_STEPS: Final = 24
"""Steps and loops told of one way."""

_TYPES: Final = 3

Fold = tuple[tuple[str, ...], int]
"""Events, and how often they come one after the other."""


def folded(events: Sequence[str]) -> list[Fold]:
    """Fold what repeats in a row, the shortest loop first: `a b c b c` is `a`, then `b c` twice."""
    found: list[Fold] = []
    at = 0
    while at < len(events):
        size, times = _loop(events, at)
        if times > 1:
            found.append((tuple(events[at : at + size]), times))
        elif found and found[-1][1] == 1:
            found[-1] = ((*found[-1][0], events[at]), 1)
        else:
            found.append(((events[at],), 1))
        at += size * times
    return found


def _loop(events: Sequence[str], at: int) -> tuple[int, int]:
    for size in range(1, _LONGEST + 1):
        block, times = events[at : at + size], 1
        while events[at + size * times : at + size * (times + 1)] == block and len(block) == size:
            times += 1
        if times > 1:
            return size, times
    return 1, 1


def ways(told: Conformance, say: Sayer) -> tuple[VariantRow, ...]:
    """Tell the most frequent ways, and all others in one row, so that tickets add up."""
    total = sum(way.tickets for way in told.variants)
    rows = [_way(way, total, say) for way in told.variants[:SHOWN]]
    rest = told.variants[SHOWN:]
    if rest:
        n = sum(way.tickets for way in rest)
        text = say.fill("variant", "rest", n=f"{len(rest):,}")
        rows.append(
            VariantRow(n, say.percent(Fraction(n, total)), Fraction(n, total), text, "", "", "rest")
        )
    return tuple(rows)


def _way(way: Variant, total: int, say: Sayer) -> VariantRow:
    share = Fraction(way.tickets, total)
    state = STATES[way.state]
    verdict = say.words["state"][state.replace(" ", "_")]
    told = dict.fromkeys(say.deviation(*one) for one in way.deviations)
    listed = list(told)[:_TYPES]
    if len(told) > _TYPES:
        listed.append(say.fill("deviation", "more", n=len(told) - _TYPES))
    if listed:
        colon = "：" if say.speaker.lang == "zh" else ": "
        verdict += colon + say.speaker.listed(listed)
    return VariantRow(
        tickets=way.tickets,
        share=say.percent(share),
        part=share,
        text=spelled(way.events, say),
        cost=str(way.cost) if way.cost else "",
        verdict=verdict,
        tone="missed" if way.state == NONCONFORMING else "met" if not way.state else "out",
    )


def spelled(events: Sequence[str], say: Sayer) -> str:
    """Write a way out, with loops in brackets; after so many steps how many follow."""
    pieces: list[str] = []
    told = 0
    for block, times in folded(events):
        if told >= _STEPS:
            break
        room = block[: _STEPS - told] if times == 1 else block
        names = [say.step(name) for name in room]
        if times == 1:
            pieces += names
        else:
            inner = " → ".join(names)
            pieces.append(f"{inner} ×{times}" if len(names) == 1 else f"[{inner}] ×{times}")
        told += len(room)
    left = len(events) - _told(events, told)
    if left > 0:
        pieces.append(say.fill("variant", "cut", n=left))
    return " → ".join(pieces)


def _told(events: Sequence[str], steps: int) -> int:
    """Count the events that `steps` steps of the folded way stand for."""
    total = 0
    for block, times in folded(events):
        if steps <= 0:
            break
        total += len(block) * times if times > 1 else min(len(block), steps)
        steps -= len(block)
    return total
