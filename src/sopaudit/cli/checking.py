"""Checking a handbook: every problem in file order; silence when all is well.

It is apart from its command because an editor checks at every save, and the words it then says,
`check` or `check --strict`, need no parser: `main` comes here without typer.
"""

import gc
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sopaudit.cli.session import found, give, one_of, problem_language
from sopaudit.cli.stop import PROBLEMS, Stop, usage

if TYPE_CHECKING:
    from sopaudit.criteria.draft import Draft
    from sopaudit.problems import Problem

FORMATS = ("text", "json", "sarif", "github")


def tell_problems(
    folder: Path | None = None,
    *,
    strict: bool = False,
    fix: bool = False,
    agreed: bool = False,
    format_: str = "text",
    lang: str | None = None,
) -> None:
    """Tell all problems of the handbook in `folder`, or of the one around here.

    With `fix` it offers to mend them first; who has `agreed` is not asked.
    """
    one_of(format_, FORMATS, "--format")
    if fix and format_ != "text":
        raise usage("--fix 只能用 text 格式。", "--fix speaks text only.")
    folder = found(folder)
    told = problem_language(lang, folder)
    if fix:
        from sopaudit.cli.fix import offer

        offer(folder, told, strict=strict, agreed=agreed)
    problems = _checked(folder, strict=strict)
    if format_ != "text":
        give(_data(problems, format_, told))
    if problems:
        from sopaudit.report.problems.text import counted, problems_text

        if format_ == "text":
            print(problems_text(problems, told), end="")
        raise Stop(PROBLEMS, counted(problems, told))


def _checked(folder: Path, *, strict: bool) -> "list[Problem]":
    # Half a million values are made and none of them is rubbish: looking for some takes a tenth.
    gc.disable()
    try:
        from sopaudit.criteria.handbook import drafted, problems_in
        from sopaudit.problems import in_file_order
        from sopaudit.reading.past import Past

        draft = drafted(folder)
        problems = problems_in(draft, strict=strict, past=Past(folder))
        return in_file_order([*problems, *_disproved(draft, problems)]) if strict else problems
    finally:
        gc.enable()


def _disproved(draft: "Draft", problems: "list[Problem]") -> "list[Problem]":
    """Tell the worked cases of schemes that do not come out; scoring is loaded for them alone."""
    if not any(file.value.worked for file in draft.schemes if file.value):
        return []
    from sopaudit.findings.worked import disproved

    return list(disproved(draft, problems))


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
    from sopaudit.reading.encoding import text

    return {
        path: text(Path(path))
        for path in {problem.place.path for problem in problems if problem.edits}
    }
