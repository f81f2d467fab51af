"""Options that mean the same in every command."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer

HandbookFolder = Annotated[
    Path | None,
    typer.Option(
        "--handbook",
        metavar="DIR",
        help="Folder of the handbook (default: found from here upwards). 手册所在文件夹。",
    ),
]
Lang = Annotated[
    str | None,
    typer.Option(
        "--lang",
        metavar="LANG",
        help="Language, such as zh or en (default: the handbook's first). 语言。",
    ),
]
Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FILE", help="Write to a file. 写入文件。"),
]
Tables = Annotated[
    list[str] | None,
    typer.Option(
        "--table",
        metavar="NAME=FILE",
        help="A table of answers (CSV, XLSX, Parquet); may be repeated. 答案表格，可重复。",
    ),
]
MappingFile = Annotated[
    Path | None,
    typer.Option(
        "--mapping",
        metavar="FILE",
        help="YAML that says what the tables' columns mean. 表格对照文件。",
    ),
]

AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DAY",
        help="The last day records speak of (default: as the audit says, else today). 截止日。",
    ),
]
ENGINES: Final = ("serial", "pool", "dask")
Engine = Annotated[
    str | None,
    typer.Option(
        "--engine",
        metavar="|".join(ENGINES),
        help="Who works on a big table: this process, several of them (default), or Dask. "
        "大表格由谁做。",
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers",
        metavar="N",
        min=1,
        help="Processes at work (default: one for each core). 进程数。",
    ),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        "--scheduler",
        metavar="ADDRESS",
        help="A Dask scheduler such as tcp://host:8786 (default: workers on this machine). "
        "Dask 调度器地址。",
    ),
]
Work = Annotated[
    Path | None,
    typer.Option(
        "--work",
        metavar="DIR",
        help="Keep parts that are done here (default: beside -o, until all are); what has not "
        "changed is not done again. 存放已完成部分的文件夹。",
    ),
]


def formats(
    choices: Sequence[str],
    told: str = "Output format (default: by the file name, else text). 输出格式。",
) -> Any:  # noqa: ANN401 -- what typer takes
    """Make the option `--format` of a command that can write `choices`."""
    return typer.Option("--format", metavar="|".join(choices), help=told)


def spread(words: Sequence[str], option: str) -> list[str]:
    """Let `option` take all words up to the next option, as a shell fills in a pattern."""
    out: list[str] = []
    taking = lone = False
    for word in words:
        if word == option:
            out += [option] if lone else []
            taking = lone = True
        elif taking and not word.startswith("-"):
            out += [option, word]
            lone = False
        else:
            # Nothing followed the option: the command says that a word is missing.
            out += [option, word] if lone else [word]
            taking = lone = False
    return [*out, option] if lone else out
