"""Options that mean the same in every command."""

from pathlib import Path
from typing import Annotated

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
