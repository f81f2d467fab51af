"""What a mapping says beside the answers: labels of answers, facts of audits, and N/A as a number.

Each function lists what is wrong in the mapping; what stands in the tables is looked at row by row.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from sopaudit.criteria.checklist import Checklist, Item
from sopaudit.criteria.field import number
from sopaudit.criteria.judging import answer_set, every_word, set_words
from sopaudit.criteria.scheme import AnswerSet, Each, Scheme
from sopaudit.evidence.answers import fold
from sopaudit.evidence.habits import habits, key
from sopaudit.problems import Problem, choices
from sopaudit.reading.document import Document

NA: Final = "na"
"""The answer of what does not apply."""


def label_values(checklists: Iterable[Checklist]) -> dict[str, tuple[str, ...]]:
    """List the labels of checklists, and all values each may have."""
    found: dict[str, tuple[str, ...]] = {}
    for checklist in checklists:
        for label, values in checklist.labels.items():
            found[label] = tuple(dict.fromkeys([*found.get(label, ()), *values]))
    return found


def unknown_labels(
    labels: Mapping[str, str | None], known: Mapping[str, tuple[str, ...]], document: Document
) -> Iterator[Problem]:
    """Look for labels no checklist declares; `labels` has the value of those that always say it."""
    for label, always in labels.items():
        if label not in known:
            near = choices(label, list(known))
            yield document.problem("M015", ("labels", label), key=True, word=label, choices=near)
        elif always is not None and always not in known[label]:
            near = choices(always, known[label])
            where = ("labels", label, "always")
            yield document.problem("M016", where, label=label, word=always, choices=near)


def values_meant(words: Mapping[str, str], *known: Iterable[tuple[str, ...]]) -> dict[str, str]:
    """Give the words of a mapping that mean a value of a label or a fact, folded."""
    values = {value for group in known for several in group for value in several}
    return {fold(word): meaning for word, meaning in words.items() if meaning in values}


def answers_meant(words: Mapping[str, str], schemes: Iterable[Scheme]) -> dict[str, str]:
    """Give the words of a mapping that mean an answer."""
    known = {
        *set_words("rate"),
        "partial",
        *(w for scheme in schemes for w in every_word(scheme)),
    }
    return {word: meaning for word, meaning in words.items() if meaning in known}


def na_as_number(
    words: Mapping[str, str],
    checklists: Iterable[Checklist],
    schemes: Mapping[str, Scheme],
    document: Document,
) -> Iterator[Problem]:
    """Look for "not applicable" that is to count as points, and for points that are to be it."""
    judged = [
        (item, answer_set(schemes[checklist.scheme], item))
        for checklist in checklists
        for item in checklist.items
    ]
    for word, meaning in words.items():
        loc = ("words", word)
        if meaning != NA and habits().words.get(key(word)) == NA:
            if any(_counts(meaning, answers) for _, answers in judged):
                yield document.problem("M017", loc, word=word, meaning=meaning)
        elif meaning == NA and number(word) is not None:
            item = next((item for item, answers in judged if _takes(word, item, answers)), None)
            if item is not None:
                yield document.problem("M018", loc, key=True, word=word, item=item.id)


def _counts(meaning: str, answers: AnswerSet) -> bool:
    """Say whether an answer is part of the score."""
    if isinstance(answers, Mapping):
        return answers.get(meaning, "skip") != "skip"
    return meaning in ("yes", "partial", "no")


def _takes(word: str, item: Item, answers: AnswerSet) -> bool:
    """Say whether `item` may be answered with a number that is written as `word`."""
    if isinstance(answers, Mapping):
        return answers.get(word, "skip") != "skip"
    numeric = answers == "number" or isinstance(answers, Each)
    return numeric and (not item.values or number(word) in item.values)
