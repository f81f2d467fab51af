"""Planted deviations of every type in F2, F3 and F4, and cases of the other records."""

from collections import Counter
from datetime import date
from fractions import Fraction

from month.clock import NOW, at, plus
from month.kit import Kit
from month.opening import transcript


def deviations(kit: Kit) -> None:
    """Plant skipped, extra, out of order, unknown step and wrong role, each in each workflow."""
    t = kit.truth
    job = kit.visit()
    job.drop("engineer_assigned")
    t.deviation("F2", "skipped", job, "engineer_assigned", "F2.5 (b)")
    job = kit.visit()
    job.insert("engineer_assigned", plus(job.time("engineer_assigned"), 1), "COO")
    t.deviation("F2", "extra", job, "engineer_assigned", "F2.5 happens once (b)")
    job = kit.visit()
    job.move("arrived", plus(job.time("departed"), -1))
    t.deviation("F2", "out of order", job, "arrived|departed", "F2.12: departed, arrived (b)")
    t.follows("AC-10", job, "nonconforming", "arrived before he departed")
    job = kit.visit()
    job.insert("loan_unit_given", plus(job.time("visit_promised"), 1), "COO")
    t.deviation("F2", "unknown step", job, "loan_unit_given", "no box of the way has it (b)")
    job = kit.visit()
    line = job.find("customer_contacted")
    line.post, line.actor = "SPS", kit.office.crew.store
    t.deviation("F2", "wrong role", job, "customer_contacted", "F2.3: COO or OSE (b)")
    _bench(kit)
    _callback(kit)


def _bench(kit: Kit) -> None:
    t = kit.truth
    job = kit.walk_in()
    job.drop("unit_inspected")
    t.deviation("F3", "skipped", job, "unit_inspected", "F3.2 (b)")
    job = kit.walk_in()
    job.insert("burn_in_passed", plus(job.time("burn_in_passed"), 1), "INS")
    t.deviation("F3", "extra", job, "burn_in_passed", "F3.10 has it once (b)")
    job = kit.walk_in()
    job.move("burn_in_passed", plus(job.time("repair_done"), -1))
    t.deviation(
        "F3",
        "out of order",
        job,
        "burn_in_passed|repair_done",
        "F3.10: repaired, then burnt in (b)",
    )
    t.follows("AC-10", job, "nonconforming", "burnt in before it was repaired")
    job = kit.walk_in()
    job.insert("photo_taken", plus(job.time("unit_inspected"), 1), "RCP")
    t.deviation("F3", "unknown step", job, "photo_taken", "no box of the way has it (b)")
    job = kit.walk_in()
    line = job.find("unit_inspected")
    line.post, line.actor = "INS", kit.office.crew.bench
    t.deviation("F3", "wrong role", job, "unit_inspected", "F3.2: RCP (b)")


def _callback(kit: Kit) -> None:
    t = kit.truth
    job = kit.visit(score=2)
    job.drop("improvement_set")
    t.deviation("F4", "skipped", job, "improvement_set", "F4.9 (b)")
    job = kit.visit(score=2)
    job.insert("improvement_set", plus(job.time("improvement_set"), 1), "MGR")
    t.deviation("F4", "extra", job, "improvement_set", "F4.9 has it once (b)")
    job = kit.visit()
    job.move("callback_done", plus(job.time("callback_attempted"), -1))
    t.deviation(
        "F4", "out of order", job, "callback_done|callback_attempted", "F4.2 comes before F4.5 (b)"
    )
    t.follows("AC-10", job, "nonconforming", "heard before he was rung")
    job = kit.visit()
    job.insert("sms_sent", plus(job.time("callback_attempted"), 1), "CBS")
    t.deviation("F4", "unknown step", job, "sms_sent", "no box of the way has it (b)")
    job = kit.visit()
    line = job.find("callback_queued")
    line.post, line.actor = "COO", kit.office.crew.coordinator
    t.deviation("F4", "wrong role", job, "callback_queued", "F4.1: CBS (b)")


def phrases(kit: Kit) -> None:
    """AC-33: the greeting is there and nothing forbidden; a suspicion only."""
    t = kit.truth
    for n, (words, plant) in enumerate((
        ("您好，明澜服务，请讲", t.inside), ("喂，明澜服务，请讲", t.over), ("您好，请讲", t.over),
        ("您好，明澜服务。这个跟我们没关系", t.over), ("您好，明澜服务。你看着办吧", t.over),
    )):  # fmt: skip
        job = kit.consult(f"10-13 10:{40 + n}")
        row = kit.rows(job, "calls")[0]
        transcript(kit.office, row, words=words)
        plant("AC-33", str(row["call_id"]), f"c.11 AC-33, c.1: {words}")
    job = kit.consult("10-13 10:48")
    t.missing("AC-33", str(kit.rows(job, "calls")[0]["call_id"]), "nobody wrote the call down")


def consultation(kit: Kit) -> None:
    """AC-34: every question and every carry-in stands in the log the same day."""
    t = kit.truth
    why = "c.11 AC-34: a consultation record on the same day"
    for when, plant in (("10-13 23:59", t.inside), ("10-14 00:00", t.over)):
        job = kit.consult("10-13 15:12")
        kit.set(kit.row(job, "consultations"), at=at(when))
        plant(
            "AC-34",
            str(kit.rows(job, "calls")[0]["call_id"]),
            why,
            limit=at("10-13 23:59"),
            found=at(when),
            also=(job,),
        )
    job = kit.walk_in("10-15 14:50", called=at("10-15 13:50"))
    kit.remove("consultations", lambda row: row["_job"] is job)
    t.over(
        "AC-34",
        str(kit.rows(job, "calls")[0]["call_id"]),
        why + "; a carry-in without one",
        also=(job,),
    )
    job = kit.visit()
    t.na("AC-34", str(kit.rows(job, "calls")[0]["call_id"]), "a fault that needs a visit")
    job = kit.consult("10-13 15:13")
    kit.set(kit.rows(job, "calls")[0], ended_at="")
    t.missing(
        "AC-34",
        str(kit.rows(job, "calls")[0]["call_id"]),
        "nobody knows on which day the call ended",
    )


def load(kit: Kit) -> None:
    """AC-39: visits per working day within 30 % of the mean; every engineer worked ten days."""
    t, code = kit.truth, kit.office.code
    if code == "CQ":
        kit.visit("11-04 09:49", "11-05 09:30", engineer="2005")
    while code == "CQ" and above(kit, "2005") < Fraction(-31, 100):
        kit.visit(engineer="2005")
    for person in kit.office.crew.engineers:
        # Seven of ten visits go to the first of two, but he works more days.
        plant = t.over if person == "2005" else t.inside
        why = "c.11 AC-39: seven of ten visits go to one of two"
        plant("AC-39", person, why if code == "CQ" else "c.11 AC-39: visits go round", limit="30 %")


def above(kit: Kit, person: str) -> Fraction:
    """Say by what share of the mean a person makes more visits per day worked."""
    visits: Counter[str] = Counter()
    days: set[tuple[str, date]] = set()
    for job in kit.office.jobs:
        for each in job.events:
            if each.key <= NOW and each.at is None:
                visits[each.actor] += each.event == "arrived"
                days.add((each.actor, each.key.date()))
    worked = Counter(who for who, _ in days if visits[who])
    mean = Fraction(visits.total(), worked.total())
    return Fraction(visits[person], worked[person]) / mean - 1


def oversight(kit: Kit) -> None:
    """AC-40: planned inspections done, serious findings answered, no action overdue."""
    t, o = kit.truth, kit.office
    for audit, planned, done, plant in (
        ("CD-J1", "2026-11-04", "", t.over), ("CD-J2", "2026-11-04", "2026-11-04", t.inside),
        ("CD-J3", "2026-11-20", "", t.na), ("CD-J4", "下旬", "", t.missing),
    ):  # fmt: skip
        kit.at_last(
            lambda a=audit, p=planned, d=done: o.add(  # type: ignore[misc]
                "plan", audit_id=a, kind="regional", office=o.code, post="", planned_on=p, done_on=d
            )
        )
        why = "c.11 AC-40: planned inspections done"
        if audit == "CD-J3":
            t.case("AC-40", "na", audit, "clean", "not due yet", limit=planned)
            continue
        plant("AC-40", audit, why, limit=planned, found=done or NOW)
    for finding, severity, owner, due, done, part, plant in (
        ("CD-J1-1", "major", "", "2026-11-20", "", 2, t.over),
        ("CD-J1-2", "critical", "1004", "2026-11-20", "", 2, t.inside),
        ("CD-J1-3", "minor", "", "2026-11-20", "", 2, t.na),
        ("CD-J1-4", "", "1004", "2026-11-20", "", 2, t.missing),
        ("CD-J2-1", "minor", "1004", "2026-11-04", "", 3, t.over),
        ("CD-J2-2", "minor", "1004", "2026-11-04", "2026-11-04", 3, t.inside),
        ("CD-J2-3", "minor", "1004", "2026-11-20", "", 3, t.na),
        ("CD-J2-4", "minor", "1004", "", "", 3, t.missing),
    ):
        kit.at_last(
            lambda f=finding, s=severity, w=owner, u=due, d=done: o.add(  # type: ignore[misc]
                "actions",
                finding_id=f,
                audit_id=f[:5],
                item="CK-COO-B2",
                severity=s,
                requirement="按时限联系",
                owner=w,
                due=u,
                done=d,
                proof="",
                verified_by="",
                verified_on="",
            )
        )
        why = "every serious finding has an action" if part == 2 else "actions not overdue"
        if finding == "CD-J2-3":
            t.case("AC-40", "na", finding, "clean", "not due yet", part=3, limit=due)
            continue
        plant("AC-40", finding, f"c.11 AC-40: {why}", part=part, limit=due, found=done or NOW)
