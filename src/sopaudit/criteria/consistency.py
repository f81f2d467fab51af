"""What must hold across the files of a handbook: references resolve, points add up, bands close.

Each check is a function from the draft to problems; `CHECKS` is the whole list. A file that could
not be shaped still lends its ids to the others, so that one wrong key does not bring forty
"unknown standard" with it.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final, Generic, TypeVar

from pydantic import BaseModel

from sopaudit.criteria.band import gaps, overlaps, unreachable
from sopaudit.criteria.checklist import Branch, Checklist, Item, Section
from sopaudit.criteria.field import Text, plain
from sopaudit.criteria.organisation import Office, Region, Settings
from sopaudit.criteria.rule import Rule, RuleRegister
from sopaudit.criteria.scheme import Limit, Scheme, SectionRule
from sopaudit.criteria.sop import Forbidden, Sop, Standard, Step
from sopaudit.problems import Problem, choices
from sopaudit.reading import Document, Loc

Model_co = TypeVar("Model_co", bound=BaseModel, covariant=True)


@dataclass(frozen=True)
class Loaded(Generic[Model_co]):
    """A file of the handbook: what it holds, and where."""

    name: str
    """Its path inside the handbook."""

    document: Document
    value: Model_co | None
    """None where the file could not be shaped."""

    @property
    def id(self) -> str:
        """Its id, also where the rest could not be shaped."""
        data = self.document.data
        return str(data.get("id", "")) if isinstance(data, Mapping) else ""


@dataclass
class Draft:
    """A handbook while it is read."""

    problems: list[Problem] = field(default_factory=list)
    settings: list[Loaded[Settings]] = field(default_factory=list)
    posts: list[Loaded[Sop]] = field(default_factory=list)
    rules: list[Loaded[RuleRegister]] = field(default_factory=list)
    checklists: list[Loaded[Checklist]] = field(default_factory=list)
    branches: list[Loaded[Branch]] = field(default_factory=list)
    schemes: list[Loaded[Scheme]] = field(default_factory=list)

    @property
    def files(self) -> list[Loaded[BaseModel]]:
        """Every file, in the order they were read."""
        return [
            *self.settings,
            *self.posts,
            *self.rules,
            *self.checklists,
            *self.branches,
            *self.schemes,
        ]


def shaped(files: Iterable[Loaded[Model_co]]) -> Iterator[tuple[Model_co, Document]]:
    """Go through the files that could be shaped."""
    return ((file.value, file.document) for file in files if file.value is not None)


def ids(files: Iterable[Loaded[BaseModel]], *, inside: bool = False) -> list[str]:
    """List the ids of `files`; with `inside`, also those of everything they hold."""
    found: dict[str, None] = {}
    for file in files:
        if file.id:
            found[file.id] = None
        if inside:
            found.update(dict.fromkeys(_ids(file.document.data)))
    return list(found)


def _ids(data: object) -> Iterator[str]:
    if isinstance(data, Mapping):
        if isinstance(data.get("id"), str):
            yield data["id"]
        data = list(data.values())
    if isinstance(data, list):
        for value in data:
            yield from _ids(value)


def unknown(
    document: Document, code: str, loc: Loc, word: str | None, known: Collection[str]
) -> Iterator[Problem]:
    """Yield a problem if `word` is given and not among `known`."""
    if word is not None and word not in known:
        yield document.problem(code, loc, word=word, choices=choices(word, known))


def _walk(value: object, loc: Loc = ()) -> Iterator[tuple[Loc, Any]]:
    """Go through everything a file holds, each value with its place."""
    yield loc, value
    if isinstance(value, BaseModel):
        for name, info in type(value).model_fields.items():
            yield from _walk(getattr(value, name), (*loc, info.alias or name))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _walk(inner, (*loc, key))
    elif isinstance(value, tuple):
        for n, inner in enumerate(value):
            yield from _walk(inner, (*loc, n))


_KINDS: Final[Mapping[type, str]] = {
    Region: "region",
    Office: "office",
    Sop: "post",
    Step: "step",
    Standard: "standard",
    Forbidden: "forbidden",
    Rule: "rule",
    Checklist: "checklist",
    Branch: "checklist",
    Item: "item",
    Scheme: "scheme",
}
"""What an id names; ids of one kind are distinct in the whole handbook."""

_INNER_KINDS: Final = (Section, SectionRule)
"""What is named inside its own file only."""


def twice(draft: Draft) -> Iterator[Problem]:
    """Look for an id that names two things of one kind."""
    first: dict[tuple[str, str], str] = {}
    for file in draft.files:
        for loc, entry in _walk(file.value):
            kind = file.name if isinstance(entry, _INNER_KINDS) else _KINDS.get(type(entry))
            if kind is None:
                continue
            place = file.document.place((*loc, "id"))
            key = (kind, str(entry.id))
            if key in first:
                yield Problem(place, "H002", {"word": entry.id, "first": first[key]})
            first.setdefault(key, f"{place.path}:{place.line}")


def roster(draft: Draft) -> Iterator[Problem]:
    """Look whether people belong to known offices and posts; one number is one person at a time."""
    posts = ids(draft.posts)
    for settings, file in shaped(draft.settings):
        offices = [office.id for office in settings.offices]
        regions = [region.id for region in settings.regions]
        for n, office in enumerate(settings.offices):
            yield from unknown(file, "H021", ("offices", n, "region"), office.region, regions)
        for n, person in enumerate(settings.roster):
            loc: Loc = ("roster", n)
            yield from unknown(file, "H022", (*loc, "office"), person.office, offices)
            for m, post in enumerate(person.posts):
                yield from unknown(file, "H015", (*loc, "posts", m), post, posts)
            if person.from_ and person.to and person.to < person.from_:
                yield file.problem("H041", (*loc, "to"), word=person.id, first=person.from_)
            for other in settings.roster[:n]:
                days = [d for d in (person.from_, other.from_) if d]
                overlap = max(days) if days else None
                if other.id == person.id and (
                    overlap is None or (other.works_on(overlap) and person.works_on(overlap))
                ):
                    yield file.problem("H042", (*loc, "id"), word=person.id)


def marks(draft: Draft) -> Iterator[Problem]:
    """Look for methods and provenance marks that `sopaudit.yaml` does not declare."""
    for settings, _ in shaped(draft.settings):
        for file in draft.files:
            for loc, word in _walk(file.value):
                if not isinstance(word, str):
                    continue
                if loc[-1] == "provenance":
                    # Source numbers may follow the mark: "P S24,S25".
                    mark = word.split()[0]
                    yield from unknown(file.document, "H011", loc, mark, settings.provenance)
                elif loc[-2:-1] in (("evidence",), ("method",)):
                    yield from unknown(file.document, "H010", loc, word, settings.methods)


def posts(draft: Draft) -> Iterator[Problem]:
    """Look whether standards name known checks, and phrases a step of their post."""
    rules = ids(draft.rules, inside=True)
    for post, file in shaped(draft.posts):
        steps = [step.id for step in post.steps]
        for n, step in enumerate(post.steps):
            for m, standard in enumerate(step.standards):
                for k, check in enumerate(standard.checks):
                    where = ("steps", n, "standards", m, "checks", k)
                    yield from unknown(file, "H013", where, check, rules)
        for n, phrase in enumerate(post.forbidden):
            yield from unknown(file, "H040", ("forbidden", n, "step"), phrase.step, steps)


def items(draft: Draft) -> Iterator[Problem]:
    """Look whether items point at standards, checks, sections and answer sets that exist."""
    standards, rules = ids(draft.posts, inside=True), ids(draft.rules, inside=True)
    schemes = {scheme.id: scheme for scheme, _ in shaped(draft.schemes)}
    for checklist, file in shaped(draft.checklists):
        yield from unknown(file, "H014", ("scheme",), checklist.scheme, ids(draft.schemes))
        yield from unknown(file, "H015", ("post",), checklist.post, ids(draft.posts))
        sections = [section.id for section in checklist.sections]
        for n, item in enumerate(checklist.items):
            loc: Loc = ("items", n)
            for k, standard in enumerate(item.standards):
                yield from unknown(file, "H012", (*loc, "standards", k), standard, standards)
            for k, rule in enumerate(item.answer_from):
                yield from unknown(file, "H013", (*loc, "answer_from", k), rule, rules)
            if sections or item.section:
                yield from unknown(file, "H016", (*loc, "section"), item.section or "", sections)
            yield from _labels(checklist, item, file, loc)
            yield from _scoring(schemes.get(checklist.scheme), item, file, loc)
            days = [since.date for since in item.points_since]
            if days and (item.points is not None or days != sorted(set(days))):
                yield file.problem("H045", (*loc, "points_since"), word=item.id)


def _labels(checklist: Checklist, item: Item, file: Document, loc: Loc) -> Iterator[Problem]:
    known = [*Item.model_fields, *checklist.labels]
    for label, value in item.labels.items():
        if label not in checklist.labels:
            yield file.problem(
                "S001", (*loc, label), key=True, name=label, choices=choices(label, known)
            )
        else:
            yield from unknown(file, "H018", (*loc, label), value, checklist.labels[label])


def _scoring(scheme: Scheme | None, item: Item, file: Document, loc: Loc) -> Iterator[Problem]:
    if scheme is None:
        return
    if scheme.named:
        yield from unknown(file, "H017", (*loc, "scoring"), item.scoring or "", scheme.sets)
    elif item.scoring is not None:
        yield file.problem("H019", (*loc, "scoring"), word=item.scoring, scheme=scheme.id)


def points(draft: Draft) -> Iterator[Problem]:
    """Look whether the points of a checklist add up to what it says; weights are not all zero."""
    for checklist, file in shaped(draft.checklists):
        total = sum((item.points or Fraction(0) for item in checklist.items), Fraction(0))
        if checklist.points is not None and total != checklist.points:
            yield file.problem(
                "H020",
                ("points",),
                total=plain(total),
                stated=plain(checklist.points),
                difference=plain(abs(total - checklist.points)),
            )
    for branch, file in shaped(draft.branches):
        known = ids(draft.checklists)
        yield from unknown(file, "H014", ("scheme",), branch.scheme, ids(draft.schemes))
        for n, part in enumerate(branch.of):
            yield from unknown(file, "H043", ("of", n, "checklist"), part.checklist, known)
        if not any(part.weight for part in branch.of):
            yield file.problem("H046", ("of",))


def sections(draft: Draft) -> Iterator[Problem]:
    """Look whether a scheme weighs the sections its checklists have, in a tree without a circle."""
    for scheme, file in shaped(draft.schemes):
        parents = {rule.id: rule.in_ for rule in scheme.sections}
        for n, rule in enumerate(scheme.sections):
            yield from unknown(file, "H038", ("sections", n, "in"), rule.in_, parents)
            above, steps = rule.in_, 0
            while above is not None and steps <= len(parents):
                above, steps = parents.get(above), steps + 1
            if above is not None:
                yield file.problem("H039", ("sections", n, "in"), word=rule.id)
        for checklist, owner in shaped(draft.checklists):
            if checklist.scheme == scheme.id and scheme.sections:
                for n, section in enumerate(checklist.sections):
                    where = ("sections", n, "id")
                    yield from unknown(owner, "H037", where, section.id, parents)


def bands(draft: Draft) -> Iterator[Problem]:
    """Look whether every score has one grade, and every grade a score."""
    for scheme, file in shaped(draft.schemes):
        grid = scheme.round.to if scheme.round else None
        if grid == 0:
            yield file.problem("H044", ("round", "to"))
            continue
        for low, high, score in gaps(scheme.grades, grid):
            where = ("grades", min(low, high), "grade")
            names = (scheme.grades[low].grade, scheme.grades[high].grade)
            yield file.problem("H030", where, score=plain(score), low=names[0], high=names[1])
        for one, two, score in overlaps(scheme.grades, grid):
            names = (scheme.grades[one].grade, scheme.grades[two].grade)
            where = ("grades", two, "grade")
            yield file.problem("H031", where, score=plain(score), low=names[1], high=names[0])
        # A grade that only a limit gives, such as "closed", needs no scores of its own.
        given = {limit.grade for limit in scheme.limits}
        for n in unreachable(scheme.grades, grid):
            if scheme.grades[n].grade in given:
                continue
            yield file.problem("H032", ("grades", n, "grade"), word=scheme.grades[n].grade)


def limits(draft: Draft) -> Iterator[Problem]:
    """Look whether limits name grades, answers and labels that exist, and say when and what."""
    for scheme, file in shaped(draft.schemes):
        grades = [band.grade for band in scheme.grades]
        answers = {
            word for table in scheme.sets.values() if isinstance(table, Mapping) for word in table
        }
        labels = {"id", "section", "severity", "scoring", "limit"}
        for checklist, _ in shaped(draft.checklists):
            if checklist.scheme == scheme.id:
                labels.update(checklist.labels)
        for n, limit in enumerate(scheme.limits):
            loc: Loc = ("limits", n)
            yield from unknown(file, "H033", (*loc, "grade"), limit.grade, grades)
            if limit.grade is None and limit.score_at_most is None:
                yield file.problem("H034", loc)
            if answers:
                yield from unknown(file, "H036", (*loc, "is"), limit.is_, sorted(answers))
            for label in limit.where:
                yield from unknown(file, "H035", (*loc, "where", label), label, sorted(labels))
            if not _conditioned(limit):
                yield file.problem("H047", loc)


def _conditioned(limit: Limit) -> bool:
    bounds = (limit.at_least, limit.at_most, limit.above, limit.below)
    return limit.is_ is not None or any(b is not None for b in bounds) or "limit" in limit.where


def editions(draft: Draft) -> Iterator[Problem]:
    """Look for editions that end before they begin."""
    dated: list[tuple[Sop | Checklist | Scheme, Document]] = [
        *shaped(draft.posts),
        *shaped(draft.checklists),
        *shaped(draft.schemes),
    ]
    for value, file in dated:
        first, last = value.effective_from, value.effective_until
        if first is not None and last is not None and last < first:
            yield file.problem("H041", ("effective_until",), word=value.id, first=first)


VARIABLES: Final = ("org.name", "office.title", "head.title")
"""What may stand between double braces in a text."""

_BRACES: Final = re.compile(r"\{\{\s*(.*?)\s*\}\}")


def _texts(file: Loaded[BaseModel]) -> Iterator[tuple[Loc, Text]]:
    return ((loc, text) for loc, text in _walk(file.value) if isinstance(text, Text))


def wording(draft: Draft) -> Iterator[Problem]:
    """Look whether texts use declared languages and known variables."""
    languages = [lang for settings, _ in shaped(draft.settings) for lang in settings.languages]
    for file in draft.files:
        for loc, text in _texts(file):
            for lang, words in text.wordings:
                where = (*loc, lang) if lang else loc
                if lang and languages:
                    yield from _key(file.document, where, lang, languages)
                for variable in _BRACES.findall(words):
                    yield from unknown(file.document, "H025", where, variable, VARIABLES)


def _key(document: Document, loc: Loc, lang: str, languages: list[str]) -> Iterator[Problem]:
    if lang not in languages:
        yield document.problem("H023", loc, key=True, word=lang, choices=choices(lang, languages))


def missing_languages(draft: Draft) -> Iterator[Problem]:
    """Hint at texts that lack a declared language; the first they have is used instead."""
    languages = [lang for settings, _ in shaped(draft.settings) for lang in settings.languages]
    for file in draft.files:
        for loc, text in _texts(file):
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
    sections,
    bands,
    limits,
    editions,
    wording,
)
"""All that a handbook must fulfil."""

STRICT_CHECKS: Final[tuple[Check, ...]] = (missing_languages,)
"""Hints, given with `--strict`."""
