"""Planted cases of the callback: AC-22 to AC-26, AC-41 to AC-43, AC-46."""

from datetime import timedelta
from math import ceil

from month.book import Job
from month.clock import NOW, at, nth, plus
from month.kit import Kit
from month.opening import complaint
from month.service import attempted, called_back


def unfinished(kit: Kit, **more: object) -> Job:
    """Plant a visit completed on Tuesday the 13th, which nobody has rung back yet."""
    return kit.visit("10-12 09:45", "10-13 13:30", score=None, **more)


def in_time(kit: Kit) -> None:
    """AC-22, AC-43 and AC-46: queued by 09:30, rung within 2 working days, at decent hours."""
    t = kit.truth
    why = "c.11 AC-22: first attempt <= 2 working days; the calling post works until 20:00 (f.3)"
    for when, plant in (("10-15 20:00", t.inside), ("10-16 09:00", t.over)):
        job = unfinished(kit)
        called_back(job, 5, at(when))
        plant(
            "AC-22", job, why, base=job.time("completed"), limit=at("10-15 20:00"), found=at(when)
        )
    machine = kit.walk_in()
    for rule in ("AC-22", "AC-24", "AC-26", "AC-46"):
        t.na(rule, machine, "a walk-in nobody was asked to ring back")
    for clock, plant in (("09:30", t.inside), ("09:31", t.over)):
        job = kit.visit("10-12 09:46", "10-13 13:30", fixed={"callback_queued": f"10-14 {clock}"})
        plant("AC-43", job, "c.11 AC-43: at the latest next working day 09:30",
              base=job.time("completed"), limit=at("10-14 09:30"), found=at(f"10-14 {clock}"))  # fmt: skip
    t.na("AC-43", kit.consult("10-13 10:31"), "not completed, nothing to queue")
    lost = kit.visit()
    kit.blank(lost, "completed")
    for rule in ("AC-22", "AC-43"):
        t.missing(rule, lost, "the log does not say when it was completed")
    why = "c.11 AC-46: between 09:00-12:00 or 14:00-20:00 of the calling post's calendar"
    for when, plant in (("09:00", t.inside), ("08:59", t.over), ("12:00", t.inside), ("12:01", t.over),
                        ("14:00", t.inside), ("13:59", t.over), ("20:00", t.inside), ("20:01", t.over)):  # fmt: skip
        job = unfinished(kit)
        called_back(job, 4, at(f"10-14 {when}"))
        plant("AC-46", job, why, limit="09:00-12:00, 14:00-20:00", found=when)
    job = kit.visit("10-15 09:47", "10-16 09:30", score=None)
    called_back(job, 4, at("10-17 10:00"))
    t.over("AC-46", job, why + "; a Saturday off", found=at("10-17 10:00"))


def effort(kit: Kit) -> None:
    """AC-24: unreachable after 3 attempts on 2 days in different parts of the day."""
    t = kit.truth
    why = "c.11 AC-24: >= 3 attempts on >= 2 days and in different day parts"
    for times, plant in (
        (("10-14 10:20", "10-14 17:45", "10-15 14:30"), t.inside),
        (("10-14 10:20", "10-15 14:30"), t.over),
        (("10-14 10:20", "10-14 14:30", "10-14 17:45"), t.over),
        (("10-14 10:20", "10-14 11:20", "10-15 10:30"), t.over),
    ):
        job = _in_vain(kit, times)
        plant("AC-24", job, why, limit="3 attempts, 2 days, 3 parts", found="; ".join(times))
    edges(kit)
    job = _in_vain(kit, ("10-14 10:20", "10-14 17:45", "10-15 14:30"))
    kit.blank(job, "callback_attempted", 3)
    t.missing("AC-24", job, "the log does not say on which day the third attempt was")
    t.missing("AC-46", job, "the log does not say at what hour the third attempt was")


def edges(kit: Kit) -> None:
    """AC-24: one attempt on the edge of a part of the day, the other two in one other part."""
    t = kit.truth
    late = ("10-14 14:30", "10-15 15:00")
    early = ("10-15 10:20", "10-15 11:20")
    why = "c.11 AC-24: 09:00-12:00, 14:00-17:30 and 17:30-20:00 are parts of the day"
    for edge, others, plant in (
        ("09:00", late, t.inside), ("08:59", late, t.over), ("12:00", late, t.inside),
        ("12:01", late, t.over), ("14:00", early, t.inside), ("13:59", early, t.over),
        ("17:30", ("10-15 14:30", "10-15 15:00"), t.inside),
        ("17:29", ("10-15 17:45", "10-15 18:35"), t.inside),
        ("20:00", ("10-15 14:30", "10-15 15:00"), t.inside),
        ("20:01", ("10-15 14:30", "10-15 15:00"), t.over),
    ):  # fmt: skip
        times = sorted((f"10-14 {edge}", *others))
        job = _in_vain(kit, tuple(times))
        plant("AC-24", job, why, limit="3 attempts, 2 days, 2 parts", found="; ".join(times))
        if plant == t.over:
            t.over("AC-46", job, "c.11 AC-46: not a decent hour", found=edge)


def _in_vain(kit: Kit, times: tuple[str, ...]) -> Job:
    job = unfinished(kit)
    for when in times:
        attempted(job, at(when), reached=False)
    job.happen("callback_unreachable", plus(job.now, 2), "CBS")
    return job


def dissatisfied(kit: Kit) -> None:
    """AC-25: to the manager in 2 working hours, contact in 24 h, the sheet full, a second callback."""
    t = kit.truth
    for clock, plant in (("16:10", t.inside), ("16:11", t.over)):
        job = unfinished(kit, fixed={"dissatisfaction_reported": f"10-14 {clock}"})
        called_back(job, 3, at("10-14 14:07"))
        plant("AC-25", job, "c.11 AC-25: score <= 3 is passed to the manager <= 2 working h",
              base=at("10-14 14:10"), limit=at("10-14 16:10"), found=at(f"10-14 {clock}"))  # fmt: skip
    for clock, plant in (("10:40", t.inside), ("10:41", t.over)):
        job = unfinished(
            kit,
            fixed={
                "dissatisfaction_reported": "10-14 10:40",
                "manager_contacted": f"10-15 {clock}",
            },
        )
        called_back(job, 3, at("10-14 10:07"))
        plant("AC-25", job, "c.11 AC-25: manager contact <= 24 h", part=3, base=at("10-14 10:40"),
              limit=at("10-15 10:40"), found=at(f"10-15 {clock}"))  # fmt: skip
    t.inside("AC-25", job, "root cause, measure, owner and due date are set", part=5)
    t.inside("AC-25", job, "a second callback before closing", part=6)
    job = kit.visit(score=2)
    kit.set(kit.row(job, "complaint"), measure="")
    t.over("AC-25", job, "c.11 AC-25: root cause + measure + owner + due", part=5)
    job = kit.visit(score=2)
    job.drop("second_callback")
    t.over("AC-25", job, "c.11 AC-25: second callback before close", part=6)
    t.deviation("F4", "skipped", job, "second_callback", "F4.9 comes before F4.10 (b)")
    good = unfinished(kit)
    called_back(good, 4, at("10-14 10:11"))
    for part in (1, 3, 5, 6):
        t.na("AC-25", good, "a score of 4 is no dissatisfaction", part=part)
    lost = kit.visit(score=3)
    kit.blank(lost, "callback_done")
    t.missing("AC-25", lost, "the log does not say when the customer was heard")
    t.missing("AC-42", lost, "the log does not say when the customer was heard", part=4)
    why = "closed, and nobody knows whether the customer had been heard"
    t.follows("AC-41", lost, "unknown", why, part=2)


def complained(kit: Kit) -> None:
    """AC-25 of a complaint by phone: to the manager in 2 working hours, contact in 24 h."""
    t = kit.truth
    for clock, plant in (("16:03", t.inside), ("16:04", t.over)):
        job = complaint(kit.office, at("10-15 14:00"), {"manager_contacted": at(f"10-15 {clock}")})
        plant("AC-25", job, "c.11 AC-25: a complaint is passed to the manager <= 2 working h", part=2,
              base=job.time("complaint_logged"), limit=at("10-15 16:03"), found=job.time("manager_contacted"))  # fmt: skip
    for clock, plant in (("10:03", t.inside), ("10:04", t.over)):
        job = complaint(kit.office, at("10-14 10:00"), {"manager_contacted": at(f"10-15 {clock}")})
        job.insert("escalated", at("10-14 10:33"), "HTL")
        plant("AC-25", job, "c.11 AC-25: manager contact <= 24 h of a complaint", part=4,
              base=job.time("complaint_logged"), limit=at("10-15 10:03"), found=job.time("manager_contacted"))  # fmt: skip


def called_in_time(kit: Kit) -> None:
    """AC-22 of machines: with a complaint, and of those that are rung up at all."""
    t = kit.truth
    for score, part in ((3, 2), (5, 3)):
        for when, plant in (("10-15 20:00", t.inside), ("10-16 09:00", t.over)):
            job = kit.walk_in("10-12 10:30", "10-13 14:00")
            if part == 2:
                job.insert("complaint_logged", at("10-13 11:00"), "RCP")
            called_back(job, score, at(when))
            plant("AC-22", job, "c.11 AC-22: first attempt <= 2 working days", part=part,
                  base=job.time("completed"), limit=at("10-15 20:00"), found=at(when))  # fmt: skip


def independent(kit: Kit) -> None:
    """AC-26: nobody calls back his own job."""
    t = kit.truth
    job = kit.visit()
    job.fields["coordinator"] = kit.office.crew.callback
    t.over(
        "AC-26",
        job,
        "c.11 AC-26: the caller is the coordinator of the ticket",
        found=kit.office.crew.callback,
    )
    t.inside("AC-26", kit.visit(), "c.11 AC-26: another person", found=kit.office.crew.callback)
    job = kit.visit()
    job.find("callback_done").actor = ""
    t.missing("AC-26", job, "the log does not say who rang")


def closing(kit: Kit) -> None:
    """AC-41: closed is signed and called back; AC-42.4: no callback without a call."""
    t = kit.truth
    job = kit.visit()
    job.drop("customer_signed")
    kit.remove("signatures", lambda row: row["_job"] is job)
    t.over("AC-41", job, "c.11 AC-41: closed implies signed")
    t.follows("AC-09", job, "nonconforming", "nobody signed")
    t.deviation("F2", "skipped", job, "customer_signed", "F2.14 (b)")
    other = kit.visit()
    other.drop("callback_done")
    other.fields["customer_score"] = ""
    t.over("AC-41", other, "c.11 AC-41: closed implies callback done or unreachable", part=2)
    t.deviation("F4", "skipped", other, "callback_done", "F4.5 (b)")
    good = kit.visit()
    for part in (1, 2):
        t.inside("AC-41", good, "signed and called back before closing", part=part)
    t.na("AC-41", kit.walk_in(), "not closed")
    t.na("AC-41", kit.walk_in(), "not closed", part=2)
    lost = kit.visit()
    kit.blank(lost, "closed")
    for part in (1, 2):
        t.missing("AC-41", lost, "the log does not say when it was closed", part=part)
    silent = kit.visit()
    kit.remove(
        "calls", lambda row: row["_job"] is silent and row["agent"] == kit.office.crew.callback
    )
    t.over("AC-42", silent, "c.11 AC-42: callback done without call record", part=4)
    other_day = kit.visit("10-15 09:49", "10-16 09:30")
    row = kit.row(other_day, "calls", agent=kit.office.crew.callback)
    for name in ("ringing_at", "answered_at", "ended_at"):
        row[name] += timedelta(1)  # type: ignore[operator]
    t.over("AC-42", other_day, "c.11 AC-42: the only call was a day later", part=4)
    t.inside("AC-42", kit.visit(), "c.11 AC-42: a call the same day", part=4)
    t.na("AC-42", kit.walk_in(), "nobody was called back", part=4)


def suspicious(kit: Kit) -> None:
    """AC-42: not five in a minute, not one text four times, no gap and no double number."""
    t = kit.truth
    for day, count, plant in ((22, 4, t.inside), (23, 5, t.over)):
        jobs = tuple(
            kit.visit(
                f"10-{day - 1} 09:{30 + n}",
                f"10-{day} 09:30",
                fixed={"completed": f"10-{day} 17:05"},
            )
            for n in range(count)
        )
        plant("AC-42", f"2026-10-{day} 17:05", "c.11 AC-42: >= 5 tickets completed in the same minute",
              limit="4", found=str(count), also=jobs)  # fmt: skip
    for text, count, plant in (("清洁重装，试机正常", 3, t.inside), ("更换后试机正常", 4, t.over)):
        jobs = tuple(kit.visit() for _ in range(count))
        for job in jobs:
            job.fields["action"] = text
        plant(
            "AC-42",
            text,
            "c.11 AC-42: same text copied > 3 times",
            part=2,
            limit="3",
            found=str(count),
            also=jobs,
        )
    gap, double = kit.visit("10-16 09:38"), kit.visit("10-20 09:39")
    gap.skips = double.double = True
    t.over(
        "AC-42",
        lambda: gap.missing_form,
        "c.11 AC-42: a form number is missing before this ticket's",
        part=3,
        also=(gap,),
    )
    t.over(
        "AC-42",
        lambda: double.form_no,
        "c.11 AC-42: a form number comes twice",
        part=3,
        also=(double,),
    )
    t.inside("AC-42", kit.visit(), "c.11 AC-42: its number follows the one before", part=3)
    t.na("AC-42", kit.consult("10-16 10:33"), "a question has no form", part=3)


def coverage(kit: Kit) -> None:
    """AC-23: on-site 100 %, walk-in 30 %, complaints 100 %, of what the records hold.

    What was completed counts once its 2 working days are over, or it was attempted.
    """
    t, code = kit.truth, kit.office.code
    month, over = code, code == "CQ"
    plant = t.over if over else t.inside
    opened, promise = ("11-02 09:48", "11-03 09:30") if over else ("10-15 09:48", "10-16 09:30")
    complains = kit.visit(opened, promise, score=None if over else 3)
    complains.insert("complaint_logged", plus(complains.time("engineer_assigned"), 20), "COO")
    if over:
        kit.office.add(
            "complaint", complains, ticket="{no}", source="热线", received_at=at("11-02 15:00"),
            facts="客户反映等候久", root_cause="排班不足", attribution="ours", measure="调整排班",
            owner=kit.office.crew.manager, due="2026-11-04", customer_answer="接受",
        )  # fmt: skip
        t.follows(
            "AC-22", complains, "nonconforming", "never attempted, and 2 working days are over"
        )
        for part in (2, 4):
            t.follows(
                "AC-25", complains, "nonconforming", "the manager never heard of it", part=part
            )
    plant("AC-23", month, "c.11 AC-23: on-site = 100 %", limit="100 %", also=(complains,))
    plant(
        "AC-23", month, "c.11 AC-23: complaints = 100 %", part=3, limit="100 %", also=(complains,)
    )
    if not over:
        _due_yet(kit)
    done, asked = _thin(kit, less=int(over))
    plant(
        "AC-23",
        month,
        "c.11 AC-23: walk-in >= 30 %",
        part=2,
        base=str(done),
        limit=str(ceil(done * 0.3)),
        found=str(asked),
    )
    if over:
        t.na("AC-23", "HZ", "no complaint was completed", part=3)


def _due_yet(kit: Kit) -> None:
    """Complete what may be rung back until tomorrow: it does not count yet."""
    job = kit.visit("11-03 09:48", "11-04 09:30", score=None)
    job.insert("complaint_logged", at("11-05 10:00"), "CBS")
    job.insert("escalated", at("11-05 10:30"), "CBS")
    kit.office.add(
        "complaint", job, ticket="{no}", source="热线", received_at=at("11-05 10:00"),
        facts="客户反映等候久", root_cause="排班不足", attribution="ours", measure="调整排班",
        owner=kit.office.crew.manager, due="2026-11-09", customer_answer="接受",
    )  # fmt: skip
    for n in range(4):
        kit.walk_in(f"11-02 10:{31 + n}", f"11-04 14:{10 + n}")


def _rung(job: Job) -> bool:
    return job.has("callback_attempted") and job.time("callback_attempted") <= NOW


def _thin(kit: Kit, less: int) -> tuple[int, int]:
    """Ring back just as many walk-ins as 30 % are, less so many."""
    done = [
        job for job in kit.office.jobs
        if job.service == "walk_in" and job.has("completed") and job.time("completed") <= NOW
        and (_rung(job) or nth(job.time("completed"), 2) <= NOW.date())
    ]  # fmt: skip
    asked = [job for job in done if _rung(job)]
    wanted = (3 * len(done) + 9) // 10 - less
    named = {id(row["subject"]) for row in kit.truth.cases} | {
        id(row["ticket"]) for row in kit.truth.deviations
    }
    spare = [job for job in asked if id(job) not in named and job.has("callback_done")
             and not job.has("dissatisfaction_reported")]  # fmt: skip
    for job in spare[: len(asked) - wanted]:
        since = job.time("callback_attempted")
        job.events = [each for each in job.events if each.key < since]
        kit.remove(
            "calls",
            lambda row, job=job: row["_job"] is job and row["agent"] == kit.office.crew.callback,
        )  # type: ignore[misc]
        for name in ("customer_score", "status"):
            job.fields.pop(name, None)
    return len(done), wanted
