"""What vanished is found as what it is: the part, whose hand it was in, how many, and no more."""

from functools import cache

import numpy as np
import pytest
from tests.month.hearing import NOW, handbook, heard, records
from tests.month.truth import OFFICES, Lost, lost, planted, short
from tests.month.waiting import LOSSES

from sopaudit.criteria.parts import PartsRules
from sopaudit.findings.custody.custody import Custody, custody_of
from sopaudit.findings.custody.entries import KEYS
from sopaudit.findings.loss import Loss, losses
from sopaudit.findings.money.money import money_of, rows


def rules() -> PartsRules:
    found = handbook().parts
    assert found is not None
    return found


SORTS = [sort.id for sort in rules().losses]


@cache
def custody(office: str) -> Custody:
    return custody_of(records(office), handbook(), NOW)


@cache
def found(office: str) -> tuple[Loss, ...]:
    return losses(custody(office), heard(office), handbook())


@cache
def cells(office: str, rows: str) -> frozenset[str]:
    """Give every cell of the lines that prove a loss, named as `moves:12`."""
    said: set[str] = set()
    record = ""
    for word in rows.split():
        record, number = word.split(":") if ":" in word else (record, word)
        lines = records(office).of(record)
        here = np.flatnonzero(lines.row == int(number))
        for name in lines.columns:
            said.update(lines.coded(name).rows(here).spelled())
    return frozenset(said)


def meant(office: str, loss: Loss, one: Lost) -> bool:
    """Say whether a loss is the one that was planted."""
    return (
        (loss.sort, loss.part) == (one.sort, one.part)
        and one.subject in {loss.ticket, loss.part, loss.serial} | cells(office, loss.rows)
        and one.serial in {"", loss.serial}
        and one.holder in {"", loss.holder}
        and loss.qty == one.qty * 10 ** custody(office).entries.decimals
    )


def unlike(sort: str) -> list[str]:
    """Name what was planted and not found, and what was found and not planted."""
    wrong, there = [], [one for one in lost() if one.sort == sort]
    hit: set[int] = set()
    for office in OFFICES:
        for loss in found(office):
            if loss.sort == sort:
                fits = {n for n, one in enumerate(there) if meant(office, loss, one)}
                hit |= fits
                if not fits:
                    wrong.append(
                        f"found: {office} {loss.rule} {loss.ticket} {loss.part} {loss.rows}"
                    )
    return wrong + [f"planted: {one}" for n, one in enumerate(there) if n not in hit]


@pytest.mark.parametrize("sort", SORTS)
def test_losses_of_every_sort_are_those_that_were_planted(sort: str) -> None:
    wrong = unlike(sort)
    assert bool(wrong) is (sort in LOSSES), wrong


def test_every_sort_of_loss_was_planted() -> None:
    assert {one.sort for one in lost()} == set(SORTS)


def test_nothing_is_lost_in_the_clean_branch() -> None:
    assert {loss.sort for loss in found("HZ")} <= LOSSES.keys()
    closing, slots = custody("HZ").entries.closing(), custody("HZ").entries.slots
    assert not (closing[slots.ours] < 0).any()


@pytest.mark.parametrize("office", OFFICES)
def test_what_is_below_zero_in_custody_was_planted(office: str) -> None:
    """Of the office's own site; what another office has got stands in its ledger."""
    entries = custody(office).entries
    below = np.flatnonzero((entries.closing() < 0) & entries.slots.ours)
    mine = {
        " ".join(entries.slots.spelled(key, np.array([slot]))[0] for key in KEYS).strip()
        for slot in below.tolist()
        if entries.slots.spelled("site", np.array([slot]))[0] in {"", office}
    }
    told = {
        name
        for case in planted()
        if case.rule in {"PR-12", "PR-33", "AC-17"} and case.verdict == "nonconforming"
        for name in (case.subject, *case.also)
    }
    assert [name for name in mine if not told & set(name.split())] == []


def cash(office: str) -> dict[str, int]:
    """Give what each person collected in cash and did not hand in, in cents."""
    lines = records(office).of("cash_book")
    book = {name: lines.texts(name) for name in ("kind", "method", "handed_by")}
    cents = lines.numbers("amount")
    held: dict[str, int] = {}
    signs = {"collected": 1, "handed_in": -1}
    for n in range(len(lines)):
        sign = signs.get(book["kind"][n], 0) * (book["method"][n] == "cash")
        if sign and cents.known[n]:
            who = book["handed_by"][n]
            held[who] = held.get(who, 0) + sign * int(cents.at(2)[n])
    return {who: amount for who, amount in held.items() if amount}


def test_whoever_is_short_in_the_cash_book_was_planted() -> None:
    held = {who: amount for office in OFFICES for who, amount in cash(office).items()}
    assert held == {one.person: round(float(one.amount) * 100) for one in short()}


def test_who_is_short_is_found_by_the_program() -> None:
    told = [
        (str(row["person"]), int(row["units"]), str(row["since"])[:16].replace("T", " "))
        for office in OFFICES
        for row in rows(money_of(records(office), handbook(), NOW).shorts())
        if row["place"] == "collector"
    ]
    assert sorted(told) == sorted(
        (one.person, round(float(one.amount) * 100), one.since) for one in short()
    )
