"""What a change touches: items until they are reviewed, and whoever names what changed."""

from pathlib import Path

import pytest

from sopaudit.criteria.change.difference import difference, read_files
from sopaudit.criteria.change.model import Difference
from sopaudit.reading.copy import copy

TINY = Path(__file__).parents[2] / "handbooks" / "tiny"
POST, CHECKLIST, RULES, FLOW = (
    "sops/posts/mec.yaml",
    "checklists/mec.yaml",
    "sops/rules.yaml",
    "sops/workflows/f1.yaml",
)
LIMIT = ("below 1 mm", "below 2 mm")
EDITION = ('edition: "2026.1"', 'edition: "2026.2"')
FLOW_TEXT = """id: F1
edition: "2026.1"
title: 维修
lanes: [{id: MEC, post: MEC}]
nodes:
  - {id: F1.1, kind: start, lane: MEC, title: 来店, standards: [MEC-01], forms: [slip], next: F1.2}
  - {id: F1.2, kind: end, lane: MEC, title: 取车, events: [gone]}
"""
Edits = dict[str, tuple[tuple[str, str], ...]]


def handbook() -> dict[str, bytes]:
    """Give the tiny handbook with one workflow of our own instead of those it has."""
    files = copy(str(TINY), TINY).files
    others = {name: raw for name, raw in files.items() if "/workflows/" not in name}
    return {**others, FLOW: FLOW_TEXT.encode()}


def differing(edits: Edits, first: Edits | None = None) -> Difference:
    """Change the tiny handbook, which has a workflow; `first` holds also for the old edition."""
    old = edited(handbook(), first or {})
    return difference(read_files(old, ""), read_files(edited(old, edits), ""))


def edited(files: dict[str, bytes], edits: Edits) -> dict[str, bytes]:
    found = dict(files)
    for name, pairs in edits.items():
        text = found[name].decode()
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new, 1)
        found[name] = text.encode()
    return found


def suspects(found: Difference) -> list[tuple[str, tuple[str, ...]]]:
    return [(suspect.item, suspect.because) for suspect in found.suspects]


def test_an_item_is_suspect_where_its_standard_changed() -> None:
    found = differing({POST: (LIMIT, EDITION)})
    assert suspects(found) == [("CK-MEC-A2", ("MEC-01-2",))]
    assert found.suspects[0].review == (("MEC", "2026.2"),)
    assert found.suspects[0].unmarked == ()


def test_an_item_is_suspect_where_its_rule_changed() -> None:
    passes = ("passes:", "tolerance: 5 %\n    passes:")
    found = differing({RULES: (passes, EDITION)})
    assert suspects(found) == [("CK-MEC-A1", ("AC-01",))]
    assert found.suspects[0].review == (("rules", "2026.2"),)


@pytest.mark.parametrize(
    "harmless",
    [
        ("limit: {zh: 厚度", "provenance: H\n        limit: {zh: 厚度"),
        ("checks: [AC-01]\n", "provenance: H\n"),
    ],
)
def test_how_a_standard_is_filed_makes_nothing_suspect(harmless: tuple[str, str]) -> None:
    assert suspects(differing({POST: (harmless, EDITION)})) == []


def test_whoever_names_the_new_edition_has_reviewed_the_items() -> None:
    said = ("post: MEC\n", 'post: MEC\nreviewed: {MEC: "2026.2"}\n')
    assert suspects(differing({POST: (LIMIT, EDITION), CHECKLIST: (said,)})) == []
    # Said before the change, of the edition that was then the newest, it says nothing of this one.
    early = ("post: MEC\n", 'post: MEC\nreviewed: {MEC: "2026.1"}\n')
    found = differing({POST: (LIMIT, EDITION)}, {CHECKLIST: (early,)})
    assert suspects(found) == [("CK-MEC-A2", ("MEC-01-2",))]


def test_a_new_edition_of_the_checklist_alone_is_no_review() -> None:
    found = differing({POST: (LIMIT, EDITION), CHECKLIST: (EDITION,)})
    assert suspects(found) == [("CK-MEC-A2", ("MEC-01-2",))]


def test_a_sheet_that_changed_under_its_old_edition_cannot_be_reviewed() -> None:
    said = ("post: MEC\n", 'post: MEC\nreviewed: {MEC: "2026.1"}\n')
    found = differing({POST: (LIMIT,)}, {CHECKLIST: (said,)})
    assert suspects(found) == [("CK-MEC-A2", ("MEC-01-2",))]
    assert (found.suspects[0].review, found.suspects[0].unmarked) == ((), (POST,))


def test_an_item_that_is_new_was_written_for_the_new_wording() -> None:
    line = "  - {id: CK-MEC-A9, section: A, question: 新的, points: 0, standards: [MEC-01-2]}\n"
    new = ("  - {id: CK-MEC-B1", line + "  - {id: CK-MEC-B1")
    found = differing({POST: (LIMIT, EDITION), CHECKLIST: (new,)})
    assert suspects(found) == [("CK-MEC-A2", ("MEC-01-2",))]


def touched(found: Difference) -> dict[str, list[str]]:
    return {touch.id: [id_ for _, id_, _ in touch.by] for touch in found.touched}


def test_a_changed_standard_touches_its_items_and_the_boxes_that_name_its_step() -> None:
    assert touched(differing({POST: (LIMIT,)})) == {"MEC-01-2": ["CK-MEC-A2", "F1.1"]}


def test_a_changed_rule_touches_standards_and_items() -> None:
    found = differing({RULES: (("title:", "data: [calls]\n    title:"),)})
    assert touched(found) == {"AC-01": ["MEC-01-1", "CK-MEC-A1"]}


def test_what_was_retired_is_told_with_those_who_still_name_it() -> None:
    files = handbook()
    less = {name: raw for name, raw in files.items() if name != POST}
    found = difference(read_files(files, ""), read_files(less, ""))
    assert touched(found)["MEC"] == ["1001", "MEC", "CK-MEC"]
    assert touched(found)["MEC-01-1"] == ["CK-MEC-A1", "F1.1"]


def test_what_a_rule_gives_its_kind_may_name_a_form() -> None:
    forms = "sops/forms.yaml"
    text = 'edition: "1"\nforms:\n  - {id: slip, title: 单, fields: [{id: a, title: 甲}]}\n'
    files = {**copy(str(TINY), TINY).files, forms: text.encode()}
    rules = files[RULES].decode().rstrip() + "\n    with: {form: slip}\n"
    old = {**files, RULES: rules.encode()}
    new = {**old, forms: text.replace("title: 单", "title: 票").encode()}
    found = difference(read_files(old, ""), read_files(new, ""))
    assert touched(found) == {"slip": ["AC-01"]}


def test_a_new_edition_with_nothing_else_touches_nobody() -> None:
    assert differing({POST: (EDITION,)}).touched == ()


@pytest.mark.parametrize(
    ("edit", "left"),
    [
        (("standards: [MEC-01-2]", "standards: []"), [("MEC-01-2", ("CK-MEC-A2",))]),
        (("standards: [MEC-01-1]", "standards: [MEC-01-1, MEC-01-2]"), []),
        (("standards: [MEC-01-2]", "standards: [MEC-01-1]"), [("MEC-01-2", ("CK-MEC-A2",))]),
    ],
)
def test_a_standard_that_loses_its_last_item_is_told(
    edit: tuple[str, str], left: list[tuple[str, tuple[str, ...]]]
) -> None:
    found = differing({CHECKLIST: (edit,)})
    assert [(one.standard, one.by) for one in found.unchecked] == left


def test_a_standard_that_goes_with_its_item_is_not_missed() -> None:
    back = differing({}, {CHECKLIST: (("standards: [MEC-01-2]", "standards: []"),)})
    assert back.unchecked == ()
