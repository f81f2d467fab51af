"""Answers as whole columns: which audit, which item, which answer, from which row of the source.

A table of a million answers says few different things. Each distinct one becomes one `Answer`,
read once and exactly, and the rows hold its index; so exact numbers cost no more than fast ones.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from sopaudit.criteria.answer import RESULTS, Answer
from sopaudit.criteria.checklist import Item
from sopaudit.criteria.field import number, plain
from sopaudit.criteria.judging import every_word, set_words
from sopaudit.criteria.scheme import AnswerSet, Each, Scheme
from sopaudit.evidence.habits import Taken, habits, key, narrow

Ints = npt.NDArray[np.int32]
"""Codes: one index per row into a tuple of distinct values."""

Days = npt.NDArray[np.datetime64]
"""Calendar days, `datetime64[D]`."""


@dataclass(frozen=True, eq=False)
class AnswerFrame:
    """Answers to one checklist, one row each; all arrays about rows have the same length."""

    checklist: str
    audits: tuple[str, ...]
    """Distinct audit ids, first seen first; an audit without a row is here all the same."""

    dates: Days
    """The day of each audit, NaT where none is known."""

    audit: Ints
    """Per row: index into `audits`."""

    items: tuple[str, ...]
    """Ids of the checklist's items, in the order of the sheet."""

    item: Ints
    """Per row: index into `items`."""

    kinds: tuple[Answer, ...]
    """The distinct answers."""

    answer: Ints
    """Per row: index into `kinds`."""

    row: npt.NDArray[np.integer]
    """Per row: where it stood in its source, counted from 1 with the header."""

    facts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What else is known of each audit, by name; the empty text where nothing is."""

    notes: dict[int, str] = field(default_factory=dict)
    """Remarks, by the index of their row in this frame."""

    persons: tuple[str, ...] = ()
    """Whom answers are about; `person` holds indexes into it, -1 for nobody in particular."""

    person: Ints | None = None

    named: npt.NDArray[np.int64] | None = None
    """Where each audit was first named in its table; None where the order of `audits` says it."""

    def __len__(self) -> int:
        return len(self.answer)

    def tidy(self) -> pd.DataFrame:
        """Spell the answers out, one row each: `audit, item, result, value, failed, checked, row`.

        Labels that were recorded with answers have a column each, behind `checked`. All but `row`
        are categories of text; numbers stand as they would be written, exactly.
        """
        kinds = self.kinds
        columns = {
            "result": [kind.result or "" for kind in kinds],
            "value": ["" if kind.value is None else plain(kind.value) for kind in kinds],
            "failed": ["" if kind.failed is None else str(kind.failed) for kind in kinds],
            "checked": ["" if kind.checked is None else str(kind.checked) for kind in kinds],
        }
        labels = dict.fromkeys(name for kind in self.kinds for name, _ in kind.labels)
        for name in labels:
            columns[name] = [dict(kind.labels).get(name, "") for kind in self.kinds]
        return pd.DataFrame(
            {
                "audit": _category(self.audits, self.audit),
                "item": _category(self.items, self.item),
                **{name: _category(texts, self.answer) for name, texts in columns.items()},
                "row": self.row,
            }
        )


def _category(texts: tuple[str, ...] | list[str], codes: Ints) -> pd.Categorical:
    distinct, inverse = np.unique(np.array(texts, dtype=object), return_inverse=True)
    return pd.Categorical.from_codes(inverse[codes], pd.Index(distinct, dtype="str"))


BASIC_WORDS: Final[Mapping[str, str]] = {result: result for result in RESULTS}
"""Words every table may use without a mapping naming them; those of a language are habits."""


class Words:
    """What the answer words of a table mean; case and blanks around a word do not matter."""

    def __init__(self, own: Mapping[str, str], schemes: tuple[Scheme, ...]) -> None:
        """Let words of a mapping go before those of the schemes, these before basic ones."""
        of_schemes = {word: word for scheme in schemes for word in every_word(scheme)}
        spoken = [*BASIC_WORDS.items(), *of_schemes.items(), *own.items()]
        self.known = tuple(dict.fromkeys([*own, *of_schemes, *BASIC_WORDS]))
        self._meanings = {fold(word): meaning for word, meaning in spoken}
        self._habits = habits()

    def taken(self, text: str, answers: AnswerSet | None = None) -> Taken | None:
        """Give the answer `text` stands for, and whether by habit; None for an unknown word.

        Digits are words only where `answers` takes words, and numbers everywhere else.
        """
        if declared := self._meanings.get(fold(text)):
            return Taken(declared)
        if declared := self._meanings.get(fold(narrow(text))):
            return Taken(declared, "signs")
        if declared := self._meanings.get(fold(narrow(text)).removesuffix(".0")):
            return Taken(declared, "float")
        if meaning := self._habits.words.get(key(text)):
            return Taken(meaning, "word")
        digit = self._habits.digits.get(key(text).removesuffix(".0"))
        return Taken(digit, "digit") if digit and isinstance(answers, Mapping) else None

    def meaning(self, text: str, answers: AnswerSet | None = None) -> str | None:
        """Give the answer `text` stands for; None for a word nobody knows."""
        taken = self.taken(text, answers)
        return taken.text if taken else None

    def declared(self, text: str) -> bool:
        """Say whether a mapping, a scheme or our own words know `text` as it stands."""
        return fold(text) in self._meanings


def fold(word: str) -> str:
    """Make words equal that differ in case or in blanks around them."""
    return word.strip().casefold()


def facts_asked(schemes: Iterable[Scheme]) -> dict[str, tuple[str, ...]]:
    """List the facts surcharges ask of an audit, and what each may say."""
    asked: dict[str, tuple[str, ...]] = {}
    for scheme in schemes:
        for fact, known in scheme.facts.items():
            asked[fact] = tuple(dict.fromkeys([*asked.get(fact, ()), *known]))
    return asked


Cell = str
"""A part of an answer that may have a column of its own: `item`, `result`, `value`, `failed`,
`checked`, or a label of the answer (`label_cell`)."""

_LABEL: Final = "label "


def label_cell(label: str) -> Cell:
    """Name the cell a label of answers stands in; no other part of an answer has a blank in it."""
    return _LABEL + label


@dataclass(frozen=True)
class Given:
    """The texts of one answer as they stood in the source; empty where nothing was said."""

    result: str = ""
    value: str = ""
    failed: str = ""
    checked: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    """By name, without those that say nothing."""


Why = Literal[
    "unknown word",
    "word not allowed",
    "na not allowed",
    "no number",
    "number not allowed",
    "occurrences missing",
    "not whole",
    "cases missing",
    "more failed than checked",
    "contradiction",
    "left out and counted",
    "above the points",
    "no word",
    "unknown item",
    "item missing",
    "only a remark",
    "unknown value",
    "no such label",
]
"""What can be wrong with an answer; each kind of source has its own problem codes for them."""


@dataclass(frozen=True)
class Mistake:
    """Why an answer cannot be used."""

    why: Why
    cell: Cell
    values: Mapping[str, str] = field(default_factory=dict)
    near: tuple[str, ...] = ()
    """Words that may have been meant."""

    def __hash__(self) -> int:
        # A dict has no hash, and without the item a mistaken column collides at every row.
        return hash((self.why, self.cell, self.values.get("item")))


def read_answer(
    given: Given, item: Item, answers: AnswerSet, words: Words
) -> Answer | Mistake | None:
    """Read what was said of `item` as its answer set understands it; None if nothing was said."""
    if not (given.result or given.value or given.failed or given.checked):
        return None
    said = _word(given, item, answers, words)
    if isinstance(said, Mistake):
        return said
    result, value_text, value_cell = said
    numbers: list[Fraction | None] = []
    cells: tuple[tuple[Cell, str], ...] = (
        (value_cell, value_text),
        ("failed", given.failed),
        ("checked", given.checked),
    )
    for cell, text in cells:
        found = number(text)
        if text and found is None:
            return Mistake("no number", cell, {"item": item.id})
        if cell in {"failed", "checked"} and found is not None and not _whole(found):
            return Mistake("not whole", cell, {"item": item.id})
        numbers.append(found)
    value, failed, checked = numbers
    answer = Answer(
        result,
        value,
        None if failed is None else int(failed),
        None if checked is None else int(checked),
        labels=given.labels,
    )
    return wrong(answer, item, answers, value_cell) or answer


def _whole(count: Fraction) -> bool:
    return count >= 0 and count.denominator == 1


def _word(
    given: Given, item: Item, answers: AnswerSet, words: Words
) -> tuple[str | None, str, Cell] | Mistake:
    """Part the result from a number that stands in its place, as cells of wide tables do."""
    if not given.result:
        return None, given.value, "value"
    result = words.meaning(given.result, answers)
    if result is not None:
        return result, given.value, "value"
    counting = isinstance(answers, Each) and number(given.result) is not None
    if (answers == "number" or counting) and not given.value:
        return None, given.result, "result"
    return Mistake("unknown word", "result", {"item": item.id}, words.known)


def wrong(
    answer: Answer,
    item: Item,
    answers: AnswerSet,
    value_cell: Cell = "value",
    day: date | None = None,
) -> Mistake | None:
    """Say why `answer` cannot be an answer to `item`; None if it can.

    On a known `day` a number may not be above the points of that day, else above those of any.
    """
    told = {"item": item.id, "word": answer.result or ""}
    allowed = set_words(answers)
    if answer.result is not None and answer.result not in allowed:
        return Mistake("word not allowed", "result", {**told, "choices": ", ".join(allowed)})
    if answer.result == "na" and not item.na_allowed:
        return Mistake("na not allowed", "result", told)
    return (
        _misvalued(answer.value, item, answers, value_cell, day)
        or _miscounted(answer, told)
        or _unlike(answer, answers, value_cell, told)
    )


def _misvalued(
    value: Fraction | None, item: Item, answers: AnswerSet, cell: Cell, day: date | None
) -> Mistake | None:
    """Say why a number is none this item can be answered with."""
    allowed = item.values  # noqa: PD011 -- no frame: the numbers an item may be answered with
    if value is not None and isinstance(answers, Each) and not _whole(value):
        return Mistake("not whole", cell, {"item": item.id})
    if value is not None and allowed and value not in allowed:
        known = ", ".join(plain(each) for each in allowed)
        return Mistake("number not allowed", cell, {"item": item.id, "choices": known})
    most = max((since.points for since in item.points_since), default=item.points)
    most = most if day is None else item.points_on(day)
    if answers == "number" and most is not None and value is not None and value > most:
        return Mistake("above the points", cell, {"item": item.id, "choices": f"0 … {plain(most)}"})
    return None


def _miscounted(answer: Answer, told: Mapping[str, str]) -> Mistake | None:
    """Say why these cannot be cases that failed, of those that were checked."""
    failed, checked = answer.failed, answer.checked
    if failed is None or checked is None:
        lone = (failed is None) != (checked is None)
        return (
            Mistake("cases missing", "failed" if checked is None else "checked", told)
            if lone
            else None
        )
    counted = {**told, "failed": str(failed), "checked": str(checked)}
    return Mistake("more failed than checked", "failed", counted) if failed > checked else None


def _unlike(
    answer: Answer, answers: AnswerSet, value_cell: Cell, told: Mapping[str, str]
) -> Mistake | None:
    """Say where word and numbers do not agree, or which of them is missing."""
    if answer.result in ("na", "unchecked"):
        numbers = (answer.value, answer.failed, answer.checked)
        counted = next((Fraction(number) for number in numbers if number), None)
        if counted is not None:
            said = {**told, "count": plain(counted)}
            return Mistake("left out and counted", "result", said)
    failed = None if answer.failed is None else Fraction(answer.failed)
    occurrences = answer.value if isinstance(answers, Each) and answer.value is not None else failed
    counting = isinstance(answers, Each) or answers == "rate"
    if occurrences is not None:
        clean = occurrences == 0 and (counting or bool(answer.checked))
        contradicted = {"yes": occurrences > 0, "no": clean, "partial": clean}
        if contradicted.get(answer.result or "", False):
            return Mistake("contradiction", "result", {**told, "count": plain(occurrences)})
    elif counting and answer.result == "no":
        return Mistake(
            "occurrences missing" if isinstance(answers, Each) else "cases missing", "result", told
        )
    silent = isinstance(answers, Mapping) or (counting and occurrences is None)
    return Mistake("no word", value_cell, told) if silent and answer.result is None else None
