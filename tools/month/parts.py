"""The store of an office: every piece comes in by a move, and the ledger is what the moves leave.

Source: domain a.3, e.1; `sops/parts.yaml` says from which status each move leads to which.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from month.book import Job, Office, Row
from month.clock import at
from month.world import PARTS, Part

_OPENING: Final = at("08-31 09:00")
_LIFE: Final = {
    "RECV": ("", "good"),
    "ISSUE": ("good", "with_engineer"),
    "CONSUME": ("with_engineer", "consumed"),
    "RETURN_GOOD": ("with_engineer", "good"),
    "RETURN_DEF": ("consumed", "defective"),
    "SHIP_DEF": ("defective", "in_transit"),
    "RESERVE": ("good", "reserved"),
}
_CENTRE: Final = "PC"


class Store:
    """What an office has of each part, and how it came to have it."""

    def __init__(self, office: Office) -> None:
        self.office: Final = office
        self.free: Final[dict[str, list[str]]] = {}
        for part in PARTS:
            if part.serialised:
                self.free[part.no] = [self.receive(part, _OPENING) for _ in range(40)]
            else:
                self.receive(part, _OPENING, 90)

    def receive(self, part: Part, when: datetime, qty: int = 1) -> str:
        """Book goods in from the parts centre; give the serial of a piece that has one."""
        n = self.office.number(f"piece {part.no}")
        serial = f"{self.office.code}{part.no}-{n:05d}" if part.serialised else ""
        self.move("RECV", when, part, serial, qty, doc=f"RK{self.office.code}{n:05d}")
        return serial

    def restock(self) -> None:
        """Book in what was ordered and has come."""
        known = {part.no: part for part in PARTS}
        for row in self.office.rows.get("orders", []):
            booked = row.get("booked_at")
            if isinstance(booked, datetime):
                self.receive(known[str(row["part_no"])], booked)

    def take(self, part: Part) -> str:
        """Choose the piece that is issued next, the oldest first."""
        return self.free[part.no].pop(0) if part.serialised else ""

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
    ) -> Row:
        """Write a movement."""
        before, after = _LIFE[kind]
        number = self.office.number("move")
        return self.office.add(
            "moves",
            job,
            move_id=f"{self.office.code}M{number:05d}",
            move_type=kind,
            at=when,
            site_from=_CENTRE if kind == "RECV" else self.office.code,
            site_to=_CENTRE if kind == "SHIP_DEF" else self.office.code,
            part_no=part.no,
            serial=serial,
            qty=qty,
            status_from=before,
            status_to=after,
            ticket_no="{no}" if job else "",
            part_class="main" if part.abc == "A" else "other",
            return_required=returned,
            doc_no=doc,
            actor=self.office.crew.store,
            checker=self.office.crew.manager if kind == "RECV" else "",
            note="",
        )

    def fitted(self, job: Job, part: Part, serial: str, times: Mapping[str, datetime]) -> None:
        """Write that a part was issued and fitted, and that the old one went back where it must."""
        back = part.abc in "AB"
        self.move("ISSUE", times["issued"], part, serial, job=job)
        flag = "yes" if back else "no"
        self.move("CONSUME", times["consumed"], part, serial, job=job, returned=flag)
        if back:
            old = f"OLD-{part.no}-{self.office.number('old'):05d}" if part.serialised else ""
            self.move("RETURN_DEF", times["returned"], part, old, job=job, returned="yes")
            if "shipped" in times:
                self.move("SHIP_DEF", times["shipped"], part, old, job=job, returned="yes")


def ledger(office: Office) -> None:
    """Write the ledger: for each piece or lot what the moves have left of it, and where."""
    stock: Counter[tuple[str, str, str]] = Counter()
    first: dict[str, datetime] = {}
    last: dict[tuple[str, str, str], datetime] = {}
    for row in office.rows["moves"]:
        no, serial, when = str(row["part_no"]), str(row["serial"]), row["at"]
        qty = int(str(row["qty"]))
        leaves = _key(no, serial, str(row["status_from"]))
        enters = _key(no, serial, str(row["status_to"]))
        if row["site_from"] == office.code:
            stock[leaves] -= qty
        if row["site_to"] == office.code:
            stock[enters] += qty
        if isinstance(when, datetime):
            first.setdefault(no, when)
            for key in (leaves, enters):
                last[key] = max(when, last.get(key, when))
    for (no, serial, status), qty in sorted(stock.items()):
        if qty or (status == "good" and not serial):
            part = _part(no)
            good = status == "good"
            office.add(
                "ledger",
                site=office.code, part_no=no, part_name=part.name, product_line=part.line,
                revision="R1", serial=serial, abc_class=part.abc, unit_price=part.price,
                status=status, damage_code="", qty=qty,
                location=f"{part.abc}-{no[1:]}" if good else "",
                min_qty=("1" if serial else "5") if good and no in _COMMON else "",
                max_qty="", received_at=first[no], source_doc=f"QC{office.code}2608",
                ticket_no="", holder=office.crew.store, reserved_for="", warranty_until="",
                last_move_at=last.get((no, serial, status)), last_count_at="",
            )  # fmt: skip


_COMMON: Final = frozenset(part.no for part in PARTS)
_SPECIAL: Final[dict[str, Part]] = {part.no: part for part in PARTS}


def special(part: Part) -> Part:
    """Make a part known that only a planted case uses."""
    return _SPECIAL.setdefault(part.no, part)


def _part(no: str) -> Part:
    return _SPECIAL[no]


def _key(no: str, serial: str, status: str) -> tuple[str, str, str]:
    # What is fitted is counted as a quantity: the old piece comes back in place of the new one.
    return (no, "" if status == "consumed" else serial, status)
