"""`sopaudit report`: the inspection report as PDF, HTML or JSON."""

import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from sopaudit.cli.option import HandbookFolder, Lang, MappingFile, Tables
from sopaudit.cli.session import one_of, tell, write
from sopaudit.cli.stop import PROBLEMS, Stop, usage

FORMATS: Final = ("pdf", "html", "json")


def report(
    audits: Annotated[
        list[str],
        typer.Argument(metavar="AUDIT", help="Audit folders, or their ids. 检查文件夹或编号。"),
    ],
    table: Tables = None,
    mapping: MappingFile = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE|DIR",
            help="File to write, folder for several audits, - for JSON on standard output "
            "(default: reports/AUDIT.pdf "
            "of the handbook). 写入的文件或文件夹。",
        ),
    ] = None,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="|".join(FORMATS),
            help="Output format (default: by the file name, else pdf). 输出格式。",
        ),
    ] = None,
    handbook: HandbookFolder = None,
    lang: Lang = None,
) -> None:
    """Print the inspection report of audits. 检查报告。

    The PDF carries the answers and the checklist it was made from. The HTML is one
    file that reads on a phone and prints well.

    \b
    Examples:
      sopaudit report audits/2026-10-cd
      sopaudit report audits/2026-10-cd -o report.html --lang en
      sopaudit report KC00052 --handbook examples/king-county -o KC00052.pdf
        --table inspections=inspections.csv --table findings=findings.csv
    """
    audits = list(dict.fromkeys(audits))
    kind = _format(format_, output)
    if output is not None and len(audits) > 1 and not _folder(output):
        raise usage(
            f"{len(audits)} 次检查要写成 {len(audits)} 个文件，-o 请给一个文件夹。",
            f"{len(audits)} audits make {len(audits)} files, so -o must be a folder.",
        )
    from sopaudit.cli.examined import Asked, Evidence
    from sopaudit.cli.printing import printed

    evidence = Evidence(Asked(audits, table or (), mapping, handbook, lang))
    seen = list(evidence.examined())
    problems = [problem for one in seen for problem in one.problems]
    tell(problems, evidence.lang)
    if any(one.folder is not None and one.problems for one in seen):
        # A report with a checklist missing looks finished, and is filed for years.
        zh, en = (
            "检查记录有问题，没有写出报告。",
            "The audit has problems, so no report was written.",
        )
        raise Stop(PROBLEMS, zh if evidence.lang == "zh" else en)
    for file, content in printed(seen, evidence.lang, kind):
        if str(output) == "-":
            sys.stdout.write(content.decode())
            continue
        place = _place(output, evidence.handbook.folder, file)
        write(place, content)
        print(place.as_posix())
    if problems:
        raise Stop(PROBLEMS)


def _folder(output: Path) -> bool:
    return output.is_dir() or not output.suffix


def _format(asked: str | None, output: Path | None) -> str:
    """Choose the format as asked, else by the name of the file, else pdf."""
    if output is None or (_folder(output) and str(output) != "-"):
        return one_of(asked or "pdf", FORMATS, "--format")
    if str(output) == "-":
        return one_of(asked or "json", ("json", "html"), "-o -:")
    suffix = one_of(output.suffix.lower().lstrip("."), FORMATS, f"-o {output.name}:")
    return one_of(asked or suffix, FORMATS, "--format")


def _place(output: Path | None, handbook: Path, file: str) -> Path:
    """Say where a file goes; a PDF that could only become HTML takes that ending."""
    if output is None:
        return handbook / "reports" / file
    return output / file if _folder(output) else output.with_suffix(Path(file).suffix)
