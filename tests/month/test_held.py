"""What somebody holds or owes in the month for long is told by a rule: nothing is kept unseen."""

import numpy as np
import pytest
from tests.month.hearing import NOW, handbook, heard, records
from tests.month.truth import OFFICES

from sopaudit.findings.custody.custody import custody_of
from sopaudit.findings.loss import losses

LONG = np.timedelta64(7, "D")
"""Every limit of the handbook on parts in somebody's hands has passed by then."""


@pytest.mark.parametrize("office", OFFICES)
def test_what_is_in_somebodys_hands_for_long_is_told(office: str) -> None:
    """Custody and rules look at the same moves in two ways; loans have a day of their own."""
    custody = custody_of(records(office), handbook(), NOW)
    told = {side for loss in losses(custody, heard(office), handbook()) for side in loss.chain}
    held = custody.holdings()
    kept = held["place"].isin(["engineer", "owed", "reserved", "transit"])
    sides = held[kept & (held["since"] < NOW - LONG)]["side"].to_numpy(np.int64) & ~1
    assert set(sides.tolist()) <= told
    assert office == "HZ" or len(sides)
