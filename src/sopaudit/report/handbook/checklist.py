"""Checklists, and how they are scored, as the book shows them."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import zip_longest
from typing import Final

from sopaudit.criteria.checklist import Branch, Checklist, Item
from sopaudit.criteria.field import Text, plain
from sopaudit.criteria.judging import set_shares
from sopaudit.criteria.label import limiting
from sopaudit.criteria.scheme import Band, Limit, Scheme
from sopaudit.report.handbook.fit import LYING, UPRIGHT, Cell, Row, beside, setting
from sopaudit.report.handbook.model import (
    BranchSheet,
    ChecklistSheet,
    Fact,
    ItemRow,
    Mark,
    Said,
    SchemeSheet,
    SectionBlock,
    WeightRow,
)
from sopaudit.report.handbook.speaker import Speaker

_HEADING: Final = 38.0
"""What the heading, the lines to sign on and the key take, in millimetres."""


def checklist_sheet(speaker: Speaker, checklist: Checklist, above: float = 0) -> ChecklistSheet:
    """Write the sheet of a checklist, to stand below so many millimetres of other headings."""
    handbook = speaker.handbook
    scheme = handbook.schemes[checklist.scheme]
    titles = {section.id: section.title for section in checklist.sections}
    sections = list(dict.fromkeys(item.section or "" for item in checklist.items))
    used = list(dict.fromkeys(item.scoring or "" for item in checklist.items))
    sheet = ChecklistSheet(
        id=checklist.id,
        title=speaker.say(checklist.title),
        facts=(
            *speaker.facts(
                "list",
                post=() if checklist.post is None else speaker.post(checklist.post),
                scheme=speaker.say(scheme.title),
            ),
            *speaker.facts(
                "flow",
                edition=speaker.plain(checklist.edition),
                source=speaker.plain(checklist.source),
            ),
        ),
        scoring=tuple(Mark(name, _scoring(speaker, scheme, name)) for name in used),
        sections=tuple(
            _section(speaker, checklist, scheme, name, titles.get(name)) for name in sections
        ),
        size="",
    )
    return replace(sheet, size=_size(speaker, sheet, above))


def _size(speaker: Speaker, sheet: ChecklistSheet, above: float) -> str:
    """Choose how closely to set a checklist; the room is the column of questions, less padding."""
    number = len(speaker.languages)
    rooms, page = ((84.0, 84.0), LYING[1]) if number > 1 else ((85.0,), UPRIGHT[1])
    rows = []
    for section in sheet.sections:
        rows += [Row(beside(section.title, rooms))] if section.title else []
        for item in section.items:
            asked = beside(item.question, rooms)
            parts = [Cell(p[0], rooms[0], 0.87) for p in item.parts]
            noted = speaker.joined((item.sample, item.needs, _answers(speaker, item)), "      ")
            notes = beside(noted, rooms, 0.87)
            columns = [
                (*question, *parts, *note)
                for question, note in zip_longest(asked, notes, fillvalue=())
            ]
            standards = tuple(Cell(name, 14.0, 0.88) for name in item.standards)
            rows.append(Row((*columns, standards)))
    return setting(rows, page, _HEADING + above)


def _answers(speaker: Speaker, item: ItemRow) -> Said:
    if not item.answered_by:
        return ()
    return speaker.joined(
        (speaker.word("list", "answered"), speaker.plain(" ".join(item.answered_by))), " "
    )


def _section(
    speaker: Speaker, checklist: Checklist, scheme: Scheme, name: str, title: Text | None
) -> SectionBlock:
    items = [item for item in checklist.items if (item.section or "") == name]
    total = sum((item.points or Fraction(0) for item in items), Fraction(0))
    return SectionBlock(
        id=name,
        title=speaker.say(title),
        points=plain(total) if total else "",
        items=tuple(_item(speaker, scheme, item) for item in items),
    )


def _item(speaker: Speaker, scheme: Scheme, item: Item) -> ItemRow:
    needs = speaker.say(item.evidence_required)
    applies = speaker.say(item.applies_if)
    return ItemRow(
        id=item.id,
        question=speaker.say(item.question),
        sample=speaker.say(item.sample),
        needs=speaker.joined(
            (
                speaker.joined((speaker.word("list", "needs"), needs), "") if needs else (),
                speaker.joined((speaker.word("list", "applies"), applies), "") if applies else (),
            ),
            "  ",
        ),
        points=plain(item.points) if item.points else "",
        severity=item.severity or "",
        severity_words=speaker.severity(item.severity),
        method="".join(item.method),
        scoring=item.scoring or "",
        veto=_vetoes(scheme, item),
        standards=item.standards,
        answered_by=item.answer_from,
        parts=tuple(speaker.say(part.title) for part in item.parts),
        mark=item.provenance or "",
    )


def _vetoes(scheme: Scheme, item: Item) -> bool:
    """Say whether a limit of the scheme waits for this very kind of item."""
    return not item.points and any(limit.where for limit in limiting(scheme, item))


def _scoring(speaker: Speaker, scheme: Scheme, name: str) -> Said:
    """Say in words how a named answer set counts."""
    told = scheme.sets.get(name)
    if told is None:
        return ()
    if isinstance(told, str):
        return speaker.word("scoring", "rate" if told == "rate" else "number")
    if not isinstance(told, Mapping):
        return speaker.word("scoring", "each", n=plain(told.each))
    parts = {answer: plain(share) for answer, share in set_shares(told).items()}
    usual = {"": "none", "yes 1, no 0": "all", "yes 1, partial 0.5, no 0": "half"}
    listed = ", ".join(f"{answer} {share}" for answer, share in parts.items())
    return speaker.word("scoring", usual.get(listed, "shares"), shares=listed)


def branch_sheet(speaker: Speaker, branch: Branch) -> BranchSheet:
    """Write how posts add up, and the schemes behind it."""
    handbook = speaker.handbook
    schemes = [handbook.checklists[part.checklist].scheme for part in branch.of]
    return BranchSheet(
        id=branch.id,
        title=speaker.say(branch.title),
        weights=tuple(
            WeightRow(
                part.checklist,
                speaker.say(handbook.checklists[part.checklist].title),
                plain(part.weight),
            )
            for part in branch.of
        ),
        schemes=tuple(
            _scheme(speaker, handbook.schemes[name])
            for name in dict.fromkeys((*schemes, branch.scheme))
        ),
    )


def _scheme(speaker: Speaker, scheme: Scheme) -> SchemeSheet:
    return SchemeSheet(
        id=scheme.id,
        title=speaker.say(scheme.title),
        explanation=speaker.say(scheme.explanation),
        grades=tuple(Fact(_grade(speaker, band), _range(speaker, band)) for band in scheme.grades),
        limits=tuple(_limit(speaker, limit) for limit in scheme.limits),
    )


def _grade(speaker: Speaker, band: Band) -> Said:
    return speaker.joined((speaker.plain(band.grade), speaker.say(band.title)), " ")


def _range(speaker: Speaker, band: Band) -> Said:
    bounds = {key: getattr(band, key) for key in ("at_least", "at_most", "above", "below")}
    told = [speaker.word("rule", k, n=plain(n)) for k, n in bounds.items() if n is not None]
    return speaker.joined(told, ", ") or speaker.plain("–")


def _limit(speaker: Speaker, limit: Limit) -> Said:
    title = speaker.say(limit.title)
    told = (
        speaker.word("list", "grade_at_most", title=title, grade=limit.grade)
        if limit.grade is not None
        else title
    )
    confirm = speaker.word("list", "confirm") if limit.confirm else ()
    return speaker.joined((told, confirm), " · ")
