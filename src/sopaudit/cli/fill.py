"""`sopaudit fill`: an audit filled in at the terminal, one key an answer."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sopaudit.cli.option import HandbookFolder, Lang
from sopaudit.cli.session import clock, found, opened, tell
from sopaudit.cli.stop import PROBLEMS, Stop, unknown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from sopaudit.cli.keyboard import Keyboard
    from sopaudit.evidence.audit import AuditFolder
    from sopaudit.sheets.blank import Blank
    from sopaudit.sheets.terminal.form import Form
    from sopaudit.sheets.terminal.journal import Journal
    from sopaudit.sheets.terminal.loop import Outcome
    from sopaudit.sheets.terminal.session import Tools


def fill(
    audit: Annotated[
        str, typer.Argument(metavar="AUDIT", help="An audit folder or its id. 检查。")
    ],
    checklists: Annotated[
        list[str] | None,
        typer.Option("--checklist", metavar="ID", help="Only this one. 只填其中这张检查表。"),
    ] = None,
    item: Annotated[
        str | None,
        typer.Option("--item", metavar="ID", help="Begin with this item. 从这一项开始。"),
    ] = None,
    handbook: HandbookFolder = None,
    lang: Lang = None,
) -> None:
    """Fill an audit in at the terminal, one key an answer. 在终端逐项作答。

    Every answer is on the disk before the next question; where a session was cut
    off, the same command goes on. q (or Ctrl-C) saves into the audit and quits.
    Answers may also be piped in, one a line. The exit code is 0 once every item
    is answered and nothing is lacking, 1 while anything is open.

    \b
    Examples:
      sopaudit fill audits/2026-10-cd-month
      sopaudit fill 2026-10-cd-month --checklist CK-HTL --lang en
      sopaudit fill 2026-10-cd-month --item CK-HTL-B2
    """
    from sopaudit.cli.sheet import audit_folder
    from sopaudit.sheets.terminal.journal import BusyError, Journal

    home = Path(audit).resolve() if Path(audit).is_dir() else None
    opened_, lang = opened(found(handbook, home), lang)
    folder = audit_folder(audit, opened_, lang)
    if folder.audit.state == "final":
        raise Stop(
            PROBLEMS,
            f"检查 {folder.audit.id} 已经定稿，不能再填；"
            "要更正，先把 audit.yaml 的 state 改回 draft。\n"
            f"The audit {folder.audit.id} is final and takes no more answers; "
            "to correct it set `state` of audit.yaml back to draft first.",
        )
    blank = _blank(folder)
    try:
        with Journal(folder.folder, folder.folder.as_posix(), blank) as journal:
            tell(journal.problems, lang) if journal.problems else None
            _filled(
                folder, journal, clock(folder.handbook, opened_), (checklists or [], item, lang)
            )
    except BusyError:
        from sopaudit.problems import Place, Problem

        tell([Problem(Place(f"{folder.folder.as_posix()}/journal/fill.jsonl"), "F051")], lang)
        raise Stop(PROBLEMS) from None


def _blank(folder: "AuditFolder") -> "Blank":
    from sopaudit.sheets.blank import Wish, blank_of, checklists_of

    day = folder.audit.date
    return blank_of(folder.handbook, checklists_of(folder), day, folder, Wish(filled=True))


def _filled(
    folder: "AuditFolder",
    journal: "Journal",
    zone: "tzinfo",
    asked: tuple[list[str], str | None, str],
) -> None:
    """Save what the last session left, ask, save."""
    from sopaudit.cli.keyboard import Keyboard
    from sopaudit.press.words import words
    from sopaudit.sheets.terminal.loop import converse, save
    from sopaudit.sheets.terminal.session import begin

    names, item, lang = asked
    say = words(lang, "fill")["say"]
    tools = _tools(journal, zone)
    form = _form(journal.blank, names, lang, zone)
    if journal.is_saving:
        done = save(folder, begin(form, journal.told), journal, form.zone)
        _told(done, lang)
        print(say["completed"])
        folder = _again(folder)
        journal.blank = _blank(folder)
        form = _form(journal.blank, names, lang, zone)
    start = _start(form, item) if item else None
    keyboard = Keyboard()
    _hello(journal, keyboard, form)
    with keyboard.quick():
        session = converse(form, journal, keyboard, tools, start)
    outcome = save(folder, session, journal, form.zone)
    _told(outcome, lang)
    if outcome.waiting:
        print(say["waiting"].format(items=outcome.waiting))
    if outcome.open:
        print(say["left"].format(number=outcome.open))
    if outcome.open or outcome.problems or (outcome.brought and outcome.brought.problems):
        raise Stop(PROBLEMS)


def _form(blank: "Blank", names: "Sequence[str]", lang: str, zone: "tzinfo") -> "Form":
    from sopaudit.sheets.terminal.form import Form

    for name in names:
        if blank.leaf(name) is None:
            raise unknown(
                f"这次检查没有检查表“{name}”。", f"This audit has no checklist “{name}”.",
                name, [leaf.id for leaf in blank.leaves],
            )  # fmt: skip
    keys = [(leaf.id, ask.item.id) for leaf, ask in blank.asks if not names or leaf.id in names]
    if not keys:
        raise Stop(PROBLEMS, "这次检查没有要填的检查项。\nThis audit asks nothing.")
    return Form(blank, tuple(keys), lang, zone)


def _start(form: "Form", item: str) -> tuple[str, str]:
    from sopaudit.sheets.terminal.session import begin, found_item

    key, _ = found_item(begin(form, ()), item)
    if key is None:
        raise unknown(
            f"没有检查项“{item}”。", f"There is no item “{item}”.",
            item, [known for _, known in form.keys],
        )  # fmt: skip
    return key


def _tools(journal: "Journal", zone: "tzinfo") -> "Tools":
    from datetime import datetime

    from sopaudit.sheets.terminal.filling import attached
    from sopaudit.sheets.terminal.session import Tools

    def now() -> str:
        return datetime.now(tz=zone).isoformat(timespec="seconds")

    return Tools(now, attached, journal.place)


def _again(folder: "AuditFolder") -> "AuditFolder":
    """Read the audit once more, now that it was written."""
    from sopaudit.cli.sheet import audit_folder

    return audit_folder(folder.folder.as_posix(), folder.handbook, folder.handbook.languages[0])


def _hello(journal: "Journal", keyboard: "Keyboard", form: "Form") -> None:
    from sopaudit.press.words import words
    from sopaudit.sheets.terminal.form import waiting_named
    from sopaudit.sheets.terminal.lines import Shown
    from sopaudit.sheets.terminal.session import begin
    from sopaudit.terminal import wrapped

    say = words(form.lang, "fill")["say"]
    steps = len([line for line in journal.told if "field" in line])
    lines = [Shown("note", say["resumed"].format(number=steps))] if steps else []
    lines.append(Shown("note", say["hello"]))
    waiting = waiting_named(form, begin(form, journal.told).said)
    if waiting:
        lines += [Shown("warn", x) for x in wrapped(say["waiting"].format(items=waiting), "")]
    keyboard.show(lines)


def _told(outcome: "Outcome", lang: str) -> None:
    from sopaudit.press.words import words
    from sopaudit.sheets.terminal.lines import short
    from sopaudit.terminal import wrapped

    say = words(lang, "fill")["say"]
    brought = outcome.brought
    if outcome.problems:
        tell(outcome.problems, lang)
    if brought is None:
        print(say["nothing"])
        return
    if brought.problems:
        tell(brought.problems, lang)
    if not brought.saved:
        print(say["not_saved"], file=sys.stderr)
        raise Stop(PROBLEMS)
    files = ", ".join(sorted({short(path).name for path in brought.files}))
    told = say["saved"].format(files=files) if files else say["nothing"]
    print("\n".join(wrapped(told, "")))
    if outcome.kept is not None:
        print(say["kept"].format(file=f"journal/{outcome.kept.name}"))
