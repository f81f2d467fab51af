"""Filled sheets go into an audit: merged with what is there, written together, checked as a whole.

What was answered is written even where a remark or a photo is missing, because the way back to the
store room is long; what is missing is told at the cell or line of the sheet that lacks it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from errno import EBUSY
from os import strerror
from pathlib import Path
from typing import Final

from sopaudit.evidence.audit import ANSWERS, AuditFolder
from sopaudit.evidence.evidence_index import (
    INDEX,
    EvidenceIndex,
    index_bytes,
    index_of,
    read_index,
)
from sopaudit.evidence.record import Record, RecordedAnswer, Signature
from sopaudit.evidence.recording import record_bytes
from sopaudit.evidence.transaction import (
    BrokenJournalError,
    ChangedError,
    OutsideError,
    Transaction,
    transaction,
)
from sopaudit.problems import Place, Problem, in_file_order
from sopaudit.sheets.blank import Blank, Leaf, blank_of, checklists_of
from sopaudit.sheets.filled import Filled
from sopaudit.sheets.intake.attaching import attached, carried, merged_index, signed
from sopaudit.sheets.intake.honesty import examined
from sopaudit.sheets.intake.merge import (
    Difference,
    Key,
    Settled,
    Voice,
    key_of,
    persons_apart,
    same,
    second,
    settled,
)
from sopaudit.sheets.intake.page import Page, pages_of, record_of
from sopaudit.sheets.intake.storing import Store, drawn

FINAL: Final = "final"

_AGAIN: Final = 2
"""Times a merge begins anew because somebody saved a record while it was made."""


@dataclass(frozen=True)
class Brought:
    """What came of bringing files into an audit."""

    files: tuple[Path, ...] = ()
    """What was written, the records first; nothing where all was there already."""

    differences: tuple[Difference, ...] = ()
    problems: tuple[Problem, ...] = ()
    unanswered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By checklist of the audit, the items nobody has answered yet, in the order of the sheet."""

    waiting: tuple[str, ...] = ()
    """The items that failed and have no effect until a second person confirms them."""

    outdated: tuple[str, ...] = ()
    """The items where an answer was to take the place of what is there, and is the older one."""

    photos: int = 0
    """How many files of evidence are new."""

    refused: bool = False
    """Nothing was written, because of what stands in the audit."""

    @property
    def saved(self) -> bool:
        """Whether all that was said is in the audit: it counts, or is kept beside what does."""
        return not self.refused and not any(one.refused for one in self.differences)


def bring(
    folder: AuditFolder,
    filled: Sequence[Filled],
    *,
    replace: bool = False,
    zone: tzinfo = UTC,
) -> Brought:
    """Bring what files say into an audit. With `replace` they may overrule what stands there.

    The records are read again, since they may have changed after `folder` was. Raises OSError where
    the system does not let the files be written; then nothing is, or the next run finishes it.
    """
    audit = folder.audit
    if audit.state == FINAL:
        place = Place(f"{folder.folder.as_posix()}/audit.yaml")
        return Brought(problems=(Problem(place, "F062", {"audit": audit.id}),), refused=True)
    try:
        return _merging(folder, _distinct(filled), replaced=replace, zone=zone)
    except OutsideError as error:
        outside = Problem(Place(folder.folder.as_posix()), "A042", {"file": error.name})
        return Brought(problems=(outside,), refused=True)
    except BrokenJournalError as error:
        left = Problem(Place(error.place.as_posix()), error.code, error.values)
        return Brought(problems=(left,), refused=True)


def _merging(
    folder: AuditFolder, filled: Sequence[Filled], *, replaced: bool, zone: tzinfo
) -> Brought:
    """Merge with what stands there; once more where somebody changes a record meanwhile."""
    for _ in range(_AGAIN):
        with suppress(ChangedError), transaction(folder.folder) as change:
            return _brought(folder, filled, change, replaced=replaced, zone=zone)
    with transaction(folder.folder) as change:
        try:
            return _brought(folder, filled, change, replaced=replaced, zone=zone)
        except ChangedError as error:
            raise OSError(EBUSY, strerror(EBUSY), str(error.place)) from None


def _distinct(filled: Sequence[Filled]) -> list[Filled]:
    """Pass over a file that was named twice."""
    found: dict[tuple[str, str], Filled] = {}
    for one in filled:
        found.setdefault((one.source.id, one.source.file), one)
    return list(found.values())


def _brought(
    folder: AuditFolder,
    filled: Sequence[Filled],
    change: Transaction,
    *,
    replaced: bool,
    zone: tzinfo,
) -> Brought:
    blank = blank_of(folder.handbook, checklists_of(folder), folder.audit.date, folder)
    change.note([INDEX, *(f"{ANSWERS}/{leaf.id}.json" for leaf in blank.leaves)])
    pages, problems = pages_of(folder, blank, filled)
    index, wrong = read_index(folder.folder)
    problems += wrong
    if problems or index is None:
        return Brought(problems=tuple(in_file_order(problems)), refused=True)
    place_kept = folder.handbook.records.place
    store = Store(
        blank, zone, place_kept, lambda name, content: _stage(folder, change, name, content)
    )
    for one in filled:
        store.take(one)
    joined = index_of(merged_index(index, store.kept))
    new = len(joined.files) - len(index.files)
    written = [*change.names]
    answered: list[str] = []
    records, differences, problems = _merged(folder, pages, joined, store, replaced=replaced)
    for checklist, record in records.items():
        name = f"{ANSWERS}/{checklist}.json"
        if record != pages[checklist].before:
            change.write(name, record_bytes(record))
            answered.append(name)
    if joined != index:
        change.write(INDEX, index_bytes(joined))
        written.append(INDEX)
    change.commit()
    problems += store.problems
    problems += examined(folder, {c: (r, pages[c].told) for c, r in records.items()})
    everything = {**{c: page.before for c, page in pages.items()}, **records}
    return Brought(
        tuple(folder.folder / name for name in (*answered, *written)),
        tuple(differences),
        tuple(_once(problems)),
        {leaf.id: tuple(_unanswered(leaf, everything.get(leaf.id))) for leaf in blank.leaves},
        tuple(_waiting(blank, everything)),
        tuple(one.item for one in differences if replaced and _outdated(one, pages)),
        new,
    )


def _outdated(one: Difference, pages: Mapping[str, Page]) -> bool:
    """Say whether what stood there counts because what this run says is older."""
    counts, *others = one.voices
    before = pages[one.checklist].before
    stood = before is not None and any(counts.answer is answer for answer in before.answers)
    times = [voice.at for voice in others]
    return stood and any(
        at is not None and counts.at is not None and at < counts.at for at in times
    )


def _once(problems: Iterable[Problem]) -> list[Problem]:
    """Leave out what is said twice; the order of the files is kept."""
    return list({(p.place, p.code, tuple(sorted(p.values.items()))): p for p in problems}.values())


def _stage(folder: AuditFolder, change: Transaction, name: str, content: bytes) -> None:
    """Stage a file of evidence, unless it lies there already as it should."""
    place = folder.folder / name
    if not (place.is_file() and place.read_bytes() == content):
        change.write(name, content)


def _merged(
    folder: AuditFolder,
    pages: Mapping[str, Page],
    index: EvidenceIndex,
    store: Store,
    *,
    replaced: bool,
) -> tuple[dict[str, Record], list[Difference], list[Problem]]:
    """Merge every record this run says something of."""
    records: dict[str, Record] = {}
    differences: list[Difference] = []
    problems: list[Problem] = []
    shown = {shows.checklist for kept in store.kept.values() for shows in kept.shows}
    told = [c for c, page in pages.items() if page.told]
    for checklist, page in pages.items():
        signatures = drawn(store, checklist, told)
        if not (page.told or signatures or (checklist in shown and page.before)):
            continue
        settled_, fresh = _settled(page, replaced=replaced)
        for one in settled_:
            if one.difference is not None:
                differences.append(one.difference)
            if one.refused is not None:
                problems.append(_refused(page, one, folder))
        wanted = fresh | {
            shows.item
            for kept in store.kept.values()
            for shows in kept.shows
            if shows.checklist == checklist
        }
        answers = attached([one.answer for one in settled_], checklist, index, wanted)
        signs = [*(s for _, record in page.told for s in record.signatures), *signatures]
        records[checklist] = record_of(folder, page, answers, signed(_signatures(page), signs))
    return records, differences, problems


def _signatures(page: Page) -> tuple[Signature, ...]:
    return page.before.signatures if page.before else ()


def _settled(page: Page, *, replaced: bool) -> tuple[list[Settled], set[str]]:
    """Settle each item; the second value names those answered for the first time."""
    before = page.before.answers if page.before else ()
    told = [record.answers for _, record in page.told]
    apart = persons_apart([before, *told]) if page.leaf.scheme.persons else frozenset[Key]()

    def key(answer: RecordedAnswer) -> Key:
        return key_of(answer, persons=key_of(answer, persons=False) in apart)

    voices: dict[Key, list[Voice]] = {}
    known = {one.id for one in page.before.sources} if page.before else set[str]()
    for filled, record in page.told:
        again = filled.source.id in known
        for answer in record.answers:
            if not answer.silent:
                bare = answer.model_copy(update={"others": ()})
                voice = Voice(bare, filled.source, again=again)
                voices.setdefault(key(answer), []).append(voice)
    found: list[Settled] = []
    # What stands there twice under one key is a mistake of its own, told elsewhere, and stays.
    for answer in before:
        said = voices.pop(key(answer), None)
        found.append(_beside(page, answer, said, replaced=replaced) if said else Settled(answer))
    found += [
        settled(page.leaf.id, None, said, page.sources, replaced=replaced)
        for said in voices.values()
    ]
    order = {item: n for n, item in enumerate(page.leaf.checklist.by_id)}
    found.sort(key=lambda one: order.get(one.answer.item, len(order)))
    silent = {answer.item for answer in before if answer.silent}
    known = {answer.item for answer in before} - silent
    return found, {one.answer.item for one in found} - known


def _beside(
    page: Page, answer: RecordedAnswer, said: Sequence[Voice], *, replaced: bool
) -> Settled:
    """Settle an item that has an answer, or only the room for one."""
    if answer.silent:
        one = settled(page.leaf.id, None, said, page.sources, replaced=replaced)
        names = ("evidence", "confirmed", "override", "from_records", "labels")
        kept = {name: getattr(answer, name) for name in names if getattr(answer, name)}
        return Settled(one.answer.model_copy(update=kept), one.difference)
    own = [v.answer for v in said if v.source and v.source.id == answer.source]
    edited = bool(own) and not any(same(one, answer) for one in own)
    standing = Voice(answer, page.sources.get(answer.source or ""), edited)
    one = settled(page.leaf.id, standing, said, page.sources, replaced=replaced)
    return Settled(carried(answer, one.answer), one.difference, one.refused)


def _refused(page: Page, one: Settled, folder: AuditFolder) -> Problem:
    """Say that an answer would count if it might take the place of the one there."""
    voice = one.refused
    assert voice is not None  # noqa: S101 -- asked by the caller
    item = one.answer.item
    source = voice.source
    filled = next(f for f, _ in page.told if f.source == source)
    place = filled.places.get((page.leaf.id, item), Place(filled.source.file))
    if same(voice.answer, one.answer):  # but for the second person
        place = filled.seconds.get((page.leaf.id, item, second(voice.answer)), place)
    return Problem(place, "F064", {"item": item, "audit": folder.folder.as_posix()})


def _unanswered(leaf: Leaf, record: Record | None) -> Iterable[str]:
    """List the items of a checklist nobody has answered, of those in force."""
    answered = {one.item for one in record.answers if not one.silent} if record else set[str]()
    return (ask.item.id for ask in leaf.asks if ask.item.id not in answered)


def _waiting(blank: Blank, records: Mapping[str, Record | None]) -> Iterator[str]:
    """List the items that wait for a second person, in the order of the sheets."""
    for leaf in blank.leaves:
        record = records.get(leaf.id)
        for given in record.answers if record else ():
            ask = leaf.by_id.get(given.item)
            if ask is not None and ask.waits(given, blank.day):
                yield given.item
