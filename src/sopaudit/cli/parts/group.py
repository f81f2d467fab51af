"""The commands on parts and money, put together."""

import typer

from sopaudit.cli.parts import balance, check, count, money, trace

parts = typer.Typer(
    help="Where every part and every cent is, who owes what, and what vanished. 备件与款项。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)
for command in (check.check, trace.trace, balance.balance, count.count, money.money):
    parts.command(command.__name__, no_args_is_help=False)(command)
