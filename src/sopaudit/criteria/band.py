"""Bands of a score: where they leave a gap, overlap, or can never be reached.

Between two neighbouring bounds nothing changes, so it is enough to look at each bound, at one point
between every two, and beyond the last. Where scores are rounded, only numbers on that grid occur.
Counts in `when` are whole numbers of their own beside the score: every combination is looked at.
"""

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise, product
from typing import Final, NamedTuple

from sopaudit.criteria.field import plain
from sopaudit.criteria.reach import ANYWHERE, Reach
from sopaudit.criteria.scheme import Band, CountBounds

Selector = tuple[tuple[str, str], ...]
"""What is counted: labels and their values, by name."""

_MOST_CASES: Final = 50_000
"""Beyond so many combinations of counts nothing is said, rather than late."""


class Case(NamedTuple):
    """A result an audit may have."""

    score: Fraction
    counts: tuple[int, ...]
    counted: tuple[Selector, ...]
    """What each of the counts is of."""

    def told(self, *, scored: bool) -> str:
        """Write it without words of a language: `90 / severity=minor: 31`."""
        counts = (
            f"{' + '.join(f'{label}={value}' for label, value in selector)}: {count}"
            for selector, count in zip(self.counted, self.counts, strict=True)
        )
        return " / ".join([*([plain(self.score)] if scored else []), *counts])


def _two_sided(band: Band) -> bool:
    low = band.at_least is not None or band.above is not None
    return low and (band.at_most is not None or band.below is not None)


def _scores(
    bands: Sequence[Band], grid: Fraction | None, within: Reach = ANYWHERE
) -> list[Fraction]:
    """List scores that stand for all there can be, from zero to beyond the highest bound."""
    if within.only is not None:
        return list(within.only)
    ends = [Fraction(end) for end in (within.low, within.high) if math.isfinite(end)]
    edges = sorted({Fraction(0), *ends, *(b for band in bands for b in band.bounds)})
    if grid:
        near = {math.floor(e / grid) + step for e in edges for step in (-1, 0, 1, 2)}
        scores = [n * grid for n in sorted(near) if n * grid >= min(edges)]
    else:
        between = [(low + high) / 2 for low, high in pairwise(edges)]
        scores = sorted([*edges, *between, edges[-1] + 1])
    return [score for score in scores if within.low <= score <= within.high]


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
    top = max((b for band in bands for b in band.bounds), default=Fraction(0))
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


def unreachable(
    bands: Sequence[Band], grid: Fraction | None, within: Reach = ANYWHERE
) -> Iterator[int]:
    """Yield the bands that no result is given, because earlier ones take all of theirs.

    `within` is where scores can lie at all.
    """
    cases = _cases(bands, _scores(bands, grid, within))
    if cases is None:
        return
    given = {*_given(bands, cases)}
    yield from (n for n in range(len(bands)) if n not in given)


def missed(bands: Sequence[Band], grid: Fraction | None) -> Case | None:
    """Give a result no band holds for, where bands count; one in the middle of the table first."""
    top = max((b for band in bands for b in band.bounds), default=Fraction(0))
    scores = [score for score in _scores(bands, grid) if score <= top]
    cases = _cases(bands, scores) or []
    given = zip(cases, _given(bands, cases), strict=True)
    return next((case for case, band in given if band is None), None)


def shared(bands: Sequence[Band], grid: Fraction | None) -> Iterator[tuple[int, int, Case]]:
    """Yield two bands that count between two bounds, give different grades, and share a result."""
    narrow = [n for n, band in enumerate(bands) if _narrow(band)]
    cases = _cases(bands, _scores(bands, grid)) or []
    rules = _rules(bands, cases)
    for place, n in enumerate(narrow):
        for m in narrow[place + 1 :]:
            if bands[n].grade == bands[m].grade:
                continue
            both = (case for case in cases if rules[n].holds(case) and rules[m].holds(case))
            found = next(both, None)
            if found is not None:
                yield n, m, found


def sunk(bands: Sequence[Band], grid: Fraction | None) -> Iterator[tuple[int, int, int, Case]]:
    """Yield results that only a grade without condition takes, with better ones on both sides.

    So 74.5 sinks to the worst grade where 60 to 74 and 75 to 100 are written with whole numbers.
    Given are the bands on either side, the one it sinks to, and the result.
    """
    if not bands or bands[-1].bounds or bands[-1].when or _one_way(bands):
        return
    cases = _cases(bands, _scores(bands, grid)) or []
    ranks = {band.grade: n for n, band in reversed([*enumerate(bands)])}
    last, told = len(bands) - 1, set[tuple[str, str]]()
    # Every result lies on a line for each of its numbers; what it is given is found once.
    known = dict(zip(map(id, cases), _given(bands, cases), strict=True))
    for line in _lines(cases):
        given = [known[id(case)] for case in line]
        for n, at in enumerate(given):
            if at != last:
                continue
            below = next((m for m in reversed(given[:n]) if m != last), None)
            above = next((m for m in given[n + 1 :] if m != last), None)
            if below is None or above is None:
                continue
            pair = bands[below].grade, bands[above].grade
            worse = max(ranks[name] for name in pair) < ranks[bands[last].grade]
            if worse and pair not in told:
                told.add(pair)
                yield below, above, last, line[n]


def _one_way(bands: Sequence[Band]) -> bool:
    """Say whether bands look at the score alone, and all from the same side: then they meet."""
    lows = any(band.at_least is not None or band.above is not None for band in bands)
    highs = any(band.at_most is not None or band.below is not None for band in bands)
    return not (lows and highs) and not any(band.when for band in bands)


def _lines(cases: Sequence[Case]) -> Iterator[list[Case]]:
    """Lay results into lines along the score and along each count, all else the same."""
    for axis in range(-1, len(cases[0].counts) if cases else 0):
        lines: dict[tuple[object, ...], list[Case]] = {}
        for case in cases:
            rest = case.counts[:axis] + case.counts[axis + 1 :] if axis >= 0 else case.counts
            lines.setdefault((rest, case.score if axis >= 0 else None), []).append(case)
        yield from lines.values()


def _narrow(band: Band) -> bool:
    """Say whether all a band looks at lies between two bounds; a count of none at all does."""
    counted = all(
        (bounds.at_least is not None or bounds.above is not None or bounds.at_most == 0)
        and (bounds.at_most is not None or bounds.below is not None)
        for bounds in band.when
    )
    return bool(band.when) and counted and (_two_sided(band) or not band.bounds)


def selector(bounds: CountBounds) -> Selector:
    """Give what is counted, so that two ways to write it are the same."""
    return tuple(sorted(bounds.count.items()))


def _cases(bands: Sequence[Band], scores: Sequence[Fraction]) -> list[Case] | None:
    """List results that stand for all there can be; None where they are too many."""
    edges: dict[Selector, set[int]] = {}
    for band in bands:
        for bounds in band.when:
            counts = edges.setdefault(selector(bounds), {0})
            for bound in bounds.bounds:
                at = math.floor(bound)
                counts |= {n for n in (at, at + 1, math.ceil(bound) - 1) if n >= 0}
    if math.prod([len(scores), *map(len, edges.values())]) > _MOST_CASES:
        return None
    inside, counted = _inside([*edges]), tuple(edges)
    return [
        Case(score, counts, counted)
        for counts in product(*(sorted(values) for values in edges.values()))
        if all(counts[part] <= counts[whole] for part, whole in inside)
        for score in scores
    ]


def _inside(selectors: Sequence[Selector]) -> list[tuple[int, int]]:
    """List pairs of which the first asks for all the second does and more, so it counts no more.

    What an answer was and whether it falls short are different questions.
    """
    return [
        (n, m)
        for n, one in enumerate(selectors)
        for m, other in enumerate(selectors)
        if n != m and {*one} > {*other} and ("answer" in dict(one)) == ("answer" in dict(other))
    ]


class _Rule(NamedTuple):
    """What a band asks for, made ready to be asked of many results."""

    band: Band
    counts: tuple[tuple[int, float, float], ...]
    """Which count, and the least and the most it may be."""

    def holds(self, case: Case) -> bool:
        """Say whether the band holds for a result."""
        for place, least, most in self.counts:
            if not least <= case.counts[place] <= most:
                return False
        return self.band.holds(case.score)


def _rules(bands: Sequence[Band], cases: Sequence[Case]) -> list[_Rule]:
    counted = cases[0].counted if cases else ()
    return [
        _Rule(band, tuple((counted.index(selector(b)), *_ends(b)) for b in band.when if counted))
        for band in bands
    ]


def _ends(bounds: CountBounds) -> tuple[float, float]:
    """Give the least and the most whole number between bounds."""
    least, most = -math.inf, math.inf
    if bounds.at_least is not None:
        least = math.ceil(bounds.at_least)
    if bounds.above is not None:
        least = max(least, math.floor(bounds.above) + 1)
    if bounds.at_most is not None:
        most = math.floor(bounds.at_most)
    if bounds.below is not None:
        most = min(most, math.ceil(bounds.below) - 1)
    return least, most


def _given(bands: Sequence[Band], cases: Sequence[Case]) -> list[int | None]:
    """Find the band each result is given; None where no band holds."""
    rules = _rules(bands, cases)
    return [next((n for n, rule in enumerate(rules) if rule.holds(case)), None) for case in cases]
