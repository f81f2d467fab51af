"""The records of an audit as they stand, each beside what one import says of its checklist."""

from collections.abc import Sequence
from dataclasses import dataclass

from sopaudit.criteria.scheme import Scheme
from sopaudit.evidence.audit import ANSWERS, AuditFolder
from sopaudit.evidence.jsonfile import read_json
from sopaudit.evidence.record import ChecklistUsed, Record, RecordedAnswer, Signature, Source, Used
from sopaudit.problems import Problem
from sopaudit.reading.shape import validated
from sopaudit.sheets.blank import Blank, Leaf
from sopaudit.sheets.filled import Filled


@dataclass(frozen=True)
class Page:
    """A record as it stands, and what this run says of its checklist."""

    leaf: Leaf
    before: Record | None
    told: tuple[tuple[Filled, Record], ...]

    @property
    def sources(self) -> dict[str, Source]:
        """Those the record knows, then those of this run, by id."""
        known = self.before.sources if self.before else ()
        return {one.id: one for one in (*known, *(filled.source for filled, _ in self.told))}


def pages_of(
    folder: AuditFolder, blank: Blank, filled: Sequence[Filled]
) -> tuple[dict[str, Page], list[Problem]]:
    """Read every record of the audit, and put beside it what this run says of it."""
    pages: dict[str, Page] = {}
    problems: list[Problem] = []
    for leaf in blank.leaves:
        path = folder.folder / ANSWERS / f"{leaf.id}.json"
        before: Record | None = None
        told = tuple(
            (one, record)
            for one in filled
            for record in one.records
            if record.checklist.id == leaf.id
        )
        if path.exists():
            document = read_json(path)
            before, wrong = validated(document, Record)
            problems += wrong
            if before is not None and told and not _of_edition(before, leaf):
                problems.append(
                    document.problem(
                        "F072",
                        ("checklist", "edition"),
                        checklist=leaf.id,
                        word=before.checklist.edition,
                        edition=leaf.checklist.edition,
                        audit=folder.folder.as_posix(),
                    )
                )
        pages[leaf.id] = Page(leaf, before, told)
    return pages, problems


def _of_edition(record: Record, leaf: Leaf) -> bool:
    used = record.checklist
    scheme = used.scheme is None or used.scheme.digest == leaf.scheme_digest
    return scheme and (used.edition, used.digest) == (leaf.checklist.edition, leaf.digest)


def record_of(
    folder: AuditFolder,
    page: Page,
    answers: Sequence[RecordedAnswer],
    signatures: tuple[Signature, ...],
) -> Record:
    """Put a record together; a source that says nothing of its own is not named in it."""
    named = {one.source for one in answers} | {o.source for one in answers for o in one.others}
    known = page.before.sources if page.before else ()
    sources = {one.id: one for one in known}
    for filled, _ in page.told:
        if filled.source.id in named:
            sources.setdefault(filled.source.id, filled.source)
    channels = {one.channel for one in sources.values()}
    if page.before is not None:
        channels.add(page.before.channel)
        if page.before.channel == "several":
            channels = {page.before.channel}
    elif not channels:
        channels = {filled.source.channel for filled, _ in page.told} or {"photos"}
    ordered = sorted(sources.values(), key=lambda one: (one.at is not None, one.at or 0, one.id))
    update = {
        "answers": tuple(answers),
        "signatures": signatures,
        "sources": tuple(ordered),
        "channel": channels.pop() if len(channels) == 1 else "several",
    }
    if page.before is not None:
        same_sources = set(page.before.sources) == set(ordered)
        if same_sources:
            update["sources"] = page.before.sources
        return page.before.model_copy(update=update)
    leaf = page.leaf
    return Record.model_validate(
        {
            "schema": "sopaudit.answers/1",
            "audit": folder.audit.id,
            "checklist": _used(leaf, leaf.scheme),
            "channel": update["channel"],
            "answers": [],
        }
    ).model_copy(update=update)


def _used(leaf: Leaf, scheme: Scheme) -> ChecklistUsed:
    used = Used(id=scheme.id, edition=scheme.edition, digest=leaf.scheme_digest)
    edition = leaf.checklist.edition
    return ChecklistUsed(id=leaf.id, edition=edition, digest=leaf.digest, scheme=used)
