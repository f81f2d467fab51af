"""Problems of a handbook as text, JSON, SARIF and GitHub commands."""

import json
from pathlib import Path
from typing import Any

import pytest

from sopaudit.criteria.handbook import drafted, problems_in
from sopaudit.problems import LANGUAGES, Edit, Place, Problem
from sopaudit.reading.edits import applied
from sopaudit.report.problems.github import problems_github
from sopaudit.report.problems.json import problems_json
from sopaudit.report.problems.sarif import problems_sarif
from sopaudit.report.problems.text import AT_ONCE, counted, problems_text

BAD = Path(__file__).parents[1] / "handbooks" / "bad"


@pytest.fixture(scope="module")
def bad() -> tuple[list[Problem], dict[str, str]]:
    draft = drafted(BAD, shown="")
    return problems_in(draft, strict=True), {f.document.path: f.document.text for f in draft.files}


def run_of(problems: list[Problem], texts: dict[str, str], lang: str = "en") -> Any:  # noqa: ANN401
    log = json.loads(problems_sarif(problems, lang, texts))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    return run


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sarif_holds_every_problem_with_its_rule_and_place(
    lang: str, bad: tuple[list[Problem], dict[str, str]]
) -> None:
    problems, texts = bad
    run = run_of(problems, texts, lang)
    rules = run["tool"]["driver"]["rules"]
    assert len(run["results"]) == len(problems)
    for result, problem in zip(run["results"], problems, strict=True):
        rule = rules[result["ruleIndex"]]
        assert rule["id"] == result["ruleId"] == problem.code
        assert result["level"] == ("note" if problem.hint else "error")
        assert problem.message(lang) in result["message"]["text"]
        place = result["locations"][0]["physicalLocation"]
        assert place["region"]["startLine"] == problem.place.line
        assert not place["artifactLocation"]["uri"].startswith(("/", "file:"))
    assert {rule["id"] for rule in rules} == {problem.code for problem in problems}
    help_ = rules[0]["help"]["text"]
    assert any("\u4e00" <= sign <= "\u9fff" for sign in help_)
    assert any("a" <= sign <= "z" for sign in help_)


def test_columns_count_utf16_units_and_names_are_escaped_as_addresses() -> None:
    line = "name: 𠮷田 x"
    problem = Problem(Place("检查 表/a.yaml", 3, 10), "Y007", line=line)
    (result,) = run_of([problem], {})["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["region"]["startColumn"] == 11
    assert place["artifactLocation"]["uri"] == "%E6%A3%80%E6%9F%A5%20%E8%A1%A8/a.yaml"


def test_a_fix_of_sarif_does_what_the_edits_do(bad: tuple[list[Problem], dict[str, str]]) -> None:
    problems, texts = bad
    mended = [(p, r) for p, r in zip(problems, run_of(*bad)["results"], strict=True) if p.edits]
    assert mended
    for problem, result in mended:
        text = texts[problem.place.path]
        change = result["fixes"][0]["artifactChanges"][0]
        edits = [_edit(replacement, text) for replacement in change["replacements"]]
        assert applied(text, edits) == applied(text, problem.edits)


def _edit(replacement: Any, text: str) -> Edit:  # noqa: ANN401 -- JSON
    region = replacement["deletedRegion"]
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def offset(name: str) -> int:
        start: int = starts[region[f"{name}Line"] - 1]
        units = text[start:].encode("utf-16-le")[: 2 * (region[f"{name}Column"] - 1)]
        return start + len(units.decode("utf-16-le"))

    return Edit(offset("start"), offset("end"), replacement["insertedContent"]["text"])


def test_a_github_command_is_one_line_whatever_it_says() -> None:
    problem = Problem(Place("a,b:c.yaml", 2, 3), "S001", {"name": "50%\r\nx", "choices": "y"})
    text = problems_github([problem], "en")
    assert text.startswith("::error file=a%2Cb%3Ac.yaml,line=2,col=3,title=S001::")
    # The line end of a name becomes a sign; that between the sentence and what to do is escaped.
    assert "50%25" in text
    assert ".%0APossible here: y." in text
    assert "\r" not in text
    assert text.count("\n") == 1
    hint = problems_github([Problem(Place("a.yaml"), "H024", {"word": "en"})], "en")
    assert hint.startswith("::notice file=a.yaml,line=1,col=1,title=H024::")


def test_json_says_what_is_a_hint_and_what_can_be_mended() -> None:
    edit = (Edit(0, 1, "x"),)
    hint = Problem(Place("a.yaml"), "H024", {"word": "en"})
    rows = json.loads(problems_json([hint, Problem(Place("b.yaml"), "Y007", edits=edit)]))
    assert [(row["level"], row["fixable"]) for row in rows] == [("hint", False), ("error", True)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_repeats_is_told_a_few_times_and_then_counted(lang: str) -> None:
    def many(count: int, path: str = "a.yaml") -> list[Problem]:
        values = {"word": "x", "first": "b.yaml:1"}
        return [Problem(Place(path, n + 1), "H002", values) for n in range(count)]

    assert problems_text(many(AT_ONCE), lang).count("H002") == AT_ONCE
    told = problems_text([*many(40), *many(1, "c.yaml")], lang)
    assert told.count("H002") == 3 + 1 + 1
    assert "37" in told
    assert told.index("37") < told.index("c.yaml")
    assert "41" in counted([*many(40), *many(1, "c.yaml")], lang)
