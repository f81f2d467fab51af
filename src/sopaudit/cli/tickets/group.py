"""The commands on tickets, put together."""

import typer

from sopaudit.cli.tickets import check, kpi, sample, today

tickets = typer.Typer(
    help="What the records of an office say of its tickets. 工单。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)
for command in (check.check, sample.sample, kpi.kpi, today.today):
    tickets.command(command.__name__, no_args_is_help=False)(command)
