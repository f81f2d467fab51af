"""The answers of an audit held against another edition of the handbook, on purpose.

What was answered stays as it was recorded; an answer that is none to its item there is left out and
told, and whoever replays an audit must show these beside the result.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.evidence.audit import AuditFolder
from sopaudit.evidence.examination import CODES, Examination
from sopaudit.evidence.people import People
from sopaudit.evidence.said import carried_over
from sopaudit.problems import Problem

REFUSED: Final = frozenset(
    {*CODES.values(), "A018", "A019", "A020", "A021", "A022", "A130", "A140", "A141"}
)
"""Problems of an answer that make it none to its item."""


@dataclass(frozen=True)
class Carried:
    """Answers as another edition understands them."""

    frames: tuple[AnswerFrame, ...]
    refused: tuple[Problem, ...]
    """Why each of the others is no answer there."""


def carried(
    folder: AuditFolder, handbook: Handbook, checklists: Collection[str] | None = None
) -> Carried:
    """Hold the records of an audit against `handbook`; those of some `checklists`, or all."""
    people = People(handbook, folder.audit)
    frames: list[AnswerFrame] = []
    refused: list[Problem] = []
    for name, record in (folder.own or folder.records).items():
        if (checklists is not None and name not in checklists) or name not in handbook.checklists:
            continue
        if name not in folder.documents:  # nobody wrote it: the records alone answer it
            continue
        examination = Examination(
            folder.folder,
            folder.audit,
            handbook,
            folder.documents[name],
            record,
            people,
            carried=True,
        )
        frame = examination.frame()
        refused += [problem for problem in examination.problems if problem.code in REFUSED]
        frames += [] if frame is None else [frame]
    by_name = {frame.checklist: frame for frame in frames}
    told = carried_over(folder, handbook, by_name) if folder.said else by_name
    asked = [f for name, f in told.items() if checklists is None or name in checklists]
    return Carried(tuple(asked), tuple(refused))
