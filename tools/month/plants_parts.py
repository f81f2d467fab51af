"""Planted cases of the store: AC-17 to AC-21, AC-36 to AC-38 and the third part of AC-41."""

from datetime import datetime

from month.book import Job, Row
from month.clock import at, close, nth, on, plus
from month.closing import count_line
from month.kit import DISK, FAN, SUPPLY, Kit
from month.opening import new
from month.service import contacted, dispatched, requested, window
from month.truth import Truth
from month.world import Part


def tied(kit: Kit) -> None:
    """AC-17: every issue has its ticket, reserved parts go to their own, requests are answered."""
    t, store = kit.truth, kit.store
    row = store.move("ISSUE", at("10-20 10:00"), FAN, "")
    used = store.move("CONSUME", at("10-20 15:00"), FAN, "")
    kit.set(used, return_required="no")
    t.follows("PR-30", str(used["move_id"]), "unknown", "nobody knows for which machine")
    t.over("AC-17", str(row["move_id"]), "c.11 AC-17: an issue without a ticket")
    t.over("PR-15", str(row["move_id"]), "e.4 PR-15: 0 issues without ticket")
    t.follows("PR-16", str(row["move_id"]), "unknown", "nobody knows to whom it was issued")
    t.loss("without_ticket", str(row["move_id"]), FAN.no, since=at("10-20 10:00"))
    for own, plant in ((True, t.inside), (False, t.over)):
        other, job = open_visit(kit), open_visit(kit)
        holder = job if own else other
        serial = store.take(DISK)
        requested(job, DISK)
        store.move("RESERVE", job.now, DISK, serial, job=holder)
        job.happen("parts_issued", plus(job.now, 20), "SPS")
        given = store.move("ISSUE", job.now, DISK, serial, job=job)
        kit.set(given, status_from="reserved")
        kit.at_last(lambda s=serial, h=holder: _reserve(kit, s, h))  # type: ignore[misc]
        plant(
            "AC-17", job, "c.11 AC-17: a reserved part is issued only to its ticket", also=(holder,)
        )
        if not own:
            t.loss("reserved_elsewhere", job, DISK.no, serial=serial,
                   holder=job.fields["engineer"], since=job.now)  # fmt: skip
    for clock, plant in (("11:00", t.inside), ("11:01", t.over)):
        job = kit.visit("10-13 09:20", part=FAN, fixed={
            "customer_contacted": "10-13 10:00", "engineer_assigned": "10-13 10:10",
            "parts_requested": "10-13 10:30", "parts_answered": f"10-13 {clock}",
        })  # fmt: skip
        for rule, part in (("AC-17", 2), ("PR-05", 1)):
            plant(rule, job, "c.11 AC-17, e.4 PR-05: answered within 30 working min", part=part,
                  base=at("10-13 10:30"), limit=at("10-13 11:00"), found=at(f"10-13 {clock}"))  # fmt: skip
    t.na("AC-17", kit.visit(), "no part was asked for", part=2)
    job = kit.visit(part=FAN)
    kit.set(kit.row(job, "requests"), at="")
    t.missing("AC-17", job, "the request does not say when", part=2)
    t.missing("PR-05", job, "the request does not say when")


def _reserve(kit: Kit, serial: str, holder: Job) -> None:
    row = next(r for r in kit.office.rows["ledger"] if r["serial"] == serial)
    row["reserved_for"] = holder


def open_visit(kit: Kit) -> Job:
    """Plant a ticket whose visit is still to come."""
    kit.turn += 1
    job = new(kit.office, at(f"11-05 09:{20 + kit.turn % 30}"), "on_site")
    dispatched(job, paid=False)
    contacted(job, window(at("11-06 09:30").date(), "13:30"))
    return job


def unused(kit: Kit) -> None:
    """AC-18: an unused part is back within 1 working day of the end of the visit."""
    t = kit.truth
    for late, left, plant in ((0, True, t.inside), (1, True, t.over), (0, False, t.missing)):
        job = kit.visit("10-12 09:55", "10-13 13:30", part=FAN, parts_back=False)
        ends = job.time("left_site")
        back = plus(close(ends, 1), late)
        kit.remove(
            "moves", lambda row, job=job: row["_job"] is job and row["move_type"] == "CONSUME"
        )  # type: ignore[misc]
        kit.store.move("RETURN_GOOD", back, FAN, "", job=job)
        job.happen("parts_returned", back, "OSE")
        _finish(job)
        if left:
            for rule in ("AC-18", "PR-17"):
                plant(rule, job, "c.11 AC-18, e.4 PR-17: back within 1 working day of visit end",
                      base=ends, limit=close(ends, 1), found=back)  # fmt: skip
            if late:
                # One loss, though it is also held too long.
                t.loss("unused_kept", job, FAN.no, holder=job.fields["engineer"],
                       since=close(ends, 1))  # fmt: skip
        else:
            job.drop("left_site")
            for rule in ("AC-18", "PR-17"):
                plant(rule, job, "returned, but no line says when the visit ended")
    t.na("AC-18", kit.visit(part=FAN), "the part was fitted")


def _finish(job: Job) -> None:
    from month.base import finish  # noqa: PLC0415 -- base knows this module's builders

    finish(job, 5, "COO")


def move_of(kit: Kit, job: Job, kind: str) -> Row:
    """Give the movement of a ticket."""
    return kit.row(job, "moves", move_type=kind)


def defective(kit: Kit) -> None:
    """AC-19: to the store in 1 working day, to the centre in 5."""
    t = kit.truth
    for late, plant in ((0, t.inside), (1, t.over)):
        back = plus(at("10-14 17:30"), late)
        job = kit.visit(
            "10-12 09:56",
            "10-13 13:30",
            part=SUPPLY,
            fixed={"defective_returned": f"{back:%m-%d %H:%M}"},
        )
        kit.set(move_of(kit, job, "SHIP_DEF"), at=on(nth(back, 2), "10:00"))
        for rule in ("AC-19", "PR-18"):
            plant(rule, job, "c.11 AC-19, e.4 PR-18: RETURN_DEF within 1 working day of the repair",
                  base=job.time("repair_done"), limit=at("10-14 17:30"), found=back)  # fmt: skip
        if late:
            t.loss("not_returned", job, SUPPLY.no, holder=job.fields["engineer"],
                   since=at("10-14 17:30"))  # fmt: skip
    for late, plant in ((0, t.inside), (1, t.over)):
        job = kit.visit(
            "10-12 09:57", "10-13 13:30", part=SUPPLY, fixed={"defective_returned": "10-14 10:00"}
        )
        sent = plus(at("10-20 17:30"), late)
        kit.set(move_of(kit, job, "SHIP_DEF"), at=sent)
        for rule, part in (("AC-19", 2), ("PR-19", 1)):
            plant(rule, job, "c.11 AC-19, e.4 PR-19: SHIP_DEF within 5 working days of the repair",
                  part=part, base=job.time("repair_done"), limit=at("10-20 17:30"), found=sent)  # fmt: skip
        unnoted(t, job, late=bool(late), since=at("10-20 17:30"))
    job = kit.visit(part=FAN)
    for part in (1, 2):
        t.na("AC-19", job, "this class of part need not go back", part=part)
    t.na("PR-18", job, "this class of part need not go back")
    # So late that nobody is blocked for it (PR-16) in this month.
    lost = kit.visit("11-02 09:58", "11-03 13:30", part=kit.special("X19", "B", 5))
    kit.at_last(lambda: move_of(kit, lost, "RETURN_DEF").update(at=""))
    for rule in ("AC-19", "PR-18"):
        t.missing(rule, lost, "it came back, nobody knows when")
    t.follows("AC-21", "X19", "unknown", "nobody knows on which day the old part came in")
    t.follows("PR-12", "X19", "unknown", "nobody knows on which day the old part came in", part=2)
    t.missing("AC-38", lost, "nobody knows since when it lies in the store")


def lying(kit: Kit) -> None:
    """AC-38: what lies in the store for more than 5 working days, or even 10."""
    t = kit.truth
    for sent, plant in (
        ("10-21 17:30", t.inside),
        ("10-21 17:31", t.over),
        ("", t.over),
        ("na", t.na),
    ):
        came = "10-30 16:40" if sent == "na" else "10-14 15:00"
        days = ("10-29 09:59", "10-30 13:30") if sent == "na" else ("10-12 09:59", "10-13 13:30")
        job, old = kit.visit(*days, part=FAN), kit.store.old(FAN)
        kit.set(move_of(kit, job, "CONSUME"), return_required="yes")
        kit.set(kit.store.move("RETURN_DEF", at(came), FAN, old, job=job), return_required="no")
        if sent not in {"", "na"}:
            kit.set(kit.store.move("SHIP_DEF", at(sent), FAN, old, job=job), return_required="no")
        due = close(job.time("repair_done"), 5)
        (t.over if sent != "na" else t.na)("PR-19", job, "e.4 PR-19: 5 working days from the repair",
                                           base=job.time("repair_done"), limit=due)  # fmt: skip
        unnoted(t, job, late=sent != "na", since=due, part=FAN)
        plant("AC-38", job, "c.11 AC-38: RETURN_DEF without SHIP_DEF older than 5 working days, 10 told apart",
              base=at(came), limit=close(at(came), 5), found=sent if sent in {"", "na"} else at(sent))  # fmt: skip
    for late in (0, 1):
        sent = plus(at("10-28 17:30"), late)
        job, old = kit.visit("10-12 09:59", "10-13 13:30", part=FAN), kit.store.old(FAN)
        kit.set(move_of(kit, job, "CONSUME"), return_required="yes")
        for kind, when in (("RETURN_DEF", at("10-14 15:00")), ("SHIP_DEF", sent)):
            kit.set(kit.store.move(kind, when, FAN, old, job=job), return_required="no")
        t.over("PR-19", job, "e.4 PR-19: 5 working days from the repair", limit=at("10-20 17:30"),
               found=sent)  # fmt: skip
        unnoted(t, job, late=True, since=at("10-20 17:30"), part=FAN)
        t.over("AC-38", job, "c.11 AC-38: older than 10 working days is told apart",
               limit="10 working days: 2026-10-28 17:30", found=sent)  # fmt: skip


def unnoted(t: Truth, job: Job, *, late: bool, since: datetime, part: Part = SUPPLY) -> None:
    """Tell what else is true of a part that leaves late and is not explained."""
    if late:
        t.over("PR-21", job, "e.4 PR-21: late, and no note before it was due", limit=since)
        t.loss("not_shipped", job, part.no, since=since)
    else:
        t.na("PR-21", job, "not late, nothing to explain")


def serials(kit: Kit) -> None:
    """AC-20: fitted is issued, removed is known, one piece in one place."""
    t = kit.truth
    t.inside("AC-20", kit.visit(part=DISK), "c.11 AC-20: serial fitted = serial issued")
    job = kit.visit(part=DISK)
    kit.at_last(lambda: move_of(kit, job, "CONSUME").update(serial="CDP04-99999"))
    t.over("AC-20", job, "c.11 AC-20: another serial is fitted than was issued")
    t.follows("AC-21", job, "nonconforming", "the piece that was fitted never came in")
    t.follows("PR-12", "CDP04-99999", "nonconforming", "the engineer gives what he never had", 2)
    # One was fitted that he never had; the ledger has the other in the machine (PR-12, AC-21).
    issued = str(move_of(kit, job, "ISSUE")["serial"])
    t.loss("below_zero", job, DISK.no, serial="CDP04-99999")
    for piece in ("CDP04-99999", issued):
        t.loss("book_differs", job, DISK.no, serial=piece)
    for known, plant in ((True, t.inside), (False, t.over)):
        first = kit.visit("09-08 09:40", "09-09 13:30", part=DISK)
        second = kit.visit("10-15 09:34", "10-16 13:30", part=DISK)
        second.fields["serial"] = first.fields["serial"]
        fitted = move_of(kit, first, "CONSUME")["serial"]
        removed = fitted if known else "OLD-P04-99999"
        for row in [
            r for r in kit.rows(second, "moves") if r["move_type"] in {"RETURN_DEF", "SHIP_DEF"}
        ]:
            row["serial"] = removed
        for row in kit.rows(second, "requests"):
            row["serial"] = first.fields["serial"]
        plant("AC-20", second, "c.11 AC-20: serial removed = serial fitted in this machine before",
              limit=str(fitted), found=str(removed), also=(first,))  # fmt: skip
    gone: list[str] = []
    kit.at_last(lambda: gone.append(_double(kit)))
    for rule, part in (("AC-20", 2), ("PR-13", 1)):
        t.over(rule, lambda: _doubled(kit), "c.11 AC-20, e.4 PR-13: one serial twice", part=part)
        t.inside(
            rule, lambda: _single(kit), "c.11 AC-20, e.4 PR-13: one serial, one place", part=part
        )
    t.loss("two_places", lambda: _doubled(kit), "P14", serial=lambda: _doubled(kit))
    t.follows("AC-21", lambda: gone[0], "nonconforming", "the ledger has no such piece")
    t.loss("book_differs", lambda: gone[0], "P14", serial=lambda: gone[0])


def _good(kit: Kit) -> list[Row]:
    counted = {r["serial"] for r in kit.office.rows["counts"]}
    rows = [r for r in kit.office.rows["ledger"] if r["status"] == "good" and r["serial"]]
    return [r for r in rows if r["serial"] not in counted and r["part_no"] == "P14"]


def _double(kit: Kit) -> str:
    """Write one serial number twice; give the one that is lost by it."""
    first, second = _good(kit)[:2]
    gone = str(second["serial"])
    second["serial"] = first["serial"]
    return gone


def _doubled(kit: Kit) -> str:
    return str(_good(kit)[0]["serial"])


def _single(kit: Kit) -> str:
    return str(_good(kit)[2]["serial"])


def stock(kit: Kit) -> None:
    """AC-21, AC-36 and AC-37.1: parts of their own, so that no base ticket moves them."""
    t = kit.truth
    kit.special("X21", "C", 10, at("10-08 09:10"))
    kit.at_last(lambda: line(kit, "X21").update(qty=9))
    why = "c.11 AC-21: 10 came in, none went out, so 9 would mean an opening of -1"
    t.over("AC-21", "X21", why, limit="10", found="9")
    t.loss("book_differs", "X21", "X21")
    kit.special("X20", "C", 10)
    t.inside("AC-21", "X20", "c.11 AC-21: closing = opening + in - out", limit="10", found="10")
    early = kit.special("X23", "C", 1, at("10-21 09:00"))
    kit.visit("10-12 10:01", "10-13 13:30", part=early)
    t.over(
        "AC-21",
        "X23",
        "c.11 AC-21: never negative; issued before it came in",
        limit="0",
        found="-1",
    )
    t.over("PR-12", "X23", "e.4 PR-12: 0 rows below zero; issued before it came in", limit="0",
           found="-1", part=2)  # fmt: skip
    t.loss("below_zero", "X23", "X23", since=at("10-13 08:35"))
    none = kit.special("X22", "C", 1, at("10-13 08:20"))
    kit.visit("10-12 10:02", "10-13 13:30", part=none)
    for rule, part in (("AC-21", 1), ("PR-12", 1), ("PR-12", 2)):
        t.inside(rule, "X22", "c.11 AC-21, e.4 PR-12: it may come to nothing", limit="0", found="0",
                 part=part)  # fmt: skip
    t.na("PR-13", "X20", "a part without serial numbers")
    lost = kit.special("X26", "C", 10)
    job = kit.visit(part=lost)
    kit.at_last(lambda: move_of(kit, job, "ISSUE").update(qty=""))
    for rule, part in (("AC-21", 1), ("PR-12", 2)):
        t.missing(rule, "X26", "a move does not say how many it took", part=part)
    kit.special("X24", "C", 10)
    kit.at_last(lambda: line(kit, "X24").update(qty="", min_qty=5))
    t.missing("AC-21", "X24", "the ledger does not say how many")
    t.missing("AC-37", "X24", "the ledger does not say how many")
    for rule in ("PR-12", "PR-29"):
        t.follows(rule, "X24", "unknown", "the ledger does not say how many")
    for no, least, ordered_, plant in (
        ("M01", 10, 5, t.inside),
        ("M02", 10, 4, t.over),
        ("M03", "", 0, t.na),
    ):
        kit.special(no, "C", 5)
        kit.at_last(lambda no=no, least=least: line(kit, no).update(min_qty=least))  # type: ignore[misc]
        if ordered_:
            kit.office.add("orders", order_no=f"{kit.office.code}DH9{no}", at=at("11-05 10:00"), site=kit.office.code,
                           part_no=no, qty=ordered_, urgent="no", approved_by=kit.office.crew.manager)  # fmt: skip
        plant(
            "AC-37",
            no,
            "c.11 AC-37: on hand + on order >= min",
            limit=str(least),
            found=str(5 + ordered_),
        )
    counted(kit)


def line(kit: Kit, no: str) -> Row:
    """Give the ledger line of a part of which only a planted case knows."""
    return next(
        r for r in kit.office.rows["ledger"] if r["part_no"] == no and r["status"] == "good"
    )


def counted(kit: Kit) -> None:
    """AC-36: A 1 %, B 3 %, C 5 %, serialised 0; plus never against minus; approved."""
    t = kit.truth
    why = "c.11 AC-36, table count_classes: A 1 %, B 3 %, C 5 %"
    for n, (abc, found, plant) in enumerate((
        ("A", 99, t.inside), ("A", 98, t.over), ("A", 101, t.inside), ("A", 102, t.over),
        ("B", 97, t.inside), ("B", 96, t.over), ("C", 95, t.inside), ("C", 94, t.over),
    ), 1):  # fmt: skip
        no = f"K{n:02d}"
        kit.special(no, abc, 100)
        kit.at_last(lambda no=no, found=found: count_line(kit.office, no, "", found, 100))  # type: ignore[misc]
        for rule in ("AC-36", "PR-25"):
            plant(rule, no, why + ", e.4 PR-25", base="100",
                  limit={"A": "1", "B": "3", "C": "5"}[abc], found=str(found))  # fmt: skip
        if plant == t.over:
            t.loss("count_differs", no, no, qty=abs(found - 100))
    for no, who, plant in (
        ("K10", kit.office.crew.manager, t.inside),
        ("K11", kit.office.crew.store, t.over),
    ):
        kit.special(no, "C", 100)
        kit.at_last(lambda no=no, who=who: count_line(kit.office, no, "", 99, 100, approved=who))  # type: ignore[misc]
        plant("AC-36", no, "c.11 AC-36: approvals present, by the manager", part=2, found=who)
    kit.special("K12", "C", 100)
    kit.at_last(lambda: count_line(kit.office, "K12", "", 100, 100))
    t.na("AC-36", "K12", "no difference, nothing to approve", part=2)
    kit.special("K13", "C", 100)
    kit.at_last(lambda: count_line(kit.office, "K13", "", "", "").update(reason="", approved_by=""))
    for part in (1, 2):
        t.missing("AC-36", "K13", "nobody wrote what was counted", part=part)
    t.missing("PR-25", "K13", "nobody wrote what was counted")
    kit.at_last(
        lambda: _piece(kit).update(counted=0, reason="找不到", approved_by=kit.office.crew.manager)
    )
    for rule in ("AC-36", "PR-25"):
        t.over(rule, lambda: str(_piece(kit)["serial"]), "c.11 AC-36, e.4 PR-25: serialised parts 0",
               limit="0", found="-1")  # fmt: skip
    t.loss(
        "count_differs",
        lambda: str(_piece(kit)["serial"]),
        "P12",
        serial=lambda: str(_piece(kit)["serial"]),
    )


def _piece(kit: Kit) -> Row:
    return next(r for r in kit.office.rows["counts"] if r["serial"] and r["part_no"] == "P12")


def ordering(kit: Kit) -> None:
    """AC-37.2: asked for before 16:00, ordered the same working day; later, the next."""
    t = kit.truth
    why = "c.11 AC-37, SPS-03-1: an order asked for before 16:00 is sent the same working day"
    for asked, sent, limit, plant in (
        ("10-12 15:59", "10-12 17:30", "10-12 17:30", t.inside), ("10-12 15:59", "10-12 17:31", "10-12 17:30", t.over),
        ("10-12 16:00", "10-13 17:30", "10-13 17:30", t.inside), ("10-12 16:00", "10-13 17:31", "10-13 17:30", t.over),
    ):  # fmt: skip
        job = kit.visit("10-12 14:00", "10-14 13:30", part=FAN, order=True, fixed={
            "customer_contacted": "10-12 15:00", "engineer_assigned": "10-12 15:10",
            "parts_requested": asked, "parts_ordered": sent,
        })  # fmt: skip
        for rule, part in (("AC-37", 2), ("PR-06", 1)):
            plant(rule, job, why + ", e.4 PR-06", part=part, base=at(asked), limit=at(limit),
                  found=at(sent))  # fmt: skip
    job = kit.visit(part=FAN)
    t.na("AC-37", job, "in stock, nothing ordered", part=2)
    t.na("PR-06", job, "in stock, nothing ordered")
    job = kit.visit("10-12 10:05", "10-14 13:30", part=FAN, order=True)
    kit.set(kit.row(job, "requests"), at="")
    t.missing("AC-37", job, "nobody knows when it was asked for", part=2)
    for rule in ("PR-05", "PR-06"):
        t.missing(rule, job, "nobody knows when it was asked for")
    t.follows("AC-17", job, "unknown", "nobody knows when it was asked for", part=2)


def open_part(kit: Kit) -> None:
    """AC-41.3: no ticket is closed with a part still open."""
    t = kit.truth
    for late, plant in ((0, t.inside), (1, t.over)):
        job = kit.visit(part=FAN)
        done = plus(job.time("closed"), late)
        kit.set(move_of(kit, job, "CONSUME"), at=done)
        plant(
            "AC-41",
            job,
            "c.11 AC-41: no closed ticket with open part",
            part=3,
            limit=job.time("closed"),
            found=done,
        )
    t.na("AC-41", kit.visit(), "no part was issued", part=3)
