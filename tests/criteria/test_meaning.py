"""What the ids of workflows stand for."""

import shutil
from pathlib import Path

import pytest

from sopaudit.criteria.field import Text
from sopaudit.criteria.handbook import load_handbook
from sopaudit.criteria.meaning import Meaning, meanings

HERE = Path(__file__).parents[1]

CALLER = """
id: FIX
edition: "1"
title: {zh: 修车, en: Repair}
lanes: [{id: M, post: MEC}, {id: C, kind: customer, title: {zh: 顾客, en: Customer}}]
nodes:
  - {id: FIX.1, lane: C, kind: start, title: {zh: 来店, en: Come in}, next: FIX.2, events: [rang]}
  - id: FIX.2
    lane: M
    kind: subflow
    title: {zh: 报价, en: Quote}
    flow: BILL
    entry: phone
    exits: {accepted: FIX.3, declined: FIX.4}
  - {id: FIX.3, lane: M, also: [C], title: {zh: 修车, en: Repair}, next: FIX.4, within: 2 days}
  - {id: FIX.4, lane: M, kind: end, title: {zh: 交车, en: Hand back}}
events: {rang: {zh: 门铃响, en: The bell rang}}
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Meaning]:
    folder = tmp_path_factory.mktemp("shop")
    shutil.copytree(HERE / "handbooks/tiny", folder, dirs_exist_ok=True)
    shutil.copytree(HERE / "errors/H114/sops", folder / "sops", dirs_exist_ok=True)
    (folder / "sops/workflows/fix.yaml").write_text(CALLER, encoding="utf-8")
    handbook, problems = load_handbook(folder)
    assert problems == []
    assert handbook is not None
    return meanings(handbook)


def test_a_workflow_is_told_with_its_lanes_and_boxes(told: dict[str, Meaning]) -> None:
    assert told["FIX"].facts["lanes"] == "M, C"
    assert [name for name, _ in told["FIX"].inside] == ["FIX.1", "FIX.2", "FIX.3", "FIX.4"]
    assert told["FIX"].file is not None


def test_a_box_leads_on_in_the_words_of_the_flow_it_calls(told: dict[str, Meaning]) -> None:
    ways = [(name, title.to("zh"), title.to("en")) for name, title in told["FIX.2"].inside]
    assert ways == [
        ("FIX.3", "[接受] 修车", "[accepted] Repair"),
        ("FIX.4", "[不接受] 交车", "[declined] Hand back"),
    ]
    assert told["FIX.2"].facts["flow"] == "BILL phone"


def test_a_box_tells_who_does_it_and_how_fast(told: dict[str, Meaning]) -> None:
    facts = told["FIX.3"].facts
    assert (facts["lane"], facts["within"], facts["workflow"]) == ("M, C", "2 d", "FIX")
    assert [name for name, _ in told["FIX.3"].inside] == ["FIX.4"]


def test_an_event_tells_the_boxes_at_which_it_is_recorded(told: dict[str, Meaning]) -> None:
    assert told["rang"].title == Text((("zh", "门铃响"), ("en", "The bell rang")))
    assert [name for name, _ in told["rang"].inside] == ["FIX.1"]
