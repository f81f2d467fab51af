"""Samples of what can be wrong with a filled workbook: one of the kitchen, typed into and read."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.sheets.xlsx.desk import ZONE, Formula, Typist, blank, resaved, with_parts, written

from sopaudit.problems import LANGUAGES
from sopaudit.sheets.xlsx.back import read

ERRORS = Path(__file__).parents[2] / "errors"
RUNS = {
    folder.name: tomllib.loads((folder / "run.toml").read_text("utf-8"))
    for folder in sorted(ERRORS.glob("F02?"))
}


def content(run: dict[str, Any]) -> bytes:
    typist = Typist(written())
    for mark, column, value, *nth in run.get("cells", []):
        formula = isinstance(value, str) and value.startswith("=")
        typist.type(mark, column, Formula(value[1:]) if formula else value, *nth)
    made = typist.done()
    if "copied" in run:
        mark, column, value = run["copied"]
        made = resaved(made, lambda _, rows: copied(rows, mark, column, value))
    if "inserted" in run:
        made = resaved(made, lambda name, rows: inserted(name, rows, run["inserted"]))
    return with_parts(made, {})


def copied(rows: list[list[Any]], mark: str, column: str, value: str) -> list[list[Any]]:
    """Copy the row of an item below itself, and answer it otherwise."""
    head = next((row for row in rows if row[0] == "@items"), [])
    out = []
    for row in rows:
        out.append(row)
        if row[0] == mark and column in head:
            again = [*row]
            again[head.index(column)] = value
            out.append(again)
    return out


def inserted(name: str, rows: list[list[Any]], text: str) -> list[list[Any]]:
    del name
    at = next((n for n, row in enumerate(rows) if row[0] == "COOK/0200"), None)
    if at is None:
        return rows
    head = next(row for row in rows if row[0] == "@items")
    new = ["" for _ in head]
    new[head.index("note")] = text
    return [*rows[:at], new, *rows[at:]]


@pytest.mark.parametrize("code", RUNS)
def test_a_sample_causes_exactly_its_own_problem(
    code: str, tmp_path: Path, golden: Callable[[Path, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path("cook.xlsx")
    path.write_bytes(content(RUNS[code]["workbook"]))
    _, problems = read(path, blank(), ZONE)
    assert [problem.code for problem in problems] == [code]
    for lang in LANGUAGES:
        text = "".join(problem.text(lang) + "\n" for problem in problems)
        golden(ERRORS / code / f"expected.{lang}.txt", text)
