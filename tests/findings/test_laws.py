"""What must hold for any scheme, checklist and answers: the engine says what its rule says.

The rule is read aloud in `aloud`, worlds come from `worlds` and stand on edges by `edges`.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.findings.worlds import Settle, laws, settled

from sopaudit.criteria.field import number
from sopaudit.findings.derivation import scores
from sopaudit.findings.proof import recomputed
from sopaudit.findings.rounding import SHOWN, rounded
from sopaudit.findings.score import LINE_KEYS, ItemScore, Line


@pytest.fixture(scope="session")
def settle() -> Settle:
    """Give the function that draws a world and builds it."""
    return settled


def spelled(text: str | None, value: Fraction | None) -> bool:
    """Say whether a text is a number, to the six decimals anything is printed with."""
    if not text or value is None:
        return not text and value is None
    return abs(Fraction(text) - value) <= Fraction(5, 10**7)


@laws(250)
@given(data=st.data())
def test_the_engine_says_what_the_rule_read_aloud_says(data: st.DataObject, settle: Settle) -> None:
    office = settle(data)
    for row in office.table(office.rows).to_dict("records"):
        aloud = office.aloud(row["audit"]).row()
        for name in ("score", "possible", "percent"):
            assert spelled(row[name], aloud[name]), (name, row, aloud)
        for name in ("grade", "state", "limits"):
            assert row[name] == (aloud[name] or ""), (name, row, aloud)


@laws()
@given(data=st.data())
def test_a_score_with_its_derivation_says_what_the_table_says(
    data: st.DataObject, settle: Settle
) -> None:
    office = settle(data)
    table = office.table(office.rows).set_index("audit")
    for told in scores(office.scorer, [office.framed(office.rows)]):
        row = table.loc[told.audit]
        texts = (told.score, told.possible, told.percent, told.grade, told.state)
        assert tuple(row[["score", "possible", "percent", "grade", "state"]]) == tuple(
            text or "" for text in texts
        )
        names = [
            f"{b.limit} (pending)" if b.pending else b.limit
            for b in told.bites
            if b.bit or b.pending
        ]
        assert row["limits"] == ("" if told.score is None else ";".join(names))
        exact, aloud = told.exact, office.aloud(told.audit)
        if exact is not None:
            assert spelled(told.score, aloud.rounded(exact))
            assert spelled(told.possible, told.maximum)


# --- the story told is the calculation done ------------------------------------------------------


def told_in(line: Line) -> Mapping[str, str]:
    """Give what a line tells, by name."""
    return line.values


def value(text: str) -> Fraction:
    found = number(text.rstrip()) if len(text) < 40 else Fraction(text)
    assert found is not None
    return found


def item_points(line: Line) -> Fraction:
    """Work an item's points out again from its line."""
    told = {k: v for k, v in told_in(line).items() if k not in {"answer", "rule"}}
    n = {name: value(text) for name, text in told.items()}
    if line.key == "item.table":
        return n["points"] * n["share"] * n["weight"]
    if line.key == "item.each":
        return max(Fraction(0), n["points"] - n["each"] * n["occurrences"]) * n["weight"]
    if line.key == "item.rate":
        return n["points"] * (1 - n["failed"] / n["checked"]) * n["weight"]
    if line.key == "item.number":
        return n["value"] * n["weight"]
    assert line.key == "item.fail"
    return Fraction(0)


def persons_points(item: ItemScore, *, bounded: bool) -> Fraction:
    """Work an item's points out again from what each person earned, or from all their cases."""
    *pooled, last = item.lines
    earned = [person.earned for person in item.persons if person.earned is not None]
    assert [item_points(line) for p in item.persons for line in p.lines] == earned
    assert value(told_in(last)["number"]) == len(earned)
    if pooled:
        return item_points(pooled[0])
    if told_in(last)["rule"] == "worst":
        return min(earned) if bounded else max(earned)
    added = sum(earned, Fraction(0))
    return added if told_in(last)["rule"] == "pooled" and not bounded else added / len(earned)


def several_points(lines: Sequence[Line], *, bounded: bool) -> Fraction:
    """Work an item's points out again from the lines of all its answers."""
    *each, last = lines
    if last.key == "item.several_round":
        assert value(told_in(last)["exact"]) == several_points(each, bounded=bounded)
        return value(told_in(last)["earned"])
    if last.key != "item.several":
        assert not each
        return item_points(last)
    points = [item_points(line) for line in each]
    assert value(told_in(last)["number"]) == len(points)
    if told_in(last)["rule"] in {"sum", "pick"}:
        return sum(points, Fraction(0))
    if told_in(last)["rule"] == "mean":
        return sum(points, Fraction(0)) / len(points)
    return min(points) if bounded else max(points)


def total_points(line: Line) -> Fraction:
    """Work the total out again from its line."""
    told = told_in(line)
    if line.key == "total.sum":
        return value(told["earned"])
    if line.key == "total.percent":
        return value(told["earned"]) / value(told["possible"]) * value(told["scale"])
    if line.key == "total.mean":
        parts = [part.split("×") for part in told["parts"].split(" + ")]
        added = sum((value(weight) * value(share) for weight, share in parts), Fraction(0))
        return added / value(told["weights"]) * value(told["scale"])
    if line.key == "total.count":
        return value(told["earned"])
    if line.key == "total.all":
        return value(told["score"])
    assert line.key == "total.zero"
    return Fraction(0)


def shares_follow(lines: Sequence[Line]) -> None:
    """Hold the shares of sections against what was earned and possible."""
    for line in lines:
        if {"earned", "share"} <= set(told_in(line)):
            ratio = value(told_in(line)["earned"]) / value(told_in(line)["possible"])
            assert ratio == value(told_in(line)["share"])


def stepped(total: Fraction, line: Line) -> Fraction:
    """Work out what becomes of the total by one of the lines that follow it."""
    told = told_in(line)
    if line.key in {"total.start", "total.away"}:
        assert value(told["value"]) == total
        return value(told["start"]) + (total if line.key == "total.start" else -total)
    if line.key == "total.adjust":
        total += value(told["number"]) * value(told["points"])
        assert value(told["score"]) == total
    if line.key == "total.floor":
        return max(total, value(told["score"]))
    return min(total, value(told["score"])) if line.key == "total.ceiling" else total


@laws()
@given(data=st.data())
def test_the_lines_told_reproduce_every_number(data: st.DataObject, settle: Settle) -> None:
    office = settle(data)
    for told in scores(office.scorer, [office.framed(office.rows)]):
        for item in told.items:
            assert all(set(LINE_KEYS[line.key]) <= set(told_in(line)) for line in item.lines)
            if item.earned is not None:
                bounded = item.possible is not None
                if item.lines[-1].key == "item.persons":
                    assert persons_points(item, bounded=bounded) == item.earned
                else:
                    assert several_points(item.lines, bounded=bounded) == item.earned
                assert value(told_in(item.lines[-1]).get("earned", "0")) == item.earned
        shares_follow([line for section in told.sections for line in section.lines])
        lines = {line.key: line for line in told.lines}
        assert all(set(told_in(line)) == set(LINE_KEYS[line.key]) for line in told.lines)
        if told.exact is None:
            assert [*lines] == ["total.nothing"]
            continue
        total = total_points(told.lines[0])
        for line in told.lines[1:]:
            total = stepped(total, line)
        caps = [value(told_in(line)["score"]) for line in told.lines if line.key == "limit.score"]
        assert min([total, *caps]) == told.exact
        if "round" in lines:
            assert value(told_in(lines["round"])["exact"]) == total
        graded = [told_in(line) for line in told.lines if line.key == "grade"]
        if graded:
            assert graded[0]["grade"] == told.band
            assert graded[-1]["score"] == told.score
        held = [told_in(line)["grade"] for line in told.lines if line.key == "limit.grade"]
        last = [*(line["grade"] for line in graded), *held]
        assert max(last, default=None) == told.grade


@laws()
@given(data=st.data())
def test_every_number_of_a_proof_follows_from_those_below_it(
    data: st.DataObject, settle: Settle
) -> None:
    office = settle(data)
    for told in scores(office.scorer, [office.framed(office.rows)]):
        assert told.proof is not None
        root = told.proof.root
        for node in root.all():
            assert recomputed(node) == node.value, node
        assert (told.score is None) == (root.value is None)
        for item in told.items:
            assert told.proof.items()[item.item].value == item.earned
        if root.value is None:
            continue
        assert spelled(told.score, rounded(root.value, office.scorer.scheme.round or SHOWN))
        exact = root.parts[0].value if root.rule == "round" else root.value
        assert exact == told.exact
        if told.proof.standing is not None and told.exact == office.aloud(told.audit).total:
            assert told.proof.standing.grade == told.band
