"""What must hold of any score: what does not apply is neutral, limits lower, levels add up."""

from collections.abc import Iterator
from fractions import Fraction

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from tests.findings.worlds import laws, replaced, settled, uncounted

from sopaudit.criteria.answer import Answer
from sopaudit.criteria.scheme import Scheme
from sopaudit.criteria.section import SectionRule

BARE = {"start": None, "take": None, "floor": None, "ceiling": None, "adjust": (), "limits": ()}
"""A scheme that does nothing with what its sections come to."""


@laws()
@given(data=st.data())
def test_an_item_that_does_not_apply_changes_no_score(data: st.DataObject) -> None:
    office = uncounted(settled(data))
    checklist = office.scorer.checklist
    extra = checklist.items[-1].model_copy(
        update={"id": "extra", "points": Fraction(7), "weight": Fraction(2)}
    )
    longer = checklist.model_copy(update={"items": (*checklist.items, extra)})
    more = replaced(office, checklist=longer)
    rows = [*office.rows, *((audit, "extra", Answer("na")) for audit in office.audits)]
    # A section that was empty and counts as full has more points when it has more items.
    same = office.under(empty="drop", sections=tuple(dropped(office.scorer.scheme)), coverage=None)
    more = more.under(empty="drop", sections=same.scorer.scheme.sections, coverage=None)
    pd.testing.assert_frame_equal(more.table(rows), same.table(office.rows))


def dropped(scheme: Scheme) -> Iterator[SectionRule]:
    """Give the sections of a scheme, dropped where they are empty."""
    return (rule.model_copy(update={"empty": "drop"}) for rule in scheme.sections)


@laws()
@given(data=st.data())
def test_limits_never_raise_a_score_or_a_grade(data: st.DataObject) -> None:
    office = settled(data)
    grades = ["", *(band.grade for band in office.scorer.scheme.grades)]
    limited, free = (o.table(o.rows) for o in (office, office.under(limits=())))
    for held, plain in zip(limited.to_dict("records"), free.to_dict("records"), strict=True):
        assert grades.index(held["grade"]) >= grades.index(plain["grade"])
        assert Fraction(held["score"] or 0) <= Fraction(plain["score"] or 0)


@laws()
@given(data=st.data(), family=st.sampled_from(["", "named"]))
def test_a_percent_score_lies_between_0_and_100(data: st.DataObject, family: str) -> None:
    office = settled(data, family=family).under(
        roll_up="percent", scale="100", round=None, several_round=None, **BARE
    )
    office = office.under(sections=tuple(uncharged(office.scorer.scheme)))
    for row in office.table(office.rows).to_dict("records"):
        assert 0 <= Fraction(row["score"] or 0) <= 100
        assert 0 <= Fraction(row["percent"] or 0) <= 100


@laws()
@given(data=st.data(), roll_up=st.sampled_from(["sum", "percent"]))
def test_items_add_up_to_sections_and_sections_to_the_whole(
    data: st.DataObject, roll_up: str
) -> None:
    office = settled(data).under(roll_up=roll_up, scale="1", sections=(), round=None, **BARE)
    items = office.scorer.checklist.by_id
    for told in office.told():
        counted = {i.item: i.earned for i in told.items if i.earned is not None}
        for section in told.sections:
            inside = [
                points for item, points in counted.items() if items[item].section == section.id
            ]
            assert section.earned == sum(inside)
            assert section.counted == len(inside)
        outside = [points for item, points in counted.items() if items[item].section is None]
        earned = sum(section.earned for section in told.sections) + sum(outside)
        assert earned == sum(counted.values())
        if told.exact is not None and roll_up == "sum":
            assert told.exact == earned
        elif told.exact is not None and told.possible == "1":
            possible = sum(item.possible or 0 for item in told.items)
            assert told.exact == (earned / possible if possible else 0)


def uncharged(scheme: Scheme) -> Iterator[SectionRule]:
    """Give the sections of a scheme without what their values are charged."""
    return (rule.model_copy(update={"surcharge": None}) for rule in scheme.sections)


@laws()
@given(data=st.data())
def test_pass_marks_never_raise_a_grade(data: st.DataObject) -> None:
    office = settled(data)
    rules = office.scorer.scheme.sections
    free = office.under(sections=tuple(r.model_copy(update={"pass_mark": None}) for r in rules))
    grades = ["", *(band.grade for band in office.scorer.scheme.grades)]
    marked, plain = (o.table(o.rows) for o in (office, free))
    for held, other in zip(marked.to_dict("records"), plain.to_dict("records"), strict=True):
        assert grades.index(held["grade"]) >= grades.index(other["grade"])
        assert held["score"] == other["score"]


@laws()
@given(data=st.data(), section=st.sampled_from(["S0", "S1", "S2"]))
def test_a_section_in_which_nothing_applies_drops_out(data: st.DataObject, section: str) -> None:
    office = uncounted(settled(data)).under(limits=(), coverage=None, empty="drop")
    office = office.under(sections=tuple(dropped(office.scorer.scheme)))
    items = [item for item in office.items if item.section != section]
    gone = {item.id for item in office.items} - {item.id for item in items}
    rows = [row for row in office.rows if row[1] not in gone]
    if not items:
        return
    less = replaced(
        office, checklist=office.scorer.checklist.model_copy(update={"items": (*items,)})
    )
    out = [(audit, item, Answer("na")) for audit in office.audits for item in gone]
    same = ["score", "grade", "state", "limits"]
    pd.testing.assert_frame_equal(office.table(rows + out)[same], less.table(rows)[same])


@laws()
@given(data=st.data(), more=st.integers(0, 3), cost=st.sampled_from(["0", "1/3", "5"]))
def test_whoever_takes_more_for_more_answers_leaves_no_more(
    data: st.DataObject, more: int, cost: str
) -> None:
    office = settled(data).under(limits=(), take=None)
    rules = office.scorer.scheme.adjust
    gentle = [r.model_copy(update={"points": min(r.points, -r.points)}) for r in rules]
    harsh = [
        rule.model_copy(
            update={
                "points": rule.points - Fraction(cost),
                "at_most": None if rule.at_most is None else rule.at_most + more,
            }
        )
        for rule in gentle
    ]
    kind, strict = (office.under(adjust=(*each,)).told() for each in (gentle, harsh))
    for one, other in zip(kind, strict, strict=True):
        assert (one.exact is None) == (other.exact is None)
        assert one.exact is None or other.exact is None or other.exact <= one.exact


@laws()
@given(data=st.data())
def test_a_score_lies_between_floor_and_ceiling(data: st.DataObject) -> None:
    office = settled(data).under(limits=())
    floor, ceiling = office.scorer.scheme.floor, office.scorer.scheme.ceiling
    for told in office.told():
        if told.exact is not None and ceiling is not None:
            assert told.exact <= ceiling
        elif told.exact is not None and floor is not None:
            assert told.exact >= floor
