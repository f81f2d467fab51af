"""Planted cases of parts in somebody's hands: PR-16 to PR-24, worded from domain e.4."""

from datetime import datetime, timedelta

from month.book import Job, Row
from month.clock import NOW, at, close, on, plus
from month.kit import FAN, SUPPLY, Kit
from month.plants_parts import move_of
from month.storing import damage, dead
from month.world import PARTS, Part

ROLLER = next(part for part in PARTS if part.no == "P13")


# --- owed -----------------------------------------------------------------------------------------


def blocked(kit: Kit) -> None:
    """PR-16: 3 overdue old parts, or one for more than 5 days, and nothing more is issued."""
    t = kit.truth
    debt(kit, "10-20 09:50", "10-21 13:30", "10-28 10:00")
    why = "e.4 PR-16: any > 5-day overdue return"
    for day, plant in ((27, t.inside), (28, t.over)):
        job = drawn(kit, day - 1, day)
        plant("PR-16", job, why, base=at("10-22 17:30"), limit="2026-10-27", found=f"2026-10-{day}")
    for opened, promise in (("10-28", "10-29"), ("10-28", "10-29"), ("10-29", "10-30")):
        debt(kit, f"{opened} 09:50", f"{promise} 13:30", "11-03 15:00")
    why = "e.4 PR-16: >= 3 overdue returns"
    job = drawn(kit, 30, 33)
    t.inside("PR-16", job, why, limit="3", found="2")
    for note, plant in (("", t.over), ("放行 FX-26-011", t.inside)):
        job = drawn(kit, 33, 34)
        kit.set(move_of(kit, job, "ISSUE"), note=note, release_no=note)
        plant("PR-16", job, why + (", unless release id" if note else ""), limit="3", found="3")
    kit.at_last(lambda: follow(kit))


def debt(kit: Kit, opened: str, promise: str, back: str) -> Job:
    """Let the third engineer owe an old part until a moment."""
    job = kit.visit(opened, promise, part=SUPPLY, engineer=kit.office.crew.engineers[2])
    kit.set(move_of(kit, job, "RETURN_DEF"), at=at(back))
    kit.set(move_of(kit, job, "SHIP_DEF"), at=plus(at(back), 60))
    due = close(job.time("repair_done"), 1)
    for rule in ("AC-19", "PR-18"):
        t = kit.truth
        t.follows(rule, job, "nonconforming", "owed so long that its engineer is blocked (PR-16)")
    t.loss("not_returned", job, SUPPLY.no, holder=job.fields["engineer"], since=due)
    if plus(at(back), 60) > close(job.time("repair_done"), 5):
        t.follows("AC-19", job, "nonconforming", "came too late to be sent in time", 2)
        t.follows("PR-19", job, "nonconforming", "came too late to be sent in time")
        t.follows("PR-21", job, "nonconforming", "late, and no note")
        t.loss("not_shipped", job, SUPPLY.no, since=close(job.time("repair_done"), 5))
    return job


def drawn(kit: Kit, opened: int, day: int) -> Job:
    """Let the third engineer draw a part on the morning of a day of October (33: 2 November...)."""
    when, then = (at("10-01 09:50") + timedelta(n - 1) for n in (opened, day))
    return kit.visit(f"{when:%m-%d} 09:50", f"{then:%m-%d} 13:30", part=FAN,
                     engineer=kit.office.crew.engineers[2])  # fmt: skip


def follow(kit: Kit) -> None:
    """Name every other issue to somebody who at that moment is blocked, by the words of the rule."""
    rows = kit.office.rows["moves"]
    told = {id(case["subject"]) for case in kit.truth.cases if case["rule"] == "PR-16"}
    names = {case["subject"] for case in kit.truth.cases if case["rule"] == "PR-16"
             and isinstance(case["subject"], str)}  # fmt: skip
    debts: list[tuple[object, datetime, datetime]] = []
    for row in rows:
        job, when = row["_job"], row["at"]
        if (
            row["move_type"] == "CONSUME"
            and row["return_required"] == "yes"
            and isinstance(job, Job)
        ):
            back = [r["at"] for r in rows if r["_job"] is job and r["move_type"] == "RETURN_DEF"
                    and r["part_no"] == row["part_no"]]  # fmt: skip
            assert isinstance(when, datetime)  # noqa: S101 -- no plant hides it
            ended = back[0] if back and isinstance(back[0], datetime) else NOW
            debts.append((row["holder"], close(when, 1), ended))
    for row in rows:
        when, job = row["at"], row["_job"]
        if (
            row["move_type"] != "ISSUE"
            or not isinstance(when, datetime)
            or not isinstance(job, Job)
        ):
            continue
        open_ = [due for who, due, back in debts if who == row["holder"] and due < when < back]
        long = any(on((due + timedelta(5)).date(), "23:59") < when for due in open_)
        if (
            (len(open_) > 2 or long)
            and not row["note"]
            and not ({id(job)} & told or row["move_id"] in names)
        ):
            why = "e.4 PR-16: issued to an engineer who was blocked"
            kit.truth.follows("PR-16", str(row["move_id"]), "nonconforming", why)


def used(kit: Kit) -> None:
    """PR-17: issued is fitted, returned or explained within 1 working day of the visit."""
    t = kit.truth
    for note, plant in (("", t.over), ("客户要求留样，已批", t.inside)):
        job = kit.visit("10-12 09:54", "10-13 13:30", part=FAN)
        _forget(kit, job, "CONSUME")
        kit.set(move_of(kit, job, "ISSUE"), note=note)
        due = close(job.time("left_site"), 1)
        plant("PR-17", job, "e.4 PR-17: used, returned, or explained", limit=due, found=note)
        for rule, part in (("AC-18", 1), ("AC-41", 3)):
            t.follows(rule, job, "nonconforming", "issued, neither fitted nor returned", part)
        t.loss("unused_kept", job, FAN.no, holder=job.fields["engineer"], since=due)
    job = kit.visit("11-04 09:54", "11-05 13:30", part=FAN)
    _forget(kit, job, "CONSUME")
    for rule in ("PR-17", "AC-18"):
        t.na(rule, job, "the working day after the visit is not over")


def _forget(kit: Kit, job: Job, *kinds: str) -> None:
    kit.remove("moves", lambda row: row["_job"] is job and row["move_type"] in kinds)


def kept(kit: Kit) -> None:
    """PR-18, PR-19 and PR-21: an old part that never came, that was never sent, and notes."""
    t = kit.truth
    job = kit.visit("11-02 09:55", "11-03 13:30", part=SUPPLY)
    _forget(kit, job, "RETURN_DEF", "SHIP_DEF")
    for rule in ("PR-18", "AC-19"):
        t.over(rule, job, "e.4 PR-18: <= 1 working day after repair; it never came",
               base=job.time("repair_done"), limit=at("11-04 17:30"))  # fmt: skip
    t.loss("not_returned", job, SUPPLY.no, holder=job.fields["engineer"], since=at("11-04 17:30"))
    for note, noted, plant in (
        ("", "", t.over), ("YH-26-01", "10-26 16:00", t.inside), ("YH-26-02", "11-04 09:00", t.over),
    ):  # fmt: skip
        job = kit.visit("10-26 09:55", "10-27 13:30", part=SUPPLY)
        row = move_of(kit, job, "SHIP_DEF")
        kit.set(row, at=at("11-04 16:00"), _note=note, _note_at=at(noted) if noted else "")
        plant("PR-21", job, "e.4 PR-21: explained in writing before due date",
              limit=at("11-03 17:30"), found=at(noted) if noted else "")  # fmt: skip
        for rule, part in (("PR-19", 1), ("AC-19", 2), ("AC-38", 1)):
            t.follows(rule, job, "nonconforming", "sent on the day after the last", part)
        t.loss("not_shipped", job, SUPPLY.no, since=at("11-03 17:30"))
    job = kit.visit("10-26 09:56", "10-27 13:30", part=SUPPLY)
    _forget(kit, job, "SHIP_DEF")
    for rule, part in (("PR-19", 1), ("AC-19", 2), ("AC-38", 1), ("PR-21", 1)):
        t.over(rule, job, "e.4 PR-19: <= 5 working days after repair; it still lies there",
               part=part, limit=at("11-03 17:30"))  # fmt: skip
    t.loss("not_shipped", job, SUPPLY.no, since=at("11-03 17:30"))
    job = kit.visit("11-02 09:57", "11-03 13:30", part=SUPPLY)
    _forget(kit, job, "SHIP_DEF")
    for rule, part in (("PR-19", 1), ("AC-19", 2), ("AC-38", 1), ("PR-21", 1)):
        t.na(rule, job, "it may still be sent", part=part)
    job = kit.walk_in(part=SUPPLY)
    kit.blank(job, "repair_done")
    for rule, part in (("PR-18", 1), ("PR-19", 1), ("PR-21", 1), ("AC-19", 1), ("AC-19", 2),
                       ("AC-27", 1), ("AC-29", 1)):  # fmt: skip
        t.missing(rule, job, "the log does not say when it was repaired", part=part)


def never_back(kit: Kit) -> None:
    """PR-19, second part: what never reached the store, and what was sent without it."""
    t = kit.truth
    for promise, who, plant in (("10-29", 0, t.over), ("10-30", 1, t.na)):
        day = at(f"{promise} 13:30") - timedelta(1)
        job = kit.visit(f"{day:%m-%d} 09:58", f"{promise} 13:30", part=SUPPLY,
                        engineer=kit.office.crew.engineers[who])  # fmt: skip
        _forget(kit, job, "RETURN_DEF", "SHIP_DEF")
        due = close(job.time("repair_done"), 1)
        plant("PR-19", job, "e.4 PR-19: <= 5 working days after repair; it never came", part=2,
              base=job.time("repair_done"), limit=close(job.time("repair_done"), 5))  # fmt: skip
        for rule in ("PR-18", "AC-19"):
            t.follows(rule, job, "nonconforming", "never back in the store")
        t.loss("not_returned", job, SUPPLY.no, holder=job.fields["engineer"], since=due)
    job = kit.visit("10-19 09:58", "10-20 13:30", part=SUPPLY)
    _forget(kit, job, "RETURN_DEF")
    for rule in ("PR-18", "AC-19"):
        t.follows(rule, job, "nonconforming", "never in the store")
    t.loss("not_returned", job, SUPPLY.no, holder=job.fields["engineer"], since=at("10-21 17:30"))
    t.inside("PR-19", job, "e.4 PR-19: sent straight from the customer", part=2)
    why = "sent from a shelf on which it never lay"
    piece = str(move_of(kit, job, "SHIP_DEF")["serial"])
    for rule, part in (("PR-12", 1), ("PR-12", 2), ("AC-21", 1)):
        t.follows(rule, piece, "nonconforming", why, part)
    # The shelf is one short (PR-12), and the ledger keeps a line of what the centre has (AC-21).
    for sort in ("below_zero", "book_differs"):
        t.loss(sort, piece, SUPPLY.no, serial=piece)


def packed(kit: Kit) -> None:
    """PR-20: return list, waybill, tag, anti-static bag, one part to a bag."""
    t = kit.truth
    for blank, value, plant in (
        ("tag", "no", t.over), ("esd_bag", "no", t.over), ("waybill", "", t.over),
        ("", "", t.inside),
    ):  # fmt: skip
        job = kit.visit("10-14 09:55", "10-15 13:30", part=SUPPLY)
        if blank:
            kit.at_last(
                lambda job=job, blank=blank, value=value: kit.row(job, "returns").update(
                    {blank: value}
                )  # type: ignore[misc]
            )
        plant("PR-20", job, f"e.4 PR-20: 4 elements present; {blank or 'all are'}", part=2)
    t.inside("PR-20", job, "e.4 PR-20: on a return list")
    job = kit.visit("10-14 09:55", "10-15 13:30", part=SUPPLY)
    kit.at_last(lambda: kit.remove("returns", lambda row: row["_job"] is job))
    t.over("PR-20", job, "e.4 PR-20: sent, and on no return list")


# --- dead on arrival, damage ----------------------------------------------------------------------


def fresh(kit: Kit, no: str, when: str, many: int = 2) -> tuple[Part, list[str]]:
    """Receive pieces of a part of which only a planted case knows."""
    part = Part(no, f"专用件{no}", "desktop", "C", 20, serialised=True)
    pieces = [kit.store.receive(part, at(when)) for _ in range(many)]
    kit.store.free[no] = pieces[1:]
    return part, pieces


def arrived_dead(kit: Kit) -> None:
    """PR-22: reported within 1 working day of finding, and 14 days of receipt, with its ticket."""
    t = kit.truth
    for n, (reported, plant) in enumerate((("10-14 17:30", t.inside), ("10-14 17:31", t.over))):
        part, pieces = fresh(kit, f"D2{n}", "10-12 09:30")
        job = kit.visit("10-12 09:51", "10-13 13:30", part=part)
        _, row = dead(kit.office, kit.store, job, part, pieces[0], at(reported))
        plant("PR-22", job, "e.4 PR-22: <= 1 working day", base=job.time("diagnosed"),
              limit=at("10-14 17:30"), found=at(reported))  # fmt: skip
        t.inside("PR-22", str(row["move_id"]), "with its ticket", part=3)
        t.inside("PR-23", str(row["move_id"]), "never fitted before")
        why = "reported dead only after its ticket was closed, or later than the working day after"
        if job.has("closed") and at(reported) > job.time("closed"):
            t.follows("AC-41", job, "nonconforming", why, part=3)
        if plant == t.over:
            t.follows("PR-17", job, "nonconforming", why)
            t.loss("held", job, part.no, serial=pieces[0], holder=job.fields["engineer"],
                   since=at("10-14 17:30"))  # fmt: skip
    for n, (day, plant) in enumerate(((22, t.inside), (23, t.over)), 2):
        part, pieces = fresh(kit, f"D2{n}", "10-08 09:30")
        job = kit.visit(f"10-{day - 1} 09:51", f"10-{day} 13:30", part=part)
        dead(kit.office, kit.store, job, part, pieces[0], plus(job.time("diagnosed"), 5))
        plant("PR-22", pieces[0], "e.4 PR-22: within 14 days of receipt", part=2,
              base=at("10-08 09:30"), limit="14 days", found=f"{day - 8} days")  # fmt: skip
    part, pieces = fresh(kit, "D24", "10-08 09:30")
    job = kit.visit("10-12 09:52", "10-13 13:30", part=part)
    dead(kit.office, kit.store, job, part, pieces[0], plus(job.time("diagnosed"), 5))
    first = pieces[0]
    came = next(r for r in kit.office.rows["moves"] if r["serial"] == pieces[0])
    kit.at_last(lambda: [came.update(at=""), *(
        row.update(received_at="") for row in kit.office.rows["ledger"] if row["serial"] == first
    )])  # fmt: skip
    t.follows("PR-12", "D24", "unknown", "nobody knows when it came", part=2)
    t.follows("PR-14", job, "unknown", "nobody knows when it came")
    t.missing("PR-22", pieces[0], "nobody knows when it came", part=2)
    t.na("PR-22", kit.visit(part=FAN), "nothing was dead")
    t.na(
        "PR-22",
        kit.store.free["D24"][0] if kit.store.free["D24"] else pieces[1],
        "it was fitted",
        part=2,
    )
    part, pieces = fresh(kit, "D25", "10-12 09:30", 1)
    row = kit.store.move("DOA_REPORT", at("10-13 10:00"), part, pieces[0])
    kit.set(row, status_from="good")
    t.over("PR-22", str(row["move_id"]), "e.4 PR-22: with ticket", part=3)


def used_before(kit: Kit) -> None:
    """PR-23: what is claimed as dead on arrival was never fitted; the piece is in two places."""
    t = kit.truth
    part, pieces = fresh(kit, "D26", "10-12 09:30", 2)
    job = kit.visit("10-12 09:53", "10-13 13:30", part=part)
    row = kit.store.move("DOA_REPORT", at("10-14 11:00"), part, pieces[1], job=job)
    t.over("PR-23", str(row["move_id"]), "e.4 PR-23: no earlier consumption of the serial")
    t.loss("doa_used", job, part.no, serial=pieces[1], since=at("10-14 11:00"))
    t.over("PR-13", pieces[1], "e.4 PR-13: fitted in a machine, and dead on the shelf")
    t.follows("AC-20", pieces[1], "nonconforming", "fitted in a machine, and on the shelf", part=2)
    t.loss("two_places", pieces[1], part.no, serial=pieces[1], since=at("10-14 11:00"))
    t.over("PR-12", pieces[1], "e.4 PR-12: the engineer gives what he no longer has")
    t.follows("PR-12", pieces[1], "nonconforming", "the engineer gives what he has not", 2)
    t.follows("PR-13", pieces[1], "nonconforming", "in a machine, and dead on the shelf", 2)
    part_, both = kit.pieces("F13", "C", "08-10 09:00")
    kit.store.move("RECV", at("10-14 10:00"), part_, both[0])
    t.over("PR-13", both[0], "e.4 PR-13: received again while it lay in store", part=2)
    t.loss("two_places", both[0], "F13", serial=both[0], since=at("10-14 10:00"))
    t.inside("PR-13", pieces[0], "e.4 PR-13: one place at a time", part=2)
    t.loss("below_zero", pieces[1], part.no, serial=pieces[1], since=at("10-14 11:00"))
    t.follows("AC-21", pieces[1], "nonconforming", "it leaves a hand in which it no longer was")
    job = kit.visit(part=ROLLER)
    kit.store.move("ISSUE", job.time("parts_issued"), ROLLER, "", job=job)
    row = kit.store.move("DOA_REPORT", plus(job.time("diagnosed"), 4), ROLLER, "", job=job)
    t.missing("PR-23", str(row["move_id"]), "nobody wrote which piece it is")
    t.follows("PR-22", str(row["move_id"]), "unknown", "nor when that piece came", part=2)


def judged(kit: Kit) -> None:
    """PR-24: damage has a code of the table, and the charge is at least that of the table."""
    t = kit.truth
    for part, code, plant in ((ROLLER, "AD03", t.inside), (FAN, "AD03", t.over)):
        job = broken(kit, part, code)
        t.inside("PR-24", job, "e.4 PR-24: code in table")
        if plant == t.over:
            kit.at_last(lambda job=job: _abnormal(kit, job).update(damage_photo=""))  # type: ignore[misc]
        plant("PR-24", job, "e.4 PR-24: photo and customer's signature", part=3)
        plant("PR-24", job, "e.4 PR-24: charge >= table amount", part=2, limit="150",
              found=str(job.fields["charge_amount"]))  # fmt: skip
    job = broken(kit, ROLLER, "AD09")
    t.over("PR-24", job, "e.4 PR-24: code in table; it has no AD09")
    t.follows("PR-24", job, "nonconforming", "the table has no amount that would allow it", part=2)
    job = broken(kit, ROLLER, "")
    t.over("PR-24", job, "e.4 PR-24: judged with a code; there is none")
    t.na("PR-24", job, "without a code there is no amount to hold the charge against", part=2)
    job = broken(kit, ROLLER, "AD04")
    for row in kit.rows(job, "charges"):
        kit.at_last(lambda row=row: row.update(amount=""))  # type: ignore[misc]
    t.missing("PR-24", job, "nobody wrote what was charged", part=2)
    t.follows("AC-35", "CD 2026-11-03", "unknown", "charged that day, and nobody wrote how much")
    for rule, part in (("AC-12", 4), ("AC-12", 5), ("AC-35", 3)):
        t.follows(rule, job, "unknown", "nobody wrote what was charged", part)
    for part in (1, 3):
        t.follows("PR-24", "Z13", "unknown", "nobody wrote its status, so nor if damaged", part)
    t.na("PR-24", "G91", "nothing damaged")
    t.na("PR-24", "G91", "nothing damaged", part=2)


def _abnormal(kit: Kit, job: Job) -> Row:
    return kit.row(job, "ledger", status="abnormal")


def broken(kit: Kit, part: Part, code: str) -> Job:
    """Let a customer's machine come in damaged, late enough that the old part is not yet due."""
    job = kit.walk_in(
        "10-30 10:05", "11-03 14:05", paid=True, part=part, line="desktop", score=None
    )
    when = plus(job.time("repair_done"), 30)
    kit.set(move_of(kit, job, "CONSUME"), return_required="yes")
    kit.store.move("RETURN_DEF", when, part, kit.store.old(part), job=job, returned="yes")
    damage(kit.office, job, code)
    return job
