"""Planted cases of free and paid parts, and of cash that is short: PR-30, PR-31, PR-34, AC-14."""

from month.book import Job
from month.clock import at, close
from month.kit import FAN, Kit
from month.plants_money import paid


def free(kit: Kit) -> None:
    """PR-30: a free part only when the machine is in warranty and the class of part covered."""
    t = kit.truth
    why = "e.4 PR-30, a.4: class other of a desktop is covered 12 months"
    job = kit.visit("10-12 09:58", "10-13 13:30", part=FAN)
    job.fields["purchase_date"] = "2025-10-12"
    t.inside("PR-30", job, why, base="2025-10-12", limit="2026-10-12", found=job.opened)
    job = kit.visit("10-13 09:58", "10-14 13:30", part=FAN)
    job.fields["purchase_date"] = "2025-10-12"
    t.over("PR-30", job, why, base="2025-10-12", limit="2026-10-12", found=job.opened)
    t.follows("AC-15", job, "nonconforming", "opened after the warranty had ended")
    job = kit.visit(part=FAN)
    kit.at_last(lambda job=job: job.fields.update(purchase_date=""))  # type: ignore[misc]
    for rule in ("PR-30", "AC-15"):
        t.missing(rule, job, "without the day of purchase nothing can be recomputed")
    t.na("PR-30", kit.visit(paid=True, part=FAN), "paid for")


def second(kit: Kit, first: Job, opened: str, **more: object) -> Job:
    """Let the same machine come again."""
    job = kit.visit(opened, **more)
    names = ("serial", "purchase_date", "product_line", "model")
    job.fields |= {name: first.fields[name] for name in names}
    for row in kit.rows(job, "requests"):
        row["serial"] = first.fields["serial"]
    return job


def same_fault(kit: Kit) -> None:
    """PR-31: the same fault within 30 days is mended free of charge."""
    t, kit.office.method = kit.truth, "merchant"
    why = "e.4 PR-31, S19: >= 30 days of normal use; the same fault again is free inside it"
    for fetched, days, costs, plant in (
        ("09-09 15:00", 30, True, t.over), ("09-08 15:00", 31, True, t.na),
        ("09-09 15:00", 30, False, t.inside),
    ):  # fmt: skip
        first = kit.walk_in("09-07 10:31", fetched, paid=True)
        first.fields["cause_code"] = "hw_contact"
        again = second(kit, first, "10-09 09:18", paid=costs)
        again.fields |= {
            "cause_code": "hw_contact",
            "warranty_status": "out" if costs else "override",
        }
        if not costs:
            again.fields |= {"warranty_reason": "after_repair", "onsite_eligible": "yes"}
        plant("PR-31", again, why, base=first.time("completed"), limit="30 days",
              found=f"{days} days", also=(first,))  # fmt: skip
        if days <= 30:
            t.follows("AC-30", again, "nonconforming", "the same machine within 30 days")
    kit.office.method = ""
    job = kit.visit()
    kit.at_last(lambda: job.fields.update(serial=""))
    t.follows("AC-06", job, "nonconforming", "a mandatory field of the ticket is blank")
    for rule in ("PR-31", "AC-30"):
        t.missing(rule, job, "nobody knows which machine it is")


def own_warranty(kit: Kit) -> None:
    """PR-31: a part that was fitted has 90 days of its own."""
    t, kit.office.method = kit.truth, "merchant"
    why = "e.4 PR-31: part warranty = max(90 d, rest of machine warranty)"
    for n, (days, status, plant) in enumerate(
        ((90, "out", t.over), (90, "override", t.inside), (91, "out", t.inside))
    ):
        done = "07-14 11:00" if days == 90 else "07-13 11:00"
        came = "07-13 10:3" if days == 90 else "07-10 10:3"
        first = kit.walk_in(f"{came}{n}", "07-15 15:00", paid=True, line="desktop",
                            fixed={"repair_done": done})  # fmt: skip
        again = second(kit, first, "10-12 09:19", paid=status == "out")
        again.fields |= {"parent_ticket": first, "warranty_status": status}
        if status == "override":
            again.fields |= {"warranty_reason": "after_repair", "onsite_eligible": "yes"}
        plant("PR-31", again, why, part=2, base=at(done), limit="90 days", found=f"{days} days",
              also=(first,))  # fmt: skip
    t.na("PR-31", kit.visit(), "no earlier ticket", part=2)
    kit.office.method = ""


def charged(kit: Kit) -> None:
    """PR-34: paid parts = charged lines = price list edition."""
    t = kit.truth
    why = "e.4 PR-34: paid parts = charged lines"
    job = kit.visit(paid=True, part=FAN)
    t.inside("PR-34", job, why, limit="0", found="0")
    t.inside("PR-34", job, "e.4 PR-34: price as in the list", part=2)
    job = kit.visit(paid=True, part=FAN)
    kit.set(kit.row(job, "charges", code="P09"), qty=2, amount=90)
    total = int(str(job.fields["charge_amount"])) + 45
    job.fields |= {"quote_amount": total, "charge_amount": total}
    for line in kit.rows(job, "cash_book"):
        line["amount"] = total
    t.over("PR-34", job, why + "; one fitted, two charged", limit="1", found="2")
    job = kit.visit(paid=True, part=FAN)
    row = kit.row(job, "charges", code="P09")
    kit.set(row, price="45.01", amount="45.01", approval="TP-2610-09")
    total = int(str(job.fields["charge_amount"]))
    job.fields |= {"quote_amount": f"{total}.01", "charge_amount": f"{total}.01"}
    for line in kit.rows(job, "cash_book"):
        line["amount"] = f"{total}.01"
    t.over("PR-34", job, "e.4 PR-34: price as in the list", part=2, limit="45", found="45.01")
    t.na("PR-34", kit.visit(part=FAN), "not chargeable")
    job = kit.visit(paid=True, part=FAN)
    kit.set(kit.row(job, "charges", code="P09"), qty="")
    t.missing("PR-34", job, "nobody wrote how many were charged")
    t.follows("AC-12", job, "unknown", "nor what the line comes to", 4)


def kept_cash(kit: Kit) -> None:
    """AC-14, AC-35: cash that was collected and never handed in, or not all of it."""
    t, crew = kit.truth, kit.office.crew
    job = paid(kit, "cash", opened="10-19 09:58", promise="10-20 09:30", engineer=crew.engineers[1])
    job.drop("payment_handed_in")
    kit.remove("cash_book", lambda row: row["_job"] is job and row["kind"] == "handed_in")
    t.over("AC-14", job, "c.11 AC-14: collected in cash and never handed in",
           base=job.time("payment_collected"), limit=close(job.time("payment_collected"), 0))  # fmt: skip
    t.lacks(crew.engineers[1], str(job.fields["charge_amount"]), job.time("payment_collected"))
    t.deviation("F2", "skipped", job, "payment_handed_in", "F2.15 (b)")
    job = paid(kit, "cash", opened="10-21 09:58", promise="10-22 09:30", engineer=crew.engineers[0])
    row = kit.row(job, "cash_book", kind="handed_in")
    kit.set(row, amount=int(str(row["amount"])) - 20)
    t.lacks(crew.engineers[0], "20", job.time("payment_collected"))
