"""The records of an office as their files have them, with a mapping and without."""

from dataclasses import replace
from pathlib import Path

import pytest

from sopaudit.criteria.form import Record, RecordRegister
from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.criteria.register import CodeRegister, EventRegister
from sopaudit.evidence.quality import Expected, Measure
from sopaudit.evidence.recordquality import quality_of
from sopaudit.evidence.records import Records, read_records
from sopaudit.problems import Problem

KITCHEN = Path(__file__).parent / "kitchen"

FIELDS = {
    "tickets": [
        {"id": "ticket_no", "title": {"zh": "工单号", "en": "Ticket"}, "required": "yes"},
        {"id": "channel", "title": {"zh": "来源渠道", "en": "Channel"}, "codes": "channel"},
        {"id": "serial", "title": {"zh": "序列号", "en": "Serial"}, "required": "yes"},
        {"id": "fee", "title": {"zh": "费用（元）", "en": "Fee"}, "blank": ["无"]},
        {"id": "opened_at", "title": {"zh": "受理时间", "en": "Opened at"}},
    ],
    "events": [
        {"id": "ticket_no", "title": {"zh": "工单号", "en": "Ticket"}},
        {"id": "event", "title": {"zh": "事件", "en": "Event"}},
        {"id": "at", "title": {"zh": "时间", "en": "At"}},
    ],
}
EVENTS = [
    {"id": "opened", "title": {"zh": "受理", "en": "Opened"}},
    {"id": "closed", "title": {"zh": "关闭", "en": "Closed"}},
]
CHANNELS = [
    {"id": "phone", "title": {"zh": "电话", "en": "Phone"}},
    {"id": "web", "title": {"zh": "网上", "en": "Web"}},
]


@pytest.fixture(scope="module")
def handbook() -> Handbook:
    """Give the kitchen what an office keeps."""
    book, _ = load_handbook(KITCHEN)
    assert book is not None
    kept = [{"id": id_, "title": id_, "fields": fields} for id_, fields in FIELDS.items()]
    records = RecordRegister.model_validate({"edition": "1", "records": kept}).records
    events = EventRegister.model_validate({"edition": "1", "events": EVENTS}).events
    lists = [{"id": "channel", "title": "Channel", "codes": CHANNELS}]
    codes = CodeRegister.model_validate({"edition": "1", "lists": lists}).lists
    known: dict[str, Record] = {each.id: each for each in records}
    return replace(
        book,
        records_kept=known,
        events={each.id: each for each in events},
        codes={each.id: each for each in codes},
    )


def read(folder: Path, book: Handbook, **files: str) -> tuple[Records, list[Problem]]:
    for name, text in files.items():
        path = folder / (f"{name}.yaml" if name == "mapping" else f"{name}.csv")
        path.write_text(text, encoding="utf-8")
    return read_records(folder, book, shown="data")


def counted(measures: tuple[Measure, ...]) -> dict[str, int]:
    return {f"{m.id} {m.where}".strip(): m.count for m in measures if m.count}


def test_a_serial_number_stays_as_it_was_typed(tmp_path: Path, handbook: Handbook) -> None:
    text = 'ticket_no,serial,fee\nT1,0012,1.10\nT2,"=""007""",1e3\nT3,12345678901234567890,无\n'
    records, problems = read(tmp_path, handbook, tickets=text)
    assert problems == []
    assert records.of("tickets").texts("serial") == ["0012", "007", "12345678901234567890"]
    assert records.of("tickets").texts("fee") == ["1.10", "1e3", "无"]


def test_a_cell_that_cannot_be_read_is_told_and_empty(tmp_path: Path, handbook: Handbook) -> None:
    text = "ticket_no,serial\nT1,#N/A\nT2,1.23E+11\nT3,A1\n"
    records, problems = read(tmp_path, handbook, tickets=text)
    assert [(p.code, str(p.place)) for p in problems] == [
        ("T023", "data/tickets.csv:2:2"),
        ("T025", "data/tickets.csv:3:2"),
    ]
    assert records.of("tickets").texts("serial") == ["", "", "A1"]


def test_titles_of_fields_codes_and_events_are_known(tmp_path: Path, handbook: Handbook) -> None:
    records, problems = read(
        tmp_path,
        handbook,
        tickets="工单号,来源渠道,序列号,费用\nT1,电话,A,80\nT2,Web,B,?\n",
        events="工单号,事件,时间\nT1,受理,2026/10/9 17:00\nT1,closed,2026年10月9日 18:00\n",
    )
    assert problems == []
    assert records.of("tickets").texts("channel") == ["phone", "web"]
    assert records.of("tickets").texts("fee") == ["80", ""]
    assert records.of("events").texts("event") == ["opened", "closed"]
    assert [str(at)[:16] for at in records.of("events").times("at")] == [
        "2026-10-09T17:00",
        "2026-10-09T18:00",
    ]


MAPPING = """
zone: Asia/Shanghai
blank: [未知]
records:
  tickets:
    file: export.csv
    columns: {ticket_no: 单号, opened_at: 建单}
    words: {channel: {微信: web}}
    dates: day_first
"""


def test_a_mapping_says_which_columns_codes_and_dates_a_file_uses(
    tmp_path: Path, handbook: Handbook
) -> None:
    (tmp_path / "export.csv").write_text(
        "单号,channel,serial,建单\nT1,微信,未知,3/4/2026 09:00\nT2,电话,A,2026-04-03T09:00Z\n",
        encoding="utf-8",
    )
    records, problems = read(tmp_path, handbook, mapping=MAPPING)
    assert problems == []
    tickets = records.of("tickets")
    assert tickets.texts("channel") == ["web", "phone"]
    assert tickets.texts("serial") == ["", "A"]
    assert [str(at)[:16] for at in tickets.times("opened_at")] == [
        "2026-04-03T09:00",
        "2026-04-03T17:00",
    ]
    assert records.zone == "Asia/Shanghai"


def test_a_column_the_mapping_names_and_the_file_lacks_is_told_in_the_mapping(
    tmp_path: Path, handbook: Handbook
) -> None:
    mapping = "records:\n  tickets:\n    columns: {serial: 机号}\n"
    records, problems = read(tmp_path, handbook, mapping=mapping, tickets="ticket_no\nT1\n")
    assert [(p.code, str(p.place)) for p in problems] == [("L011", "data/mapping.yaml:3:23")]
    assert "tickets" in records.missing


def test_what_is_odd_in_records_is_counted_with_its_rows(
    tmp_path: Path, handbook: Handbook
) -> None:
    records, _ = read(
        tmp_path,
        handbook,
        tickets="ticket_no,channel,serial,opened_at\nT1,phone,A,2026-10-09\nT2,PHONE,,2026-10-09\n"
        "T1,fax,B,2026-10-09\nT3,,C,soon\n",
        events="ticket_no,event,at\nT1,opened,2026-10-09\nT9,closed,2026-10-09\nT1,danced,\n",
    )
    quality = quality_of(records, handbook, Expected(starts=frozenset({"opened"})))
    assert counted(quality.measures) == {
        "missing_times": 1,
        "unknown_activities": 1,
        "no_start": 1,
        "twice tickets": 1,
        "code tickets.channel": 1,
        "blank tickets.serial": 1,
        "no_time tickets.opened_at": 1,
        "stray events": 1,
    }
    by_id = {m.id: m for m in quality.measures if m.where}
    assert [(e.ticket, e.row, e.text) for e in by_id["code"].examples] == [("T1", 4, "fax")]
    assert [(e.ticket, e.row) for e in by_id["stray"].examples] == [("T9", 3)]


def test_clean_records_have_nothing_odd(tmp_path: Path, handbook: Handbook) -> None:
    records, problems = read(
        tmp_path,
        handbook,
        tickets="ticket_no,channel,serial\nT1,phone,A\n",
        events="ticket_no,event,at\nT1,opened,2026-10-09 17:00\n",
    )
    assert problems == []
    quality = quality_of(records, handbook)
    assert counted(quality.measures) == {}
    assert quality.assessable
