"""Which cases are planted where: Chengdu and Chongqing carry them, Hangzhou is clean."""

from collections.abc import Callable
from typing import Final

from month import plants_bench as bench
from month import plants_callback as callback
from month import plants_cash as cash
from month import plants_cover as cover
from month import plants_flow as flow
from month import plants_money as money
from month import plants_parts as parts
from month import plants_requests as requests
from month import plants_store as store_
from month import plants_used as used
from month import plants_visit as visit
from month.book import Office
from month.kit import Kit
from month.opening import transcript
from month.parts import Store
from month.truth import Truth

Plant = Callable[[Kit], None]

PLANTS: Final[dict[str, tuple[Plant, ...]]] = {
    "CD": (
        visit.ring, visit.form, visit.contact, visit.promise, visit.blanks, visit.arrival,
        visit.signature, visit.order_of_times, bench.turnaround, bench.queue, bench.again,
        callback.in_time, callback.effort, callback.dissatisfied, callback.complained,
        callback.called_in_time, callback.independent,
        callback.closing, flow.deviations, flow.phrases, flow.consultation, flow.load,
        flow.oversight, money.sums, money.consent, requests.complete, requests.once,
        requests.approval, requests.consent, requests.answered, requests.deposit,
        store_.statuses, store_.first_in, store_.to_open_tickets, store_.agreed, store_.scrapped,
        store_.ageing, store_.transfers, used.used, used.kept, used.never_back,
        used.packed, used.arrived_dead, used.used_before, used.judged,
        used.blocked, cover.free, cover.same_fault, cover.own_warranty, cover.charged,
        cover.kept_cash, callback.coverage, cash.opening,
    ),
    "CQ": (
        visit.overdue, visit.second_call, money.refused, money.charges, money.handing_in,
        money.warranty, money.sums, requests.shipped, requests.booked, requests.deposit,
        store_.adjusted, store_.transfers, parts.tied, parts.unused,
        parts.defective, parts.lying, parts.serials, parts.stock, parts.ordering,
        parts.open_part, bench.queue, bench.ready, bench.to_bench,
        callback.suspicious, callback.coverage,
        cash.opening, cash.lines, cash.payees, flow.load,
    ),
    "HZ": (),
}  # fmt: skip


def plant(office: Office, store: Store, truth: Truth) -> list[Callable[[], object]]:
    """Plant an office's cases; what comes back is done once everything else is written."""
    kit = Kit(office, store, truth)
    for each in PLANTS[office.code]:
        each(kit)
    answered = [
        row
        for row in office.rows["calls"]
        if all(row[name] for name in ("answered_at", "ringing_at", "_job"))
        and row["direction"] == "in"
    ]
    told = {row["call_id"] for row in office.rows.get("transcripts", [])}
    silent = {case["subject"] for case in truth.cases if case["rule"] == "AC-33"}
    for row in answered[:160:20]:
        if row["call_id"] not in told | silent:
            transcript(office, row)
    return kit.later
