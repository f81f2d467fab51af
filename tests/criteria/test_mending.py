"""What is wrong in a file gives way, so that the rest can be looked at."""

import pytest

from sopaudit.criteria.checklist import Checklist
from sopaudit.criteria.mending import STAND_IN, mended
from sopaudit.criteria.sop import Sop
from sopaudit.reading.events import read_bytes

HEAD = "id: CK\nedition: '1'\ntitle: 检查表\nscheme: s\n"


def checklist(more: str) -> Checklist | None:
    return mended(read_bytes((HEAD + more).encode(), "f.yaml"), Checklist)


@pytest.mark.parametrize(
    "wrong",
    [
        "colour: {}, severity: serious",
        "points: 五, weight: ''",
        "points: -1, na_allowed: maybe",
        "method: O, values: [a, b]",
        "points_since: [{date: 2026-13-01}]",
        "points_since: yesterday",
        "sample: [a]",
    ],
)
def test_wrong_values_leave_the_rest_as_it_was(wrong: str) -> None:
    found = checklist(f"items:\n  - {{id: A, question: 好吗？, standards: [X-1], {wrong}}}")
    assert found is not None
    assert found.items[0].id == "A"
    assert found.items[0].standards == ("X-1",)


def test_entries_keep_their_number_so_that_places_stay_right() -> None:
    found = checklist("items:\n  - 好吗？\n  - {id: B, question: 好吗？}\n  - {}\n")
    assert found is not None
    assert [item.id for item in found.items] == [STAND_IN, "B", STAND_IN]


def test_a_whole_part_that_is_wrong_is_not_made_up() -> None:
    assert checklist("items: none") is None
    assert checklist("items: []") is None
    assert checklist("items: [{id: A, question: 好吗？}]\nsections: A") is None
    assert checklist("items: [{id: A, question: 好吗？}]\nsektions: [{id: A}]") is None


def test_a_file_that_cannot_be_read_is_not_made_up() -> None:
    assert mended(read_bytes(b"a: [", "f.yaml"), Checklist) is None


def test_steps_without_anything_are_made_do_with() -> None:
    yaml = "id: P\nedition: '1'\ntitle: 岗位\npurpose: 做事\nsteps: [{}, {standards: []}, 接听]\n"
    found = mended(read_bytes(yaml.encode(), "f.yaml"), Sop)
    assert found is not None
    assert len(found.steps) == 3


def test_the_document_stays_as_it_was() -> None:
    document = read_bytes((HEAD + "items: [{id: A, question: 好吗？, points: 五}]").encode(), "f")
    before = document.digest
    assert mended(document, Checklist) is not None
    assert document.digest == before
