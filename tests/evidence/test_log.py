"""Event logs of any system, read rightly: the traps of real logs, one test each."""

import gzip
import random
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sopaudit.evidence.eventlog import EventLog
from sopaudit.evidence.log import read_log
from sopaudit.evidence.quality import Expected, Quality, quality_words
from sopaudit.evidence.xes import read_xes
from sopaudit.report.logfile import parquet, xes

LOGS = Path(__file__).parents[2] / ".." / "shared" / "data" / "logs"
real = pytest.mark.skipif(not LOGS.is_dir(), reason="the logs of ../shared are not here")

Told = list[tuple[str, str, str, str]]


def read(
    tmp_path: Path,
    text: str | bytes,
    mapping: str = "",
    name: str = "log.csv",
    **known: Any,  # noqa: ANN401 -- what `Expected` takes
) -> tuple[EventLog, Quality]:
    path, said = tmp_path / name, tmp_path / "log.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    said.write_text(mapping, encoding="utf-8")
    log, problems, quality = read_log(
        path, None, said if mapping else None, expected=Expected(**known)
    )
    assert log is not None, [problem.text("en") for problem in problems]
    assert problems == []
    return log, quality


def told(log: EventLog) -> Told:
    """Spell the events out in their order: ticket, event, time, who."""
    who = [log.actors[n] if n >= 0 else "" for n in log.actor] if log.actor is not None else None
    return [
        (
            log.tickets[log.ticket[n]],
            log.activities[log.activity[n]],
            str(log.at[n].astype(datetime) or "NaT"),
            who[n] if who is not None else "",
        )
        for n in log.order.tolist()
    ]


def numbered(log: EventLog) -> list[tuple[tuple[str, str, str, str], int]]:
    return list(zip(told(log), log.row[log.order].tolist(), strict=True))


OWN = "ticket_no,event,at,actor,post,value\n"


def test_our_own_words_need_no_mapping(tmp_path: Path) -> None:
    log, quality = read(tmp_path, OWN + "CD-1,opened,2026-10-09 17:00,1002,CSF,80\n")
    assert told(log) == [("CD-1", "opened", "2026-10-09 17:00:00", "1002")]
    assert log.posts == ("CSF",)
    assert log.attributes["value"].spelled() == ["80"]
    assert log.row.tolist() == [2]
    assert quality.assessable


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_chinese_log_is_read_in_every_encoding_of_an_office(
    tmp_path: Path, encoding: str
) -> None:
    text = "工单号,动作,时间,人员\n成都-1,受理,2026/10/9 17:00,张三\n"
    text += "成都-1,派工,2026/10/9 17:20,李四\n"
    mapping = "case: 工单号\nactivity: 动作\ntime: 时间\nresource: 人员\nwords: {派工: assigned}\n"
    log, _ = read(tmp_path, text.encode(encoding), mapping)
    assert told(log) == [
        ("成都-1", "受理", "2026-10-09 17:00:00", "张三"),
        ("成都-1", "assigned", "2026-10-09 17:20:00", "李四"),
    ]


def test_a_ticket_called_na_is_a_ticket(tmp_path: Path) -> None:
    log, quality = read(tmp_path, OWN + "NA,opened,2026-10-09 17:00,,,\nnull,x,2026-10-09,,,\n")
    assert log.tickets == ("NA", "null")
    assert quality.of("no_case").count == 0


def test_a_question_mark_is_missing(tmp_path: Path) -> None:
    text = OWN + "1,opened,?,?,?,\n?,opened,2026-10-09,1002,,\n1,?,2026-10-09,1002,,\n"
    log, quality = read(tmp_path, text)
    assert told(log) == [("1", "opened", "NaT", "")]
    counts = {m.id: m.count for m in quality.measures if m.count}
    assert counts == {"no_case": 1, "no_activity": 1, "missing_times": 1, "missing_persons": 1}
    assert quality.of("no_case").examples[0].row == 3


def test_a_column_of_row_numbers_without_a_name_is_passed_over(tmp_path: Path) -> None:
    text = ",case:concept:name,concept:name,time:timestamp\n0,7,open,2026-10-09 17:00\n"
    log, _ = read(tmp_path, text)
    assert told(log) == [("7", "open", "2026-10-09 17:00:00", "")]
    assert log.attributes == {}


def test_rows_out_of_order_inside_a_ticket_are_put_in_order_of_time(tmp_path: Path) -> None:
    text = OWN + "1,b,2026-10-09 18:00,,,\n2,a,2026-10-09 10:00,,,\n1,a,2026-10-09 17:00,,,\n"
    log, quality = read(tmp_path, text)
    assert [each[:2] for each in told(log)] == [("1", "a"), ("1", "b"), ("2", "a")]
    assert log.row[log.order].tolist() == [4, 2, 3]
    assert (quality.of("backwards").count, quality.of("backwards").of) == (1, 2)
    assert quality.assessable


def test_day_first_dates_are_read_where_the_mapping_says_so(tmp_path: Path) -> None:
    text = "c,a,t\n1,x,29/2/2016 01:16\n1,y,3/4/2016 01:16\n"
    mapping = "case: c\nactivity: a\ntime: t\n"
    log, _ = read(tmp_path, text, mapping + "dates: day_first\n")
    assert [each[2] for each in told(log)] == ["2016-02-29 01:16:00", "2016-04-03 01:16:00"]
    log, quality = read(tmp_path, text, mapping)
    assert np.isnat(log.at).all()
    assert quality.of("two_ways").count == 2
    assert not quality.assessable
    assert "day_first" in quality_words()["two_ways"]["en_why"]


def test_an_event_called_minus_a_hundred_is_an_event(tmp_path: Path) -> None:
    log, _ = read(tmp_path, OWN + "1,-100,2026-10-09 17:00,,,\n")
    assert log.activities == ("-100",)


def test_times_of_1970_with_an_offset_come_on_the_clock_of_the_office(tmp_path: Path) -> None:
    text = OWN + "1,a,1970-01-02T12:23:00.000+01:00,,,\n"
    log, quality = read(tmp_path, text)
    assert told(log)[0][2] == "1970-01-02 12:23:00"
    assert quality.of("epoch").count == 0
    mapping = "case: ticket_no\nactivity: event\ntime: at\nzone: Asia/Shanghai\n"
    assert told(read(tmp_path, text, mapping)[0])[0][2] == "1970-01-02 19:23:00"


def test_a_shuffled_file_is_put_back_by_the_column_that_numbers_its_lines(tmp_path: Path) -> None:
    rows = [f"{n % 3},{'abc'[n % 2]},2026-10-09 17:00,{n}" for n in range(60)]
    mapping = "case: c\nactivity: a\ntime: t\norder: n\n"
    straight, _ = read(tmp_path, "c,a,t,n\n" + "\n".join(rows), mapping)
    random.Random(6).shuffle(rows)  # noqa: S311 -- not for secrets
    shuffled, _ = read(tmp_path, "c,a,t,n\n" + "\n".join(rows), mapping)
    assert sorted(numbered(straight)) == sorted(numbered(shuffled))
    assert [e for e in told(shuffled) if e[0] == "1"] == [e for e in told(straight) if e[0] == "1"]


LIFE = "case: c\nactivity: a\ntime: t\nlifecycle: {column: l"


def test_start_and_complete_of_one_piece_of_work_are_one_event(tmp_path: Path) -> None:
    text = (
        "c,a,t,l\n1,fix,2026-10-09 10:00,start\n1,fix,2026-10-09 10:05,START\n"
        "1,fix,2026-10-09 11:00,complete\n1,fix,2026-10-09 12:00,Complete\n"
        "1,ask,2026-10-09 09:00,schedule\n1,ask,2026-10-09 13:00,start\n1,end,2026-10-09 14:00,\n"
    )
    log, quality = read(tmp_path, text, LIFE + "}\n")
    assert [each[1:3] for each in told(log)] == [
        ("fix", "2026-10-09 11:00:00"),
        ("fix", "2026-10-09 12:00:00"),
        ("end", "2026-10-09 14:00:00"),
    ]
    assert log.begin is not None
    assert [str(at)[11:16] for at in log.begin] == ["10:00", "10:05", ""]
    assert (quality.of("unfinished").count, quality.lines) == (1, 7)
    assert len(read(tmp_path, text, LIFE + ", keep: [start], start: []}\n")[0]) == 4


def test_start_and_end_in_one_row_are_one_event(tmp_path: Path) -> None:
    text = "c,a,b,e\n1,fix,2026-10-09 10:00,2026-10-09 11:00\n1,ask,2026-10-09 12:00,\n"
    log, quality = read(tmp_path, text, "case: c\nactivity: a\ntime: {start: b, end: e}\n")
    assert told(log) == [("1", "fix", "2026-10-09 11:00:00", "")]
    assert log.begin is not None
    assert str(log.begin[0]) == "2026-10-09T10:00:00.000000"
    assert quality.of("unfinished").count == 1


def test_attributes_and_the_office_keep_their_names(tmp_path: Path) -> None:
    text = "c,a,t,o,p\n1,x,2026-10-09,成都,0012\n"
    mapping = "case: c\nactivity: a\ntime: t\noffice: o\nattributes: {part: p}\n"
    log, _ = read(tmp_path, text, mapping)
    assert {name: cells.spelled() for name, cells in log.attributes.items()} == {
        "office": ["成都"],
        "part": ["0012"],
    }


# --- what the quality block counts ---------------------------------------------------------------


def test_each_measure_counts_what_was_planted_and_nothing_else(tmp_path: Path) -> None:
    text = OWN + "".join(
        f"{ticket},{event},{at},{who},,\n"
        for ticket, event, at, who in [
            ("1", "opened", "2026-10-09 09:00", "a"),
            ("1", "assigned", "2026-10-09 09:00", "a"),  # a tie
            ("1", "closed", "2026-10-09 12:00", "a"),
            ("1", "closed", "2026-10-09 12:00", "a"),  # there twice, and a tie
            ("2", "opened", "2026-10-10 09:00", ""),  # nobody
            ("2", "danced", "2026-10-10 10:00", "a"),  # unknown
            ("2", "closed", "2026-11-06 00:00", "a"),  # after the last day
            ("3", "assigned", "1970-01-01 00:00", "a"),  # a clock never set, no start, no end
            ("3", "assigned", "soon", "a"),  # no time
            ("3", "assigned", "2026-11-05 23:59", "a"),
        ]
    )
    log, quality = read(
        tmp_path,
        text,
        events=frozenset({"opened", "assigned", "closed"}),
        starts=frozenset({"opened"}),
        ends=frozenset({"closed"}),
        as_of=date(2026, 11, 5),
    )
    counts = {m.id: (m.count, m.of) for m in quality.measures if m.count}
    assert counts == {
        "unreadable": (1, 10),
        "missing_times": (1, 10),
        "missing_persons": (1, 10),
        "unknown_activities": (1, 10),
        "ties": (4, 10),
        "duplicates": (1, 10),
        "future": (1, 10),
        "epoch": (1, 10),
        "no_start": (1, 3),
        "no_end": (1, 3),
    }
    rows = {m.id: [e.row for e in m.examples] for m in quality.measures if m.count}
    assert rows["ties"] == [2, 3, 4, 5]
    assert (rows["duplicates"], rows["future"], rows["epoch"]) == ([5], [8], [9])
    assert quality.of("unreadable").examples[0].text == "soon"
    assert {m.id for m in quality.measures if m.stops} == {
        *("missing_times", "future", "epoch", "no_start")
    }
    assert len(log) == 10


def test_a_limit_of_the_mapping_decides_whether_a_log_is_assessed(tmp_path: Path) -> None:
    text = "c,a,t\n" + "1,x,2026-10-09 10:00\n" * 9 + "2,x,\n"
    mapping = "case: c\nactivity: a\ntime: t\nlimits: {duplicates: 100 %, missing_times: "
    assert read(tmp_path, text, mapping + "10 %}\n")[1].assessable
    _, quality = read(tmp_path, text, mapping + "9.9 %}\n")
    assert not quality.assessable
    assert quality.reasons("en") == [
        "Not assessable: events without a time are 10 %, above the limit of 9.9 %."
    ]
    assert quality.reasons("zh") == ["无法评价：没有时间的事件占 10 %，超过上限 9.9 %。"]
    assert quality.of("missing_times").share == Fraction(1, 10)


def test_a_log_without_an_event_is_not_assessed_and_says_so(tmp_path: Path) -> None:
    _, quality = read(tmp_path, OWN)
    assert not quality.assessable
    assert len(quality.reasons("zh")) == 1


def test_every_measure_has_words_in_both_languages(tmp_path: Path) -> None:
    _, quality = read(tmp_path, OWN + "1,a,2026-10-09,x,,\n", as_of=date(2026, 10, 9))
    for lang in ("zh", "en"):
        assert all(row["title"] and row["meaning"] for row in quality.rows(lang))
    words = {name for name, each in quality_words().items() if "zh_why" in each}
    assert {m.id for m in quality.measures} < words
    assert quality.json()["assessable"] is True


# --- XES -----------------------------------------------------------------------------------------

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
TRACE = (
    '<trace><string key="concept:name" value="1"/><string key="kind" value="home"/>'
    '<event><string key="concept:name" value="a &amp; b"/>'
    '<date key="time:timestamp" value="2026-10-09T09:00:00.000Z"/>'
    '<list key="parts"><values><string key="part" value="p1"/></values></list>'
    '<int key="n" value="3"><string key="concept:name" value="inner"/></int></event></trace>'
)


@pytest.mark.parametrize("prefix", ["", "x:"])
def test_xes_is_read_with_lists_nested_attributes_and_prefixes(tmp_path: Path, prefix: str) -> None:
    space = f'xmlns{":x" if prefix else ""}="http://www.xes-standard.org/"'
    body = f"<log {space}>{TRACE}<trace/></log>"
    if prefix:
        body = body.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")
    log, _ = read(tmp_path, HEAD + body, name="log.xes")
    assert told(log) == [("1", "a & b", "2026-10-09 09:00:00", "")]
    assert log.attributes["case:kind"].spelled() == ["home"]
    assert log.attributes["n"].spelled() == ["3"]
    assert "part" not in log.attributes


def test_events_outside_of_a_trace_belong_to_no_ticket(tmp_path: Path) -> None:
    event = '<event><string key="concept:name" value="a"/></event>'
    text = f"{HEAD}<log>{event}{TRACE}{event}</log>"
    log, quality = read(tmp_path, text, name="log.xes")
    assert len(log) == 1
    assert quality.of("no_case").count == 2


def test_a_bomb_of_one_endless_attribute_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.xes.gz"
    with gzip.open(path, "wb", 1) as file:
        file.write((HEAD + '<log><trace><string key="a" value="').encode())
        for _ in range(40):
            file.write(b"x" * (1 << 20))
    log, problems, _ = read_log(path)
    assert log is None
    assert [problem.code for problem in problems] == ["L002"]


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE log SYSTEM "file:///etc/passwd"><log/>',
        '<!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/passwd">]><log>&x;</log>',
        "<log>" + "<list>" * 200 + "</list>" * 200 + "</log>",
    ],
)
def test_xml_that_reaches_out_or_down_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "log.xes"
    path.write_text(HEAD + text, encoding="utf-8")
    assert [problem.code for problem in read_log(path)[1]] == ["L002"]


# --- out and in again ----------------------------------------------------------------------------


def same(one: EventLog, other: EventLog) -> None:
    assert told(one) == told(other)
    assert one.row[one.order].tolist() == other.row[other.order].tolist()
    assert list(one.attributes) == list(other.attributes)
    for name, cells in one.attributes.items():
        mine, theirs = cells.rows(one.order), other.attributes[name].rows(other.order)
        assert mine.spelled() == theirs.spelled(), name
    assert (one.begin is None) == (other.begin is None)
    if one.begin is not None and other.begin is not None:
        assert np.array_equal(
            one.begin[one.order].astype(np.int64), other.begin[other.order].astype(np.int64)
        )


ODD = (
    OWN
    + '2,"a ""quoted"" <&>, 名",2026-10-09 17:00:00.000001,,CSF,\n'
    + "1,b,?,1002,,0012\n1,b,2026-10-09 17:00,1002,,\n1,a,2026-10-09 17:00,1003,,-\n"
)


def test_a_log_goes_out_as_xes_and_parquet_and_comes_back_the_same(tmp_path: Path) -> None:
    log, _ = read(tmp_path, ODD)
    same(log, read(tmp_path, b"".join(xes(log)), name="out.xes")[0])
    same(log, read(tmp_path, parquet(log), name="out.parquet")[0])


def test_what_began_and_ended_goes_out_as_two_events_and_comes_back_as_one(tmp_path: Path) -> None:
    text = "c,a,t,l\n1,fix,2026-10-09 10:00,start\n1,fix,2026-10-09 11:00,complete\n1,z,,\n"
    log, _ = read(tmp_path, text, LIFE + "}\n")
    same(log, read(tmp_path, b"".join(xes(log)), name="out.xes")[0])
    same(log, read(tmp_path, parquet(log), name="out.parquet")[0])


def test_times_leave_with_the_offset_of_their_zone(tmp_path: Path) -> None:
    log, _ = read(tmp_path, OWN + "1,a,2026-10-09 17:00,,,\n")
    assert b'value="2026-10-09T17:00:00.000+08:00"' in b"".join(xes(log, "Asia/Shanghai"))
    assert b'value="2026-10-09T17:00:00.000"' in b"".join(xes(log))


# --- real logs -----------------------------------------------------------------------------------


@real
def test_the_running_example_is_one_log_as_csv_and_as_xes() -> None:
    table, wrong, _ = read_log(LOGS / "running-example.csv")
    marked, false, _ = read_log(LOGS / "running-example.xes")
    assert table is not None
    assert marked is not None
    assert [*wrong, *false] == []
    assert told(table) == told(marked)
    assert (len(table), len(table.tickets), len(table.activities)) == (42, 6, 8)
    for name, cells in table.attributes.items():
        assert cells.spelled() == marked.attributes[name].spelled()


@real
def test_the_repair_example_has_the_events_cases_and_variants_that_are_known() -> None:
    log, problems, quality = read_log(LOGS / "repairExample.xes.gz")
    assert log is not None
    assert problems == []
    assert (quality.lines, len(log), quality.tickets) == (11_855, 7_733, 1_104)
    assert len(log.activities) == 8
    assert quality.assessable
    order = log.order
    bounds = np.flatnonzero(np.diff(log.ticket[order])) + 1
    variants = {tuple(part.tolist()) for part in np.split(log.activity[order], bounds)}
    assert len(variants) == 62


# --- files that are wrong ------------------------------------------------------------------------

NAMED = '<log><trace><string key="concept:name" value="成都-1"/><event><string '
NAMED += 'key="concept:name" value="受理"/></event></trace></log>'


def test_an_xes_in_gbk_is_read_as_it_says(tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    path.write_bytes(f'<?xml version="1.0" encoding="gbk"?>{NAMED}'.encode("gbk"))
    assert read_xes(path).columns["case:concept:name"].spelled() == ["成都-1"]


@pytest.mark.parametrize("encoding", ["nonsense", "base64"])
def test_an_xes_in_an_encoding_nobody_knows_is_a_problem(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "log.xes"
    path.write_text(f'<?xml version="1.0" encoding="{encoding}"?><log/>', encoding="utf-8")
    assert codes(path) == ["L001"]


def test_an_xes_that_is_not_in_the_encoding_it_names_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    path.write_bytes(b'<?xml version="1.0" encoding="gbk"?><log>\xff\xff</log>')
    assert codes(path) == ["L001"]


def test_a_number_of_a_line_that_no_computer_can_hold_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(f"ticket_no,event,at,sopaudit:row\nA,x,2026-10-09,{'9' * 30}\n", "utf-8")
    assert codes(path) == ["L014"]


@pytest.mark.parametrize(
    ("names", "zone"),
    [(("ticket_no", "event", "at", "event"), None), (("ticket_no", "event", "at"), "Mars/Olympus")],
)
def test_a_parquet_with_a_doubled_column_or_a_zone_of_no_place_is_a_problem(
    tmp_path: Path, names: tuple[str, ...], zone: str | None
) -> None:
    path = tmp_path / "log.parquet"
    cells = {"at": pa.array([1], pa.timestamp("us", zone))}
    columns = [cells.get(name, pa.array(["A"])) for name in names]
    pq.write_table(pa.Table.from_arrays(columns, names=list(names)), path)
    assert codes(path) == ["T006"]


def test_a_table_with_two_columns_of_times_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("ticket_no,event,at,at\nA,x,2026-10-09,2026-10-10\n", encoding="utf-8")
    assert codes(path) == ["M009"]


def codes(path: Path) -> list[str]:
    """Give the codes of the problems for which a log is not read."""
    log, problems, _ = read_log(path)
    assert log is None
    assert all(problem.text(lang) for problem in problems for lang in ("zh", "en"))
    return [problem.code for problem in problems]


# --- small print ---------------------------------------------------------------------------------


def test_what_begins_and_ends_in_the_same_moment_is_one_event(tmp_path: Path) -> None:
    mapping = "case: c\nactivity: a\ntime: t\nlifecycle: {column: l}\n"
    text = "c,a,t,l\n1,x,2026-10-09 09:00,start\n1,x,2026-10-09 09:00,complete\n"
    log, quality = read(tmp_path, text, mapping)
    assert log.begin is not None
    assert log.begin.tolist() == log.at.tolist()
    assert quality.of("unfinished").count == 0


def test_a_parquet_with_a_zone_is_put_on_the_clock_of_the_mapping(tmp_path: Path) -> None:
    path, said = tmp_path / "log.parquet", tmp_path / "log.yaml"
    at = pa.array([1_791_507_600_000_000], pa.timestamp("us", "UTC"))
    pq.write_table(pa.table({"ticket_no": ["A"], "event": ["x"], "at": at}), path)
    said.write_text("case: ticket_no\nactivity: event\ntime: at\nzone: Asia/Shanghai\n", "utf-8")
    for mapping, hour in ((None, "01"), (said, "09")):
        log, _, _ = read_log(path, None, mapping)
        assert log is not None
        assert str(log.at[0]) == f"2026-10-09T{hour}:00:00.000000"


def test_a_trace_without_events_is_named(tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    path.write_text(
        '<log><trace><string key="concept:name" value="A"/><event/></trace>'
        '<trace><string key="concept:name" value="B"/></trace></log>', encoding="utf-8"
    )  # fmt: skip
    assert read_xes(path).empty == ("B",)
