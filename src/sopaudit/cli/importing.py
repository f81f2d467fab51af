"""`sopaudit import`: filled sheets into an audit, flow charts into the handbook."""

from pathlib import Path
from typing import Annotated

import typer

from sopaudit.cli.option import HandbookFolder, Lang, Output
from sopaudit.cli.stop import usage


def _named(word: str) -> Path:
    """Take the name of a file; an empty word, as an unset variable leaves, is not this folder."""
    if not word.strip():
        raise usage(
            "有一个文件名是空的（''）；当前文件夹请写成 .",
            "One of the names is empty (''). The current folder is called . here.",
        )
    return Path(word)


def import_(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            parser=_named,
            help="Filled sheets, photos, folders of them; or one chart. 填好的检查表、照片。",
        ),
    ],
    into: Annotated[
        Path | None,
        typer.Option(
            "--into",
            metavar="AUDIT",
            help="The audit they go into (default: the one they name). 导入到哪次检查。",
        ),
    ] = None,
    replace: Annotated[
        bool,
        typer.Option(
            "--replace", help="Let them take the place of what is there. 换掉已有的答案。"
        ),
    ] = False,
    output: Output = None,
    id_: Annotated[
        str | None,
        typer.Option(
            "--id", metavar="ID", help="Of a chart: id of the workflow, as F9. 流程编号。"
        ),
    ] = None,
    despite: Annotated[
        bool,
        typer.Option(
            "--despite", help="Of a chart: write it, though some cannot be read. 仍然写出。"
        ),
    ] = False,
    handbook: HandbookFolder = None,
    lang: Lang = None,
) -> None:
    """Bring filled sheets and photos into an audit. 导入填好的检查表、照片、流程图。

    Reads the Excel workbook, the ZIP or JSON of the offline form, exports of ODK
    Central and KoboToolbox, photos and folders of them. Where two sources answer
    an item, the later counts, both are kept, and the difference is told. A BPMN
    chart (.bpmn) becomes workflow YAML instead.

    \b
    Examples:
      sopaudit import chengdu.xlsx phone.zip photos/ --into 2026-10-cd-month
      sopaudit import chengdu.xlsx --replace
      sopaudit import onsite.bpmn --id F9 -o sops/workflows/f9.yaml
    """
    from sopaudit.cli.chart import KINDS, chart

    charts = [file for file in files if file.suffix.casefold() in KINDS]
    if charts and len(files) > 1:
        raise usage(
            "流程图请一次导入一个，不要和别的文件一起。",
            "Import one chart at a time, and nothing beside it.",
        )
    if charts:
        chart(charts[0], output, id_, despite=despite, handbook=handbook, lang=lang)
        return
    from sopaudit.cli.bringing import bringing

    bringing(files, into, replace=replace, handbook=handbook, lang=lang)
