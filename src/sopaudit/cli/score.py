"""`sopaudit score`: one row for each audit and checklist."""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sopaudit.cli.option import (
    Engine,
    HandbookFolder,
    Lang,
    MappingFile,
    Output,
    Scheduler,
    Tables,
    Work,
    Workers,
    formats,
)
from sopaudit.cli.session import give_pieces, one_of, tell, write_each
from sopaudit.cli.stop import PROBLEMS, Stop, usage

if TYPE_CHECKING:
    from pandas import DataFrame

    from sopaudit.file import Content

FORMATS: Final = ("text", "csv", "json", "parquet")


def score(
    audits: Annotated[
        list[str] | None,
        typer.Argument(metavar="AUDIT", help="Audit folders, or their ids. 检查文件夹或编号。"),
    ] = None,
    table: Tables = None,
    mapping: MappingFile = None,
    format_: Annotated[
        str | None,
        formats(FORMATS),
    ] = None,
    output: Output = None,
    unreadable: Annotated[
        Path | None,
        typer.Option(
            "--unreadable",
            metavar="FILE",
            help="Write every cell that could not be read to a CSV file. 未能读取的单元格。",
        ),
    ] = None,
    readings: Annotated[
        Path | None,
        typer.Option(
            "--readings",
            metavar="FILE",
            help="Write every cell read by habit, such as √, to a CSV file. 按习惯读取的单元格。",
        ),
    ] = None,
    engine: Engine = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    work: Work = None,
    handbook: HandbookFolder = None,
    lang: Lang = None,
) -> None:
    """Score audits, one row for each checklist. 评分。

    Columns: audit, checklist, score, possible, percent, grade, state, limits.
    What cannot be read is listed with file, row and column, and the exit code is 1.
    What was read by habit (√ as yes, / as nothing) is counted; --readings lists it.

    FILE of a table may be a folder or a pattern: all its files are one table.
    A big table is scored in parts; stopped, the same command goes on.

    \b
    Examples:
      sopaudit score audits/2026-10-cd
      sopaudit score audits/2026-10-cd --format csv -o scores.csv
      sopaudit score --handbook examples/fhrs --mapping examples/fhrs/mapping.yaml
        --table establishments=tests/tables/fhrs/establishments.csv
      sopaudit score --table answers=parts/ -o scores.parquet
    """
    kind = _format(format_, output)
    from sopaudit.cli.examined import Asked, Evidence
    from sopaudit.cli.scale import way
    from sopaudit.report.score_table import CONTENTS

    evidence = Evidence(Asked(audits or (), table or (), mapping, handbook, lang))
    with evidence.scored(way(engine, workers, scheduler, work, output)) as scored:
        tell(scored.problems, evidence.lang)
        content = CONTENTS[kind](scored.frames)
        files: list[tuple[Path, Content]] = []
        if output is not None:
            files.append((output, content))
        elif kind == "text":
            print(b"".join(content).decode(), end="")
        else:
            give_pieces(content)
        if unreadable is not None and scored.tables is not None:
            files.append((unreadable, _listed(scored.tables.unreadable(evidence.lang))))
        if readings is not None and scored.tables is not None:
            files.append((readings, _listed(scored.tables.readings.table(evidence.lang))))
        for _ in write_each(files):
            pass
    if scored.problems:
        raise Stop(PROBLEMS)


def _listed(cells: "DataFrame") -> bytes:
    """Write a list of cells as CSV that a spreadsheet opens in the right encoding."""
    return cells.to_csv(index=False).encode("utf-8-sig")


def _format(asked: str | None, output: Path | None) -> str:
    """Choose the format as asked, else by the name of the file, else text."""
    if asked is not None or output is None:
        kind = one_of(asked or "text", FORMATS, "--format")
    else:
        suffix = output.suffix.lower().lstrip(".")
        known = {"txt": "text", "": "text"}
        kind = one_of(known.get(suffix, suffix), FORMATS, f"-o {output.name}:")
    if kind == "parquet" and find_spec("pyarrow") is None:
        raise usage(
            "写 Parquet 需要 pyarrow：pip install 'sopaudit[parquet]'；也可以写 CSV。",
            "Parquet needs pyarrow: pip install 'sopaudit[parquet]'; CSV needs nothing.",
        )
    return kind
