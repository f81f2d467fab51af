"""Who signed a record and who filled its sheets: nobody signs or fills for the other side."""

from collections.abc import Iterator

from sopaudit.evidence.auditfile import Audit
from sopaudit.evidence.people import People
from sopaudit.evidence.record import EvidenceFile, Record
from sopaudit.problems import Problem
from sopaudit.reading.document import Document, Loc


class Signing:
    """Holds the signatures and sources of one record against the people of its audit."""

    def __init__(self, audit: Audit, people: People, record: Record, document: Document) -> None:
        self.audit = audit
        self.people = people
        self.record = record
        self.document = document

    def problems(self) -> Iterator[Problem]:
        """Tell everything that is wrong with them."""
        yield from self._signatures()
        yield from self._hands()
        yield from self._sources()

    def drawn(self) -> Iterator[tuple[Loc, EvidenceFile]]:
        """Give the drawings of the signatures, and where the record names them."""
        for n, signature in enumerate(self.record.signatures):
            if signature.drawn is not None:
                yield ("signatures", n, "drawn"), signature.drawn

    def _signatures(self) -> Iterator[Problem]:
        escorts = {member.person for member in self.audit.team if member.role == "escort"}
        for n, signature in enumerate(self.record.signatures):
            loc: Loc = ("signatures", n, "person")
            person = signature.person
            of_office = signature.role == "auditee"
            check = self.people.inspected if of_office else self.people.known
            yield from check(self.document, loc, person)
            if signature.role == "auditor" and person not in self.audit.auditors:
                yield self._problem("A054", loc, person=person)
            if signature.role == "escort" and person not in escorts:
                yield self._problem("A170", loc, person=person)
            outside = self.audit.kind not in ("self", "station")
            if signature.role == "head" and outside and person in self.audit.auditors:
                yield self._problem("A171", loc, person=person)

    def _hands(self) -> Iterator[Problem]:
        """Find a drawing that stands for two people: a hand writes its own name alone."""
        first: dict[str, str] = {}
        for n, signature in enumerate(self.record.signatures):
            if signature.drawn is None:
                continue
            other = first.setdefault(signature.drawn.sha256, signature.person)
            if other != signature.person:
                loc: Loc = ("signatures", n, "drawn")
                yield self._problem("A172", loc, person=signature.person, other=other)

    def _sources(self) -> Iterator[Problem]:
        """Find sheets filled by those whose work they are about.

        Names that a server gives its accounts are no staff numbers and say nothing.
        """
        examined = {
            *self.audit.auditees,
            *(person for answer in self.record.answers for person in answer.persons),
        }
        for n, source in enumerate(self.record.sources):
            by = source.by or ""
            if self.audit.kind != "self" and by in examined - {*self.audit.auditors}:
                loc: Loc = ("sources", n, "by")
                yield self._problem("A173", loc, person=by, file=source.file)

    def _problem(self, code: str, loc: Loc, **values: str) -> Problem:
        return self.document.problem(code, loc, key=False, **values)
