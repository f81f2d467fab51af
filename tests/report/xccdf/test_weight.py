"""Weights are written so that XCCDF can hold them, and nothing that counts is lost on the way."""

from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.report.xccdf.trees import by_the_book, drawn, group, rule

from sopaudit.report.xccdf.model import Group, Parts, rules
from sopaudit.report.xccdf.weight import settled

SEEDS = st.integers(0, 2**32)


def weights(parts: Parts) -> list[Fraction]:
    """List all weights of a tree, in order."""
    found = []
    for part in parts:
        found += [part.weight, *(weights(part.parts) if isinstance(part, Group) else ())]
    return found


def written(*asked: str) -> list[str]:
    parts = tuple(rule(str(n), "pass", weight) for n, weight in enumerate(asked))
    return [str(weight) for weight in weights(settled(parts).parts)]


def test_decimals_of_three_digits_stay_as_they_are() -> None:
    assert written("999", "12.5", "0.125", "0.001") == ["999", "25/2", "1/8", "1/1000"]
    assert settled((rule("1", "pass", "12.5"),)).factor == 1


def test_weights_without_a_short_decimal_are_multiplied_and_keep_their_ratios() -> None:
    assert written("1/3", "2/3") == ["1", "2"]
    assert written("1000", "1") == ["100", "1/10"]
    assert written("1500", "10/3") == ["450", "1"]


def test_where_no_factor_does_they_are_rounded_and_that_is_known() -> None:
    tree = settled((rule("1", "pass", "1000"), rule("2", "pass", "1.003")))
    assert not tree.exact
    assert weights(tree.parts) == [100, Fraction(1, 10)]
    tiny = settled((rule("1", "pass", 10**9), rule("2", "fail", "1.003")))
    assert weights(tiny.parts)[1] == Fraction(1, 1000)


def test_groups_without_rules_beside_them_have_a_scale_of_their_own() -> None:
    inside = (rule("1", "pass", 5), rule("2", "fail", 5))
    tree = settled((group("A", "1/3", *inside), group("B", "2/3", rule("3", "pass", 7))))
    assert weights(tree.parts) == [1, 5, 5, 2, 7]
    assert tree.factor == 1


def test_a_group_beside_a_rule_shares_its_scale() -> None:
    tree = settled((group("A", "1/3", rule("1", "pass", 5)), rule("2", "fail", "2/3")))
    assert weights(tree.parts) == [1, 15, 2]


def test_what_weighs_nothing_is_told_without_being_scored() -> None:
    tree = settled((group("A", 0, rule("1", "pass")), group("B", 1, rule("2", "fail", 0))))
    assert [told.scored for told in rules(tree.parts)] == [False, False]


@settings(deadline=None, max_examples=60)
@given(SEEDS)
def test_every_weight_is_a_decimal_of_three_digits(seed: int) -> None:
    for weight in weights(settled(drawn(seed)).parts):
        digits = f"{float(weight):.3f}".replace(".", "").strip("0")
        assert Fraction(f"{float(weight):.3f}") == weight
        assert len(digits) <= 3
        assert weight < 1000


@settings(deadline=None, max_examples=60)
@given(SEEDS)
def test_settling_twice_changes_nothing(seed: int) -> None:
    once = settled(drawn(seed))
    again = settled(once.parts)
    assert again.parts == once.parts
    assert again.factor == 1
    assert again.exact


@settings(deadline=None, max_examples=60)
@given(SEEDS)
def test_an_exact_tree_scores_as_it_did_before(seed: int) -> None:
    parts = drawn(seed)
    tree = settled(parts)
    if not tree.exact or not all(weights(parts)):
        return
    before, after = by_the_book(parts), by_the_book(tree.parts)
    for model in ("default", "flat-unweighted", "absolute"):
        assert after[model] == before[model]
    assert after["flat"] == tuple(number * tree.factor for number in before["flat"])


@settings(deadline=None, max_examples=60)
@given(SEEDS)
def test_the_order_of_weights_stays(seed: int) -> None:
    parts = drawn(seed)
    pairs = sorted(
        zip(weights_of_rules(parts), weights_of_rules(settled(parts).parts), strict=True)
    )
    assert all(one[1] <= other[1] for one, other in pairwise(pairs))


def weights_of_rules(parts: Parts) -> list[Fraction]:
    return [told.weight for told in rules(parts)]
