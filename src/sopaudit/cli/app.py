"""The commands, put together; each stands in a file of its own."""

from typing import Annotated

import typer

from sopaudit.cli import (
    check,
    coverage,
    diff,
    draw,
    editions,
    explain,
    export,
    fill,
    freeze,
    handbook,
    importing,
    new,
    report,
    schema,
    score,
    sheet,
    whatif,
)
from sopaudit.cli.parts.group import parts
from sopaudit.cli.tickets.group import tickets

app = typer.Typer(
    name="sopaudit",
    help="Hold evidence against a handbook, score exactly, print the inspection report.\n\n"
    "用证据对照手册，精确评分，打印检查报告。",
    epilog="Begin with: sopaudit new my-handbook   ·   Docs: README.md, docs/",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)
for command in (
    new.new,
    check.check,
    explain.explain,
    coverage.coverage,
    diff.diff,
    editions.editions,
    score.score,
    whatif.whatif,
    report.report,
    freeze.freeze,
    draw.draw,
    handbook.handbook,
    importing.import_,
    export.export,
    sheet.sheet,
    fill.fill,
    schema.schema,
):
    app.command(
        command.__name__.rstrip("_"),
        cls=diff.Spreading if command is diff.diff else None,
        no_args_is_help=False,
    )(command)
app.add_typer(tickets, name="tickets")
app.add_typer(parts, name="parts")


@app.callback(invoke_without_command=True)
def root(
    version: Annotated[
        bool, typer.Option("--version", "-V", help="Print the version. 显示版本。")
    ] = False,
) -> None:
    """Answer `--version` also where it stands beside other words."""
    if version:
        from sopaudit import __version__

        print(f"sopaudit {__version__}")
        raise typer.Exit
