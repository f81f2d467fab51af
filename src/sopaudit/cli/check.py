"""The words of `sopaudit check`; what it does stands in `checking`."""

from pathlib import Path
from typing import Annotated

import typer

from sopaudit.cli.checking import FORMATS, tell_problems
from sopaudit.cli.option import HandbookFolder, Lang, formats


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
    format_: Annotated[str, formats(FORMATS, "Output format. 输出格式。")] = "text",
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
    tell_problems(
        folder or handbook, strict=strict, fix=fix, agreed=yes, format_=format_, lang=lang
    )
