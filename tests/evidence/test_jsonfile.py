"""JSON with places: what is read, where it stands, and what is refused."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopaudit.evidence.jsonfile import read_json, read_json_bytes, without
from sopaudit.reading.document import Loc

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="utf-8")),
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)


def as_read(value: Json) -> Json:
    """Say how a value comes back: numbers as they were written, keys with null not at all."""
    if isinstance(value, dict):
        return {key: as_read(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [as_read(inner) for inner in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return json.dumps(value)
    return value


def leaves(value: list[Json] | dict[str, Json], loc: Loc = ()) -> Iterator[tuple[Loc, Json]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in pairs:
        if inner is None and isinstance(value, dict):
            continue
        if isinstance(inner, dict | list) and inner:
            yield from leaves(inner, (*loc, key))
        else:
            yield (*loc, key), inner


@given(values, st.sampled_from([None, 1, "\t"]), st.sampled_from(["ascii", ""]))
def test_what_was_written_is_read_and_stands_where_it_is_said_to(
    value: Json, indent: int | str | None, ascii_only: str
) -> None:
    text = json.dumps({"a": value}, indent=indent, ensure_ascii=bool(ascii_only))
    document = read_json_bytes(text.encode(), "x.json")
    assert document.problems == ()
    assert document.data == as_read({"a": value})
    lines = text.split("\n")
    for loc, leaf in leaves({"a": value}):
        place = document.place(loc)
        written = json.dumps(leaf, ensure_ascii=bool(ascii_only))
        assert lines[place.line - 1][place.column - 1 :].startswith(written[:1])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "1:1 Y007"),
        (" \n", "1:1 Y007"),
        ('{"a": 1,\n "b": 2,\n "a": 3}', "3:2 Y013"),
        ('{"a": null,\n "a": 3}', "2:2 Y013"),
        ('{"a": 3,\n "a": null}', "2:2 Y013"),
        ('{"a": {"b": [1, 2}}', "1:18 A001"),
        ('{"a": 1,}', "1:9 A001"),
        ('{"a" 1}', "1:6 A001"),
        ("{'a': 1}", "1:2 A001"),
        ('{"a": 01}', "1:7 A001"),
        ('{"a": NaN}', "1:7 A001"),
        ('{"a": 1.}', "1:7 A001"),
        ('{"a": nullx}', "1:7 A001"),
        ('{"a": "x\ny"}', "1:7 A001"),
        ('{"a": "\\ud800"}', "1:7 A001"),
        ('{"a": 1} {', "1:10 A001"),
        ("null", "1:1 A001"),
        ('"text"', "1:1 A001"),
        ('{"a": 1', "1:8 A002"),
        ('{"a":\n', "2:1 A002"),
        ("[" * 61 + "]" * 61, "1:61 Y011"),
        ("[" * 200_000, "1:61 Y011"),
    ],
)
def test_what_is_no_json_is_told_at_its_place(text: str, expected: str) -> None:
    document = read_json_bytes(text.encode(), "x.json")
    (problem,) = document.problems
    assert f"{problem.place.line}:{problem.place.column} {problem.code}" == expected
    assert problem.text("zh") != problem.text("en")


def test_the_first_of_two_equal_keys_stands() -> None:
    document = read_json_bytes(b'{"a": 1, "a": {"b": [2]}, "c": 3}', "x.json")
    assert document.data == {"a": "1", "c": "3"}


def test_a_file_that_is_missing_or_not_utf8_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    assert [p.code for p in read_json(path).problems] == ["Y001"]
    path.write_bytes('{"a":\n "符"}'.encode("gbk"))
    (problem,) = read_json(path, "x.json").problems
    assert (str(problem.place), problem.code) == ("x.json:2:3", "Y002")


def test_a_byte_order_mark_is_no_part_of_it() -> None:
    assert read_json_bytes(b"\xef\xbb\xbf[1]", "x.json").data == ["1"]


def test_entries_are_taken_out_and_the_others_keep_their_places() -> None:
    document = read_json_bytes(b'{"a": [\n 1,\n 2,\n 3], "b": [4]}', "x.json")
    rest = without(document, [("a", 0), ("b", 0), ("a", 1)])
    assert rest.data == {"a": ["3"], "b": []}
    assert rest.place(("a", 0)).line == 4
    assert document.data == {"a": ["1", "2", "3"], "b": ["4"]}
