"""Problems as JSON, a row for each; codes and keys are never translated."""

import json
from collections.abc import Sequence

from sopaudit.problems import LANGUAGES, Problem


def problems_json(problems: Sequence[Problem]) -> str:
    """Write all of them, in both languages."""
    rows = [_row(problem) for problem in problems]
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def _row(problem: Problem) -> dict[str, object]:
    return {
        "path": problem.place.path,
        "line": problem.place.line,
        "column": problem.place.column,
        "code": problem.code,
        "level": "hint" if problem.hint else "error",
        "fixable": bool(problem.edits),
        "message": {lang: problem.message(lang) for lang in LANGUAGES},
        "remedy": {lang: problem.remedy(lang) for lang in LANGUAGES},
    }
