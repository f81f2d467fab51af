"""`sopaudit score`: one row for each audit and checklist."""

from pathlib import Path
from typing import Annotated

import typer

from sopaudit.cli.option import HandbookFolder, Lang, MappingFile, Output, Tables


def report(
    audits: Annotated[
        list[str] | None, typer.Argument(metavar="[AUDIT]...", help="Audit folders or ids. 检查。")
    ] = None,
    table: Tables = None,
    mapping: MappingFile = None,
    handbook: HandbookFolder = None,
    lang: Lang = None,
) -> None:
    """Score audits."""
