"""What an audit was: purpose, basis, scope, time, who looked, and how cases were chosen."""

from collections.abc import Iterator, Sequence
from typing import Final

from sopaudit.evidence.auditfile import Audit
from sopaudit.findings.conclusion import Conclusion
from sopaudit.report.derivation import Teller
from sopaudit.report.fact import Fact
from sopaudit.report.seen import Speaker

NAMED: Final = 4
"""People a fact names; the overview names all of them."""


class OverviewWriter:
    """Writes the facts of one audit, for the summary and in full."""

    def __init__(self, speaker: Speaker, conclusion: Conclusion) -> None:
        self.speaker = speaker
        self.words = speaker.words
        self.handbook = speaker.seen.handbook
        self.conclusion = conclusion
        self.teller = Teller(self.handbook, speaker.lang)

    def short(self) -> Iterator[Fact]:
        """Give what stands at the head of the summary."""
        seen, words = self.speaker.seen, self.words["fact"]
        audit = seen.audit
        yield Fact(words["audit"], seen.id)
        if audit is None:
            if seen.day:
                yield Fact(words["date"], seen.day.isoformat())
            for name, value in seen.facts.items():
                label = name.replace("_", " ")
                yield Fact(label[:1].upper() + label[1:], value)
            return
        office = self.handbook.offices.get(audit.office)
        region = self.handbook.regions.get(office.region or "") if office else None
        if region:
            yield Fact(words["region"], self.speaker.say(region.title))
        yield Fact(words["period"], self._period(audit))
        yield Fact(words["date"], audit.date.isoformat())
        yield Fact(words["kind"], self.words["kind"][audit.kind])
        yield Fact(words["state"], self.words["audit_state"][audit.state])
        yield people(self.speaker, words["team"], audit.auditors)
        if audit.auditees:
            yield people(self.speaker, words["auditees"], audit.auditees)

    def full(self, samples: str) -> Iterator[Fact]:
        """Give all of it; `samples` names the annex that lists them."""
        audit, words = self.speaker.seen.audit, self.words["fact"]
        if audit is None:
            yield Fact(words["basis"], self._basis())
            yield Fact(words["scope"], self._titles())
            yield from self.short()
            return
        office = self.handbook.offices.get(audit.office)
        name = self.speaker.say(office.title) if office else audit.office
        usual = self.speaker.fill("overview", "purpose", office=name)
        yield Fact(words["purpose"], self.speaker.say(audit.purpose) or usual)
        yield Fact(words["basis"], self.speaker.say(audit.basis) or self._basis())
        yield Fact(words["scope"], self._scope(audit))
        yield Fact(words["kind"], self.words["kind"][audit.kind])
        yield Fact(words["date"], audit.date.isoformat())
        roles = self.words["role"]
        team = [f"{roles[m.role]} {self.speaker.named(m.person)}" for m in audit.team]
        yield Fact(words["team"], self.speaker.listed(team))
        if audit.auditees:
            people = [self.speaker.named(person) for person in audit.auditees]
            yield Fact(words["auditees"], self.speaker.listed(people))
        sampling = self.speaker.say(audit.sampling) or self._sampling(samples)
        if sampling:
            yield Fact(words["sampling"], sampling)
        if audit.follows:
            yield Fact(words["follows"], audit.follows)
        if audit.remarks:
            yield Fact(words["remarks"], self.speaker.say(audit.remarks))

    def _scope(self, audit: Audit) -> str:
        """Say which posts and days the audit covers, and which posts of the office it does not."""
        say, posts = self.speaker.say, self.handbook.posts
        if audit.scope:
            within = [say(posts[p].title) if p in posts else p for p in audit.scope.posts]
        else:
            within = [self.teller.post(s.checklist) for s in self.conclusion.scores]
        listed, fill = self.speaker.listed, self.speaker.fill
        told = fill(
            "overview", "scope", posts=listed([*dict.fromkeys(within)]), period=self._period(audit)
        )
        outside = [self.teller.post(n) for b in self.conclusion.branches for n in b.outside]
        rest = fill("overview", "outside", posts=listed([*dict.fromkeys(outside)]))
        return self.speaker.joined((told, rest if outside else ""))

    def _period(self, audit: Audit) -> str:
        return f"{audit.period.from_.isoformat()} – {audit.period.to.isoformat()}"

    def _titles(self) -> str:
        return self.speaker.listed([self.teller.title(s.checklist) for s in self.conclusion.scores])

    def _basis(self) -> str:
        """Name the editions it was held against."""
        known = self.handbook.checklists
        editions = [
            (self.handbook.title, self.handbook.edition),
            *(
                (known[s.checklist].title, known[s.checklist].edition)
                for s in self.conclusion.scores
            ),
        ]
        return self.speaker.listed(
            [
                self.speaker.fill(
                    "overview", "document", title=self.speaker.say(t), edition=edition
                )
                for t, edition in editions
            ]
        )

    def _sampling(self, samples: str) -> str:
        """Tell how cases were drawn, as far as the records say."""
        drawn = [
            answer.sample
            for answers in self.speaker.seen.given.values()
            for answer in answers
            if answer.cases and answer.sample and answer.sample.chosen == "random"
        ]
        if not drawn:
            return ""
        cases = sum(len(sample.cases) for sample in drawn)
        told = self.speaker.fill("overview", "samples", number=len(drawn), cases=cases)
        seeds = list(dict.fromkeys(str(s.seed) for s in drawn if s.seed is not None))
        start = self.speaker.fill("overview", "start", seeds=self.speaker.listed(seeds))
        listed = self.speaker.fill("overview", "listed", annex=samples)
        return self.speaker.joined((told, start if seeds else "", listed))


def people(speaker: Speaker, label: str, staff: Sequence[str]) -> Fact:
    """Name people in a narrow column, the first few of many."""
    told = speaker.listed([speaker.name(person) for person in staff[:NAMED]])
    if len(staff) > NAMED:
        told = speaker.fill("fact", "more_people", names=told, n=len(staff))
    return speaker.fact(label, told)
