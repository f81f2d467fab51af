"""An audit as XCCDF: which result an answer is, what it weighs, and what is said beside it."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from tests.report.conftest import Laundry

from sopaudit.report.seen import seen_in_folder
from sopaudit.report.xccdf.content import benchmark
from sopaudit.report.xccdf.markup import SPACE, xccdf
from sopaudit.report.xccdf.model import Benchmark, Group, Rule, rules

HERE = Path(__file__).parents[2]


def made(laundry: Laundry, *languages: str) -> Benchmark:
    folder, conclusion = laundry.concluded()
    return benchmark(seen_in_folder(folder), conclusion, languages or ("zh", "en"), "org.example")


def ruled(laundry: Laundry) -> dict[str, Rule]:
    return {rule.id.removeprefix("CK-IRON-"): rule for rule in rules(made(laundry).parts)}


def test_a_whole_file_is_as_it_was(laundry: Laundry, golden: Callable[[Path, str], None]) -> None:
    text = re.sub(r"sopaudit:\d[^\"]*", "sopaudit:0", xccdf(made(laundry)))
    golden(HERE / "golden/xccdf/laundry.expected.xml", text)


def test_answers_become_results(laundry: Laundry) -> None:
    laundry.change_answer("CK-IRON-B1", result="partial")
    laundry.change_answer("CK-IRON-B2", result="na", note="x")
    laundry.change_answer("CK-IRON-B3", result="unchecked")
    laundry.change_answer("CK-IRON-A2", value="0")
    found = ruled(laundry)
    results = {name: rule.result for name, rule in found.items()}
    assert results["A2"] == "pass"
    assert results["B1"] == "fail"
    assert results["B2"] == "notapplicable"
    assert results["B3"] == "notchecked"
    assert [message.text for message in found["B1"].messages] == [
        "得 2.5 分，应得 5 分，占 1/2。",
        "Earned 2.5 of 5, a share of 1/2.",
    ]


def test_an_item_nobody_answered_is_not_checked_and_says_so(laundry: Laundry) -> None:
    laundry.change_answer("CK-IRON-B3", result=None)
    rule = ruled(laundry)["B3"]
    assert rule.result == "notchecked"
    assert [message.text for message in rule.messages] == ["未作答", "not answered"]


def test_a_veto_is_told_unscored_with_what_it_does_to_the_grade(laundry: Laundry) -> None:
    laundry.change_answer("CK-IRON-V1", result="no", note="无人看管", confirmed=None)
    laundry.change_answer("CK-IRON-V1", evidence=[])
    laundry.add_photo("CK-IRON-V1")
    rule = ruled(laundry)["V1"]
    assert (rule.result, rule.scored, rule.severity) == ("fail", False, "high")
    warnings = [message.text for message in rule.messages if message.severity == "warning"]
    assert len(warnings) == 2
    assert "一票否决" in warnings[0]
    assert "第二人" in warnings[0]


def test_a_rule_weighs_its_points_and_a_section_what_stands_in_it(laundry: Laundry) -> None:
    parts = made(laundry).parts
    found = {part.id: part for part in parts if isinstance(part, Group)}
    assert {name: part.weight for name, part in found.items()} == {
        "CK-IRON.A": 10,
        "CK-IRON.B": 10,
        "CK-IRON.V": 0,
    }
    assert [rule.weight for rule in found["CK-IRON.A"].rules] == [6, 4]


def test_sections_a_scheme_weighs_keep_their_weights(laundry: Laundry) -> None:
    scheme = laundry.folder / "checklists/schemes/shop.yaml"
    with scheme.open("a", encoding="utf-8") as file:
        file.write("sections: [{id: A, weight: 70}, {id: B, weight: 30}, {id: V}]\n")
    weights = {part.id: part.weight for part in made(laundry).parts}
    assert weights["CK-IRON.A"] == 70
    assert weights["CK-IRON.B"] == 30


def test_a_section_in_another_is_a_group_in_its_group(laundry: Laundry) -> None:
    scheme = laundry.folder / "checklists/schemes/shop.yaml"
    with scheme.open("a", encoding="utf-8") as file:
        file.write("sections: [{id: A, weight: 2}, {id: B, in: A, weight: 3}, {id: V}]\n")
    outer = made(laundry).parts[0]
    assert isinstance(outer, Group)
    inner = outer.parts[-1]
    assert isinstance(inner, Group)
    assert inner.id == "CK-IRON.B"
    assert inner.weight == 3
    names = [rule.id for part in (outer, inner) for rule in part.parts if isinstance(rule, Rule)]
    assert names == [f"CK-IRON-{n}" for n in ("A1", "A2", "B1", "B2", "B3")]


@pytest.mark.parametrize(
    ("old", "new", "weights"),
    [
        ("roll_up: percent", "roll_up: mean", [1, 1, 1, 1, 1, 0]),
        ("roll_up: percent", "roll_up: count", [1, 1, 1, 1, 1, 1]),
        (
            "roll_up: percent",
            "points_by: {label: severity, table: {critical: 0, major: 9, minor: 3}}\nroll_up: sum",
            [9, 3, 3, 3, 2, 0],
        ),
    ],
)
def test_a_rule_weighs_what_its_scheme_adds_up(
    old: str, new: str, weights: list[int], laundry: Laundry
) -> None:
    scheme = laundry.folder / "checklists/schemes/shop.yaml"
    text = scheme.read_text(encoding="utf-8").replace(old, new)
    if "percent" not in text:
        text = text.replace("at_least: 90", "at_least: 1").replace("at_least: 60", "at_least: 1/2")
    scheme.write_text(text, encoding="utf-8")
    assert [rule.weight for rule in rules(made(laundry).parts)] == weights


def test_one_language_may_be_asked_for(laundry: Laundry) -> None:
    text = xccdf(made(laundry, "en"))
    assert "Was the label read?" in text
    assert not re.search("[\u4e00-\u9fff]", text)


def test_no_name_of_a_person_and_no_note_leaves_the_house(laundry: Laundry) -> None:
    laundry.change_answer("CK-IRON-B1", result="no", note="客户张先生 13800138000 投诉")
    text = xccdf(made(laundry))
    folder = laundry.read()
    names = [word for person in folder.handbook.roster for _, word in person.name.wordings]
    assert names
    assert not [name for name in (*names, "13800138000") if name in text]


def test_without_moments_the_day_of_the_visit_stands(laundry: Laundry) -> None:
    test = made(laundry).test
    folder = laundry.read()
    assert isinstance(folder.audit.date, date)
    assert test.begin is None
    assert test.end == f"{folder.audit.date}T00:00:00"


def test_ids_have_the_form_of_the_standard_and_each_is_there_once(laundry: Laundry) -> None:
    top = ET.fromstring(xccdf(made(laundry)))  # noqa: S314 -- ours
    ids = [
        element.get("id", "") for element in top.iter() if element.tag.startswith(f"{{{SPACE}}}")
    ]
    named = [id_ for id_ in ids if re.fullmatch("xccdf_[^_]+_(group|rule|testresult)_.+", id_)]
    assert len(named) == len(set(named)) == 3 + 6 + 1
    results = [one.get("idref") for one in top.iter(f"{{{SPACE}}}rule-result")]
    assert set(results) < set(named)


def test_the_same_audit_gives_the_same_bytes(laundry: Laundry) -> None:
    assert xccdf(made(laundry)) == xccdf(made(laundry))
