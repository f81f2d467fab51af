"""`sopaudit check`: every problem of a handbook, in file order; silence when all is well."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sopaudit.cli.option import HandbookFolder, Lang
from sopaudit.cli.session import found, give, one_of, problem_language
from sopaudit.cli.stop import PROBLEMS, Stop, usage

if TYPE_CHECKING:
    from sopaudit.problems import Problem

FORMATS = ("text", "json", "sarif", "github")


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
    fix: Annotated[
        bool,
        typer.Option(
            "--fix", help="Mend what is certain, after asking. 改好有把握的，改之前先问。"
        ),
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="With --fix: do not ask. 不再询问。")
    ] = False,
    format_: Annotated[
        str, typer.Option("--format", metavar="|".join(FORMATS), help="Output format. 输出格式。")
    ] = "text",
    handbook: HandbookFolder = None,
    lang: Lang = None,
) -> None:
    """Check the handbook: all problems of all files in one run. 检查手册。

    Says nothing and exits 0 when all is well; exits 1 when there are problems. With --fix it shows
    what it would change, asks, and keeps the file as it was beside it as .bak.

    \b
    Examples:
      sopaudit check
      sopaudit check --fix
      sopaudit check examples/fhrs --lang en
      sopaudit check --format sarif > problems.sarif
    """
    one_of(format_, FORMATS, "--format")
    from sopaudit.report.problems.text import counted, problems_text

    if fix and format_ != "text":
        raise usage("--fix 只能用 text 格式。", "--fix speaks text only.")
    folder = found(folder or handbook)
    told = problem_language(lang, folder)
    if fix:
        from sopaudit.cli.fix import offer

        offer(folder, told, strict=strict, agreed=yes)
    problems = _checked(folder, strict=strict)
    if format_ == "text":
        print(problems_text(problems, told), end="")
    else:
        give(_data(problems, format_, told))
    if problems:
        raise Stop(PROBLEMS, counted(problems, told))


def _checked(folder: Path, *, strict: bool) -> "list[Problem]":
    from sopaudit.criteria.handbook import drafted, problems_in
    from sopaudit.reading.past import Past

    return problems_in(drafted(folder), strict=strict, past=Past(folder))


def _data(problems: "Sequence[Problem]", format_: str, lang: str) -> str:
    match format_:
        case "json":
            from sopaudit.report.problems.json import problems_json

            return problems_json(problems)
        case "sarif":
            from sopaudit.report.problems.sarif import problems_sarif

            return problems_sarif(problems, lang, _texts(problems))
    from sopaudit.report.problems.github import problems_github

    return problems_github(problems, lang)


def _texts(problems: "Sequence[Problem]") -> dict[str, str]:
    """Read the files that can be mended once more, for the lines their edits stand in."""
    from sopaudit.reading.events import read

    paths = {problem.place.path for problem in problems if problem.edits}
    return {path: read(Path(path)).text for path in paths}
