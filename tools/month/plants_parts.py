"""Planted cases of the store: AC-17 to AC-21, AC-36 to AC-38 and the third part of AC-41."""

from month.book import Job, Row
from month.clock import at, close, nth, on, plus
from month.closing import count_line
from month.kit import DISK, FAN, SUPPLY, Kit
from month.opening import new
from month.service import contacted, dispatched, requested, window


def tied(kit: Kit) -> None:
    """AC-17: every issue has its ticket, reserved parts go to their own, requests are answered."""
    t, store = kit.truth, kit.store
    row = store.move("ISSUE", at("10-20 10:00"), FAN, "")
    kit.set(store.move("CONSUME", at("10-20 15:00"), FAN, ""), return_required="no")
    t.over("AC-17", str(row["move_id"]), "c.11 AC-17: an issue without a ticket")
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
    for clock, plant in (("11:00", t.inside), ("11:01", t.over)):
        job = kit.visit("10-13 09:20", part=FAN, fixed={
            "customer_contacted": "10-13 10:00", "engineer_assigned": "10-13 10:10",
            "parts_requested": "10-13 10:30", "parts_answered": f"10-13 {clock}",
        })  # fmt: skip
        plant("AC-17", job, "c.11 AC-17: a request is answered within 30 working min", part=2,
              base=at("10-13 10:30"), limit=at("10-13 11:00"), found=at(f"10-13 {clock}"))  # fmt: skip
    t.na("AC-17", kit.visit(), "no part was asked for", part=2)
    job = kit.visit(part=FAN)
    kit.set(kit.row(job, "requests"), at="")
    t.missing("AC-17", job, "the request does not say when", part=2)


def _reserve(kit: Kit, serial: str, holder: Job) -> None:
    row = next(r for r in kit.office.rows["ledger"] if r["serial"] == serial)
    row |= {"reserved_for": "{no}", "_job": holder}


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
            plant("AC-18", job, "c.11 AC-18: RETURN_GOOD within 1 working day of visit end",
                  base=ends, limit=close(ends, 1), found=back)  # fmt: skip
        else:
            job.drop("left_site")
            plant("AC-18", job, "returned, but no line says when the visit ended")
    t.na("AC-18", kit.visit(part=FAN), "the part was fitted")


def _finish(job: Job) -> None:
    from month.base import finish  # noqa: PLC0415 -- base knows this module's builders

    finish(job, 5, "COO")


def move_of(kit: Kit, job: Job, kind: str) -> Row:
    """Give the movement of a ticket."""
    return kit.row(job, "moves", move_type=kind)


def defective(kit: Kit) -> None:
    """AC-19 and AC-38: to the store in 1 working day, to the centre in 5."""
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
        plant("AC-19", job, "c.11 AC-19: RETURN_DEF within 1 working day of the repair",
              base=job.time("repair_done"), limit=at("10-14 17:30"), found=back)  # fmt: skip
    for late, plant in ((0, t.inside), (1, t.over)):
        job = kit.visit(
            "10-12 09:57", "10-13 13:30", part=SUPPLY, fixed={"defective_returned": "10-14 10:00"}
        )
        sent = plus(at("10-20 17:30"), late)
        kit.set(move_of(kit, job, "SHIP_DEF"), at=sent)
        plant("AC-19", job, "c.11 AC-19: SHIP_DEF within 5 working days of the repair", part=2,
              base=job.time("repair_done"), limit=at("10-20 17:30"), found=sent)  # fmt: skip
    job = kit.visit(part=FAN)
    for part in (1, 2):
        t.na("AC-19", job, "this class of part need not go back", part=part)
    lost = kit.visit("10-12 09:58", "10-13 13:30", part=kit.special("X19", "B", 5))
    kit.at_last(lambda: move_of(kit, lost, "RETURN_DEF").update(at=""))
    t.missing("AC-19", lost, "it came back, nobody knows when")
    t.follows("AC-21", "X19", "unknown", "nobody knows on which day the old part came in")
    t.missing("AC-38", lost, "nobody knows since when it lies in the store")
    for sent, plant in (
        ("10-21 17:30", t.inside),
        ("10-21 17:31", t.over),
        ("", t.over),
        ("na", t.na),
    ):
        came = "10-30 15:00" if sent == "na" else "10-14 15:00"
        job = kit.visit("10-12 09:59", "10-13 13:30", part=FAN)
        kit.set(kit.store.move("RETURN_DEF", at(came), FAN, "", job=job), return_required="no")
        if sent not in {"", "na"}:
            kit.set(kit.store.move("SHIP_DEF", at(sent), FAN, "", job=job), return_required="no")
        plant("AC-38", job, "c.11 AC-38: RETURN_DEF without SHIP_DEF older than 5 working days, 10 told apart",
              base=at(came), limit=close(at(came), 5), found=sent if sent in {"", "na"} else at(sent))  # fmt: skip
    for late in (0, 1):
        sent = plus(at("10-28 17:30"), late)
        job = kit.visit("10-12 09:59", "10-13 13:30", part=FAN)
        for kind, when in (("RETURN_DEF", at("10-14 15:00")), ("SHIP_DEF", sent)):
            kit.set(kit.store.move(kind, when, FAN, "", job=job), return_required="no")
        t.over("AC-38", job, "c.11 AC-38: older than 10 working days is told apart",
               limit="10 working days: 2026-10-28 17:30", found=sent)  # fmt: skip


def serials(kit: Kit) -> None:
    """AC-20: fitted is issued, removed is known, one piece in one place."""
    t = kit.truth
    t.inside("AC-20", kit.visit(part=DISK), "c.11 AC-20: serial fitted = serial issued")
    job = kit.visit(part=DISK)
    kit.at_last(lambda: move_of(kit, job, "CONSUME").update(serial="CDP04-99999"))
    t.over("AC-20", job, "c.11 AC-20: another serial is fitted than was issued")
    t.follows("AC-21", job, "nonconforming", "the piece that was fitted never came in")
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
    kit.at_last(lambda: _double(kit))
    t.over("AC-20", lambda: _doubled(kit), "c.11 AC-20: one serial in two places", part=2)
    t.inside("AC-20", lambda: _single(kit), "c.11 AC-20: one serial, one place", part=2)
    gone = [str(each["serial"]) for each in kit.office.rows["moves"] if each["part_no"] == "P14"]
    t.follows("AC-21", lambda: _gone(kit, gone), "nonconforming", "the ledger has no such piece")


def _good(kit: Kit) -> list[Row]:
    counted = {r["serial"] for r in kit.office.rows["counts"]}
    rows = [r for r in kit.office.rows["ledger"] if r["status"] == "good" and r["serial"]]
    return [r for r in rows if r["serial"] not in counted and r["part_no"] == "P14"]


def _double(kit: Kit) -> None:
    first, second = _good(kit)[:2]
    second["serial"] = first["serial"]


def _gone(kit: Kit, pieces: list[str]) -> str:
    """Give the piece whose line was overwritten: the one after the double."""
    return pieces[pieces.index(_doubled(kit)) + 1]


def _doubled(kit: Kit) -> str:
    return str(_good(kit)[0]["serial"])


def _single(kit: Kit) -> str:
    return str(_good(kit)[2]["serial"])


def stock(kit: Kit) -> None:
    """AC-21, AC-36 and AC-37.1: parts of their own, so that no base ticket moves them."""
    t = kit.truth
    kit.special("X21", "C", 10)
    kit.at_last(lambda: line(kit, "X21").update(qty=9))
    why = "c.11 AC-21: 10 came in, none went out, so 9 would mean an opening of -1"
    t.over("AC-21", "X21", why, limit="10", found="9")
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
    none = kit.special("X22", "C", 1, at("10-13 08:20"))
    kit.visit("10-12 10:02", "10-13 13:30", part=none)
    t.inside("AC-21", "X22", "c.11 AC-21: it may come to nothing", limit="0", found="0")
    kit.special("X24", "C", 10)
    kit.at_last(lambda: line(kit, "X24").update(qty="", min_qty=5))
    t.missing("AC-21", "X24", "the ledger does not say how many")
    t.missing("AC-37", "X24", "the ledger does not say how many")
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
    kit.at_last(lambda: kit.remove("counts", lambda r: str(r["part_no"])[0] in "XMK"))
    for n, (abc, found, plant) in enumerate((
        ("A", 99, t.inside), ("A", 98, t.over), ("A", 101, t.inside), ("A", 102, t.over),
        ("B", 97, t.inside), ("B", 96, t.over), ("C", 95, t.inside), ("C", 94, t.over),
    ), 1):  # fmt: skip
        no = f"K{n:02d}"
        kit.special(no, abc, 100)
        kit.at_last(lambda no=no, found=found: count_line(kit.office, no, "", found, 100))  # type: ignore[misc]
        plant(
            "AC-36",
            no,
            why,
            base="100",
            limit={"A": "1", "B": "3", "C": "5"}[abc],
            found=str(found),
        )
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
    kit.at_last(
        lambda: _piece(kit).update(counted=0, reason="找不到", approved_by=kit.office.crew.manager)
    )
    t.over(
        "AC-36",
        lambda: str(_piece(kit)["serial"]),
        "c.11 AC-36: serialised parts 0",
        limit="0",
        found="-1",
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
        plant("AC-37", job, why, part=2, base=at(asked), limit=at(limit), found=at(sent))
    t.na("AC-37", kit.visit(part=FAN), "in stock, nothing ordered", part=2)
    job = kit.visit("10-12 10:05", "10-14 13:30", part=FAN, order=True)
    kit.set(kit.row(job, "requests"), at="")
    t.missing("AC-37", job, "nobody knows when it was asked for", part=2)
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
