"""Planted cases of the store: PR-11 to PR-15 and PR-26 to PR-33, worded from domain e.4."""

from datetime import datetime

from month.book import Row
from month.clock import at, plus
from month.kit import FAN, Kit
from month.plants_parts import line
from month.storing import adjust, scrap, stated, transferred
from month.world import Part


def statuses(kit: Kit) -> None:
    """PR-11: the status of each piece is one of the list."""
    t = kit.truth
    for no, status, plant in (("Z11", "good", t.inside), ("Z12", "不良", t.over), ("Z13", "", t.missing)):  # fmt: skip
        kit.special(no, "C", 4)
        kit.at_last(lambda no=no, status=status: line(kit, no).update(status=status))  # type: ignore[misc]
        plant("PR-11", no, f"e.4 PR-11: no unknown status; {status or 'nobody wrote it'}")
    t.follows("AC-21", "Z12", "nonconforming", "nothing ever came into that status")
    t.loss("book_differs", "Z12", "Z12", qty=4)
    t.follows("AC-21", "Z13", "unknown", "nobody wrote its status, so nor what it should come to")


def first_in(kit: Kit) -> None:
    """PR-14: of a part and revision the oldest receipt is issued first."""
    t = kit.truth
    part, pieces = kit.pieces(
        "F14", "C", "08-10 09:00", "08-11 09:00", "08-12 09:00", "08-13 09:00"
    )
    kit.store.free["F14"] = [pieces[n] for n in (1, 0, 2)]
    for n, plant in ((1, t.over), (0, t.inside), (2, t.inside)):
        job = kit.visit(
            f"10-{12 + n // 2} 09:2{n}", f"10-{13 + [1, 0, 2].index(n)} 13:30", part=part
        )
        plant("PR-14", job, "e.4 PR-14: oldest receipt first", found=pieces[n],
              limit=pieces[0 if n == 1 else n])  # fmt: skip
    part, pieces = kit.pieces("F15", "C", "08-10 09:00")
    job = kit.visit(part=part)
    kit.at_last(lambda: _received(kit, pieces[0]).update(received_at=""))
    t.missing("PR-14", job, "nobody wrote when the piece came")
    t.na("PR-14", kit.visit(part=FAN), "one fan is like the other")


def _received(kit: Kit, serial: str) -> Row:
    return next(row for row in kit.office.rows["ledger"] if row["serial"] == serial)


def to_open_tickets(kit: Kit) -> None:
    """PR-15: issued to an open ticket only."""
    t = kit.truth
    for late, plant in ((0, t.inside), (1, t.over)):
        job = kit.visit(part=FAN)
        given = plus(job.time("completed"), late)
        row = kit.store.move("ISSUE", given, FAN, "", job=job)
        kit.store.move("RETURN_GOOD", plus(given, 5), FAN, "", job=job)
        for rule in ("PR-15", "AC-17"):
            plant(rule, str(row["move_id"]), "e.4 PR-15: only against an open ticket",
                  limit=job.time("completed"), found=given)  # fmt: skip
        if late:
            t.loss("without_ticket", job, FAN.no, holder=job.fields["engineer"], since=given)
    job = kit.visit(part=kit.special("Z15", "C", 5))
    row = kit.row(job, "moves", move_type="ISSUE")
    kit.at_last(lambda: row.update(at=""))
    for rule in ("PR-15", "AC-17", "PR-16"):
        t.missing(rule, str(row["move_id"]), "nobody knows when it was issued")
    t.follows("AC-21", "Z15", "unknown", "nobody knows on which day it went out")
    t.follows("PR-12", "Z15", "unknown", "nobody knows on which day it went out", part=2)


def agreed(kit: Kit) -> None:
    """PR-26: what differs from the statement of the centre is explained within 3 working days."""
    t, office = kit.truth, kit.office
    why = "e.4 PR-26: difference lines explained <= 3 working days"
    for no, centre, explained, plant in (
        ("S61", 5, "10-10 17:30", t.inside), ("S62", 5, "10-10 17:31", t.over),
        ("S63", 5, "", t.over), ("S64", 4, "", t.inside), ("S65", "", "", t.missing),
    ):  # fmt: skip
        stated(office, no, centre, 4, explained)
        plant("PR-26", no, why, limit=at("10-10 17:30"), found=at(explained) if explained else "")
        if plant == t.over:
            t.loss("statement", no, no)


def adjusted(kit: Kit) -> None:
    """PR-27: an adjustment has a reason and an approval, up to 200 yuan the manager's."""
    t, manager = kit.truth, kit.office.crew.manager
    for no, price, qty, by, reason, plant in (
        ("J71", 40, 5, manager, "破损", t.inside), ("J72", 67, 3, manager, "破损", t.over),
        ("J73", 67, 3, "9001", "破损", t.inside), ("J74", 20, 2, "", "破损", t.over),
        ("J75", 20, 2, manager, "", t.over), ("J76", 20, 2, manager, "破损", t.missing),
    ):  # fmt: skip
        part = kit.special(no, "C", 100, price=price)
        row = adjust(kit.office, kit.store, part, "ADJ_MINUS", qty, 100 - qty, by, reason)
        plant("PR-27", str(row["count_id"]), "e.4 PR-27: <= 200 yuan manager, above region",
              limit="200", found=str(price * qty))  # fmt: skip
        if plant == t.over:
            t.loss("unapproved", str(row["count_id"]), no, qty=qty, since=at("10-08 15:20"))
        if by == "" or reason == "":
            t.follows("AC-36", str(row["count_id"]), "nonconforming",
                      "c.11 AC-36: counted otherwise than booked, and no approval", part=2)  # fmt: skip
    kit.at_last(lambda: line(kit, "J76").update(unit_price=""))
    t.na("PR-27", "P13", "counted as booked, nothing adjusted")


def scrapped(kit: Kit) -> None:
    """PR-28: list, photo, two signatures and the approval of the centre."""
    t = kit.truth
    kit.store.lot(FAN, 9, status="defective")
    for blank, plant in (
        ("", t.inside), ("photo", t.over), ("second_signature", t.over), ("centre_approval", t.over),
        ("signed_by", t.over),
    ):  # fmt: skip
        row = scrap(kit.office, kit.store, FAN, at("10-27 15:00"), 1)
        if blank:
            row[blank] = ""
        plant(
            "PR-28", str(row["list_no"]), f"e.4 PR-28: 4 elements present; {blank or 'all'}", part=2
        )
        t.inside("PR-28", str(row["move_id"]), "e.4 PR-28: on a list")
        if blank:
            t.loss("scrap_papers", str(row["move_id"]), FAN.no, since=at("10-27 15:00"))
    row = scrap(kit.office, kit.store, FAN, at("10-27 15:30"), 1)
    t.inside("PR-28", str(row["list_no"]), "e.4 PR-28: two signatures", part=3)
    row = scrap(kit.office, kit.store, FAN, at("10-27 15:40"), 1)
    row["second_signature"] = row["signed_by"]
    t.over("PR-28", str(row["list_no"]), "e.4 PR-28: two signatures; of one person", part=3)
    t.loss("scrap_papers", str(row["list_no"]), FAN.no, since=at("10-27 15:40"))
    row = kit.store.move("SCRAP", at("10-27 16:00"), FAN, "")
    t.over("PR-28", str(row["move_id"]), "e.4 PR-28: scrapped, and on no list")
    t.loss("scrap_papers", str(row["move_id"]), FAN.no, since=at("10-27 16:00"))


def ageing(kit: Kit) -> None:
    """PR-29: no movement for 180 days."""
    t = kit.truth
    for no, since, plant in (("G91", "05-09 10:00", t.inside), ("G92", "05-08 10:00", t.over)):
        part = Part(no, f"专用件{no}", "desktop", "C", 20, serialised=False)
        kit.store.lot(part, 1, since=at(since))
        plant("PR-29", no, "e.4 PR-29: no movement for 180 days", base=at(since), limit="180 days",
              found="180 days" if plant == t.inside else "181 days")  # fmt: skip
        if plant == t.over:
            t.loss("ageing", no, no, since=at(since))
    for no, since, plant in (("G94", "05-09 10:00", t.inside), ("G95", "05-08 10:00", t.over)):
        part = Part(no, f"专用件{no}", "desktop", "C", 20, serialised=False)
        kit.store.lot(part, 1, since=at(since))
        kit.at_last(lambda no=no: line(kit, no).update(last_move_at=""))  # type: ignore[misc]
        plant("PR-29", no, "e.4 PR-29: no movement for 180 days since it came", part=2,
              base=at(since), limit="180 days")  # fmt: skip
        if plant == t.over:
            t.loss("ageing", no, no, since=at(since))
    for no, proposed, plant, n in (
        ("G96", "10-05 10:00", t.inside, 1), ("G97", "10-04 10:00", t.over, 1),
        ("G98", "10-05 10:00", t.inside, 2), ("G99", "10-04 10:00", t.over, 2),
    ):  # fmt: skip
        part = Part(no, f"专用件{no}", "desktop", "C", 20, serialised=False)
        kit.store.lot(part, 1, since=at("03-02 10:00"))
        change = {"return_proposed_at": at(proposed)} | ({"last_move_at": ""} if n == 2 else {})
        kit.at_last(lambda no=no, change=change: line(kit, no).update(change))  # type: ignore[misc]
        plant("PR-29", no, "e.4 PR-29: return proposal listed monthly", part=n, limit="1 month")
        if plant == t.over:
            t.loss("ageing", no, no, since=at("03-02 10:00"))
    for no, n in (("G81", 1), ("G82", 2)):
        part = Part(no, f"专用件{no}", "desktop", "C", 20, serialised=False)
        kit.store.lot(part, 0, since=at("03-02 10:00"))
        if n == 2:
            kit.at_last(lambda no=no: line(kit, no).update(last_move_at=""))  # type: ignore[misc]
        t.na("PR-29", no, "none is left that could be returned", part=n)
    kit.special("G93", "C", 3)
    kit.at_last(lambda: line(kit, "G93").update(last_move_at="", received_at=""))
    t.missing("PR-29", "G93", "nobody knows when it last moved", part=2)
    t.follows("PR-29", "Z13", "unknown", "nobody wrote its status")


TRANSFERS = (
    ("T31", "10-13 16:00", "10-16 17:30"), ("T32", "10-13 16:00", "10-16 17:31"),
    ("T33", "10-20 10:00", ""), ("T34", "11-04 10:00", ""), ("T35", "", "10-22 11:00"),
    ("T36", "10-20 10:00", "10-22 11:00"),
)  # fmt: skip
"""What was sent, when it left Chengdu and when Chongqing booked it in."""


def transfers(kit: Kit) -> None:
    """PR-33: booked on both sides, no more than 3 working days on the way; both offices see both."""
    t, home = kit.truth, kit.office.code == "CD"
    for no, out, came in TRANSFERS:
        part = Part(no, f"专用件{no}", "desktop", "C", 20, serialised=False)
        kit.store.parts[no] = part
        if home:
            kit.store.lot(part, 6)
        elif came:
            kit.store.came[no] = at(came)
        rows = transferred(kit.office, kit.store, part, _when(out), _when(came), 2)
        plant = {"T31": t.inside, "T34": t.na, "T36": t.missing}.get(no, t.over)
        why = {
            "T33": "booked out, never in", "T35": "booked in, never out",
            "T34": "it may still be on the way", "T36": "nobody knows when it left",
        }.get(no, "in-transit <= 3 working days")  # fmt: skip
        if no == "T36":
            rows[0]["at"] = ""
        if home:
            plant("PR-33", no, f"e.4 PR-33: {why}", base=_when(out) or "", found=_when(came) or "",
                  limit=at("10-16 17:30") if no in {"T31", "T32"} else "")  # fmt: skip
            if plant == t.over:
                t.loss("in_transit", no, no, qty=2, since=at(out or came))
    if home:
        t.follows("PR-12", "T36", "unknown", "nobody knows on which day it left", part=2)
        t.follows("AC-21", "T36", "unknown", "nobody knows on which day it left")


def _when(text: str) -> datetime | None:
    return at(text) if text else None
