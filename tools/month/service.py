"""How a ticket goes on: the visit (F2), the bench (F3), the money (F5) and the callback (F4).

Every builder keeps inside all limits of domain c.11; a planted case lays down one time, or changes
one thing afterwards.
"""

from datetime import date, datetime, timedelta
from typing import Final

from month.book import Job, Row
from month.clock import add, close, nth, on, plus
from month.opening import call, recorded, rings, settle
from month.parts import Store
from month.world import Part

EDITION: Final = "2026-1"


def window(day: date, start: str) -> tuple[datetime, datetime]:
    """Give a window of two hours."""
    begins = on(day, start)
    return begins, begins + timedelta(hours=2)


def spelled(promise: tuple[datetime, datetime]) -> str:
    """Write a promised window as the log does."""
    return f"{promise[0]:%Y-%m-%d %H:%M}/{promise[1]:%Y-%m-%d %H:%M}"


def promised(job: Job, promise: tuple[datetime, datetime]) -> None:
    """Put a promise on the ticket."""
    job.fields |= {"promised_start": promise[0], "promised_end": promise[1]}


# --- F1 to F2.11 --------------------------------------------------------------------------------


def dispatched(job: Job, *, paid: bool) -> None:
    """Take a call that needs a visit, up to the coordinator: F1."""
    rings(job)
    recorded(job)
    if paid:
        quoted(job, "HTL", plus(job.now, 1))
    job.happen("dispatch_form_filled", plus(job.opened, 9), "HTL")
    job.happen("dispatch_received", plus(job.now, job.office.random.randrange(5, 20)), "COO")
    job.form = "S"


def contacted(
    job: Job, promise: tuple[datetime, datetime] | None = None, *, late: bool = False
) -> None:
    """Contact the customer, promise and allocate: F2.3 to F2.5; `late` leaves a part its time."""
    draw = job.office.random
    first = max(add(job.opened, draw.randrange(30, 80)), plus(job.now, 4))
    job.happen("customer_contacted", first, "COO")
    call(job, job.now, out_by="COO", minutes=1)
    if promise is None:
        day = nth(job.now, 1)
        later = nth(job.opened, 2)
        # Mostly the next day, sometimes the last the rule allows.
        promise = window(
            later if later > day and draw.random() < 0.3 else day,
            draw.choice(("13:30", "14:00") if late else ("09:30", "10:00", "13:30", "14:00")),
        )
    promised(job, promise)
    job.happen("visit_promised", plus(job.now, 2), "COO", spelled(promise))
    job.happen("engineer_assigned", add(job.now, draw.randrange(3, 15)), "COO")


_SPECIALIST = 500
"""Up to this price in yuan the specialist approves (PR-03)."""


def requested(job: Job, part: Part, answer: str = "yes") -> Row:
    """Ask for a part and be answered: F2.6 and F2.7, F3.6 and F3.7."""
    office = job.office
    post = "OSE" if job.service == "on_site" else "INS"
    asked = job.happen("parts_requested", add(job.now, 6), post)
    job.happen("parts_answered", add(asked, office.random.randrange(5, 20)), "SPS", answer)
    # The specialist approves up to 500 yuan, the manager above (PR-03).
    approver = office.crew.manager if part.price > _SPECIALIST else office.crew.store
    request = f"{office.code}SQ{office.number('request'):04d}"
    office.add(
        "part_request", job, ticket="{no}", part_no=part.no, description=part.name, qty=1,
        serial=job.fields["serial"], symptom=job.fields["fault_reported"],
        applicant=office.person(post, job), approver=approver, needed_by="",
        answer="有货" if answer == "yes" else "需订货",
    )  # fmt: skip
    return office.add(
        "requests", job, request_no=request, at=asked, ticket_no="{no}", part_no=part.no, qty=1,
        serial=job.fields["serial"], symptom=job.fields["fault_reported"],
        applicant=office.person(post, job), approver=approver, answered_at=job.now,
    )  # fmt: skip


def ordered(job: Job, part: Part) -> Row:
    """Order a part from the centre: F2.8, F3.8."""
    office = job.office
    job.happen("parts_ordered", add(job.now, 10), "SPS")
    arrives = on(nth(job.now, job.wait), "09:40")
    return office.add(
        "orders", job, order_no=f"{office.code}DH{office.number('order'):04d}", at=job.now,
        site=office.code, part_no=part.no, qty=1, urgent="no", ticket_no="{no}",
        approved_by=office.crew.manager, shipped_at=on(nth(job.now, 1), "11:00"),
        arrived_at=arrives, claimed_at="", booked_at=arrives + timedelta(minutes=20),
    )  # fmt: skip


def waited(job: Job, part: Part) -> None:
    """Order a part for a visit, agree on a later day, and promise anew: F2.8, F2.9, F2.4."""
    requested(job, part, "no")
    ordered(job, part)
    arrives = on(nth(job.now, job.wait), "10:00")
    promise = window(nth(job.now, job.wait + 1), "13:30")
    job.happen("rescheduled", add(job.now, 15), "COO", spelled(promise), "等件，客户同意改期")
    job.fields |= {"negotiated": "yes", "negotiated_note": "等备件到货，客户同意改期"}
    job.happen("parts_received", arrives, "SPS")
    job.happen("visit_promised", plus(job.now, 20), "COO", spelled(promise))
    promised(job, promise)
    job.happen("engineer_assigned", plus(job.now, 10), "COO")
    job.happen("parts_answered", plus(job.now, 10), "SPS", "yes")


def prices(job: Job, part: Part | None) -> list[tuple[str, int]]:
    """Give the lines of the price list a paid job is charged."""
    visit = [("V01" if job.fields["zone"] == "in_area" else "V02", 0)] if _visit(job) else []
    labour = "L02" if job.fields["fault_class"] == "sw" else "L01"
    codes = [code for code, _ in visit] + [labour] + ([part.no] if part else [])
    known = {"V01": 50, "V02": 100, "L01": 100, "L02": 80}
    return [(code, known.get(code, part.price if part else 0)) for code in codes]


def _visit(job: Job) -> bool:
    return job.service == "on_site"


def quoted(job: Job, post: str, when: datetime, answer: str = "quote_accepted") -> None:
    """Quote, and hear the customer's answer: F5."""
    job.happen("quote_given", when, post)
    job.happen(answer, plus(job.now, 1), post)


# --- F2.11 to F2.17 -----------------------------------------------------------------------------


def visited(job: Job, store: Store, *, paid: bool, part: Part | None, done: bool = True) -> None:
    """Go to the customer and repair, once: F2.10 to F2.16."""
    draw = job.office.random
    promise = job.fields["promised_start"]
    assert isinstance(promise, datetime)  # noqa: S101 -- set by `contacted`
    arrives = job.fixed.get("arrived") or plus(promise, draw.randrange(2, 50))
    issued = serial = None
    if part:
        issued = max(plus(job.now, 5), on(promise.date(), "08:35"))
        issued = job.happen("parts_issued", issued, "SPS")
        serial = store.take(part)
    departs = plus(arrives, -22)
    job.happen("warranty_checked", plus(departs, -6), "OSE", "no" if paid else "yes")
    if paid:
        quoted(job, "OSE", plus(departs, -4))
    job.happen("departed", departs, "OSE")
    job.happen("arrived", arrives, "OSE")
    job.happen("diagnosed", plus(job.now, draw.randrange(8, 18)), "OSE")
    job.happen("repair_started", plus(job.now, 3), "OSE")
    if not done:
        job.happen("visit_failed", plus(job.now, 30), "OSE", "tech")
        return
    job.happen("repair_done", plus(job.now, draw.randrange(15, 40)), "OSE")
    signed(job, "OSE")
    if paid:
        collected(job, part, "OSE")
        job.happen("invoice_issued", plus(job.now, 1), "OSE")
    job.happen("left_site", plus(job.now, 4), "OSE")
    if paid:
        handed_in(job, "OSE", 25)
    if part and issued and serial is not None:
        back = part.abc in "AB"
        times = {"issued": issued, "consumed": job.time("repair_done")}
        times["returned"] = plus(job.now, 35)
        times |= _more(job, part, issued, plus(job.now, 30))
        if back:
            times["returned"] = job.happen("defective_returned", times["returned"], "OSE")
        times["shipped"] = on(nth(job.now, 2), "16:10")
        store.fitted(job, part, serial, times)


_RESERVED: Final = 4
_SPARE: Final = 7


def _more(job: Job, part: Part, issued: datetime, back: datetime) -> dict[str, datetime]:
    """Reserve some pieces first; let some be drawn in pairs, and the unused one come back."""
    office, times = job.office, dict[str, datetime]()
    if not office.usual:
        return times
    if part.serialised and office.number("drawn pieces") % _RESERVED == 0:
        times["reserved"] = plus(issued, -3)
    if _visit(job) and not part.serialised and office.number("drawn lots") % _SPARE == 0:
        times["unused"] = back
        for record in ("requests", "part_request"):
            next(row for row in office.rows[record] if row["_job"] is job)["qty"] = 2
    return times


def signed(job: Job, post: str) -> None:
    """Let the customer sign."""
    job.happen("customer_signed", plus(job.now, 4), post)
    n = job.office.number("signature")
    digest = f"{n:08x}{job.office.random.getrandbits(224):056x}"
    job.office.add(
        "signatures", job, ticket_no="{no}", role="customer", file_sha256=digest,
        signed_at=job.now, signer=job.fields["customer_name"],
    )  # fmt: skip


def collected(job: Job, part: Part | None, post: str) -> None:
    """Take the money and write what for."""
    office = job.office
    lines = prices(job, part)
    total = sum(price for _, price in lines)
    drawn = office.random.choice(("cash", "cash", "merchant", "merchant", "transfer"))
    method = office.method or drawn
    invoice = f"26{office.code}{office.number('invoice'):08d}"
    job.happen("payment_collected", plus(job.now, 3), post, str(total))
    job.fields |= {
        "quote_amount": total, "quote_edition": EDITION, "charge_amount": total,
        "invoice_no": invoice, "payment_method": method,
    }  # fmt: skip
    for code, price in lines:
        office.add(
            "charges", job, ticket_no="{no}", at=job.now, edition=EDITION, code=code, qty=1,
            price=price, amount=price, part_no=code if code.startswith("P") else "",
            invoice_no=invoice, approval="",
        )  # fmt: skip
    _booked(job, job.now, "collected", total)


def _booked(job: Job, when: datetime, kind: str, total: int) -> None:
    office, post = job.office, "OSE" if _visit(job) else "RCP"
    office.add(
        "cash_book", job, at=when, site=office.code, ticket_no="{no}", kind=kind, amount=total,
        method=job.fields["payment_method"], receipt_no=f"SJ{office.code}{office.number('sj'):05d}",
        handed_by=office.person(post, job), received_by=office.person("ADM", job),
    )  # fmt: skip


def handed_in(job: Job, post: str, minutes: int) -> None:
    """Hand the money in."""
    job.happen("payment_handed_in", plus(job.now, minutes), post)
    if job.fields["payment_method"] == "cash":
        _booked(job, job.now, "handed_in", int(str(job.fields["charge_amount"])))


def completed(job: Job, post: str) -> None:
    """Check and file the papers, and pass them to the callback: F2.17, F3.13, F4.1."""
    draw = job.office.random
    minutes = draw.randrange(4, 19)
    when = plus(job.now, minutes) if post == "RCP" else add(job.now, minutes)
    job.happen("completed", when, post)
    job.happen("callback_queued", add(job.now, draw.randrange(3, 12)), "CBS")


# --- F3 -----------------------------------------------------------------------------------------


def taken_in(job: Job, arrives: datetime, *, paid: bool) -> None:
    """Receive the customer, inspect and take the machine in: F3.1 to F3.5."""
    draw = job.office.random
    job.happen("visit_received", arrives, "RCP")
    job.happen("unit_inspected", plus(job.now, 5), "RCP")
    job.happen("warranty_checked", plus(job.now, 2), "RCP", "no" if paid else "yes")
    if paid:
        quoted(job, "RCP", plus(job.now, 1))
    due = close(job.now, 3)
    job.fields["promised_end"] = due
    job.happen("unit_received", plus(arrives, 12), "RCP", spelled((due, due)))
    job.happen("handed_to_bench", add(job.now, draw.randrange(4, 22)), "INS")
    # One working hour for everybody, so that who came first is served first.
    job.happen("diagnosed", add(job.time("unit_received"), 60), "INS")
    job.form = "J"


def waited_in_station(job: Job, part: Part) -> None:
    """Order a part for a machine at the bench: F3.8."""
    requested(job, part, "no")
    ordered(job, part)
    due = close(job.time("unit_received"), 7)
    job.happen("rescheduled", add(job.now, 12), "RCP", spelled((due, due)), "等件，客户同意等候")
    job.fields["promised_end"] = due
    job.happen("parts_received", on(nth(job.now, job.wait), "10:00"), "SPS")


def repaired(job: Job, store: Store, part: Part | None, minutes: int) -> None:
    """Repair, burn in and tell the customer: F3.9 to F3.11."""
    issued = serial = None
    if part:
        issued = job.happen("parts_issued", add(job.now, 8), "SPS")
        serial = store.take(part)
    job.happen("repair_started", add(job.now, 10), "INS")
    job.happen("repair_done", add(job.now, minutes), "INS")
    done = job.now
    job.happen("burn_in_passed", add(job.now, 45), "INS")
    if _visit(job) or job.office.random.random() < 0.8:
        job.happen("handed_to_reception", add(job.now, 8), "INS")
    job.happen("customer_notified", add(job.now, 12), "RCP")
    if part and issued and serial is not None:
        times = {"issued": issued, "consumed": done, "returned": add(done, 20)}
        times |= _more(job, part, issued, add(done, 20))
        times["shipped"] = on(nth(times["returned"], 2), "16:20")
        store.fitted(job, part, serial, times)


def fetched(job: Job, when: datetime, *, paid: bool, part: Part | None) -> None:
    """Hand the machine over against signature and money: F3.12 and F3.13."""
    job.happen("unit_collected", when, "RCP")
    signed(job, "RCP")
    if paid:
        collected(job, part, "RCP")
        handed_in(job, "RCP", 12)
    completed(job, "RCP")


# --- F4 -----------------------------------------------------------------------------------------

SLOTS: Final = ("09:20", "10:05", "11:10", "14:15", "15:30", "16:40", "17:50", "18:35", "19:20")


def attempted(job: Job, when: datetime, *, reached: bool = True) -> Row:
    """Ring the customer back once: F4.2."""
    job.happen("callback_attempted", when, "CBS")
    return call(job, job.now, out_by="CBS", minutes=2, answered=reached)


def called_back(job: Job, score: int = 5, first: datetime | None = None) -> None:
    """Reach the customer and hear how it was: F4.2 to F4.10."""
    draw = job.office.random
    attempted(job, first or on(nth(job.now, 1), draw.choice(SLOTS)))
    satisfied = score > 3
    job.happen("callback_done", plus(job.now, 3), "CBS", "yes" if satisfied else "no")
    job.fields["customer_score"] = score
    if satisfied:
        job.happen("closed", plus(job.now, 2), "CBS")
        return
    job.fields["customer_words"] = "等得久，解释不够"
    job.happen("dissatisfaction_reported", add(job.now, 35), "CBS")
    job.happen("manager_contacted", plus(job.now, 50), "MGR")
    settle(job)


def not_reached(job: Job) -> None:
    """Try three times on two days, in three parts of the day, and give up: F4.E1."""
    day = nth(job.now, 1)
    for when in (on(day, "10:20"), on(day, "17:45"), on(nth(day, 1), "14:30")):
        attempted(job, when, reached=False)
    job.happen("callback_unreachable", plus(job.now, 2), "CBS")
