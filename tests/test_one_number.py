"""What is said in several places of the handbook is said alike: one number, one word."""

import re
from pathlib import Path
from typing import Final

import pytest

from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.criteria.rule import Rule, listed

ROOT: Final = Path(__file__).parents[1]

SAME: Final = """
10 min | 10分钟 | AC-02 | HTL-03-4 F1.10
30 min | 30分钟 | AC-03 | HTL-05-1 COO-01-2 COO-01-3 F1.11 F2.1 CK-HTL-D2 CK-COO-B1
2 working hours | 2个工作小时 | AC-04 | COO-03-1 F2.3 CK-COO-B2
2 working days | 2个工作日 | AC-05 | COO-03-3
3 working days | 3个工作日 | AC-05 | COO-03-3 F2.4 CK-COO-B3
17:00 | 17:00 | AC-14 | OSE-08-3 CK-ADM-C2
10:00 | 10:00 | AC-14 | OSE-08-3 CK-ADM-C2
30 working min | 30个工作分钟 | AC-17 PR-05 | SPS-02-1 F2.7 F3.7 CK-SPS-B1
1 working day | 1个工作日 | AC-18 | OSE-09-2 SPS-06-1 INS-04-2 F2.16 CK-SPS-D1 CK-OSE-D2
1 working day | 1个工作日 | AC-19 PR-18 | OSE-09-3 INS-08-1 F2.16 CK-SPS-D2 CK-OSE-D2
5 working days | 5个工作日 | AC-19 PR-19 PR-21 AC-38 | SPS-07-1 CK-SPS-D3
2 working days | 2个工作日 | AC-22 | CBS-02-1 F4.2 CK-CBS-A1
30 % | 30% | AC-23 | CBS-02-4 CK-CBS-A2
3 | 3次 | AC-24 | CBS-02-3 F4.3 CK-CBS-A3
2 working hours | 2个工作小时 | AC-25 | CBS-05-2 F4.7 CK-CBS-D1
24 h | 24小时 | AC-25 | MGR-04-1 F4.9 CK-MGR-C1
3 working days | 3个工作日 | AC-27 | INS-07-3 CK-INS-D1
7 working days | 7个工作日 | AC-27 | INS-07-3 F3.10 CK-INS-D1
1 working day | 1个工作日 | AC-28 | INS-03-1 F3.5 CK-INS-B2
2 working hours | 2个工作小时 | AC-29 | RCP-08-2 F3.11
30 days | 30天 | AC-30 | OSE-01-3 INS-06-3 CK-OSE-C4 CK-INS-D2
16:00 | 16:00 | AC-37 PR-06 | SPS-03-1 CK-SPS-B2
30 % | 30% | AC-39 | COO-04-4
09:30 | 09:30 | AC-43 | COO-06-2 CK-COO-D1
30 working min | 30个工作分钟 | AC-45 | RCP-07-2 CK-RCP-D2
1 working day | 1个工作日 | PR-09 | SPS-04-1
1 working day | 1个工作日 | PR-10 | SPS-04-2
5 days | 5天 | PR-16 | SPS-05-3
1 working day | 1个工作日 | PR-22 | SPS-06-3 CK-SPS-D4
3 working days | 3个工作日 | PR-26 | SPS-08-3
180 days | 180天 | PR-29 | SPS-09-3
"""
"""What rules are given, how it is said, the rules, and who else says it."""

OTHER_WORDS: Final = """
备件号 料号 备用机 封签 第二次回访 再次回访 问卷 到店 数据抢救 数据告知 随机附件 再现 检测介质
占用量 拉回 约定取机 版次 半年
"""
"""Words that stood beside the ones the handbook uses, and mean the same."""


@pytest.fixture(scope="module")
def book() -> Handbook:
    loaded, problems = load_handbook(ROOT, strict=True)
    assert loaded is not None, problems
    return loaded


def given(rule: Rule) -> set[str]:
    parts = [*(part.given for part in rule.all_of), rule.given or {}]
    return {value for settings in parts for values in settings.values() for value in listed(values)}


def said(book: Handbook, place: str) -> str:
    """Give what a standard, an item or a box says in Chinese, its limit above all."""
    if place.startswith("CK-"):
        item = next(
            i for checklist in book.checklists.values() for i in checklist.items if i.id == place
        )
        return item.question.to("zh") + (item.sample.to("zh") if item.sample else "")
    if place in book.standards:
        standard = book.standards[place]
        return standard.standard.to("zh") + (standard.limit.to("zh") if standard.limit else "")
    limit = book.workflows[place.partition(".")[0]].by_id[place].limit
    assert limit is not None, place
    return limit.to("zh")


@pytest.mark.parametrize("row", SAME.strip().splitlines())
def test_a_number_is_the_same_in_rule_standard_box_and_item(book: Handbook, row: str) -> None:
    value, words, rules, places = (cell.strip() for cell in row.split("|"))
    assert [rule for rule in rules.split() if value not in given(book.rules[rule])] == []
    told = re.compile(rf"(?<![\d.]){re.escape(words)}")
    missing = [place for place in places.split() if not told.search(said(book, place))]
    assert missing == []


def test_a_price_that_changes_on_site_may_be_accepted_again(book: Handbook) -> None:
    counted = [p.given for p in book.rules["AC-16"].all_of if p.kind == "occurrences"]
    assert all("at_most" not in given or "after" in given for given in counted)


def test_tables_carry_the_numbers_of_rules_and_reports(book: Handbook) -> None:
    tolerances = [row["tolerance_percent"].plain for row in book.tables["count_classes"].rows]
    for rule in ("AC-36", "PR-25"):
        assert {f"{n} %" for n in tolerances} <= given(book.rules[rule]), rule
    promised = [r["promise_days"].plain for r in book.tables["zones"].rows if "promise_days" in r]
    assert {f"{n} working days" for n in promised} <= given(book.rules["AC-05"])
    days = {r["severity"].plain: r["fix_days"].plain for r in book.tables["action_limits"].rows}
    due = book.report.due_days
    assert days == {name: str(getattr(due, name)) for name in days}
    called = next(o for o in book.calendar.openings if o.post == "CBS") if book.calendar else None
    assert called is not None
    assert {str(hours) for hours in called.hours} <= given(book.rules["AC-46"])


def test_a_thing_has_one_name_in_every_file() -> None:
    files = [*(ROOT / "sops").rglob("*.yaml"), *(ROOT / "checklists").rglob("*.yaml")]
    texts = {file: file.read_text(encoding="utf-8") for file in files}
    # The glossary alone tells what else a thing is called.
    found = [
        (file.name, word)
        for file, text in texts.items()
        for word in OTHER_WORDS.split()
        if word in text and file.name != "glossary.yaml"
    ]
    assert found == []
