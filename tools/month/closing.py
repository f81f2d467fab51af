"""The end of a month: what lies after the day of the records is cut off; the rest is written up."""

from datetime import date, datetime, timedelta
from typing import Final

from month.book import Job, Office
from month.clock import NOW, on, shown, works
from month.world import PARTS, RARE

_STATUS: Final = (
    ("cancelled", "cancelled"), ("closed", "closed"), ("callback_unreachable", "unreachable"),
    ("dissatisfaction_reported", "dissatisfied"), ("callback_queued", "to_callback"),
    ("completed", "completed"), ("customer_notified", "ready"), ("repair_done", "testing"),
    ("repair_started", "repairing"), ("diagnosed", "diagnosing"), ("arrived", "on_site"),
    ("unit_received", "received"), ("parts_ordered", "waiting_part"),
    ("visit_promised", "promised"), ("dispatch_received", "to_dispatch"),
)  # fmt: skip
_WHEN: Final = ("at", "signed_at", "ringing_at")
_LATER: Final = ("answered_at", "shipped_at", "arrived_at", "booked_at")


def cut(office: Office) -> None:
    """Leave out whatever lies after the day of the records."""
    for job in office.jobs:
        job.events = [
            each for each in job.events if each.key <= NOW and each.event not in job.dropped
        ]
        if job.service in {"on_site", "walk_in"}:
            _undo(job)
    for record, rows in office.rows.items():
        kept = []
        for row in rows:
            when = next((row[name] for name in _WHEN if name in row), None)
            if isinstance(when, datetime) and when > NOW:
                continue
            for name in _LATER:
                later = row.get(name)
                if record != "calls" and isinstance(later, datetime) and later > NOW:
                    row[name] = ""
            kept.append(row)
        rows[:] = kept


def _undo(job: Job) -> None:
    fields = job.fields
    paid = job.has("payment_collected")
    if not paid and fields.get("charge_amount"):
        for name in ("charge_amount", "invoice_no", "payment_method"):
            fields[name] = ""
    if not job.has("callback_done"):
        for name in ("customer_score", "customer_words"):
            fields.pop(name, None)
    if not job.has("rescheduled") and job.has("parts_ordered"):
        fields |= {"negotiated": "no", "negotiated_note": ""}
    done = [each.key for each in job.events if each.event in {"completed", "closed"}]
    for event, name in (("completed", "completed_at"), ("closed", "closed_at")):
        if job.has(event):
            fields.setdefault(name, job.time(event))
    if done and job.has("repair_done"):
        fields.setdefault("fault_found", f"{fields['fault_reported']}，已查明")
        fields.setdefault("action", f"处理{str(fields['serial'])[-5:]}号机并试机正常")
        fields.setdefault("cause_code", "sw_os" if fields["fault_class"] == "sw" else "hw_contact")
    if "status" not in fields:
        fields["status"] = next(status for event, status in _STATUS if job.has(event))


def _first_guess(job: Job) -> str:
    """Name the cause the engineer suspected first: mostly the one it was, so that K-22 counts."""
    right = str(job.fields["cause_code"])
    return "nff" if sum(map(ord, str(job.fields["serial"]))) % 23 == 0 else right


def forms(office: Office) -> None:
    """Hand in the forms of finished tickets; of others they are still out."""
    for job in office.jobs:
        if not (job.has("completed") and job.has("repair_done")):
            continue
        (_dispatch if job.service == "on_site" else _intake)(office, job)
        if job.has("burn_in_passed"):
            office.add(
                "repair_record", job, ticket="{no}", diagnosis=_first_guess(job),
                cause=job.fields["cause_code"], action="检修并试机", parts_moved="无",
                burn_in_hours=1, tester=office.crew.bench, second_tester="",
                times=f"{shown(job.time('repair_started'))}-{job.time('repair_done'):%H:%M}",
            )  # fmt: skip
        if job.has("callback_done"):
            score = job.fields.get("customer_score", "")
            tried = [each.key for each in job.events if each.event == "callback_attempted"]
            office.add(
                "callback_record", job, ticket="{no}",
                attempts="；".join(f"{each:%m-%d %H:%M}" for each in tried),
                reached="yes", agent=office.crew.callback, q1="是", q2="是", q3="是", q4="是",
                q5="是" if job.fields.get("invoice_no") else "未收费", q6="是", q7=score,
                score=score, words=job.fields.get("customer_words", ""),
            )  # fmt: skip


def _dispatch(office: Office, job: Job) -> None:
    f = job.fields
    ends = max(e.key for e in job.events if e.event in {"customer_signed", "repair_done"})
    office.add(
        "dispatch_form", job, number="{form}", received_at=job.opened, receiver=f["opened_by"],
        customer=f["customer_name"], contact=f["customer_name"], phone=f["phone"],
        address=f["address"], zone=f["zone"], model=f["model"], serial=f["serial"],
        purchase_date=f["purchase_date"], warranty_status=f["warranty_status"],
        onsite_period=f["onsite_eligible"], fault_reported=f["fault_reported"],
        fault_class=f["fault_class"], paid="有偿" if f.get("invoice_no") else "保内",
        promised_window=f"{f['promised_start']:%m-%d %H:%M}-{f['promised_end']:%H:%M}",
        engineer=f["engineer"], parts_planned="无",
        arrival=job.time("arrived") if job.has("arrived") else ends, fault_found=f["fault_found"],
        action="检修并试机", parts_moved="无", leave=ends + timedelta(minutes=4),
        charge=f.get("charge_amount", ""), opinion="无", customer_signature="已签",
        engineer_signature="已签",
    )  # fmt: skip
    office.add(
        "onsite_status", job, form_no="{form}", engineer=f["engineer"],
        promised=f["promised_start"], outcome="done", mark="√",
    )  # fmt: skip


def _intake(office: Office, job: Job) -> None:
    f = job.fields
    office.add(
        "intake_form", job, number="{form}", intake_at=job.time("unit_received"),
        customer=f["customer_name"], phone=f["phone"], phone2="无", model=f["model"],
        serial=f["serial"], purchase_date=f["purchase_date"] or "不详",
        warranty=f["warranty_status"], appearance="正常", accessories="无",
        fault=f["fault_reported"], reproduced="是", data_note_signature="已签",
        promised_date=f["promised_end"], signatures="已签", collected_at=job.time("unit_collected"),
    )  # fmt: skip


def machines(office: Office) -> None:
    """Count the machines in the station at the close of every working day."""
    stays = [
        (
            job.time("unit_received"),
            job.time("unit_collected") if job.has("unit_collected") else NOW,
        )
        for job in office.jobs
        if job.has("unit_received")
    ]
    day = date(2026, 10, 8)
    while day <= NOW.date():
        if works(day):
            at = on(day, "17:30")
            there = sum(begin <= at < end for begin, end in stays)
            office.add(
                "machine_counts", at=at, site=office.code, machines=there, open_forms=there,
                counter=office.crew.reception,
            )  # fmt: skip
        day += timedelta(1)


def counts(office: Office) -> None:
    """Count the store on the evening of the day of the records."""
    usual = {part.no for part in (*PARTS, *RARE)}
    lines = [r for r in office.rows["ledger"] if r["status"] == "good" and r["part_no"] in usual]
    for n, row in enumerate(lines):
        if n % 3 == 0 or not row["serial"]:
            count_line(office, str(row["part_no"]), str(row["serial"]), row["qty"], row["qty"])


def count_line(
    office: Office, part: str, serial: str, counted: object, book: object, *, approved: str = ""
) -> dict[str, object]:
    """Write a line of the count; a difference has its reason and the manager's approval."""
    differs = counted != book
    number = office.number("count")
    lines = [r for r in office.rows["ledger"] if r["part_no"] == part and r["status"] == "good"]
    place = next((row["location"] for row in lines if row["serial"] == serial), "")
    return office.add(
        "counts", count_id=f"{office.code}PD{number:04d}", at=on(NOW.date(), "18:10"),
        site=office.code, location=place, part_no=part, serial=serial, counted=counted,
        counter=office.crew.store, checker=office.crew.coordinator,
        reason="差异已复点" if differs else "",
        approved_by=(approved or office.crew.manager) if differs else "",
    )  # fmt: skip


def oversight(office: Office) -> None:
    """Plan inspections and do them; answer what they found."""
    for n, day in enumerate((9, 12, 19, 26)):
        audit = f"{office.code}-Z{n + 1}"
        when = f"2026-10-{day:02d}"
        office.add("plan", audit_id=audit, kind="station", office=office.code, post="HTL",
                   planned_on=when, done_on=when)  # fmt: skip
        office.add("audits", audit_id=audit, kind="station", office=office.code, post="HTL",
                   planned_on=when, done_on=when, auditor=office.crew.manager,
                   signed="yes")  # fmt: skip
        office.add("actions", finding_id=f"{audit}-1", audit_id=audit, item="CK-HTL-B1",
                   severity=("minor", "major")[n % 2], requirement="按规范接听",
                   owner=office.crew.hotline[0], due=f"2026-10-{day + 5:02d}",
                   done=f"2026-10-{day + 3:02d}", proof="录音", verified_by=office.crew.manager,
                   verified_on=f"2026-10-{day + 4:02d}")  # fmt: skip
