"""Planted cases of paid service, money and warranty: AC-11 to AC-16 and AC-35."""

from month.base import declined, declined_at_counter
from month.book import Job
from month.clock import at, plus
from month.kit import FAN, Kit
from month.service import EDITION


def consent(kit: Kit) -> None:
    """AC-11 and AC-16: the quote is accepted before work begins; declined means no work."""
    t = kit.truth
    why = "c.11 AC-11: quote_accepted < repair_started"
    job = kit.walk_in("10-21 10:00", paid=True, fixed={
        "quote_accepted": "10-21 10:10", "unit_received": "10-21 10:10",
        "handed_to_bench": "10-21 10:10", "diagnosed": "10-21 10:10",
        "repair_started": "10-21 10:11",
    })  # fmt: skip
    t.inside("AC-11", job, why, limit=job.time("repair_started"), found=job.time("quote_accepted"))
    job = kit.walk_in(paid=True)
    started = job.time("repair_started")
    job.move("quote_accepted", plus(started, 1))
    t.over("AC-11", job, why, limit=started, found=plus(started, 1))
    t.follows("AC-10", job, "nonconforming", "accepting lies after the repair began")
    t.deviation("F3", "out of order", job, "quote_accepted", "F3.P comes before F3.4 (b, F5.C2)")
    free = kit.walk_in()
    for rule in ("AC-11", "AC-16"):
        t.na(rule, free, "a.4: in warranty, hardware: not chargeable")
    dim = kit.visit()
    kit.at_last(lambda: dim.fields.update(fault_class=""))
    t.follows("AC-06", dim, "nonconforming", "a mandatory field of the ticket is blank")
    for rule, part in (("AC-11", 1), ("AC-16", 1), ("AC-12", 3)):
        t.missing(
            rule,
            dim,
            "the class of fault is not written: nobody can tell whether chargeable",
            part=part,
        )
    job = kit.walk_in(paid=True)
    job.drop("quote_accepted")
    t.over("AC-16", job, "c.11 AC-16: chargeable, and neither accepted nor declined")
    t.follows("AC-11", job, "nonconforming", "repaired without acceptance")
    t.deviation("F3", "skipped", job, "quote_accepted", "F5.C2 needs an answer (b)")
    t.inside("AC-16", kit.walk_in(paid=True), "accepted")


def refused(kit: Kit) -> None:
    """AC-16, declined: cancelled with a reason, and nothing follows."""
    t = kit.truth
    job = declined(kit.office, at("10-15 10:02"))
    for part in (2, 3, 4, 5):
        t.inside("AC-16", job, "declined, cancelled, with reason, and nothing after it", part=part)
    job = declined(kit.office, at("10-15 10:12"))
    job.insert("quote_accepted", plus(job.now, 3), "HTL")
    t.over("AC-16", job, "c.11 AC-16: declined and accepted after all", part=2)
    t.deviation("F1", "extra", job, "quote_accepted|quote_declined", "F5.A3 has one answer (b)")
    job = declined(kit.office, at("10-15 10:22"))
    job.fields["status"] = "to_dispatch"
    t.over("AC-16", job, "c.11 AC-16: declined implies cancelled", part=3, found="to_dispatch")
    job = declined(kit.office, at("10-15 10:32"))
    job.fields["reason_code"] = ""
    t.over("AC-16", job, "c.11 AC-16: declined with a reason", part=4)
    job = declined_at_counter(kit.office, at("10-15 10:42"))
    job.insert("repair_started", plus(job.now, 30), "INS")
    t.over("AC-16", job, "c.11 AC-16: no repair after declining", part=5)
    t.follows("AC-11", job, "nonconforming", "repaired without acceptance")
    t.deviation("F3", "extra", job, "repair_started", "F3.P declined leads to the end (b)")


def charges(kit: Kit) -> None:
    """AC-12 and AC-13: charged as quoted and from the list, with an invoice of its own."""
    t = kit.truth
    why = "c.11 AC-12: charged = quoted, tolerance 0"
    job = kit.visit(paid=True)
    quote = str(job.fields["quote_amount"])
    t.inside("AC-12", job, why, base=quote, found=quote)
    t.inside("AC-12", job, "every line from the list", part=2)
    t.inside("AC-13", job, "c.11 AC-13: an invoice number")
    t.inside("AC-13", job, "c.11 AC-13: its number comes once", part=2)
    for approval, plant in (("", t.over), ("TP-2610-01", t.inside)):
        job = kit.visit(paid=True)
        quote = f"{job.fields['quote_amount']}"
        job.fields["charge_amount"] = f"{quote}.01"
        for row in kit.rows(job, "charges"):
            row["approval"] = approval
        plant(
            "AC-12",
            job,
            why + (", unless approved" if approval else ""),
            base=quote,
            found=f"{quote}.01",
        )
        plant(
            "AC-12", job, "its lines add up to the quote, not to the charge", part=5, found="0.01"
        )
    job = kit.visit(paid=True)
    row = kit.row(job, "charges", code="L01")
    kit.set(row, price="100.01", amount="100.01")
    total = f"{job.fields['quote_amount']}.01"
    job.fields |= {"quote_amount": total, "charge_amount": total}
    for line in kit.rows(job, "cash_book"):
        line["amount"] = total
    t.over(
        "AC-12",
        job,
        "c.11 AC-12: each line as in the list in force",
        part=2,
        limit="100",
        found="100.01",
    )
    for approval, plant in (("", t.over), ("TP-2610-02", t.inside)):
        job = kit.visit(paid=True)
        kit.set(kit.row(job, "charges", code="L01"), code="L05", approval=approval)
        plant(
            "AC-12",
            job,
            "c.11 AC-12: L05 is not in the list; an approved exception excuses it",
            part=2,
        )
    job = kit.visit(part=FAN)
    charged = {"quote_amount": "0.01", "charge_amount": "0.01", "quote_edition": EDITION,
               "invoice_no": f"26{kit.office.code}99000001", "payment_method": "merchant"}  # fmt: skip
    kit.at_last(lambda job=job: job.fields.update(charged))  # type: ignore[misc]
    t.over(
        "AC-12", job, "c.11 AC-12: charge 0 when not chargeable", part=3, limit="0", found="0.01"
    )
    t.over("AC-12", job, "a cent charged, and no line says for what", part=5, found="0.01")
    t.inside("AC-13", job, "a cent is a charge, and it has its invoice")
    t.inside("AC-12", kit.visit(), "c.11 AC-12: nothing charged", part=3, limit="0", found="0")
    job = kit.visit(paid=True)
    t.na("AC-12", job, "chargeable", part=3)
    free = kit.visit()
    for rule, part in (("AC-12", 1), ("AC-13", 1), ("AC-13", 2)):
        t.na(rule, free, "nothing charged", part=part)
    dim = kit.visit(paid=True)
    dim.fields["charge_amount"] = "见发票"
    for rule, part in (("AC-12", 1), ("AC-12", 5), ("AC-13", 1), ("AC-13", 2)):
        t.missing(rule, dim, "nobody can read what was charged", part=part)
    job = kit.visit(paid=True)
    kit.at_last(lambda: job.fields.update(invoice_no=""))
    t.over("AC-13", job, "c.11 AC-13: charge > 0 has an invoice no.")
    first, second = kit.visit("10-15 09:56", paid=True), kit.visit("10-16 09:56", paid=True)
    second.fields["invoice_no"] = first.fields["invoice_no"]
    why = "c.11 AC-13: numbers unique; the second line that has it is the double"
    t.over("AC-13", second, why, part=2)
    t.inside("AC-13", first, "the first that had the number", part=2)


def paid(kit: Kit, method: str, **more: object) -> Job:
    """Plant a paid visit with a method of payment."""
    kit.office.method = method
    job = kit.visit(paid=True, **more)
    kit.office.method = ""
    return job


def handing_in(kit: Kit) -> None:
    """AC-14: cash the same working day, after 17:00 by 10:00 of the next; else the company is payee."""
    t = kit.truth
    why = "c.11 AC-14: handed in on the working day it was collected"
    for clock, plant in (("17:30", t.inside), ("17:31", t.over)):
        job = paid(
            kit,
            "cash",
            opened="10-19 09:50",
            promise="10-20 09:30",
            fixed={"payment_handed_in": f"10-20 {clock}"},
        )
        plant("AC-14", job, why + ", to the close of work", base=job.time("payment_collected"),
              limit=at("10-20 17:30"), found=job.time("payment_handed_in"))  # fmt: skip
    # 17:00以后 takes in 17:00 itself.
    for got, given, plant in (
        ("17:00", "10:00", t.inside),
        ("17:01", "10:00", t.inside),
        ("17:01", "10:01", t.over),
        ("16:59", "10:00", t.over),
    ):
        job = paid(kit, "cash", opened="10-19 09:51", promise="10-20 16:00", fixed={
            "arrived": "10-20 16:05", "diagnosed": "10-20 16:15", "repair_started": "10-20 16:18",
            "repair_done": "10-20 16:40", "customer_signed": "10-20 16:44",
            "payment_collected": f"10-20 {got}", "payment_handed_in": f"10-21 {given}",
        })  # fmt: skip
        plant("AC-14", job, "c.11 AC-14: collected after 17:00, by 10:00 of the next working day",
              base=job.time("payment_collected"), limit=at("10-21 10:00") if got >= "17:00" else at("10-20 17:30"),
              found=job.time("payment_handed_in"))  # fmt: skip
    job = paid(kit, "merchant")
    t.na("AC-14", job, "paid into the merchant account")
    t.inside("AC-14", job, "the payee is the company", part=2)
    t.inside("AC-14", job, "receipt and receiver are named", part=3)
    job = paid(kit, "merchant")
    kit.set(kit.row(job, "cash_book"), method="private_code")
    t.over("AC-14", job, "c.11 AC-14: a private collection code is a red line", part=2)
    job = paid(kit, "transfer")
    kit.set(kit.row(job, "cash_book"), receipt_no="")
    t.over("AC-14", job, "c.11 AC-14: payee and settlement are checked", part=3)
    t.na("AC-14", paid(kit, "cash"), "paid in cash", part=3)
    job = paid(kit, "merchant")
    kit.set(kit.row(job, "cash_book"), method="")
    for part in (1, 2, 3, 5):
        t.missing("AC-14", job, "nobody wrote how it was paid", part=part)


def warranty(kit: Kit) -> None:
    """AC-15: the decision equals the recomputed one; an override has its reason."""
    t = kit.truth
    why = "c.11 AC-15, a.4: 12 months from the invoice, to the end of that day"
    for opened, plant in (("10-12 09:52", t.inside), ("10-13 09:52", t.over)):
        job = kit.visit(opened)
        job.fields["purchase_date"] = "2025-10-12"
        plant("AC-15", job, why, base="2025-10-12", limit="2026-10-12", found=at(opened))
    job = kit.visit("10-12 09:53", paid=True)
    job.fields["purchase_date"] = "2025-10-12"
    t.over(
        "AC-15",
        job,
        why + "; the ticket says out",
        base="2025-10-12",
        limit="2026-10-12",
        found=job.opened,
    )
    job = kit.visit("10-08 09:52")
    job.fields["purchase_date"] = "2025-10-03"
    t.inside("AC-15", job, "a.4: a last day in the holiday moves to the first day after it",
             base="2025-10-03", limit="2026-10-08", found=job.opened)  # fmt: skip
    for reason, plant in (("", t.over), ("proof", t.inside)):
        job = kit.visit()
        job.fields |= {"warranty_status": "override", "warranty_reason": reason}
        plant("AC-15", job, "c.11 AC-15: overrides need a reason code")
    job = kit.visit()
    kit.at_last(lambda: job.fields.update(purchase_date=""))
    t.missing("AC-15", job, "without the day of purchase nothing can be recomputed")


def sums(kit: Kit) -> None:
    """AC-35: the cash book adds up to the charges of the day; machines equal open forms."""
    t, code = kit.truth, kit.office.code
    why = "c.11 AC-35: cash book total = sum of charges (what was collected; handing in is no receipt)"
    if code == "CD":
        job = paid(kit, "merchant", opened="10-15 09:54", promise="10-16 09:30")
        total = job.fields["charge_amount"]
        kit.set(kit.row(job, "cash_book"), amount=f"{int(str(total)) - 1}.99")
        t.over("AC-35", "CD 2026-10-16", why, limit="0", found="-0.01", also=(job,))
        t.over("AC-35", job, why + ", ticket by ticket", part=3, limit="0", found="-0.01")
        t.na("AC-35", "CD 2026-10-11", "a Sunday: nothing charged and nothing received")
        job = paid(kit, "merchant", opened="10-14 09:54", promise="10-15 09:30")
        t.inside("AC-35", "CD 2026-10-15", why, limit="0", found="0", also=(job,))
        t.inside("AC-35", job, why + ", ticket by ticket", part=3, limit="0", found="0")
        for day, change, plant in (("16", 1, t.over), ("20", 0, t.inside)):
            kit.at_last(lambda day=day, change=change: _machines(kit, day, change))  # type: ignore[misc]
            plant(
                "AC-35",
                f"CD 2026-10-{day} 17:30",
                "c.11 AC-35: machines counted = open intake forms",
                part=2,
                limit="0",
                found=str(change),
            )
        kit.at_last(lambda: _machines(kit, "19", None))
        t.missing("AC-35", "CD 2026-10-19 17:30", "nobody wrote how many machines", part=2)
    else:
        job = paid(kit, "merchant", opened="10-15 09:54", promise="10-16 09:30")
        kit.set(kit.row(job, "cash_book"), amount="")
        t.missing("AC-35", "CQ 2026-10-16", "a receipt without its amount", also=(job,))
        t.missing("AC-35", job, "a receipt without its amount", part=3)


def _machines(kit: Kit, day: str, change: int | None) -> None:
    row = next(r for r in kit.office.rows["machine_counts"] if r["at"] == at(f"10-{day} 17:30"))
    row["machines"] = "" if change is None else int(str(row["machines"])) + change
