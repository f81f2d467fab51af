"""YAML is read without guessing, and every value knows where it stands."""

import string
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, example, given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from sopaudit.problems import Place
from sopaudit.reading.document import DEPTH_LIMIT, Document, Map, Seq, digest
from sopaudit.reading.events import read, read_bytes
from sopaudit.reading.shape import validated
from sopaudit.reading.suspicion import suspicious

WORDS = st.text(
    string.ascii_letters + "中文：，—é😀 #'\"-:{}[]&*!%@`|>~?,", min_size=1, max_size=12
)
DATA = st.recursive(
    WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=20,
)
HOLDERS = st.dictionaries(WORDS, DATA, min_size=1, max_size=4)


def of(text: str) -> Document:
    return read_bytes(text.encode(), "f.yaml")


def told(text: str | bytes) -> list[tuple[str, str]]:
    raw = text.encode() if isinstance(text, str) else text
    return [(str(p.place), p.code) for p in read_bytes(raw, "f.yaml").problems]


@pytest.mark.parametrize(
    "typed",
    ["no", "Yes", "on", "null", "~", "17:30", "010", "1.10", "1e3", "0x1F", "2026-10-01", "1_000"],
)
def test_what_was_typed_is_what_is_read(typed: str) -> None:
    assert of(f"{typed}: {typed}\n").data == {typed: typed}


def test_an_answer_called_no_is_not_false() -> None:
    assert of("answers: {yes: 1, no: 0, on: skip}").data == {
        "answers": {"yes": "1", "no": "0", "on": "skip"}
    }


def test_quoted_and_folded_texts_are_read_as_yaml_means_them() -> None:
    text = "a: \"x\\ny\"\nb: 'it''s'\nc: |\n  one\n  two\nd: >-\n  one\n  two\n"
    assert of(text).data == {"a": "x\ny", "b": "it's", "c": "one\ntwo\n", "d": "one two"}


def spots(data: Any, loc: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], str]]:  # noqa: ANN401
    """List all texts with their places, keys as well."""
    if isinstance(data, Map):
        return [s for key, value in data.items() for s in spots(value, (*loc, key))]
    if isinstance(data, Seq):
        return [s for n, value in enumerate(data) for s in spots(value, (*loc, n))]
    return [(loc, data)]


def stands_at(text: str, place: Place, value: str) -> bool:
    """Say whether `value` begins at a place of `text`, plainly or in quotes."""
    lines = text.split("\n")
    rest = "\n".join([lines[place.line - 1][place.column - 1 :], *lines[place.line :]])
    if rest[:1] not in {"'", '"'}:
        return rest.startswith(value)
    scalars = (e for e in yaml.parse(rest) if isinstance(e, yaml.ScalarEvent))
    return bool(next(scalars).value == value)


@given(data=HOLDERS, flow=st.booleans())
def test_what_was_written_is_read_back_and_every_place_points_at_its_value(
    data: dict[str, Any],
    flow: bool,  # noqa: FBT001 -- hypothesis passes by name
) -> None:
    text = yaml.safe_dump(data, default_flow_style=flow, allow_unicode=True, width=10**6)
    # Such as `[电话，工单]`, which is told whoever wrote it.
    assume(not suspicious(text))
    document = of(text)
    assert document.problems == ()
    assert document.data == data
    for loc, value in spots(document.data):
        if isinstance(value, str):
            assert stands_at(text, document.place(loc), value)
        if isinstance(loc[-1], str):
            assert stands_at(text, document.place(loc, key=True), loc[-1])


def test_places_count_characters_and_not_bytes() -> None:
    document = of("标题: {中文: 😀, en: x}\n列表:\n  - 甲\n  - 乙\n")
    assert str(document.place(("标题", "en"))) == "f.yaml:1:17"
    assert str(document.place(("标题", "en"), key=True)) == "f.yaml:1:13"
    assert str(document.place(("列表", 1))) == "f.yaml:4:5"


def test_the_place_of_what_is_not_there_is_that_of_what_should_hold_it() -> None:
    document = of("steps:\n  - id: A\n")
    assert str(document.place(("steps", 0, "title"))) == "f.yaml:2:5"
    assert str(document.place(("steps", 7))) == "f.yaml:2:3"
    assert str(document.place(("branch of a union", "steps", 0, "id"))) == "f.yaml:2:9"


def test_the_digest_is_of_the_content_alone() -> None:
    text = "id: A\ntitle: {zh: 甲, en: a}\n"
    first = of(text).digest
    assert first.startswith("sha256:")
    assert first == of(text.replace("\n", "\r\n")).digest
    assert first == read_bytes(b"\xef\xbb\xbf" + text.encode(), "other.yaml").digest
    assert first == of("# why\ntitle:\n  en: 'a'\n  zh: 甲   # so\n\nid: A").digest


@given(one=DATA, other=DATA)
def test_the_digest_differs_where_the_content_does(one: object, other: object) -> None:
    assert (digest(one) == digest(other)) == (one == other)


def test_a_missing_file_is_a_problem_and_no_exception(tmp_path: Path) -> None:
    assert [p.code for p in read(tmp_path / "none.yaml").problems] == ["Y001"]
    assert [p.code for p in read(tmp_path).problems] == ["Y060"]


def test_a_file_is_shown_as_it_was_named(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"")
    assert read(tmp_path / "a.yaml").problems[0].place.path == (tmp_path / "a.yaml").as_posix()
    assert read(tmp_path / "a.yaml", "a.yaml").problems[0].place.path == "a.yaml"


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("a:\n\tb: 1\n\tc: 2\n", "2:1", "Y003"),
        ("全角: 　\na: \x07\n", "2:4", "Y004"),
        ("a: \ufffe\n", "1:4", "Y004"),
        ("a: b\nc: d: e\n", "2:5", "Y040"),
        ("a: @x\n", "1:4", "Y036"),
        ("a: [b, c\nd: e\n", "1:4", "Y006"),
        ("a: b\nc: [d\n", "2:4", "Y006"),
        ("a: 'b\nc: d\n", "1:4", "Y006"),
        ("a: [b, {c: d", "1:8", "Y006"),
        ("a: b\nc\nd: e\n", "2:1", "Y005"),
        ("", "1:1", "Y007"),
        ("# nothing\n", "1:1", "Y007"),
        ("---\n", "1:1", "Y007"),
        ("中: 文\na: *重要 b\n", "2:4", "Y008"),
        ("a: * b\n", "1:4", "Y008"),
        ("a: *b\n", "1:4", "Y008"),
        ("a: &b c\n", "1:4", "Y035"),
        ("a: !重要 b\n", "1:4", "Y009"),
        ("a: ! b\n", "1:4", "Y009"),
        ("a: !!int 3\n", "1:4", "Y048"),
        ("a: b\n---\nc: d\n", "2:1", "Y010"),
        ("a: {{ org.name }}\n", "1:4", "Y032"),
        ("? [a]\n: b\n", "1:3", "Y012"),
        ("a: 1\nb: 2\na: 3\n", "3:1", "Y013"),
    ],
)
def test_what_is_written_wrongly_is_told_at_its_place(text: str, place: str, code: str) -> None:
    places = [at for at, found in told(text) if found == code]
    assert places[0] == f"f.yaml:{place}"
    assert {found for _, found in told(text)} == {code}


def test_every_tab_of_a_file_is_told_at_once() -> None:
    assert told("a:\n\tb: 1\n\tc: 2\n") == [("f.yaml:2:1", "Y003"), ("f.yaml:3:1", "Y003")]


def test_a_tab_inside_a_text_is_no_problem() -> None:
    assert of("a: b\tc\n").data == {"a": "b\tc"}


def test_the_first_of_two_equal_keys_is_kept_and_the_second_told() -> None:
    document = of("a: 1\na: [2, {b: 3}]\nc: 4\n")
    assert document.data == {"a": "1", "c": "4"}
    assert [(str(p.place), p.values) for p in document.problems] == [
        ("f.yaml:2:1", {"name": "a", "first": "1"})
    ]


@pytest.mark.parametrize("encoding", ["gb18030", "gbk"])
def test_a_file_saved_in_a_chinese_encoding_is_told_at_its_first_strange_byte(
    encoding: str,
) -> None:
    assert told("id: A\ntitle: 热线\n".encode(encoding)) == [("f.yaml:2:8", "Y002")]


def test_the_place_of_a_strange_byte_counts_characters() -> None:
    assert told("\ufeff标题: 甲".encode() + b"\xff") == [("f.yaml:1:6", "Y015")]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_a_hostile_depth_is_told_and_does_not_exhaust_the_interpreter(opening: str) -> None:
    assert [code for _, code in told(opening * 50_000)] == ["Y011"]


def test_a_handbook_may_nest_as_deep_as_the_limit() -> None:
    assert told("[" * DEPTH_LIMIT + "x" + "]" * DEPTH_LIMIT) == []
    assert told("[" * (DEPTH_LIMIT + 1) + "x" + "]" * (DEPTH_LIMIT + 1)) != []


def test_an_alias_bomb_does_not_multiply() -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 40)]
    assert told("\n".join(lines)) == [("f.yaml:1:5", "Y035")]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_told(raw: bytes) -> None:
    document = read_bytes(raw, "f.yaml")
    assert document.data is not None or document.problems
    assert all(p.text(lang) for p in document.problems for lang in ("zh", "en"))


@given(st.text("ab:-[]{}&*!|>'\"#%@,? \n\t中", max_size=40))
@example("[")
@example("[?")
@example("a: [b, {c: d")
@example("a: b\nc")
def test_any_text_is_read_or_told(text: str) -> None:
    document = of(text)
    assert document.data is not None or document.problems
    ends = len(text.split("\n"))
    assert all(1 <= p.place.line <= ends for p in document.problems)
    assert all(p.text(lang) for p in document.problems for lang in ("zh", "en"))


class Part(BaseModel):
    """An entry of a list."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(min_length=1)
    from_: str | None = Field(default=None, alias="from")


class Whole(BaseModel):
    """A file."""

    model_config = ConfigDict(extra="forbid")

    parts: tuple[Part, ...] = Field(min_length=1)
    note: str = ""


def mistakes(text: str) -> list[tuple[str, str, str]]:
    problems = validated(of(text), Whole)[1]
    return [(str(p.place), p.code, p.values.get("choices", "")) for p in problems]


def test_a_file_that_fits_is_a_model() -> None:
    model, problems = validated(of("parts: [{id: A, from: x}]"), Whole)
    assert problems == []
    assert model is not None
    assert model.parts[0].from_ == "x"


def test_all_mistakes_are_told_at_once_each_at_its_place() -> None:
    assert mistakes("nota: x\nparts:\n  - {id: A}\n  - {fron: x}\n  - {id: ''}\n  - B\n") == [
        ("f.yaml:4:5", "S002", ""),
        ("f.yaml:4:6", "S001", "from"),
        ("f.yaml:5:10", "S004", ""),
        ("f.yaml:6:5", "S010", ""),
        ("f.yaml:1:1", "S001", "note"),
    ]


def test_a_list_is_not_called_too_short_because_its_entries_are_wrong() -> None:
    assert mistakes("parts: [B]") == [("f.yaml:1:9", "S010", "")]
    assert mistakes("parts: []") == [("f.yaml:1:8", "S014", "")]


def test_a_file_of_one_word_is_no_mapping() -> None:
    assert mistakes("hello") == [("f.yaml:1:1", "S010", "")]
    assert mistakes("[]") == [("f.yaml:1:1", "S010", "")]
