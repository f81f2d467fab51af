"""Who took part in an audit, and whether and how they signed."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from sopaudit.evidence.auditfile import Audit
from sopaudit.evidence.record import Signature
from sopaudit.report.model import PersonRow
from sopaudit.report.photos.album import moment
from sopaudit.report.photos.signature import drawn_signature
from sopaudit.report.seen import Speaker


class Signatories:
    """Lists the people of one audit; with no `folder` no drawn signature is shown."""

    def __init__(self, speaker: Speaker, folder: Path | None) -> None:
        self.speaker = speaker
        self.folder = folder
        self.signed = dict(_latest(speaker))

    def rows(self) -> Iterator[PersonRow]:
        """Give the team, those whose work was looked at, the head, and whoever else signed."""
        audit = self.speaker.seen.audit
        if audit is None:
            return
        named = list(self._named(audit))
        listed = {person for _, person in named}
        others = [person for person in self.signed if person not in listed]
        named[-1:-1] = [(self.signed[person].role, person) for person in others]
        times = Counter(person for _, person in named)
        for kind, person in named:
            signature = self.signed.get(person)
            # Whoever stands here twice, such as an escort who is the head, signed in one place.
            here = signature is not None and (kind == signature.role or times[person] == 1)
            yield self._row(kind, person, signature, here=here)

    def _named(self, audit: Audit) -> Iterator[tuple[str, str]]:
        yield from ((member.role, member.person) for member in audit.team)
        yield from (("auditee", person) for person in audit.auditees)
        heads = [person for person, signed in self.signed.items() if signed.role == "head"]
        yield from (("head", person) for person in heads or [""])

    def _row(self, kind: str, person: str, signature: Signature | None, *, here: bool) -> PersonRow:
        head = self.speaker.say(self.speaker.seen.handbook.units.head)
        role = {**self.speaker.words["role"], "head": head}[kind]
        name = self.speaker.name(person) if person else ""
        if signature is None:
            return PersonRow(role, name, person, "")
        at = moment(signature.at) if signature.at else ""
        told = self.speaker.fill("note", "signed", at=at) if at else ""
        picture, broken = self._drawn(signature) if here else ("", "")
        spoken = ""
        if picture:
            spoken = self.speaker.fill("photos", "signature", role=role, name=name or person, at=at)
        return PersonRow(role, name, person, self.speaker.joined((told, broken)), picture, spoken)

    def _drawn(self, signature: Signature) -> tuple[str, str]:
        """Give the signature itself, or why it cannot be shown."""
        if signature.drawn is None or self.folder is None:
            return "", ""
        try:
            return drawn_signature(self.folder, signature.drawn), ""
        except (OSError, ValueError):
            return "", self.speaker.words["photos"]["no_signature"]


def _latest(speaker: Speaker) -> Iterator[tuple[str, Signature]]:
    """Give one signature of each person: the drawn one, of several the last."""
    signed: dict[str, Signature] = {}
    for record in speaker.seen.records.values():
        for one in record.signatures:
            before = signed.get(one.person)
            if before is None or one.drawn is not None or before.drawn is None:
                signed[one.person] = one
    yield from signed.items()
