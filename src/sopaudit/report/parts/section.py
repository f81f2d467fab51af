"""The chapter on parts and money: how things stand, with a name on whatever is missing."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from sopaudit.findings.gathering import WEIGHTS
from sopaudit.findings.loss import Loss
from sopaudit.findings.loss_summary import worst
from sopaudit.findings.parts_evidence import PartsEvidence
from sopaudit.findings.rules.engine import runs
from sopaudit.press.timeline import timeline
from sopaudit.report.parts.aged import age_rows, bands
from sopaudit.report.parts.count import Counted
from sopaudit.report.parts.life import life, settled
from sopaudit.report.parts.model import ChainRow, FirstPart, PartsSection, SortRow
from sopaudit.report.parts.rows import cash_rows, figure_rows, headline, holder_rows, place_rows
from sopaudit.report.parts.saying import PartSayer
from sopaudit.report.seen import Speaker
from sopaudit.report.tickets.ruled import broken, others, rule_rows

FIRST: Final = 3
"""Things to do first; whoever is told ten does none."""

ASKED: Final = 3
"""People named beside each."""

WORST: Final = 10
STEPS: Final = 8
"""Moves drawn of one chain, at most."""

WIDTH: Final = 600.0
"""Of the picture of a chain."""


def section(evidence: PartsEvidence, speaker: Speaker) -> PartsSection:
    """Write the chapter."""
    return _Writer(evidence, speaker).section()


class _Writer:
    def __init__(self, evidence: PartsEvidence, speaker: Speaker) -> None:
        self.say = say = PartSayer(evidence, speaker)
        self.evidence = evidence
        self.words = say.words
        self.by_sort: dict[str, list[Loss]] = {}
        for loss in self.evidence.losses:
            self.by_sort.setdefault(loss.sort, []).append(loss)
        self.totals = {total.name: total for total in self.evidence.sorts}
        self.count = Counted(say)

    def section(self) -> PartsSection:
        say, evidence = self.say, self.evidence
        rules = rule_rows(evidence.own, say.rules)
        first = sorted(self.by_sort.items(), key=lambda one: self._urgency(*one))
        count = self.count
        return PartsSection(
            sentence=headline(say, count),
            basis=self.words["sum"]["basis"],
            first=tuple(self._first(*one) for one in first[:FIRST]),
            first_note=self.words["first"]["note"] if first else "",
            places=tuple(place_rows(say)),
            places_notes=tuple(self._places_notes()),
            holders=tuple(holder_rows(say)),
            holders_note=self.words["owed"]["note"],
            cash=tuple(cash_rows(say)),
            cash_note=self._cash_note(),
            figures=tuple(figure_rows(say)),
            bands=bands(evidence, say),
            ageing=tuple(age_rows(evidence, say)),
            ageing_note=self._ageing_note(),
            count_sums=tuple(count.sums()),
            count=count.shown,
            count_note=count.note,
            count_more=count.more,
            all_count=count.rows,
            sorts=tuple(self._sort(*one) for one in first),
            sorts_notes=tuple(self._sorts_notes()),
            worst=tuple(map(self._chain, worst(evidence.losses, WORST))),
            worst_note=self._worst_note(),
            rules=broken(rules),
            rules_note="" if broken(rules) else self.words["rule"]["all_clean"],
            rules_rest=(*others(rules, say.rules), *self._by_hand()),
            all_rules=rules,
            findings=tuple(map(say.loss, evidence.losses)),
        )

    # --- what to do first ----------------------------------------------------------------------

    def _urgency(self, sort: str, own: Sequence[Loss]) -> tuple[int, int, int]:
        weight = sum(WEIGHTS.get(loss.severity, 1) for loss in own)
        return -weight, -sum(abs(loss.value) for loss in own), [*self.say.sorts].index(sort)

    def _first(self, sort: str, own: Sequence[Loss]) -> FirstPart:
        say, row = self.say, self._sort(sort, own)
        people = Counter(loss.holder for loss in own if loss.holder)
        asked = sorted(people, key=lambda name: (-people[name], name))[:ASKED]
        named = [say.fill("first", "person", person=say.person(x), n=people[x]) for x in asked]
        told = say.fill("first", "who", people=say.speaker.listed(named))
        return FirstPart(
            sort=sort,
            text=say.fill(
                "first",
                "text" if row.value else "plain",
                title=row.title,
                n=row.number,
                value=row.value,
            ),
            who=told if named else self.words["first"]["nobody"],
            rules=row.rules,
            severity=row.severity,
            severity_title=row.severity_title,
            since=say.fill("first", "since", day=row.oldest) if row.oldest else "",
        )

    # --- what is where -------------------------------------------------------------------------

    def _places_notes(self) -> Iterator[str]:
        say, slots = self.say, self.evidence.custody.entries.slots
        below = [say.place(one.place) for one in self.evidence.places if one.ours and one.units < 0]
        if below:
            yield say.fill("where", "below", places=say.speaker.listed(below))
        unsure = int((self.evidence.custody.entries.unsure & slots.ours).sum())
        if unsure:
            yield say.fill("where", "unsure", n=unsure)

    def _ageing_note(self) -> str:
        """Say what the ages leave out: what is below zero has been nowhere."""
        told, below = self.words["ageing"]["note"], self.evidence.below
        if not below:
            return told
        space = "" if self.say.speaker.lang == "zh" else " "
        return f"{told}{space}{self.say.fill('ageing', 'below', n=self.say.units(below))}"

    # --- cash ---------------------------------------------------------------------------------

    def _cash_note(self) -> str:
        money = self.evidence.money
        if money is None:
            return ""
        if money.missing:
            kept = self.evidence.handbook.records_kept
            names = [self.say.speaker.say(kept[n].title) if n in kept else n for n in money.missing]
            return self.say.fill("cash", "missing", records=self.say.speaker.listed(names))
        return self.words["cash"]["note"]

    # --- findings ------------------------------------------------------------------------------

    def _sort(self, sort: str, own: Sequence[Loss]) -> SortRow:
        say, total = self.say, self.totals[sort]
        worst = max((loss.severity for loss in own), key=lambda name: WEIGHTS.get(name, 1))
        return SortRow(
            id=sort,
            title=say.sorts[sort],
            rules=say.speaker.listed(sorted({loss.rule for loss in own})),
            severity=worst,
            severity_title=say.rules.severity(worst),
            number=f"{total.count:,}",
            value=say.value(total.value) if total.value else "",
            oldest=say.day(total.oldest),
        )

    def _sorts_notes(self) -> Iterator[str]:
        say, rules = self.say, self.evidence.handbook.parts
        silent = [x for x in (rules.losses if rules else ()) if x.id not in self.by_sort]
        results = self.evidence.results
        heard = {
            sort.id
            for sort in silent
            for name in sort.rules
            if (found := results.get(name.partition("/")[0])) and found.assessable
        }
        for key, wanted in (("clean", True), ("unheard", False)):
            names = [say.speaker.say(x.title) for x in silent if (x.id in heard) is wanted]
            if names:
                yield say.fill("sorts", key, sorts=say.speaker.listed(names))

    def _by_hand(self) -> Iterator[str]:
        rules = self.evidence.handbook.parts
        names = [rule.id for rule in (rules.rules if rules else ()) if not runs(rule)]
        if names:
            yield self.say.fill("rule", "by_hand", rules=self.say.speaker.listed(names))

    # --- chains --------------------------------------------------------------------------------

    def _chain(self, loss: Loss) -> ChainRow:
        say, row = self.say, self.say.loss(loss)
        details = [" ".join(filter(None, (row.part, row.serial))), row.person]
        details += [self.count.said(loss.rows)]
        details += [say.fill("worst", "value", value=row.value) if row.value else ""]
        sides = self._drawn(loss)
        picture, note = "", ""
        if sides:
            marked = self._marked(loss, sides)
            drawn = life(
                self.evidence.custody,
                np.array(sides, np.int64),
                say.speaker,
                marked=marked,
                over=marked if settled([loss]) else (),
            )
            picture = timeline(drawn, width=WIDTH, small=True)
        if len(sides) < len(loss.chain):
            note = say.fill("worst", "left", n=len(sides), total=len(loss.chain))
        days = say.days_since(loss.due) if loss.type == "never done" else 0
        proof = [say.fill("worst", "since", day=row.since) if row.since else ""]
        proof += [say.fill("worst", "overdue", n=f"{days:,}") if days else ""]
        proof += [row.ticket, row.rule, row.severity_title, row.rows, note]
        return ChainRow(row, tuple(filter(None, details)), picture, tuple(filter(None, proof)))

    def _marked(self, loss: Loss, sides: Sequence[int]) -> frozenset[int]:
        """Choose the postings that a finding names as its proof."""
        named = frozenset(loss.rows.split(" "))
        return frozenset(side for side in sides if self.evidence.row(side) in named)

    def _drawn(self, loss: Loss) -> tuple[int, ...]:
        """Choose what is drawn of a long chain: its proof, its ticket, then what came last."""
        if len(loss.chain) <= STEPS:
            return loss.chain
        entries = self.evidence.custody.entries
        marked = self._marked(loss, loss.chain)
        slots = entries.slot[np.array(loss.chain)], entries.slot[np.array(loss.chain) ^ 1]
        tickets = [entries.slots.spelled("ticket_no", one) for one in slots]

        def rank(n: int) -> tuple[bool, bool, int]:
            mine = bool(loss.ticket) and loss.ticket in (tickets[0][n], tickets[1][n])
            return loss.chain[n] not in marked, not mine, -n

        chosen = sorted(range(len(loss.chain)), key=rank)[:STEPS]
        return tuple(loss.chain[n] for n in sorted(chosen))

    def _worst_note(self) -> str:
        total = len(self.evidence.losses)
        shown = len(worst(self.evidence.losses, WORST))
        if total <= shown:
            return ""
        return self.say.fill("worst", "shown", n=shown, total=f"{total:,}")
