"""`sopaudit handbook`: the whole handbook as a book to print, or as a site to browse."""

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sopaudit.cli.option import HandbookFolder, formats
from sopaudit.cli.session import (
    day_asked,
    found,
    language,
    one_of,
    opened,
    tell,
    write_each,
)
from sopaudit.cli.stop import PROBLEMS, Stop, unknown, usage

if TYPE_CHECKING:
    from sopaudit.criteria.handbook import Handbook
    from sopaudit.report.handbook.model import Book

FORMATS: Final = ("pdf", "html", "site")
BOTH: Final = "both"


def handbook(
    post: Annotated[
        str | None,
        typer.Option(
            "--post",
            metavar="POST",
            help="The sheet of one post alone, to hang on the wall. 只印一个岗位的规范。",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE|DIR",
            help="File to write, or folder for a site to browse "
            "(default: reports/handbook.LANG.pdf of the handbook). 写入的文件或文件夹。",
        ),
    ] = None,
    format_: Annotated[
        str | None,
        formats(FORMATS, "Output format (default: by the name, else pdf). 输出格式。"),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option(
            "--on",
            metavar="DAY",
            help="The day it is handed out (default: today). 发放日期，默认今天。",
        ),
    ] = None,
    folder: HandbookFolder = None,
    lang: Annotated[
        str | None,
        typer.Option(
            "--lang",
            metavar="zh|en|both",
            help="Language, or two side by side (default: the handbook's first). "
            "语言，both 为对照。",
        ),
    ] = None,
) -> None:
    """Print the handbook as a book: flows, posts, checklists, rules. 整本手册。

    A PDF to hand to every employee, one HTML file, or a folder that opens in a
    browser without a network, with search. What is not in force yet, or no more,
    is not handed out.

    \b
    Examples:
      sopaudit handbook
      sopaudit handbook -o handbook.html --lang both
      sopaudit handbook -o site
      sopaudit handbook --post HTL -o htl.pdf
    """
    kind = _format(format_, output)
    day = day_asked(on)
    home = found(folder)
    known, told = opened(home, None if lang == BOTH else lang)
    languages = _languages(known, lang, told)
    if post is not None and post not in known.posts:
        zh, en = f"手册里没有岗位“{post}”。", f"The handbook has no post “{post}”."
        raise unknown(zh, en, post, list(known.posts))
    if post is not None and kind == "site":
        raise usage("--post 只能写成 PDF 或 HTML。", "--post makes a PDF or an HTML file.")
    _in_force(known, post, day, told)
    known = known.on(day)
    from sopaudit.report.handbook.book import book, post_book
    from sopaudit.report.handbook.chart import charts

    made = (
        post_book(known, post, languages)
        if post is not None
        else book(known, languages, charts(known, languages))
    )
    name = f"{post or 'handbook'}.{lang or told}"
    place = output if output is not None else home / "reports" / f"{name}.{kind}"
    for written in write_each(_files(made, kind, place, alone=post is not None)):
        if kind != "site":
            print(written.as_posix())
    if kind == "site":
        print((place / "index.html").as_posix())


def _languages(known: "Handbook", lang: str | None, told: str) -> tuple[str, ...]:
    if lang != BOTH:
        return (language(told, known),)
    if len(known.languages) < len(("one", "other")):
        raise usage(
            "这本手册只有一种语言，不能对照。",
            "This handbook is in one language, so there is nothing to set beside it.",
        )
    return known.languages[:2]


def _in_force(known: "Handbook", post: str | None, day: date, lang: str) -> None:
    """Stop where something of what is asked for may not be handed out on that day."""
    from sopaudit.criteria.edition import not_in_force

    begins = known.document.effective_on if known.document and post is None else None
    if begins is not None and begins > day:
        words = {
            "zh": f"这本手册 {begins} 起才生效（sopaudit.yaml 的 document），没有打印；"
            f"提前准备的，用 --on {begins}。",
            "en": f"This book takes effect on {begins} (document in sopaudit.yaml), so nothing was "
            f"printed; to prepare it ahead, say --on {begins}.",
        }
        raise Stop(PROBLEMS, words.get(lang, words["en"]))
    problems = not_in_force(known, day, None if post is None else {post})
    if problems:
        tell(problems, lang)
        words = {
            "zh": f"手册里有 {day} 不执行的版次，没有打印；提前准备的，用 --on 写明发放日期。",
            "en": f"Not everything is in force on {day}, so nothing was printed; to prepare ahead, "
            "name the day it is handed out with --on.",
        }
        raise Stop(PROBLEMS, words.get(lang, words["en"]))


def _format(asked: str | None, output: Path | None) -> str:
    """Choose the format as asked, else by the name of the file; a folder is a site.

    A name such as `handbook-2026.1` ends in an edition and is a folder.
    """
    if output is None:
        return one_of(asked or "pdf", FORMATS, "--format")
    if str(output) == "-":
        raise usage(
            "整本手册不能写到标准输出，-o 请给一个文件或文件夹。",
            "A book does not go to standard output; -o must be a file or a folder.",
        )
    ending = output.suffix.lower().lstrip(".")
    if asked == "site" or output.is_dir() or not ending or ending.isdecimal():
        return one_of(asked or "site", FORMATS, "--format")
    suffix = one_of(ending, ("pdf", "html"), f"-o {output.name}:")
    return one_of(asked or suffix, FORMATS, "--format")


def _files(made: "Book", kind: str, place: Path, *, alone: bool) -> Iterator[tuple[Path, bytes]]:
    """Give each file to write, with its place."""
    if kind == "site":
        from sopaudit.report.handbook.site import site

        for name, content in site(made).items():
            yield place / name, content
        return
    if kind == "html":
        yield place, _browsed(made, alone=alone)
        return
    from sopaudit.cli.pango import NO_PANGO
    from sopaudit.cli.printing import warn
    from sopaudit.press.pdf import Job, PangoMissingError, render
    from sopaudit.report.handbook.page import book_html, poster_html

    html = poster_html(made) if alone else book_html(made)
    day = date.fromisoformat(made.created) if made.created else day_asked(None)
    try:
        printed = render(Job(html, day))
    except PangoMissingError:
        print(NO_PANGO["zh" if made.languages[0] == "zh" else "en"], file=sys.stderr)
        yield place.with_suffix(".html"), _browsed(made, alone=alone)
        return
    warn(printed, set())
    yield place, printed.pdf


def _browsed(made: "Book", *, alone: bool) -> bytes:
    """Lay the book out in one file for a browser."""
    from sopaudit.report.handbook.page import poster_html
    from sopaudit.report.handbook.site import single_html

    return (poster_html(made, screen=True) if alone else single_html(made)).encode()
