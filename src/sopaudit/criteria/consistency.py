"""What must hold across the files of a handbook: references resolve, points add up.

Each check is a function from the draft to problems; `CHECKS` is the whole list. Numbers and dates
are compared only in files with nothing wrong, because a stand-in has none that its author meant.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from sopaudit.criteria.box import charts, meanings
from sopaudit.criteria.cashflow import cash_flows
from sopaudit.criteria.checklist import Branch, Checklist, Item, ItemPart, Section
from sopaudit.criteria.draft import Draft, ids, ids_inside, opened, shaped, unknown
from sopaudit.criteria.drawing import Heading, SamplePlan
from sopaudit.criteria.effect import without_effect
from sopaudit.criteria.field import plain
from sopaudit.criteria.flow import calls, many, too_many, ways
from sopaudit.criteria.form import Form, FormField, FormGroup, Record
from sopaudit.criteria.kpi import Kpi
from sopaudit.criteria.labelled import labels
from sopaudit.criteria.letterhead import letterhead
from sopaudit.criteria.lifecycle import bookings, counting, measures, stages
from sopaudit.criteria.limiting import idle
from sopaudit.criteria.mending import STAND_IN
from sopaudit.criteria.money import MoneyMove, MoneyPlace
from sopaudit.criteria.organisation import Office, Person, Region
from sopaudit.criteria.parts import Equation, Loss, MoveType, PartPlace, PartsRules, Stage
from sopaudit.criteria.proof import worked
from sopaudit.criteria.reckoning import (
    ends,
    not_applicable_scored,
    nothing_weighs,
    points_by,
    values,
)
from sopaudit.criteria.reference import calendars, forms, headings, signatures, tables
from sopaudit.criteria.register import Code, CodeList, Event, Group, Term
from sopaudit.criteria.review import held_against, outdated
from sopaudit.criteria.rule import Condition, Rule
from sopaudit.criteria.ruling import kinds, names, targets
from sopaudit.criteria.scheme import Limit, Scheme
from sopaudit.criteria.section import SectionRule
from sopaudit.criteria.sop import Forbidden, Sop, Standard, Step
from sopaudit.criteria.soundness import (
    answers,
    bands,
    coverage,
    limits,
    persons,
    rolled,
    sections,
    shares,
)
from sopaudit.criteria.suppression import suppressions
from sopaudit.criteria.table import Column, Table
from sopaudit.criteria.whereabouts import whereabouts
from sopaudit.criteria.wording import unmeasured
from sopaudit.criteria.worked import WorkedCase, WorkedItem
from sopaudit.criteria.workflow import Entrance, Lane, Node, Workflow
from sopaudit.problems import Problem, choices
from sopaudit.reading.document import Document, Loc

_KINDS: Final[Mapping[type, str]] = {
    Region: "region",
    Office: "office",
    Sop: "file",
    Step: "step",
    Standard: "standard",
    Forbidden: "forbidden",
    Rule: "rule",
    Condition: "condition",
    Checklist: "file",
    Branch: "file",
    Item: "item",
    Scheme: "file",
    Workflow: "file",
    Node: "node",
    PartsRules: "file",
    Stage: "stage",
    MoveType: "move",
    Kpi: "kpi",
    Form: "form",
    Record: "record",
    Event: "event",
    CodeList: "codes",
    Term: "term",
    Table: "table",
}
"""What an id names; ids of one kind are distinct in the whole handbook. Posts, workflows,
checklists and schemes are of one kind, because digests are listed by their ids."""

_INNER_KINDS: Final = (
    Section, Limit, Lane, Entrance, Equation, Column, Group, WorkedCase, SamplePlan, Heading,
    MoneyPlace, MoneyMove,
    PartPlace, Loss,
)  # fmt: skip
"""What is named inside its own file only."""

_LISTED_KINDS: Final = (SectionRule, WorkedItem)
"""What is named inside its own list only: each worked sheet has sections and items of its own."""

_PART_KINDS: Final = (ItemPart, FormField, FormGroup, Code)
"""What is named inside the item, form or list it belongs to."""


def twice(draft: Draft) -> Iterator[Problem]:
    """Look for an id that names two things of one kind."""
    first: dict[tuple[str, str], tuple[Document, Loc]] = {}
    for file in draft.files:
        for loc, entry in file.contents.entries:
            model = type(entry)
            kind = _KINDS.get(model)
            if model in _INNER_KINDS:
                kind = f"{file.name} {model.__name__}"
            elif model in _PART_KINDS:
                kind = f"{file.name} {loc[:3]}"
            elif model in _LISTED_KINDS:
                kind = f"{file.name} {loc[:-1]}"
            if kind is None or entry.id in (None, STAND_IN):
                continue
            where: Loc = (*loc, "id")
            key = (kind, entry.id)
            if key in first:
                place = first[key][0].place(first[key][1])
                told = f"{place.path}:{place.line}"
                yield file.document.problem("H002", where, word=entry.id, first=told)
            first.setdefault(key, (file.document, where))


def roster(draft: Draft) -> Iterator[Problem]:
    """Look whether people belong to known offices and posts; one number is one person at a time."""
    posts = ids(draft.posts)
    for settings, file in shaped(draft.settings):
        offices = opened(office.id for office in settings.offices)
        regions = opened(region.id for region in settings.regions)
        for n, office in enumerate(settings.offices):
            yield from unknown(file, "H021", ("offices", n, "region"), office.region, regions)
        for n, person in enumerate(settings.roster):
            loc: Loc = ("roster", n)
            yield from unknown(file, "H022", (*loc, "office"), person.office, offices)
            for m, post in enumerate(person.posts):
                yield from unknown(file, "H015", (*loc, "posts", m), post, posts)
    for settings, file in shaped(draft.settings, whole=True):
        for n, person in enumerate(settings.roster):
            if person.from_ and person.to and person.to < person.from_:
                yield file.problem("H041", ("roster", n, "to"), word=person.id, first=person.from_)
            if any(_together(person, other) for other in settings.roster[:n]):
                yield file.problem("H042", ("roster", n, "id"), word=person.id)


def _together(one: Person, other: Person) -> bool:
    """Say whether two entries of the roster are one person on one day."""
    days = [day for day in (one.from_, other.from_) if day]
    both = not days or (one.works_on(max(days)) and other.works_on(max(days)))
    return one.id == other.id and both


def marks(draft: Draft) -> Iterator[Problem]:
    """Look for methods and provenance marks that `sopaudit.yaml` does not declare."""
    for settings, _ in shaped(draft.settings):
        for file in draft.files:
            for loc, word in file.contents.words:
                if loc[0] in ("labels", "records"):
                    continue
                if loc[-1] == "provenance":
                    # Source numbers may follow the mark: "P S24,S25".
                    mark = word.split()[0]
                    yield from unknown(file.document, "H011", loc, mark, settings.provenance)
                elif loc[-2:-1] in (("evidence",), ("method",)):
                    yield from unknown(file.document, "H010", loc, word, settings.methods)


def posts(draft: Draft) -> Iterator[Problem]:
    """Look whether standards name known checks, and phrases a step of their post."""
    rules = ids_inside([*draft.rules, *draft.parts], "rules")
    for post, file in shaped(draft.posts):
        steps = opened(step.id for step in post.steps)
        for n, step in enumerate(post.steps):
            for m, standard in enumerate(step.standards):
                for k, check in enumerate(standard.checks):
                    where = ("steps", n, "standards", m, "checks", k)
                    yield from unknown(file, "H013", where, check, rules)
        for n, phrase in enumerate(post.forbidden):
            yield from unknown(file, "H040", ("forbidden", n, "step"), phrase.step, steps)


def items(draft: Draft) -> Iterator[Problem]:
    """Look whether items point at standards, checks, sections and answer sets that exist."""
    standards = ids_inside(draft.posts, "steps", "standards")
    rules = ids_inside([*draft.rules, *draft.parts], "rules")
    named, posts = ids(draft.schemes), ids(draft.posts)
    schemes = {scheme.id: scheme for scheme, _ in shaped(draft.schemes)}
    for checklist, file in shaped(draft.checklists):
        yield from unknown(file, "H014", ("scheme",), checklist.scheme, named)
        yield from unknown(file, "H015", ("post",), checklist.post, posts)
        sections = opened(section.id for section in checklist.sections)
        for n, item in enumerate(checklist.items):
            loc: Loc = ("items", n)
            for k, standard in enumerate(item.standards):
                yield from unknown(file, "H012", (*loc, "standards", k), standard, standards)
            for k, rule in enumerate(item.answer_from):
                yield from unknown(file, "H013", (*loc, "answer_from", k), rule, rules)
            if sections and _absent(file, n, "section"):
                yield file.problem("S002", loc, name="section")
            yield from unknown(file, "H016", (*loc, "section"), item.section, sections)
            yield from _labels(checklist, item, file, loc)
            yield from _scoring(schemes.get(checklist.scheme), item, file, n)


def _absent(file: Document, n: int, key: str) -> bool:
    """Say whether an item has no such key; what it has may be unreadable."""
    entry = file.data["items"][n]
    return isinstance(entry, Mapping) and key not in entry


def _labels(checklist: Checklist, item: Item, file: Document, loc: Loc) -> Iterator[Problem]:
    known = [*Item.model_fields, *checklist.labels]
    for label, value in item.labels.items():
        if label not in checklist.labels:
            yield file.problem(
                "S001", (*loc, label), key=True, name=label, choices=choices(label, known)
            )
        else:
            values = opened(checklist.labels[label])
            yield from unknown(file, "H018", (*loc, label), value, values)


def _scoring(scheme: Scheme | None, item: Item, file: Document, n: int) -> Iterator[Problem]:
    if scheme is None:
        return
    loc: Loc = ("items", n)
    if not scheme.named:
        if item.scoring is not None:
            yield file.problem("H019", (*loc, "scoring"), word=item.scoring, scheme=scheme.id)
    elif item.scoring is not None:
        yield from unknown(file, "H017", (*loc, "scoring"), item.scoring, scheme.sets)
    elif _absent(file, n, "scoring"):
        yield file.problem("H026", loc, word=item.id, choices=choices("", list(scheme.sets)))


def points(draft: Draft) -> Iterator[Problem]:
    """Look whether the points of a checklist add up to what it says."""
    for checklist, file in shaped(draft.checklists, whole=True):
        for n, item in enumerate(checklist.items):
            days = [since.date for since in item.points_since]
            if days and (item.points is not None or days != sorted(set(days))):
                yield file.problem("H045", ("items", n, "points_since"), word=item.id)
            first, last = item.effective_from, item.effective_until
            if first is not None and last is not None and last < first:
                loc = ("items", n, "effective_until")
                yield file.problem("H164", loc, word=item.id, first=first)
                break
        else:
            yield from _total(checklist, file)


def _total(checklist: Checklist, file: Document) -> Iterator[Problem]:
    """Look whether what is asked now, and on every day it changes, adds up to what is said."""
    stated = checklist.points
    if stated is None:
        return
    turns = [day for item in checklist.items for day in item.turns if not item.points_since]
    days = sorted({*turns, *(day - timedelta(1) for day in turns if day > date.min)})
    totals = {day: _points_on(checklist, day) for day in (None, *days)}
    total, said = totals[None], plain(stated)
    if total != stated:
        difference = plain(abs(total - stated))
        where = ("points",)
        yield file.problem("H020", where, total=plain(total), stated=said, difference=difference)
        return
    wrong = next((day for day in days if totals[day] != stated), None)
    if wrong is not None:
        total = totals[wrong]
        yield file.problem("H165", ("points",), total=plain(total), stated=said, day=wrong)


def _points_on(checklist: Checklist, day: date | None) -> Fraction:
    points = (item.points_on(day) for item in checklist.items if item.in_force(day))
    return sum((one for one in points if one is not None), Fraction(0))


def branches(draft: Draft) -> Iterator[Problem]:
    """Look whether a branch adds up checklists that exist, each once, not all without weight."""
    known, schemes = ids(draft.checklists), ids(draft.schemes)
    for branch, file in shaped(draft.branches):
        yield from unknown(file, "H014", ("scheme",), branch.scheme, schemes)
        named = [part.checklist for part in branch.of]
        for n, name in enumerate(named):
            loc: Loc = ("of", n, "checklist")
            yield from unknown(file, "H043", loc, name, known)
            if name in named[:n] and name != STAND_IN:
                first = file.place(("of", named.index(name), "checklist")).line
                yield file.problem("H027", loc, word=name, first=first)
        if not any(part.weight for part in branch.of):
            yield file.problem("H046", ("of",))


def editions(draft: Draft) -> Iterator[Problem]:
    """Look for editions that end before they begin."""
    dated: list[tuple[Sop | Checklist | Scheme | Workflow | PartsRules, Document]] = [
        *shaped(draft.posts, whole=True),
        *shaped(draft.workflows, whole=True),
        *shaped(draft.parts, whole=True),
        *shaped(draft.checklists, whole=True),
        *shaped(draft.schemes, whole=True),
    ]
    for value, file in dated:
        first, last = value.effective_from, value.effective_until
        if first is not None and last is not None and last < first:
            yield file.problem("H041", ("effective_until",), word=value.id, first=first)


def spans(draft: Draft) -> Iterator[Problem]:
    """Look for a checklist that holds on days its scheme does not.

    A scheme ends when an authority has another; the checklist then needs an edition that names it,
    and an audit is scored by the edition that ruled on its day.
    """
    schemes = {scheme.id: scheme for scheme, _ in shaped(draft.schemes, whole=True)}
    for checklist, file in shaped(draft.checklists, whole=True):
        scheme = schemes.get(checklist.scheme)
        if scheme is None:
            continue
        first, last = checklist.effective_from, checklist.effective_until
        early = first and scheme.effective_from and first < scheme.effective_from
        late = scheme.effective_until and (last is None or last > scheme.effective_until)
        if early or late:
            bound = scheme.effective_from if early else scheme.effective_until
            yield file.problem("H174" if early else "H173", ("scheme",), word=scheme.id, day=bound)


VARIABLES: Final = ("org.name", "office.title", "head.title")
"""What may stand between double braces in a text."""

_BRACES: Final = re.compile(r"\{\{\s*(.*?)\s*\}\}")


def wording(draft: Draft) -> Iterator[Problem]:
    """Look whether texts use declared languages and known variables."""
    languages = opened(lang for s, _ in shaped(draft.settings) for lang in s.languages)
    for file in draft.files:
        for loc, text in file.contents.texts:
            for lang, words in text.wordings:
                where = (*loc, lang) if lang else loc
                if lang and languages and lang not in languages:
                    near = choices(lang, languages)
                    yield file.document.problem("H023", where, key=True, word=lang, choices=near)
                for variable in _BRACES.findall(words) if "{{" in words else ():
                    yield from unknown(file.document, "H025", where, variable, VARIABLES)


def missing_languages(draft: Draft) -> Iterator[Problem]:
    """Hint at texts that lack a declared language; the first they have is used instead."""
    settings = shaped(draft.settings, whole=True)
    languages = [lang for declared, _ in settings for lang in declared.languages]
    for file in draft.files:
        for loc, text in file.contents.texts:
            missing = [lang for lang in languages if lang not in text.languages]
            if missing and text.languages:
                yield file.document.problem("H024", loc, word=", ".join(missing))


Check = Callable[[Draft], Iterator[Problem]]

CHECKS: Final[tuple[Check, ...]] = (
    twice,
    roster,
    marks,
    posts,
    items,
    points,
    branches,
    answers,
    persons,
    rolled,
    sections,
    shares,
    coverage,
    bands,
    labels,
    limits,
    idle,
    not_applicable_scored,
    values,
    nothing_weighs,
    points_by,
    ends,
    worked,
    kinds,
    names,
    targets,
    stages,
    bookings,
    counting,
    measures,
    cash_flows,
    whereabouts,
    editions,
    spans,
    forms,
    headings,
    tables,
    calendars,
    suppressions,
    signatures,
    wording,
    letterhead,
    charts,
    ways,
    calls,
    too_many,
    meanings,
    held_against,
)
"""All that a handbook must fulfil."""

STRICT_CHECKS: Final[tuple[Check, ...]] = (
    missing_languages,
    unmeasured,
    many,
    outdated,
    without_effect,
)
"""Hints, given with `--strict`."""
