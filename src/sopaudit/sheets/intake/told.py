"""What an import did, for a terminal: its files, what differs, what is open, what was written."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Final

from sopaudit.criteria.field import plain
from sopaudit.press.words import words
from sopaudit.sheets.blank import Blank, Leaf
from sopaudit.sheets.filled import Filled
from sopaudit.sheets.intake.bringing import Brought
from sopaudit.sheets.intake.merge import Difference, Voice, second
from sopaudit.sheets.intake.reading import Sheet
from sopaudit.sheets.wording import answer_title
from sopaudit.terminal import COLUMNS, fitting, hanging, harmless, padded, table, width

_NAME: Final = 34
"""Columns a file name may take."""

_NEEDED: Final = 12
"""Below so many columns a remark says nothing."""


def told(
    blank: Blank,
    read: Sequence[tuple[Sheet, list[Filled]]],
    brought: Brought,
    lang: str,
    zone: tzinfo,
) -> str:
    """Tell what came of an import, its times as the clock of `zone` shows them."""
    say = words(lang, "sheets")["import"]
    used = [any(one.records or one.shots for one in filled) for _, filled in read]
    if brought.refused or not any(used):
        return f"{say['nothing_imported']}\n"
    parts = [_files(read, say, lang)]
    if brought.differences:
        parts.append("\n".join(_differences(brought.differences, say, lang, zone)) + "\n")
    if brought.outdated:
        older = say["outdated"].format(items=", ".join(dict.fromkeys(brought.outdated)))
        parts.append("\n".join(hanging(older, "")) + "\n")
    parts.append("\n".join(_open(blank, brought, say, lang)) + "\n")
    if brought.waiting:
        waiting = say["waiting"].format(items=", ".join(dict.fromkeys(brought.waiting)))
        parts.append("\n".join(hanging(waiting, "")) + "\n")
    parts.append("\n".join(_written(brought, say, whole=all(used))) + "\n")
    return "\n".join(parts)


def _files(read: Sequence[tuple[Sheet, list[Filled]]], say: Mapping[str, str], lang: str) -> str:
    channel = words(lang, "sheets")["channel"]
    rows = []
    for sheet, filled in read:
        items = sum(len({a.item for a in r.answers}) for one in filled for r in one.records)
        photos = sum(shot.signed is None for one in filled for shot in one.shots)
        signed = sum(shot.signed is not None for one in filled for shot in one.shots)
        name = next((one.source.channel for one in filled), sheet.channel.name)
        shown = sheet.path.name + ("/" if sheet.path.is_dir() else "")
        row = [_short(shown, _NAME), channel.get(name, name)]
        rows.append([*row, str(items), str(photos or ""), str(signed or "")])
    head = [say[key] for key in ("file", "channel", "items", "photos", "signed")]
    return table(head, rows, head[2:])


def _differences(
    differences: Sequence[Difference], say: Mapping[str, str], lang: str, zone: tzinfo
) -> Iterator[str]:
    yield say["differences"].format(number=len(differences))
    for one in differences:
        yield f"  {one.item}" + (f"  {say['refused']}" if one.refused else "")
        names = [_name(voice, say) for voice in one.voices]
        wide = max(width(name) for name in names)
        people = len({voice.answer.person for voice in one.voices}) > 1
        seconds = len({second(voice.answer) for voice in one.voices}) > 1
        for n, voice in enumerate(one.voices):
            mark = "→ " if n == 0 else "  "
            at = f"{voice.at.astimezone(zone):%m-%d %H:%M}" if voice.at else say["no_time"]
            head = f"  {mark}{padded(names[n], wide)}  {padded(at, 11)}  "
            said = answer_said(voice, lang)
            if people and voice.answer.person:
                said += f" {voice.answer.person}"
            if seconds and second(voice.answer):
                said += f" {say['second'].format(person=second(voice.answer))}"
            room = COLUMNS - width(head)
            note = " ".join(voice.answer.note.split())
            if note and room - width(said) > _NEEDED:
                said += f"{'：' if lang == 'zh' else ': '}{note}"
            yield head + _short(said, room)


def _name(voice: Voice, say: Mapping[str, str]) -> str:
    if voice.edited:
        return say["edited"]
    return _short(voice.source.file if voice.source else say["standing"], _NAME - 8)


def answer_said(voice: Voice, lang: str) -> str:
    """Say an answer in a few words: 符合, 2, 不合格 3/12."""
    answer = voice.answer
    parts = [answer_title(answer.result, lang)] if answer.result else []
    if answer.value is not None:
        parts.append(plain(answer.value))
    failed, checked = answer.counts
    if checked is not None or failed is not None:
        failed_word = words(lang, "sheets")["import"]["failed"]
        parts.append(failed_word.format(failed=failed or 0, checked=checked or 0))
    return " ".join(parts)


def _open(blank: Blank, brought: Brought, say: Mapping[str, str], lang: str) -> Iterator[str]:
    """List what nobody has answered; what the records of the office can answer is only counted."""
    missing = [leaf for leaf in blank.leaves if brought.unanswered.get(leaf.id)]
    if not missing:
        yield say["all_answered"]
        return
    yield say["open"]
    for leaf in missing:
        items = brought.unanswered[leaf.id]
        by_hand = [item for item in items if not _from_records(blank, leaf, item)]
        said = say["of"].format(open=len(items), all=len(leaf.asks))
        if len(by_hand) < len(items):
            key = "from_records" if by_hand else "all_from_records"
            said += say[key].format(number=len(items) - len(by_hand))
        if by_hand and len(items) < len(leaf.asks):
            said += say["colon" if len(by_hand) == len(items) else "by_hand"]
            said += ", ".join(item.removeprefix(f"{leaf.id}-") for item in by_hand)
        title = blank.handbook.say(leaf.checklist.title, lang)
        yield from hanging(f"{leaf.id} {title}  {said}", "  ")


def _from_records(blank: Blank, leaf: Leaf, item: str) -> bool:
    """Say whether a rule that code decides answers an item, once the records are there."""
    rules = blank.handbook.rules
    return any(
        name in rules and rules[name].kinds for name in leaf.checklist.by_id[item].answer_from
    )


def _written(brought: Brought, say: Mapping[str, str], *, whole: bool) -> Iterator[str]:
    """Say what was written; `whole` where every file that was read could be used."""
    if not brought.files:
        known = "nothing_new" if whole else "nothing_new_of_rest"
        kept = brought.saved and not brought.outdated
        yield say[known if kept else "nothing_changed"]
        return
    yield say["written"]
    folders = Counter(path.parent for path in brought.files)
    for path in brought.files:
        if path.suffix == ".json" and (path.name != "index.json" or not brought.photos):
            yield f"  {path.as_posix()}"
    for folder in folders:
        if brought.photos and folder.name == "evidence":
            yield f"  {_folder(folder)}  {say['new_photos'].format(number=brought.photos)}"


def _folder(folder: Path) -> str:
    return f"{folder.as_posix()}/"


def _short(text: str, columns: int) -> str:
    text = harmless(text).replace("\n", " ")
    return text if width(text) <= columns else fitting(text, columns - 1) + "…"
