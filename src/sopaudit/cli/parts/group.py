"""The commands on parts and money, put together."""

import typer

from sopaudit.cli.parts import count, money

parts = typer.Typer(
    help="What the records of an office say of its parts and its money. 备件与服务款。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)
for command in (count.count, money.money):
    parts.command(command.__name__, no_args_is_help=False)(command)
