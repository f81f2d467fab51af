"""Problems as SARIF 2.1.0, which code hosts and editors show at their lines.

SARIF counts columns in UTF-16 units, we in characters; they part at characters beyond the basic
plane, such as rare Chinese names.
"""

import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

import sopaudit
from sopaudit.problems import LANGUAGES, Edit, Problem, catalogue, in_general
from sopaudit.reading.typed import lines

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_TAGS: Final = {"zh": "zh-Hans", "en": "en"}
Json = dict[str, Any]


def problems_sarif(problems: Sequence[Problem], lang: str, texts: Mapping[str, str]) -> str:
    """Write a log of one run; `texts` holds what stands in the files whose problems carry edits."""
    codes = sorted({problem.code for problem in problems})
    driver: Json = {
        "name": "sopaudit",
        "version": sopaudit.__version__,
        "language": _TAGS[lang],
        "rules": [_rule(code, lang) for code in codes],
    }
    run: Json = {
        "tool": {"driver": driver},
        "columnKind": "utf16CodeUnits",
        "results": [_result(problem, lang, codes, texts) for problem in problems],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _rule(code: str, lang: str) -> Json:
    words = catalogue()[code]
    told = {key: in_general(code, key) for name in LANGUAGES for key in (name, f"{name}_do")}
    help_ = "\n\n".join(f"{told[name]}\n{told[f'{name}_do']}" for name in LANGUAGES)
    return {
        "id": code,
        "shortDescription": {"text": told[lang]},
        "help": {"text": help_},
        "defaultConfiguration": {"level": _level(words.get("level"))},
    }


def _level(level: str | None) -> str:
    return "note" if level == "hint" else "error"


def _result(problem: Problem, lang: str, codes: Sequence[str], texts: Mapping[str, str]) -> Json:
    before = problem.line[: problem.place.column - 1]
    region: Json = {"startLine": problem.place.line, "startColumn": _units(before) + 1}
    if len(before) < problem.place.column - 1:
        region["startColumn"] = problem.place.column
    if problem.line:
        region["snippet"] = {"text": problem.line}
    location = {"artifactLocation": _artifact(problem.place.path), "region": region}
    result: Json = {
        "ruleId": problem.code,
        "ruleIndex": codes.index(problem.code),
        "level": "note" if problem.hint else "error",
        "message": {"text": f"{problem.message(lang)}\n{problem.remedy(lang)}"},
        "locations": [{"physicalLocation": location}],
    }
    if problem.edits and problem.place.path in texts:
        text = texts[problem.place.path]
        change = {
            "artifactLocation": _artifact(problem.place.path),
            "replacements": [_replacement(edit, text) for edit in problem.edits],
        }
        result["fixes"] = [
            {"description": {"text": problem.remedy(lang)}, "artifactChanges": [change]}
        ]
    return result


def _artifact(path: str) -> Json:
    return {"uri": quote(path), "uriBaseId": "%SRCROOT%"}


def _replacement(edit: Edit, text: str) -> Json:
    starts = [line.start for line in lines(text)]
    ends = {"start": edit.start, "end": edit.end}
    region: Json = {}
    for name, at in ends.items():
        number = bisect_right(starts, at)
        region[f"{name}Line"] = number
        region[f"{name}Column"] = _units(text[starts[number - 1] : at]) + 1
    return {"deletedRegion": region, "insertedContent": {"text": edit.text}}


def _units(text: str) -> int:
    """Count UTF-16 units."""
    return len(text) + sum(sign > "\uffff" for sign in text)
