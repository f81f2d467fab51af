"""Trees of groups and rules for tests: drawn at random, wrapped as a file, scored by the book.

`by_the_book` follows the tables of NIST IR 7275r4, section 7.3.3, step by step, and shares nothing
with the engine.
"""

from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Final

from sopaudit.report.xccdf.model import RESULTS, Benchmark, Group, Parts, Result, Rule, Test

_WEIGHTS: Final = tuple(
    map(Fraction, ("1", "1", "1", "2", "3", "5", "10", "40", "100", "999"))
) + tuple(map(Fraction, ("1/2", "1/4", "1.5", "12.5", "0.1", "0.05", "2.75", "0")))
_ODD: Final = tuple(map(Fraction, ("1/3", "2/3", "1/7", "10/3", "1000", "1500")))
"""Weights the standard has no decimal of three digits for."""

LEFT_OUT: Final = ("notapplicable", "notchecked", "notselected", "informational")
ORDINARY: Final[tuple[Result, ...]] = ("pass", "pass", "pass", "fail", "notapplicable")

X: Final = (("en", "x"),)


def rule(name: str, result: Result, weight: object = 1) -> Rule:
    """Make a rule that says no more than it must."""
    return Rule(name, X, result, Fraction(str(weight)))


def group(name: str, weight: object, *parts: Group | Rule) -> Group:
    """Make a group."""
    return Group(name, X, parts, Fraction(str(weight)))


XC_1: Final[Parts] = (
    group("G1", 1, rule("1", "pass"), rule("2", "fail"), rule("3", "notapplicable")),
    group("G2", 3, rule("4", "pass", 2), rule("5", "fail"), rule("6", "pass")),
    rule("7", "pass"),
    group("G3", 5, rule("8", "notchecked"), rule("9", "notchecked")),
)
"""The worked case of the schemes: 75.0, 5 of 7, 4 of 6, 0."""


def drawn(seed: int) -> Parts:
    """Draw a tree; one in four has all results there are, some have nothing but passes."""
    random = Random(seed)  # noqa: S311 -- a tree, no secret
    results = random.choice([RESULTS, ORDINARY, ORDINARY, ("pass", "fixed", *LEFT_OUT[:2])])
    weights = _WEIGHTS + (_ODD if seed % 4 == 0 else ())
    return _parts(random, results, weights, "", random.randint(1, 4))


def _parts(
    random: Random,
    results: tuple[Result, ...],
    weights: tuple[Fraction, ...],
    name: str,
    depth: int,
) -> Parts:
    parts: list[Group | Rule] = []
    for n in range(random.randint(1, 6)):
        inner = f"{name}.{n}" if name else str(n)
        weight = random.choice(weights)
        if depth and random.random() < 0.4:
            inside = _parts(random, results, weights, inner, depth - 1)
            parts.append(Group(f"g{inner}", X, inside, weight))
        else:
            parts.append(Rule(f"r{inner}", X, random.choice(results), weight))
    return tuple(parts)


def wrapped(parts: Parts, name: str = "A1") -> Benchmark:
    """Put a settled tree into a file that says no more than it must."""
    test = Test(name, X, (), ("x",), None, "x", (), None, "2026-11-06T00:00:00", ())
    return Benchmark("org.example", name, X, X, "1", None, X, parts, (), test)


def by_the_book(parts: Parts) -> dict[str, tuple[Fraction, Fraction]]:
    """Score a settled tree by each model: score and maximum."""
    whole = Group("", X, parts)
    score = _default(whole)
    flat, most = _flat(whole)
    plain, count = _flat(_unweighted(whole))
    return {
        "default": (Fraction(0) if score is None else score, Fraction(100)),
        "flat": (flat, most),
        "flat-unweighted": (plain, count),
        "absolute": (Fraction(flat == most), Fraction(1)),
    }


def _default(part: Group | Rule) -> Fraction | None:
    """Score a rule 100 or 0, a group by the mean of what counts in it; None for nothing."""
    if isinstance(part, Rule):
        if not part.scored or part.result in LEFT_OUT:
            return None
        return Fraction(100 if part.result in ("pass", "fixed") else 0)
    told = [(_default(inner), inner.weight) for inner in part.parts]
    counted = [(score, weight) for score, weight in told if score is not None]
    if not counted:
        return None
    accumulated = sum((weight for _, weight in counted), Fraction(0))
    total = sum((score * weight for score, weight in counted), Fraction(0))
    return total / accumulated if accumulated else Fraction(0)


def _flat(part: Group | Rule) -> tuple[Fraction, Fraction]:
    if isinstance(part, Rule):
        if not part.scored or part.result in LEFT_OUT:
            return Fraction(0), Fraction(0)
        earned = part.weight if part.result in ("pass", "fixed") else Fraction(0)
        return earned, part.weight
    sums = [_flat(inner) for inner in part.parts]
    return sum((s for s, _ in sums), Fraction(0)), sum((m for _, m in sums), Fraction(0))


def _unweighted(part: Group) -> Group:
    one = Fraction(1)
    inside = tuple(
        replace(inner, weight=one) if isinstance(inner, Rule) else _unweighted(inner)
        for inner in part.parts
    )
    return replace(part, parts=inside)
