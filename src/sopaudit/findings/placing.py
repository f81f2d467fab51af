"""Where one score lies: among the grades, and how much of the checklist it speaks for."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from sopaudit.criteria.scheme import Band
from sopaudit.findings.grading import Run
from sopaudit.findings.grouping import ZERO
from sopaudit.findings.proof import Count, Coverage, Edge, Node, Standing
from sopaudit.reading.document import Loc


def standing(run: Run, row: int, root: Node) -> Standing:
    """Say where the number shown, `root`, lies among the grades."""
    bands, value = run.scheme.grades, root.value or ZERO
    counts = [_counts(run, row, n) for n in range(len(bands))]
    allowed = [all(count.holds for count in told) for told in counts]
    place = _band(bands, allowed, value)
    if place is None:
        return Standing(None, ("grades",))
    exact = root.parts[0].value if root.rule == "round" else None
    unrounded = None if exact is None else _band(bands, allowed, exact)
    beside = unrounded is not None and unrounded != place
    rising = any(b.at_least is not None or b.above is not None for b in bands[: place + 1])
    return Standing(
        grade=bands[place].grade,
        word=("grades", place),
        better=_better(bands, place, value) if place and allowed[place - 1] else None,
        worse=None if _lowest(run, bands[place]) else _worse(bands, place, value, rising=rising),
        unrounded=bands[unrounded].grade if beside and unrounded is not None else None,
        counts=tuple(count for told in counts[: place + 1] for count in told),
    )


def _lowest(run: Run, band: Band) -> bool:
    """Say whether no score lies below a grade: it begins at 0, and nothing is taken away."""
    scheme = run.scheme
    return band.at_least == 0 and scheme.start is None and not scheme.adjust


def _counts(run: Run, row: int, n: int) -> list[Count]:
    """Hold the counts a grade asks for against the answers."""
    band, found = run.scheme.grades[n], []
    for m, bound in enumerate(band.when):
        counted = (
            run.marking.counted(bound.count, i, run.kinds[int(code)])
            for i, code in enumerate(run.cells[row])
        )
        number = sum(counted, ZERO)
        word: Loc = ("grades", n, "when", m)
        found.append(Count(band.grade, bound.count, number, bound.holds(number), word))
    return found


def coverage(run: Run, row: int) -> Iterator[Coverage]:
    """Say how much counted of the whole, and of every group the scheme names."""
    rule = run.scheme.coverage
    if rule is None:
        return
    counted, of = run.coverage()
    told = [("", "", int(counted[row]), of)]
    for label in rule.of:
        for group in run.groups[label]:
            some, every = run.covered(group)
            told.append((label, group.id, int(some[row]), int(every[row])))
    for label, value, number, total in told:
        enough = number >= rule.at_least * total
        yield Coverage(label, value, number, total, rule.at_least, enough=enough)


def _band(bands: Sequence[Band], allowed: Sequence[bool], value: Fraction) -> int | None:
    held = (n for n, band in enumerate(bands) if allowed[n] and band.holds(value))
    return next(held, None)


def _better(bands: Sequence[Band], place: int, value: Fraction) -> Edge | None:
    """Measure the way to the next better grade."""
    band = bands[place - 1]
    low = band.above if band.at_least is None else band.at_least
    high = band.below if band.at_most is None else band.at_most
    for bound, distance in ((low, low and low - value), (high, high and value - high)):
        if bound is not None and distance is not None and distance >= 0:
            return Edge(band.grade, bound, distance, ("grades", place - 1))
    return None


def _worse(bands: Sequence[Band], place: int, value: Fraction, *, rising: bool) -> Edge | None:
    """Measure the way to the next worse grade."""
    if place + 1 == len(bands):
        return None
    band = bands[place]
    low = band.above if band.at_least is None else band.at_least
    high = band.below if band.at_most is None else band.at_most
    bound = low if rising else high
    if bound is None:
        return None
    return Edge(bands[place + 1].grade, bound, abs(value - bound), ("grades", place))
