"""Whole handbooks: one where all is well, one with many ordinary mistakes."""

import random
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.memory import Memory

from sopaudit.criteria.handbook import load_handbook
from sopaudit.problems import LANGUAGES, Problem
from sopaudit.reading.document import Map, Seq
from sopaudit.reading.events import read_bytes

HERE = Path(__file__).parent
HANDBOOKS = HERE / "handbooks"
TINY = HANDBOOKS / "tiny"
BAD = HANDBOOKS / "bad"
REGISTERS = HANDBOOKS / "registers"
"""What may be laid over the tiny handbook: forms, records, codes, tables, calendar, glossary."""

TINY_FILES = sorted(path.relative_to(TINY).as_posix() for path in TINY.rglob("*.yaml"))
REGISTER_FILES = sorted(p.relative_to(REGISTERS).as_posix() for p in REGISTERS.rglob("*.yaml"))
FILES = [(TINY, name) for name in TINY_FILES] + [(REGISTERS, name) for name in REGISTER_FILES]
Loc = tuple[str | int, ...]

WRONG: tuple[Any, ...] = ("", {}, [[]])
"""What no key of the tiny handbook may hold, each in its own way."""

ODD: tuple[Any, ...] = (["?"], {"?": {"?": []}})
"""What some keys may hold, and others then miss."""


def problems_in(folder: Path) -> list[Problem]:
    return load_handbook(folder, shown="")[1]


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    shutil.copytree(TINY, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Memory]:
    """Lay the registers over the tiny handbook."""
    folder = tmp_path_factory.mktemp("laid")
    for source in (TINY, REGISTERS):
        shutil.copytree(source, folder, dirs_exist_ok=True)
    return folder, Memory({name: (source / name).read_bytes() for source, name in FILES})


@pytest.fixture
def laid(kept: tuple[Path, Memory], monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the tiny handbook with registers, to change files of; afterwards it is whole again."""
    folder, memory = kept
    memory.serve(monkeypatch)
    yield folder
    for name, raw in memory.raw.items():
        if (folder / name).read_bytes() != raw:
            (folder / name).write_bytes(raw)


def test_the_tiny_handbook_loads_without_problems_also_with_registers(tiny: Path) -> None:
    shutil.copytree(REGISTERS, tiny, dirs_exist_ok=True)
    assert load_handbook(tiny, strict=True)[1] == []


def test_the_tiny_handbook_loads_without_problems() -> None:
    handbook, problems = load_handbook(TINY, strict=True)
    assert problems == []
    assert handbook is not None
    assert list(handbook.posts) == ["MEC"]
    assert list(handbook.standards) == ["MEC-01-1", "MEC-01-2"]
    assert [len(c.items) for c in handbook.checklists.values()] == [3]
    assert [p.id for p in handbook.roster] == ["1001", "9001"]
    named = {"MEC", "BILL", "FIX", "CK-MEC", "CK-BRANCH", "shop", "whole"}
    assert set(handbook.digests) == {*named, "sopaudit", "rules", "events"}


@pytest.mark.parametrize("folder", ["", "examples/fhrs", "examples/king-county", "examples/repair"])
def test_the_handbooks_of_this_repository_load_without_problems(folder: str) -> None:
    handbook, problems = load_handbook(HERE.parent / folder, strict=True)
    assert problems == []
    assert handbook is not None


def test_every_scored_post_is_held_and_nobody_rings_their_own_customers() -> None:
    """Chongqing and Hangzhou have all nine as Chengdu does; several of them share a person."""
    handbook, _ = load_handbook(HERE.parent)
    assert handbook is not None
    scored = {checklist.post for checklist in handbook.checklists.values()}
    for office in handbook.offices:
        people = handbook.people(office, date(2026, 11, 6))
        assert {post for person in people for post in person.posts} == scored
        callers = [{*person.posts} for person in people if "CBS" in person.posts]
        assert callers
        assert not any(posts & {"OSE", "INS", "RCP"} for posts in callers)
    assert all(person.office for person in handbook.roster if person.posts)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_planted_mistake_is_told_in_file_order(
    lang: str, golden: Callable[[Path, str], None]
) -> None:
    handbook, problems = load_handbook(BAD, shown="")
    assert handbook is None
    text = "".join(problem.text(lang) + "\n" for problem in problems)
    golden(HANDBOOKS / f"bad.expected.{lang}.txt", text)


def test_problems_stand_in_the_order_of_files_and_lines() -> None:
    places = [problem.place for problem in problems_in(BAD)]
    assert places == sorted(places)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_in_which_a_disk_lists_files_changes_nothing(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shuffle = random.Random(seed).shuffle  # noqa: S311 -- no secret, but repeatable
    files = [path.relative_to(BAD) for path in BAD.rglob("*") if path.is_file()]
    shuffle(files)
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(BAD / name, tmp_path / name)

    def shuffled(find: Callable[..., Iterator[Path]]) -> Callable[..., Iterator[Path]]:
        def listed(self: Path, pattern: str) -> Iterator[Path]:
            found = list(find(self, pattern))
            shuffle(found)
            return iter(found)

        return listed

    monkeypatch.setattr(Path, "glob", shuffled(Path.glob))
    monkeypatch.setattr(Path, "rglob", shuffled(Path.rglob))
    assert problems_in(tmp_path) == problems_in(BAD)


def locs(data: Any, loc: Loc = ()) -> Iterator[Loc]:  # noqa: ANN401 -- whatever stands in YAML
    """List the places of all values below the top."""
    if isinstance(data, Map | Seq):
        for part, value in data.items() if isinstance(data, Map) else enumerate(data):
            yield (*loc, part)
            yield from locs(value, (*loc, part))


class Plain(yaml.CSafeDumper):
    """Writes what `read` returned."""


Plain.add_representer(Map, yaml.CSafeDumper.represent_dict)
Plain.add_representer(Seq, yaml.CSafeDumper.represent_list)


def replaced(raw: bytes, changes: dict[Loc, object]) -> str:
    """Write a file anew with some of its values replaced."""
    data = read_bytes(raw, "").data
    for loc, value in changes.items():
        holder = data
        for part in loc[:-1]:
            holder = holder[part]
        holder[loc[-1]] = value
    return yaml.dump(data, Dumper=Plain, allow_unicode=True, sort_keys=False)


@pytest.mark.parametrize(("source", "name"), FILES)
def test_a_wrong_value_is_told_in_its_own_file_and_brings_nothing_else_with_it(
    source: Path, name: str, laid: Path
) -> None:
    raw = (source / name).read_bytes()
    for loc in locs(read_bytes(raw, name).data):
        for junk in WRONG:
            (laid / name).write_text(replaced(raw, {loc: junk}), encoding="utf-8")
            problems = problems_in(laid)
            codes = {p.code for p in problems}
            assert all(p.text(lang) for p in problems for lang in LANGUAGES)
            if any(code.startswith("S") for code in codes):
                assert "S099" not in codes
                assert {p.place.path for p in problems} == {name}, (loc, junk, problems)
                assert len(problems) == 1 or (junk == {} and codes == {"S002"}), (loc, junk, codes)


@pytest.mark.parametrize(("source", "name"), FILES)
def test_whatever_stands_in_a_file_it_is_told_in_words_of_our_own(
    source: Path, name: str, laid: Path
) -> None:
    raw = (source / name).read_bytes()
    for loc in locs(read_bytes(raw, name).data):
        for junk in ODD:
            (laid / name).write_text(replaced(raw, {loc: junk}), encoding="utf-8")
            for problem in problems_in(laid):
                assert problem.code != "S099", (loc, junk)
                assert all(problem.text(lang) for lang in LANGUAGES)


UNREADABLE = (b"", b"\tx: y\n- a", b"id: \xb5\xea\xff", b"&a", b"[" * 100, b"\x00")
MENDED = (b"a: [", b"\tx: y", b"&a b", b"id: \xb5\xea")


@pytest.mark.parametrize("raw", UNREADABLE)
@pytest.mark.parametrize("name", [*TINY_FILES, *REGISTER_FILES])
def test_an_unreadable_file_is_one_problem_and_not_one_for_everything_that_names_it(
    name: str, raw: bytes, laid: Path
) -> None:
    (laid / name).write_bytes(raw)
    problems = problems_in(laid)
    assert {p.place.path for p in problems} == {name}
    assert {p.code[0] for p in problems} == {"Y"}


@pytest.mark.parametrize("raw", MENDED)
@pytest.mark.parametrize("name", [*TINY_FILES, *REGISTER_FILES])
def test_a_file_that_is_mended_while_it_is_read_is_still_told_alone(
    name: str, raw: bytes, laid: Path
) -> None:
    (laid / name).write_bytes(raw)
    problems = problems_in(laid)
    assert {p.place.path for p in problems} == {name}
    assert [p.code[0] for p in problems].count("Y") == 1


def test_an_unreadable_file_still_lends_the_ids_that_can_be_made_out(tiny: Path) -> None:
    post = tiny / "sops/posts/mec.yaml"
    post.write_bytes(post.read_text(encoding="utf-8").encode("gb18030"))
    checklist = tiny / "checklists/mec.yaml"
    text = checklist.read_text(encoding="utf-8")
    checklist.write_text(text.replace("MEC-01-2", "MEC-01-9"), encoding="utf-8")
    assert [(p.place.path, p.code) for p in problems_in(tiny)] == [
        ("checklists/mec.yaml", "H012"),
        ("sops/posts/mec.yaml", "Y002"),
    ]


def test_what_was_typed_wrongly_is_not_told_again_because_it_does_not_fit(tiny: Path) -> None:
    checklist = tiny / "checklists/mec.yaml"
    text = checklist.read_text(encoding="utf-8")
    checklist.write_text(text.replace("points: 10", "points: @10"), encoding="utf-8")
    assert [p.code for p in problems_in(tiny)] == ["Y036"]


@pytest.mark.parametrize(
    ("name", "planted"),
    [
        ("checklists/mec.yaml", ("items", 1, "standards", 0)),
        ("sops/workflows/bill.yaml", ("nodes", 0, "standards", 0)),
    ],
)
def test_a_wrong_value_does_not_hide_the_other_mistakes_of_its_file(
    name: str, planted: Loc, tiny: Path
) -> None:
    raw = (TINY / name).read_bytes()
    data = read_bytes(raw, name).data
    inside = [loc for loc in locs(data) if len(loc) > 1 or isinstance(data[loc[0]], str)]
    for loc in inside:
        if planted[: len(loc)] == loc:
            continue
        for junk in WRONG:
            changes = {planted: "MEC-09-9", loc: junk}
            (tiny / name).write_text(replaced(raw, changes), encoding="utf-8")
            assert "H012" in {p.code for p in problems_in(tiny)}, (loc, junk)


def test_two_entries_of_one_person_are_fine_one_after_the_other(tiny: Path) -> None:
    settings = tiny / "sopaudit.yaml"
    with settings.open("a", encoding="utf-8") as file:
        file.write('  - {id: "9001", name: 李强, from: 2026-07-01, to: 2026-12-31}\n')
    assert [p.code for p in problems_in(tiny)] == ["H042"]
    text = settings.read_text(encoding="utf-8").replace("posts: []", "to: 2026-06-30")
    settings.write_text(text, encoding="utf-8")
    assert problems_in(tiny) == []


def test_hints_do_not_keep_a_handbook_from_loading(tiny: Path) -> None:
    post = tiny / "sops/posts/mec.yaml"
    text = post.read_text(encoding="utf-8").replace("{zh: 技师, en: mechanic}", "{zh: 技师}")
    post.write_text(text, encoding="utf-8")
    handbook, problems = load_handbook(tiny, strict=True)
    assert handbook is not None
    assert [p.code for p in problems] == ["H024"]
    assert load_handbook(tiny)[1] == []


def test_what_is_shown_before_file_names_is_the_folder_as_it_was_given(tiny: Path) -> None:
    (tiny / "sops/rules.yaml").write_bytes(b"")
    for shown, path in {
        "": "sops/rules.yaml",
        ".": "sops/rules.yaml",
        "h/": "h/sops/rules.yaml",
    }.items():
        (problem,) = load_handbook(tiny, shown=shown)[1]
        assert problem.place.path == path
