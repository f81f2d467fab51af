"""Each type of deviation as a person reads it."""

import pytest
from tests.findings.conformance.test_conform import ALL, BOOK, one

from sopaudit.findings.conformance.words import sentence
from sopaudit.findings.deviation import STEP_TYPES

SAID = {
    "skipped": (
        ALL.replace("customer_signed,", ""),
        "F2.14 漏做：没有“客户签字”的记录。",
        "F2.14 left out: no record of “Customer signed”.",
    ),
    "extra": (
        ALL.replace("arrived,", "arrived, engineer_assigned,"),
        "多出一步：“派定工程师”不该在这里，接下来应是“确认故障”（F2.12）。",
        "One step too many: “Engineer assigned” has no place here; next should come “Diagnosed” (F2.12).",  # noqa: E501 -- a sentence
    ),
    "out of order": (
        ALL.replace("customer_contacted, visit_promised", "visit_promised, customer_contacted"),
        "F2.3 顺序不对：“联系客户”没有在该做的时候做。",
        "F2.3 out of order: “Customer contacted” was not done when it was due.",
    ),
    "unknown step": (
        f"{ALL}, lunch",
        "未知环节：没有流程认识“lunch”，流程到此已经结束。",
        "Unknown step: no workflow knows “lunch”; the workflow was at its end.",
    ),
    "wrong role": (
        ALL.replace("visit_promised", "visit_promised@HTL"),
        "F2.4 岗位不符：“承诺上门”应由协调员或上门维修工程师做，实际是热线工程师。",
        "F2.4 by the wrong post: “Visit promised” is for Coordinator or On-site repair engineer, done by Hotline engineer.",  # noqa: E501 -- a sentence
    ),
}


@pytest.mark.parametrize("kind", STEP_TYPES)
def test_a_deviation_is_told_in_one_sentence(kind: str) -> None:
    text, zh, en = SAID[kind]
    records = one(text).deviations.to_dict("records")
    rows = [{str(key): str(value) for key, value in row.items()} for row in records]
    assert [row["type"] for row in rows] == [kind]
    assert sentence(rows[0], BOOK, "zh") == zh
    assert sentence(rows[0], BOOK, "en") == en
