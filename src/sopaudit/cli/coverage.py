"""`sopaudit coverage`: what the handbook leaves open, and who checks each standard."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sopaudit.cli.option import HandbookFolder, Lang, Output, formats
from sopaudit.cli.session import chosen_format, day_asked, found, hand_over, one_of, opened
from sopaudit.cli.stop import PROBLEMS, Stop

if TYPE_CHECKING:
    from sopaudit.criteria.coverage import Coverage
    from sopaudit.criteria.handbook import Handbook

FORMATS: Final = ("text", "json", "html")
ANY: Final = "any"


def coverage(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="DIR",
            help="Folder of the handbook (default: found from here upwards). 手册所在文件夹。",
        ),
    ] = None,
    format_: Annotated[
        str | None,
        formats(FORMATS),
    ] = None,
    output: Output = None,
    fail_on: Annotated[
        list[str] | None,
        typer.Option(
            "--fail-on",
            metavar="GAP",
            help="Exit 1 if any of these is left open, such as standards_unchecked; or any. "
            "May be repeated. 有这类遗漏时以 1 退出，可重复。",
        ),
    ] = None,
    handbook: HandbookFolder = None,
    lang: Lang = None,
) -> None:
    """Tell what the handbook leaves open. 覆盖情况。

    Standards no item checks, items without a standard, rules, forms, tables and events
    nobody uses, posts without lane or checklist. It is information: the exit code is 0.

    \b
    Examples:
      sopaudit coverage
      sopaudit coverage -o coverage.html
      sopaudit coverage examples/fhrs --lang en
      sopaudit coverage --format json
      sopaudit coverage --fail-on items_without_standard
    """
    kind = chosen_format(format_, output, FORMATS)
    from sopaudit.criteria.coverage import GAPS
    from sopaudit.criteria.coverage import coverage as covered

    for word in fail_on or ():
        one_of(word, (ANY, *GAPS), "--fail-on")
    book, told = opened(found(folder or handbook), lang)
    book = book.on(day_asked(None))
    seen = covered(book)
    hand_over(_written(book, seen, told, kind), kind, output)
    left = {gap.kind for gap in seen.gaps if gap.entries}
    if fail_on and ((ANY in fail_on and left) or left & set(fail_on)):
        raise Stop(PROBLEMS)


def _written(book: "Handbook", seen: "Coverage", lang: str, kind: str) -> str:
    match kind:
        case "json":
            from sopaudit.report.coverage.json import coverage_json

            return coverage_json(book, seen)
        case "html":
            from sopaudit.report.coverage.page import coverage_html

            return coverage_html(book, seen, lang)
    from sopaudit.report.coverage.text import coverage_text

    return coverage_text(book, seen, lang)
