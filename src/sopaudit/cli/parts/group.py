"""The commands on spare parts, put together."""

import typer

from sopaudit.cli.parts import count

parts = typer.Typer(
    help="What the records of an office say of its spare parts. 备件。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)
for command in (count.count,):
    parts.command(command.__name__, no_args_is_help=False)(command)


@parts.callback()
def group() -> None:
    """Keep the group one of several commands while it has one."""
