"""How a ticket begins: who rings, about which machine, and what the hotline does with it (F1)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from month.book import Job, Office, Row
from month.clock import add, nth, plus
from month.world import COMPANIES, FAULTS, GREETING, MODELS, STREETS, SURNAMES

_IN: Final = ("2026-01-08", 210)
_OUT: Final = ("2024-03-04", 500)
"""The first day of purchase and over how many days: far from the end of any warranty."""


def new(
    office: Office,
    opened: datetime,
    service: str,
    *,
    line: str = "desktop",
    out: bool = False,
    soft: bool = False,
    channel: str = "hotline",
    fixed: Mapping[str, datetime] | None = None,
) -> Job:
    """Open a ticket; `out` of warranty or `soft`ware work is chargeable (domain a.4)."""
    draw, n = office.random, office.number("customer")
    first, days = _OUT if out else _IN
    bought = datetime.fromisoformat(first) + timedelta(draw.randrange(days))
    company = draw.random() < 0.3
    name = draw.choice(COMPANIES) if company else f"{draw.choice(SURNAMES)}先生"
    crew = office.crew
    on_site = service == "on_site"
    fields: Row = {
        "branch": office.code,
        "channel": channel,
        "service_type": service,
        "opened_at": opened,
        "opened_by": crew.reception if channel == "walk_in" else draw.choice(crew.hotline),
        "customer_name": name,
        "customer_type": "company" if company else "individual",
        "phone": f"1380000{4000 * ['CD', 'CQ', 'HZ'].index(office.code) // 2 + n:04d}",
        "address": f"{crew.city}{draw.choice(STREETS)}{draw.randrange(1, 199)}号"
        if on_site
        else "",
        "zone": "in_area" if on_site else "",
        "distance_km": draw.randrange(2, 25) if on_site else "",
        "product_line": line,
        "model": draw.choice(MODELS[line]),
        "serial": f"{office.code}{line[0].upper()}{26_000_000 + 37 * n}",
        "purchase_date": f"{bought:%Y-%m-%d}",
        "invoice_seen": "yes",
        "warranty_status": "out" if out else "in",
        "onsite_eligible": ("no" if out or line == "notebook" else "yes") if on_site else "",
        "fault_reported": draw.choice(FAULTS[line]),
        "fault_class": "sw" if soft else "hw",
        "priority": "normal",
        "negotiated": "no" if on_site else "",
        "charge_amount": 0,
    }
    if on_site:
        fields |= {"coordinator": crew.coordinator, "engineer": draw.choice(crew.engineers)}
    if service == "walk_in":
        fields |= {"receptionist": crew.reception, "bench_engineer": crew.bench}
    job = Job(office, opened, service, fields, fixed=dict(fixed or {}))
    office.jobs.append(job)
    return job


def call(
    job: Job, when: datetime, *, out_by: str = "", minutes: int = 4, answered: bool = True
) -> Row:
    """Write a call of the phone log: in, or out by a post."""
    office, draw = job.office, job.office.random
    rings = draw.choice((1, 2, 2, 3))
    begins = when.replace(second=draw.randrange(20))
    picks = begins + timedelta(seconds=4 * rings + draw.randrange(3))
    ends = picks + timedelta(minutes=minutes, seconds=draw.randrange(20))
    if not answered:
        ends = begins + timedelta(seconds=40)
    n = office.number("call")
    return office.add(
        "calls",
        job,
        call_id=f"{office.code}T{n:05d}",
        ringing_at=begins,
        answered_at=picks if answered else "",
        ended_at=ends,
        direction="out" if out_by else "in",
        agent=office.person(out_by or "HTL", job),
        caller=job.fields["phone"],
        rings="" if out_by or n % 5 == 0 else rings,
        ticket_no="{no}",
        recording_id=f"R{office.code}{n:05d}" if answered else "",
        abandoned="no",
    )


def rings(job: Job, classed: str = "yes") -> Row:
    """Let the customer ring: F1.1 to F1.3."""
    row = call(job, job.opened)
    job.happen("call_received", job.opened, "HTL")
    job.happen("call_answered", job.now, "HTL")
    job.happen("need_classified", plus(job.now, 1), "HTL", classed)
    return row


def recorded(job: Job) -> None:
    """Record customer and machine: F1.5."""
    job.happen("ticket_opened", plus(job.now, 1), "HTL")
    job.happen("warranty_checked", plus(job.now, 1), "HTL")


def log(job: Job, when: datetime, kind: str, answer: str) -> Row:
    """Write a line of the consultation log."""
    office = job.office
    return office.add(
        "consultations",
        job,
        number=f"{office.code}ZX{office.number('log'):04d}",
        at=when,
        customer=job.fields["customer_name"],
        phone=job.fields["phone"],
        model=job.fields["model"],
        question=job.fields["fault_reported"],
        answer=answer,
        kind=kind,
        follow_up_due="",
        agent=job.fields["opened_by"],
    )


def consult(office: Office, opened: datetime, *, fault: bool = True, line: str = "desktop") -> Job:
    """Let a call be settled on the phone: F1.7, or F1.4 for a mere question."""
    job = new(office, opened, "consult", line=line)
    rings(job, "yes" if fault else "no")
    if fault:
        recorded(job)
        job.happen("phone_resolved", plus(job.now, 1), "HTL")
    log(job, plus(opened, 9), "consult", "已按步骤指导，客户确认正常" if fault else "已解答")
    job.fields |= {"status": "closed", "closed_at": plus(opened, 9)}
    job.fields["action"] = f"电话指导（{job.fields['serial']}）" if fault else ""
    return job


def complaint(office: Office, opened: datetime, fixed: Mapping[str, datetime] | None = None) -> Job:
    """Let a customer complain by phone: F1.C, then F4 from F4.7."""
    job = new(office, opened, "complaint", fixed=fixed)
    rings(job, "")
    job.happen("complaint_logged", plus(job.now, 2), "HTL")
    log(job, plus(opened, 9), "complaint", "已转站长")
    job.happen("manager_contacted", add(job.now, 45), "MGR")
    settle(job)
    job.fields["status"] = "closed"
    return job


def settle(job: Job) -> None:
    """Find the root of a dissatisfaction, set the measure and ring again: F4.8 to F4.10."""
    office = job.office
    seen = job.time("manager_contacted")
    job.happen("root_cause_set", add(job.now, 90), "MGR")
    job.happen("improvement_set", add(job.now, 30), "MGR")
    due = nth(job.now, 2)
    job.happen("second_callback", datetime.combine(due, seen.time()).replace(hour=15), "CBS")
    job.happen("closed", plus(job.now, 5), "CBS")
    office.add(
        "complaint",
        job,
        ticket="{no}",
        source="回访" if job.has("callback_done") else "热线",
        received_at=seen,
        facts="客户反映服务未达预期",
        root_cause="现场沟通不足",
        attribution="ours",
        measure="站长致歉并复核流程",
        owner=office.crew.manager,
        due=f"{due:%Y-%m-%d}",
        customer_answer="接受",
        closed_by=office.crew.callback,
    )


def transcript(office: Office, row: Row, *, words: str = GREETING) -> None:
    """Write what was said in a call."""
    begins = row["answered_at"]
    assert isinstance(begins, datetime)  # noqa: S101 -- only answered calls are written down
    said = (("agent", words), ("customer", "机器坏了，想报修"), ("agent", "好的，我来登记"))
    for n, (speaker, text) in enumerate(said):
        office.add(
            "transcripts", None, call_id=row["call_id"],
            at=begins + timedelta(seconds=6 * n), speaker=speaker, text=text,
        )  # fmt: skip
