"""Planted cases of asking for parts and getting them: PR-01 to PR-10, worded from domain e.4."""

from datetime import datetime

from month.book import Job, Row
from month.clock import at, plus
from month.kit import FAN, Kit
from month.parts import Store
from month.plants_parts import open_visit
from month.service import requested
from month.storing import LOANED, loan, order


def asked(kit: Kit, job: Job) -> Row:
    """Give the request of a ticket."""
    return kit.row(job, "requests")


def complete(kit: Kit) -> None:
    """PR-01: ticket, serial, part, quantity, symptom and applicant; quantity 1 to 5."""
    t = kit.truth
    row = asked(kit, kit.visit(part=FAN))
    kit.set(row, symptom="")
    t.over("PR-01", str(row["request_no"]), "e.4 PR-01: no blank; the symptom is")
    row = asked(kit, kit.visit(part=FAN))
    t.inside("PR-01", str(row["request_no"]), "e.4 PR-01: no blank")
    for qty, plant in ((1, t.inside), (5, t.inside), (6, t.over), (0, t.over)):
        row = asked(kit, kit.visit(part=FAN))
        kit.set(row, qty=qty)
        plant("PR-01", str(row["request_no"]), "e.4 PR-01: qty 1..5", part=2, limit="1 to 5",
              found=str(qty))  # fmt: skip
    row = asked(kit, kit.visit(part=FAN))
    kit.set(row, qty="")
    t.follows("PR-01", str(row["request_no"]), "nonconforming", "the quantity is blank")
    t.missing("PR-01", str(row["request_no"]), "nobody wrote how many", part=2)


def again(kit: Kit, job: Job, approver: str) -> Row:
    """Ask a second time for the same part on the same ticket."""
    first = {name: value for name, value in asked(kit, job).items() if name != "_job"}
    number = f"{kit.office.code}SQ{kit.office.number('request'):04d}"
    return kit.office.add("requests", job, **first | {"request_no": number, "approver": approver})


def once(kit: Kit) -> None:
    """PR-02: one open request per ticket and part; a second needs the manager."""
    t, crew = kit.truth, kit.office.crew
    for who, plant in ((crew.store, t.over), (crew.manager, t.inside)):
        row = again(kit, kit.visit(part=FAN), who)
        plant("PR-02", str(row["request_no"]), "e.4 PR-02: a second needs manager approval",
              found=who)  # fmt: skip
    row = asked(kit, kit.visit(part=FAN))
    kit.set(row, ticket_no="")
    t.missing("PR-02", str(row["request_no"]), "nobody wrote for which ticket")
    t.follows("PR-01", str(row["request_no"]), "nonconforming", "the ticket is blank")
    t.follows("PR-03", str(row["request_no"]), "unknown", "nor whether it was damaged")
    t.follows("PR-06", str(row["request_no"]), "unknown", "nor whether it was ordered")


def approval(kit: Kit) -> None:
    """PR-03: up to 500 yuan the specialist, above the manager."""
    t, crew = kit.truth, kit.office.crew
    for no, price, who, plant in (
        ("Q31", 500, crew.store, t.inside), ("Q32", 501, crew.store, t.over),
        ("Q33", 501, crew.manager, t.inside), ("Q34", 20, "", t.over),
    ):  # fmt: skip
        row = asked(kit, kit.visit(part=kit.special(no, "C", 5, price=price)))
        kit.set(row, approver=who)
        plant("PR-03", str(row["request_no"]), "e.4 PR-03: part price > 500 yuan: station manager",
              limit="500", found=str(price))  # fmt: skip
    row = asked(kit, kit.visit(part=kit.special("Q35", "C", 5)))
    kit.at_last(lambda: [line.update(unit_price="") for line in kit.office.rows["ledger"]
                         if line["part_no"] == "Q35"])  # fmt: skip
    t.missing(
        "PR-03", str(row["request_no"]), "the ledger does not say what it costs", also=("Q35",)
    )


def consent(kit: Kit) -> None:
    """PR-04: for a paid job the quote is accepted before the part is issued."""
    t = kit.truth
    names = "quote_accepted unit_received handed_to_bench diagnosed parts_requested parts_answered"
    moments = dict.fromkeys(names.split(), "10-21 10:10")
    job = kit.walk_in("10-21 10:00", paid=True, part=FAN, fixed=moments | {
        "parts_issued": "10-21 10:11", "repair_started": "10-21 10:20"})  # fmt: skip
    why = "e.4 PR-04: quote_accepted < issue"
    t.inside("PR-04", job, why, limit=job.time("parts_issued"), found=job.time("quote_accepted"))
    job = kit.walk_in(paid=True, part=FAN)
    given = job.time("parts_issued")
    job.move("quote_accepted", plus(given, 1))
    t.over("PR-04", job, why, limit=given, found=plus(given, 1))
    t.deviation("F3", "out of order", job, "quote_accepted", "F3.P comes before F3.4 (b, F5.C2)")
    t.follows("AC-10", job, "nonconforming", "accepted after the machine was taken in")
    t.na("PR-04", kit.walk_in(part=FAN), "a.4: in warranty: not chargeable")
    job = kit.walk_in(paid=True, part=FAN)
    kit.blank(job, "quote_accepted")
    t.missing("PR-04", job, "the log does not say when it was accepted")
    t.missing("AC-11", job, "the log does not say when it was accepted")


def answered(kit: Kit) -> None:
    """PR-05: a request of just now may still be answered."""
    job = open_visit(kit)
    job.now = at("11-05 17:04")
    row = requested(job, FAN)
    job.drop("parts_answered")
    kit.set(row, answered_at="")
    for rule, part in (("PR-05", 1), ("AC-17", 2)):
        kit.truth.na(rule, str(row["request_no"]), "30 working min are not over yet", part=part)


def ordered(kit: Kit, when: str = "10-12 10:00") -> Row:
    """Order fans for the store."""
    return order(kit.office, kit.store, FAN, at(when))


def shipped(kit: Kit) -> None:
    """PR-07: the centre ships within 2 working days of the order."""
    t = kit.truth
    for late, plant in ((0, t.inside), (1, t.over)):
        row = ordered(kit)
        sent = plus(at("10-14 17:30"), late)
        kit.set(row, shipped_at=sent, arrived_at=at("10-16 09:40"), booked_at=at("10-16 10:00"))
        plant("PR-07", str(row["order_no"]), "e.4 PR-07: <= 2 working days after confirmed order",
              base=row["at"], limit=at("10-14 17:30"), found=sent)  # fmt: skip
    row = ordered(kit, "11-05 11:00")
    t.na("PR-07", str(row["order_no"]), "ordered today, to be shipped yet")
    row = ordered(kit)
    kit.at_last(lambda: row.update(at=""))
    t.missing("PR-07", str(row["order_no"]), "nobody knows when it was ordered")


def booked(kit: Kit) -> None:
    """PR-09 and PR-10: booked, and a shortage claimed, within 1 working day of arrival."""
    t = kit.truth
    came = at("10-14 09:40")
    for late in (0, 1):
        row = ordered(kit)
        done = plus(at("10-15 17:30"), late)
        kit.set(row, arrived_at=came, booked_at=done)
        plant = t.over if late else t.inside
        plant("PR-09", str(row["order_no"]), "e.4 PR-09: <= 1 working day after arrival",
              base=came, limit=at("10-15 17:30"), found=done)  # fmt: skip
        row = ordered(kit)
        kit.set(row, arrived_at=came, claimed_at=done, short_or_damaged="yes")
        kit.set(row, photo="" if late else "IMG-DS-01.jpg")
        plant("PR-10", str(row["order_no"]), "e.4 PR-10: at least 1 photo", part=2)
        plant("PR-10", str(row["order_no"]), "e.4 PR-10: claimed <= 1 working day after arrival",
              base=came, limit=at("10-15 17:30"), found=done)  # fmt: skip
    row = ordered(kit)
    t.na("PR-10", str(row["order_no"]), "nothing was short or damaged")
    row = ordered(kit, "11-04 10:00")
    t.na("PR-09", str(row["order_no"]), "it has not come yet")
    row = ordered(kit)
    kit.at_last(
        lambda: row.update(
            arrived_at="", claimed_at=at("10-15 10:00"), photo="1.jpg", short_or_damaged="yes"
        )
    )
    for rule in ("PR-09", "PR-10"):
        t.missing(rule, str(row["order_no"]), "booked and claimed, and nobody wrote when it came")


def deposit(kit: Kit) -> None:
    """PR-08 and PR-32: what is on loan stays within 60 % of the deposit; none is overdue."""
    t, code = kit.truth, kit.office.code
    if code == "CQ":
        lent(kit, "11-20", value="3000.01")
        t.over("PR-08", code, "e.4 PR-08: sum(on-loan value) <= 60 % of 10,000", limit="6000",
               found="6000.01")  # fmt: skip
        return
    t.inside("PR-08", code, "e.4 PR-08: sum(on-loan value) <= limit; what came back is not on loan",
             limit="6000", found="6000")  # fmt: skip
    for due, plant in (("11-05", t.inside), ("11-04", t.over)):
        row = lent(kit, due, value=500)
        plant("PR-32", str(row["loan_no"]), "e.4 PR-32: overdue loans = 0", part=2,
              limit=f"2026-{due}", found="2026-11-05")  # fmt: skip
        if plant == t.over:
            t.loss("loan_overdue", str(row["loan_no"]), "ZJ1", serial=str(row["serial"]),
                   holder=row["borrower"], since=f"2026-{due}")  # fmt: skip
    row = lent(kit, "11-20", value=1000)
    t.inside("PR-32", str(row["loan_no"]), "e.4 PR-32: borrower, ticket, due date, signature")
    kit.set(lent(kit, "11-20", value=500), signed="")
    row = kit.office.rows["loans"][-1]
    t.over("PR-32", str(row["loan_no"]), "e.4 PR-32: no signature")
    t.inside("PR-32", str(row["serial"]), "e.4 PR-32: the loan has its papers", part=3)
    row = kit.store.move("LOAN_OUT", at("10-22 10:00"), LOANED, kit.store.take(LOANED))
    t.over("PR-32", str(row["move_id"]), "e.4 PR-32: lent, and in no list of loans", part=3)
    t.loss("loan_overdue", str(row["move_id"]), "ZJ1", serial=str(row["serial"]))
    row = lent(kit, "11-20", value=500)
    kit.set(row, due="")
    t.follows("PR-32", str(row["loan_no"]), "nonconforming", "the due date is blank")
    t.missing("PR-32", str(row["loan_no"]), "nobody wrote when it is due", part=2)


def lent(kit: Kit, due: str, value: object) -> Row:
    """Lend a machine for a ticket that waits at the bench."""
    stays = [job for job in kit.office.jobs if job.has("unit_received")
             and job.time("unit_received") > at("10-20 08:00")]  # fmt: skip
    job = stays[kit.office.number("lent")]
    gone: datetime = plus(job.time("unit_received"), 10)
    store: Store = kit.store
    return loan(kit.office, store, job, gone, at(f"{due} 17:30"), None, value)
