"""What the records of an office say, in words: of an item, its cases, and against one another."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from sopaudit.evidence.standing import Said
from sopaudit.evidence.testimony import FromRecords, Offence
from sopaudit.findings.contradiction import Contradiction
from sopaudit.findings.intervals import upper_limit, wilson
from sopaudit.findings.score import Line
from sopaudit.report.answer import answered
from sopaudit.report.derivation import shown
from sopaudit.report.fact import Fact
from sopaudit.report.measured import Names
from sopaudit.report.model import CaseRow, ContradictionRow, OffenceRow, RecordRow
from sopaudit.report.seen import Speaker

CASES: Final = 12
"""Cases the page names; more of them are counted, and workbook and data have all."""
FILES: Final = 6
"""Files whose digests begin the annex; all of more of them stand among the editions alone."""

_DIGEST: Final = 19
"""Signs of a digest that tell it from others; all of it stands among the editions."""


class RecordsTeller:
    """Tells what records say."""

    def __init__(self, speaker: Speaker) -> None:
        self.speaker = speaker
        self.words = speaker.words["heard"]

    def said(self, checklist: str, item: str) -> Said | None:
        """Give what the records said of an item; None where they were not asked."""
        return self.speaker.seen.said.get((checklist, item))

    def brief(self, said: Said) -> str:
        """Say it in a few words: `from the records: 3 of 41, 0 unknown`."""
        told = said.records
        if told.result in ("na", "unchecked"):
            return self.fill("open", why=self.why(told))
        return self.fill("brief", **self._counts(told))

    def sentences(self, said: Said) -> Iterator[str]:
        """Say it in sentences: what was counted, how far it reaches, and what the auditor said."""
        told = said.records
        if told.result in ("na", "unchecked"):
            yield self.fill("open_long", why=self.why(told))
        else:
            yield self.fill("counted", **self._counts(told))
            if told.unknown:
                yield self.fill("unknown", unknown=told.unknown)
            if told.tolerated:
                yield self.fill("tolerated", n=told.tolerated)
            if told.excused:
                yield self.fill("excused", n=told.excused)
            if told.let_be:
                yield self.fill("let_be", n=told.let_be)
            yield from self._reach(told)
        if told.unheard:
            yield self.fill("unheard", rules=self.speaker.listed(told.unheard))
        yield from self.standing(said)

    def line(self, line: Line, checklist: str, item: str) -> Line:
        """Give a line of a derivation, in words for all cases where it is not about a sample."""
        said = self.said(checklist, item)
        whole = said is not None and said.counts and line.key == "item.rate"
        return replace(line, key="item.rate_all") if whole else line

    def rules(self, told: FromRecords) -> Iterator[str]:
        """Say what each rule found: its title, and k of n."""
        for rule in told.rules:
            counts = {"failed": rule.failed, "checked": rule.checked, "unknown": rule.unknown}
            key = "rule_tolerated" if rule.tolerated else "rule"
            said = self.fill(key, rule=self.rule(rule.rule), **counts)
            yield said + (self.fill("rule_let_be", n=rule.let_be) if rule.let_be else "")
        for rule in told.beside:
            counts = {"failed": rule.failed, "checked": rule.checked, "unknown": rule.unknown}
            yield self.fill("rule_beside", rule=self.rule(rule.rule), **counts)

    def rule(self, name: str) -> str:
        """Name a rule with its title."""
        handbook = self.speaker.seen.handbook
        known = handbook.rules.get(name) or handbook.contradictions.get(name)
        return f"{name} {self.speaker.say(known.title)}" if known else name

    def why(self, told: FromRecords) -> str:
        """Say why records answer nothing."""
        share = ""
        if told.unknown:
            share = percent(Fraction(told.unknown, told.unknown + told.checked))
        return self.fill(
            f"why_{told.why or 'none'}",
            records=self.speaker.listed([self._record(name) for name in told.missing]),
            unknown=told.unknown,
            all=told.unknown + told.checked,
            share=share,
            failed=told.failed,
            checked=told.checked,
            let_be=told.let_be,
        )

    def standing(self, said: Said) -> Iterator[str]:
        """Say what the auditor answered beside it, and which of the two counts."""
        if not said.own or said.standing == "silent":
            return
        own = self.own(said)
        over = next((a.override for a in said.own if a.override is not None), None)
        if said.standing == "overridden" and over is not None:
            by = self.speaker.named(over.by)
            yield self.fill("overridden", own=own, person=by, why=over.why)
        else:
            yield self.fill(said.standing, own=own)

    def own(self, said: Said) -> str:
        """Give what the auditor answered, in a word or a number."""
        handbook = self.speaker.seen.handbook
        checklist = handbook.checklists[said.checklist]
        scheme, item = handbook.schemes[checklist.scheme], checklist.by_id[said.item]
        return answered(self.speaker, scheme, item, said.own)

    def cases(self, offences: Sequence[Offence]) -> tuple[CaseRow, ...]:
        """Write the first cases that do not conform."""
        return tuple(
            CaseRow(o.case, self.speaker.name(o.who) if o.who else "", o.who, o.rule, self.what(o))
            for o in offences[:CASES]
        )

    def more(self, offences: Sequence[Offence]) -> str:
        """Count those that are not named."""
        left = len(offences) - CASES
        return self.fill("more", n=left) if left > 0 else ""

    def what(self, one: Offence) -> str:
        """Say in what way a case does not conform, and where that stands."""
        kind = self.speaker.words["offence"].get(one.type, one.type)
        expected = self._limit(one.expected)
        told = self.speaker.length(one.found) if one.late else one.found
        key = "found" if expected else "found_only"
        found = self.fill(key, found=told, expected=expected) if one.found else ""
        late = self.fill("late", late=self.speaker.length(one.late)) if one.late else ""
        rows = self.fill("rows", rows=one.rows) if one.rows else ""
        between = self.speaker.words["note"]["between"]
        return between.join(text for text in (kind, late, found, rows) if text)

    def facts(self) -> Iterator[Fact]:
        """Say to what day the records speak, and in which files."""
        seen = self.speaker.seen
        days = dict.fromkeys(said.records.as_of.isoformat() for said in seen.said.values())
        if days:
            yield Fact(self.words["as_of"], self.speaker.listed([*days]))
        if len(seen.held) > FILES:
            yield Fact(self.words["files"], self.fill("file_count", n=len(seen.held)))
        else:
            for file in seen.held:
                yield Fact(file.file, f"{file.digest[:_DIGEST]}…")
        if not seen.held and seen.said:
            digests = dict.fromkeys(said.records.digest for said in seen.said.values())
            yield Fact(self.words["digest"], self.speaker.listed([*digests]))

    def rows(self) -> Iterator[RecordRow]:
        """Lay out every item the records were asked of."""
        for said in self.speaker.seen.said.values():
            own = self.own(said) if said.own else self.speaker.words["answer"]["none"]
            yield RecordRow(
                item=said.item,
                rules=tuple(self.rules(said.records)),
                found=self._short(said.records),
                own=own,
                standing=self.fill(f"standing_{said.standing}"),
            )

    def offences(self) -> Iterator[OffenceRow]:
        """List all cases that do not conform, each with its source rows."""
        types = self.speaker.words["offence"]
        seen = self.speaker.seen
        told = [(said.item, o) for said in seen.said.values() for o in said.records.offences]
        told += [(one.rule, o) for one in seen.belied for o in one.offences]
        for item, o in told:
            who = self.speaker.name(o.who) if o.who else ""
            yield OffenceRow(
                item, o.rule, o.case, types.get(o.type, o.type), o.rows,
                self.speaker.length(o.found) if o.late else o.found, self._limit(o.expected),
                who, o.who, o.at, self.speaker.length(o.late),
            )  # fmt: skip

    def contradictions(self, told: Sequence[Contradiction]) -> Iterator[ContradictionRow]:
        """Write contradictions: what was said, what is on record, and where."""
        for one in told:
            offences = one.offences
            if one.said is not None:
                said = one.said
                item = self.speaker.seen.handbook.checklists[said.checklist].by_id[said.item]
                title = self.speaker.say(item.question)
                statement = self.fill("contradicted", own=self.own(said))
                found, name = self.brief(said), said.item
            elif one.belied is not None:
                belied, name = one.belied, one.belied.rule
                rule = self.speaker.seen.handbook.contradictions.get(name)
                title = self.speaker.say(rule.title) if rule else ""
                statement = self.speaker.say(rule.note) if rule else ""
                counts = {"failed": belied.failed, "checked": belied.checked}
                found = self.fill("brief", **counts, unknown=belied.unknown)
            yield ContradictionRow(
                one.id, name, title, statement, found, self.cases(offences), self.more(offences)
            )

    def fill(self, key: str, **values: object) -> str:
        """Fill a sentence."""
        return self.words[key].format_map(values)

    def _short(self, told: FromRecords) -> str:
        if told.result in ("na", "unchecked"):
            return self.why(told)
        return self.fill("short", **self._counts(told))

    def _record(self, name: str) -> str:
        kept = self.speaker.seen.handbook.records_kept.get(name)
        return self.speaker.say(kept.title) if kept else name

    def length(self, text: str) -> str:
        """Say a length of time in the language of the page, such as `working 2 h 1 min`."""
        return self.speaker.length(text)

    def _limit(self, expected: str) -> str:
        """Say a limit: `at_most 60` in words."""
        said, names = self.speaker.words["limit_word"], Names(self.speaker)
        parts = (part.partition(" ") for part in expected.split(", "))
        told = (
            said["done"].format(what=done)
            if w == "by" and (done := names.all(rest))
            else f"{said[w]}{names.all(rest) or self.length(rest)}"
            if w in said
            else names.all(w if not blank else "") or f"{w}{blank}{rest}"
            for w, blank, rest in parts
        )
        return self.speaker.listed([*told])

    @staticmethod
    def _counts(told: FromRecords) -> dict[str, int]:
        return {"failed": told.failed, "checked": told.checked, "unknown": told.unknown}

    def _reach(self, told: FromRecords) -> Iterator[str]:
        """Say how far other periods may differ: this one was seen whole, and is exact."""
        if not told.checked:
            return
        if not told.failed:
            yield self.fill("reach_none", most=percent(upper_limit(0, told.checked)))
            return
        ends = wilson(told.failed, told.checked)
        rate = percent(Fraction(told.failed, told.checked))
        yield self.fill("reach", rate=rate, low=percent(ends.low), high=percent(ends.high))


def percent(share: Fraction | float) -> str:
    """Write a share as a percentage with at most one decimal."""
    return f"{shown(Fraction(share) * 100, 1)}\u00a0%"
