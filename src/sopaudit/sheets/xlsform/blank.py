"""The form for ODK Collect and KoboToolbox, as the XLSForm workbook their servers take.

Each submission says by itself which audit and which editions it is of, in a calculated question.
What a form shows while it is filled in is help for whoever fills it; the answers are read and
judged anew when they come back.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from io import BytesIO
from typing import Final

import xlsxwriter

from sopaudit.criteria.organisation import Person
from sopaudit.press.charts import ACCENT
from sopaudit.press.words import words
from sopaudit.sheets.blank import Blank, Leaf, identity
from sopaudit.sheets.xlsform.item import Items, sectioned
from sopaudit.sheets.xlsform.names import (
    AUDITOR,
    FIELD_SIGN,
    IDENTITY,
    ROLE,
    ROW_SIGN,
    SIGN,
    SIGN_LINE,
    SIGN_LINES,
    SIGNATURE,
    SIGNER,
    SIGNERS,
    Names,
    choice,
    code,
)
from sopaudit.sheets.xlsform.score import foretell
from sopaudit.sheets.xlsform.sheet import (
    Form,
    Row,
    Say,
    columns,
    fixed,
    from_handbook,
    joined_by,
    person_name,
    said,
    text_of,
    title,
)

ROOM: Final = 30_000
"""Signs of drawn tickets a cell can hold; a longer sample is listed case by case."""

ROLES: Final = ("auditor", "auditee", "head", "escort")

_SURVEY: Final = ("type", "name")
_CHOICES: Final = ("list_name", "name")
_WIDE, _USUAL = 42, 18


def xlsform(blank: Blank, lang: str) -> bytes:
    """Write the form; the same blank is the same file, byte for byte."""
    langs = blank.handbook.languages
    chosen = lang if lang in langs else langs[0]
    form = Form(langs)
    _head(form, blank)
    names = Names(blank)
    for leaf in blank.leaves:
        _leaf(form, blank, leaf, names)
    _signatures(form, blank)
    file = BytesIO()
    created = datetime.combine(blank.day, time())
    made = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    made.set_properties({"title": _title(blank, chosen), "created": created})
    _table(made, "survey", form.survey, _SURVEY)
    _table(made, "choices", form.choices, _CHOICES)
    _table(made, "settings", [_settings(blank, chosen)], ())
    made.close()
    return file.getvalue()


def form_id(blank: Blank) -> str:
    """Name the form on its server; every version of an audit's form has the same one."""
    number, of = blank.part
    stem = "_".join(filter(None, (IDENTITY, code(blank.name.removesuffix(f"-{number}of{of}")))))
    return stem if of == 1 else f"{stem}_{number}of{of}"


def _settings(blank: Blank, lang: str) -> Row:
    told = identity(blank)
    editions = dict.fromkeys(leaf.checklist.edition for leaf in blank.leaves)
    return {
        "form_title": _title(blank, lang),
        "form_id": form_id(blank),
        "version": f"{'+'.join(editions)}-{told['seal']}",
        "default_language": title(lang),
        "style": "pages",
    }


def _title(blank: Blank, lang: str) -> str:
    if blank.audit is not None:
        return f"{blank.audit.id} {_office(blank)(lang)}"
    return ", ".join(blank.handbook.say(leaf.checklist.title, lang) for leaf in blank.leaves)


def _office(blank: Blank) -> Say:
    handbook, audit = blank.handbook, blank.audit
    known = handbook.offices.get(audit.office) if audit else None
    if audit is None or known is None:
        return fixed(audit.office if audit else "")
    return text_of(lambda lang: handbook.say(known.title, lang))


def _head(form: Form, blank: Blank) -> None:
    """Say what the form is of, when it was filled and by whom; the device is nobody's business."""
    form.ask("start", "start")
    form.ask("end", "end")
    told = json.dumps(identity(blank), separators=(",", ":")).replace("'", "\\u0027")
    form.ask("calculate", IDENTITY, calculation=f"'{told}'")
    form.ask("note", "about", _about(blank))
    if blank.auditors:
        people = form.list_of("people", _people(blank, blank.auditors))
        form.ask(f"select_one {people}", AUDITOR, said("form", "auditor"), required="yes")


def _about(blank: Blank) -> Say:
    audit, office = blank.audit, _office(blank)

    def say(lang: str) -> str:
        told = words(lang, "xlsform")["form"]
        lines = [
            f"{blank.handbook.say(leaf.checklist.title, lang)} {leaf.checklist.edition}"
            for leaf in blank.leaves
        ]
        if audit is not None:
            period = audit.period
            first, last = period.from_.isoformat(), period.to.isoformat()
            lines[:0] = [
                told["about"].format(audit=audit.id, office=office(lang)),
                told["period"].format(first=first, last=last),
            ]
        number, of = blank.part
        if of > 1:
            part = words(lang, "sheets")["title"]["part"]
            lines.append(part.format(number=number, of=of))
        return "\n".join(lines)

    return text_of(say)


def _people(blank: Blank, people: Sequence[Person]) -> list[tuple[str, Say]]:
    once = {person.id: person for person in people}
    return [(choice(name), person_name(blank.handbook, p)) for name, p in once.items()]


def _leaf(form: Form, blank: Blank, leaf: Leaf, names: Names) -> None:
    tickets = " ".join(map(choice, blank.tickets))
    grid = bool(leaf.grid and blank.tickets and len(tickets) <= ROOM)
    items = Items(form, blank, leaf, names, grid)
    handbook, titles = blank.handbook, {s.id: s.title for s in leaf.checklist.sections}
    form.group(f"list_{code(leaf.id)}", from_handbook(handbook, leaf.checklist.title))
    if grid:
        _grid(items, tickets)
    for section, asks in sectioned(leaf):
        if section:
            name, told = f"section_{code(section)}_of_{code(leaf.id)}", titles.get(section)
            form.group(
                name, from_handbook(handbook, told, f"{section} ") if told else fixed(section)
            )
        for ask in asks:
            items.item(ask)
        if section:
            form.end()
    foretell(items)
    form.end()


def _grid(items: Items, tickets: str) -> None:
    """List the drawn tickets, a screen each, with every item that looks at cases."""
    form, leaf, names = items.form, items.leaf, items.names
    count = len(items.blank.tickets)
    form.ask(
        "begin_repeat", f"drawn_{code(leaf.id)}", said("form", "drawn", number=str(count)),
        appearance="field-list", repeat_count=str(count),
    )  # fmt: skip
    ticket = names.ticket(leaf)
    form.ask("calculate", ticket, calculation=f"selected-at('{tickets}', position(..) - 1)")
    form.ask(
        "note", f"shown_{code(leaf.id)}", said("form", "ticket", ticket=f"${{{ticket}}}"),
        hint=said("form", "not_looked"),
    )  # fmt: skip
    for ask in leaf.grid:
        items.case("drawn", ask, f"${{{ticket}}}", items.question(ask))
    form.end("repeat")


def _signatures(form: Form, blank: Blank) -> None:
    everybody = [
        *blank.auditors,
        *blank.auditees,
        *(p for leaf in blank.leaves for p in leaf.people),
    ]
    form.group("signing", said("form", "signatures"))
    form.ask(
        "integer", SIGNERS, said("form", "signers"), default="2", constraint=". >= 0 and . <= 20",
        constraint_message=said("must", "number", most="20"),
    )  # fmt: skip
    person = _people(blank, everybody)
    form.ask(
        "begin_repeat", SIGN, said("form", "signatures"), appearance="field-list",
        repeat_count=f"${{{SIGNERS}}}", relevant=f"${{{SIGNERS}}} > 0",
    )  # fmt: skip
    roles = form.list_of("roles", [(role, said("role", role)) for role in ROLES])
    form.ask(f"select_one {roles}", ROLE, said("form", "role"))
    if person:
        people = form.list_of("people", person)
        form.ask(f"select_one {people}", SIGNER, said("form", "signer"), appearance="minimal")
    else:
        form.ask("text", SIGNER, said("form", "signer"))
    form.ask(
        "image", SIGNATURE, said("form", "sign"), appearance="signature",
        parameters="max-pixels=1000",
    )  # fmt: skip
    line = joined_by(FIELD_SIGN, [f"${{{name}}}" for name in (ROLE, SIGNER, SIGNATURE)])
    form.ask("calculate", SIGN_LINE, calculation=line)
    form.end("repeat")
    form.ask("calculate", SIGN_LINES, calculation=f"join('{ROW_SIGN}', ${{{SIGN_LINE}}})")
    form.end()


def _table(
    made: xlsxwriter.Workbook, name: str, rows: Sequence[Mapping[str, str]], first: Sequence[str]
) -> None:
    """Write one table, its header in bold and in sight."""
    sheet = made.add_worksheet(name)
    header = made.add_format({"bold": True, "bg_color": ACCENT, "font_color": "#ffffff"})
    text = made.add_format({"valign": "top", "num_format": 49})
    at = {column: n for n, column in enumerate(columns(rows, first))}
    for column, n in at.items():
        sheet.write_string(0, n, column, header)
        wide = "::" in column or column in ("calculation", "form_title", "version")
        sheet.set_column(n, n, _WIDE if wide else _USUAL)
    for n, row in enumerate(rows, 1):
        for column, content in row.items():
            sheet.write_string(n, at[column], content, text)
    sheet.freeze_panes(1, min(len(first), 2))
