"""`sopaudit check`: every problem of a handbook, in file order; silence when all is well."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sopaudit.cli.option import HandbookFolder, Lang
from sopaudit.cli.session import found, give, one_of, problem_language
from sopaudit.cli.stop import PROBLEMS, Stop

if TYPE_CHECKING:
    from sopaudit.problems import Problem

FORMATS = ("text", "json")


def check(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="DIR",
            help="Folder of the handbook (default: found from here upwards). 手册所在文件夹。",
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Also give hints. 同时给出提示。")
    ] = False,
    format_: Annotated[
        str, typer.Option("--format", metavar="|".join(FORMATS), help="Output format. 输出格式。")
    ] = "text",
    handbook: HandbookFolder = None,
    lang: Lang = None,
) -> None:
    """Check the handbook: all problems of all files in one run. 检查手册。

    Says nothing and exits 0 when all is well; exits 1 when there are problems.

    \b
    Examples:
      sopaudit check
      sopaudit check examples/fhrs --lang en
      sopaudit check --format json > problems.json
    """
    one_of(format_, FORMATS, "--format")
    from sopaudit.criteria.handbook import load_handbook

    folder = found(folder or handbook)
    _, problems = load_handbook(folder, strict=strict)
    told = problem_language(lang, folder)
    if format_ == "json":
        rows = [_row(problem) for problem in problems]
        give(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
    else:
        for problem in problems:
            print(problem.text(told))
    if problems:
        files = len({problem.place.path for problem in problems})
        count = len(problems)
        summary = {
            "zh": f"{files} 个文件中有 {count} 个问题。用 sopaudit explain 代码 查看说明。",
            "en": f"{count} problem(s) in {files} file(s). `sopaudit explain CODE` tells more.",
        }
        print(summary[told], file=sys.stderr)
        raise Stop(PROBLEMS)


def _row(problem: "Problem") -> dict[str, object]:
    """Give a problem as data; codes and keys are never translated."""
    return {
        "path": problem.place.path,
        "line": problem.place.line,
        "column": problem.place.column,
        "code": problem.code,
        "message": {lang: problem.message(lang) for lang in ("zh", "en")},
        "remedy": {lang: problem.remedy(lang) for lang in ("zh", "en")},
    }
