"""The people of an audit: on the roster, of the office, and never inspector of themselves."""

from collections.abc import Iterator

from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.organisation import Person
from sopaudit.evidence.auditfile import Audit
from sopaudit.evidence.record import Record, RecordedAnswer
from sopaudit.problems import Problem, choices
from sopaudit.reading.document import Document, Loc


class People:
    """Looks people up as they were in the days of an audit."""

    def __init__(self, handbook: Handbook, audit: Audit) -> None:
        self.audit = audit
        self.office_known = audit.office in handbook.offices
        self.roster: dict[str, list[Person]] = {}
        for person in handbook.roster:
            self.roster.setdefault(person.id, []).append(person)
        self.first = min(audit.period.from_, audit.date)
        self.last = max(audit.period.to, audit.date)

    def known(self, document: Document, loc: Loc, person: str) -> Iterator[Problem]:
        """Check that a staff number is on the roster in those days."""
        entries = self.roster.get(person)
        if entries is None:
            near = choices(person, list(self.roster))
            yield document.problem("A050", loc, person=person, choices=near)
        elif not self.present(person):
            first, last = self.first.isoformat(), self.last.isoformat()
            yield document.problem("A051", loc, person=person, first=first, last=last)

    def inspected(
        self, document: Document, loc: Loc, person: str, post: str | None = None
    ) -> Iterator[Problem]:
        """Check that someone whose work is examined is of the office, and does not examine it.

        Where the work is that of a post, they must have held it in those days.
        """
        if person in self.audit.auditors and self.audit.kind != "self":
            yield document.problem("A053", loc, person=person)
            return
        problems = list(self.known(document, loc, person))
        yield from problems
        entries = [entry for entry in self.roster.get(person, ()) if self._present(entry)]
        offices = [entry.office for entry in entries]
        if self.office_known and not problems and self.audit.office not in offices:
            home, audited = offices[0] or "–", self.audit.office
            yield document.problem("A052", loc, person=person, office=home, audited=audited)
        elif not problems and post and all(post not in entry.posts for entry in entries):
            held = ", ".join(dict.fromkeys(p for e in entries for p in e.posts)) or "–"
            yield document.problem("A058", loc, person=person, post=post, held=held)

    def second(self, by: str, record: Record | None, given: RecordedAnswer) -> bool:
        """Say whether someone can be the second person, who confirms an answer.

        That is nobody whose work is examined, and not the only one who signs as auditor; as long as
        nobody signed that is the leader.
        """
        signed = {s.person for s in record.signatures if s.role == "auditor"} if record else set()
        first = signed or {m.person for m in self.audit.team if m.role == "leader"}
        examined = {*self.audit.auditees} - {*self.audit.auditors}
        return first != {by} and by not in examined and by not in given.persons

    def present(self, person: str) -> bool:
        """Say whether somebody was on the roster in those days."""
        return any(map(self._present, self.roster.get(person, ())))

    def foreign(self, document: Document, loc: Loc, person: str) -> Iterator[Problem]:
        """Check that someone does not belong to the office."""
        entries = [entry for entry in self.roster.get(person, ()) if self._present(entry)]
        if self.audit.office in [entry.office for entry in entries]:
            told = {"person": person, "office": self.audit.office, "kind": self.audit.kind}
            yield document.problem("A066", loc, key=False, **told)

    def _present(self, entry: Person) -> bool:
        return (entry.from_ or self.last) <= self.last and (entry.to or self.first) >= self.first
