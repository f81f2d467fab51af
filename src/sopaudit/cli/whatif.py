"""`sopaudit whatif`: what would bring an audit to a grade, and how far its scores may still go."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from sopaudit.cli.option import HandbookFolder, Lang, MappingFile, Output, Tables, formats
from sopaudit.cli.session import chosen_format, hand_over, tell
from sopaudit.cli.stop import PROBLEMS, Stop, unknown, usage

if TYPE_CHECKING:
    from sopaudit.findings.whatif.inquiry import Inquiry

FORMATS: Final = ("text", "json")


def whatif(
    audit: Annotated[
        str, typer.Argument(metavar="AUDIT", help="An audit folder, or its id. 检查文件夹或编号。")
    ],
    checklist: Annotated[
        str | None,
        typer.Argument(
            metavar="CHECKLIST",
            help="One checklist or branch of it (default: all). 其中一张检查表或汇总。",
        ),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            "--to", metavar="GRADE", help="The grade that should be reached. 要达到的等级。"
        ),
    ] = None,
    open_: Annotated[
        bool,
        typer.Option(
            "--open",
            help="What is still possible while items are open. 还有未答项时可能的范围。",
        ),
    ] = False,
    format_: Annotated[
        str | None,
        formats(FORMATS),
    ] = None,
    output: Output = None,
    table: Tables = None,
    mapping: MappingFile = None,
    handbook: HandbookFolder = None,
    lang: Lang = None,
) -> None:
    """Ask what would be if: --to a grade, or --open items. 假设推算。

    --to tells the fewest corrections that reach the grade, at most three ways, and what
    stands in the way. A correction is an item answered as well as can be. Up to 40 items
    that fall short nothing smaller is missed.

    --open tells which grades and scores are still possible, whatever the open items are.

    \b
    Examples:
      sopaudit whatif audits/2026-10-cd --to A
      sopaudit whatif audits/2026-10-cd CK-BRANCH --to B --lang en
      sopaudit whatif audits/2026-10-cd --open
      sopaudit whatif audits/2026-10-cd --to A --format json
    """
    kind = chosen_format(format_, output, FORMATS)
    if (to is None) == (not open_):
        raise usage(
            "请用 --to 等级 或 --open，二者选一。",
            "Ask with --to GRADE or with --open, one of them.",
        )
    from sopaudit.cli.examined import Asked, Evidence
    from sopaudit.findings.whatif.inquiry import Inquiry
    from sopaudit.report.whatif.json import whatif_json
    from sopaudit.report.whatif.text import outlook_text, prospect_text

    evidence = Evidence(Asked([audit], table or (), mapping, handbook, lang))
    for seen in evidence.examined():
        described = seen.folder.audit if seen.folder else None
        asked = Inquiry(seen.handbook, seen.frames, seen.conclusion.audit, described)
        names = _names(asked, checklist, to)
        if to is not None:
            prospects = [asked.prospect(name, to) for name in names]
            texts = [prospect_text(seen.handbook, told, evidence.lang) for told in prospects]
            data = whatif_json(seen.handbook, asked.audit, prospects)
        else:
            outlooks = [asked.outlook(name) for name in names]
            texts = [outlook_text(seen.handbook, told, evidence.lang) for told in outlooks]
            data = whatif_json(seen.handbook, asked.audit, outlooks)
        hand_over("\n".join(texts) if kind == "text" else data, kind, output)
        tell(seen.problems, evidence.lang)
        if seen.problems:
            raise Stop(PROBLEMS)


def _names(asked: "Inquiry", checklist: str | None, to: str | None) -> list[str]:
    """Choose what is asked about; with a grade, what can have it."""
    if checklist is not None and checklist not in asked.names:
        zh = f"这次检查没有“{checklist}”的得分。"
        en = f"This audit has no score of “{checklist}”."
        raise unknown(zh, en, checklist, asked.names)
    names = [name for name in asked.names if checklist in (None, name)]
    if to is None:
        return names
    graded = [name for name in names if to in asked.grades(name)]
    if not graded:
        known = dict.fromkeys(grade for name in names for grade in asked.grades(name))
        raise unknown(f"没有等级“{to}”。", f"There is no grade “{to}”.", to, [*known])
    return graded
