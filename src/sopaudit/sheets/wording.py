"""What a sheet says of an item, the same on paper, in a workbook and on a phone."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from sopaudit.criteria.field import plain
from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.judging import set_shares
from sopaudit.criteria.label import decisive
from sopaudit.criteria.scheme import Each
from sopaudit.press.words import words
from sopaudit.sheets.blank import Ask, Leaf

TICKS: Final = {"yes": "√", "partial": "△", "no": "×"}
"""What a case is ticked with; other words are spelled out."""

MEANT: Final = {sign: word for word, sign in TICKS.items()}
"""What these signs mean on our own sheets, which say so; △ may mean anything in a foreign table."""


def answer_title(word: str, lang: str) -> str:
    """Say an answer word; one of a foreign scheme is its own title."""
    return words(lang, "sheets")["answer"].get(word, word)


def rule(ask: Ask, leaf: Leaf, lang: str) -> str:
    """Say how an item is scored, from the scoring word of its checklist: 每处扣1分，扣完为止."""
    say = words(lang, "sheets")["rule"]
    points, answers = ask.points, ask.answers
    worth = "" if points is None else plain(points)
    free = "_free" if points is None else ""
    if ask.item.values:
        return say["values"].format(values=", ".join(plain(one) for one in ask.item.values))
    if isinstance(answers, Each):
        return say[f"each{free}"].format(each=plain(answers.each))
    if isinstance(answers, str):
        key = "rate" if answers == "rate" else f"points{free}"
        return say[key].format(points=worth or "1")
    return _by_word(ask, answers, leaf, lang)


def _by_word(ask: Ask, answers: Mapping[str, Fraction | str], leaf: Leaf, lang: str) -> str:
    say = words(lang, "sheets")["rule"]
    parts = set_shares(answers)
    if ask.veto and not parts:
        return say["veto"].format(grade=_veto_grade(ask, leaf))
    if not ask.points or not parts:
        return say["none"]
    if parts == {"yes": 1, "no": 0}:
        return say["all"].format(points=plain(ask.points))
    return _listed(parts, ask.points, lang)


def _listed(parts: Mapping[str, Fraction], points: Fraction, lang: str) -> str:
    say = words(lang, "sheets")["rule"]["share"]
    told = (
        say.format(word=answer_title(word, lang), part=plain(share * points))
        for word, share in parts.items()
    )
    return ("，" if lang == "zh" else ", ").join(told)


def _veto_grade(ask: Ask, leaf: Leaf) -> str:
    grades = (limit.grade for limit in decisive(leaf.scheme, ask.item))
    return next(filter(None, grades), "")


def method(ask: Ask, handbook: Handbook, lang: str) -> str:
    """Say how an item is looked at, such as 查阅记录、系统数据."""
    named = [handbook.methods[m].to(lang) if m in handbook.methods else m for m in ask.item.method]
    return ("、" if lang == "zh" else ", ").join(named)


def standards(ask: Ask, handbook: Handbook, lang: str) -> list[tuple[str, str]]:
    """Give the standards an item verifies: id and text; one that is unknown has no text."""
    known = handbook.standards
    return [
        (name, handbook.say(known[name].standard, lang) if name in known else "")
        for name in ask.item.standards
    ]
