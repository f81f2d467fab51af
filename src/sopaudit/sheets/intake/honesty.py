"""What merged records lack, told at the cells and lines of the sheets that lack it.

The checks are those of every audit (`evidence.examination`); only the places are moved, because
nobody who filled in a workbook looks into JSON.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sopaudit.evidence.audit import ANSWERS, AuditFolder
from sopaudit.evidence.examination import Examination
from sopaudit.evidence.jsonfile import read_json_bytes
from sopaudit.evidence.people import People
from sopaudit.evidence.record import Record, RecordedAnswer
from sopaudit.evidence.recording import record_bytes
from sopaudit.problems import Place, Problem
from sopaudit.reading.document import Document
from sopaudit.sheets.filled import Filled
from sopaudit.sheets.intake.merge import same, second

Told = Sequence[tuple[Filled, Record]]
"""What this run says of a checklist: each file, and its record of it."""


def examined(folder: AuditFolder, records: Mapping[str, tuple[Record, Told]]) -> Iterator[Problem]:
    """Check records as they are now; of answers this run does not touch nothing is told."""
    people = People(folder.handbook, folder.audit)
    for checklist, (record, told) in records.items():
        path = folder.folder / ANSWERS / f"{checklist}.json"
        raw = path.read_bytes() if path.is_file() else record_bytes(record)
        document = read_json_bytes(raw, path.as_posix())
        examination = Examination(
            folder.folder, folder.audit, folder.handbook, document, record, people
        )
        examination.frame()
        for problem in examination.problems:
            moved = _moved(problem, checklist, document, record, told)
            if moved is not None:
                yield moved


def _moved(
    problem: Problem, checklist: str, document: Document, record: Record, told: Told
) -> Problem | None:
    """Give a problem the place in the sheet that says it; None where this run says none of it."""
    at = (problem.place.line, problem.place.column)
    answer = _at_answer(document, record, at)
    if answer is None:
        # Of the head and the signatures: the first file that brought the checklist.
        signed = {s.person for _, own in told for s in own.signatures}
        files = [one for one, _ in told]
        touched = not record.signatures or problem.values.get("person", "") in signed
        if touched and files and not files[0].places:
            return problem
        return (
            replace(problem, place=Place(_path(files[0])), line="") if files and touched else None
        )
    confirmed = _of_second(document, record, answer, at)
    # A sheet that was overruled, or may not overrule, says something else than what is lacking.
    files = [one for one, own in told if any(_stands_for(a, answer) for a in own.answers)]
    if not files:
        return None
    key = (checklist, answer.item, second(answer))
    naming = [one for one in files if key in one.seconds] if confirmed else []
    if naming:
        return replace(problem, place=naming[-1].seconds[key], line="")
    of_source = [one for one in files if one.source.id == answer.source]
    filled = (of_source or files)[-1]
    if not filled.places:
        return problem
    place = filled.places.get((checklist, answer.item), Place(_path(filled)))
    return replace(problem, place=place, line="")


def _stands_for(said: RecordedAnswer, answer: RecordedAnswer) -> bool:
    """Say whether a sheet says what counts; one that names another second person does not."""
    agreed = second(said) in ("", second(answer))
    return said.item == answer.item and same(said, answer) and agreed


def _at_answer(document: Document, record: Record, at: tuple[int, int]) -> RecordedAnswer | None:
    """Find the answer a spot of the record belongs to; None before and after the answers."""
    found = None
    for n, answer in enumerate(record.answers):
        place = document.place(("answers", n))
        if (place.line, place.column) > at:
            break
        found = answer
    after = document.place(("signatures",), key=True)
    if record.signatures and at >= (after.line, after.column):
        return None
    return found


def _of_second(
    document: Document, record: Record, answer: RecordedAnswer, at: tuple[int, int]
) -> bool:
    """Say whether a spot of the record is where an answer names its second person."""
    n = next(n for n, one in enumerate(record.answers) if one is answer)
    if answer.confirmed is None:
        return False
    spots = (("answers", n, "confirmed"), ("answers", n, "confirmed", "by"))
    return at in [(place.line, place.column) for place in map(document.place, spots)]


def _path(filled: Filled) -> str:
    return next((place.path for place in filled.places.values()), filled.source.file)
