"""Schemas for editors: fresh, whole, in two languages, and of one mind with the reader."""

import json
import os
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from pydantic import BaseModel, TypeAdapter, ValidationError

from sopaudit.cli.schema import FOLDER, models, schema, schemas
from sopaudit.criteria.field import Day, Flag, Id, Number, Points, Text, Whole, Word
from sopaudit.criteria.schema import DRAFT, json_schema
from sopaudit.criteria.scheme import Scheme, Share
from sopaudit.criteria.words import key_words, scheme_words
from sopaudit.criteria.zone import Zone
from sopaudit.reading.events import read
from sopaudit.reading.shape import validated

ROOT: Final = Path(__file__).parents[2]
HANDBOOKS: Final = ("", "examples/fhrs", "examples/king-county", "examples/repair")
MADE: Final = schemas()
BROUGHT: Final = frozenset({"log", "data"})
"""Mappings that come with what people bring; no handbook keeps one."""

SETTINGS: Final = json.loads((ROOT / ".vscode/settings.json").read_text(encoding="utf-8"))
WRITTEN: Final = {**key_words(), **key_words("sopaudit.evidence")}
"""What stands in the two files of words."""


class Core(yaml.CSafeLoader):
    """Reads YAML as an editor does: by the core schema of YAML 1.2."""


Core.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("null", r"^(?:~|null|Null|NULL|)$", [*"~nN", ""]),
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", [*"tTfF"]),
    ("int", r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", [*"-+0123456789"]),
    (
        "float",
        r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)$",
        [*"-+.0123456789"],
    ),
):
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), first)
Core.add_constructor(
    "tag:yaml.org,2002:int",
    lambda _, node: int(node.value, {"x": 16, "o": 8}.get(node.value[1:2], 10)),
)
Core.add_constructor("tag:yaml.org,2002:float", lambda _, node: float(node.value))


def as_editors_see(text: str) -> Any:  # noqa: ANN401 -- whatever stands in YAML
    return yaml.load(text, Core)  # noqa: S506 -- a safe loader, with fewer guesses


def yaml_files(handbook: str) -> list[str]:
    """List the YAML files of a handbook by their names in it, those of inner handbooks apart."""
    folder = ROOT / handbook
    kept = {"sopaudit.yaml", "mapping.yaml", "sops", "checklists", "audits"}
    found = (path.relative_to(folder) for path in folder.rglob("*.yaml"))
    return sorted(path.as_posix() for path in found if path.parts[0] in kept)


FILES: Final = [(handbook, name) for handbook in HANDBOOKS for name in yaml_files(handbook)]


def schema_of(name: str) -> str:
    """Find the one schema that the editor settings give a file."""
    chosen = [
        place
        for place, patterns in SETTINGS["yaml.schemas"].items()
        if any(_matches(name, pattern) for pattern in patterns if pattern[0] != "!")
        and not any(_matches(name, pattern[1:]) for pattern in patterns if pattern[0] == "!")
    ]
    assert len(chosen) == 1, (name, chosen)
    return Path(chosen[0]).stem


def _matches(name: str, pattern: str) -> bool:
    """Say whether a name fits a pattern; a star stops at a slash."""
    parts, wanted = name.split("/"), pattern.split("/")
    return len(parts) == len(wanted) and all(map(fnmatch, parts, wanted))


def test_there_are_files_of_every_kind() -> None:
    kinds = {schema_of(name) for _, name in FILES}
    assert set(MADE) - BROUGHT <= kinds <= set(MADE) == set(models())


def test_the_page_about_editors_names_every_schema_and_its_files() -> None:
    text = (ROOT / "docs/editors.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\.schema/\w+\.json)` \| `([^`]+)`", text, re.MULTILINE)
    said = {f"./{place}": pattern for place, pattern in rows}
    assert said == {place: patterns[0] for place, patterns in SETTINGS["yaml.schemas"].items()}


@pytest.mark.parametrize("handbook", HANDBOOKS)
def test_the_schemas_of_a_handbook_are_fresh(handbook: str) -> None:
    """`sopaudit schema --handbook …` writes them anew."""
    folder = ROOT / handbook / FOLDER
    assert {path.name for path in folder.iterdir()} == {f"{name}.json" for name in MADE}
    for name, made in MADE.items():
        assert json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) == made, name


@pytest.mark.parametrize(("handbook", "name"), FILES)
def test_the_first_line_of_a_file_points_at_its_schema(handbook: str, name: str) -> None:
    first, *rest = (ROOT / handbook / name).read_text(encoding="utf-8").splitlines()
    place = os.path.relpath(f"{FOLDER}/{schema_of(name)}.json", Path(name).parent)
    assert first == f"# yaml-language-server: $schema={Path(place).as_posix()}"
    assert not any("yaml-language-server" in line for line in rest)


@pytest.mark.parametrize(("handbook", "name"), FILES)
def test_a_good_file_fits_its_schema_as_an_editor_sees_it(handbook: str, name: str) -> None:
    content = as_editors_see((ROOT / handbook / name).read_text(encoding="utf-8"))
    assert list(Draft7Validator(MADE[schema_of(name)]).iter_errors(content)) == []


def test_the_command_writes_one_file_for_each_kind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    schema(output=tmp_path / "made")
    told = capsys.readouterr().out.splitlines()
    assert told == [(tmp_path / "made" / f"{name}.json").as_posix() for name in MADE]
    for name in MADE:
        raw = (tmp_path / "made" / f"{name}.json").read_bytes()
        assert raw == (ROOT / FOLDER / f"{name}.json").read_bytes()
        assert raw.endswith(b"}\n")
        assert b"\r" not in raw


def test_without_a_folder_they_go_where_the_first_lines_point(tmp_path: Path) -> None:
    (tmp_path / "sopaudit.yaml").touch()
    schema(handbook=tmp_path)
    assert {path.stem for path in (tmp_path / FOLDER).iterdir()} == set(MADE)


# --- draft-07 ------------------------------------------------------------------------------------


def parts(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 -- any part of a schema
    """Go through the mappings of a schema."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    for inner in value if isinstance(value, list) else ():
        yield from parts(inner)


@pytest.mark.parametrize("name", MADE)
def test_a_schema_is_one_of_draft_07(name: str) -> None:
    made = MADE[name]
    assert made["$schema"] == DRAFT
    Draft7Validator.check_schema(made)
    named = {key for part in parts(made) for key in part}
    assert not named & {"$defs", "prefixItems", "discriminator", "unevaluatedProperties"}
    refs = {part["$ref"] for part in parts(made) if isinstance(part.get("$ref"), str)}
    assert refs == {f"#/definitions/{key}" for key in made["definitions"]}


@pytest.mark.parametrize("name", MADE)
def test_beside_a_reference_stands_nothing_that_draft_07_would_pass_over(name: str) -> None:
    beside = {"$ref", "title", "description", "markdownDescription", "examples"}
    for part in parts(MADE[name]):
        if isinstance(part.get("$ref"), str):
            assert set(part) <= beside


# --- words ---------------------------------------------------------------------------------------


def inside(model: type[BaseModel]) -> dict[str, set[str]]:
    """List the models a file is made of, with the keys of each."""
    made = json_schema(model, key_words("sopaudit.evidence"))
    found = {name: part for name, part in made["definitions"].items() if name[0].isupper()}
    found[model.__name__] = made
    return {name: set(part["properties"]) for name, part in found.items()}


KEYS: Final = {name: keys for model in models().values() for name, keys in inside(model).items()}


@pytest.mark.parametrize("model", KEYS)
def test_every_key_has_words_in_both_languages(model: str) -> None:
    words = {**WRITTEN["any"], **WRITTEN.get(model, {})}
    words |= scheme_words() if model == "Scheme" else {}
    for key in KEYS[model]:
        zh, en = words[key]["zh"], words[key]["en"]
        assert re.search(r"[\u4e00-\u9fff]", zh), (model, key)
        assert not re.search(r"[\u4e00-\u9fff]", en), (model, key)
        assert zh.endswith("。"), (model, key)
        assert en.endswith("."), (model, key)


@pytest.mark.parametrize("name", MADE)
def test_every_key_of_a_schema_shows_both_languages_chinese_first(name: str) -> None:
    for part in parts(MADE[name]):
        properties = part.get("properties")
        if "additionalProperties" not in part or not isinstance(properties, dict):
            continue
        for key, told in properties.items():
            zh, en = told["description"].split("\n", 1)
            assert re.search(r"[\u4e00-\u9fff]", zh), key
            assert not re.search(r"[\u4e00-\u9fff]", en), key
            assert told["markdownDescription"].startswith(f"{zh}\n\n{en}"), key


def test_no_words_are_left_over() -> None:
    labelled = {model: KEYS[model] | {"*"} for model in ("Item", "WorkedItem")}
    known = {**KEYS, **labelled, "text": {"zh", "en"}}
    apart = {"any", "kinds", "snippets"}
    assert set(WRITTEN) - apart <= set(known)
    for model in set(WRITTEN) - apart:
        assert set(WRITTEN[model]) <= known[model], model
    assert set(WRITTEN["any"]) <= {key for keys in KEYS.values() for key in keys}
    assert set(WRITTEN["snippets"]) <= set(KEYS)
    kinds = {name for made in MADE.values() for name in made["definitions"] if name[0].islower()}
    assert set(WRITTEN["kinds"]) == kinds


def test_what_a_scheme_word_means_is_said_in_one_place() -> None:
    assert not set(WRITTEN["Scheme"]) & set(scheme_words())
    told = MADE["scheme"]["properties"]["roll_up"]["description"]
    assert told == f"{scheme_words()['roll_up']['zh']}\n{scheme_words()['roll_up']['en']}"


def test_words_hold_nothing_that_markdown_would_take_for_more() -> None:
    told = [
        part["markdownDescription"]
        for made in MADE.values()
        for part in parts(made)
        if isinstance(part.get("markdownDescription"), str)
    ]
    assert told
    for text in told:
        plain = re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.DOTALL)
        assert not re.search(r"[*<>|`#]|\]\(|^\s*[-+\d]+[.)]? ", plain, re.MULTILINE), text


def test_snippets_are_entries_with_known_keys() -> None:
    for model, snippet in WRITTEN["snippets"].items():
        assert set(snippet["body"]) <= KEYS[model]
        assert snippet["zh"]
        assert snippet["en"]


def test_examples_are_what_the_key_takes() -> None:
    for made in MADE.values():
        for part in parts(made):
            for value in part["examples"] if isinstance(part.get("examples"), list) else ():
                whole = {**part, "definitions": made["definitions"]}
                assert Draft7Validator(whole).is_valid(value), part


# --- the reader and the schema -------------------------------------------------------------------

KINDS: Final[dict[str, Any]] = {
    "word": Word,
    "id": Id,
    "text": Text,
    "number": Number,
    "points": Points,
    "share": Share,
    "day": Day,
    "whole": Whole,
    "flag": Flag,
    "zone": Zone,
}
TAKEN: Final = {name: TypeAdapter(kind) for name, kind in KINDS.items()}
DEFINED: Final = {key: part for made in MADE.values() for key, part in made["definitions"].items()}
MEANT_OTHERWISE: Final = {"null", "~", "true", "false"}
"""Words with a meaning in YAML 1.2, which an editor may flag where text is meant; we may hint."""

SIGNS: Final = "0123456789.-+/% eE_:xyesnotrufalkipbc~日五"


def typed() -> st.SearchStrategy[str]:
    """Scalars as people type them: numbers, days, words, and what looks like one and is none."""
    digits = st.integers(0, 4000).map(str)
    tails = st.sampled_from(["", ".5", "/3", " / 3", "%", " %", ".", "e3", "-01-02"])
    made = st.tuples(st.sampled_from(["", "+", "-", "0"]), digits, tails).map("".join)
    words = st.sampled_from(
        ["yes", "No", "off", "skip", "2026-11-23", "17:30", "010", "1.10", "85 %", "+08:00", "UTC"]
    )
    return st.one_of(made, words, st.text(SIGNS, min_size=1, max_size=8))


@pytest.mark.parametrize("kind", KINDS)
@given(text=typed())
@example(text="0100")
@example(text="2/3")
@example(text="85 %")
@example(text="2026-11-23")
@example(text="1002")
def test_what_the_reader_takes_no_editor_flags(kind: str, text: str) -> None:
    try:
        TAKEN[kind].validate_python(text.strip())
    except ValidationError:
        return
    if kind == "points" and text.strip().startswith("-"):
        return  # minus zero, which nobody writes
    shown = Draft7Validator(DEFINED[kind])
    assert shown.is_valid(text.strip()), "in quotes"
    try:
        plain = as_editors_see(text)
    except yaml.YAMLError:
        return
    alike = not isinstance(plain, str) or plain == text.strip()
    if alike and not isinstance(plain, dict | list):
        assert shown.is_valid(plain) or text.strip().lower() in MEANT_OTHERWISE, "without quotes"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("word", '""'),
        ("word", "[a]"),
        ("id", "重大"),
        ("id", "a b"),
        ("text", '" "'),
        ("text", "[a]"),
        ("text", "{}"),
        ("text", "{zh: [a]}"),
        ("number", "ten"),
        ("number", "1e"),
        ("number", "10分"),
        ("points", "-1"),
        ("points", "'-1'"),
        ("share", "half"),
        ("day", "2026/1/1"),
        ("day", "2026"),
        ("whole", "1.5"),
        ("whole", "one"),
        ("flag", "maybe"),
        ("flag", "1"),
        ("zone", "8"),
        ("zone", "北京时间"),
        ("zone", '"+8:00"'),
        ("zone", '"+15:00"'),
    ],
)
def test_what_is_plainly_wrong_is_flagged(kind: str, text: str) -> None:
    assert not Draft7Validator(DEFINED[kind]).is_valid(as_editors_see(text))
    with pytest.raises(ValidationError):
        TAKEN[kind].validate_python(as_editors_see(text))


def kind_of(path: Path, content: object) -> str | None:
    """Say which schema a file of the samples has by its place; None where it has none."""
    if path.parent.name == "checklists":
        return "branch" if isinstance(content, dict) and "of" in content else "checklist"
    if path.parent.name == "data":
        return "data"
    if (
        path.name in {"log.yaml", "sopaudit.yaml", "mapping.yaml", "audit.yaml"}
        or path.parent.name == "sops"
    ):
        return path.stem if path.stem in MADE else None
    places = {"posts": "post", "workflows": "workflow", "tables": "table", "schemes": "scheme"}
    return places.get(path.parent.name)


def test_of_all_samples_no_editor_flags_what_the_reader_takes() -> None:
    taken: set[str] = set()
    refused = 0
    for path in sorted((ROOT / "tests").rglob("*.yaml")):
        document = read(path)
        kind = kind_of(path, document.data)
        if kind is None or document.problems:
            continue
        flagged = [
            *Draft7Validator(MADE[kind]).iter_errors(as_editors_see(path.read_text("utf-8")))
        ]
        if validated(document, models()[kind])[0] is None:
            refused += bool(flagged)
            continue
        taken.add(kind)
        assert flagged == [], path
    assert taken == set(MADE)
    assert refused > 10  # what the reader refuses by its shape alone, an editor mostly sees too


@pytest.mark.parametrize("scale", ["1", "100", '"100"'])
def test_a_choice_of_numbers_may_be_quoted_or_not(scale: str) -> None:
    shown = Draft7Validator(MADE["scheme"]["properties"]["scale"])
    assert shown.is_valid(as_editors_see(scale))
    assert not shown.is_valid(10)
    assert not shown.is_valid("10")


@pytest.mark.parametrize(
    "answers",
    [
        "number",
        "{yes: 1, partial: 1/2, no: 0, na: skip}",
        "{cited: 1}",
        "{B: {yes: 1, no: 85 %}, R: rate, N: number, D: {each: 2}}",
    ],
)
def test_answers_of_every_shape_fit(answers: str) -> None:
    shown = Draft7Validator({**MADE["scheme"]["properties"]["answers"], **DEFINITIONS})
    assert shown.is_valid(as_editors_see(answers))
    head = {"id": "x", "edition": "1", "title": "x"}
    assert Scheme.model_validate({**head, "answers": text_of(answers)}).sets


@pytest.mark.parametrize("answers", ["numbr", "[a]", "{yes: one}", "{B: {yes: one}}", "{D: rat}"])
def test_answers_of_no_shape_are_flagged(answers: str) -> None:
    shown = Draft7Validator({**MADE["scheme"]["properties"]["answers"], **DEFINITIONS})
    assert not shown.is_valid(as_editors_see(answers))


DEFINITIONS: Final = {"definitions": MADE["scheme"]["definitions"]}


def text_of(flow: str) -> Any:  # noqa: ANN401 -- whatever stands in YAML
    """Read YAML as we do: scalars are text."""
    return yaml.load(flow, yaml.BaseLoader)  # noqa: S506 -- it makes strings and nothing else


@pytest.mark.parametrize("name", sorted(set(MADE) - {"mapping", *BROUGHT}))
def test_a_key_nobody_knows_is_flagged_where_the_reader_refuses_it(name: str) -> None:
    handbook, file = next((h, f) for h, f in FILES if schema_of(f) == name)
    content = as_editors_see((ROOT / handbook / file).read_text(encoding="utf-8"))
    shown = Draft7Validator(MADE[name])
    assert not shown.is_valid({**content, "colour": "red"})
    for key in MADE[name]["required"]:
        assert not shown.is_valid({k: content[k] for k in content if k != key})


def test_an_item_may_carry_labels_and_they_are_told() -> None:
    labels = MADE["checklist"]["definitions"]["Item"]["additionalProperties"]
    assert labels["description"].startswith("标签")
    shown = Draft7Validator({**MADE["checklist"]["definitions"]["Item"], **DEFINITIONS_OF_ITEMS})
    item = {"id": "A", "question": "甲？"}
    assert shown.is_valid({**item, "color": "red", "room": 4})
    assert not shown.is_valid({**item, "color": ["red"]})


DEFINITIONS_OF_ITEMS: Final = {"definitions": MADE["checklist"]["definitions"]}
