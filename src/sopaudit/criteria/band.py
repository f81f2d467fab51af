"""Bands of a score: where they leave a gap, overlap, or can never be reached.

Between two neighbouring bounds nothing changes, so it is enough to look at each bound, at one point
between every two, and beyond the last. Where scores are rounded, only numbers on that grid occur.
"""

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from sopaudit.criteria.scheme import Band


def _bounds(band: Band) -> list[Fraction]:
    return [b for b in (band.at_least, band.at_most, band.above, band.below) if b is not None]


def _two_sided(band: Band) -> bool:
    low = band.at_least is not None or band.above is not None
    return low and (band.at_most is not None or band.below is not None)


def _scores(bands: Sequence[Band], grid: Fraction | None) -> list[Fraction]:
    """List scores that stand for all there can be, from zero to beyond the highest bound."""
    edges = sorted({Fraction(0), *(b for band in bands for b in _bounds(band))})
    if grid:
        near = {math.floor(e / grid) + step for e in edges for step in (-1, 0, 1, 2)}
        return sorted(n * grid for n in near if n * grid >= min(edges))
    between = [(low + high) / 2 for low, high in pairwise(edges)]
    return sorted([*edges, *between, edges[-1] + 1])


def _first(bands: Sequence[Band], score: Fraction) -> int | None:
    return next((n for n, band in enumerate(bands) if band.holds(score)), None)


def gaps(bands: Sequence[Band], grid: Fraction | None) -> Iterator[tuple[int, int, Fraction]]:
    """Yield the bands on either side of a gap and a score that falls into it.

    Both are the same band for scores beyond the outermost. Scores above the highest bound are no
    gap: a scheme's maximum is often its last bound.
    """
    if not bands:
        return
    scores = _scores(bands, grid)
    top = max((b for band in bands for b in _bounds(band)), default=Fraction(0))
    found = [(score, _first(bands, score)) for score in scores if score <= top]
    lost = [score for score, band in found if band is None]
    told: set[tuple[int, int]] = set()
    for score in lost:
        below = [n for s, n in found if n is not None and s < score]
        above = [n for s, n in found if n is not None and s > score]
        near = [*below[-1:], *above[:1]] or [len(bands) - 1]
        low, high = near[0], near[-1]
        if (low, high) not in told:
            told.add((low, high))
            yield low, high, score


def overlaps(bands: Sequence[Band], grid: Fraction | None) -> Iterator[tuple[int, int, Fraction]]:
    """Yield two bands with a bound on both sides that share a score, and that score.

    `at_least: 95` above `at_least: 90` is no overlap: the first that holds is given.
    """
    scores = _scores(bands, grid)
    for n, one in enumerate(bands):
        for m in range(n + 1, len(bands)):
            if _two_sided(one) and _two_sided(bands[m]):
                shared = [s for s in scores if one.holds(s) and bands[m].holds(s)]
                if shared:
                    yield n, m, shared[0]


def unreachable(bands: Sequence[Band], grid: Fraction | None) -> Iterator[int]:
    """Yield the bands that no score is given, because earlier ones take all of theirs."""
    given = {_first(bands, score) for score in _scores(bands, grid)}
    yield from (n for n in range(len(bands)) if n not in given)
