"""What must hold where several persons make up an item."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st
from tests.findings.conftest import Row
from tests.findings.worlds import Office, laws, settled, uncounted

from sopaudit.criteria.answer import Answer
from sopaudit.criteria.judging import answer_set
from sopaudit.criteria.scheme import Each
from sopaudit.findings.score import Score


@laws()
@given(data=st.data())
def test_a_person_it_does_not_apply_to_changes_no_item(data: st.DataObject) -> None:
    rule = data.draw(st.sampled_from(["mean", "worst", "pooled"]))
    office = uncounted(settled(data, labels="")).under(persons=rule, pick="one")
    answered = {(audit, item) for audit, item, answer in office.rows}
    can = {i.id: isinstance(answer_set(office.scorer.scheme, i), str | Each) for i in office.items}
    more = [(audit, item, Answer("na")) for audit, item in sorted(answered) if can[item]]
    for one, other in zip(
        told_of(office, office.rows), told_of(office, office.rows + more), strict=True
    ):
        assert (one.score, one.exact, one.grade) == (other.score, other.exact, other.grade)


def told_of(office: Office, rows: Sequence[Row]) -> list[Score]:
    return office.told(rows)


@laws()
@given(data=st.data())
def test_the_worst_person_is_never_better_than_the_mean(data: st.DataObject) -> None:
    office = settled(data, labels="").under(pick="one")
    worst, mean = (told_of(office.under(persons=p), office.rows) for p in ("worst", "mean"))
    for low, high in zip(worst, mean, strict=True):
        for one, other in zip(low.items, high.items, strict=True):
            assert (one.outcome, one.possible) == (other.outcome, other.possible)
            if one.earned is not None and other.earned is not None:
                better = one.earned - other.earned
                assert better <= 0 if one.possible is not None else better >= 0


@laws()
@given(data=st.data())
def test_pooled_persons_are_one_answer_with_all_their_cases(data: st.DataObject) -> None:
    office = settled(data, family="named", labels="").under(persons="pooled", limits=(), adjust=())
    once: list[Row] = []
    for audit in office.audits:
        aloud = office.aloud(audit)
        for item in office.items:
            spoken = [a for a in aloud.answers[item.id] if a.result not in {"na", "unchecked"}]
            counting = item.scoring in {"R", "D1", "D2"} and spoken
            said = (
                [aloud.judge.together(item, aloud.answers[item.id])]
                if counting
                else aloud.answers[item.id]
            )
            once += [(audit, item.id, answer) for answer in said]
    one, other = told_of(office, office.rows), told_of(office, once)
    for told, pooled in zip(one, other, strict=True):
        assert told.exact == pooled.exact
        assert [item.earned for item in told.items] == [item.earned for item in pooled.items]


@laws()
@given(data=st.data())
def test_one_person_alone_is_no_several(data: st.DataObject) -> None:
    office = settled(data).under(pick="one")
    first = {(audit, item): (audit, item, answer) for audit, item, answer in office.rows}
    alone = [*first.values()]
    told = {
        rule: told_of(office.under(persons=rule), alone)
        for rule in (None, "mean", "worst", "pooled")
    }
    assert all(other == told[None] for other in told.values())
