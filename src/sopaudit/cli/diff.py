"""`sopaudit diff`: what changed between two editions of the handbook, in a manager's words."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sopaudit.cli.copies import copy_asked
from sopaudit.cli.option import HandbookFolder, Lang, Output
from sopaudit.cli.session import chosen_format, found, hand_over, problem_language, tell
from sopaudit.cli.stop import PROBLEMS, Stop

if TYPE_CHECKING:
    from sopaudit.criteria.change.model import Difference

FORMATS: Final = ("text", "json", "html")


def diff(
    old: Annotated[
        str,
        typer.Argument(
            metavar="OLD",
            help="A folder, a ZIP file, or a git revision of this handbook, such as HEAD. "
            "文件夹、ZIP 文件或 git 版本。",
        ),
    ],
    new: Annotated[
        str | None,
        typer.Argument(
            metavar="[NEW]", help="Likewise (default: the handbook as it is). 默认为现在的手册。"
        ),
    ] = None,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="|".join(FORMATS),
            help="Output format (default: by the file name, else text). 输出格式。",
        ),
    ] = None,
    output: Output = None,
    fail_on: Annotated[
        list[str] | None,
        typer.Option(
            "--fail-on",
            metavar="WHAT",
            help="Exit 1 if there are: any changes, suspect items, contents that changed under "
            "their old edition (any, suspect, edition). May be repeated. 有这类情况时以 1 退出。",
        ),
    ] = None,
    handbook: HandbookFolder = None,
    lang: Lang = None,
) -> None:
    """Tell what changed between two editions. 修订对照。

    Values, texts word by word, what was added, retired, moved and renamed; items whose
    standard changed are suspect until reviewed; and who else names what changed.

    \b
    Examples:
      sopaudit diff HEAD
      sopaudit diff HEAD~5 HEAD --lang en
      sopaudit diff old-handbook.zip . -o changes.html
      sopaudit diff ../handbook-2025 ../handbook-2026 --format json
    """
    kind = chosen_format(format_, output, FORMATS)
    from sopaudit.cli.session import one_of

    for word in fail_on or ():
        one_of(word, ("any", "suspect", "edition"), "--fail-on")
    here = _home(handbook, old, new)
    before = copy_asked(old, here)
    after = copy_asked(new if new is not None else here.as_posix(), here)
    from sopaudit.criteria.change.difference import difference, problems_of, read_files

    told = problem_language(lang, after.folder or here)
    files = [
        read_files(copy.files, "" if copy.name == "." else f"{copy.name}/")
        for copy in (before, after)
    ]
    names = ("." if new is None else new, old)
    seen = difference(files[0], files[1])
    hand_over(_written(seen, names[1], names[0], told, kind), kind, output)
    problems = [problem for documents in files for problem in problems_of(documents)]
    tell(problems, told)
    if problems or _failing(seen, fail_on or ()):
        raise Stop(PROBLEMS)


def _home(handbook: Path | None, *words: str | None) -> Path:
    """Find the handbook a revision is of; two folders or files need none."""
    if handbook is None and all(word is not None and Path(word).exists() for word in words):
        return Path()
    return found(handbook)


def _written(seen: "Difference", old: str, new: str, lang: str, kind: str) -> str:
    if kind == "json":
        from sopaudit.report.change.json import difference_json

        return difference_json(seen, old, new)
    from sopaudit.report.change.told import told

    said = told(seen, old, new, lang)
    if kind == "html":
        from sopaudit.report.change.page import difference_html

        return difference_html(said, lang)
    from sopaudit.report.change.text import difference_text

    return difference_text(said, lang)


def _failing(seen: "Difference", words: list[str] | tuple[()]) -> bool:
    unmarked = any(file.remark == "same_edition" for file in seen.files)
    happened = {"any": bool(seen.files), "suspect": bool(seen.suspects), "edition": unmarked}
    return any(happened[word] for word in words)
