"""Where two things on record cannot both be true: an answer and the records, or two records.

What contradictory records look like stands in the handbook, as `contradictions` of its rules.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sopaudit.evidence.audit import AuditFolder
from sopaudit.evidence.standing import Said
from sopaudit.evidence.testimony import Belied, Offence


@dataclass(frozen=True)
class Contradiction:
    """Two statements of which one is wrong; nobody says which."""

    id: str
    """Audit, and item or rule, such as `2026-10-cd/CK-COO-B2`; the same on every run."""

    said: Said | None = None
    """An answer that the records contradict; else two records contradict one another."""

    belied: Belied | None = None
    """As a rule of the handbook looks for it."""

    @property
    def offences(self) -> tuple[Offence, ...]:
        """The cases it shows in: those on which the two differ, where single ones are known."""
        if self.belied is not None:
            return self.belied.offences
        if self.said is None:
            return ()
        told = self.said.records.offences
        differing = {*self.said.differing}
        return tuple(o for o in told if o.case in differing) if differing else told


def contradictions(folder: AuditFolder) -> tuple[Contradiction, ...]:
    """List the contradictions of an audit: those of its answers by sheet, then those of records."""
    return tuple(_contradictions(folder))


def _contradictions(folder: AuditFolder) -> Iterator[Contradiction]:
    audit = folder.audit.id
    for (_, item), said in folder.said.items():
        if said.standing == "contradicted":
            yield Contradiction(f"{audit}/{item}", said=said)
    for one in folder.belied:
        if one.failed:
            yield Contradiction(f"{audit}/{one.rule}", belied=one)
