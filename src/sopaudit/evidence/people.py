"""The people of an audit: on the roster, of the office, and never inspector of themselves."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

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
        self.handbook = handbook
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
        return self.stands(by, record) and by not in given.persons

    def stands(self, by: str, record: Record | None) -> bool:
        """Say whether someone can be the second person of answers that are not about them."""
        signed = {s.person for s in record.signatures if s.role == "auditor"} if record else set()
        return self._beside(signed or self.leaders, by)

    def _beside(self, first: AbstractSet[str], by: str) -> bool:
        """Say whether someone stands beside those who answer for an audit, and is not examined."""
        return first != {by} and by not in self.examined

    @property
    def leaders(self) -> frozenset[str]:
        """Who answers for an audit as long as nobody has signed."""
        return frozenset(one.person for one in self.audit.team if one.role == "leader")

    @property
    def examined(self) -> frozenset[str]:
        """Whose work `audit.yaml` says is examined; auditors of themselves are auditors."""
        return frozenset(self.audit.auditees) - frozenset(self.audit.auditors)

    def witnesses(self) -> tuple[Person, ...]:
        """List whom a sheet offers as second person, before anybody has signed or answered.

        Auditors, those who show them the way, people of no office, then those of the office, each
        at work on the day of the visit. Where nobody is said to be examined, it may be whoever
        holds a post that is looked at. Others can be named all the same: `second` decides.
        """
        audit, auditors = self.audit, frozenset(self.audit.auditors)
        there = [
            one for entries in self.roster.values() for one in entries if one.works_on(audit.date)
        ]
        team = [*audit.auditors, *(member.person for member in audit.team)]
        near = [
            *(one for by in team for one in there if one.id == by),
            *(one for office in (None, audit.office) for one in there if one.office == office),
        ]
        inspected = frozenset[str]() if audit.auditees else self._holders() - auditors
        found: dict[str, Person] = {}
        for one in near:
            # Any of several auditors may be the one who signs; the only one always is.
            if one.id not in inspected and self._beside(auditors, one.id):
                found.setdefault(one.id, one)
        return tuple(found.values())

    def _holders(self) -> frozenset[str]:
        """Give those of the office who hold a post the audit looks at."""
        scope = self.audit.scope
        asked = {one.post for one in self.handbook.checklists.values()} - {None}
        posts = asked & {*scope.posts} if scope else asked
        return frozenset(
            one.id
            for entries in self.roster.values()
            for one in filter(self._present, entries)
            if one.office == self.audit.office and posts & {*one.posts}
        )

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
