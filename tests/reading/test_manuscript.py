"""YAML as we write it: read back the same, and as people write it."""

from typing import Any, Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sopaudit.reading.document import Loc
from sopaudit.reading.events import read_bytes
from sopaudit.reading.manuscript import manuscript, scalar

SIGNS: Final = "ab Zy09是否（）：，、“”<>&\"'#%-{}[]?!:*\n\\é…|@`~=。；\u00a0\u2028"
WORD: Final = (
    st.text(st.sampled_from(SIGNS), max_size=12)
    | st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
).map(str.strip)


@given(WORD, WORD)
@example("", "a:0")
def test_any_text_in_any_place_reads_back_as_it_was(one: str, other: str) -> None:
    data: dict[str, Any] = {
        "text": one,
        "short": [one, other],
        "map": {"zh": one, f"{other}.": one},
        "parts": [{"first": one, "second": {"third": other}}, other],
        "nothing": {},
        "none": [],
    }
    written = manuscript(data, {("text",): "a remark"}, apart=("parts",))
    found = read_bytes(written.encode(), "x.yaml")
    assert (found.data, found.problems) == (data, ())


@pytest.mark.parametrize(
    "text",
    ["F2.7", "H*", "有备件？", "Part in stock?", "2 working days", "2026-01-01", "A-1"],
)
def test_what_people_leave_bare_is_left_bare(text: str) -> None:
    assert scalar(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "2026.1",
        "010",
        "1e5",
        "true",
        "null",
        "on",
        "yes",
        "No",
        "~",
        "",
        "a: b",
        "a #b",
        "- a",
        "'a'",
        "*",
    ],
)
def test_what_a_reader_may_take_for_something_else_is_quoted(text: str) -> None:
    assert scalar(text) == f'"{text}"'


def test_a_flag_is_written_as_people_write_it() -> None:
    assert manuscript({"optional": True}, {}, apart=()) == "optional: yes\n"


def test_keys_lists_and_remarks_look_as_in_a_handbook() -> None:
    data = {
        "id": "F9",
        "nodes": [
            {"id": "F9.1", "title": {"zh": "开始"}, "forms": ["a", "b"]},
            {"id": "F9.2", "choices": [{"label": "是", "to": "F9.1"}]},
        ],
    }
    remarks: dict[Loc, str] = {("nodes", 0, "id"): "startEvent came"}
    assert manuscript(data, remarks, apart=("nodes",)) == (
        "id: F9\n"
        "\n"
        "nodes:\n"
        "  - id: F9.1  # startEvent came\n"
        "    title:\n"
        "      zh: 开始\n"
        "    forms: [a, b]\n"
        "\n"
        "  - id: F9.2\n"
        "    choices:\n"
        "      - label: 是\n"
        "        to: F9.1\n"
    )


def test_a_long_list_stands_one_below_the_other() -> None:
    words = [f"word-{n:03}" for n in range(20)]
    assert manuscript({"events": words}, {}, apart=()).startswith(
        "events:\n  - word-000\n  - word-001"
    )
