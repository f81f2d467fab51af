"""The inspection report as one HTML file, and the data that travels in its PDF."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.evidence.audit import AUDIT, AuditFolder
from sopaudit.evidence.keeping import kept_record
from sopaudit.evidence.recording import records
from sopaudit.press.html import page
from sopaudit.press.pdf import Attached
from sopaudit.report.model import InspectionReport, PersonPage


def inspection_html(report: InspectionReport) -> str:
    """Lay the report out: one self-contained file for screen, phone and paper."""
    return page("inspection.html.j2", report.lang, report=report)


def person_html(report: InspectionReport, person: PersonPage) -> str:
    """Lay one person's page out as a file of its own."""
    return page("person.html.j2", report.lang, report=report, person=person)


def attachments(
    folder: AuditFolder, copies: Mapping[Path, bytes] = MappingProxyType({})
) -> tuple[Attached, ...]:
    """Gather what the result can be worked out from again: the answers, and what they answer.

    Files travel exactly as they stand, unless `copies` has something else in their place. Raises
    OSError if one has gone meanwhile.
    """
    paths = {AUDIT: folder.folder / AUDIT} | {path.name: path for path in folder.files.values()}
    content = {name: copies.get(path) or path.read_bytes() for name, path in paths.items()}
    names = {
        name: folder.files[name].name if name in folder.files else f"{name}.json"
        for name in folder.records
    }
    answers = (
        Attached(
            name,
            kept_record(folder, checklist, content.get(name)),
            f"{folder.audit.id} {checklist}",
        )
        for checklist, name in names.items()
    )
    about = Attached(AUDIT, content[AUDIT], folder.audit.id)
    criteria = _criteria(folder.handbook, folder.records)
    branches = _branches(folder.handbook, folder.records)
    # A scheme may serve checklists and branch alike, and travels once.
    named = {file.name: file for file in (about, *answers, *criteria, *branches)}
    return tuple(named.values())


def table_attachments(
    handbook: Handbook, frames: Sequence[AnswerFrame], audit: str
) -> tuple[Attached, ...]:
    """Gather the same for an audit that stands in tables; its answers become records of ours."""
    written = records(handbook, frames, audit)
    answers = (
        Attached(f"{checklist}.json", record, f"{audit} {checklist}")
        for checklist, record in written.items()
    )
    criteria = (*_criteria(handbook, written), *_branches(handbook, written))
    return tuple({file.name: file for file in (*answers, *criteria)}.values())


def _criteria(handbook: Handbook, checklists: Iterable[str]) -> Iterator[Attached]:
    """Give each checklist and its scheme, under names that differ in more than their case."""
    used = [handbook.checklists[name] for name in checklists if name in handbook.checklists]
    for checklist in used:
        content = handbook.files[checklist.id].read_bytes()
        yield Attached(f"{checklist.id}.checklist.yaml", content, checklist.edition)
    for name in dict.fromkeys(checklist.scheme for checklist in used):
        content = handbook.files[name].read_bytes()
        yield Attached(f"{name}.scheme.yaml", content, handbook.schemes[name].edition)


def _branches(handbook: Handbook, checklists: Container[str]) -> Iterator[Attached]:
    """Give the roll-ups that hold any of the checklists, each with its scheme."""
    for branch in handbook.branches.values():
        if any(part.checklist in checklists for part in branch.of):
            content = handbook.files[branch.id].read_bytes()
            yield Attached(f"{branch.id}.branch.yaml", content, branch.edition)
            scheme = handbook.schemes[branch.scheme]
            content = handbook.files[scheme.id].read_bytes()
            yield Attached(f"{scheme.id}.scheme.yaml", content, scheme.edition)
