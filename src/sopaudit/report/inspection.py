"""The inspection report of one audit: everything its readers ask, looked up and put into words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Final

from sopaudit import __version__
from sopaudit.criteria.checklist import SEVERITIES, Branch
from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.evidence.audit import AuditFolder
from sopaudit.evidence.auditfile import Remark
from sopaudit.findings.conclusion import Conclusion
from sopaudit.findings.finding import REMARKS, rank
from sopaudit.findings.gathering import TicketEvidence
from sopaudit.findings.parts_evidence import PartsEvidence
from sopaudit.findings.score import Score
from sopaudit.press.words import words
from sopaudit.report.before.writer import PreviousWriter
from sopaudit.report.card import CardWriter, brief
from sopaudit.report.derivation import Teller, shown
from sopaudit.report.fact import Fact
from sopaudit.report.letterhead import letterhead
from sopaudit.report.model import (
    ActionRow,
    Chapter,
    EditionRow,
    FindingCard,
    FindingGroup,
    Gap,
    InspectionReport,
    RemarkRow,
    Sheet,
)
from sopaudit.report.overview import OverviewWriter
from sopaudit.report.parts.model import PartsSection
from sopaudit.report.parts.section import section as parts_section
from sopaudit.report.person import person_pages
from sopaudit.report.photos.album import AlbumWriter
from sopaudit.report.photos.people import Signatories
from sopaudit.report.proof.annex import ProofSheets
from sopaudit.report.proof.explained import Explained, explained
from sopaudit.report.result import ResultWriter
from sopaudit.report.sampled import SampleTeller
from sopaudit.report.seen import Speaker, seen_in_folder, seen_in_tables
from sopaudit.report.several.told import SeveralTeller
from sopaudit.report.sheet import SheetWriter
from sopaudit.report.summary import Room
from sopaudit.report.tickets.model import TicketSection
from sopaudit.report.tickets.section import charted, section

LINE: Final = 88
"""Columns of one line of the summary, beside the id of an item."""

NAMED: Final = 8
"""Items that are named where a result has gaps; more of them are counted."""


def inspection(  # noqa: PLR0913 -- all that a report is made of
    folder: AuditFolder,
    conclusion: Conclusion,
    lang: str,
    persons: Sequence[str] = (),
    *,
    circulating: bool = False,
    tickets: TicketEvidence | None = None,
    parts: PartsEvidence | None = None,
) -> InspectionReport:
    """Write the report of an audit folder; `conclusion` is what it came to.

    `persons` are the staff numbers of those who get a page of their own. An audit that was masked
    is `circulating`, and its report says so. `tickets` are what its records came to, and
    `parts` what they came to of parts and money.
    """
    seen = replace(
        seen_in_folder(folder), uncertainty=conclusion.uncertainty, circulating=circulating
    )
    told = explained(seen, conclusion, tuple(folder.frames.values()))
    return _Writer(told, conclusion, lang, folder, persons, tickets, parts).report()


def table_inspection(  # noqa: PLR0913 -- all that a report is made of
    handbook: Handbook,
    frames: Iterable[AnswerFrame],
    conclusion: Conclusion,
    lang: str,
    persons: Sequence[str] = (),
    *,
    circulating: bool = False,
) -> InspectionReport:
    """Write the report of one audit that stands in tables."""
    held = tuple(frames)
    seen = replace(
        seen_in_tables(handbook, held, conclusion.audit),
        uncertainty=conclusion.uncertainty,
        circulating=circulating,
    )
    told = explained(seen, conclusion, held)
    return _Writer(told, conclusion, lang, persons=persons).report()


class _Writer:
    def __init__(  # noqa: PLR0913, PLR0917 -- all that a report is made of
        self,
        told: Explained,
        conclusion: Conclusion,
        lang: str,
        folder: AuditFolder | None = None,
        persons: Sequence[str] = (),
        tickets: TicketEvidence | None = None,
        parts: PartsEvidence | None = None,
    ) -> None:
        self.tickets = tickets
        self.parts = parts
        self.seen = seen = told.seen
        self.told = told
        self.conclusion = conclusion
        self.speaker = Speaker(seen, lang)
        self.words = self.speaker.words
        self.teller = Teller(seen.handbook, lang)
        self.results = ResultWriter(self.speaker, self.teller)
        self.overview = OverviewWriter(self.speaker, conclusion)
        self.sampled = SampleTeller(self.speaker)
        previous = folder.previous if folder else None
        self.previous = PreviousWriter(self.speaker, conclusion, previous) if previous else None
        repeated = self.previous.repeated if self.previous else ()
        self.home = None if folder is None or seen.circulating else folder.folder
        self.photos = AlbumWriter(self.speaker, conclusion, self.home)
        self.album = self.photos.album()
        self.several = tuple(SeveralTeller(self.speaker).rows())
        before = self.previous.items if self.previous else None
        self.writers = {
            score.checklist: CardWriter(
                self.speaker, self.teller, score, repeated, self.photos, before
            )
            for score in conclusion.scores
        }
        cards = [
            self.writers[finding.checklist].card(finding)
            for finding in conclusion.findings
            if finding.severity not in REMARKS
        ]
        self.cards: list[FindingCard] = sorted(cards, key=self._rank)
        self.observations = tuple(self._observations())
        self.good = tuple(self._remarks(seen.audit.good_practice if seen.audit else ()))
        self.samples = tuple(self.sampled.rows(conclusion))
        self.persons = person_pages(self.speaker, conclusion, persons)
        heard = self.sampled.records
        self.contradictions = tuple(heard.contradictions(conclusion.contradictions))
        self.chapters = tuple(self._chapters())

    def report(self) -> InspectionReport:
        branches = [self.results.result(score) for score in self.conclusion.branches]
        sheets = tuple(self._sheets())
        each = [sheet.result for sheet in sheets]
        headline = branches[0] if branches else each[0] if len(each) == 1 else None
        audit, say = self.seen.audit, self.speaker.say
        state = audit.state if audit else "final"
        titles = "copy_title" if self.seen.circulating else "title"
        heading = subject = say(self.seen.handbook.title)
        if audit and audit.office in self.seen.handbook.offices:
            heading = say(self.seen.handbook.offices[audit.office].title)
        page = self.words["page"]
        told = self.sampled.records
        limits = [limit for result in (*branches, *each) for limit in result.limits]
        results = each if headline is None or len(each) > 1 else []
        previous = self.previous.write() if self.previous else None
        notice, facts, gaps = self._notice(), tuple(self.overview.short()), tuple(self._gaps())
        # What is missing, named, says it better.
        unsound = headline is not None and not headline.sound and not gaps
        note = headline.state_note if headline and unsound else ""
        room = Room(heading, facts)
        room.notice(notice)
        room.state(note)
        contradicted = self._contradicted()
        room.state(contradicted)
        room.scope(headline.scope if headline else ())
        room.follow_up(previous)
        room.gaps(gaps)
        room.limits(limits)
        tickets = self._tickets()
        room.tickets(tickets)
        parts = self._parts()
        room.parts(parts)
        room.results(results)
        firsts = room.firsts(tickets)
        share = room.share(self.cards, self.good)
        left = len(self.cards) - share.named
        more = "more" if share.named else "all_later"
        keys = [self.sampled.key(score.checklist) for score in self.conclusion.scores]
        return InspectionReport(
            lang=self.speaker.lang,
            title=" – ".join((page[titles], heading, self.seen.id)),
            heading=heading,
            named=not self.seen.circulating,
            organisation=say(self.seen.handbook.organisation.name),
            subject=subject if subject != heading else "",
            audit=self.seen.id,
            created=self.seen.day.isoformat() if self.seen.day else "",
            authors=tuple(self._authors()),
            letterhead=letterhead(self.speaker),
            watermark=page["draft"] if state == "draft" else "",
            notice=notice,
            standing=self._standing(state),
            facts=facts,
            headline=headline,
            state_note=note,
            results=tuple(results),
            limits=tuple(limits),
            gaps=gaps,
            judged=any(result.scored for result in each),
            number=len(self.cards),
            counts=self.speaker.listed(list(self._counts())),
            ranked=any(card.severity for card in self.cards[: share.named]),
            key=tuple(self.cards[: share.named]),
            more=self.speaker.fill("summary", more, n=left) if left > 0 else "",
            close=share.close,
            packed=share.packed,
            praised=tuple(
                RemarkRow(row.item, row.post, brief(row.text, LINE))
                for row in self.good[: share.praised]
            ),
            chapters=self.chapters,
            contents_first=share.holds_contents(len(self.chapters)),
            overview=tuple(self.overview.full(self._number("samples"))),
            sheets=sheets,
            overall=tuple(
                t for branch in self.conclusion.branches for t in self.teller.lines(branch)
            ),
            overall_number=f"{self._number('scores')}.{len(sheets) + 1}",
            previous=previous,
            good=self.good,
            groups=tuple(self._groups()),
            observations=self.observations,
            actions=tuple(self._actions()),
            due=tuple(self._terms()),
            proofs=tuple(ProofSheets(self.told, self.results, self.teller).sheets()),
            people=tuple(Signatories(self.speaker, self.home).rows()),
            samples=self.samples,
            samples_note=next(filter(None, keys), ""),
            editions=tuple(self._editions()),
            persons=self.persons,
            contradictions=self.contradictions,
            contradicted=contradicted,
            records=tuple(told.rows()),
            records_facts=tuple(told.facts()),
            offences=tuple(told.offences()),
            tickets=tickets,
            parts=parts,
            album=self.album,
            several=self.several,
            firsts=firsts,
        )

    def _tickets(self) -> TicketSection | None:
        if self.tickets is None:
            return None
        elsewhere = frozenset(self.parts.own) if self.parts is not None else frozenset()
        chapter = self._number("parts")
        return section(
            self.tickets, self.speaker, self._number("ticket_charts"), elsewhere, chapter
        )

    def _parts(self) -> PartsSection | None:
        return None if self.parts is None else parts_section(self.parts, self.speaker)

    def _chapters(self) -> Iterator[Chapter]:
        """Give what there is to say its numbers, in the order a reader expects."""
        audited = self.seen.audit is not None
        sections = [words(self.speaker.lang, f"{one}_section") for one in ("ticket", "parts")]
        titles = {**sections[0]["chapter"], **sections[1]["chapter"], **self.words["chapter"]}
        told = {
            "overview": True,
            "scores": True,
            "tickets": self.tickets is not None,
            "parts": self.parts is not None,
            "previous": self.previous is not None,
            "good": bool(self.good),
            "nonconformities": bool(self.cards),
            "contradictions": bool(self.contradictions),
            "observations": bool(self.observations),
            "actions": audited and bool(self.cards),
            "signatures": audited,
        }
        annexes = {
            "all_items": True,
            "album": self.album is not None,
            "proof": True,
            "records": bool(self.seen.said),
            "samples": bool(self.samples),
            "ticket_charts": self.tickets is not None and charted(self.tickets),
            "sources": bool(self.several),
            "editions": True,
            "persons": bool(self.persons),
        }
        for n, name in enumerate((name for name, there in told.items() if there), 1):
            yield Chapter(name, str(n), titles[name], annex=False)
        for n, name in enumerate((name for name, there in annexes.items() if there), 1):
            number = self.speaker.fill("chapter", "annex", n=n)
            yield Chapter(name, number, titles[name], annex=True)

    def _number(self, name: str) -> str:
        return next((c.number for c in self.chapters if c.id == name), "")

    def _notice(self) -> str:
        """Say what the report is not: the one that is filed, or the last word."""
        copy = self.words["page"]["copy_note"] if self.seen.circulating else ""
        return self.speaker.joined((copy, self._unsettled()))

    def _standing(self, state: str) -> str:
        """Say the same in a word or two, for every page."""
        copy = self.words["page"]["copy_short"] if self.seen.circulating else ""
        unsettled = "" if state == "final" else self.words["audit_state"][state]
        return self.words["note"]["between"].join(text for text in (copy, unsettled) if text)

    def _unsettled(self) -> str:
        audit, page = self.seen.audit, self.words["page"]
        if audit is None or audit.state == "final":
            return ""
        if audit.state == "draft":
            return page["draft_note"]
        if audit.appeal_until is None:
            return page["provisional"]
        return self.speaker.fill("page", "appeal", day=audit.appeal_until.isoformat())

    def _gaps(self) -> Iterator[Gap]:
        """Say what keeps a score from speaking for the whole."""
        unseen = [s for s in self.conclusion.scores if self.seen.unseen(s.checklist)]
        if unseen:
            yield self._desk(unseen)
        for score in self.conclusion.all:
            told = self.speaker.joined(self._missing(score))
            if told and score not in unseen:
                yield Gap(self.teller.title(score.checklist), told)

    def _desk(self, scores: Sequence[Score]) -> Gap:
        """Say once of all checklists nobody answered how much of them the records did."""
        items = [told for score in scores for told in score.items]
        left = sum(told.outcome in ("unanswered", "unchecked") for told in items)
        told = {"sheets": len(scores), "items": len(items), "left": left}
        return Gap(self.words["heard"]["desk"], self.speaker.fill("heard", "desk_told", **told))

    def _contradicted(self) -> str:
        """Say on the first page that two things contradict one another; nothing where none do."""
        if not self.contradictions:
            return ""
        chapter = self._number("contradictions")
        return self.speaker.fill("heard", "told", n=len(self.contradictions), chapter=chapter)

    def _missing(self, score: Score) -> Iterator[str]:
        names = {name: self.teller.title(name) for name in self.seen.handbook.checklists}
        for outcome in ("unchecked", "unanswered", "blocked"):
            found = [told.item for told in score.items if told.outcome == outcome]
            if found and score.state in ("incomplete", "not scored", "pending veto"):
                items = self.speaker.listed([names.get(item, item) for item in found[:NAMED]])
                key = "named" if len(found) <= NAMED else "counted"
                word = self.words["outcome_short"][outcome]
                yield self.speaker.fill("gap", key, outcome=word, items=items, n=len(found))
        for line in score.lines:
            if line.key == "coverage" and line.values["state"] != "scored":
                yield self.speaker.fill("gap", "scope", **line.values)

    def _sheets(self) -> Iterator[Sheet]:
        weights = {
            part.checklist: shown(part.weight)
            for score in self.conclusion.branches
            for part in self.seen.handbook.branches[score.checklist].of
        }
        for n, score in enumerate(self.conclusion.scores, 1):
            before = self.previous.items if self.previous else None
            weight = weights.get(score.checklist, "")
            writer = SheetWriter(self.results, score, weight, before)
            yield writer.sheet(f"{self._number('scores')}.{n}")

    def _rank(self, card: FindingCard) -> tuple[int, Fraction]:
        """Sort by severity, then by points lost; the order of the sheets decides the rest."""
        lost = {f.id: f.lost for f in self.conclusion.findings}[card.id]
        return rank(card.severity), -(lost or Fraction(0))

    def _authors(self) -> Iterator[str]:
        audit = self.seen.audit
        if audit is None:
            yield self.speaker.say(self.seen.handbook.organisation.name)
            return
        yield from (self.speaker.name(person) for person in audit.auditors)

    def _counts(self) -> Iterator[str]:
        handbook = self.seen.handbook
        items = [i for s in self.conclusion.scores for i in handbook.checklists[s.checklist].items]
        used = [s for s in SEVERITIES if s not in REMARKS and any(i.severity == s for i in items)]
        for severity in used:
            number = sum(card.severity == severity for card in self.cards)
            yield f"{self.words['severity'][severity]}\u00a0{number}"
        unranked = sum(card.severity not in used for card in self.cards)
        if used and unranked:
            yield f"{self.words['severity']['unranked']}\u00a0{unranked}"

    def _groups(self) -> Iterator[FindingGroup]:
        there = [s for s in (*SEVERITIES, "") if any(card.severity == s for card in self.cards)]
        ranked = there != [""]
        for n, severity in enumerate(there, 1):
            own = tuple(card for card in self.cards if card.severity == severity)
            number = f"{self._number('nonconformities')}.{n}"
            title = self.words["severity"][severity or "unranked"]
            yield FindingGroup(severity, number, title if ranked else "", own)

    def _remarks(self, remarks: Sequence[Remark]) -> Iterator[RemarkRow]:
        homes = {
            item: name
            for name, checklist in self.seen.handbook.checklists.items()
            for item in checklist.by_id
        }
        for remark in remarks:
            post = self.teller.post(homes[remark.item]) if remark.item in homes else ""
            yield RemarkRow(remark.item or "", post, self.speaker.say(remark.text))

    def _observations(self) -> Iterator[RemarkRow]:
        """Give what auditors remarked, then what items no nonconformity comes of brought up."""
        yield from self._remarks(self.seen.audit.observations if self.seen.audit else ())
        for finding in self.conclusion.findings:
            if finding.severity in REMARKS:
                post = self.teller.post(finding.checklist)
                statement = self.writers[finding.checklist].statement(finding.item)
                yield RemarkRow(finding.item.id, post, statement)

    def _actions(self) -> Iterator[ActionRow]:
        if self.seen.audit is None:
            return
        terms = self.seen.handbook.report.due_days
        for card in self.cards:
            days = getattr(terms, card.severity, None) if terms and card.severity else None
            due = self.seen.audit.date + timedelta(days) if days is not None else None
            yield ActionRow(
                id=card.id,
                item=card.item,
                post=card.post,
                severity=card.severity,
                severity_title=card.severity_title,
                repeated=card.repeated,
                statement=card.brief,
                due=due.isoformat() if due else "",
            )

    def _terms(self) -> Iterator[Fact]:
        terms = self.seen.handbook.report.due_days
        for severity in ("critical", "major", "minor") if terms else ():
            days = getattr(terms, severity)
            if days is not None:
                told = self.speaker.fill("note", "days", n=days)
                yield Fact(self.words["severity"][severity], told)

    def _editions(self) -> Iterator[EditionRow]:
        handbook, say, kinds = self.seen.handbook, self.speaker.say, self.words["document"]
        digests = handbook.digests
        name = say(handbook.title)
        yield EditionRow(kinds["handbook"], handbook.organisation.id, name, handbook.edition, "")
        schemes: dict[str, Score] = {}
        posts: list[str] = []
        for score in (*self.conclusion.branches, *self.conclusion.scores):
            schemes.setdefault(score.scheme, score)
            kind = "branch" if score.checklist in handbook.branches else "checklist"
            known = handbook.branches.get(score.checklist) or handbook.checklists[score.checklist]
            digest = digests.get(known.id, "")
            yield EditionRow(kinds[kind], known.id, say(known.title), known.edition, digest)
            if not isinstance(known, Branch) and known.post in handbook.posts:
                posts.append(known.post or "")
        for name in schemes:
            scheme = handbook.schemes[name]
            digest = digests.get(name, "")
            yield EditionRow(kinds["scheme"], name, say(scheme.title), scheme.edition, digest)
        for name in dict.fromkeys(posts):
            post = handbook.posts[name]
            yield EditionRow(
                kinds["post"], name, say(post.title), post.edition, digests.get(name, "")
            )
        if self.seen.said:
            for name in ("rules", "calendar"):
                if name in digests:
                    edition = handbook.editions.get(name, "")
                    yield EditionRow(kinds[name], name, kinds[name], edition, digests[name])
            for file in self.seen.held:
                yield EditionRow(kinds["records"], "", file.file, "", file.digest)
        yield from SeveralTeller(self.speaker).editions()
        yield EditionRow(kinds["engine"], "", "sopaudit", __version__, "")
