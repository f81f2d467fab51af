"""The store of an office: what was there in the beginning, every move, and what is left of it.

The records handed in begin on 1 September, so that is what the opening balance is of; each row of
it says since when the piece lies there. Source: domain a.3, e.1; `sops/parts.yaml` says from which
status each move leads to which.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from month.book import Job, Office, Row
from month.clock import NOW, at, nth, on
from month.world import PARTS, RARE, Part

DELIVERED: Final = at("08-03 09:00")
"""When what lies in store in the beginning came: one delivery, so that none of it is older."""

_LIFE: Final = {
    "RECV": ("", "good"),
    "ISSUE": ("good", "with_engineer"),
    "CONSUME": ("with_engineer", "consumed"),
    "RETURN_GOOD": ("with_engineer", "good"),
    "RETURN_DEF": ("consumed", "defective"),
    "DOA_REPORT": ("with_engineer", "doa"),
    "SHIP_DEF": ("defective", "in_transit"),
    "CENTRE_ACCEPT": ("in_transit", "returned"),
    "CENTRE_REJECT": ("in_transit", "defective"),
    "RESERVE": ("good", "reserved"),
    "UNRESERVE": ("reserved", "good"),
    "TRANSFER_OUT": ("good", "in_transit"),
    "TRANSFER_IN": ("in_transit", "good"),
    "LOAN_OUT": ("good", "with_engineer"),
    "LOAN_BACK": ("with_engineer", "good"),
    "SCRAP": ("defective", "scrapped"),
    "ADJ_PLUS": ("", "good"),
    "ADJ_MINUS": ("good", "lost"),
}
_CENTRE: Final = "PC"
_FROM_CENTRE: Final = frozenset(("RECV", "CENTRE_ACCEPT", "CENTRE_REJECT"))
_TO_CENTRE: Final = frozenset(("SHIP_DEF", "CENTRE_ACCEPT"))
_CHECKED: Final = frozenset(("RECV", "SCRAP", "ADJ_PLUS", "ADJ_MINUS", "TRANSFER_OUT"))
_DRAWN: Final = frozenset(("ISSUE", "CONSUME", "RETURN_GOOD", "RETURN_DEF", "DOA_REPORT"))
"""Moves that name who drew the part."""

_REJECTED: Final = 10
_SPARE: Final = 9
"""Pieces of each part that lie there untouched."""


class Store:
    """What an office has of each part, and how it came to have it."""

    def __init__(self, office: Office) -> None:
        self.office: Final = office
        self.free: Final[dict[str, list[str]]] = {}
        self.came: Final[dict[str, datetime]] = {}
        """When each piece with a serial number was received."""

        self.taken: Final[set[str]] = set()
        self.parts: Final = {part.no: part for part in (*PARTS, *RARE)}
        for part in (*PARTS, *RARE):
            if part.serialised:
                pieces = {"P10": 0, "ZJ1": 8}.get(part.no, 60)
                self.free[part.no] = [self._begin(part) for _ in range(pieces)]
            else:
                self.lot(part, 90)

    # --- what is there --------------------------------------------------------------------------

    def _begin(self, part: Part) -> str:
        serial = f"{self.office.code}{part.no}-{self.office.number(f'piece {part.no}'):05d}"
        self.lot(part, 1, serial=serial)
        return serial

    def lot(
        self, part: Part, qty: int, *, serial: str = "", since: datetime = DELIVERED,
        status: str = "good",
    ) -> Row:  # fmt: skip
        """Let something be there in the beginning."""
        self.parts[part.no] = part
        self.came[serial or part.no] = since
        return self.office.add(
            "opening", site=self.office.code, place="", part_no=part.no, serial=serial,
            status=status, qty=qty, holder="", ticket_no="", since=since, move_type="RECV",
            move_id="",
        )  # fmt: skip

    def receive(self, part: Part, when: datetime, qty: int = 1) -> str:
        """Book goods in from the parts centre; give the serial of a piece that has one."""
        self.parts[part.no] = part
        n = self.office.number(f"piece {part.no}")
        serial = f"{self.office.code}{part.no}-{n:05d}" if part.serialised else ""
        self.came.setdefault(serial or part.no, when)
        self.move("RECV", when, part, serial, qty, doc=f"RK{self.office.code}{n:05d}")
        return serial

    def restock(self) -> None:
        """Book in what was ordered and has come; leave out what nobody will miss."""
        for row in self.office.rows.get("orders", []):
            booked = row.get("booked_at")
            if isinstance(booked, datetime) and not row.get("_received"):
                self.receive(self.parts[str(row["part_no"])], booked, int(str(row["qty"])))
        idle = {serial for free in self.free.values() for serial in free[_SPARE:]}
        rows = self.office.rows["opening"]
        rows[:] = [row for row in rows if row["serial"] not in idle]

    def take(self, part: Part) -> str:
        """Choose the piece that is issued next, the oldest first."""
        return self.free[part.no].pop(0) if part.serialised else ""

    # --- what happens to it ---------------------------------------------------------------------

    def move(
        self,
        kind: str,
        when: datetime,
        part: Part,
        serial: str,
        qty: int = 1,
        job: Job | None = None,
        returned: str = "",
        doc: str = "",
        way: tuple[str, str] | None = None,
    ) -> Row:
        """Write a movement; `way` says from which office to which."""
        before, after = _LIFE[kind]
        code = self.office.code
        source = _CENTRE if kind in _FROM_CENTRE else code
        target = _CENTRE if kind in _TO_CENTRE else code
        if way:
            source, target = way
        return self.office.add(
            "moves",
            job,
            move_id=f"{code}M{self.office.number('move'):05d}",
            move_type=kind,
            at=when,
            site_from=source,
            site_to=target,
            part_no=part.no,
            serial=serial,
            qty=qty,
            status_from=before,
            status_to=after,
            ticket_no="{no}" if job else "",
            part_class="main" if part.abc == "A" else "other",
            return_required=returned,
            doc_no=doc,
            holder=self._drawn(kind, job),
            actor=self.office.crew.store,
            checker=self.office.crew.manager if kind in _CHECKED else "",
            note="",
        )

    def _drawn(self, kind: str, job: Job | None) -> object:
        if job is None or kind not in _DRAWN:
            return ""
        return job.fields.get("engineer") or job.fields.get("bench_engineer", "")

    def old(self, part: Part) -> str:
        """Give the old part that is taken out the number on its tag."""
        return f"OLD-{part.no}-{self.office.number('old'):05d}" if part in PARTS + RARE else ""

    def fitted(
        self, job: Job, part: Part, serial: str, times: Mapping[str, datetime], spare: str = ""
    ) -> None:
        """Write that a part was issued and fitted, and that the old one went back where it must."""
        back = part.abc in "AB"
        if "reserved" in times:
            self.move("RESERVE", times["reserved"], part, serial, job=job)
        given = self.move("ISSUE", times["issued"], part, serial, job=job)
        if "reserved" in times:
            given["status_from"] = "reserved"
        if "unused" in times:
            self.move("ISSUE", times["issued"], part, spare, job=job)
        self.move("CONSUME", times["consumed"], part, serial, job=job,
                  returned="yes" if back else "no")  # fmt: skip
        if "unused" in times:
            self.move("RETURN_GOOD", times["unused"], part, spare, job=job)
        if back:
            old = self.old(part)
            self.move("RETURN_DEF", times["returned"], part, old, job=job, returned="yes")
            if "shipped" in times:
                self.move("SHIP_DEF", times["shipped"], part, old, job=job, returned="yes")


# --- at the end -----------------------------------------------------------------------------------


def papers(store: Store) -> None:
    """Write the return lists of what was shipped, and what the centre did with it."""
    office, lists = store.office, dict[str, str]()
    shipped = [row for row in office.rows["moves"] if row["move_type"] == "SHIP_DEF"]
    for n, row in enumerate(sorted(shipped, key=lambda each: str(each["at"]))):
        sent, job = row["at"], row["_job"]
        assert isinstance(sent, datetime)  # noqa: S101 -- nobody ships at no time
        assert isinstance(job, Job)  # noqa: S101 -- nor without its ticket
        number = lists.setdefault(f"{sent:%m%d}", f"FH{office.code}26{sent:%m%d}")
        arrives = on(nth(sent, 3), "10:30")
        accepted = row.get("_accepted", arrives if arrives <= NOW else "")
        row["doc_no"] = number
        # One part a month comes back because the list names another.
        wrong = n == _REJECTED and isinstance(accepted, datetime) and not row.get("_note")
        office.add(
            "returns", job, list_no=number, site=office.code, part_no=row["part_no"],
            serial=row["serial"], ticket_no="{no}", symptom=job.fields["fault_reported"],
            shipped_at=sent, waybill=f"YD{office.code}{sent:%m%d}01", box=f"{n % 4 + 1}",
            tag="yes", esd_bag="yes", photo=f"{number}-{n + 1:03d}.jpg",
            late_note=row.get("_note", ""), late_note_at=row.get("_note_at", ""),
            accepted_at="" if wrong else accepted, rejected_for="清单上型号填错" if wrong else "",
        )  # fmt: skip
        if isinstance(accepted, datetime):
            part, piece = store.parts[str(row["part_no"])], str(row["serial"])
            kind = "CENTRE_REJECT" if wrong else "CENTRE_ACCEPT"
            store.move(kind, accepted, part, piece, job=job, doc=number)
            if wrong:
                sent_again(store, job, part, piece, on(nth(accepted, 1), "16:10"))


def sent_again(store: Store, job: Job, part: Part, piece: str, when: datetime) -> None:
    """Send what was rejected with a list of its own, and let the centre accept it."""
    number = f"FH{store.office.code}26{when:%m%d}R"
    store.move("SHIP_DEF", when, part, piece, job=job, returned="yes", doc=number)
    accepted = on(nth(when, 3), "10:30")
    store.office.add(
        "returns", job, list_no=number, site=store.office.code, part_no=part.no, serial=piece,
        ticket_no="{no}", symptom=job.fields["fault_reported"], shipped_at=when,
        waybill=f"YD{store.office.code}{when:%m%d}02", box="1", tag="yes", esd_bag="yes",
        photo=f"{number}-001.jpg", late_note="", late_note_at="", accepted_at=accepted,
        rejected_for="",
    )  # fmt: skip
    store.move("CENTRE_ACCEPT", accepted, part, piece, job=job, doc=number)


_KEPT: Final = frozenset(("", "scrapped", "lost", "returned"))
"""Statuses of what has left the office's books."""

_TOLD: Final = frozenset(("with_engineer", "reserved", "doa", "abnormal", "consumed"))
"""Statuses in which the ledger names the ticket."""


def ledger(store: Store) -> None:
    """Write the ledger: for each piece or lot what the moves have left of it, and where."""
    office = store.office
    stock: Counter[tuple[str, str, str]] = Counter()
    last: dict[tuple[str, str, str], datetime] = {}
    by: dict[tuple[str, str, str], Row] = {}
    for row in office.rows["opening"]:
        key = (str(row["part_no"]), str(row["serial"]), str(row["status"]))
        stock[key] += int(str(row["qty"]))
        last[key] = store.came[key[1] or key[0]]
    for row in office.rows["moves"]:
        no, serial, when = str(row["part_no"]), str(row["serial"]), row["at"]
        qty = int(str(row["qty"]))
        leaves, enters = ((no, serial, str(row[name])) for name in ("status_from", "status_to"))
        if row["site_from"] == office.code and leaves[2] != "in_transit":
            stock[leaves] -= qty
        if row["site_to"] == office.code and enters[2] != "in_transit":
            stock[enters] += qty
            by[enters] = row
        if isinstance(when, datetime):
            for key in (leaves, enters):
                last[key] = max(when, last.get(key, when))
    for (no, serial, status), qty in sorted(stock.items()):
        # What comes out of a machine is mostly an old part nobody knew of.
        if (
            status in _KEPT
            or (status == "consumed" and qty < 0)
            or not (qty or (status == "good" and not serial))
        ):
            continue
        part, good, move = store.parts[no], status == "good", by.get((no, serial, status), {})
        known = status in _TOLD and (serial or status != "consumed")
        office.add(
            "ledger",
            move.get("_job") if known else None,
            site=office.code, part_no=no, part_name=part.name, product_line=part.line,
            revision="R1", serial=serial, abc_class=part.abc, unit_price=part.price,
            status=status, damage_code=move.get("_damage", ""), qty=qty,
            damage_photo="IMG-FZ-01.jpg" if "_damage" in move else "",
            damage_signed="yes" if "_damage" in move else "", return_proposed_at="",
            location=f"{part.abc}-{no[1:]}" if good else "",
            min_qty=("1" if serial else "5") if good and part in PARTS else "",
            max_qty="", received_at=store.came.get(serial or no) or last[no, serial, status],
            source_doc=f"QC{office.code}2608",
            ticket_no=move.get("ticket_no", "") if known else "",
            holder=move.get("holder", "") or office.crew.store, reserved_for="",
            warranty_until="", last_move_at=last.get((no, serial, status)), last_count_at="",
        )  # fmt: skip
