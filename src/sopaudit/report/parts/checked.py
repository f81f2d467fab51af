"""A checked ledger as text for a terminal of 80 columns."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from sopaudit.criteria.checklist import SEVERITIES
from sopaudit.evidence.quality import Quality
from sopaudit.evidence.records import MOVES
from sopaudit.findings.ledger import PartsCheck
from sopaudit.findings.loss import Loss
from sopaudit.findings.loss_summary import worst
from sopaudit.findings.rules.engine import RuleResult
from sopaudit.report.checked.text import ODD, odd_lines, percent
from sopaudit.report.parts.columns import fitted
from sopaudit.report.parts.count import Counted
from sopaudit.report.parts.lines import people, plain, sort_titles, summed, titled, where
from sopaudit.report.parts.model import FigureRow
from sopaudit.report.parts.rows import figure_rows, headline
from sopaudit.report.parts.saying import PartSayer
from sopaudit.report.parts.table import loss_digest, loss_rows
from sopaudit.report.parts.teller import speaker_of
from sopaudit.terminal import COLUMNS, hanging, wrapped

_WORST: Final = 3
"""So many findings of each sort are told with their chain."""

_STEPS: Final = 5
"""So many moves of a chain are told in a line."""

_RULE: Final = "─" * COLUMNS


def parts_text(check: PartsCheck, quality: Quality, file: str, lang: str) -> str:
    """Tell what a ledger came to; lines end without blanks."""
    return "\n".join(_Writer(check, quality, file, lang).lines()) + "\n"


class _Writer:
    def __init__(self, check: PartsCheck, quality: Quality, file: str, lang: str) -> None:
        self.check = check
        self.quality = quality
        self.file = file
        self.lang = lang
        self.custody = check.custody
        self.handbook = check.custody.handbook
        self.say = PartSayer(check.evidence, speaker_of(check.custody, lang))
        self.teller = self.say.teller
        self.words = self.teller.words["check"]
        self.titles = sort_titles(self.say)

    def lines(self) -> Iterator[str]:
        yield from self._head()
        yield ""
        yield from wrapped(plain(headline(self.say, Counted(self.say))), "")
        yield ""
        yield from self._trust()
        if len(self.custody.entries):
            yield from ("", *where(self.say), "", *people(self.say))
        yield from ("", *self._findings(), *self._others(), *self._figures(), "", *self._rules())
        yield self._say("digest", digest=loss_digest(loss_rows(self.custody, self.check.losses)))

    # --- how far it can be trusted -------------------------------------------------------------

    def _head(self) -> Iterator[str]:
        yield from titled(self.words["head"], self.file)
        yield _RULE
        office = self.handbook.offices.get(self.custody.records.office)
        told = {
            "moves": f"{len(self.custody.records.of(MOVES)):,}",
            "day": self.teller.day(self.custody.now),
        }
        if office is None:
            yield self._say("about", **told)
        else:
            named = self.handbook.say(office.title, self.lang)
            yield self._say("about_office", office=named, **told)

    def _trust(self) -> Iterator[str]:
        odd = [row for row in self.quality.rows(self.lang) if row["state"] != "ok"]
        unsure, short = int(self.custody.entries.unsure.sum()), self.teller.short
        if odd:
            yield self.words["quality"]
            yield from odd_lines(odd)
            if len(odd) > ODD:
                yield "  " + self._say("odd_rest", number=len(odd) - ODD)
        elif not unsure and not short:
            yield self.words["sound"]
        if unsure:
            yield from wrapped(self._say("unsure", n=unsure), "")
        if short:
            yield from wrapped(self._say("short", n=self.teller.qty(short)), "")
        if not len(self.custody.entries):
            yield from wrapped(self.words["no_moves"], "")

    # --- what is where -------------------------------------------------------------------------

    # --- key figures ---------------------------------------------------------------------------

    def _figures(self) -> Iterator[str]:
        """Tell the key figures on parts, what is beside them in lines of their own."""
        rows = [*figure_rows(self.say)]
        if not rows:
            return
        yield ""
        yield self.words["figures"]
        keys = ("figure", "value_of", "over", "target", "state")
        head = ("", *(self.words[key] for key in keys))
        told = [self._figure(row) for row in rows]
        lines = fitted(head, told, (head[2], head[4]), "  ")
        yield next(lines)
        for row, line in zip(rows, lines, strict=True):
            yield line
            yield from wrapped(row.note, " " * 8)

    @staticmethod
    def _figure(row: FigureRow) -> tuple[str, ...]:
        return row.id, row.title, row.value, row.over, row.target, row.state_title

    # --- what was found ------------------------------------------------------------------------

    def _findings(self) -> Iterator[str]:
        found = self.check.evidence.sorts
        if not found:
            yield self.words["nothing_found"]
            return
        yield from summed(self.say, found)
        yield ""
        yield self.words["worst"]
        for one in found:
            yield f"  {self.titles.get(one.name, one.name)}"
            own = [loss for loss in self.check.losses if loss.sort == one.name]
            for loss in worst(own, _WORST):
                yield from hanging(self._worst(loss), "    ")

    def _worst(self, loss: Loss) -> str:
        """Say one finding in a line or two: what it is of, how it came to be, what is wrong."""
        person = self.teller.named(loss.holder) if loss.holder else ""
        of = " ".join(filter(None, [loss.part, loss.serial, loss.ticket, person])) or loss.subject
        return self.teller.join(of, self._way(loss) or self._wrong(loss))

    def _way(self, loss: Loss) -> str:
        """Tell the moves that led to it: the first, and the last ones; for how long it is so."""
        steps = self.custody.steps(np.array(loss.chain, np.int64))
        proof = set(loss.rows.split())
        if (loss.found or loss.expected) and not any(f"{s.record}:{s.row}" in proof for s in steps):
            return ""  # what proves it is no move: a count, a line of the ledger
        told = [f"{self.teller.moment(s.at)[:5]} {self.teller.move(s)}" for s in steps]
        if len(told) > _STEPS:
            told = [told[0], "…", *told[1 - _STEPS :]]
        way = " → ".join(told)
        # What was done in the end, only late, is open no more, wherever the piece is now; nor is
        # there an end to wait for where a finding says something else than that one never came.
        if loss.type != "never done" or not self.teller.open(np.array(loss.chain[-1:], np.int64)):
            return way
        # Of another move that came last the finding does not say that it should not have been.
        proven = f"{steps[-1].record}:{steps[-1].row}" in proof
        days = self.teller.days(steps[-1].at) if proven else None
        return way if days is None else self._say("so_far", way=way, n=days)

    def _wrong(self, loss: Loss) -> str:
        # By how much it is late stands at the end.
        found = "" if loss.found == loss.late else self._put(loss.found)
        expected = self._put(loss.expected)
        told = []
        if loss.type == "missing" and expected:
            told.append(self._say("blank", expected=expected))
        elif found and expected:
            told.append(self._say("found_expected", found=found, expected=expected))
        elif found or expected:
            told.append(self._say("found" if found else "expected", found=found, expected=expected))
        if " " in loss.late:  # a length of time; a difference is seen already
            told.append(self._say("late", late=self.teller.speaker.length(loss.late)))
        return self.teller.listed(*told, loss.rows)

    def _put(self, text: str) -> str:
        """Put what was found, or should have been, into words: fields, limits and lengths."""
        named = self.say.namer.field(text) if "." in text else text
        return self.teller.speaker.length(self.say.rules.value(named))

    # --- the rules -----------------------------------------------------------------------------

    def _others(self) -> Iterator[str]:
        """Tell rules that found something and belong to no sort of finding."""
        rules = self.handbook.parts
        sorts = rules.losses if rules else ()
        sorted_ = {named.partition("/")[0] for sort in sorts for named in sort.rules}
        wrong = [r for r in self.check.heard if r.counts()["nonconforming"]]
        wrong = sorted((r for r in wrong if r.rule.id not in sorted_), key=_rank)
        if not wrong:
            return
        yield ""
        yield self.words["others"]
        head = tuple(self.words[key] for key in ("rule", "title", "wrong", "of", "unknown"))
        rows = [self._rule(result) for result in wrong]
        yield from fitted(head, rows, head[2:], "  ")

    def _rule(self, result: RuleResult) -> tuple[str, ...]:
        counts = result.counts()
        wrong, of = counts["nonconforming"], counts["nonconforming"] + counts["conforming"]
        title = self.handbook.say(result.rule.title, self.lang)
        unknown = f"{counts['unknown']:,}" if counts["unknown"] else ""
        return result.rule.id, title, f"{wrong:,}", f"{of:,}", unknown

    def _rules(self) -> Iterator[str]:
        accuracy = self.check.accuracy
        if accuracy.share is None:
            yield self.words["not_counted"]
        else:
            told = {"right": accuracy.right, "counted": accuracy.counted}
            yield self._say("accuracy", share=percent(accuracy.share).replace("%", " %"), **told)
        heard = self.check.heard
        clean = sum(not result.counts()["nonconforming"] for result in heard)
        told_ = [self._say("heard", n=len(heard), clean=clean)]
        if self.check.by_hand:
            told_.append(self._say("by_hand", n=self.check.by_hand))
        yield from wrapped(self.teller.speaker.joined(told_), "")
        for key, entries in (
            ("let_be", self.check.let_be.held),
            ("again", self.check.let_be.expired),
        ):
            for entry, count in entries:
                reason = self.handbook.say(entry.reason, self.lang)
                given = {"rule": entry.rule, "number": count, "until": str(entry.until)}
                yield from wrapped(self._say(key, reason=reason, **given), "")
        if self.check.unheard:
            missing = self.teller.speaker.listed([self._missing(r) for r in self.check.unheard])
            yield from wrapped(self.words["unheard"] + missing, "")

    def _missing(self, result: RuleResult) -> str:
        known = {**self.handbook.forms, **self.handbook.records_kept}
        names = [
            self.handbook.say(known[id_].title, self.lang) if id_ in known else id_
            for id_ in result.missing
        ]
        listed = self.teller.speaker.listed(names)
        return self._say("missing", rule=result.rule.id, records=listed)

    def _say(self, key: str, **values: object) -> str:
        return self.words[key].format_map(values)


def _rank(result: RuleResult) -> tuple[int, int, str]:
    """Put the most serious first, then those with the most cases."""
    severity = result.rule.severity or ""
    rank = SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)
    return rank, -result.counts()["nonconforming"], result.rule.id
