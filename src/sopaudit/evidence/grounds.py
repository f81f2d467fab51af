"""What an answer must rest on: a remark where it fails, a reason where it does not apply, evidence.

Which of these a company asks for stands in its handbook, under `records`.
"""

from collections.abc import Iterator
from datetime import date

from sopaudit.criteria.checklist import Item
from sopaudit.criteria.judging import set_shares
from sopaudit.criteria.organisation import Asked
from sopaudit.criteria.scheme import AnswerSet
from sopaudit.evidence.habits import habits
from sopaudit.evidence.record import Case, RecordedAnswer
from sopaudit.problems import Problem
from sopaudit.reading.document import Document, Loc


class Grounds:
    """Looks whether answers say what the handbook asks for."""

    def __init__(self, asked: Asked, day: date, document: Document) -> None:
        self.asked = asked
        self.day = day
        self.document = document

    def lacking(
        self, given: RecordedAnswer, item: Item, answers: AnswerSet, loc: Loc
    ) -> Iterator[Problem]:
        """Tell what an answer to `item` lacks."""
        failed = fails(given, item, answers, self.day)
        cases = [case for case in given.cases if case.failed]
        tell = self.document.problem
        if failed and "fail" in self.asked.note and not _explained(given, cases):
            yield tell("A026", loc, item=item.id)
        shown = given.files or cases
        if failed and item.severity in self.asked.evidence and not shown:
            yield tell("A027", loc, item=item.id, severity=item.severity)
        if given.result == "na" and "na" in self.asked.note and not _says(given.note):
            yield tell("A028", loc, item=item.id)


def fails(given: RecordedAnswer, item: Item, answers: AnswerSet, day: date) -> bool:
    """Say whether an answer is a nonconformity: not all that could be had, or a demerit."""
    if given.result in ("yes", "na", "unchecked"):
        return False
    if given.result in ("partial", "no") or given.counts[0]:
        return True
    if given.value is not None:
        most = item.points_on(day) if answers == "number" else None
        return given.value > 0 if most is None else given.value < most
    earning = set_shares(answers)
    if given.result in earning:
        earned, known = earning[given.result], {*earning.values()}
        return earned < max(known) if len(known) > 1 else earned > 0
    return False


def _explained(given: RecordedAnswer, cases: list[Case]) -> bool:
    """Say whether there is a remark, on the whole or on every case that failed."""
    return _says(given.note) or (bool(cases) and all(_says(case.note) for case in cases))


def _says(note: str) -> bool:
    """Say whether a remark is one: `/` and 无 say nothing, in a record as in a table."""
    return bool(note.strip()) and not habits().blank(note)
