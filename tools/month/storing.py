"""What a store does in a month beside the parts its engineers fit: in order, in every office."""

from datetime import datetime

from month.base import walk_in
from month.book import Job, Office, Row
from month.clock import at, close, plus
from month.parts import Store
from month.world import CREWS, PARTS, RARE, Part

_KNOWN = {part.no: part for part in (*PARTS, *RARE)}
CABLE, PADS, LOANED, BATTERY = (_KNOWN[no] for no in ("P11", "P16", "ZJ1", "P10"))


def keep(office: Office, store: Store) -> None:
    """Do in the store what is done every month."""
    scrapped(office, store)
    adjusted(office, store)
    statement(office)
    lend(office, store)
    unreserved(office, store)
    dead_on_arrival(office, store)
    damaged(office, store)
    if office.code != "HZ":
        for part, out, came, qty in (
            ("P05", "10-13 10:20", "10-15 11:00", 3), ("P09", "10-20 15:10", "10-21 16:30", 5),
            ("P04", "10-26 10:20", "10-28 11:00", 1),
        ):  # fmt: skip
            transferred(office, store, _KNOWN[part], at(out), at(came), qty)


# --- scrap, count and statement -------------------------------------------------------------------


def scrapped(office: Office, store: Store) -> None:
    """Scrap three fans that were defective in the beginning, with all their papers."""
    fan = _KNOWN["P09"]
    store.lot(fan, 3, status="defective")
    scrap(office, store, fan, at("10-23 15:00"), 3)


def scrap(office: Office, store: Store, part: Part, when: datetime, qty: int) -> Row:
    """Scrap defective parts: the move, and the line of the list that has all it needs."""
    n = office.number("scrap")
    number = f"BF{office.code}26{n:03d}"
    row = store.move("SCRAP", when, part, "", qty, doc=number)
    return office.add(
        "scraps", list_no=number, site=office.code, at=when, part_no=part.no, serial="", qty=qty,
        move_id=row["move_id"], photo=f"{number}.jpg", signed_by=office.crew.store,
        second_signature=office.crew.manager, centre_approval=f"PC-BF-26{n:04d}",
    )  # fmt: skip


def adjusted(office: Office, store: Store) -> None:
    """Count two slow parts at the end of September, one short and one over, and adjust the book."""
    for part, kind, counted in ((CABLE, "ADJ_MINUS", 89), (PADS, "ADJ_PLUS", 91)):
        adjust(office, store, part, kind, 1, counted, office.crew.manager)


def adjust(
    office: Office, store: Store, part: Part, kind: str, qty: int, counted: int, by: str,
    reason: str = "漏记一笔，复点确认",
) -> Row:  # fmt: skip
    """Count a part in September and bring the book to what was counted; give the line counted."""
    n = office.number("count")
    number = f"{office.code}PD{n:04d}"
    store.move("ADJ_PLUS" if kind == "ADJ_PLUS" else "ADJ_MINUS", at("10-08 15:20"), part, "",
               qty, doc=number)  # fmt: skip
    return office.add(
        "counts", count_id=number, at=at("09-30 17:10"), site=office.code,
        location=f"{part.abc}-{part.no[1:]}", part_no=part.no, serial="", counted=counted,
        counter=office.crew.store, checker=office.crew.coordinator, reason=reason, approved_by=by,
    )  # fmt: skip


def statement(office: Office) -> None:
    """Hold the ledger of September against the statement of the centre; one line differs."""
    book: dict[str, int] = {}
    for row in office.rows["opening"]:
        if row["status"] == "good":
            no = str(row["part_no"])
            book[no] = book.get(no, 0) + int(str(row["qty"]))
    for no, qty in sorted(book.items()):
        stated(office, no, qty, qty)
    line = next(r for r in office.rows["centre_statement"] if r["part_no"] == CABLE.no)
    line |= {"qty_branch": 89, "explained_at": at("10-09 10:10"), "explanation": "九月盘点少一件"}


def stated(office: Office, no: str, centre: object, branch: object, explained: str = "") -> Row:
    """Write a line of the statement, which came by mail in the holiday."""
    return office.add(
        "centre_statement", month="2026-09", site=office.code, part_no=no, serial="",
        qty_centre=centre, qty_branch=branch, explained_at=at(explained) if explained else "",
        explanation="在途未入账" if explained else "", received_at=at("10-05 09:00"),
    )  # fmt: skip


# --- loans, reservations, transfers ---------------------------------------------------------------


def lend(office: Office, store: Store) -> None:
    """Lend a machine while the customer's is at the bench: one came back, one is still out."""
    stays = sorted(
        (job for job in office.jobs if job.has("unit_received")), key=lambda job: job.opened
    )
    back = next(job for job in stays if job.time("unit_received") > at("10-12 08:00"))
    out = next(job for job in stays if job.time("unit_received") > at("10-29 09:00")
               and job.time("unit_collected") > at("11-06 08:00"))  # fmt: skip
    for job in (back, out):
        gone = plus(job.time("unit_received"), 10)
        returned = job.time("unit_collected") if job is back else None
        loan(office, store, job, gone, close(gone, 8), returned)


def loan(
    office: Office, store: Store, job: Job, gone: datetime, due: datetime,
    returned: datetime | None, value: object = 3000,
) -> Row:  # fmt: skip
    """Lend a machine of the store for a ticket."""
    serial = store.take(LOANED)
    borrower = job.fields["customer_name"]
    moves = [store.move("LOAN_OUT", gone, LOANED, serial, job=job)]
    if returned:
        moves.append(store.move("LOAN_BACK", returned, LOANED, serial, job=job))
    for row in moves:
        row["holder"] = borrower
    return office.add(
        "loans", job, loan_no=f"JY{office.code}26{office.number('loan'):03d}", site=office.code,
        model="MN-14", part_no=LOANED.no, serial=serial, value=value, borrower=borrower,
        ticket_no="{no}", lent_at=gone, due=f"{due:%Y-%m-%d}", signed="yes",
        returned_at=returned or "",
    )  # fmt: skip


def unreserved(office: Office, store: Store) -> None:
    """Reserve a part for a visit that is then cancelled, and free it again."""
    job = next(job for job in office.jobs if job.service == "on_site" and job.has("cancelled"))
    memory = _KNOWN["P03"]
    store.move("RESERVE", plus(job.time("customer_contacted"), 8), memory, "", job=job)
    store.move("UNRESERVE", plus(job.time("cancelled"), 12), memory, "", job=job)


def transferred(
    office: Office, store: Store, part: Part, out: datetime | None, came: datetime | None,
    qty: int = 1, serial: str = "",
) -> list[Row]:  # fmt: skip
    """Move parts from Chengdu to Chongqing.

    A transfer is one document with two bookings, and each of the two offices is shown both: the
    sender sees when his parts were booked in, the receiver what is on its way to him.
    """
    if part.serialised and not serial:
        serial = store.take(part) if office.code == "CD" else f"CD{part.no}-90001"
        if out and office.code == "CD":
            _rename(office, serial, f"CD{part.no}-90001")
            serial = f"CD{part.no}-90001"
            store.came[serial] = store.came[part.no + serial] = at("08-03 09:00")
    n, rows = office.number("transfer"), []
    for kind, when, home in (("TRANSFER_OUT", out, "CD"), ("TRANSFER_IN", came, "CQ")):
        if when:
            row = store.move(kind, when, part, serial, qty, doc=f"DB-CDCQ-26{n:03d}",
                             way=("CD", "CQ"))  # fmt: skip
            if home != office.code:
                row |= {"move_id": f"{home}M8{n:04d}", "actor": CREWS[home].store, "checker": ""}
            rows.append(row)
    if office.code == "CQ" and serial:
        store.came[serial] = came or at("10-28 11:00")
    return rows


def _rename(office: Office, serial: str, name: str) -> None:
    row = next(row for row in office.rows["opening"] if row["serial"] == serial)
    row["serial"] = name


# --- what a part can be besides good --------------------------------------------------------------


def dead_on_arrival(office: Office, store: Store) -> None:
    """Order two batteries; the first is dead when it is fitted and reported at once."""
    ordered = order(office, store, BATTERY, at("10-21 10:00"), 2)
    booked = ordered["booked_at"]
    assert isinstance(booked, datetime)  # noqa: S101 -- `order` has just written it
    ordered["_received"] = True
    pieces = [store.receive(BATTERY, booked) for _ in range(2)]
    store.free[BATTERY.no] += pieces[1:]
    job = walk_in(office, store, at("10-27 09:05"), part=BATTERY, score=5)
    dead(office, store, job, BATTERY, pieces[0])


def order(office: Office, store: Store, part: Part, when: datetime, qty: int = 1) -> Row:
    """Order for the store, of no ticket: shipped, arrived and booked in time."""
    store.parts[part.no] = part
    came = close(when, 2).replace(hour=9, minute=40)
    return office.add(
        "orders", order_no=f"{office.code}DH{office.number('order'):04d}", at=when,
        site=office.code, part_no=part.no, qty=qty, urgent="no", ticket_no="",
        approved_by=office.crew.manager, shipped_at=close(when, 1).replace(hour=11, minute=0),
        arrived_at=came, claimed_at="", booked_at=plus(came, 20),
    )  # fmt: skip


def dead(
    office: Office, store: Store, job: Job, part: Part, serial: str,
    reported: datetime | None = None,
) -> tuple[Row, Row]:  # fmt: skip
    """Let the first piece drawn for a ticket be dead; the manager approves a second request."""
    given = job.time("parts_issued")
    first = next(row for row in office.rows["requests"] if row["_job"] is job)
    for record in ("requests", "part_request"):
        again = next(row for row in office.rows[record] if row["_job"] is job).copy()
        del again["_job"]
        again["approver"] = office.crew.manager
        if record == "requests":
            again |= {"request_no": f"{office.code}SQ{office.number('request'):04d}",
                      "at": plus(given, 1), "answered_at": plus(given, 3)}  # fmt: skip
        office.add(record, job, **again)
    issued = store.move("ISSUE", plus(first["answered_at"], 1), part, serial, job=job)  # type: ignore[arg-type]
    report = store.move("DOA_REPORT", reported or plus(given, 1), part, serial, job=job)
    return issued, report


def damaged(office: Office, store: Store) -> None:
    """Repair a notebook whose port was torn: judged by its code, charged, the old part kept."""
    job = walk_in(office, store, at("10-30 09:10"), part=_KNOWN["P07"], paid=True, score=5)
    damage(office, job, "AD04")


def damage(office: Office, job: Job, code: str) -> Row:
    """Let the old part of a ticket be damaged by the customer; it has not been shipped yet."""
    job.fields["cause_code"] = "liquid" if code == "AD02" else "impact"
    rows = office.rows["moves"]
    rows[:] = [r for r in rows if not (r["_job"] is job and r["move_type"] == "SHIP_DEF")]
    row = next(r for r in rows if r["_job"] is job and r["move_type"] == "RETURN_DEF")
    row |= {"status_to": "abnormal", "_damage": code}
    for each in office.rows["requests"]:
        if each["_job"] is job:
            each["approver"] = office.crew.manager
    for each in office.rows["part_request"]:
        if each["_job"] is job:
            each["approver"] = office.crew.manager
    return row
