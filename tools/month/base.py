"""The month as it should be: tickets that walk the workflows exactly and keep every limit."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final

from month.book import Job, Office
from month.clock import nth, on, plus, works
from month.opening import call, complaint, consult, log, new, recorded, rings
from month.parts import Store
from month.service import (
    called_back,
    completed,
    contacted,
    dispatched,
    fetched,
    not_reached,
    quoted,
    repaired,
    requested,
    taken_in,
    visited,
    waited,
    waited_in_station,
)
from month.world import PARTS, Part

SIZES: Final = {"CD": 370, "CQ": 270, "HZ": 252}
"""Tickets of the month beside the planted ones."""

QUIET: Final = {
    "CD": (date(2026, 10, 14), date(2026, 10, 21)),
    "CQ": (date(2026, 10, 14), date(2026, 10, 21)),
}
"""Days on which only machines of planted cases come in: the queue at the bench is theirs."""

_DAYS: Final = [date(2026, 10, 1) + timedelta(n) for n in range(31)]


def choose(office: Office, line: str | None = None) -> Part:
    """Choose a part, of a product line where one is given."""
    return office.random.choice([part for part in PARTS if line in (None, part.line)])


def visit(
    office: Office,
    store: Store,
    opened: datetime,
    *,
    paid: bool = False,
    part: Part | None = None,
    order: bool = False,
    score: int | None = 5,
    fixed: dict[str, datetime] | None = None,
    engineer: str = "",
    promise: tuple[datetime, datetime] | None = None,
    soft: bool = False,
    line: str = "desktop",
    parts_back: bool = True,
    wait: int = 2,
) -> Job:
    """Build an on-site ticket from the call to the callback; a score of 0 is not reached."""
    out = paid and not soft
    job = new(office, opened, "on_site", line=line, out=out, soft=soft, fixed=fixed)
    job.wait = wait
    if engineer:
        job.fields["engineer"] = engineer
    dispatched(job, paid=paid)
    contacted(job, promise, late=part is not None)
    if part and order:
        waited(job, part)
    elif part:
        requested(job, part)
    visited(job, store, paid=paid, part=part)
    if parts_back:
        finish(job, score, "COO")
    return job


def finish(job: Job, score: int | None, post: str) -> None:
    """File the papers and ring back; None rings nobody."""
    completed(job, post)
    if score == 0:
        not_reached(job)
    elif score is not None:
        called_back(job, score)


def walk_in(
    office: Office,
    store: Store,
    arrives: datetime,
    *,
    paid: bool = False,
    part: Part | None = None,
    order: bool = False,
    score: int | None = None,
    line: str = "notebook",
    fixed: dict[str, datetime] | None = None,
    minutes: int = 120,
    fetch: datetime | None = None,
    called: datetime | None = None,
    wait: int = 2,
) -> Job:
    """Build a walk-in ticket, from a call that sent the customer where `called` says when."""
    channel = "hotline" if called else "walk_in"
    job = new(
        office, called or arrives, "walk_in", line=line, out=paid, channel=channel, fixed=fixed
    )
    job.wait = wait
    if called:
        rings(job)
        recorded(job)
        job.happen("carry_in_guided", plus(job.now, 2), "HTL")
        log(job, plus(called, 9), "carry_in", "请带机器、发票到站")
    taken_in(job, arrives, paid=paid)
    if part and order:
        waited_in_station(job, part)
    elif part:
        requested(job, part)
    repaired(job, store, part, minutes)
    times = ("09:10", "10:20", "11:15", "14:05", "15:10", "16:20")
    day = nth(job.now, office.random.randrange(1, 4))
    fetched(job, fetch or on(day, office.random.choice(times)), paid=paid, part=part)
    if score is not None or fetch is None:
        _rest(job, score)
    return job


def _rest(job: Job, score: int | None) -> None:
    if score == 0:
        not_reached(job)
    elif score is not None:
        called_back(job, score)


def declined(office: Office, opened: datetime) -> Job:
    """Let a customer decline the price on the phone."""
    job = new(office, opened, "on_site", out=True)
    rings(job)
    recorded(job)
    quoted(job, "HTL", plus(job.now, 1), "quote_declined")
    job.fields |= {"status": "cancelled", "reason_code": "declined_quote", "charge_amount": ""}
    return job


def declined_at_counter(office: Office, arrives: datetime) -> Job:
    """Let a customer decline the price at the counter and take the machine along."""
    job = new(office, arrives, "walk_in", line="notebook", out=True, channel="walk_in")
    job.happen("visit_received", arrives, "RCP")
    job.happen("unit_inspected", plus(job.now, 5), "RCP")
    job.happen("warranty_checked", plus(job.now, 2), "RCP", "no")
    quoted(job, "RCP", plus(job.now, 1), "quote_declined")
    job.fields |= {"status": "declined", "reason_code": "declined_quote", "charge_amount": ""}
    return job


def cancelled(office: Office, opened: datetime) -> Job:
    """Let a customer cancel the visit the same day: solved by himself."""
    job = new(office, opened, "on_site")
    dispatched(job, paid=False)
    contacted(job)
    job.happen("cancelled", plus(job.now, 20), "COO", "solved_self")
    job.fields |= {"status": "cancelled", "reason_code": "solved_self", "charge_amount": ""}
    return job


def carried_off(office: Office, store: Store, opened: datetime) -> Job:
    """Take a machine in from a visit: F2.13 to F3.5."""
    job = new(office, opened, "on_site")
    dispatched(job, paid=False)
    contacted(job)
    visited(job, store, paid=False, part=None, done=False)
    job.drop("visit_failed")
    job.happen("diagnosed", on(nth(job.now, 1), "09:15"), "INS")
    repaired(job, store, None, 60)
    fetched(job, on(nth(job.now, 1), "15:00"), paid=False, part=None)
    called_back(job)
    return job


def build(office: Office, store: Store) -> None:
    """Fill the month."""
    draw = office.random
    total = SIZES[office.code]
    days = [day for day in _DAYS if works(day)]
    quiet = QUIET.get(office.code, ())
    for n in range(total):
        day = days[n * len(days) // total]
        hour = f"{draw.choice((8, 9, 9, 10, 10, 11, 13, 14, 14, 15, 16)):02d}"
        opened = on(day, f"{hour}:{draw.randrange(31, 59):02d}")
        share = n % 20
        if share < 10:
            _visit(office, store, opened, n)
        elif share < 17 and day not in quiet:
            _walk_in(office, store, on(day, _counter(draw.randrange(40))), n)
        else:
            lines = ("desktop", "notebook", "printer")
            job = consult(office, opened, fault=n % 3 > 0, line=draw.choice(lines))
            job.fields["channel"] = "dealer" if n % 40 == 19 else "hotline"
    _holiday(office, store)
    _waiting(office, store)
    for when in ("10-15 14:35", "10-22 09:50"):
        complaint(office, datetime.fromisoformat(f"2026-{when}"))


def _counter(n: int) -> str:
    minutes = 8 * 60 + 45 + n * 4 if n < 20 else 13 * 60 + 15 + (n - 20) * 8
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _visit(office: Office, store: Store, opened: datetime, n: int) -> None:
    draw = office.random
    special: dict[int, Callable[[], Job]] = {
        41: lambda: declined(office, opened),
        63: lambda: cancelled(office, opened),
        82: lambda: carried_off(office, store, opened),
    }
    if n % 100 in special:
        special[n % 100]()
        return
    line = draw.choice(("desktop", "desktop", "printer", "instrument"))
    part = choose(office, line) if n % 10 in {0, 3, 6, 8} else None
    paid = n % 5 == 4
    job = visit(
        office, store, opened, paid=paid, soft=paid and n % 10 == 9,
        part=None if paid and n % 10 == 9 else part, order=n % 30 == 16, line=line,
        score=_score(n), engineer=engineer_of(office, n),
    )  # fmt: skip
    if n % 33 == 7:
        zone = {"zone": "outside", "distance_km": 46}
        job.fields |= zone if not paid else {}
    if n % 50 == 12:
        call(job, plus(job.time("engineer_assigned"), 25), minutes=1)


def _score(n: int) -> int:
    if n % 37 == 3:
        return 0
    if n % 29 == 6:
        return 2 + n % 2
    return 4 + n % 2


def engineer_of(office: Office, n: int) -> str:
    """Give the visits of Chengdu by turns, and seven of ten in Chongqing to one of two."""
    crew = office.crew.engineers
    if office.code == "CQ":
        return crew[0] if n % 10 in {0, 1, 3, 4, 6, 7, 8} else crew[1]
    return crew[n % len(crew)]


def _walk_in(office: Office, store: Store, arrives: datetime, n: int) -> None:
    draw = office.random
    if n % 100 == 34:
        declined_at_counter(office, arrives)
        return
    line = draw.choice(("notebook", "notebook", "desktop", "printer"))
    part = choose(office, line) if n % 20 in {11, 13, 15} else None
    # At least three in ten are rung up; so are all that may be finished in November.
    ask = n % 20 in {10, 12, 14, 16} or arrives >= on(date(2026, 10, 20), "00:00")
    walk_in(
        office, store, arrives, paid=n % 20 in {12, 13, 16}, part=part, line=line,
        order=n % 100 == 55,
        minutes=draw.randrange(60, 260), score=_score(n) if ask else None,
        called=plus(arrives, -draw.randrange(60, 180)) if n % 20 == 14 else None,
    )  # fmt: skip


def _waiting(office: Office, store: Store) -> None:
    """Tickets that still wait for a part on the day of the records."""
    fan = next(part for part in PARTS if part.no == "P09")
    for n, day in enumerate((28, 29, 30)):
        opened = on(date(2026, 10, day), f"10:{12 + n}")
        who = engineer_of(office, n)
        visit(office, store, opened, part=fan, order=True, wait=8, engineer=who)
        walk_in(office, store, plus(opened, 20), part=fan, order=True, wait=6)


def _holiday(office: Office, store: Store) -> None:
    """Tickets of the duty hotline in the holiday, after hours and at weekends."""
    for n, when in enumerate(
        ("09-30 16:20", "10-01 10:12", "10-02 15:40", "10-04 09:05", "10-06 19:30", "10-07 20:10",
         "10-12 20:05", "10-17 11:00", "10-22 18:15", "10-25 14:30", "10-29 21:00")
    ):  # fmt: skip
        opened = datetime.fromisoformat(f"2026-{when}")
        visit(office, store, opened, engineer=engineer_of(office, n), score=4 + n % 2)
        if n % 3 == 0:
            consult(office, plus(opened, 55))
