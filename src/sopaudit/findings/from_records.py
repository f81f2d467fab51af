"""Items answered from the records of an office: k of n over all cases of the rules they name.

A case is a ticket, or what else a rule looks at where there is none: a call, a person, a part. It
fails an item where one rule that applies to it fails; a case of which data is missing leaves n, and
where more than a tenth is missing, the item stays unchecked (design §4, §5).
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from sopaudit.criteria.checklist import Checklist, Item
from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.judging import answer_set, set_words
from sopaudit.criteria.scheme import Scheme
from sopaudit.evidence.audit import AuditFolder
from sopaudit.evidence.records import DATA, Records, read_records
from sopaudit.evidence.said import answer_of, settled
from sopaudit.evidence.standing import Told
from sopaudit.evidence.testimony import Belied, FromRecords, Offence, RecordFile, RuleTold
from sopaudit.findings.branch import expected
from sopaudit.findings.deviation import COLUMNS
from sopaudit.findings.marking import Marking
from sopaudit.findings.rules.case import (
    CONFORMING,
    NONCONFORMING,
    UNKNOWN,
    VERDICTS,
    Cases,
)
from sopaudit.findings.rules.deviations import rule_deviations
from sopaudit.findings.rules.engine import RuleResult, heard, runs
from sopaudit.findings.rules.hearing import Hearing
from sopaudit.findings.rules.suppression import counting
from sopaudit.problems import Problem

MISSING: Final = Fraction(1, 10)
"""Above this share of unknown cases nothing is said of an item (design §4)."""

_PASSED: Final = 1
_UNKNOWN: Final = 2
_FAILED: Final = 3

_WEIGHT: Final = np.zeros(len(VERDICTS), np.int8)
_WEIGHT[[CONFORMING, UNKNOWN, NONCONFORMING]] = _PASSED, _UNKNOWN, _FAILED
"""How heavily a verdict weighs: the heaviest of all that are about a case is its own."""

Offences = Mapping[str, tuple[Offence, ...]]
"""The cases that do not conform, by rule."""


def answered_from_records(folder: AuditFolder) -> tuple[AuditFolder, list[Problem]]:
    """Let the records of an audit answer the items that name rules.

    Without records the audit keeps what they said when it was frozen or written down; where they
    never said anything it stays exactly as it is.
    """
    if folder.previous is not None:
        # Its own mistakes are told when it is scored itself.
        folder = replace(folder, previous=answered_from_records(folder.previous)[0])
    now = end_of(folder.audit.as_of or folder.audit.date)
    records, problems = read_records(
        folder.folder / DATA,
        folder.handbook,
        office=folder.audit.office,
        shown=f"{folder.folder.as_posix()}/{DATA}",
    )
    if not records.lines:
        kept = replace(folder, belied=folder.kept.belied if folder.kept else ())
        told = _recorded(folder)
        held = folder.kept.records if folder.kept else ()
        return (replace(settled(kept, told), held=held) if told else kept), problems
    held = files(folder.folder / DATA)
    session = _Session(folder, records, now, digest_of(held))
    told = session.told(_answerable(folder))
    folder = replace(folder, held=held, belied=tuple(session.belied()))
    return settled(folder, _asked(folder, told)), problems


def end_of(day: date) -> np.datetime64:
    """Give the last moment of a day, which is the now of a hearing."""
    return np.datetime64(day, "us") + np.timedelta64(1, "D") - np.timedelta64(1, "us")


def files(folder: Path) -> tuple[RecordFile, ...]:
    """Digest the files records are read from, so that a result says what it rests on."""
    found = (p for p in sorted(folder.iterdir()) if p.is_file() and not p.name.startswith("."))
    return tuple(
        RecordFile(file=p.name, digest=f"sha256:{hashlib.sha256(p.read_bytes()).hexdigest()}")
        for p in found
    )


def digest_of(held: Iterable[RecordFile]) -> str:
    """Give one digest for all files of records."""
    told = "".join(f"{file.file}\0{file.digest}\n" for file in held)
    return f"sha256:{hashlib.sha256(told.encode()).hexdigest()}"


def _recorded(folder: AuditFolder) -> Told:
    """Give what the records said when somebody wrote it down: in the answers, else when frozen."""
    told: dict[str, dict[str, FromRecords]] = {}
    if folder.kept is not None:
        told = {name: dict(items) for name, items in folder.kept.from_records.items()}
    for name, record in folder.records.items():
        for answer in record.answers:
            if answer.from_records is not None:
                told.setdefault(name, {})[answer.item] = answer.from_records
    known = folder.handbook.checklists
    held = {
        name: {item: said for item, said in items.items() if item in known[name].by_id}
        for name, items in told.items()
        if name in known
    }
    return {name: items for name, items in held.items() if items}


def _answerable(folder: AuditFolder) -> dict[str, list[Item]]:
    """Give the items records may answer: in force, by a rule that code decides, of a post there."""
    handbook, audit = folder.handbook, folder.audit
    there = {*folder.records}
    for branch in handbook.branches.values():
        there |= {*expected(handbook, branch, audit.office, audit.date)}
    rolled = {part.checklist for branch in handbook.branches.values() for part in branch.of}
    found: dict[str, list[Item]] = {}
    for name, checklist in handbook.checklists.items():
        within = audit.scope is None or checklist.post in (None, *audit.scope.posts)
        if name not in folder.records and not (within and (name in there or name not in rolled)):
            continue
        asked = (item for item in checklist.items if item.in_force(audit.date))
        items = [item for item in asked if any(_runs(handbook, r) for r in item.answer_from)]
        if items:
            found[name] = items
    return found


def _runs(handbook: Handbook, rule: str) -> bool:
    return rule in handbook.rules and runs(handbook.rules[rule])


def _asked(folder: AuditFolder, told: Told) -> Told:
    """Leave out checklists nobody answered, neither an auditor nor the records."""
    return {
        name: items
        for name, items in told.items()
        if name in folder.records or any(said.says and said.checked for said in items.values())
    }


@dataclass(frozen=True, eq=False)
class _Verdict:
    """What one rule says of each case; of several lines about one case the heaviest."""

    result: RuleResult
    tickets: npt.NDArray[np.int8]
    subjects: Mapping[str, int]
    """Cases that belong to no ticket, by name."""

    excused: int
    let_be: int = 0
    """Cases a suppression lets be; they weigh nothing here."""

    def count(self, weight: int) -> int:
        """Count the cases of one weight."""
        others = sum(found == weight for found in self.subjects.values())
        return int(np.count_nonzero(self.tickets == weight)) + others

    @property
    def tolerated(self) -> bool:
        """Whether so few fail that the tolerance of the rule covers them."""
        failed, share = self.count(_FAILED), self.result.rule.tolerance
        if not failed or not share:
            return False
        return Fraction(failed) <= share * (failed + self.count(_PASSED))


def verdict(result: RuleResult, records: Records) -> _Verdict:
    """Take the cases of all parts of a rule together, by ticket or by name."""
    tickets = np.zeros(len(records.tickets), np.int8)
    subjects: dict[str, int] = {}
    excused = 0
    for part in result.parts:
        cases = part.cases
        weight = _WEIGHT[cases.verdict]
        mine = cases.ticket >= 0
        np.maximum.at(tickets, cases.ticket[mine], weight[mine])
        for n in np.flatnonzero(~mine & (weight > 0)).tolist():
            name = _name(cases, records, n)
            subjects[name] = max(subjects.get(name, 0), int(weight[n]))
        if cases.excused is not None:
            passed = cases.verdict == CONFORMING
            excused += int(np.count_nonzero(cases.excused & passed))
    return _Verdict(result, tickets, subjects, excused)


def _name(cases: Cases, records: Records, n: int) -> str:
    """Call a case that belongs to no ticket: by its name, else by the line that decides it."""
    if cases.names is not None and cases.names[n]:
        return cases.names[n]
    if not cases.lines:
        return str(n)
    record, lines = cases.lines[0]
    return f"{record}:{records.of(record).row[lines[n]]}"


class _Session:
    """The records of one audit, heard by every rule an item or a contradiction names."""

    def __init__(
        self, folder: AuditFolder, records: Records, now: np.datetime64, digest: str
    ) -> None:
        self.handbook = folder.handbook
        self.audit = folder.audit
        self.records = records
        self.digest = digest
        self._hearing = Hearing(folder.handbook, records, now)

    def told(self, items: Mapping[str, Sequence[Item]]) -> dict[str, dict[str, FromRecords]]:
        """Say what the records answer to items, by checklist."""
        every_item = [item for each in items.values() for item in each]
        named = {r for item in every_item for r in (*item.answer_from, *self._beside(item))}
        rules = (rule for name, rule in self.handbook.rules.items() if name in named)
        every = {rule.id: heard(self._hearing, rule) for rule in rules if runs(rule)}
        results, let_be = counting(every, self._hearing, self.audit.as_of or self.audit.date)
        spared = Counter[str]()
        for entry, count in let_be.held:
            spared[entry.rule] += count
        verdicts = {
            name: replace(verdict(result, self.records), let_be=spared[name])
            for name, result in results.items()
        }
        offences = self._offences(results.values())
        answered: dict[str, dict[str, FromRecords]] = {}
        for name, asked in items.items():
            checklist = self.handbook.checklists[name]
            scheme = self.handbook.schemes[checklist.scheme]
            form = _Form(checklist, scheme, self.audit.date, self._suspicious)
            answered[name] = {
                item.id: form.put(item, self._counted(item, verdicts, offences)) for item in asked
            }
        return answered

    def _beside(self, item: Item) -> list[str]:
        """List what the standards of an item name besides the rules that answer it (domain d.6)."""
        standards = self.handbook.standards
        checks = (c for name in item.standards if name in standards for c in standards[name].checks)
        return [name for name in dict.fromkeys(checks) if name not in item.answer_from]

    @property
    def _suspicious(self) -> frozenset[str]:
        return frozenset(name for name, rule in self.handbook.rules.items() if rule.suspicion)

    def _offences(self, results: Iterable[RuleResult]) -> Offences:
        table = rule_deviations(results, self.records, self.handbook)
        found: dict[str, list[Offence]] = {}
        names = {"ticket": "case"}
        keys = [(n, names.get(name, name)) for n, name in enumerate(COLUMNS)]
        wanted = [(n, name) for n, name in keys if name in Offence.model_fields]
        for row in table.itertuples(index=False, name=None):
            said = {name: row[n] for n, name in wanted}
            # A case that has neither ticket nor name is called by the line that proves it.
            told = Offence(**{**said, "case": said["case"] or said["rows"]})
            found.setdefault(told.rule, []).append(told)
        return {rule: tuple(told) for rule, told in found.items()}

    def _counted(
        self, item: Item, verdicts: Mapping[str, _Verdict], offences: Offences
    ) -> FromRecords:
        """Count the cases of all rules of an item, before it is put into its form."""
        heard_ = [verdicts[name] for name in item.answer_from if name in verdicts]
        missing = dict.fromkeys(m for one in heard_ for m in one.result.missing)
        tickets, subjects = np.zeros(len(self.records.tickets), np.int8), dict[str, int]()
        plain = tickets.copy()
        others: dict[str, int] = {}
        for one in heard_:
            np.maximum(plain, one.tickets, out=plain)
            seen = one.tickets
            if one.tolerated:
                seen = np.where(seen == _FAILED, _PASSED, seen).astype(np.int8)
            np.maximum(tickets, seen, out=tickets)
            for name, found in one.subjects.items():
                others[name] = max(others.get(name, 0), found)
                spared = _PASSED if one.tolerated and found == _FAILED else found
                subjects[name] = max(subjects.get(name, 0), spared)
        weights = np.concatenate([tickets, np.array([*subjects.values()], np.int8)])
        before = np.concatenate([plain, np.array([*others.values()], np.int8)])
        failed, passed, unknown = (
            int(np.count_nonzero(weights == w)) for w in (_FAILED, _PASSED, _UNKNOWN)
        )
        return FromRecords(
            rules=tuple(_told(one) for one in heard_),
            failed=failed,
            checked=failed + passed,
            unknown=unknown,
            tolerated=int(np.count_nonzero(before == _FAILED)) - failed,
            excused=sum(one.excused for one in heard_),
            let_be=sum(one.let_be for one in heard_),
            missing=tuple(missing),
            unheard=tuple(name for name in item.answer_from if name not in verdicts),
            beside=tuple(
                _told(verdicts[name])
                for name in self._beside(item)
                if name in verdicts and verdicts[name].result.assessable
            ),
            as_of=self.audit.as_of or self.audit.date,
            digest=self.digest,
            offences=tuple(o for one in heard_ for o in offences.get(one.result.rule.id, ())),
        )

    def belied(self) -> Iterator[Belied]:
        """Say which records contradict one another, as the handbook looks for it."""
        for name, rule in self.handbook.contradictions.items():
            if not runs(rule):
                continue
            result = heard(self._hearing, rule)
            if not result.assessable:
                continue
            told = verdict(result, self.records)
            failed = told.count(_FAILED)
            yield Belied(
                rule=name,
                failed=failed,
                checked=failed + told.count(_PASSED),
                unknown=told.count(_UNKNOWN),
                offences=self._offences([result]).get(name, ()),
            )


def _told(one: _Verdict) -> RuleTold:
    failed = one.count(_FAILED)
    return RuleTold(
        rule=one.result.rule.id,
        failed=failed,
        checked=failed + one.count(_PASSED),
        unknown=one.count(_UNKNOWN),
        tolerated=one.tolerated,
        let_be=one.let_be,
    )


class _Form:
    """Puts counted cases into the answer an item takes."""

    def __init__(
        self, checklist: Checklist, scheme: Scheme, day: date, suspicious: frozenset[str]
    ) -> None:
        self.scheme = scheme
        self.suspicious = suspicious
        self.marking = Marking(checklist, scheme, day)
        self.places = {item.id: n for n, item in enumerate(checklist.items)}

    def put(self, item: Item, told: FromRecords) -> FromRecords:
        """Say the word the records answer with, or why they do not answer."""
        answers = answer_set(self.scheme, item)
        by_word = isinstance(answers, Mapping)
        if told.missing:
            return self._open(told, "missing")
        if _too_much_unknown(told, each=by_word):
            return self._open(told, "unknown")
        if not told.checked:
            word = "na" if item.na_allowed else "unchecked"
            why = "let be" if told.let_be else "none"
            return told.model_copy(update={"result": word, "why": why})
        said = _word(told, set_words(answers)) if by_word else None
        if answers == "number" or (by_word and said is None):
            return self._open(told, "no word")
        return self._doubted(item, told.model_copy(update={"result": said}))

    def _doubted(self, item: Item, told: FromRecords) -> FromRecords:
        """Keep back what a person has to confirm and the scheme would take at its word.

        A veto is never given by a rule alone: it waits where the scheme asks for a confirmation.
        """
        if not told.failed:
            return told
        place, answer = self.places[item.id], answer_of(told)
        suspected = self.suspicious & {rule.rule for rule in told.rules if rule.failed}
        if suspected and place in self.marking.countable:
            return self._open(told, "suspected")
        mark = self.marking.mark(place, (answer,))
        bites = any(
            not limit.confirm
            and limit.is_ is not None
            and self.marking.meets(limit, place, (answer,), mark)
            for limit in self.scheme.every_limit
        )
        return self._open(told, "suspected") if bites else told

    @staticmethod
    def _open(told: FromRecords, why: str) -> FromRecords:
        return told.model_copy(update={"result": "unchecked", "why": why})


def _too_much_unknown(told: FromRecords, *, each: bool) -> bool:
    """Say whether over a tenth of the cases is unknown, or of one rule where each must hold."""
    counts = [(told.unknown, told.checked)]
    if each:
        counts += [(rule.unknown, rule.checked) for rule in told.rules]
    return any(unknown > MISSING * (unknown + checked) for unknown, checked in counts)


def _word(told: FromRecords, words: Sequence[str]) -> str | None:
    """Say yes where every rule holds, no where none does, and partial between if it is a word."""
    used = [rule for rule in told.rules if rule.checked]
    broken = sum(bool(rule.failed) and not rule.tolerated for rule in used)
    partly = "partial" in words and 0 < broken < len(used)
    word = "yes" if not broken else "partial" if partly else "no"
    return word if word in words else None
