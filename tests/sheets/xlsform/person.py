"""What a person taps and types into the form, to say what a record says."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sopaudit.criteria.field import plain
from sopaudit.evidence.record import Case, Record, RecordedAnswer
from sopaudit.sheets.blank import Ask, Blank, Leaf
from sopaudit.sheets.xlsform.names import ROLE, SIGN, SIGNER, SIGNERS, Names, choice, code

Values = dict[str, str]


@dataclass
class Typed:
    """Answers by name of the question; rows by name of the repeat."""

    values: Values = field(default_factory=dict)
    rows: dict[str, list[Values]] = field(default_factory=dict)


def typed(blank: Blank, records: Iterable[Record]) -> Typed:
    """Say all that the records say, as far as the blank asks it."""
    found, names = Typed(), Names(blank)
    if blank.auditors:
        found.values["auditor"] = blank.auditors[0].id
    signed: list[Values] = []
    for record in records:
        leaf = blank.leaf(record.checklist.id)
        assert leaf is not None
        if blank.tickets and leaf.grid:
            found.rows[f"drawn_{code(leaf.id)}"] = [{} for _ in blank.tickets]
        for given in record.answers:
            if given.item in leaf.by_id:
                _answer(found, blank, leaf, names, given)
        signed += [{ROLE: s.role, SIGNER: choice(s.person)} for s in record.signatures]
    found.rows[SIGN] = signed
    found.values[SIGNERS] = str(len(signed))
    return found


def _answer(found: Typed, blank: Blank, leaf: Leaf, names: Names, given: RecordedAnswer) -> None:
    ask = leaf.by_id[given.item]
    told = {
        "answer": choice(given.result or ""),
        "value": "" if given.value is None else plain(given.value),
        "note": given.note,
        "person": choice(given.person or ""),
        "confirmed": choice(given.confirmed.by) if given.confirmed else "",
    }
    if not given.cases and given.sample is not None:
        failed, checked = given.counts
        told |= {"checked": str(checked), "failed": str(failed)}
    found.values |= {names.of(kind, leaf, ask): text for kind, text in told.items() if text}
    free = []
    for case in given.cases:
        if case.id in blank.tickets and ask.drawn:
            row = found.rows[f"drawn_{code(leaf.id)}"][blank.tickets.index(case.id)]
            row.update(_case("drawn", leaf, ask, names, case))
        else:
            number = {names.of("freeid", leaf, ask): case.id}
            free.append(number | _case("free", leaf, ask, names, case))
    if free:
        found.values[names.of("more", leaf, ask)] = str(len(free))
        found.rows[f"cases_{names.stem(leaf, ask)}"] = free


def _case(way: str, leaf: Leaf, ask: Ask, names: Names, case: Case) -> Values:
    word = case.judged or ""
    told: Values = {names.of(f"{way}case", leaf, ask): "no" if word == "partial" else word}
    parts = case.parts.items() if word != "na" else ()
    told |= {names.part(way, leaf, ask, part): result for part, result in parts}
    told[names.of(f"{way}caseperson", leaf, ask)] = choice(case.person or "")
    told[names.of(f"{way}casenote", leaf, ask)] = case.note
    return {name: text for name, text in told.items() if text}


def asked_as(blank: Blank, item: str, kind: str) -> str:
    """Name the question of a kind about an item."""
    leaf, ask = next(one for one in blank.asks if one[1].item.id == item)
    return Names(blank).of(kind, leaf, ask)
