"""What an item would be answered once it is put right.

A correction is the best answer an item can have, of as many persons, cases and times as were looked
at, so that the base of the score stays as it is.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Final

import numpy as np

from sopaudit.criteria.answer import Answer
from sopaudit.criteria.checklist import Item
from sopaudit.criteria.judging import answer_set, set_shares
from sopaudit.criteria.scheme import AnswerSet, Each
from sopaudit.findings.score import ItemScore
from sopaudit.findings.whatif.trial import Said, Sayings, Trial

_LEFT_OUT: Final = ("na", "unchecked")
_SHORT: Final = ("no", "partial")


def falls_short(told: ItemScore, given: Sayings) -> bool:
    """Say whether an item earned less than it could; demerits: whether it has any.

    Where its answers carry no points, as a veto's do, whether one of them is no or partial.
    """
    if told.outcome == "no_points":
        return any(said.answer.result in _SHORT for said in given)
    if told.earned is None:
        return False
    return told.earned > 0 if told.possible is None else told.earned < told.possible


def left_blank(told: ItemScore, given: Sayings) -> bool:
    """Say whether an item has no answer yet, or none of somebody.

    Whatever its scheme makes of that: a blank may leave the base, count as failed, or stop the
    score. Where what was not found is not told either (`no_rows: zero`), nothing is blank.
    """
    if not given:
        return told.outcome != "no_points"
    return told.outcome == "unanswered" or any(s.answer.result == "unchecked" for s in given)


def corrected(trial: Trial, n: int) -> Sayings | None:
    """Give what item `n` of an audit is answered once it is put right; None where nothing helps."""
    scheme, item, given = trial.scorer.scheme, trial.items[n], trial.given[n]
    table = answer_set(scheme, item)
    day: date | None = None if np.isnat(trial.day) else trial.day.item()
    if isinstance(table, Mapping) and scheme.pick == "many":
        return _ticked(table, given or (Said(Answer()),))
    right = []
    # A blank that counts is put right by an answer.
    for said in given or (Said(Answer()),):
        answer = said.answer
        if not _left_out(answer, table):
            best = _best(answer, table, item, day)
            if best is None and not (isinstance(table, Mapping) and scheme.no_rows == "zero"):
                return None
            if best is None:
                # Points are demerits, and what is right again is no longer cited.
                continue
            answer = best
        right.append(Said(answer, said.person))
    return None if tuple(right) == given else tuple(right)


def _left_out(answer: Answer, table: AnswerSet) -> bool:
    """Say whether an answer stays, because its item was not looked at or does not apply.

    One that nobody looked at and that counts all the same is no such answer.
    """
    if answer.result == "unchecked" and isinstance(table, Mapping):
        return not isinstance(table.get("unchecked"), Fraction)
    return answer.result in _LEFT_OUT


def _best(answer: Answer, table: AnswerSet, item: Item, day: date | None) -> Answer | None:
    clean = replace(answer, confirmed=False)
    if isinstance(table, Mapping):
        word = _best_word(table, answer.result)
        return None if word is None else replace(clean, result=word)
    if table == "number":
        return replace(clean, value=_best_number(item, day))
    none = None if answer.failed is None else 0
    if isinstance(table, Each):
        zero = Fraction(0) if answer.value is not None or none is None else None
        return replace(clean, result=None, value=zero, failed=none)
    return replace(clean, result="yes" if answer.checked is None else None, failed=none)


def _best_word(table: Mapping[str, Fraction | str], said: str | None) -> str | None:
    """Pick the word that earns most; of demerits the one that earns nothing, if there is one."""
    earned = set_shares(table)
    if not earned:
        return ("yes" if "yes" in table else None) if said in _SHORT else said
    if len({*earned.values()}) == 1:
        return next((word for word, share in earned.items() if share == 0), None)
    return max(earned, key=lambda word: earned[word])


def _ticked(table: Mapping[str, Fraction | str], given: Sayings) -> Sayings | None:
    """Tick every option that earns anything."""
    good = [word for word, share in set_shares(table).items() if share > 0]
    if not good:
        return None
    first = given[0]
    return tuple(
        Said(replace(first.answer, result=word, confirmed=False), first.person) for word in good
    )


def _best_number(item: Item, day: date | None) -> Fraction:
    """Give the full points; where there are none, numbers are demerits, and the least is best."""
    worth = item.points_on(day)
    allowed = item.values
    if worth is None:
        return min(allowed, key=abs, default=Fraction(0))
    return max((value for value in allowed if value <= worth), default=worth)
