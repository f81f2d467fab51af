"""What rules, parts rules and key figures may not say, and what a broken file does not echo."""

import shutil
from pathlib import Path

import pytest

from sopaudit.criteria.handbook import load_handbook

TINY = Path(__file__).parents[1] / "handbooks" / "tiny"
RULES = """edition: "1"
conditions:
  - id: urgent
    title: Urgent
    all_of:
      - field: jobs.priority
        is: [high]
rules:
  - id: AC-01
    title: Ready
    passes: Told in time
"""
RECORDS = """edition: "1"
records:
  - id: jobs
    title: Jobs
    fields:
      - id: number
        title: Number
      - id: priority
        title: Priority
        codes: priority
"""
CODES = """edition: "1"
lists:
  - id: priority
    title: Priority
    codes:
      - id: high
        title: High
      - id: low
        title: Low
"""
EVENTS = 'edition: "1"\nevents:\n  - id: done\n    title: Done\n  - id: told\n    title: Told\n'
ELAPSED = "kind: elapsed\nwith: {from: done, to: told, at_most: 2 working hours}"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    shutil.copytree(TINY, tmp_path, dirs_exist_ok=True)
    # Its workflows speak of other events than these.
    shutil.rmtree(tmp_path / "sops/workflows")
    for name, text in (("records", RECORDS), ("codes", CODES), ("events", EVENTS)):
        (tmp_path / f"sops/{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def codes(shop: Path, rule: str, head: str = RULES) -> list[str]:
    """Load the shop with one more rule; `rule` is indented as its entry asks."""
    lines = "".join(f"    {line}\n" for line in rule.splitlines())
    (shop / "sops/rules.yaml").write_text(head + lines, encoding="utf-8")
    return [problem.code for problem in load_handbook(shop)[1]]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("", []),
        (ELAPSED, []),
        (ELAPSED.replace("elapsed", "rate"), ["H120"]),
        (ELAPSED.replace("2 working hours", "2个工作小时"), []),
        (ELAPSED.replace("2 working hours", "2"), ["H123"]),
        (ELAPSED.replace("2 working hours", "[2 h, 3 h]"), ["H123"]),
        (ELAPSED.replace("to: told", "to: [told, done]"), []),
        (ELAPSED.replace("to: told", "to: jobs.number"), []),
        (ELAPSED.replace("to: told", "to: jobs.nubmer"), ["H129"]),
        (ELAPSED.replace("to: told", "to: job.number"), ["H128"]),
        (ELAPSED.replace("to: told", "to: tell"), ["H127"]),
        (ELAPSED.replace("with: {", "with: {when: urgent, "), []),
        (ELAPSED.replace("with: {", "with: {when: [urgent, urgnt], "), ["H135"]),
        (ELAPSED.replace("with: {", "with: {which: third, "), ["H124"]),
        (ELAPSED.replace(", at_most: 2 working hours", ""), ["H125"]),
        (ELAPSED.replace("from: done, ", ""), ["H122"]),
        ("kind: filled\nwith: {fields: number}", ["H129"]),
        ("kind: filled\nwith: {forms: jobs}", []),
        ("kind: value_in\nwith: {field: jobs.priority, is: [high, hgh]}", ["H134"]),
        ("kind: value_in\nwith: {field: jobs.number, is: [anything]}", []),
        ("kind: value_in\nwith: {field: jobs.priority, codes: priorities}", ["H133"]),
        ("kind: filled\nwith: {fields: jobs.number, each_ticket: maybe}", ["H123"]),
        ("kind: hours\nwith: {event: done, within: ['09:00-12:00', '9-12']}", ["H123"]),
        ("kind: hours\nwith: {event: done, within: '09:00-12:00', calendar: CRW}", ["H015"]),
        ("kind: share_reached\nwith: {done: told, of: done, at_least: 130 %}", ["H123"]),
        ("all_of:\n  - {kind: elapsd}", ["H120"]),
        (f"{ELAPSED}\nall_of:\n  - {{kind: filled, with: {{fields: jobs.number}}}}", ["H137"]),
        ("data: [jobs, jbs]", ["H128"]),
    ],
)
def test_a_rule_is_held_to_its_kind_and_to_the_registers(
    shop: Path, rule: str, expected: list[str]
) -> None:
    assert codes(shop, rule) == expected


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("- {field: jobs.priority, is: [high]}", []),
        ("- {field: jobs.priority, is: [hgh]}", ["H134"]),
        ("- {field: jobs.number, at_least: 3}", []),
        ("- {event: told}", []),
        ("- {event: tld, happened: no}", ["H127"]),
        ("- {condition: urgent}", ["H136"]),
        ("- {condition: urgnt}", ["H135"]),
        ("- {field: jobs.number, event: told}", ["H136"]),
        ("- {event: told, filled: yes}", ["H136"]),
        ("- {}", ["H136"]),
    ],
)
def test_a_condition_asks_one_thing_a_line(shop: Path, clause: str, expected: list[str]) -> None:
    head = RULES.replace("- field: jobs.priority\n        is: [high]", clause)
    assert codes(shop, "", head) == expected


def test_conditions_that_lead_to_each_other_cannot_be_decided(shop: Path) -> None:
    both = "".join(
        f"  - id: {one}\n    title: x\n    any_of:\n      - condition: {other}\n"
        for one, other in (("a", "b"), ("b", "a"))
    )
    head = RULES.replace("conditions:\n", f"conditions:\n{both}")
    assert codes(shop, "", head) == ["H136", "H136"]


@pytest.mark.parametrize(
    ("breakage", "expected"),
    [
        # An entry without an id may be what others point at.
        (("records", "  - id: jobs\n", "  - idd: jobs\n"), ["S001"]),
        (("records", "- id: number\n        title: Number", "- id:\n        title: N"), ["S004"]),
        (("events", "- id: told\n", "- idd: told\n"), ["S001"]),
        (("codes", "- id: high\n", "- idd: high\n"), ["S001"]),
        (("events", "events:", "events"), ["Y005"]),
    ],
)
def test_a_broken_register_says_nothing_of_what_points_at_it(
    shop: Path, breakage: tuple[str, str, str], expected: list[str]
) -> None:
    name, old, new = breakage
    path = shop / f"sops/{name}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    rule = "all_of:\n  - {kind: elapsed, with: {from: done, to: told, at_most: 3 h}}\n"
    rule += "  - {kind: filled, with: {fields: [jobs.number]}}\n"
    rule += "  - {kind: value_in, with: {field: jobs.priority, is: [high]}}"
    found = codes(shop, rule)
    assert found == expected


def test_a_setting_that_cannot_be_read_is_told_once(shop: Path) -> None:
    assert codes(shop, ELAPSED.replace("from: done", "from: {event: done}")) == ["S028"]
    assert codes(shop, "kind: elapsed\nwith: done") == ["S010"]


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("at_least: 95 %", []),
        ("at_least: 95 %, floor: 90 %", []),
        ("at_least: 95 %, floor: 99 %", ["H138"]),
        ("at_most: 5 %, floor: 10 %", []),
        ("at_most: 5 %, floor: 1 %", ["H138"]),
        ("at_least: 1, at_most: 2", []),
        ("at_least: 3, at_most: 2", ["H138"]),
        ("above: 2, at_most: 2", ["H138"]),
        ("at_least: 2, above: 1", ["H138"]),
        ("floor: 1", ["H138"]),
    ],
)
def test_a_target_has_a_direction_and_can_be_met(
    shop: Path, target: str, expected: list[str]
) -> None:
    text = 'edition: "1"\nkpis:\n  - {id: K-1, title: x, formula: x, kind: rate, rules: [AC-01], '
    (shop / "sops/kpis.yaml").write_text(f"{text}target: {{{target}}}}}\n", encoding="utf-8")
    assert codes(shop, "") == expected


def test_a_figure_that_counts_rules_names_some_that_exist(shop: Path) -> None:
    path = shop / "sops/kpis.yaml"
    head = 'edition: "1"\nkpis:\n  - {id: K-1, title: x, formula: x, kind: rate'
    path.write_text(f"{head}}}\n", encoding="utf-8")
    assert codes(shop, "") == ["H122"]
    path.write_text(f"{head}, rules: [AC-1]}}\n", encoding="utf-8")
    assert codes(shop, "") == ["H013"]
