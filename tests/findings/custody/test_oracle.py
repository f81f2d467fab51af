"""Whole columns against one move after the other, and a ledger in parts against one in one go."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.findings.custody.oracle import books
from tests.findings.kind_samples import handbook, table

from sopaudit.crew import shared
from sopaudit.evidence.records import MOVES, OpenedRecord, Records, open_record
from sopaudit.findings.big_custody import BigCustody, BigKept
from sopaudit.findings.custody.custody import Custody, custody_of
from sopaudit.findings.custody.entries import KEYS
from sopaudit.findings.custody.partial import found_of
from sopaudit.findings.loss import losses
from sopaudit.findings.parts import Engine, serial
from sopaudit.findings.partwise import partwise
from sopaudit.findings.rules.engine import hear

NOW = np.datetime64("2026-11-05T23:59:59", "us")
FIELDS = (
    "move_id", "move_type", "at", "site_from", "site_to", "part_no", "serial", "qty",
    "status_from", "status_to", "ticket_no", "return_required", "holder",
)  # fmt: skip

_KINDS = [move.id for move in handbook().parts.moves] + ["ODD"]  # type: ignore[union-attr]
_STATUSES = ["", "good", "reserved", "with_engineer", "consumed", "defective", "doa", "in_transit",
             "returned", "scrapped", "odd"]  # fmt: skip
_MOVE = st.fixed_dictionaries(
    {
        "move_type": st.sampled_from(_KINDS),
        "at": st.sampled_from(["", *(f"2026-10-{day:02} 09:00" for day in range(9, 15))]),
        "site_from": st.sampled_from(["", "CD", "CQ", "PC"]),
        "site_to": st.sampled_from(["", "CD", "CQ", "PC"]),
        "part_no": st.sampled_from(["P01", "P04", "0012", ""]),
        "serial": st.sampled_from(["", "S1", "007"]),
        "qty": st.sampled_from(["1", "2", "5", "-1", "0"]),
        "status_from": st.sampled_from(_STATUSES),
        "status_to": st.sampled_from(_STATUSES),
        "ticket_no": st.sampled_from(["", "CD-1", "CD-2"]),
        "return_required": st.sampled_from(["", "yes", "no"]),
        "holder": st.sampled_from(["", "1006", "1007"]),
    }
)
_LEDGERS = st.lists(_MOVE, max_size=25)
_PLAIN = {**dict.fromkeys(FIELDS[1:], ""), "site_from": "CD", "site_to": "CD", "part_no": "P01"}
_FLOW = st.fixed_dictionaries(
    {
        "at": st.sampled_from(["", *(f"2026-10-{day:02} 09:00" for day in range(9, 15))]),
        "qty": st.sampled_from(["1", "2", "5"]),
        "ends": st.sampled_from([("RECV", "", "good"), ("ISSUE", "good", "with_engineer")]),
    }
).map(
    lambda said: {
        **_PLAIN,
        "at": said["at"],
        "qty": said["qty"],
        **dict(zip(("move_type", "status_from", "status_to"), said["ends"], strict=True)),
    }
)
"""Moves that all go through two slots, so that what is taken first and last shows."""

_FLOWS = ("TRANSFER_OUT,TRANSFER_IN", "CONSUME,DOA_REPORT", "RECV,ISSUE", "ISSUE,CONSUME")


def text(moves: Sequence[Mapping[str, str]]) -> str:
    rows = [",".join([f"M{n}", *(move[f] for f in FIELDS[1:])]) for n, move in enumerate(moves)]
    return "\n".join([",".join(FIELDS), *rows]) + "\n"


def custody(moves: Sequence[Mapping[str, str]]) -> Custody:
    return custody_of(Records({MOVES: table(MOVES, text(moves))}, "CD"), handbook(), NOW)


@settings(deadline=None, max_examples=40)
@given(_LEDGERS | st.lists(_FLOW, max_size=15))
def test_columns_come_to_what_one_move_after_the_other_does(moves: list[dict[str, str]]) -> None:
    rules = handbook().parts
    assert rules is not None
    slow, fast = books(rules, moves), custody(moves)
    found = fast.balances(ours=True)
    assert {tuple(row[:-1]): row[-1] for row in found.itertuples(index=False)} == slow.ours()
    assert fast.entries.closing().sum() == 0
    sides = np.flatnonzero(fast.lots.left > 0)
    keys = [fast.entries.slots.spelled(key, fast.entries.slot[sides]) for key in KEYS]
    lots = zip(zip(*keys, strict=True), fast.entries.line[sides].tolist(),
               fast.lots.left[sides].tolist(), strict=True)  # fmt: skip
    assert Counter(lots) == slow.left()


# --- in parts ------------------------------------------------------------------------------------


def ledger(folder: Path, moves: Sequence[Mapping[str, str]]) -> OpenedRecord:
    path = folder / "moves.csv"
    path.write_text(text(moves), encoding="utf-8")
    opened = open_record(path, MOVES, handbook(), shown="moves.csv")
    assert isinstance(opened, OpenedRecord)
    return opened


def in_parts(
    opened: OpenedRecord, folder: Path, parts: int, engine: Engine = serial, **others: str
) -> BigKept:
    records = Records({name: table(name, told) for name, told in others.items()}, "CD")
    big = BigCustody(opened, records, NOW, version="test", parts=parts)
    for _ in big.work(engine, folder / f"work-{parts}"):
        pass
    return big.result


def planted(days: int = 40) -> list[dict[str, str]]:
    """Make moves of several parts on the same tickets, some of which are wrong."""
    said = dict.fromkeys(FIELDS[1:], "")
    moves = []
    for n in range(days):
        day = f"2026-10-{1 + n % 28:02} 09:00"
        for part in ("P01", "P04", "0012"):
            for kind in _FLOWS[n % 4].split(","):
                told = {"move_type": kind, "at": day, "part_no": part, "serial": f"S{n % 7}"}
                told |= {"qty": "1", "ticket_no": f"CD-{n % 5}", "site_from": "CD", "site_to": "CQ"}
                if (n + len(part)) % 3 or kind != "TRANSFER_IN":
                    moves.append({**said, **told, "return_required": "yes"})
    return moves


def test_a_ledger_in_parts_comes_to_what_it_does_in_one_go(tmp_path: Path) -> None:
    moves = planted()
    opened = ledger(tmp_path, moves)
    lines, _ = opened.read()
    records = Records({MOVES: lines}, "CD")
    whole = custody_of(records, handbook(), NOW)
    results = hear(handbook(), records, NOW, rules=partwise(handbook(), {MOVES})[0])
    expected = [found_of(whole, loss) for loss in losses(whole, results, handbook())]
    assert {found.rule for found in expected} >= {"PR-23", "PR-33"}
    found = in_parts(opened, tmp_path, 5)
    assert sorted(found.findings, key=repr) == sorted(expected, key=repr)
    for by in (KEYS, ("place",), ("holder", "part_no"), ("site", "status")):
        assert found.balances(by).equals(whole.balances(by)), by
    assert found.verdicts == {
        rule: [np.bincount(p.cases.verdict, minlength=4).tolist() for p in result.parts]
        for rule, result in results.items()
    }


def test_parts_and_processes_give_one_digest(tmp_path: Path) -> None:
    opened = ledger(tmp_path, planted())
    digests = {in_parts(opened, tmp_path, parts).digest for parts in (1, 2, 8)}
    pool = partial(shared, workers=2)
    assert digests == {in_parts(opened, tmp_path / "pool", 8, pool).digest}


@settings(deadline=None, max_examples=12)
@given(_LEDGERS, st.randoms())
def test_neither_parts_nor_the_order_of_rows_change_a_balance(
    moves: list[dict[str, str]], random: object
) -> None:
    moved = list(moves)
    random.shuffle(moved)  # type: ignore[attr-defined]
    with TemporaryDirectory() as name:
        expected = custody(moves).balances()
        found = in_parts(ledger(Path(name), moved), Path(name), 3).balances()
    assert found.astype(str).equals(expected.astype(str))


def test_opening_balances_go_to_the_part_of_their_number(tmp_path: Path) -> None:
    opened = ledger(tmp_path, planted())
    opening = "site,part_no,serial,status,qty\nCD,P01,S1,good,1\nCQ,0012,,good,2.5\n"
    one, many = (in_parts(opened, tmp_path, n, opening=opening) for n in (1, 4))
    assert one.digest == many.digest
    assert many.decimals == 1
    assert many.balances(("place",))["units"].sum() == 0


def test_cells_that_cannot_be_read_are_told_from_every_part(tmp_path: Path) -> None:
    moves = planted(4)
    moves[0]["serial"], moves[1]["serial"] = "1.2E+12", "#REF!"
    found = in_parts(ledger(tmp_path, moves), tmp_path, 4)
    assert [(p.code, str(p.place)) for p in found.problems] == [
        ("T025", "moves.csv:2:7"),
        ("T023", "moves.csv:3:7"),
    ]


def test_a_rule_that_joins_parts_is_named_and_not_heard(tmp_path: Path) -> None:
    opened = ledger(tmp_path, planted(4))
    empty = dict.fromkeys(("tickets", "events", "ledger", "charges"), "ticket_no\n")
    records = Records({name: table(name, told) for name, told in empty.items()}, "CD")
    big = BigCustody(opened, records, NOW, version="test")
    assert "PR-16" not in big.rules
    assert big.unheard["PR-16"] == ()


def test_what_was_done_before_is_not_done_again(tmp_path: Path) -> None:
    opened = ledger(tmp_path, planted(8))
    big = BigCustody(opened, Records({}, "CD"), NOW, version="test", parts=2)
    done = list(big.work(serial, tmp_path / "work"))
    assert (big.jobs, done[0], sum(done)) == (3, 0, 3)
    again = BigCustody(opened, Records({}, "CD"), NOW, version="test", parts=2)
    assert list(again.work(serial, tmp_path / "work")) == [1, 2]
