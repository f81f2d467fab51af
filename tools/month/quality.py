"""Errors of a kind nobody planned for: they belong into the data-quality block, not into a rule."""

from month.truth import Truth
from month.written import table_bytes

Tables = dict[str, list[dict[str, str]]]


def spoil(code: str, tables: Tables, truth: Truth) -> dict[str, bytes]:
    """Spoil the files of an office as offices do, and write them."""
    encodings: dict[str, str] = {}
    if code == "CD":
        _chengdu(tables["events"], truth)
    if code == "CQ":
        _chongqing(tables, truth)
        encodings["calls"] = "gb18030"
        _tell(truth, "encoding", "calls", "CQ", "the whole file is GBK")
    return {name: table_bytes(rows, encodings.get(name, "utf-8")) for name, rows in tables.items()}


def _chengdu(events: list[dict[str, str]], truth: Truth) -> None:
    place, line = next(
        (n, e) for n, e in enumerate(events) if e["event"] == "left_site" and n > 900
    )
    events.insert(place + 1, dict(line))
    _tell(
        truth, "duplicate", "events", line["ticket_no"], "one line of left_site stands there twice"
    )
    ghost = {"ticket_no": "CD-261019-099", "actor": "1002", "post": "HTL", "value": "", "note": ""}
    events.append(ghost | {"event": "custmer_contacted", "at": "2026-10-19 10:02"})
    events.append(ghost | {"event": "note", "at": "1970-01-01 08:00"})
    for kind, why in (
        ("unknown ticket", "the log has a ticket which the tickets do not know"),
        ("misspelled", "custmer_contacted"), ("1970", "the clock of a program that had none"),
    ):  # fmt: skip
        _tell(truth, kind, "events", "CD-261019-099", why)
    events.append(
        {**ghost, "ticket_no": "", "event": "note", "at": "2026-10-20 11:11", "note": "漏填单号"}
    )
    _tell(truth, "blank ticket", "events", "", "a line without a ticket number")
    for name in ("loan_unit_given", "photo_taken", "sms_sent"):
        ticket = next(e["ticket_no"] for e in events if e["event"] == name)
        _tell(truth, "unknown activity", "events", ticket, f"{name}; also a planted deviation")


def _chongqing(tables: Tables, truth: Truth) -> None:
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    paid = next(row for row in tables["tickets"] if row["quote_amount"] == "150")
    paid["quote_amount"] = paid["quote_amount"].translate(wide)
    _tell(
        truth, "full-width", "tickets", paid["ticket_no"], "the quote is typed in full-width digits"
    )
    none = next(row for row in tables["tickets"][50:] if row["service_type"] == "consult")
    none["parent_ticket"] = "NA"
    _tell(truth, "NA", "tickets", none["ticket_no"], "NA stands for no earlier ticket")


def _tell(truth: Truth, kind: str, record: str, subject: str, why: str) -> None:
    truth.quality.append({"kind": kind, "record": record, "subject": subject, "why": why})
