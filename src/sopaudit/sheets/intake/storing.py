"""Pictures of filled sheets become files of evidence: read one by one, looked at, named by hash."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from hashlib import sha256
from typing import Final, get_args

from sopaudit.evidence import photos
from sopaudit.evidence.archive import NotSoundError
from sopaudit.evidence.evidence_index import EVIDENCE, Came, Kept, Shows, Signs, Spot, index_of
from sopaudit.evidence.record import Signature, Source
from sopaudit.problems import Problem, choices
from sopaudit.reading.folder import refused
from sopaudit.sheets.answering import when
from sopaudit.sheets.blank import Blank
from sopaudit.sheets.filled import Filled, Shot
from sopaudit.sheets.intake.attaching import evidence_file, merged_index

_ROLES: Final = get_args(Signature.model_fields["role"].annotation)


@dataclass
class Store:
    """Takes pictures in; `write` gets the name and content of each."""

    blank: Blank
    zone: tzinfo
    place_kept: bool
    """The handbook says that photos keep where they were taken."""

    write: Callable[[str, bytes], None]
    kept: dict[str, Kept] = field(default_factory=dict)
    """What came in, by sha256."""

    signatures: dict[str, list[Signature]] = field(default_factory=dict)
    """Drawn ones, by checklist; under no name those of all there are."""

    problems: list[Problem] = field(default_factory=list)

    def take(self, filled: Filled) -> None:
        """Take the pictures of one file."""
        for shot in filled.shots:
            content = self._content(shot)
            if content is not None:
                self._take(shot, content, filled.source)

    def _content(self, shot: Shot) -> bytes | None:
        try:
            return shot.read()
        except NotSoundError as error:
            self.problems.append(Problem(shot.place, error.code, error.values))
        except OSError as error:
            self.problems.append(refused(error, str(shot.place.path)))
        return None

    def _take(self, shot: Shot, content: bytes, source: Source) -> None:
        changed = bool(shot.sha256) and sha256(content).hexdigest() != shot.sha256.casefold()
        if changed:
            self._tell(shot, "F065", name=shot.name)
        kept = self._looked_at(shot, content)
        if kept is None:
            return
        taken = when(kept.taken or shot.taken or "", self.zone)
        suspect = changed or (kept.taken is None and shot.unproven)
        found = Kept(
            file=f"{EVIDENCE}/{kept.sha256}{kept.suffix}",
            sha256=kept.sha256,
            bytes=len(kept.content),
            shows=tuple(self._shows(shot, loose=source.channel == "photos")),
            signs=tuple(self._signs(shot)),
            taken=taken,
            unproven=suspect,
            original=kept.original if kept.original != kept.sha256 else None,
            where=Spot(latitude=kept.where[0], longitude=kept.where[1]) if kept.where else None,
            came=(Came(name=shot.name, source=source.id),),
        )
        if found.sha256 not in self.kept:
            self.write(found.file, kept.content)
        before = {found.sha256: self.kept[found.sha256]} if found.sha256 in self.kept else {}
        self.kept[found.sha256] = _joined(before, found)
        for signs in found.signs:
            signature = Signature.model_validate(
                {**dict(signs), "at": taken and taken.isoformat(), "drawn": evidence_file(found)}
            )
            self.signatures.setdefault(shot.checklist, []).append(signature)

    def _looked_at(self, shot: Shot, content: bytes) -> photos.Kept | None:
        try:
            if shot.signed is not None:
                return photos.signature(content)
            return photos.keep(shot.name, content, place=self.place_kept, zone=self.zone)
        except photos.PhotoError as error:
            if shot.signed is not None:
                self._tell(shot, "F068", name=shot.name)
            else:
                self._tell(shot, error.code, **error.values)
        return None

    def _shows(self, shot: Shot, *, loose: bool) -> Iterator[Shows]:
        """Say what a shot is of; a reader of loose photos tells itself which are of nothing."""
        if shot.signed is not None:
            return
        if not shot.item:
            if not loose:
                self._tell(shot, "F066", name=shot.name)
            return
        homes = [leaf.id for leaf in self.blank.leaves if shot.item in leaf.by_id]
        if shot.checklist and shot.checklist in homes:
            homes = [shot.checklist]
        if not homes:
            items = [ask.item.id for _, ask in self.blank.asks]
            near = choices(shot.item, items)
            self._tell(shot, "F067", name=shot.name, item=shot.item, choices=near)
            return
        yield Shows(checklist=homes[0], item=shot.item, case=shot.case or None)

    def _signs(self, shot: Shot) -> Iterator[Signs]:
        if shot.signed is None:
            return
        role, person = shot.signed
        if role in _ROLES and person.strip():
            yield Signs(role=role, person=person)
        else:
            self._tell(shot, "F068", name=shot.name)

    def _tell(self, shot: Shot, code: str, /, **values: str) -> None:
        self.problems.append(Problem(shot.place, code, values))


def _joined(before: Mapping[str, Kept], found: Kept) -> Kept:
    return merged_index(index_of(before.values()), {found.sha256: found})[0]


def drawn(store: Store, checklist: str, alone: Sequence[str]) -> list[Signature]:
    """Give the drawn signatures of a checklist; one that names none signs all that came along."""
    general = store.signatures.get("", []) if checklist in alone else []
    return [*general, *store.signatures.get(checklist, [])]
