"""`sopaudit score`: one row for each audit and checklist."""

from pathlib import Path
from typing import Annotated, Final

import typer

from sopaudit.cli.option import HandbookFolder, Lang, MappingFile, Output, Tables
from sopaudit.cli.session import give, one_of, tell, write_each
from sopaudit.cli.stop import PROBLEMS, Stop

FORMATS: Final = ("text", "csv", "json")


def score(
    audits: Annotated[
        list[str] | None,
        typer.Argument(metavar="AUDIT", help="Audit folders, or their ids. 检查文件夹或编号。"),
    ] = None,
    table: Tables = None,
    mapping: MappingFile = None,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="|".join(FORMATS),
            help="Output format (default: by the file name, else text). 输出格式。",
        ),
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
    handbook: HandbookFolder = None,
    lang: Lang = None,
) -> None:
    """Score audits, one row for each checklist. 评分。

    Columns: audit, checklist, score, possible, percent, grade, state, limits.
    What cannot be read is listed with file, row and column, and the exit code is 1.
    What was read by habit (√ as yes, / as nothing) is counted; --readings lists it.

    \b
    Examples:
      sopaudit score audits/2026-10-cd
      sopaudit score audits/2026-10-cd --format csv -o scores.csv
      sopaudit score --handbook examples/fhrs --mapping examples/fhrs/mapping.yaml
        --table establishments=tests/tables/fhrs/establishments.csv
    """
    kind = _format(format_, output)
    from sopaudit.cli.examined import Asked, Evidence
    from sopaudit.report.score_table import as_csv, as_json, as_text

    evidence = Evidence(Asked(audits or (), table or (), mapping, handbook, lang))
    rows, problems, answers = evidence.table()
    tell(problems, evidence.lang)
    content = {"csv": as_csv, "json": as_json, "text": as_text}[kind](rows)
    files = []
    if output is not None:
        files.append((output, content.encode()))
    elif kind == "text":
        print(content, end="")
    else:
        give(content)
    if answers is not None:
        lists = ((unreadable, answers.unreadable), (readings, answers.readings.table))
        for file, listed in lists:
            if file is not None:
                cells = listed(evidence.lang).to_csv(index=False)
                files.append((file, cells.encode("utf-8-sig")))
    for _ in write_each(files):
        pass
    if problems:
        raise Stop(PROBLEMS)


def _format(asked: str | None, output: Path | None) -> str:
    """Choose the format as asked, else by the name of the file, else text."""
    if asked is not None or output is None:
        return one_of(asked or "text", FORMATS, "--format")
    suffix = output.suffix.lower().lstrip(".")
    return one_of({"txt": "text", "": "text"}.get(suffix, suffix), FORMATS, f"-o {output.name}:")
