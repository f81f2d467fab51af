"""Options and arguments that the commands on parts share."""

from pathlib import Path
from typing import Annotated

import typer

Ledger = Annotated[
    str,
    typer.Argument(
        metavar="LEDGER",
        help="An audit folder or its id, a folder of records, or a table of moves (CSV, XLSX, "
        "Parquet). 检查、记录文件夹或出入库表。",
    ),
]
Mapping = Annotated[
    Path | None,
    typer.Option(
        "--mapping",
        metavar="FILE",
        help="YAML that says what the columns of a single table mean. 单个表格的对照文件。",
    ),
]
