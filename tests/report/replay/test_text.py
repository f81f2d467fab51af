"""Replayed audits in a terminal of 80 columns."""

from fractions import Fraction

import pytest

from sopaudit.press.charts import Edge
from sopaudit.report.replay.text import replay_text
from sopaudit.report.replay.told import AuditBlock, CauseLine, ReplayTold, RowBlock, signed
from sopaudit.terminal import COLUMNS, width


def block(old: str, new: str, said: str) -> RowBlock:
    cause = CauseLine("item CK-A: points 3 → 5; weight 1 → 2; scoring B → H", "+0.5", new, "alone")
    return RowBlock(
        checklist="CK-BRANCH",
        title="Branch",
        old=old,
        new=new,
        moved="down",
        said=said,
        regraded=True,
        shares=(Fraction(1, 2), None),
        edges=((Edge(Fraction(1, 2), "A"),), ()),
        spoken="x",
        causes=(cause,),
        note="The changes act on one another, so they are made one after the other; " * 2,
        missing=("CK-A: its answer is none any more, " * 4,),
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_line_is_wider_than_the_terminal(lang: str) -> None:
    rows = (
        block("84.0 C (limited scope)", "83.1 C (incomplete)", "score changes, grade stays"),
        block("84.0 C", "83.1 D", "grade goes down"),
    )
    audits = (AuditBlock("2026-10-cd", "Chengdu", "2026-11-06", ("A note. " * 20,), rows),)
    told = ReplayTold("Past", "About. " * 30, "Sum. " * 40, regraded=True, axis="", audits=audits)
    lines = replay_text(told, lang).splitlines()
    assert max(map(width, lines)) <= COLUMNS
    assert "      grade goes down" in lines
    assert all(line == line.rstrip() for line in lines)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Fraction(1, 2), "+0.5"),
        (Fraction(-1, 3), "−0.33"),
        (Fraction(0), "±0"),
        (Fraction(1, 1000), "+0.00…"),
        (Fraction(-1, 1000), "−0.00…"),
    ],
)
def test_a_difference_has_its_sign_and_never_looks_like_none(value: Fraction, said: str) -> None:
    assert signed(value) == said
