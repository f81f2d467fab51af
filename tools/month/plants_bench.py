"""Planted cases of the counter and the bench: AC-27 to AC-30 and AC-45."""

from datetime import datetime

from month.book import Job
from month.clock import add, at, close, plus
from month.kit import FAN, Kit
from month.service import spelled


def _due(job: Job, due: datetime) -> None:
    """Promise another day for a machine."""
    event = "rescheduled" if job.has("rescheduled") else "unit_received"
    job.find(event).value = spelled((due, due))
    job.fields["promised_end"] = due


def turnaround(kit: Kit) -> None:
    """AC-27: 3 working days, 7 with an order, and the promised date kept."""
    t = kit.truth
    for order, days, part in ((False, 3, 1), (True, 7, 2)):
        for late, plant in ((0, t.inside), (1, t.over)):
            came = at("10-15 11:00")
            limit = close(came, days)
            done = plus(limit, late)
            job = kit.walk_in("10-15 11:00", part=FAN if order else None, order=order,
                              fixed={"unit_received": "10-15 11:12", "repair_done": f"{done:%m-%d %H:%M}"})  # fmt: skip
            _due(job, close(came, days + 1))
            plant("AC-27", job, f"c.11 AC-27: finished within {days} working days of intake", part=part,
                  base=job.time("unit_received"), limit=limit, found=done)  # fmt: skip
    for clock, plant in (("17:30", t.inside), ("17:31", t.over)):
        job = kit.walk_in(
            "10-15 11:05",
            fixed={"repair_done": "10-20 15:50", "customer_notified": f"10-20 {clock}"},
        )
        plant(
            "AC-27",
            job,
            "c.11 AC-27: promised date kept",
            part=3,
            limit=at("10-20 17:30"),
            found=at(f"10-20 {clock}"),
        )
    t.follows("AC-08", job, "nonconforming", "later than promised, and no new promise", part=2)
    visit = kit.visit()
    for part in (1, 2, 3):
        t.na("AC-27", visit, "no machine was taken in", part=part)
    for rule in ("AC-28", "AC-29", "AC-45"):
        t.na(rule, visit, "no machine was taken in")
    lost = kit.walk_in()
    kit.blank(lost, "repair_done")
    t.missing("AC-27", lost, "the log does not say when it was finished")
    t.missing("AC-29", lost, "the log does not say when it was finished")


def queue(kit: Kit) -> None:
    """AC-28: diagnosed within 1 working day, first in first out; nothing else comes in those days."""
    t = kit.truth
    late = kit.office.code == "CQ"
    diagnosed = "10-14 17:31" if late else "10-14 17:30"
    job = kit.walk_in("10-13 16:48", fixed={"diagnosed": diagnosed})
    (t.over if late else t.inside)("AC-28", job, "c.11 AC-28: diagnosed - intake <= 1 working day",
                                   base=job.time("unit_received"), limit=at("10-14 17:30"), found=at(diagnosed))  # fmt: skip
    first = kit.walk_in("10-21 13:48", fixed={"unit_received": "10-21 14:00"})
    jumps = {"diagnosed": "10-21 14:59"} if late else {}
    second = kit.walk_in("10-21 13:49", fixed={"unit_received": "10-21 14:01", **jumps})
    (t.over if late else t.inside)("AC-28", second, "c.11 AC-28: queue order by intake time", part=2,
                                   limit=first.time("diagnosed"), found=second.time("diagnosed"), also=(first,))  # fmt: skip
    if not late:
        kit.walk_in("10-21 14:58", fixed={"unit_received": "10-21 15:10"})
        urgent = kit.walk_in(
            "10-21 14:59", fixed={"unit_received": "10-21 15:11", "diagnosed": "10-21 15:50"}
        )
        urgent.fields["priority"] = "same_day"
        t.case(
            "AC-28",
            "na",
            urgent,
            "clean",
            "INS-03: what the manager marks urgent may go ahead",
            part=2,
        )
        lost = kit.walk_in()
        kit.blank(lost, "diagnosed")
        for part in (1, 2):
            t.missing("AC-28", lost, "the log does not say when it was diagnosed", part=part)


def ready(kit: Kit) -> None:
    """AC-29: told within 2 working hours, reminded after 7 and 30 days."""
    t = kit.truth
    for clock, plant in (("16:00", t.inside), ("16:01", t.over)):
        job = kit.walk_in(
            "10-15 11:10",
            fixed={"repair_done": "10-16 14:00", "customer_notified": f"10-16 {clock}"},
        )
        plant("AC-29", job, "c.11 AC-29: customer_notified - repair_done <= 2 working hours",
              base=at("10-16 14:00"), limit=at("10-16 16:00"), found=at(f"10-16 {clock}"))  # fmt: skip
    told = {"repair_done": "10-13 08:40", "customer_notified": "10-13 10:00"}
    for day, plant in ((20, t.inside), (21, t.over)):
        job = kit.walk_in("10-12 11:15", "10-22 14:00", fixed=told)
        job.insert("reminder_sent", at(f"10-{day} 10:30"), "RCP")
        plant("AC-29", job, "c.11 AC-29: a reminder at 7 days", part=2, base=at("10-13 10:00"),
              limit=at("10-20 23:59"), found=at(f"10-{day} 10:30"))  # fmt: skip
    job = kit.walk_in("10-12 11:16", "10-22 14:05", fixed=told)
    t.over(
        "AC-29",
        job,
        "c.11 AC-29: no reminder at 7 days",
        part=2,
        base=at("10-13 10:00"),
        limit=at("10-20 23:59"),
    )
    told = {"repair_done": "09-30 08:40", "customer_notified": "09-30 10:00"}
    for day, plant in ((30, t.inside), (31, t.over)):
        job = kit.walk_in("09-29 11:15", "11-03 14:00", fixed=told)
        job.insert("reminder_sent", at("10-07 10:30"), "RCP")
        job.insert("reminder_sent", at(f"10-{day} 10:30"), "RCP")
        plant("AC-29", job, "c.11 AC-29: a reminder at 30 days", part=2, base=at("09-30 10:00"),
              limit=at("10-30 23:59"), found=at(f"10-{day} 10:30"))  # fmt: skip
    job = kit.walk_in("10-12 11:17", "10-14 14:05")
    t.na("AC-29", job, "collected before the 7th day", part=2)


def again(kit: Kit) -> None:
    """AC-30: the same serial has no finished ticket within 30 days."""
    t = kit.truth
    for fetched, days, plant in (("09-09 15:00", 30, t.over), ("09-08 15:00", 31, t.inside)):
        first = kit.walk_in("09-07 10:30", fetched)
        second = kit.consult("10-09 10:18")
        second.fields["serial"] = first.fields["serial"]
        plant("AC-30", second, "c.11 AC-30: a completed ticket within the previous 30 days",
              base=first.time("completed"), limit="30 days", found=f"{days} days", also=(first,))  # fmt: skip
    for came, fetched in (("07-10 10:30", "07-14 15:00"), ("07-09 10:30", "07-13 15:00")):
        first = kit.walk_in(came, fetched)
        second = kit.consult("10-12 10:18")
        for one in (first, second):
            one.fields |= {"serial": first.fields["serial"], "purchase_date": "2026-02-02"}
        t.inside("AC-30", second, "c.11 AC-30: also report 90 days; told, and it conforms",
                 base=first.time("completed"), limit="90 days", also=(first,))  # fmt: skip
    job = kit.consult("10-09 10:28")
    kit.at_last(lambda: job.fields.update(serial=""))
    t.follows("AC-06", job, "nonconforming", "a mandatory field of the ticket is blank")
    t.missing("AC-30", job, "nobody knows which machine it is")
    t.follows("PR-31", job, "unknown", "nobody knows which machine it is")


def to_bench(kit: Kit) -> None:
    """AC-45: handed to the bench within 30 working minutes."""
    t = kit.truth
    for minutes, plant in ((30, t.inside), (31, t.over)):
        handed = add(at("10-15 11:45"), minutes)
        job = kit.walk_in(
            "10-15 11:33",
            fixed={"unit_received": "10-15 11:45", "handed_to_bench": f"{handed:%m-%d %H:%M}"},
        )
        plant("AC-45", job, "c.11 AC-45: handed_to_bench - unit_received <= 30 working min",
              base=at("10-15 11:45"), limit=add(at("10-15 11:45"), 30), found=handed)  # fmt: skip
    lost = kit.walk_in()
    kit.blank(lost, "handed_to_bench")
    t.missing("AC-45", lost, "the log does not say when the bench took it")
