"""A handbook: sops and checklists of an organisation, loaded whole and cross-checked.

Loading never stops at the first mistake. Every file is read and shaped by itself; then each check
of `consistency` looks at all that could be read, so one run tells everything there is to mend.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeVar

from pydantic import BaseModel

from sopaudit.criteria.calendar import Calendar
from sopaudit.criteria.checklist import Branch, Checklist
from sopaudit.criteria.consistency import CHECKS, STRICT_CHECKS
from sopaudit.criteria.draft import Draft, Loaded, shaped
from sopaudit.criteria.drawing import Heading, Sampling
from sopaudit.criteria.field import Text
from sopaudit.criteria.form import Form, FormRegister, Record, RecordRegister
from sopaudit.criteria.history import renamed, without_echo
from sopaudit.criteria.kpi import Kpi, KpiRegister
from sopaudit.criteria.mending import mended
from sopaudit.criteria.money import MoneyRules
from sopaudit.criteria.organisation import (
    Asked,
    DocumentControl,
    Office,
    Organisation,
    Person,
    Region,
    ReportSettings,
    Settings,
    Units,
)
from sopaudit.criteria.parts import PartsRules
from sopaudit.criteria.register import (
    CodeList,
    CodeRegister,
    Event,
    EventRegister,
    Glossary,
    Suppression,
    SuppressionRegister,
)
from sopaudit.criteria.rule import Condition, Rule, RuleRegister
from sopaudit.criteria.scheme import Scheme
from sopaudit.criteria.sop import Sop, Standard
from sopaudit.criteria.table import Table
from sopaudit.criteria.workflow import Workflow
from sopaudit.problems import Place, Problem, in_file_order
from sopaudit.reading.document import Document
from sopaudit.reading.events import read, read_bytes
from sopaudit.reading.folder import SUFFIX, UNSEEN, listed, unportable
from sopaudit.reading.past import Past
from sopaudit.reading.shape import validated

SETTINGS: Final = "sopaudit.yaml"
"""The file that makes a folder a handbook."""

RULES: Final = "sops/rules.yaml"
"""The register of automatic checks."""

PARTS: Final = "sops/parts.yaml"
MONEY: Final = "sops/money.yaml"
KPIS: Final = "sops/kpis.yaml"
FORMS: Final = "sops/forms.yaml"
RECORDS: Final = "sops/records.yaml"
EVENTS: Final = "sops/events.yaml"
CODES: Final = "sops/codes.yaml"
CALENDAR: Final = "sops/calendar.yaml"
GLOSSARY: Final = "sops/glossary.yaml"
SUPPRESSIONS: Final = "sops/suppressions.yaml"
"""The other files of which a handbook has one at most."""


@dataclass(frozen=True)
class Handbook:
    """Everything an office is held against; every reference in it resolves."""

    folder: Path
    edition: str
    title: Text
    languages: tuple[str, ...]
    organisation: Organisation
    units: Units
    """Its words for an audited unit and the head of one."""

    methods: Mapping[str, Text]
    provenance: Mapping[str, Text]
    regions: Mapping[str, Region]
    offices: Mapping[str, Office]
    roster: tuple[Person, ...]
    records: Asked
    """What answers records must hold besides their answers."""

    posts: Mapping[str, Sop]
    rules: Mapping[str, Rule]
    """All automatic checks, those on parts included."""

    checklists: Mapping[str, Checklist]
    schemes: Mapping[str, Scheme]
    branches: Mapping[str, Branch]
    report: ReportSettings = field(default_factory=ReportSettings)
    """How reports look."""

    document: DocumentControl | None = None
    workflows: Mapping[str, Workflow] = field(default_factory=dict)
    parts: PartsRules | None = None
    money: MoneyRules | None = None
    """Where the money of customers can be; None where nobody says."""

    conditions: Mapping[str, Condition] = field(default_factory=dict)
    """The sorts of cases that rules and key figures apply to."""

    contradictions: Mapping[str, Rule] = field(default_factory=dict)
    """What records that contradict one another look like; no check names them."""

    sampling: Sampling | None = None
    """How tickets are drawn for an audit; None where the handbook does not say."""

    today: tuple[Heading, ...] = ()
    """What the list of the day shows."""

    kpis: Mapping[str, Kpi] = field(default_factory=dict)
    smallest: Fraction | None = None
    """Below so many cases a rate says nothing."""

    forms: Mapping[str, Form] = field(default_factory=dict)
    records_kept: Mapping[str, Record] = field(default_factory=dict)
    """The records systems keep, such as tickets, by id."""

    events: Mapping[str, Event] = field(default_factory=dict)
    codes: Mapping[str, CodeList] = field(default_factory=dict)
    calendar: Calendar | None = None
    glossary: Glossary | None = None
    suppressions: tuple[Suppression, ...] = ()
    """Cases of rules that are let be for a time."""

    tables: Mapping[str, Table] = field(default_factory=dict)

    digests: Mapping[str, str] = field(default_factory=dict)
    """The digest of each file, by its id or, where it has none, by its name, such as `rules`."""

    files: Mapping[str, Path] = field(default_factory=dict)
    """The file each of them was read from, by id."""

    editions: Mapping[str, str] = field(default_factory=dict)
    """The edition of each file, by its id or, where it has none, by its name, such as `rules`."""

    @property
    def standards(self) -> dict[str, Standard]:
        """All standards of all posts, by id."""
        return {key: s for post in self.posts.values() for key, s in post.standards.items()}

    def on(self, day: date) -> "Handbook":
        """Give it as it is on `day`: checklists without the items that are not in force."""
        return replace(self, checklists={n: c.on(day) for n, c in self.checklists.items()})

    @property
    def used_schemes(self) -> frozenset[str]:
        """The ids of the schemes something is scored by; the others are on the shelf."""
        checklists = (checklist.scheme for checklist in self.checklists.values())
        return frozenset((*checklists, *(branch.scheme for branch in self.branches.values())))

    def people(self, office: str, day: date) -> list[Person]:
        """List who works in `office` on `day`, in roster order."""
        return [p for p in self.roster if p.office == office and p.works_on(day)]

    def person(self, staff_number: str) -> Person | None:
        """Find a person of the roster; None for an unknown number."""
        return next((p for p in self.roster if p.id == staff_number), None)

    def say(self, text: Text, lang: str) -> str:
        """Give the words in `lang`, with `{{ org.name }}` and its like filled in."""
        return SUBSTITUTION.sub(lambda m: self._name(m, lang), text.to(lang))

    def _name(self, braces: re.Match[str], lang: str) -> str:
        """Give what a variable stands for; an unknown one stays as it was written."""
        names = {
            "org.name": self.organisation.name,
            "office.title": self.units.office,
            "head.title": self.units.head,
        }
        return names[braces[1]].to(lang) if braces[1] in names else braces[0]


def bare() -> Handbook:
    """Give a handbook that says nothing: for a log that brings a workflow of its own."""
    nothing: dict[str, Any] = {}
    word = Text((("", "–"),))
    return Handbook(
        folder=Path(),
        edition="",
        title=word,
        languages=("zh", "en"),
        organisation=Organisation(id="none", name=word),
        units=Units(office=word, head=word),
        methods=nothing,
        provenance=nothing,
        regions=nothing,
        offices=nothing,
        roster=(),
        records=Asked(),
        posts=nothing,
        rules=nothing,
        checklists=nothing,
        schemes=nothing,
        branches=nothing,
    )


SUBSTITUTION: Final = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")

_Kind = TypeVar("_Kind", bound=BaseModel)


def load_handbook(
    folder: Path, *, strict: bool = False, shown: str | None = None
) -> tuple[Handbook | None, list[Problem]]:
    """Load the handbook in `folder`; the second value lists every mistake in file order.

    The handbook is None if any of its files could not be shaped or a reference does not resolve.
    `shown` is what problems put before file names (default: the folder as given); `strict` adds
    hints to the problems, which do not keep the handbook from loading.
    """
    draft = drafted(folder, shown)
    problems = problems_in(draft, strict=strict)
    wrong = any(not problem.hint for problem in problems)
    return None if wrong else _handbook(folder, draft), problems


def problems_in(draft: Draft, *, strict: bool = False, past: Past | None = None) -> list[Problem]:
    """List every mistake of a handbook in file order, held against its `past` if that is given.

    `strict` adds hints.
    """
    problems = list(draft.problems)
    # What was not seen would be missed wherever something refers to it.
    if not UNSEEN & {problem.code for problem in problems}:
        problems += [p for check in CHECKS for p in check(draft)]
        changed = [] if past is None else list(renamed(draft, past))
        problems = [*without_echo(problems, changed), *changed]
    if strict:
        from sopaudit.reading.bare import bare

        problems += [p for file in draft.files for p in file.document.hints]
        problems += [p for f in draft.files if f.whole for p in bare(f.document, f.value)]
        problems += [p for check in STRICT_CHECKS for p in check(draft)]
    return in_file_order(problems)


def drafted(
    folder: Path, shown: str | None = None, instead: Mapping[str, bytes] = MappingProxyType({})
) -> Draft:
    """Read all files of a handbook, whatever state they are in.

    `instead` holds what is to be read for some of them, by their path inside the handbook.
    """
    draft = Draft(folder)
    prefix = folder.as_posix() if shown is None else shown
    shelf = _Shelf(folder, "" if prefix == "." else prefix, draft.problems, instead)
    here = [path.name for path in shelf.listed("")]
    if not here and draft.problems:
        return draft
    if SETTINGS not in here:
        draft.problems.append(Problem(Place(shelf.shown(SETTINGS)), "H001", {"file": SETTINGS}))
        return draft
    draft.settings = shelf.take([SETTINGS], Settings)
    draft.posts = shelf.take(shelf.yaml("sops/posts"), Sop)
    draft.workflows = shelf.take(shelf.yaml("sops/workflows"), Workflow)
    draft.rules = shelf.one(RULES, RuleRegister)
    draft.parts = shelf.one(PARTS, PartsRules)
    draft.money = shelf.one(MONEY, MoneyRules)
    draft.kpis = shelf.one(KPIS, KpiRegister)
    draft.forms = shelf.one(FORMS, FormRegister)
    draft.records = shelf.one(RECORDS, RecordRegister)
    draft.events = shelf.one(EVENTS, EventRegister)
    draft.codes = shelf.one(CODES, CodeRegister)
    draft.calendars = shelf.one(CALENDAR, Calendar)
    draft.glossaries = shelf.one(GLOSSARY, Glossary)
    draft.suppressions = shelf.one(SUPPRESSIONS, SuppressionRegister)
    draft.tables = shelf.take(shelf.yaml("sops/tables"), Table)
    scored = shelf.yaml("checklists")
    draft.branches = shelf.take([n for n in scored if shelf.holds(n, "of")], Branch)
    draft.checklists = shelf.take([n for n in scored if not shelf.holds(n, "of")], Checklist)
    draft.schemes = shelf.take(shelf.yaml("checklists/schemes"), Scheme)
    shelf.leftovers(("sops", "checklists"))
    return draft


class _Shelf:
    """The files of one handbook folder: which there are, and which have been read."""

    def __init__(
        self, folder: Path, prefix: str, problems: list[Problem], instead: Mapping[str, bytes]
    ) -> None:
        self.folder = folder
        self.prefix = prefix
        self.problems = problems
        self.instead = instead
        self._listed: dict[str, list[Path]] = {}
        self._read: dict[str, Document] = {}
        self._taken: set[str] = set()

    def shown(self, name: str) -> str:
        return f"{self.prefix.rstrip('/')}/{name}".rstrip("/") if self.prefix else name or "."

    def listed(self, place: str) -> list[Path]:
        """List what is directly in a folder; why it cannot be listed joins the problems."""
        if place not in self._listed:
            self._listed[place], wrong = listed(self.folder / place, self.shown(place))
            self.problems.extend(wrong)
        return self._listed[place]

    def yaml(self, place: str) -> list[str]:
        """List the YAML files directly in a folder, by name."""
        return [
            f"{place}/{path.name}"
            for path in self.listed(place)
            if path.suffix.casefold() == SUFFIX
        ]

    def read(self, name: str) -> Document:
        if name not in self._read:
            raw = self.instead.get(name)
            self._read[name] = (
                read(self.folder / name, self.shown(name))
                if raw is None
                else read_bytes(raw, self.shown(name))
            )
        return self._read[name]

    def holds(self, name: str, key: str) -> bool:
        """Say whether a file has `key` at its top: a roll-up may have any name."""
        data = self.read(name).data
        return isinstance(data, Mapping) and key in data

    def take(self, names: Iterable[str], model: type[_Kind]) -> list[Loaded[_Kind]]:
        """Read and shape files; whatever is wrong with them joins the problems."""
        taken = []
        for name in names:
            document = self.read(name)
            value, problems = validated(document, model)
            self.problems.extend(problems)
            self._taken.add(name)
            rest = mended(document, model) if value is None else value
            taken.append(Loaded(name, document, rest, whole=value is not None))
        return taken

    def one(self, name: str, model: type[_Kind]) -> list[Loaded[_Kind]]:
        """Read and shape a file of which there is one at most."""
        folder = name.rpartition("/")[0]
        return self.take([found for found in self.yaml(folder) if found == name], model)

    def leftovers(self, places: Iterable[str]) -> None:
        """Name the YAML files nothing reads, which would otherwise be lost without a word."""
        for place in places:
            paths = self.listed(place)
            self.problems.extend(unportable(paths, self.shown(place)))
            for path in paths:
                name = f"{place}/{path.name}"
                if name in self._taken:
                    continue
                if path.suffix.casefold() in (SUFFIX, ".yml"):
                    self.problems.append(Problem(Place(self.shown(name)), "H003"))
                elif path.is_dir() and not path.is_symlink():
                    self.leftovers([name])


def _handbook(folder: Path, draft: Draft) -> Handbook:
    settings = next(value for value, _ in shaped(draft.settings))
    named = [f for f in draft.files if f.id]
    return Handbook(
        folder=folder,
        edition=settings.edition,
        title=settings.title,
        languages=settings.languages,
        organisation=settings.organisation,
        units=settings.units or Units.usual(),
        methods=settings.methods,
        provenance=settings.provenance,
        regions={region.id: region for region in settings.regions},
        offices={office.id: office for office in settings.offices},
        roster=settings.roster,
        records=settings.records,
        posts={post.id: post for post, _ in shaped(draft.posts)},
        rules=_rules(draft),
        checklists=_in_branch_order(draft),
        schemes={scheme.id: scheme for scheme, _ in shaped(draft.schemes)},
        branches={branch.id: branch for branch, _ in shaped(draft.branches)},
        report=settings.report or ReportSettings(),
        document=settings.document,
        workflows={flow.id: flow for flow, _ in shaped(draft.workflows)},
        parts=next((parts for parts, _ in shaped(draft.parts)), None),
        money=next((money for money, _ in shaped(draft.money)), None),
        conditions={c.id: c for register, _ in shaped(draft.rules) for c in register.conditions},
        contradictions={
            rule.id: rule for register, _ in shaped(draft.rules) for rule in register.contradictions
        },
        sampling=next((register.sampling for register, _ in shaped(draft.rules)), None),
        today=next((register.today for register, _ in shaped(draft.rules)), ()),
        smallest=next((register.smallest for register, _ in shaped(draft.kpis)), None),
        kpis={kpi.id: kpi for register, _ in shaped(draft.kpis) for kpi in register.kpis},
        forms={form.id: form for register, _ in shaped(draft.forms) for form in register.forms},
        records_kept={r.id: r for register, _ in shaped(draft.records) for r in register.records},
        events={e.id: e for register, _ in shaped(draft.events) for e in register.events},
        codes={c.id: c for register, _ in shaped(draft.codes) for c in register.lists},
        calendar=next((calendar for calendar, _ in shaped(draft.calendars)), None),
        glossary=next((glossary for glossary, _ in shaped(draft.glossaries)), None),
        suppressions=tuple(s for r, _ in shaped(draft.suppressions) for s in r.suppressions),
        tables={table.id: table for table, _ in shaped(draft.tables)},
        digests={f.id or Path(f.name).stem: f.document.digest for f in draft.files},
        files={f.id: folder / f.name for f in named},
        editions=_editions(draft),
    )


def _editions(draft: Draft) -> dict[str, str]:
    read = ((file, getattr(file.value, "edition", None)) for file in draft.files)
    return {file.id or Path(file.name).stem: edition for file, edition in read if edition}


def _rules(draft: Draft) -> dict[str, Rule]:
    """Give the automatic checks, then the rules on parts."""
    checks = [rule for register, _ in shaped(draft.rules) for rule in register.rules]
    on_parts = [rule for parts, _ in shaped(draft.parts) for rule in parts.rules]
    return {rule.id: rule for rule in (*checks, *on_parts)}


def _in_branch_order(draft: Draft) -> dict[str, Checklist]:
    """Give the checklists in the order the branch lists its posts, then the others by file."""
    branches = [branch for branch, _ in shaped(draft.branches)]
    listed = [part.checklist for branch in branches for part in branch.of]
    checklists = {checklist.id: checklist for checklist, _ in shaped(draft.checklists)}
    return {name: checklists[name] for name in dict.fromkeys([*listed, *checklists])}
