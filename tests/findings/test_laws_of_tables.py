"""What must hold for any table: order, cuts and company change nothing, nor does speed."""

from random import Random
from unittest.mock import patch

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from tests.findings.worlds import laws, settled

from sopaudit.findings.derivation import scores
from sopaudit.findings.rollup import RollUp


def by_audit(table: pd.DataFrame) -> pd.DataFrame:
    return table.sort_values("audit", ignore_index=True)


@laws()
@given(data=st.data(), seed=st.integers(0, 9))
def test_the_order_of_rows_changes_nothing(data: st.DataObject, seed: int) -> None:
    office = settled(data)
    shuffled = Random(seed).sample(office.rows, len(office.rows))  # noqa: S311 -- a shuffle
    pd.testing.assert_frame_equal(office.table(shuffled), office.table(office.rows))
    one, other = (scores(office.scorer, [office.framed(r)]) for r in (shuffled, office.rows))
    assert one == other


@laws()
@given(data=st.data(), cut=st.integers(0, 40))
def test_frames_may_be_cut_anywhere(data: st.DataObject, cut: int) -> None:
    office = settled(data)
    whole = office.table(office.rows)
    hands = [office.rows[cut:], [], office.rows[:cut]]
    pd.testing.assert_frame_equal(office.table(*hands), whole)
    own = [office.framed(hand, [*dict.fromkeys(a for a, _, _ in hand)]) for hand in hands]
    rest = office.framed([])
    pd.testing.assert_frame_equal(by_audit(office.scorer.table([*own, rest])), by_audit(whole))


@laws()
@given(data=st.data())
def test_a_table_of_many_audits_is_each_of_them_alone(data: st.DataObject) -> None:
    office = settled(data)
    alone = [
        office.scorer.table([office.framed([row for row in office.rows if row[0] == a], [a])])
        for a in office.audits
    ]
    pd.testing.assert_frame_equal(pd.concat(alone, ignore_index=True), office.table(office.rows))


@laws()
@given(data=st.data())
def test_the_order_of_audits_changes_none_of_them(data: st.DataObject) -> None:
    office = settled(data)
    turned = office.scorer.table([office.framed(office.rows, office.audits[::-1])])
    pd.testing.assert_frame_equal(by_audit(turned), by_audit(office.table(office.rows)))


@laws(200)
@given(data=st.data())
def test_a_table_worked_in_fractions_alone_is_the_same_to_the_last_letter(
    data: st.DataObject,
) -> None:
    office = settled(data)
    fast = office.table(office.rows)
    with patch.object(RollUp, "cancels", new=True):
        exact = office.table(office.rows)
    pd.testing.assert_frame_equal(fast, exact)
