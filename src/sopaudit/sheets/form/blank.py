"""Writes the offline form: the built template, filled with what a blank asks.

The checklist travels as JSON inside the page. Whatever stands in it, a text of the handbook can
neither end the script nor begin another; the page asks no address for anything.
"""

import json
from collections.abc import Mapping
from fractions import Fraction
from html import escape
from importlib.resources import files
from typing import Any, Final

from sopaudit.criteria.field import Text, plain
from sopaudit.criteria.judging import scored
from sopaudit.evidence.grounds import fails
from sopaudit.evidence.people import People
from sopaudit.evidence.record import RecordedAnswer
from sopaudit.press.words import catalogue
from sopaudit.problems import LANGUAGES
from sopaudit.sheets.blank import Ask, Before, Blank, Leaf, identity
from sopaudit.sheets.preview import Meter, preview
from sopaudit.sheets.wording import answer_title, method, rule, standards

Told = dict[str, Any]
"""Plain data, ready to be written as JSON."""

TEMPLATE: Final = "form.html"


def form(blank: Blank, lang: str, links: str = "") -> bytes:
    """Write the form of a blank, opening in `lang`; equal blanks are equal bytes.

    `links` are those to files beside it, where it does not stand alone.
    """
    template = files("sopaudit.sheets.form").joinpath(TEMPLATE).read_text(encoding="utf-8")
    first = lang if lang in LANGUAGES else "en"
    # The sheet goes in last: what is written in it is no place holder, whatever it looks like.
    head, rest = template.split("%SHEET%")
    head = head.replace("%LANG%", "zh-CN" if first == "zh" else first)
    head = head.replace("%LINKS%", links)
    title = f"{heading(blank, first)} {blank.audit.id if blank.audit else ''}".strip()
    head = head.replace("%TITLE%", escape(title))
    return f"{head}{_harmless(sheet(blank, first))}{rest}".encode()


def heading(blank: Blank, lang: str) -> str:
    """Say which sheet it is: of which office, or of which checklists."""
    if blank.audit is None:
        return " · ".join(leaf.checklist.title.to(lang) for leaf in blank.leaves)
    known = blank.handbook.offices
    office = blank.audit.office
    return known[office].title.to(lang) if office in known else office


def _harmless(told: Told) -> str:
    """Write JSON in which no tag and no comment can begin or end."""
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    for sign, written in (("<", "\\u003c"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029")):
        text = text.replace(sign, written)
    return text


def sheet(blank: Blank, lang: str) -> Told:
    """Tell the form all it asks and says, in every language of this program."""
    audit, asked = blank.audit, blank.handbook.records
    people = {person.id: person for leaf in blank.leaves for person in leaf.people}
    people |= {person.id: person for person in (*blank.auditors, *blank.auditees)}
    people |= {one.id: one for one in blank.witnesses}
    return {
        "identity": identity(blank),
        "name": blank.name,
        "lang": lang,
        "langs": list(LANGUAGES),
        "title": {one: heading(blank, one) for one in LANGUAGES},
        "facts": {one: _facts(blank, one) for one in LANGUAGES},
        "auditors": list(audit.auditors) if audit else [],
        "auditees": [*audit.auditees] if audit else [],
        "people": {id_: _both(person.name) for id_, person in people.items()},
        **_witnesses(blank),
        "asked": {"note": list(asked.note), "evidence": list(asked.evidence)},
        "tickets": list(blank.tickets),
        "leaves": [_leaf(blank, leaf) for leaf in blank.leaves],
        "words": {one: _words(one) for one in LANGUAGES},
    }


def _witnesses(blank: Blank) -> Told:
    """Tell whom the form offers as second person of a veto, and by what it judges whoever is named.

    Nobody of `examined`; and of `leaders`, who answer where nobody has signed, one alone.
    """
    people = People(blank.handbook, blank.audit) if blank.audit else None
    return {
        "second": [person.id for person in blank.witnesses],
        "leaders": sorted(people.leaders) if people else [],
        "examined": sorted(people.examined) if people else [],
    }


def _facts(blank: Blank, lang: str) -> list[str]:
    audit = blank.audit
    if audit is None:
        return [blank.day.isoformat()]
    days = f"{audit.period.from_.isoformat()} – {audit.period.to.isoformat()}"
    parts = catalogue("sheets")["title"]["part"][lang]
    number, of = blank.part
    cut = [parts.format(number=number, of=of)] if of > 1 else []
    return [audit.id, *cut, days]


def _words(lang: str) -> dict[str, str]:
    """Give the words of the form by section and key, joined by a dot."""
    told = {
        f"{section}.{key}": said[lang]
        for section, entries in catalogue("form").items()
        for key, said in entries.items()
    }
    shared = catalogue("sheets")
    told |= {f"answer.{key}": said[lang] for key, said in shared["answer"].items()}
    told["column.confirmed"] = shared["column"]["confirmed"][lang]
    return told | {
        f"title.{key}": shared["title"][key][lang]
        for key in ("auditor", "auditee", "preview", "no_preview")
    }


def _both(text: Text) -> dict[str, str]:
    return {lang: text.to(lang) for lang in LANGUAGES}


# --- a checklist --------------------------------------------------------------------------------


def _leaf(blank: Blank, leaf: Leaf) -> Told:
    checklist, scheme = leaf.checklist, leaf.scheme
    coverage = scheme.coverage
    return {
        "id": leaf.id,
        "title": _both(checklist.title),
        "used": {
            "id": leaf.id,
            "edition": checklist.edition,
            "digest": leaf.digest,
            "scheme": {"id": scheme.id, "edition": scheme.edition, "digest": leaf.scheme_digest},
        },
        "people": [person.id for person in leaf.people],
        "coverage": None if coverage is None else _number(coverage.at_least),
        "preview": _preview(leaf),
        "sections": {one.id: _both(one.title) for one in checklist.sections},
        "items": [_item(blank, leaf, ask) for ask in leaf.asks],
    }


def _number(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


def _preview(leaf: Leaf) -> Told | None:
    told = {lang: preview(leaf, lang) for lang in LANGUAGES}
    found = told[LANGUAGES[0]]
    if found is None:
        return None
    return {
        "meters": {item: _meter(meter) for item, meter in found.meters.items()},
        "percent": found.percent,
        "to": _number(found.to),
        "grades": [[grade, None if at is None else _number(at)] for grade, at in found.grades],
        "vetoes": [
            {
                "item": veto.item,
                "answer": veto.answer,
                "grade": veto.grade,
                "title": {lang: said.vetoes[n].title for lang, said in told.items() if said},
                "waits": veto.waits,
            }
            for n, veto in enumerate(found.vetoes)
        ],
    }


def _meter(meter: Meter) -> Told:
    told: Told = {
        "points": _number(meter.points),
        "shares": {word: _number(share) for word, share in meter.shares.items()},
    }
    if meter.each is not None:
        told["each"] = _number(meter.each)
    if meter.rate:
        told["rate"] = True
    if meter.given:
        told |= {"given": True, "weight": _number(meter.weight)}
    return told


def _item(blank: Blank, leaf: Leaf, ask: Ask) -> Told:
    item, handbook = ask.item, blank.handbook
    most = ask.points if ask.answers == "number" else None
    told: Told = {
        "id": item.id,
        "section": item.section or "",
        "question": {lang: handbook.say(item.question, lang) for lang in LANGUAGES},
        "way": ask.way,
        "words": [[word, {lang: answer_title(word, lang) for lang in LANGUAGES}]
                  for word in ask.words],
        "bad": [word for word in ask.words if _bad(ask, word, blank)],
        "most": None if most is None else _number(most),
        "counts": scored(ask.answers),
        "points": "" if not ask.points else plain(ask.points),
        "veto": ask.veto,
        "witness": ask.witness,
        "severity": item.severity or "",
        "rule": {lang: rule(ask, leaf, lang) for lang in LANGUAGES},
        "method": {lang: method(ask, handbook, lang) for lang in LANGUAGES},
        "standards": _standards(ask, blank),
    }  # fmt: skip
    texts = {
        "sample": item.sample,
        "evidence": item.evidence_required,
        "applies": item.applies_if,
    }
    told |= {name: _both(text) for name, text in texts.items() if text is not None}
    if leaf.scheme.no_rows == "zero":
        told["quiet"] = True  # an inspector writes down what is wrong, and nothing else
    if item.parts:
        told["parts"] = [[part.id, _both(part.title)] for part in item.parts]
    if item.values:
        told["values"] = [plain(value) for value in item.values]
    if ask.before is not None:
        told["before"] = {lang: _before(ask, ask.before, lang) for lang in LANGUAGES}
        told["failed_before"] = ask.before.finding is not None
    if len(ask.given) == 1:
        told["given"] = given(ask.given[0])
    elif ask.given:
        told["several"] = True
    return told


def _bad(ask: Ask, word: str, blank: Blank) -> bool:
    said = RecordedAnswer(item=ask.item.id, result=word)
    return fails(said, ask.item, ask.answers, blank.day)


def _standards(ask: Ask, blank: Blank) -> list[Told]:
    told = {lang: standards(ask, blank.handbook, lang) for lang in LANGUAGES}
    return [
        {"id": id_, "text": {lang: said[n][1] for lang, said in told.items()}}
        for n, (id_, _) in enumerate(told[LANGUAGES[0]])
    ]


def _before(ask: Ask, before: Before, lang: str) -> str:
    say = {key: said[lang] for key, said in catalogue("form")["form"].items()}
    told = [_answered(one, ask, say, lang) for one in before.given]
    return f"{say['before'].format(day=before.day.isoformat())}: {'; '.join(filter(None, told))}"


def _answered(one: RecordedAnswer, ask: Ask, say: Mapping[str, str], lang: str) -> str:
    """Say an answer of last time: word, number, cases, remark."""
    failed, checked = one.counts
    parts = []
    if one.result:
        parts.append(answer_title(one.result, lang))
    if one.value is not None:
        key = "before_points" if ask.way == "points" else "before_times"
        parts.append(say[key].format(n=plain(one.value)))
    elif checked is not None:
        parts.append(say["before_counts"].format(checked=checked, failed=failed))
    if one.note:
        parts.append(one.note)
    return ("，" if lang == "zh" else ", ").join(parts)


def given(answer: RecordedAnswer) -> Told:
    """Tell an answer as the form keeps one; what says nothing is left out."""
    sample = answer.sample
    told: Told = {
        "r": answer.result,
        "v": None if answer.value is None else plain(answer.value),
        "n": answer.note,
        "p": answer.person,
        "w": answer.confirmed and answer.confirmed.by,
        "at": None if answer.at is None else answer.at.isoformat(),
    }
    if sample is not None and sample.cases:
        told["cases"] = [
            {
                "id": case.id,
                "r": "" if case.parts else case.result or "",
                "parts": dict(case.parts),
                "p": case.person or "",
                "n": case.note,
                "drawn": False,
            }
            for case in sample.cases
        ]
    elif sample is not None:
        told |= {"f": _text(sample.failed), "c": _text(sample.checked)}
    return {key: value for key, value in told.items() if value}


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
