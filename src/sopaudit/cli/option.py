"""Options that mean the same in every command."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

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
