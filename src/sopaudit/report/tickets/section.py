"""The ticket section of a report: everything its readers ask of the tickets, put into words."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

import numpy as np

from sopaudit.criteria.workflow import Workflow
from sopaudit.findings.breakdown import LEAST
from sopaudit.findings.conformance.result import STATES, Conformance
from sopaudit.findings.deviation import STEP_TYPES
from sopaudit.findings.gathering import Gathered, TicketEvidence, gathered, types, worst
from sopaudit.press.charts import ACCENT, SIGNAL
from sopaudit.report.seen import Speaker
from sopaudit.report.tickets.chart import jumps, sheets, walked
from sopaudit.report.tickets.model import (
    FirstRow,
    FlowRow,
    Legend,
    QualityRow,
    SpotRow,
    TicketRow,
    TicketSection,
)
from sopaudit.report.tickets.ruled import broken, others, rule_row, rule_rows
from sopaudit.report.tickets.said import Sayer
from sopaudit.report.tickets.way import ways
from sopaudit.report.tickets.where import dimensions

FIRST: Final = 3
"""Findings to begin with; whoever is told ten does none."""

QUALITY: Final = 8
"""Questions to the data whose answers are told; the workbook has all."""

EXAMPLES: Final = 2
SPOTS: Final = 5
JUMPS: Final = 3
WORST: Final = 6
SAID: Final = 4
"""Deviations told of one ticket."""

_LOOKS: Final = ((ACCENT, ACCENT), (SIGNAL, SIGNAL), ("#ffffff", "#64727d"), ("#d5dce0", "#d5dce0"))
"""Fill and outline of each state, in the order of `STATES`."""


def charted(evidence: TicketEvidence) -> bool:
    """Say whether there is a chart to be drawn."""
    told = evidence.checked.conformance
    return told is not None and bool(told.boxes)


def section(
    evidence: TicketEvidence,
    speaker: Speaker,
    annex: str = "",
    elsewhere: Collection[str] = (),
    chapter: str = "",
) -> TicketSection:
    """Write the section; `annex` is the number of the annex with the charts.

    The rules `elsewhere` are told in another `chapter`, so none is told twice.
    """
    return _Writer(evidence, Sayer(speaker), annex, elsewhere, chapter).section()


class _Writer:
    def __init__(
        self,
        evidence: TicketEvidence,
        say: Sayer,
        annex: str,
        elsewhere: Collection[str],
        chapter: str,
    ) -> None:
        self.evidence = evidence
        self.elsewhere = elsewhere
        self.chapter = chapter
        self.checked = checked = evidence.checked
        self.say = say
        self.annex = annex
        self.deviations = checked.deviations
        self.alike = [x for x in gathered(self.deviations) if x.rule not in elsewhere]
        self.rules = {n: r for n, r in checked.rules.items() if n not in elsewhere}
        self.told: Conformance | None = checked.conformance
        flows = say.handbook.workflows.values()
        self.flows = list(walked(self.told, flows)) if self.told else []

    def section(self) -> TicketSection:
        checked, say = self.checked, self.say
        rules = rule_rows(self.rules, say)
        quality = tuple(self._quality())
        found = self._found(quality)
        charts = [
            sheet
            for flow in self.flows
            if self.told
            for sheet in sheets(self.told, flow, say.speaker)
        ]
        day = "" if np.isnat(checked.now) else str(checked.now.astype("datetime64[D]"))
        trust = self.evidence.quality
        return TicketSection(
            as_of=say.fill("total", "as_of", day=day) if day else "",
            sentence=self._sentence("sentence"),
            spoken=self._sentence("spoken"),
            touched=self._touched(),
            basis=self._basis(),
            bar=(bar := tuple(self._bar())),
            parts=tuple((part.count, part.fill, part.line) for part in bar),
            first=tuple(map(self._first, self.alike[:FIRST])),
            first_note=say.words["first"]["note" if self.alike else "none"],
            quality_sound=trust is None or trust.assessable,
            quality_note=self._trust(),
            quality=tuple(found[:QUALITY]),
            quality_more=self._more(len(found) - QUALITY),
            all_quality=quality,
            quality_silent=self._silent(quality),
            flows=tuple(map(self._flow, self.flows)),
            rules=broken(rules),
            rules_note=say.words["rule"]["note"],
            rules_rest=tuple(others(rules, say)),
            elsewhere=self._elsewhere(len(checked.rules) - len(rules)),
            let_be=tuple(self._let_be()),
            all_rules=rules,
            dimensions=dimensions(self.evidence.facets, say),
            where_note=say.fill("where", "note", least=LEAST),
            worst=tuple(self._worst()),
            worst_note=self._worst_note(),
            variants=ways(self.told, say) if self.told else (),
            variants_note=say.words["variant"]["note"],
            charts=tuple(charts),
            deviations=tuple(say.all_said(self.deviations)),
        )

    # --- totals -----------------------------------------------------------------------------------

    def _counts(self) -> dict[str, int]:
        totals = self.told.totals() if self.told else {}
        return {name: int(n) for name, n in totals.items() if name != "digest"}

    def _sentence(self, key: str) -> str:
        counts = self._counts()
        if not counts:
            return self.say.words["total"]["no_log"]
        share = Fraction(counts["nonconforming"], counts["tickets"]) if counts["tickets"] else 0
        told: dict[str, object] = {name: f"{n:,}" for name, n in counts.items()}
        return self.say.fill("total", key, **told, share=self.say.percent(share))

    def _basis(self) -> str:
        say, rules = self.say, self.rules.values()
        told = []
        if self.told:
            told.append(say.fill("total", "basis", cost=f"{self._counts()['total_cost']:,}"))
        if rules:
            counts = [result.counts() for result in rules]
            failing = sum(one["nonconforming"] > 0 for one in counts)
            unheard = sum(
                not result.assessable or not (one["conforming"] or one["nonconforming"])
                for result, one in zip(rules, counts, strict=True)
            )
            clean = len(counts) - failing - unheard
            told.append(
                say.fill(
                    "total",
                    "rules",
                    rules=len(counts),
                    failing=failing,
                    clean=clean,
                    unheard=unheard,
                )
            )
        return say.speaker.joined([*told, self._touched()])

    def _touched(self) -> str:
        tickets = len({ticket for ticket in self.deviations["ticket"].tolist() if ticket})
        if not (self.checked.rules and tickets):
            return ""
        return self.say.fill("total", "touched", tickets=f"{tickets:,}")

    def _bar(self) -> Iterator[Legend]:
        counts = self._counts()
        if not counts:
            return
        for state, (fill, line) in zip(STATES, _LOOKS, strict=True):
            name = state.replace(" ", "_")
            share = Fraction(counts[name], counts["tickets"]) if counts["tickets"] else 0
            title = self.say.words["state"][name]
            yield Legend(title, counts[name], self.say.percent(share), fill, line)

    def _let_be(self) -> Iterator[str]:
        """Tell what suppressions leave out of the figures, who decided it, and what has run out."""
        say, found = self.say, self.checked.let_be
        for key, entries in (("let_be", found.held), ("again", found.expired)):
            for entry, count in entries:
                yield say.fill(
                    "rule",
                    key,
                    rule=f"{entry.rule} {say.rule(entry.rule)}",
                    n=f"{count:,}",
                    until=entry.until,
                    by=say.person(entry.by),
                    reason=say.speaker.say(entry.reason),
                )

    def _elsewhere(self, rules: int) -> str:
        return self.say.fill("rule", "elsewhere", n=rules, chapter=self.chapter) if rules else ""

    # --- what to do first -------------------------------------------------------------------------

    def _first(self, one: Gathered) -> FirstRow:
        say = self.say
        text = say.deviation(one.type, one.step) if one.type else say.rule(one.rule)
        counts = {"deviations": f"{one.deviations:,}", "tickets": f"{one.tickets:,}"}
        post = say.owner(one.rule, one.step, one.post)
        return FirstRow(
            id=one.rule,
            text=say.fill("first", "rule", title=text, **counts),
            owner=say.fill("first", "owner", post=post),
            post=post,
            tickets=one.tickets,
            severity=one.severity,
            severity_title=say.severity(one.severity),
            sure=self._sure(one),
        )

    def _sure(self, one: Gathered) -> str:
        """Say how many of those that could have failed did, and how far that may be trusted."""
        result = self.checked.rules.get(one.rule)
        if result is None:
            of = self._counts().get("tickets", 0)
            share = self.say.percent(Fraction(one.tickets, of)) if of else ""
            return self.say.fill("first", "of_tickets", share=share) if share else ""
        row = rule_row(result, self.say)
        return self.say.fill("first", "sure", rate=row.rate, range=row.range)

    # --- the data ---------------------------------------------------------------------------------

    def _quality(self) -> Iterator[QualityRow]:
        quality = self.evidence.quality
        for row in quality.rows(self.say.speaker.lang) if quality else ():
            examples = row["examples"].split("; ")
            more = "; …" if len(examples) > EXAMPLES else ""
            shown = "; ".join(examples[:EXAMPLES]) + more
            yield QualityRow(
                title=row["title"],
                meaning=row["meaning"],
                count=f"{row['count']} / {row['of']}",
                share=row["share"],
                limit=row["limit"],
                state=row["state"],
                verdict=self.say.words["quality"][row["state"]],
                examples="" if self.say.speaker.seen.circulating else shown,
            )

    def _found(self, rows: Sequence[QualityRow]) -> list[QualityRow]:
        """List what was found: what stops the check first, and what is called alike once."""
        alike: dict[str, list[QualityRow]] = {}
        for row in rows:
            if row.state != "ok":
                alike.setdefault(row.title, []).append(row)
        found = [self._alike(group) for group in alike.values()]
        return sorted(found, key=lambda row: row.state != "stops")

    def _alike(self, group: Sequence[QualityRow]) -> QualityRow:
        """Put rows of one title, such as that of each field, into one."""
        if len(group) == 1:
            return group[0]
        worst_ = next((row for row in group if row.state == "stops"), group[0])
        count = self.say.fill("quality", "alike", n=len(group))
        return replace(worst_, count=count, share="", limit="")

    def _more(self, n: int) -> str:
        return self.say.fill("quality", "more", n=n) if n > 0 else ""

    def _silent(self, rows: tuple[QualityRow, ...]) -> str:
        names = [row.title for row in rows if row.state == "ok"]
        if not names:
            return ""
        return self.say.fill("quality", "silent", names=self.say.speaker.listed(names))

    def _trust(self) -> str:
        say, quality = self.say, self.evidence.quality
        if quality is None:
            return ""
        if not quality.assessable:
            reasons = say.speaker.joined(quality.reasons(say.speaker.lang))
            return say.fill("quality", "unsound", reasons=reasons)
        counts = {"events": self.checked.events, "tickets": self._counts().get("tickets", 0)}
        told = {name: f"{n:,}" for name, n in counts.items()}
        return say.fill("quality", "sound", **told)

    # --- workflows --------------------------------------------------------------------------------

    def _flow(self, flow: Workflow) -> FlowRow:
        say = self.say
        counts = types(self.deviations).get(flow.id, {})
        told = [f"{say.type(t)}\u00a0{counts[t]:,}" for t in STEP_TYPES if t in counts]
        own = [one for one in self.alike if one.rule == flow.id]
        chart = say.fill("flow", "chart", annex=self.annex) if self.annex else ""
        moves = jumps(self.told, flow)[:JUMPS] if self.told else []
        return FlowRow(
            id=flow.id,
            title=say.speaker.say(flow.title),
            types=say.speaker.listed(told) or say.words["flow"]["none"],
            chart=chart,
            spots=tuple(map(self._spot, own[:SPOTS])),
            jumps=tuple(
                say.words["flow"]["jump"].format_map(
                    {"from": say.step(a), "to": say.step(b), "n": n}
                )
                for (a, b), n in moves
            ),
        )

    def _spot(self, one: Gathered) -> SpotRow:
        say = self.say
        owner = say.owner(one.rule, one.step, one.post)
        return SpotRow(one.step, say.step(one.step), say.type(one.type), one.tickets, owner)

    # --- tickets ----------------------------------------------------------------------------------

    def _worst(self) -> Iterator[TicketRow]:
        for ticket, own in worst(self.deviations, WORST):
            said = self.say.all_said(own.iloc[:SAID])
            left = len(own) - len(said)
            more = self.say.fill("deviation", "more", n=left) if left else ""
            yield TicketRow(ticket, tuple(said), more)

    def _worst_note(self) -> str:
        tickets = {ticket for ticket in self.deviations["ticket"].tolist() if ticket}
        if not tickets:
            return ""
        shown = min(WORST, len(tickets))
        return self.say.fill("worst", "note", tickets=f"{len(tickets):,}", n=shown)
