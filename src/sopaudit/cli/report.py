"""`sopaudit report`: the inspection report as PDF, HTML, workbook or JSON."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from sopaudit.cli.option import HandbookFolder, Lang, MappingFile, Tables, formats
from sopaudit.cli.session import give, one_of, tell, write_each
from sopaudit.cli.stop import PROBLEMS, Stop, usage

FORMATS: Final = ("pdf", "html", "xlsx", "json")
READERS: Final = ("file", "circulation")


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
        formats(FORMATS, "Output format (default: by the file name, else pdf). 输出格式。"),
    ] = None,
    readers: Annotated[
        str,
        typer.Option(
            "--for",
            metavar="|".join(READERS),
            help="For the file, or a copy to circulate: people by staff number, no telephones, "
            "no addresses. 存档或传阅（传阅稿只写工号）。",
        ),
    ] = "file",
    person: Annotated[
        list[str] | None,
        typer.Option(
            "--person",
            metavar="STAFF",
            help="Add a page for an inspected person, by staff number; may be repeated. "
            "附个人检查记录，写工号，可重复。",
        ),
    ] = None,
    persons: Annotated[
        bool,
        typer.Option("--persons", help="Add a page for every inspected person. 附每个人的记录。"),
    ] = False,
    apart: Annotated[
        bool,
        typer.Option(
            "--apart",
            help="Write these pages as files of their own, without the report. 个人记录另成文件。",
        ),
    ] = False,
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
      sopaudit report audits/2026-10-cd --persons --apart -o talks
      sopaudit report audits/2026-10-cd --for circulation
      sopaudit report audits/2026-10-cd --format xlsx
      sopaudit report T003 --handbook examples/king-county -o T003.pdf
        --table inspections=tests/tables/king-county/inspections.csv
        --table findings=tests/tables/king-county/findings.csv
    """
    audits = list(dict.fromkeys(audits))
    kind = _format(format_, output)
    one_of(readers, READERS, "--for")
    if output is not None and len(audits) > 1 and not _folder(output):
        raise usage(
            f"{len(audits)} 次检查要写成 {len(audits)} 个文件，-o 请给一个文件夹。",
            f"{len(audits)} audits make {len(audits)} files, so -o must be a folder.",
        )
    _whom(person or (), everyone=persons, apart=apart, kind=kind, output=output)
    from sopaudit.cli.examined import Asked, Evidence
    from sopaudit.cli.printing import Wanted, printed

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
    if readers == "circulation":
        from sopaudit.cli.circulating import copies

        seen = copies(seen, evidence.handbook, evidence.lang)
    wanted = Wanted(person or (), persons, apart)
    made = printed(seen, evidence.lang, kind, wanted)
    if str(output) == "-":
        for _, content in made:
            give(content.decode())
    else:
        home = evidence.handbook.folder
        for place in write_each((_place(output, home, file), content) for file, content in made):
            print(place.as_posix())
    if problems:
        raise Stop(PROBLEMS)


def _whom(
    persons: Sequence[str], *, everyone: bool, apart: bool, kind: str, output: Path | None
) -> None:
    """Look whether the options on persons fit together."""
    if apart and not persons and not everyone:
        raise usage(
            "--apart 要同时用 --person 或 --persons 说明是谁的记录。",
            "--apart needs --person or --persons, to say whose pages.",
        )
    if kind in ("json", "xlsx") and (persons or everyone):
        raise usage(
            "个人检查记录只有 PDF 和 HTML，没有 XLSX 和 JSON。",
            "Pages of persons are PDF or HTML, not XLSX or JSON.",
        )
    if apart and (everyone or len(persons) > 1) and output is not None and not _folder(output):
        raise usage(
            "每人一个文件，-o 请给一个文件夹。",
            "There is a file for each person, so -o must be a folder.",
        )


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
