"""A checklist as A4 pages to write on: each one a paper of its own, with its own page numbers.

It goes through the press once. Every page has a code of its own, although nobody knows how many
pages a checklist takes before they are laid out: the style sheet holds a code for each page there
could be, and the press takes those it needs (`@page leaf1:nth(3 of leaf1)`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from fractions import Fraction
from math import ceil
from typing import Final

from sopaudit.criteria.field import plain
from sopaudit.criteria.organisation import Person
from sopaudit.evidence.record import RecordedAnswer
from sopaudit.findings.conclusion import conclude_folder
from sopaudit.press.html import page
from sopaudit.press.words import words
from sopaudit.sheets.blank import Blank, Leaf
from sopaudit.sheets.paper.cases import case_lists
from sopaudit.sheets.paper.items import Items, worth
from sopaudit.sheets.paper.mark import PageMark, picture
from sopaudit.sheets.paper.model import Fact, LeafPaper, Paper

DIGITS: Final = 8
"""How much of a digest a code says."""

SIGNERS: Final = 3
"""Lines to sign on for each side, at least."""

_TALL: Final = 40
"""mm an item takes on paper, where its texts are short."""

_LINE: Final = 9
"""mm any other row takes."""

_PAGE: Final = 75
"""mm of a page that are surely used: the next row may be too tall for the rest."""

_SIGNS: Final = 250
"""Signs a page surely holds, in the narrowest column of the table."""

_ENDS: Final = 4
"""Pages for the head, the signatures, and what begins on a page of its own."""

_BRACES: Final = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")


def paper(blank: Blank, lang: str) -> str:
    """Lay the checklists of a blank out as a page to be printed."""
    handbook, audit = blank.handbook, blank.audit
    leaves = tuple(_leaf(blank, leaf, lang, n) for n, leaf in enumerate(blank.leaves, 1))
    titles = [leaf.title for leaf in leaves]
    named = f"{handbook.say(handbook.title, lang)} {audit.id}" if audit else ""
    told = Paper(
        title=named or " · ".join(titles),
        authors=_people(blank, blank.auditors, lang),
        company=handbook.say(handbook.organisation.name, lang),
        day=blank.day.isoformat(),
        leaves=leaves,
    )
    return page("sheet/paper.html.j2", lang, "paper", page=told, sheets=words(lang, "sheets"))


def page_mark(blank: Blank, leaf: Leaf) -> PageMark:
    """Say what the code of a page says, but for the page."""
    digest = leaf.digest.rpartition(":")[2][:DIGITS]
    audit = blank.audit.id if blank.audit else ""
    return PageMark(audit, leaf.id, leaf.checklist.edition, digest)


def _leaf(blank: Blank, leaf: Leaf, lang: str, n: int) -> LeafPaper:
    items = Items(blank, leaf, lang, _lost(blank, leaf))
    say, sheets, name = items.say, words(lang, "sheets")["title"], f"leaf{n}"
    number, of = blank.part
    mark = page_mark(blank, leaf)
    title = items.text(leaf.checklist.title)
    counters = {
        "page": '" counter(sheet) "',
        "pages": f'" target-counter("#end-{name}", sheet) "',
    }
    told = LeafPaper(
        name=name,
        title=title,
        part="" if of == 1 else sheets["part"].format(number=number, of=of),
        facts=_facts(items),
        control=tuple(_control(items)),
        filled=any(ask.given for ask in leaf.asks),
        opened=items.opened(),
        blocks=items.blocks(),
        total=items.size(leaf.asks),
        scored=worth(leaf.asks) > 0,
        standards=any(ask.item.standards for ask in leaf.asks),
        lists=case_lists(items),
        drawn=_drawn(items),
        signers=_signers(items),
        running=css_text("　".join(filter(None, (mark.audit, leaf.id, title)))),
        foot=f'"{say["head"]["page"].format(**counters)}"',
    )
    return _marked(told, mark)


def _lost(blank: Blank, leaf: Leaf) -> dict[str, str]:
    """Give the points each item lost that was looked at, as the audit itself is scored."""
    given = [ask.item.id for ask in leaf.asks if any(_looked_at(one) for one in ask.given)]
    if not given or blank.folder is None:
        return {}
    found = (one for one in conclude_folder(blank.folder).findings if one.checklist == leaf.id)
    lost = {one.item.id: _shown(one.lost) for one in found if one.lost is not None}
    return {item: lost.get(item, "0") for item in given}


def _looked_at(given: RecordedAnswer) -> bool:
    return not given.silent and given.result_seen not in ("na", "unchecked")


def _shown(points: Fraction) -> str:
    """Write points with two decimals at most, halves up, as reports do."""
    return plain(Fraction(int(points * 100 + Fraction(1, 2)), 100))


# --- the head ----------------------------------------------------------------------------------


def _facts(items: Items) -> tuple[tuple[Fact, ...], ...]:
    """Give what stands above a checklist, in rows of three; what nobody knows is to be written."""
    blank, leaf, say = items.blank, items.leaf, words(items.lang, "sheets")["title"]
    audit, head = blank.audit, items.say["head"]
    office = blank.handbook.offices.get(audit.office) if audit else None
    unit = items.text(office.title) if office else audit.office if audit else ""
    kind = words(items.lang, "report")["kind"][audit.kind] if audit else ""
    period = f"{audit.period.from_} — {audit.period.to}" if audit else ""
    edition = f"{leaf.id}　{leaf.checklist.edition}　{page_mark(blank, leaf).digest}"
    rows = [
        (
            Fact(say["office"], unit),
            Fact(say["audit"], audit.id if audit else ""),
            Fact(head["kind"], kind),
        ),
        (
            Fact(say["period"], period),
            Fact(say["date"], audit.date.isoformat() if audit else ""),
            Fact(head["checklist"], edition),
        ),
        (
            Fact(say["auditor"], names=_people(blank, blank.auditors, items.lang)),
            Fact(say["auditee"], names=_people(blank, blank.auditees, items.lang)),
            Fact(head["people"], names=_people(blank, leaf.people, items.lang)),
        ),
    ]
    return tuple(rows if items.owned else [*rows[:2], rows[2][:2]])


def _people(blank: Blank, people: Sequence[Person], lang: str) -> tuple[str, ...]:
    return tuple(_named(blank, one, lang) for one in people)


def _named(blank: Blank, person: Person, lang: str) -> str:
    return f"{person.id} {blank.handbook.say(person.name, lang)}"


def _control(items: Items) -> Iterator[str]:
    """Say what the handbook is as a controlled document, and the number of the audit's papers."""
    handbook, head = items.blank.handbook, items.say["head"]
    settings, document = handbook.report, handbook.document
    number = _number(items.blank)
    if number:
        yield f"{head['report']} {number}"
    if document:
        yield f"{head['document']} {document.number}"
        yield head["edition"].format(edition=f"{handbook.edition} / {document.revision}")
        yield head["controlled" if document.controlled else "uncontrolled"]
    if settings.confidentiality:
        yield items.text(settings.confidentiality)


def _number(blank: Blank) -> str:
    audit = blank.audit
    if audit is None:
        return ""
    known = {
        "audit.id": audit.id,
        "office.id": audit.office,
        "org.id": blank.handbook.organisation.id,
    }
    pattern = blank.handbook.report.number or ""
    return _BRACES.sub(lambda found: known.get(found[1], found[0]), pattern)


def _drawn(items: Items) -> tuple[str, ...]:
    blank, say = items.blank, items.say["cases"]
    if not blank.tickets:
        return ()
    told = say["draw"].format(start=blank.start, population=blank.population, n=len(blank.drawn))
    return (told, say["certain"]) if blank.certain else (told,)


def _signers(items: Items) -> tuple[tuple[str, str], ...]:
    """Pair those who sign for either side; an empty name is room to write it."""
    blank, lang = items.blank, items.lang
    ours = _people(blank, blank.auditors, lang)
    theirs = _people(blank, blank.auditees or items.leaf.people, lang)
    lines = max(SIGNERS, len(ours), len(theirs))
    return tuple(("".join(ours[n : n + 1]), "".join(theirs[n : n + 1])) for n in range(lines))


# --- pages -------------------------------------------------------------------------------------


def _marked(leaf: LeafPaper, mark: PageMark) -> LeafPaper:
    """Give a checklist the codes of its pages."""
    codes = tuple(
        (number, picture(mark.on(number).text), _below(mark, str(number)))
        for number in range(1, most_pages(leaf) + 1)
    )
    return replace(leaf, marks=codes, spare=(picture(mark.text), _below(mark)))


def _below(mark: PageMark, *more: str) -> str:
    return css_text("\n".join((mark.checklist, mark.digest, *more)))


def most_pages(leaf: LeafPaper) -> int:
    """Say how many pages a checklist takes at most; a code too many costs nothing but a moment."""
    items = sum(len(block.items) for block in leaf.blocks)
    lines = len(leaf.blocks) + len(leaf.opened.rows if leaf.opened else ())
    lines += sum(len(one.rows) + len(one.key) for one in leaf.lists)
    lines += len(leaf.signers)
    tall = items * _TALL + lines * _LINE
    return ceil(tall / _PAGE + _signs(leaf) / _SIGNS) + len(leaf.lists) + _ENDS


def _signs(told: object) -> int:
    """Count the signs of everything that is said."""
    if isinstance(told, str):
        return len(told)
    if isinstance(told, tuple):
        return sum(map(_signs, told))
    if is_dataclass(told):
        return sum(_signs(getattr(told, one.name)) for one in fields(told))
    return 0


def css_text(text: str) -> str:
    """Write a text as CSS does, so that nothing in it can end it."""
    return '"' + "".join(s if s.isalnum() or s in " -" else f"\\{ord(s):x} " for s in text) + '"'
