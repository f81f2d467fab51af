"""`sopaudit sheet`: blanks to fill in, as a workbook, an offline page, on paper, for Kobo."""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sopaudit.cli.option import HandbookFolder, Lang, Output
from sopaudit.cli.session import day_asked, found, one_of, tell, write
from sopaudit.cli.stop import PROBLEMS, Stop, unknown, usage

if TYPE_CHECKING:
    from sopaudit.criteria.handbook import Handbook
    from sopaudit.evidence.audit import AuditFolder
    from sopaudit.sheets.blank import Blank

KINDS: Final = {"xlsx": "xlsx", "html": "html", "pdf": "pdf", "xlsform": "xlsx"}
"""What a sheet may be, and the ending of its file."""

_PART: Final = re.compile(r"([1-9]\d?)/([1-9]\d?)")


def sheet(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="AUDIT|CHECKLIST...",
            help="An audit folder or its id, or ids of checklists. 检查，或检查表编号。",
        ),
    ],
    to: Annotated[
        str, typer.Option("--to", metavar="|".join(KINDS), help="What to write. 写成什么。")
    ],
    checklists: Annotated[
        list[str] | None,
        typer.Option(
            "--checklist", metavar="ID", help="Only this one of the audit. 只要其中这张检查表。"
        ),
    ] = None,
    filled: Annotated[
        bool,
        typer.Option("--filled", help="With the answers there are already. 带上已有的答案。"),
    ] = False,
    part: Annotated[
        str | None,
        typer.Option(
            "--part", metavar="N/OF", help="One of several parts, as 2/4 for a week. 其中一部分。"
        ),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="DAY", help="The day items are asked on. 按哪一天的检查项。"),
    ] = None,
    output: Output = None,
    handbook: HandbookFolder = None,
    lang: Lang = None,
) -> None:
    """Write blanks to fill in: Excel, offline page, paper, Kobo. 空白检查表。

    A sheet of an audit holds its sample, what was found last time and who is
    audited; `sopaudit import` reads it back. html is one file for phone or tablet
    that needs no network; with -o FOLDER it is a folder for an https address, from
    which phones install it. xlsform goes to ODK Central or KoboToolbox.

    \b
    Examples:
      sopaudit sheet audits/2026-10-cd-month --to xlsx
      sopaudit sheet audits/2026-10-cd-month --to html -o phone.html
      sopaudit sheet CK-HTL CK-COO --to pdf
      sopaudit sheet audits/2026-10-cd-month --to xlsx --part 2/4
    """
    kind = one_of(to, tuple(KINDS), "--to")
    blank, lang = _blank(names, checklists or [], handbook, lang, (on, part, filled))
    _told_first(blank, kind, lang, filled=filled)
    if kind == "html" and output and not output.suffix:
        print(_folder(blank, lang, output).as_posix())
        return
    place = _place(blank.name, kind, output)
    content, place = _WRITERS[kind](blank, lang, place)
    write(place, content)
    print(place.as_posix())


def _place(name: str, kind: str, output: Path | None) -> Path:
    """Say where a sheet goes: into a folder that is there, else to a file with its ending.

    What is there already, such as /dev/stdout, keeps its name.
    """
    usual = f"{name}.xlsform.xlsx" if kind == "xlsform" else f"{name}.{KINDS[kind]}"
    if output is None or output.is_dir():
        return (output or Path()) / usual
    return output if output.suffix or output.exists() else output.with_suffix(f".{KINDS[kind]}")


def _told_first(blank: "Blank", kind: str, lang: str, *, filled: bool) -> None:
    """Say on the error stream what one might expect of a sheet and will not get."""
    said = []
    if blank.audit is not None and blank.audit.state == "final" and kind != "pdf":
        said.append((
            "提示：这次检查已经定稿，表可以写，填了也不能再导入。",
            "hint: this audit is final; what is filled in cannot be imported again.",
        ))  # fmt: skip
    if filled and kind == "xlsform":
        said.append((
            "提示：XLSForm 里不带已有的答案，写出的是空表；要带答案用 --to xlsx。",
            "hint: an XLSForm is written without the answers; --to xlsx has them.",
        ))  # fmt: skip
    for zh, en in said:
        print(zh if lang == "zh" else en, file=sys.stderr)


def _blank(
    names: list[str],
    chosen: list[str],
    folder: Path | None,
    lang: str | None,
    asked: tuple[str | None, str | None, bool],
) -> "tuple[Blank, str]":
    from sopaudit.cli.session import opened
    from sopaudit.sheets.blank import Wish, blank_of, checklists_of

    on, part, filled = asked
    handbook, lang = opened(found(folder, _home(names)), lang)
    wish = Wish(filled, _part(part))
    if names[0] in handbook.checklists:
        for name in names:
            if name not in handbook.checklists:
                raise unknown(
                    f"没有检查表“{name}”。", f"There is no checklist “{name}”.",
                    name, [*handbook.checklists],
                )  # fmt: skip
        return blank_of(handbook, names, day_asked(on), wish=wish), lang
    if len(names) > 1:
        raise usage(
            "一次只写一次检查的表；各检查表的编号可以写几个。",
            "One audit at a time; ids of checklists may be several.",
        )
    audit = audit_folder(names[0], handbook, lang)
    known = checklists_of(audit)
    for name in chosen:
        if name not in known:
            raise unknown(
                f"这次检查没有检查表“{name}”。", f"This audit has no checklist “{name}”.",
                name, known,
            )  # fmt: skip
    wanted = [name for name in known if not chosen or name in chosen]
    day = day_asked(on) if on else audit.audit.date
    return blank_of(audit.handbook, wanted, day, audit, wish), lang


def audit_folder(name: str, handbook: "Handbook", lang: str) -> "AuditFolder":
    """Read an audit that may have no answers yet; problems of answers are no hindrance."""
    from sopaudit.evidence.audit import AUDIT, AUDITS, read_audit

    shelf = handbook.folder / AUDITS
    place = next((p for p in (Path(name), shelf / name) if (p / AUDIT).is_file()), None)
    if place is None:
        known = sorted(path.parent.name for path in shelf.glob(f"*/{AUDIT}"))
        raise unknown(
            f"没有检查，也没有检查表“{name}”。", f"There is no audit or checklist “{name}”.",
            name, [*known, *handbook.checklists],
        )  # fmt: skip
    audit, problems = read_audit(place, handbook)
    if audit is None:
        tell(problems, lang)
        raise Stop(PROBLEMS)
    return audit


def _home(names: list[str]) -> Path | None:
    """Say where to look for the handbook: above an audit folder that is named."""
    return Path(names[0]).resolve() if Path(names[0]).is_dir() else None


def _part(part: str | None) -> tuple[int, int]:
    if part is None:
        return (1, 1)
    read = _PART.fullmatch(part)
    if read is None or int(read[1]) > int(read[2]):
        raise usage(
            f"--part 要写成 2/4 这样，这里是“{part}”。",
            f"--part takes a part such as 2/4, but this is “{part}”.",
        )
    return int(read[1]), int(read[2])


def _xlsx(blank: "Blank", lang: str, place: Path) -> tuple[bytes, Path]:
    from sopaudit.sheets.xlsx.blank import workbook

    return workbook(blank, lang), place


def _html(blank: "Blank", lang: str, place: Path) -> tuple[bytes, Path]:
    from sopaudit.sheets.form.blank import form

    return form(blank, lang), place


def _folder(blank: "Blank", lang: str, place: Path) -> Path:
    """Write the form as a folder to be put under an https address."""
    from sopaudit.cli.session import write_each
    from sopaudit.sheets.form.installed import folder

    for _ in write_each((place / name, content) for name, content in folder(blank, lang).items()):
        pass
    return place / "index.html"


def _xlsform(blank: "Blank", lang: str, place: Path) -> tuple[bytes, Path]:
    from sopaudit.sheets.xlsform.blank import xlsform

    return xlsform(blank, lang), place


def _pdf(blank: "Blank", lang: str, place: Path) -> tuple[bytes, Path]:
    """Print it; where the system cannot, it is HTML, and the error stream says so."""
    from sopaudit.cli.page import page_or_pdf
    from sopaudit.sheets.paper.blank import paper

    content, kind = page_or_pdf(paper(blank, lang), blank.day, lang)
    return content, place.with_suffix(f".{kind}")


_WRITERS: "Final[dict[str, Callable[[Blank, str, Path], tuple[bytes, Path]]]]" = {
    "xlsx": _xlsx,
    "html": _html,
    "pdf": _pdf,
    "xlsform": _xlsform,
}
