"""The gallery of evidence: each code has a sample that causes exactly it, and its text beside it.

A sample is laid over the kitchen, which is sound; `run.toml` says where it is read otherwise.
"""

import shutil
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.sheets.gallery import problems_of_count

from sopaudit.criteria.handbook import load_handbook
from sopaudit.evidence.audit import read_audit
from sopaudit.evidence.log import read_log
from sopaudit.evidence.mapping import read_mapping
from sopaudit.evidence.records import read_records
from sopaudit.evidence.tables import read_tables
from sopaudit.findings import frozen
from sopaudit.findings.conclusion import conclude_folder
from sopaudit.findings.from_records import answered_from_records
from sopaudit.findings.frozen import drifted
from sopaudit.problems import LANGUAGES, Problem, catalogue, in_file_order

HERE = Path(__file__).parent
KITCHEN, ERRORS = HERE / "kitchen", HERE.parent / "errors"
LETTERS = "MTAL"
SAMPLES = sorted(folder.name for folder in ERRORS.iterdir() if folder.name[0] in LETTERS)
OWN = ("expected.*", "run.toml")


def problems_of(sample: Path, run: dict[str, Any]) -> list[Problem]:
    """Read the current folder the way the letter of the code says."""
    handbook, problems = load_handbook(Path(), shown="")
    assert handbook is not None, problems
    if sample.name.startswith("A"):
        folder, problems = read_audit(Path("audits/a"), handbook)
        if folder is None:
            return problems
        folder, wrong = answered_from_records(folder)
        return [*problems, *wrong, *drifted(folder, conclude_folder(folder).all)]
    if "data" in run:
        return read_records(Path(run["data"]), handbook)[1]
    if sample.name.startswith("L"):
        said = Path(run["mapping"]) if "mapping" in run else None
        return read_log(Path(run.get("log", "log.csv")), handbook, said)[1]
    mapping, problems = read_mapping(Path("mapping.yaml"))
    if mapping is None or problems:
        return problems
    names = run.get("tables", ["answers"])
    files = {**{name: f"{name}.csv" for name in names}, **run.get("files", {})}
    tables = read_tables(mapping, {name: Path(file) for name, file in files.items()}, handbook)
    list(tables)
    return tables.problems


@pytest.mark.parametrize("code", SAMPLES)
def test_a_sample_causes_exactly_its_own_problem(
    code: str, tmp_path: Path, golden: Callable[[Path, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = ERRORS / code
    described = sample / "run.toml"
    run: dict[str, Any] = tomllib.loads(described.read_text()) if described.is_file() else {}
    shutil.copytree(KITCHEN, tmp_path, dirs_exist_ok=True)
    shutil.copytree(sample, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*OWN))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(frozen, "__version__", "9.9")
    if "without" in run:
        monkeypatch.setitem(sys.modules, run["without"], None)
    count = run.get("count")
    problems = problems_of(sample, run) if count is None else problems_of_count(count)
    told = [problem for problem in problems if problem.code != run.get("beside")]
    assert [problem.code for problem in told] == [code]
    for lang in LANGUAGES:
        text = "".join(problem.text(lang) + "\n" for problem in told)
        golden(sample / f"expected.{lang}.txt", text)


def test_the_kitchen_itself_is_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(KITCHEN)
    for letter in LETTERS:
        assert problems_of(Path(letter), {}) == []


def test_every_code_has_a_sample_and_every_sample_a_code() -> None:
    assert {code for code in catalogue() if code[0] in LETTERS} == set(SAMPLES)


def test_problems_are_told_in_file_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(KITCHEN, tmp_path, dirs_exist_ok=True)
    for code in ("A020", "A062"):
        shutil.copytree(ERRORS / code, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    problems = problems_of(Path("A"), {})
    assert [problem.code for problem in problems] == ["A020", "A062"]
    assert problems == in_file_order(problems)
