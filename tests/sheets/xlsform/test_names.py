"""Ids of items as names of questions, and back."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sopaudit.sheets.xlsform.names import bare, choice, code, decoded
from sopaudit.sheets.xlsform.submission import named

IDS = st.text(st.sampled_from("AaZz09-_.ef5处 é") | st.characters(codec="utf-8"), max_size=12)


@settings(max_examples=50)
@given(IDS)
def test_an_id_comes_back_from_its_name(text: str) -> None:
    assert decoded(code(text)) == text


@settings(max_examples=50)
@given(IDS, IDS)
def test_two_ids_never_share_a_name(one: str, other: str) -> None:
    assert (code(one) == code(other)) == (one == other)
    assert (choice(one) == choice(other)) == (one == other)


@settings(max_examples=50)
@given(IDS.filter(bool))
def test_a_name_is_one_that_forms_and_servers_take(text: str) -> None:
    name = f"note_{code(text)}"
    assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name)
    assert not re.search(r"\s", choice(text))
    for sign in "/-.:":
        assert bare(sign.join(("list_A", "section_B", name))) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [("CK-HTL-B2", "CK_HTL_B2"), ("0100", "0100"), ("a_b.c", "aZ5f_bZ2e_c"), ("Z", "Z5a_")],
)
def test_usual_ids_stay_readable(text: str, name: str) -> None:
    assert code(text) == name


@pytest.mark.parametrize("name", ["Z", "Zx_", "a-b", "Z5f", "é"])
def test_what_is_no_name_of_an_item_is_not_taken_for_one(name: str) -> None:
    with pytest.raises(ValueError, match=re.escape(name)):
        decoded(name)


def test_a_column_is_known_whichever_sign_parts_its_groups() -> None:
    known = frozenset({"note_A", "note_A_note_A"})
    assert named("g/h/note_A", known) == "note_A"
    assert named("g_h_note_A", known) == "note_A"
    assert named("g|note_A_note_A", known) == "note_A_note_A"
    assert named("footnote_A", known) == ""
    assert named("note_A_URL", known) == ""
