"""The inspection report of one audit: everything its readers ask, looked up and put into words."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Final

from sopaudit import __version__
from sopaudit.criteria.checklist import SEVERITIES, Branch
from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.evidence.audit import AuditFolder
from sopaudit.evidence.record import RecordedAnswer, Remark, Signature
from sopaudit.findings.conclusion import Conclusion
from sopaudit.findings.score import Score
from sopaudit.report.card import brief
from sopaudit.report.derivation import Teller, shown
from sopaudit.report.model import (
    ActionRow,
    EditionRow,
    Fact,
    FindingCard,
    InspectionReport,
    PersonRow,
    RemarkRow,
    SampleRow,
    Sheet,
)
from sopaudit.report.result import ResultWriter
from sopaudit.report.seen import Seen, Speaker, seen_in_folder, seen_in_tables
from sopaudit.report.sheet import REMARKS, SheetWriter
from sopaudit.report.summary import Room

LINE: Final = 88
"""Columns of one line of the summary, beside the id of an item."""


def inspection(folder: AuditFolder, conclusion: Conclusion, lang: str) -> InspectionReport:
    """Write the report of an audit folder; `conclusion` is what it came to."""
    return _Writer(seen_in_folder(folder), conclusion, lang).report()


def table_inspection(
    handbook: Handbook, frames: Iterable[AnswerFrame], conclusion: Conclusion, lang: str
) -> InspectionReport:
    """Write the report of one audit that stands in tables."""
    return _Writer(seen_in_tables(handbook, frames, conclusion.audit), conclusion, lang).report()


class _Writer:
    def __init__(self, seen: Seen, conclusion: Conclusion, lang: str) -> None:
        self.seen = seen
        self.conclusion = conclusion
        self.speaker = Speaker(seen, lang)
        self.words = self.speaker.words
        self.teller = Teller(seen.handbook, lang)
        self.results = ResultWriter(self.speaker, self.teller)
        self.sheets: tuple[Sheet, ...] = tuple(self._sheets())
        cards = (c for s in self.sheets for group in s.groups for c in group.findings)
        self.cards: list[FindingCard] = sorted(cards, key=self._rank)

    def report(self) -> InspectionReport:
        branches = [self.results.result(score) for score in self.conclusion.branches]
        each = [sheet.result for sheet in self.sheets]
        headline = branches[0] if branches else each[0] if len(each) == 1 else None
        audit, say = self.seen.audit, self.speaker.say
        state = audit.state if audit else "final"
        heading = subject = say(self.seen.handbook.title)
        if audit and audit.office in self.seen.handbook.offices:
            heading = say(self.seen.handbook.offices[audit.office].title)
        page = self.words["page"]
        limits = [limit for result in (*branches, *each) for limit in result.limits]
        results = each if headline is None or len(each) > 1 else []
        notice = {"draft": page["draft_note"], "provisional": page["provisional"]}.get(state, "")
        facts = list(self._facts())
        good = list(self._all(audit.good_practice if audit else ()))
        room = Room(len(facts))
        room.notice(notice)
        room.state(headline)
        room.limits(limits)
        room.results(results)
        first, praised = room.share(self.cards, good)
        left = len(self.cards) - first
        return InspectionReport(
            lang=self.speaker.lang,
            title=" – ".join((page["title"], heading, self.seen.id)),
            heading=heading,
            organisation=say(self.seen.handbook.organisation.name),
            subject=subject if subject != heading else "",
            audit=self.seen.id,
            created=self.seen.day.isoformat() if self.seen.day else "",
            authors=tuple(self._authors()),
            watermark=page["draft"] if state == "draft" else "",
            notice=notice,
            facts=tuple(facts),
            remarks=say(audit.remarks) if audit else "",
            headline=headline,
            results=tuple(results),
            limits=tuple(limits),
            judged=any(sheet.result.scored for sheet in self.sheets),
            number=len(self.cards),
            counts=self.speaker.listed(list(self._counts())),
            ranked=any(card.severity for card in self.cards[:first]),
            key=tuple(self.cards[:first]),
            more=self.speaker.fill("summary", "more", n=left) if left > 0 else "",
            observations=tuple(self._general(audit.observations if audit else ())),
            good=tuple(RemarkRow(row.item, brief(row.text, LINE)) for row in good[:praised]),
            sheets=self.sheets,
            overall=tuple(
                t for branch in self.conclusion.branches for t in self.teller.lines(branch)
            ),
            actions=tuple(self._actions()),
            people=tuple(self._people()),
            samples=tuple(self._samples()),
            editions=tuple(self._editions()),
        )

    def _sheets(self) -> Iterator[Sheet]:
        weights = {
            part.checklist: shown(part.weight)
            for score in self.conclusion.branches
            for part in self.seen.handbook.branches[score.checklist].of
        }
        for score in self.conclusion.scores:
            weight = weights.get(score.checklist, "")
            yield SheetWriter(self.results, score, self.conclusion.findings, weight).sheet()

    def _rank(self, card: FindingCard) -> tuple[int, Fraction]:
        """Sort by severity, then by points lost; the order of the sheets decides the rest."""
        lost = {f.id: f.lost for f in self.conclusion.findings}[card.id]
        known = card.severity in SEVERITIES
        return SEVERITIES.index(card.severity) if known else len(SEVERITIES), -(lost or Fraction(0))

    def _facts(self) -> Iterator[Fact]:
        audit, words, handbook = self.seen.audit, self.words["fact"], self.seen.handbook
        yield Fact(words["audit"], self.seen.id)
        if audit is None:
            if self.seen.day:
                yield Fact(words["date"], self.seen.day.isoformat())
            for name, value in self.seen.facts.items():
                label = name.replace("_", " ")
                yield Fact(label[:1].upper() + label[1:], value)
            return
        office = handbook.offices.get(audit.office)
        region = handbook.regions.get(office.region or "") if office else None
        if region:
            yield Fact(words["region"], self.speaker.say(region.title))
        first, last = audit.period.from_.isoformat(), audit.period.to.isoformat()
        yield Fact(words["period"], f"{first} – {last}")
        yield Fact(words["date"], audit.date.isoformat())
        yield Fact(words["kind"], self.words["kind"][audit.kind])
        yield Fact(words["state"], self.words["audit_state"][audit.state])
        if audit.follows:
            yield Fact(words["follows"], audit.follows)
        team = [m.person for m in audit.team if m.role != "escort"]
        yield Fact(words["team"], self.speaker.listed([self.speaker.name(p) for p in team]))
        if audit.auditees:
            names = [self.speaker.name(p) for p in audit.auditees]
            yield Fact(words["auditees"], self.speaker.listed(names))

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
            yield f"{self.words['severity'][severity]} {number}"
        unranked = sum(card.severity not in used for card in self.cards)
        if used and unranked:
            yield f"{self.words['severity']['unranked']} {unranked}"

    def _all(self, remarks: Sequence[Remark]) -> Iterator[RemarkRow]:
        for remark in remarks:
            yield RemarkRow(remark.item or "", self.speaker.say(remark.text))

    def _general(self, remarks: Sequence[Remark]) -> Iterator[RemarkRow]:
        """Give the remarks that no sheet of this report shows."""
        shown_items = {row.id for sheet in self.sheets for row in sheet.rows}
        return self._all([remark for remark in remarks if remark.item not in shown_items])

    def _actions(self) -> Iterator[ActionRow]:
        if self.seen.audit is None:
            return
        for card in self.cards:
            yield ActionRow(card.item, card.severity_title, card.brief)

    def _people(self) -> Iterator[PersonRow]:
        audit = self.seen.audit
        if audit is None:
            return
        signed: dict[str, Signature] = {}
        for record in self.seen.records.values():
            signed |= {signature.person: signature for signature in record.signatures}
        heads = [person for person, signature in signed.items() if signature.role == "head"]
        roles = self.words["role"]
        rows = [(roles[member.role], member.person) for member in audit.team]
        rows += [(roles["auditee"], person) for person in audit.auditees]
        title = self.speaker.say(self.seen.handbook.units.head)
        rows += [(title, person) for person in heads or [""]]
        for role, person in rows:
            moment = signed[person].at if person in signed else None
            at = moment.strftime("%Y-%m-%d %H:%M") if moment else ""
            told = self.speaker.fill("note", "signed", at=at) if at else ""
            yield PersonRow(role, self.speaker.name(person) if person else "", person, told)

    def _samples(self) -> Iterator[SampleRow]:
        for score in self.conclusion.scores:
            for item in self.seen.handbook.checklists[score.checklist].items:
                for answer in self.seen.answers(score.checklist, item.id):
                    sample = answer.sample
                    if sample and sample.cases and (sample.drawn, sample.seed) != (None, None):
                        yield self._sample(answer)

    def _sample(self, answer: RecordedAnswer) -> SampleRow:
        sample = answer.sample
        cases = sample.cases if sample else ()
        listed = [f"{case.id}\u00a0×" if case.failed else case.id for case in cases]
        drawn = sample.drawn if sample and sample.drawn is not None else len(cases)
        start = str(sample.seed) if sample and sample.seed is not None else ""
        return SampleRow(answer.item, str(drawn), start, self.speaker.listed(listed))

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
        yield EditionRow(kinds["engine"], "", "sopaudit", __version__, "")
