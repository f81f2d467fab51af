"""Planted cases of what becomes of money: lines that add up, payees, settlement, the till, the bank."""

from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from month.book import Job, Office, Row
from month.clock import NOW, at, nth, on, works
from month.kit import Kit
from month.plants_money import paid

_OPENED: Final = {"CD": "1001", "CQ": "1000"}
"""What lay in the till when the month began."""

_LATE: Final = {("CQ", date(2026, 11, 3)), ("CQ", date(2026, 11, 4))}
"""Days on which nobody went to the bank."""


def opening(kit: Kit) -> None:
    """AC-35, ADM-04-2: overnight no more than 1,000 yuan; banked by the next working day."""
    t, code = kit.truth, kit.office.code
    kit.office.add(
        "cash_opening", site=code, place="cashier", person="", ticket_no="", amount=_OPENED[code],
        since=at("09-30 15:00"), receipt_no=f"QC{code}0930",
    )  # fmt: skip
    plant = t.over if code == "CD" else t.inside
    plant("AC-35", f"{code} 2026-09-30", "c.9 ADM-04-2: overnight cash <= 1,000 yuan", part=4,
          limit="1000", found=_OPENED[code])  # fmt: skip
    t.inside("AC-35", f"QC{code}0930", "c.9 ADM-04-2: banked the next working day", part=5,
             base=at("09-30 15:00"), limit=on(date(2026, 10, 8), "17:30"))  # fmt: skip
    if code == "CQ":
        job = paid(kit, "cash", opened="11-02 09:55", promise="11-03 09:30")
        t.over("AC-35", job, "c.9 ADM-04-2: banked on the second working day after", part=5,
               base=job.time("payment_handed_in"), limit=on(date(2026, 11, 4), "17:30"))  # fmt: skip
        t.over("AC-35", "CQ 2026-11-03", "c.9 ADM-04-2: nobody went to the bank that day", part=4,
               limit="1000")  # fmt: skip
        kit.at_last(lambda: _late(kit))


def _late(kit: Kit) -> None:
    """Tell the others whose money came in on the first day on which nobody went to the bank."""
    told = [case["subject"] for case in kit.truth.cases if case["rule"] == "AC-35"]
    first = min(day for _, day in _LATE)
    for row in kit.office.rows["cash_book"]:
        when, job = row["at"], row["_job"]
        mine = row["kind"] == "handed_in" and isinstance(when, datetime) and when.date() == first
        if mine and isinstance(job, Job) and not any(job is each for each in told):
            why = "handed in on the day nobody went to the bank"
            kit.truth.follows("AC-35", job, "nonconforming", why, part=5)


def lines(kit: Kit) -> None:
    """AC-12: a line is quantity times price, and the lines add up to the charge."""
    t = kit.truth
    job = kit.visit(paid=True)
    kit.set(kit.row(job, "charges", code="L01"), amount="100.01")
    total = f"{job.fields['quote_amount']}.01"
    job.fields |= {"quote_amount": total, "charge_amount": total}
    for row in kit.rows(job, "cash_book"):
        row["amount"] = total
    why = "c.11 AC-12: each line found in the list: quantity times price"
    t.over("AC-12", job, why, part=4, limit="100", found="100.01")
    t.inside("AC-12", kit.visit(paid=True), why, part=4)
    job = kit.visit(paid=True)
    total = f"{job.fields['quote_amount']}.01"
    job.fields |= {"quote_amount": total, "charge_amount": total}
    why = "c.11 AC-12: what is charged is what its lines say"
    t.over("AC-12", job, why, part=5, limit="0", found="0.01")
    t.inside("AC-12", kit.visit(paid=True), why, part=5)


def payees(kit: Kit) -> None:
    """AC-14: payee and settlement of what is paid into an account."""
    t = kit.truth
    why = "c.11 AC-14: the payee is the company's account"
    job = paid(kit, "merchant")
    kit.set(kit.row(job, "cash_book"), payee="个人账户")
    t.over("AC-14", job, why, part=4, found="个人账户")
    t.inside("AC-14", paid(kit, "merchant"), why, part=4)
    why = "c.11 AC-14: settlement is checked; 2 working days by default"
    for opened, promise, plant in (
        ("11-02 09:56", "11-03 09:30", t.over),
        ("11-03 09:56", "11-04 09:30", t.na),
    ):
        job = paid(kit, "merchant", opened=opened, promise=promise)
        kit.set(kit.row(job, "cash_book"), settled_at="-")
        plant("AC-14", job, why, part=5)
    t.inside("AC-14", paid(kit, "merchant"), why, part=5)


def settled(office: Office) -> None:
    """Let payments reach the account of the company on the next working day."""
    accounts = {"merchant": "merchant_account", "transfer": "bank_account"}
    for row in office.rows["cash_book"]:
        account = accounts.get(str(row["method"]))
        when = row["at"]
        if account and isinstance(when, datetime):
            row.setdefault("payee", account)
            arrives = on(nth(when, 1), "09:00")
            row.setdefault("settled_at", arrives if arrives <= NOW else "")


def banked(office: Office) -> None:
    """Take to the bank, shortly before the close of each working day, what is in the till."""
    due = [row for row in office.rows["cash_book"] if row["kind"] == "handed_in"]
    due += office.rows.get("cash_opening", [])
    day = date(2026, 10, 8)
    while day <= NOW.date():
        when = on(day, "17:29")
        if works(day) and (office.code, day) not in _LATE:
            ready = [row for row in due if _when(row) <= when]
            due = [row for row in due if _when(row) > when]
            total = sum((_amount(row) for row in ready), Decimal())
            if total:
                office.add(
                    "cash_book", at=when, site=office.code, ticket_no="", kind="banked",
                    amount=total, method="cash", receipt_no=f"YH{office.code}{day:%m%d}",
                    handed_by=office.crew.callback, received_by="银行",
                )  # fmt: skip
        day += timedelta(1)


def _when(row: Row) -> datetime:
    found = row.get("at", row.get("since"))
    return found if isinstance(found, datetime) else NOW


def _amount(row: Row) -> Decimal:
    try:
        return Decimal(str(row["amount"]))
    except InvalidOperation:
        return Decimal()
