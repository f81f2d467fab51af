"""What was answered to an item, in a word or a number."""

from collections.abc import Sequence

from sopaudit.criteria.checklist import Item
from sopaudit.criteria.judging import answer_set
from sopaudit.criteria.scheme import Each, Scheme
from sopaudit.evidence.record import RecordedAnswer
from sopaudit.findings.score import ItemScore
from sopaudit.report.derivation import shown
from sopaudit.report.seen import Speaker


def answered(
    speaker: Speaker, scheme: Scheme, item: Item, answers: Sequence[RecordedAnswer]
) -> str:
    """Tell the answers to an item; equal ones once, a dash for none."""
    told = dict.fromkeys(one_answer(speaker, scheme, item, answer) for answer in answers)
    return speaker.listed(list(told)) or speaker.words["answer"]["none"]


def points_told(speaker: Speaker, told: ItemScore) -> str:
    """Tell what an item earned, of how much; a dash where it does not count."""
    if told.earned is None:
        return speaker.words["answer"]["none"]
    if told.possible is None:
        return shown(told.earned)
    return f"{shown(told.earned)} / {shown(told.possible)}"


def one_answer(speaker: Speaker, scheme: Scheme, item: Item, answer: RecordedAnswer) -> str:
    """Tell one answer."""
    words, fill = speaker.words["answer"], speaker.fill
    failed, checked = answer.counts
    # Beside a number of occurrences, cases only show where they were found.
    if checked and failed is not None and answer.value is None and not _worded(answer):
        return fill("answer", "cases", passed=checked - failed, checked=checked)
    if answer.result is not None:
        return words.get(answer.result, answer.result)
    if answer.value is None:
        return words["none"]
    each = isinstance(answer_set(scheme, item), Each)
    return fill("answer", "occurrences" if each else "points", n=shown(answer.value))


def _worded(answer: RecordedAnswer) -> bool:
    """Say whether records answer with a word, beside which the cases are told."""
    return answer.from_records is not None and answer.result is not None
