"""What changed between two editions: nothing is lost, nothing is told that did not change."""

import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from sopaudit.criteria.change.difference import difference, read_files
from sopaudit.criteria.change.model import Change, Difference, FileChange, Value
from sopaudit.reading.copy import copy
from sopaudit.reading.document import Document

ROOT = Path(__file__).parents[3]
TINY = ROOT / "tests/handbooks/tiny"
POST, CHECKLIST, SETTINGS = "sops/posts/mec.yaml", "checklists/mec.yaml", "sopaudit.yaml"
FLOW, TABLE, CALENDAR, RULES = (
    "sops/workflows/f1.yaml",
    "sops/tables/prices.yaml",
    "sops/calendar.yaml",
    "sops/rules.yaml",
)
MORE = {
    FLOW: """id: F1
edition: "2026.1"
title: 维修
lanes:
  - {id: MEC, post: MEC}
nodes:
  - {id: F1.1, kind: start, lane: MEC, title: 来店, next: F1.2}
  - id: F1.2
    kind: decision
    lane: MEC
    title: 修得好吗
    standards: [MEC-01]
    choices:
      - {label: 是, answer: yes, to: F1.3}
      - {label: 否, answer: no, to: F1.4}
  - {id: F1.3, lane: MEC, title: 修车, within: 30 min, next: F1.4}
  - {id: F1.4, kind: end, lane: MEC, title: 取车}
""",
    TABLE: """id: prices
edition: "2026.1"
title: 价目表
key: [part, since]
columns:
  - {id: part, title: 配件}
  - {id: since, title: 起}
  - {id: price, title: 单价}
rows:
  - {part: A, since: "2026", price: 10}
  - {part: B, since: "2026", price: 20}
  - {part: C, since: "2026", price: 30}
""",
    CALENDAR: """edition: "2026.1"
workdays: [monday, tuesday]
hours: ["08:30-12:00"]
days_off:
  - {title: 元旦, from: 2026-01-01, to: 2026-01-03}
  - {title: 春节, from: 2026-02-15, to: 2026-02-23}
make_up_days:
  - date: 2026-01-04
""",
}
Files = dict[str, bytes]


@pytest.fixture
def files() -> Files:
    """Give the tiny handbook, with a workflow, a table and a calendar."""
    more = {name: text.encode() for name, text in MORE.items()}
    return {**copy(str(TINY), TINY).files, **more}


def changed(files: Files, name: str, *pairs: tuple[str, str]) -> Difference:
    text = files[name].decode()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return between(files, {**files, name: text.encode()})


def between(old: Files, new: Files) -> Difference:
    return difference(read_files(old, ""), read_files(new, ""))


def only(found: Difference) -> Change:
    """Give the one change there is."""
    (file,) = found.files
    (change,) = file.changes
    return change


def test_a_handbook_is_not_different_from_itself(files: Files) -> None:
    found = between(files, files)
    assert (found.files, found.suspects, found.touched) == ((), (), ())


def test_a_value_that_changed_is_told_with_both(files: Files) -> None:
    change = only(changed(files, CHECKLIST, ("points: 3,", "points: 2,")))
    assert (change.sort, change.kind, change.id) == ("changed", "item", "CK-MEC-A2")
    assert change.values == (Value(("points",), "3", "2"),)


def test_a_wording_is_told_in_the_language_it_changed_in(files: Files) -> None:
    change = only(changed(files, POST, ("below 1 mm", "below 2 mm")))
    assert change.id == "MEC-01-2"
    assert change.values == (Value(("limit", "en"), "below 1 mm", "below 2 mm", "en"),)


def test_what_a_rule_gives_its_kind_is_told_by_its_name(files: Files) -> None:
    text = files[RULES].decode().rstrip()
    old = {**files, RULES: f"{text}\n    with: {{at_most: 30 min}}\n".encode()}
    change = only(changed(old, RULES, ("30 min", "20 min")))
    assert change.values == (Value(("with", "at_most"), "30 min", "20 min"),)


def test_what_is_added_and_what_is_retired_is_told_whole(files: Files) -> None:
    line = "  - {id: F1.3, lane: MEC, title: 修车, within: 30 min, next: F1.4}\n"
    change = only(changed(files, FLOW, (line, "")))
    assert (change.sort, change.id, change.title) == ("retired", "F1.3", "修车")
    assert Value(("within",), "30 min", None) in change.values
    change = only(
        changed(files, FLOW, (line, line + line.replace("F1.3", "F1.9").replace("修", "洗")))
    )
    assert (change.sort, change.id) == ("added", "F1.9")
    assert Value(("next",), None, "F1.4") in change.values


def test_another_id_for_the_same_text_is_a_renaming_and_the_rest_is_still_told(
    files: Files,
) -> None:
    found = changed(
        files, CHECKLIST, ("id: CK-MEC-B1", "id: CK-MEC-C1"), ("points: 2", "points: 1")
    )
    change = only(found)
    assert (change.sort, change.was, change.id) == ("changed", "CK-MEC-B1", "CK-MEC-C1")
    assert change.values == (Value(("points",), "2", "1"),)


def test_a_renamed_step_keeps_its_standards(files: Files) -> None:
    change = only(changed(files, POST, ("- id: MEC-01\n", "- id: MEC-09\n")))
    assert (change.kind, change.was, change.id) == ("step", "MEC-01", "MEC-09")


def test_a_field_is_renamed_inside_its_own_form_only(files: Files) -> None:
    forms = """edition: "1"
forms:
  - {id: one, title: 甲, fields: [{id: phone, title: 电话}]}
  - {id: two, title: 乙, fields: [{id: phone, title: 电话}]}
"""
    old = {**files, "sops/forms.yaml": forms.encode()}
    found = changed(old, "sops/forms.yaml", ("id: phone", "id: mobile"))
    told = [(change.within, change.was, change.id) for change in found.files[0].changes]
    assert told == [("one", "phone", "mobile"), ("two", "phone", "mobile")]


def test_an_item_that_went_to_another_checklist_moved(files: Files) -> None:
    other = 'id: CK-X\nedition: "1"\ntitle: 另一张\nscheme: shop\nitems:\n'
    filler = "  - {id: CK-X-1, question: 有吗, points: 0}\n"
    text = files[CHECKLIST].decode()
    item = text[text.index("  - {id: CK-MEC-B1") :]
    old = {**files, "checklists/x.yaml": (other + filler).encode()}
    new = {
        **files,
        CHECKLIST: text.replace(item, "").encode(),
        "checklists/x.yaml": (other + filler + item).encode(),
    }
    (file,) = [file for file in between(old, new).files if file.changes]
    (change,) = file.changes
    assert (file.id, change.id, change.moved) == ("CK-X", "CK-MEC-B1", ("CK-MEC", "CK-X"))
    assert {f.id for f in between(old, new).files} == {"CK-MEC", "CK-X"}


def test_of_a_new_order_as_little_as_possible_is_called_moved(files: Files) -> None:
    text = files[CHECKLIST].decode()
    first, last = text.index("  - {id: CK-MEC-A1"), text.index("  - {id: CK-MEC-B1")
    new = text[:first] + text[last:] + text[first:last]
    change = only(between(files, {**files, CHECKLIST: new.encode()}))
    assert (change.id, change.after, change.values) == ("CK-MEC-B1", "", ())


def test_a_way_out_that_leads_elsewhere_is_told_by_its_label(files: Files) -> None:
    change = only(changed(files, FLOW, ("answer: yes, to: F1.3", "answer: yes, to: F1.4")))
    assert change.id == "F1.2"
    assert change.values == (Value(("choices", "是", "to"), "F1.3", "F1.4"),)


def test_a_table_is_compared_row_by_row(files: Files) -> None:
    gone = '  - {part: B, since: "2026", price: 20}\n'
    change = only(changed(files, TABLE, ("price: 10", "price: 11"), (gone, "")))
    assert change.values == (
        Value(("rows", "A / 2026", "price"), "10", "11"),
        Value(("rows", "B / 2026"), {"part": "B", "since": "2026", "price": "20"}, None),
    )


def test_rows_in_another_order_are_told(files: Files) -> None:
    rows = [
        '  - {part: A, since: "2026", price: 10}\n',
        '  - {part: B, since: "2026", price: 20}\n',
    ]
    change = only(changed(files, TABLE, ("".join(rows), "".join(reversed(rows)))))
    names = ["A / 2026", "B / 2026", "C / 2026"]
    assert change.values == (Value(("rows", "order"), names, [names[1], names[0], names[2]]),)


def test_days_of_the_calendar_are_told_by_their_date(files: Files) -> None:
    found = changed(
        files,
        CALENDAR,
        ("to: 2026-01-03", "to: 2026-01-04"),
        ("date: 2026-01-04", "date: 2026-01-10"),
    )
    assert only(found).values == (
        Value(("days_off", "2026-01-01", "to"), "2026-01-03", "2026-01-04"),
        Value(("make_up_days", "2026-01-10"), None, {"date": "2026-01-10"}),
        Value(("make_up_days", "2026-01-04"), {"date": "2026-01-04"}, None),
    )


def remark(found: Difference) -> str:
    (file,) = found.files
    return file.remark


def test_content_under_the_same_edition_and_an_edition_without_content_are_told(
    files: Files,
) -> None:
    content, edition = ("points: 3,", "points: 2,"), ('"2026.1"', '"2026.2"')
    assert remark(changed(files, CHECKLIST, content)) == "same_edition"
    assert remark(changed(files, CHECKLIST, edition)) == "only_edition"
    assert remark(changed(files, CHECKLIST, content, edition)) == ""
    dated = ("effective_from: 2026-01-01", "effective_from: 2026-02-01")
    assert remark(changed(files, CHECKLIST, edition, dated)) == "only_edition"


def test_lines_broken_elsewhere_are_no_change_of_content(files: Files) -> None:
    text = files[FLOW].decode().replace("title: 修得好吗\n", "title: >-\n      修得\n      好吗\n")
    found = between(files, {**files, FLOW: text.encode()})
    assert (remark(found), found.files[0].changes) == ("only_writing", ())


def test_comments_and_line_ends_are_no_difference(files: Files) -> None:
    text = "# 说明\r\n" + files[FLOW].decode().replace("\n", "\r\n")
    assert between(files, {**files, FLOW: text.encode()}).files == ()


def test_a_file_that_came_or_went_is_told(files: Files) -> None:
    (file,) = between(files, {k: v for k, v in files.items() if k != FLOW}).files
    assert (file.sort, file.id, file.editions) == ("retired", "F1", ("2026.1", ""))
    assert {change.id for change in file.changes} >= {"F1", "F1.1", "F1.4"}
    (file,) = between({k: v for k, v in files.items() if k != FLOW}, files).files
    assert (file.sort, file.editions) == ("added", ("", "2026.1"))


def test_a_file_under_another_name_is_the_same(files: Files) -> None:
    new = {
        "checklists/mechanic.yaml" if name == CHECKLIST else name: raw
        for name, raw in files.items()
    }
    (file,) = between(files, new).files
    assert (file.was, file.file, file.changes) == (CHECKLIST, "checklists/mechanic.yaml", ())


def test_a_file_that_cannot_be_read_is_left_out_and_not_called_retired(files: Files) -> None:
    broken = {**files, FLOW: b"\x00\x01\x02"}
    assert read_files(broken, "")[FLOW].data is None
    assert between(files, broken).files == ()


def test_the_same_id_twice_loses_nothing(files: Files) -> None:
    text = files[CHECKLIST].decode().replace("CK-MEC-A2", "CK-MEC-A1")
    old = {**files, CHECKLIST: text.encode()}
    (file,) = changed(old, CHECKLIST, ("points: 3,", "points: 2,")).files
    told = [value for change in file.changes for value in change.values]
    assert any("3" in str(value.old) and "2" in str(value.new) for value in told)


# --- nothing is lost ------------------------------------------------------------------------------


def spots(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:  # noqa: ANN401
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from spots(value, (*path, key))
    elif isinstance(data, list):
        for n, value in enumerate(data):
            yield from spots(value, (*path, n))
    else:
        yield path


def put(data: Any, path: tuple[str | int, ...], value: str) -> Any:  # noqa: ANN401
    """Give a copy of what a file holds with one value put in place of another."""
    if not path:
        return value
    if isinstance(data, Mapping):
        return {k: put(v, path[1:], value) if k == path[0] else v for k, v in data.items()}
    return [put(v, path[1:], value) if n == path[0] else v for n, v in enumerate(data)]


def told_of(files: tuple[FileChange, ...]) -> str:
    said = [
        (change.id, change.was, change.moved, [(v.path, v.new) for v in change.values])
        for file in files
        for change in file.changes
    ]
    return repr((said, [(file.id, file.editions) for file in files]))


def whole_handbook() -> dict[str, Document]:
    """Read the handbook of this repository, with a workflow, a table and a calendar."""
    more = {name: text.encode() for name, text in MORE.items()}
    return read_files({**copy(str(ROOT), ROOT).files, **more}, "")


def everything() -> list[tuple[str, tuple[str | int, ...]]]:
    """List places of the handbook; worked cases of schemes are no rules and not compared."""
    documents = whole_handbook()
    found = [(name, spot) for name, file in documents.items() for spot in spots(file.data)]
    found = [(name, spot) for name, spot in found if spot[0] != "worked"]
    return random.Random(4).sample(found, 400)  # noqa: S311 -- the same ones every time


def test_every_value_of_the_handbook_that_changes_is_told() -> None:
    """Whatever single value of the handbook becomes another, the other one is in what is told."""
    documents = whole_handbook()
    lost = []
    for name, spot in everything():
        old = documents[name]
        new = Document(name, put(old.data, spot, "另一个值"))
        found = difference({name: old}, {name: new})
        if "另一个值" not in told_of(found.files):
            lost.append((name, spot))
    assert lost == []


def without(data: Any, path: tuple[str | int, ...]) -> Any:  # noqa: ANN401
    """Give a copy of what a file holds without one of its keys or entries."""
    first, *rest = path
    if isinstance(data, Mapping):
        return {
            k: without(v, tuple(rest)) if k == first else v
            for k, v in data.items()
            if rest or k != first
        }
    return [
        without(v, tuple(rest)) if n == first else v
        for n, v in enumerate(data)
        if rest or n != first
    ]


def test_every_key_and_entry_that_comes_or_goes_is_told() -> None:
    documents = read_files(
        {**copy(str(ROOT), ROOT).files, **{n: t.encode() for n, t in MORE.items()}}, ""
    )
    lost = []
    for name, spot in everything()[:50]:
        for end in range(1, len(spot) + 1):
            whole = documents[name]
            less = Document(name, without(whole.data, spot[:end]))
            for old, new in ((whole, less), (less, whole)):
                found = difference({name: old}, {name: new})
                if not any(file.changes for file in found.files):
                    lost.append((name, spot[:end]))
    assert lost == []
