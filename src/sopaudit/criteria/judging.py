"""How an item is judged: its answer set, the words that set knows, and what each of them earns."""

from collections.abc import Mapping
from fractions import Fraction

from sopaudit.criteria.checklist import Item
from sopaudit.criteria.scheme import AnswerSet, Scheme


def answer_set(scheme: Scheme, item: Item) -> AnswerSet:
    """Find the answer set that judges `item`, in a handbook that was found right."""
    return scheme.sets[_name(scheme, item)]


def known_set(scheme: Scheme, item: Item) -> AnswerSet | None:
    """Find the answer set that judges `item` while a handbook is checked; None without one."""
    return scheme.sets.get(_name(scheme, item))


def _name(scheme: Scheme, item: Item) -> str:
    return (item.scoring or "") if scheme.named else ""


def set_words(answers: AnswerSet | None) -> tuple[str, ...]:
    """List the words an answer set can judge; sets of numbers still know that nobody looked."""
    if isinstance(answers, Mapping):
        return tuple(answers)
    return ("na", "unchecked") if answers == "number" else ("yes", "no", "na", "unchecked")


def every_word(scheme: Scheme) -> tuple[str, ...]:
    """List every answer some set of `scheme` knows."""
    return tuple(dict.fromkeys(word for each in scheme.sets.values() for word in set_words(each)))


def set_shares(answers: AnswerSet | Mapping[str, Fraction | str] | None) -> dict[str, Fraction]:
    """Give what each word of a table earns that carries points; nothing where answers are no words.

    Words that are skipped or stop scoring are not among them.
    """
    if not isinstance(answers, Mapping):
        return {}
    return {word: share for word, share in answers.items() if isinstance(share, Fraction)}


def scored(answers: AnswerSet | None) -> bool:
    """Say whether any answer carries points; those of a veto, say, may not."""
    return not isinstance(answers, Mapping) or bool(set_shares(answers))


def ranked(answers: AnswerSet | None) -> bool:
    """Say whether there is a best answer and worse ones; else points count against the office."""
    return not isinstance(answers, Mapping) or len({*set_shares(answers).values()}) > 1
