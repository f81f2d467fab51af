"""`sopaudit editions`: which edition of each sheet ruled on a day, and which there were."""

import sys
from typing import Annotated, Final

import typer

from sopaudit.cli.option import HandbookFolder, Lang, formats
from sopaudit.cli.session import day_asked, found, hand_over, one_of, problem_language
from sopaudit.cli.stop import PROBLEMS, Stop, unknown, usage

FORMATS: Final = ("text", "json")


def editions(
    ids: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID]...",
            help="Posts, workflows, tables, checklists, schemes … (default: all). 编号。",
        ),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option(
            "--on",
            metavar="DAY",
            help="Only what ruled on that day, such as 2026-03-01. 只列当天执行的版次。",
        ),
    ] = None,
    format_: Annotated[str, formats(FORMATS, "Output format. 输出格式。")] = "text",
    handbook: HandbookFolder = None,
    lang: Lang = None,
) -> None:
    """List the editions of sheets, or those that ruled on a day. 版次。

    Looks in the files as they are, in the handbooks that audits keep frozen, and in the
    last 200 commits of git. Where nothing else is said, an edition ends when the next begins.
    Schemes no checklist names are listed only when asked for by id.

    \b
    Examples:
      sopaudit editions
      sopaudit editions HTL CK-HTL
      sopaudit editions HTL --on 2026-03-01
      sopaudit editions --on 2026-10-15 --format json
    """
    one_of(format_, FORMATS, "--format")
    day = day_asked(on)
    folder = found(handbook)
    told = problem_language(lang, folder)
    from sopaudit.criteria.edition import editions as listed
    from sopaudit.criteria.edition import in_use, ruling
    from sopaudit.press.words import words
    from sopaudit.reading.copy import NoCopyError, copy
    from sopaudit.reading.past import COMMITS, Past
    from sopaudit.report.editions import editions_json, editions_text

    try:
        now = copy(folder.as_posix(), folder).files
    except NoCopyError:
        zh, en = "这里没有 sopaudit.yaml。", "There is no sopaudit.yaml here."
        raise usage(zh, en) from None
    past = Past(folder)
    known = listed(now, past.versions(list(now)))
    names = dict.fromkeys(edition.id for edition in known)
    for id_ in ids or ():
        if id_ not in names:
            zh, en = f"没有“{id_}”的版次。", f"There are no editions of “{id_}”."
            raise unknown(zh, en, id_, names)
    shown = [edition for edition in known if edition.id in ids] if ids else in_use(known)
    said = words(told, "change")["editions"]
    if on is not None:
        shown = list(ruling(shown, day))
    if not shown and format_ == "text":
        raise Stop(PROBLEMS, said["none"].format(day=day))
    if format_ == "json":
        hand_over(editions_json(shown, day), format_, None)
    else:
        hand_over(editions_text(shown, day, told), format_, None)
    if len(past.commits()) == COMMITS:
        print(said["limited"].format(n=COMMITS), file=sys.stderr)
