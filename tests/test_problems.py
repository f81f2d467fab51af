"""The gallery: every problem code has a sample that causes exactly it, and its text beside it.

A sample is laid over the tiny handbook, so it holds no more than the mistake needs; `run.toml` says
where it is otherwise.
"""

import errno
import os
import re
import shutil
import string
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from sopaudit.criteria.edition import not_in_force
from sopaudit.criteria.handbook import drafted, load_handbook, problems_in
from sopaudit.findings.worked import disproved
from sopaudit.problems import LANGUAGES, STAGES, Place, Problem, catalogue, choices, in_file_order
from sopaudit.reading.events import read
from sopaudit.reading.past import Past
from sopaudit.reading.shape import validated

HERE = Path(__file__).parent
ERRORS = HERE / "errors"
TINY = HERE / "handbooks" / "tiny"
SRC = HERE.parent / "src"
SAMPLES = sorted(folder.name for folder in ERRORS.iterdir() if folder.name[0] in "YSH")
OWN = ("expected.*", "run.toml")
Golden = Callable[[Path, str], None]


class Count(BaseModel):
    """A model with a type no file of ours has, for the words said when all others fail."""

    count: int


def disturb(folder: Path, run: dict[str, Any], patch: pytest.MonkeyPatch) -> None:
    """Do what no file in a sample can: names, links and refusals that git would not carry."""
    for old, new in run.get("moved", {}).items():
        (folder / old).rename(folder / new)
    for name in run.get("pipes", ()):
        (folder / name).unlink()
        os.mkfifo(folder / name)
    for name, target in run.get("links", {}).items():
        (folder / name).symlink_to(target)
    refused = {
        str(folder / name): getattr(errno, reason)
        for name, reason in run.get("refused", {}).items()
    }
    patch.setattr(Path, "read_bytes", refusing(Path.read_bytes, refused))
    patch.setattr(Path, "iterdir", refusing(Path.iterdir, refused))


def refusing(call: Callable[[Path], Any], refused: dict[str, int]) -> Callable[[Path], Any]:
    def called(path: Path) -> Any:  # noqa: ANN401 -- whatever is called
        if number := refused.get(str(path)):
            raise OSError(number, os.strerror(number), str(path))
        return call(path)

    return called


def problems_of(code: str, folder: Path, patch: pytest.MonkeyPatch) -> list[Problem]:
    """Lay the sample of `code` out in `folder`, which is the current one, and read it."""
    sample = ERRORS / code
    described = sample / "run.toml"
    run: dict[str, Any] = tomllib.loads(described.read_text()) if described.is_file() else {}
    if not run.get("bare"):
        shutil.copytree(TINY, folder, dirs_exist_ok=True)
    shutil.copytree(sample, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*OWN))
    disturb(folder, run, patch)
    match run.get("reader", "handbook"):
        case "handbook":
            draft = drafted(folder, shown="")
            problems = problems_in(draft, strict=run.get("strict", False), past=Past(folder))
        case "worked":
            draft = drafted(folder, shown="")
            problems = list(disproved(draft, problems_in(draft)))
        case "file":
            problems = list(read(folder / run["file"], run["file"]).problems)
        case "handing out":
            handbook, problems = load_handbook(Path())
            assert handbook is not None
            problems += not_in_force(handbook, run["day"])
        case "fallback":
            problems = validated(read(folder / run["file"], run["file"]), Count)[1]
        case other:
            pytest.fail(f"run.toml of {code} names no reader: {other}")
    return in_file_order(problems)


def shown(problems: list[Problem], lang: str) -> str:
    return "".join(problem.text(lang) + "\n" for problem in problems)


@pytest.mark.parametrize("code", SAMPLES)
def test_a_sample_causes_exactly_its_own_problem(
    code: str, tmp_path: Path, golden: Golden, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    problems = problems_of(code, tmp_path, monkeypatch)
    assert [problem.code for problem in problems] == [code]
    for lang in LANGUAGES:
        golden(ERRORS / code / f"expected.{lang}.txt", shown(problems, lang))


def test_every_code_has_a_sample_and_every_sample_a_code() -> None:
    # Those of evidence have readers of their own, and a gallery beside them.
    samples = [code.name for gallery in HERE.rglob("errors") for code in gallery.iterdir()]
    assert sorted(samples) == sorted(catalogue())


def test_every_code_the_program_names_is_in_the_catalogue_and_the_other_way_round() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in SRC.rglob("*.py"))
    letters = "".join(STAGES)
    assert set(re.findall(rf'"([{letters}]\d{{3}})"', text)) == set(catalogue())


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("code", catalogue())
def test_both_languages_of_a_code_tell_the_same(code: str) -> None:
    words = catalogue()[code]
    assert set(words) - {"level"} == {"zh", "en", "zh_do", "en_do"}
    assert words.get("level", "hint") == "hint"
    assert all(words.values())
    assert placeholders(words["zh"]) == placeholders(words["en"])
    assert placeholders(words["zh_do"]) == placeholders(words["en_do"])


@pytest.mark.parametrize("code", catalogue())
def test_a_sentence_ends_like_one(code: str) -> None:
    words = catalogue()[code]
    assert words["zh"].endswith("。")
    assert words["en"].endswith(".")
    assert not words["en"][:1].isupper()  # it follows the code
    assert words["zh_do"].endswith(("。", "……"))
    assert words["en_do"].endswith((".", "…"))


def test_problems_come_in_file_order_and_once() -> None:
    late = Problem(Place("b.yaml", 2, 1), "Y007")
    early = Problem(Place("a.yaml", 10, 1), "Y007")
    first = Problem(Place("a.yaml", 9, 3), "Y007")
    assert in_file_order([late, early, first, late]) == [first, early, late]


def test_a_place_is_a_link_for_editors() -> None:
    assert str(Place("checklists/htl.yaml", 14, 5)) == "checklists/htl.yaml:14:5"


def test_a_name_with_line_ends_in_it_forges_no_line() -> None:
    forged = "a.json\nb.yaml:1:1: Y001 there is no such file"
    place = str(Place(forged))
    assert place == "a.json�b.yaml:1:1: Y001 there is no such file:1:1"
    told = Problem(Place(forged), "F013", {"part": forged}).text("en")
    begun = [line for line in told.split("\n") if line and not line.startswith(" ")]
    assert begun == [f"{place}: F013 “{place[:-4]}” is missing from this archive, or broken."]


def test_near_matches_are_offered_before_the_rest() -> None:
    known = ["HTL-01-1", "HTL-01-2", "COO-01-1"]
    assert choices("HTL-01-3", known) == "HTL-01-2, HTL-01-1"
    assert choices("coo-01-1", known) == "COO-01-1, HTL-01-1"
    assert choices("XYZ", known) == "HTL-01-1, HTL-01-2, COO-01-1"


def test_of_many_the_first_are_offered_and_of_none_a_dash() -> None:
    assert choices("?", [str(n) for n in range(10, 20)]).endswith("17 …")
    assert choices("?", []) == "–"
