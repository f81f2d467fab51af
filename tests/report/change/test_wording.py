"""How a wording changed, word by word."""

import pytest

from sopaudit.report.change.wording import Stretch, stretches


def marked(old: str, new: str) -> str:
    return "".join(
        part.new if part.equal else f"[{part.old}|{part.new}]" for part in stretches(old, new)
    )


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("铃响3声内接听", "铃响2声内接听", "铃响[3|2]声内接听"),
        ("within three rings", "within two rings", "within [three |two ]rings"),
        ("不超过15分钟", "不超过150分钟", "不超过[15|150]分钟"),
        ("请客户签字确认", "请客户或家属签字确认", "请客户[|或家属]签字确认"),
        ("0.8 of all calls", "0.9 of all calls", "[0.8 |0.9 ]of all calls"),
        ("same", "same", "same"),
    ],
)
def test_what_changed_stands_out_word_by_word_and_number_by_number(
    old: str, new: str, told: str
) -> None:
    assert marked(old, new) == told


def test_changes_that_a_sign_keeps_apart_are_one() -> None:
    assert marked("甲乙丙丁戊己庚辛", "甲子丙丑戊己庚辛") == "甲[乙丙丁|子丙丑]戊己庚辛"


def test_where_little_stayed_both_are_told_whole() -> None:
    old, new = "受理后两小时内联系客户签字确认", "备件出库由库管办理，客户签字后归档盘点"
    assert stretches(old, new) == [Stretch(old, new)]


@pytest.mark.parametrize(
    ("old", "new"), [("", "x"), ("x", ""), ("a b c", "c b a"), ("一二三四五六", "六五四三二一")]
)
def test_both_sides_can_be_put_together_again(old: str, new: str) -> None:
    parts = stretches(old, new)
    assert ("".join(p.old for p in parts), "".join(p.new for p in parts)) == (old, new)
