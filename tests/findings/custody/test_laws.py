"""What holds of every ledger, however odd: nothing vanishes, however it is sorted or cut in two."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.findings.custody.ledgers import NOW, Row, anything, jobs, records
from tests.findings.kind_samples import handbook

from sopaudit.evidence.records import Records
from sopaudit.findings.custody.carry import carried
from sopaudit.findings.custody.custody import Custody, custody_of
from sopaudit.findings.custody.entries import KEYS
from sopaudit.findings.loss import Loss, losses
from sopaudit.findings.rules.case import NONCONFORMING, TYPES
from sopaudit.findings.rules.engine import RuleResult, hear

FEW = settings(max_examples=15, deadline=None, derandomize=True)
RULES = ("AC-18", "PR-12", "PR-13", "PR-16", "PR-17", "PR-18", "PR-19", "PR-33")
AWAY = {"centre", "machine", "written_off"}
OPEN = {TYPES.index("never done"), TYPES.index("no counterpart")}


def parts(found: Records, now: np.datetime64 = NOW) -> Custody:
    return custody_of(found, handbook(), now)


def told(found: Records) -> tuple[Loss, ...]:
    results = hear(handbook(), found, NOW, rules=RULES)
    return losses(parts(found), results, handbook())


@FEW
@given(anything())
def test_whatever_is_added_up_comes_to_nothing(rows: list[Row]) -> None:
    found = parts(records(rows))
    for keys in (*combinations(KEYS, 1), KEYS, KEYS[::2], KEYS[2:5]):
        assert found.balances(keys)["units"].sum() == 0
    totals = found.entries.units.reshape(-1, 2).sum(axis=1)
    assert not totals.any()


@FEW
@given(anything())
def test_what_is_held_is_what_balances_say_is_ours(rows: list[Row]) -> None:
    found = parts(records(rows))
    held = found.holdings().groupby(list(KEYS))["units"].sum()
    there = found.balances(ours=True).set_index(list(KEYS))["units"]
    assert held.to_dict() == there[there > 0].to_dict()


@FEW
@given(anything(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows: list[Row], random: object) -> None:
    order = list(range(len(rows)))
    random.shuffle(order)  # type: ignore[attr-defined]
    one = records(rows, [])
    other = records([rows[n] for n in order], [], [n + 2 for n in order])
    assert parts(one).balances().equals(parts(other).balances())
    mine, theirs = (parts(each).holdings().drop(columns="side") for each in (one, other))
    assert mine.equals(theirs)
    assert Counter(map(plain, told(one))) == Counter(map(plain, told(other)))


def plain(loss: Loss) -> tuple[object, ...]:
    """Give a loss without its side numbers, which are those of the order of rows."""
    said = [str(getattr(loss, f.name)) for f in fields(loss) if f.name not in ("chain", "rows")]
    return (*said, frozenset(loss.rows.split()), len(loss.chain))


@FEW
@given(anything())
def test_replaying_the_moves_of_a_slot_gives_its_balance(rows: list[Row]) -> None:
    found = parts(records(rows))
    every = found.in_time(np.arange(0, len(found.entries), 2))
    balance: dict[tuple[str, ...], int] = defaultdict(int)
    for step in found.steps(every):
        balance[tuple(step.source.values())] -= step.qty
        balance[tuple(step.target.values())] += step.qty
    there = found.balances().set_index(list(KEYS))["units"].to_dict()
    assert {slot: units for slot, units in balance.items() if units} == there


@FEW
@given(jobs())
def test_a_chain_holds_the_moves_its_rows_name(rows: list[Row]) -> None:
    found = records(rows, [])
    custody = parts(found)
    for loss in told(found):
        shown = {f"{s.record}:{s.row}" for s in custody.steps(np.array(loss.chain, np.int64))}
        named = {row for row in loss.rows.split() if row.partition(":")[0] in ("moves", "opening")}
        assert named <= shown


# --- a period cut in two ------------------------------------------------------------------------


def cut(rows: Sequence[Row], day: int) -> tuple[Records, Records, np.datetime64]:
    end = np.datetime64("2026-10-08", "us") + np.timedelta64(day, "D") - np.timedelta64(1, "us")
    early = [row for row in rows if np.datetime64(row["at"], "us") <= end]
    first = records(early, [])
    opening = carried(parts(first, end)).to_dict("records")
    late = [row for row in rows if np.datetime64(row["at"], "us") > end]
    return first, records(late, [{str(k): v for k, v in row.items()} for row in opening]), end


@FEW
@given(jobs(), st.integers(1, 27))
def test_what_is_carried_over_leads_to_the_same_closing(rows: list[Row], day: int) -> None:
    _, second, _ = cut(rows, day)
    whole, rest = parts(records(rows, [])), parts(second)
    assert whole.balances(ours=True).equals(rest.balances(ours=True))


@FEW
@given(jobs(), st.integers(1, 27))
def test_what_is_carried_is_what_was_held(rows: list[Row], day: int) -> None:
    first, second, end = cut(rows, day)
    before = parts(first, end).holdings().drop(columns="side")
    only = Records({**second.lines, "moves": records([]).of("moves")}, "CD")
    assert before.equals(parts(only, end).holdings().drop(columns="side"))


def findings(
    results: Mapping[str, RuleResult], found: Records
) -> Iterator[tuple[tuple[str, int, str], int]]:
    """Give what was found, by rule, part and the move that decides, and in what way it is wrong.

    That a piece was fitted or scrapped before is not carried over, so what it contradicts is left
    out.
    """
    for name, result in results.items():
        for n, heard in enumerate(result.parts):
            cases = heard.cases
            for case in np.flatnonzero(cases.verdict == NONCONFORMING).tolist():
                elsewhere = cases.found.rows(np.array([case])).spelled()[0] if cases.found else ""
                if name == "PR-13" and set(elsewhere.split()) & AWAY:
                    continue
                record, line = next((r, int(at[case])) for r, at in cases.lines if at[case] >= 0)
                move = found.of(record).texts("move_id")[line]
                assert cases.type is not None
                yield (name, n, move), int(cases.type[case])


@settings(max_examples=25, deadline=None, derandomize=True)
@given(jobs(), st.integers(1, 27))
def test_a_period_cut_in_two_finds_what_the_whole_of_it_does(rows: list[Row], day: int) -> None:
    _halves_make_the_whole(rows, day)


def _halves_make_the_whole(rows: Sequence[Row], day: int) -> None:
    first, second, end = cut(rows, day)
    whole = records(rows, [])
    early = findings(hear(handbook(), first, end, rules=RULES), first)
    closed = {what for what, kind in early if kind not in OPEN}
    late = {what for what, _ in findings(hear(handbook(), second, NOW, rules=RULES), second)}
    both = {what for what, _ in findings(hear(handbook(), whole, NOW, rules=RULES), whole)}
    assert closed | late == both


def move(kind: str, at: str, before: str, after: str, **more: str) -> Row:
    usual = {"site_from": "CD", "site_to": "CD", "qty": "1", "holder": "1006", "actor": "1011"}
    told = {"move_type": kind, "at": f"2026-10-{at}", "status_from": before, "status_to": after}
    return {**usual, "move_id": f"{kind} {at}", **told, **more}


def test_what_was_issued_below_zero_is_waited_for_once() -> None:
    """The issue is carried at both its ends: what the shelf lacks, and what the engineer has."""
    job = {"part_no": "P09", "ticket_no": "CD-1"}
    _halves_make_the_whole(
        [
            move("ISSUE", "08 10:00", "good", "with_engineer", **job),
            move("RETURN_GOOD", "09 10:00", "with_engineer", "good", **job),
        ],
        1,
    )


def test_an_old_part_is_one_after_the_cut_too() -> None:
    """What was brought back and never owed settles no issue, because it is not what was issued."""
    job = {"part_no": "P04", "serial": "S0", "ticket_no": "CD-1"}
    _halves_make_the_whole(
        [
            move("RECV", "08 09:00", "", "good", part_no="P04", serial="S0"),
            move("ISSUE", "08 10:00", "good", "with_engineer", **job),
            move("RETURN_DEF", "08 11:00", "consumed", "defective", **job),
        ],
        1,
    )


def test_a_store_that_comes_to_nothing_was_no_second_place() -> None:
    """Reserved and taken back under another ticket, a piece is carried as one more and one less."""
    piece, there = {"part_no": "P04", "serial": "S0"}, {"site_from": "CQ", "site_to": "CQ"}
    _halves_make_the_whole(
        [
            move("RESERVE", "08 10:00", "good", "reserved", **piece, **there),
            move("LOAN_OUT", "10 10:00", "good", "with_engineer", **piece, ticket_no="CD-1"),
            move("UNRESERVE", "15 10:00", "reserved", "good", **piece, **there, ticket_no="CD-2"),
            move("RECV", "24 10:00", "", "good", **piece, **there),
        ],
        8,
    )


def test_a_store_with_nothing_in_it_is_alike_before_and_after_the_cut() -> None:
    rows = [
        move("ADJ_PLUS", "08 09:00", "", "good", part_no="P09"),
        move("ADJ_MINUS", "08 12:00", "good", "lost", part_no="P09"),
    ]
    _, second, _ = cut(rows, 1)
    whole, rest = parts(records(rows, [])), parts(second)
    assert whole.balances(ours=True).equals(rest.balances(ours=True))
    assert whole.holdings().equals(rest.holdings())


def test_what_was_shipped_before_it_came_in_settles_what_is_open_after_the_cut() -> None:
    """The store is even again once the centre rejects it; the old part is owed all the same."""
    job = {"part_no": "P09", "ticket_no": "CD-1"}
    _halves_make_the_whole(
        [
            move("RECV", "08 09:00", "", "good", part_no="P09"),
            move("ISSUE", "08 10:00", "good", "with_engineer", **job),
            move("CONSUME", "08 11:00", "with_engineer", "consumed", **job, return_required="yes"),
            move("SHIP_DEF", "08 12:00", "abnormal", "in_transit", **job),
            move("CENTRE_REJECT", "08 13:00", "in_transit", "abnormal", **job),
        ],
        1,
    )


def test_a_piece_fitted_while_it_lies_in_store_is_told_once_before_the_cut() -> None:
    job = {"part_no": "P04", "serial": "S0", "ticket_no": "CD-1"}
    _halves_make_the_whole(
        [
            move("RECV", "08 09:00", "", "good", part_no="P04", serial="S0"),
            move("CONSUME", "08 10:00", "with_engineer", "consumed", **job, return_required="yes"),
            move("RETURN_DEF", "09 11:00", "consumed", "defective", **job),
        ],
        1,
    )
