"""Tables as offices hand them in: the same answers in many ways to write them, made by script."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from pathlib import Path
from typing import Any, Final

import xlsxwriter

Cell = str | int | float | bool | date | None
Row = Sequence[Cell]

HEADER: Final = ("检查编号", "日期", "项目", "结果", "次数", "抽查数", "备注", "工号", "电话")
DAYS: Final = {"A-001": "2026-10-20", "NA": "2026-10-21"}
SAID: Final = (
    ("A-001", "0100", "yes", ""),
    ("A-001", "0200", "no", ""),
    ("A-001", "0300", "yes", ""),
    ("A-001", "0400", "", "2"),
    ("NA", "0100", "partial", ""),
    ("NA", "0200", "yes", ""),
    ("NA", "0300", "na", ""),
    ("NA", "0400", "unchecked", ""),
)
PERSON, PHONE = "1001", "13812345678"

LONG: Final = """
tables: [检查]
audit: 检查编号
date: 日期
checklist: {always: COOK}
answers: {item: 项目, result: 结果, value: 次数, note: 备注, person: 工号}
facts: {电话: 电话}
"""
WIDE: Final = """
tables: [检查]
audit: 检查编号
date: 日期
checklist: {always: COOK}
answers: {person: 工号, columns: {洗手: "0100", 案板: "0200", 标签: "0300", 迟送: "0400"}}
facts: {电话: 电话}
"""
WIDE_HEADER: Final = ("检查编号", "日期", "工号", "洗手", "案板", "标签", "迟送", "电话")


@dataclass(frozen=True)
class Ugly:
    """A table, and what is read by habit in it."""

    sentence: str
    make: Callable[[Path], Path]
    habits: str = ""
    """Names of `habits.toml`, in alphabetical order."""

    mapping: str = LONG


Change = Callable[[str], Cell]


def long(**changes: Change) -> list[list[Cell]]:
    """Write the answers down as a row each; `changes` says how columns are written otherwise."""
    rows: list[list[Cell]] = [[*HEADER]]
    for audit, item, result, value in SAID:
        plain = (audit, DAYS[audit], item, result, value, "", "", PERSON, PHONE)
        rows.append(_changed(HEADER, plain, changes))
    return rows


def wide(**changes: Change) -> list[list[Cell]]:
    """Write the answers down as a row for each audit."""
    rows: list[list[Cell]] = [[*WIDE_HEADER]]
    for audit, day in DAYS.items():
        said = [result or value for name, _, result, value in SAID if name == audit]
        rows.append(_changed(WIDE_HEADER, (audit, day, PERSON, *said, PHONE), changes))
    return rows


def _changed(header: Row, row: Sequence[str], changes: Mapping[str, Change]) -> list[Cell]:
    return [
        changes[str(name)](text) if name in changes else text
        for name, text in zip(header, row, strict=True)
    ]


def spoken(words: str) -> Change:
    """Write results in other words, in the order yes, no, partial, na, unchecked."""
    table = dict(zip(("yes", "no", "partial", "na", "unchecked"), words.split(), strict=True))
    return lambda text: table.get(text, text)


def constantly(text: str) -> Change:
    return lambda _: text


def wider(text: str) -> str:
    """Write in full-width letters and digits."""
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def in_csv(
    rows: Iterable[Row],
    *,
    name: str = "t.csv",
    encoding: str = "utf-8",
    **dialect: Any,  # noqa: ANN401 -- whatever csv.writer takes
) -> Callable[[Path], Path]:
    """Make a maker of a delimited file."""

    def make(folder: Path) -> Path:
        text = io.StringIO()
        csv.writer(text, **dialect).writerows(rows)
        path = folder / name
        path.write_bytes(text.getvalue().encode(encoding))
        return path

    return make


Sheet = Callable[[Any, Any], None]


def in_xlsx(
    *sheets: tuple[str, Iterable[Row]],
    name: str = "t.xlsx",
    after: Sheet | None = None,
    hidden: Sequence[str] = (),
    **options: Any,  # noqa: ANN401 -- whatever xlsxwriter takes
) -> Callable[[Path], Path]:
    """Make a maker of a workbook; `after` draws on its last sheet what rows cannot say."""

    def make(folder: Path) -> Path:
        path = folder / name
        with xlsxwriter.Workbook(path, options) as book:
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            for title, rows in sheets:
                sheet = book.add_worksheet(title)
                for n, row in enumerate(rows):
                    _write(sheet, n, row, day)
                if title in hidden:
                    sheet.hide()
            book.worksheets()[-1].activate()
            if after:
                after(sheet, book)
        return path

    return make


def _write(sheet: Any, n: int, row: Row, day: Any) -> None:  # noqa: ANN401 -- xlsxwriter's own
    for m, cell in enumerate(row):
        if isinstance(cell, date):
            moment = datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 -- as Excel has it
            sheet.write_datetime(n, m, moment, day)
        elif isinstance(cell, str):
            sheet.write_string(n, m, cell)
        else:
            sheet.write(n, m, cell)


def in_html(rows: Sequence[Row], *, encoding: str = "utf-8", spans: bool = False) -> str:
    """Write a page as exports of web systems do; with `spans`, equal audits are merged."""
    lines = [f'<html><head><meta charset="{encoding}"></head><body><table border=1>']
    for n, row in enumerate(rows):
        lines.append("<tr>")
        for m, cell in enumerate(row):
            run = [r[m] for r in rows[n:]]
            high = next((k for k, c in enumerate(run) if c != cell), len(run))
            if spans and m < 2 and n and rows[n - 1][m] == cell:
                continue
            span = f" rowspan={high}" if spans and m < 2 and high > 1 else ""
            lines.append(f"<td{span}>{escape(str(cell or ''))}</td>")
        lines.append("</tr>")
    return "\n".join([*lines, "</table></body></html>"])


def in_xml(rows: Iterable[Row], merged: Mapping[tuple[int, int], int] | None = None) -> str:
    """Write a workbook as Excel did in 2003; `merged` says how many more rows a cell spans."""
    lines = [
        '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>',
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"',
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">',
        '<Worksheet ss:Name="Sheet1"><Table>',
    ]
    for n, row in enumerate(rows):
        lines.append("<Row>")
        for m, cell in enumerate(row):
            down = (merged or {}).get((n, m))
            kind = "Number" if isinstance(cell, int | float) else "String"
            if isinstance(cell, date):
                kind, cell = "DateTime", f"{cell.isoformat()}T00:00:00.000"  # noqa: PLW2901
            span = f' ss:MergeDown="{down}"' if down else ""
            index = f' ss:Index="{m + 1}"'
            if cell not in {"", None}:
                said = escape(repr(cell) if kind == "Number" else str(cell))
                data = f'<Data ss:Type="{kind}">{said}</Data>'
                lines.append(f"<Cell{index}{span}>{data}</Cell>")
        lines.append("</Row>")
    return "\n".join([*lines, "</Table></Worksheet></Workbook>"])


def in_file(name: str, text: str, encoding: str = "utf-8") -> Callable[[Path], Path]:
    """Make a maker of a file that holds `text`."""

    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(text.encode(encoding))
        return path

    return make


def merged_down(sheet: Any, book: Any) -> None:  # noqa: ANN401 -- xlsxwriter's own
    """Merge the audit ids and days of a long table downwards, below a title over all columns."""
    plain = book.add_format()
    sheet.merge_range(0, 0, 0, 8, "2026年10月 厨房检查表", plain)
    for first, (audit, day) in zip((2, 6), DAYS.items(), strict=True):
        sheet.merge_range(first, 0, first + 3, 0, audit, plain)
        sheet.merge_range(first, 1, first + 3, 1, day, plain)


def two_headers(sheet: Any, book: Any) -> None:  # noqa: ANN401 -- xlsxwriter's own
    """Merge the upper header row as it looks: 卫生 over two columns, the others downwards."""
    plain = book.add_format()
    sheet.merge_range(0, 3, 0, 4, "卫生", plain)
    sheet.merge_range(0, 5, 0, 6, "管理", plain)
    for column in (0, 1, 2, 7):
        sheet.merge_range(0, column, 1, column, WIDE_HEADER[column], plain)


UPPER: Final = ("检查编号", "日期", "工号", "卫生", "", "管理", "", "电话")
LOWER: Final = ("", "", "", "洗手", "案板", "标签", "迟送", "")
TITLE: Final = ("2026年10月 厨房检查表", *[""] * 8)
NOTE: Final = ("说明：√ 表示符合", *[""] * 8)
TICKS: Final = spoken("√ × 部分 不适用 未检查")


def signs(text: str) -> str:
    """Put blanks of every kind around a text, and what cannot be seen into it."""
    return f"\u3000\u00a0{text[:1]}\u200b{text[1:]}\ufeff " if text else "\u3000"


def numbered(text: str) -> Cell:
    """Write a number as a number."""
    return float(text) if text.isdecimal() else text


def dated(text: str) -> Cell:
    return date.fromisoformat(text)


def serial(first: date) -> Change:
    return lambda text: (date.fromisoformat(text) - first).days


FORTY: Final = (
    Ugly("as a program would write it", in_csv(long())),
    Ugly("with a byte order mark", in_csv(long(), encoding="utf-8-sig")),
    Ugly("GBK, as Excel in China saves CSV", in_csv(long(), encoding="gbk"), "encoding"),
    Ugly(
        "GB18030, with a character GBK lacks",
        in_csv([["𠮷野家"], *long()], encoding="gb18030"),
        "encoding title",
    ),
    Ugly("Excel's Unicode text", in_csv(long(), name="t.txt", encoding="utf-16", delimiter="\t")),
    Ugly(
        "UTF-16 with the high byte first",
        in_file(
            "t.csv", "\ufeff" + "\n".join(",".join(map(str, row)) for row in long()), "utf-16-be"
        ),
    ),
    Ugly("UTF-16 without its mark", in_csv(long(), encoding="utf-16-le"), "encoding"),
    Ugly("a first line that tells Excel the delimiter", in_csv([["sep="], *long()]), "title"),
    Ugly("the last row first", in_csv([[*HEADER], *reversed(long()[1:])])),
    Ugly("semicolons", in_csv(long(), delimiter=";")),
    Ugly(
        "tabs and line ends of a Mac",
        in_csv(long(), name="t.tsv", delimiter="\t", lineterminator="\r"),
    ),
    Ugly("every cell in quotes", in_csv(long(), quoting=csv.QUOTE_ALL)),
    Ugly("√ and ×", in_csv(long(结果=TICKS)), "word"),
    Ugly("✓ and ✗", in_csv(long(结果=spoken("✓ ✗ 部分符合 N/A 未查"))), "word"),
    Ugly(
        "✔ with its variation mark, and ✕",
        in_csv(long(结果=spoken("✔\ufe0f ✕ partly n.a. 未检"))),
        "word",
    ),
    Ugly("是 and 否", in_csv(long(结果=spoken("是 否 部分 不适用 没检查"))), "word"),
    Ugly("Y and N", in_csv(long(结果=spoken("Y N partial NA unchecked"))), "word"),
    Ugly(
        "1 and 0, where 2 is a number", in_csv(long(结果=lambda t: {"no": "0"}.get(t, t))), "digit"
    ),
    Ugly(
        "符合 and 不符合", in_csv(long(结果=spoken("符合 不符合 部分符合 不适用 未检查"))), "word"
    ),
    Ugly(
        "合格 and 不合格", in_csv(long(结果=spoken("合格 不合格 部分合格 不涉及 未检查"))), "word"
    ),
    Ugly(
        "通过 and 不通过", in_csv(long(结果=spoken("通过 未通过 部分通过 不适用 未检查"))), "word"
    ),
    Ugly(
        "full-width letters and digits",
        in_csv(long(检查编号=wider, 项目=wider, 结果=wider, 次数=wider, 日期=wider)),
        "date signs",
    ),
    Ugly(
        "blanks of every kind",
        in_csv(long(检查编号=signs, 项目=signs, 结果=signs, 次数=signs, 工号=signs)),
        "signs",
    ),
    Ugly(
        "signs that say nothing",
        in_csv(
            long(
                备注=constantly("无"),
                抽查数=constantly("—"),
                结果=lambda t: t or "/",
                次数=lambda t: t or "-",
            )
        ),
        "blank",
    ),
    Ugly("days with slashes", in_csv(long(日期=lambda t: t.replace("-", "/"))), "date"),
    Ugly(
        "days in Chinese",
        in_csv(long(日期=lambda t: f"{t[:4]}年{t[5:7]}月{t[8:]}日 星期二")),
        "date",
    ),
    Ugly("days in eight digits", in_csv(long(日期=lambda t: t.replace("-", ""))), "date"),
    Ugly(
        "days with dots and a time",
        in_csv(long(日期=lambda t: t.replace("-", ".") + " 9:30")),
        "date",
    ),
    Ugly(
        "days with 上午", in_csv(long(日期=lambda t: t.replace("-", "/") + " 上午9时30分")), "date"
    ),
    Ugly("date numbers in a CSV", in_csv(long(日期=serial(date(1899, 12, 30)))), "serial-1900"),
    Ugly(
        "phones as floats", in_csv(long(电话=lambda t: f"{t}.0", 工号=lambda t: f"{t}.0")), "float"
    ),
    Ugly("zeros in front lost", in_csv(long(项目=lambda t: t.lstrip("0"))), "zeros"),
    Ugly("a title and a note above the header", in_csv([TITLE, NOTE, [""] * 9, *long()]), "title"),
    Ugly(
        "a row of totals at the end",
        in_csv([*long(), ["合 计", "", "", "", "2", "", "", "", ""]]),
        "total",
    ),
    Ugly(
        "column names with blanks, line ends and full-width letters",
        in_csv(
            [
                ["检查 编号", "日\u3000期", "项目", "结\n果", "次数", "", "备注", "工号", "电话"],
                *long()[1:],
            ]
        ),
        "header",
    ),
    Ugly("a workbook of text", in_xlsx(("检查", long()))),
    Ugly(
        "a workbook of numbers and dates",
        in_xlsx(
            ("检查", long(项目=numbered, 次数=numbered, 工号=numbered, 电话=numbered, 日期=dated))
        ),
        "zeros",
    ),
    Ugly(
        "date numbers counted from 1900",
        in_xlsx(("检查", long(日期=serial(date(1899, 12, 30))))),
        "serial-1900",
    ),
    Ugly(
        "date numbers counted from 1904",
        in_xlsx(("检查", long(日期=serial(date(1904, 1, 1)))), date_1904=True),
        "serial-1904",
    ),
    Ugly(
        "merged audit ids below a merged title",
        in_xlsx(("检查", [[""] * 9, *long()]), after=merged_down),
        "merged title",
    ),
    Ugly(
        "old data on a hidden sheet, a cover before the table",
        in_xlsx(
            ("去年", long(结果=constantly("no"))),
            ("封面", [["厨房检查表"], ["天府热线站"]]),
            ("Sheet3", long()),
            hidden=["去年"],
        ),
        "sheet",
    ),
    Ugly("a CSV called .xlsx", in_csv(long(), name="t.xlsx"), "content"),
    Ugly("a workbook called .csv", in_xlsx(("Sheet1", long()), name="t.csv"), "content"),
    Ugly("a web page called .xls", in_file("t.xls", in_html(long(结果=TICKS))), "content word"),
    Ugly(
        "a web page in GBK with merged cells",
        in_file("t.xls", in_html(long(), encoding="gbk", spans=True), "gbk"),
        "content merged",
    ),
    Ugly(
        "tabs in UTF-16 called .xls",
        in_csv(long(), name="t.xls", encoding="utf-16", delimiter="\t"),
        "content",
    ),
    Ugly(
        "XML of Excel 2003, with a float that is nearly 2",
        in_file("t.xls", in_xml(long(次数=lambda t: 2.0000000000000004 if t else "", 日期=dated))),
        "content float",
    ),
    Ugly("wide, with √", in_csv(wide(**dict.fromkeys(WIDE_HEADER[3:7], TICKS))), "word", WIDE),
    Ugly(
        "wide, with 1 and 0 beside a number",
        in_csv(wide(洗手=lambda t: "1" if t == "yes" else t, 案板=spoken("1 0 - - -"))),
        "digit",
        WIDE,
    ),
    Ugly(
        "wide, in full-width letters",
        in_csv(wide(**dict.fromkeys(WIDE_HEADER[3:7], wider))),
        "signs",
        WIDE,
    ),
    Ugly(
        "wide, with two header rows and blanks for merged cells",
        in_csv([UPPER, LOWER, *wide()[1:]]),
        "two-headers",
        WIDE,
    ),
    Ugly(
        "wide, with two merged header rows in a workbook, TRUE and FALSE",
        in_xlsx(("检查", [UPPER, LOWER, *wide(案板=lambda t: t == "yes")[1:]]), after=two_headers),
        "two-headers word",
        WIDE,
    ),
    Ugly("wide, a web page", in_file("t.xls", in_html(wide())), "content", WIDE),
)
"""Fifty by now; each is read to the same records."""
