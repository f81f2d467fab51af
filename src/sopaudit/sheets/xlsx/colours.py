"""Rules of colour: what an answer is at a glance, and what it lacks still.

A remark that is missing is red, a second person who may still come is amber.
"""

from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from sopaudit.sheets.looks import (
    AWAY,
    BAD,
    BAD_INK,
    GOOD,
    GOOD_INK,
    MISSING,
    PART,
    PART_INK,
    QUIET,
    SIGNAL,
    WANTED,
)
from sopaudit.sheets.wording import TICKS
from sopaudit.sheets.xlsx import live
from sopaudit.sheets.xlsx.page import Page

COLOURS = {
    "yes": (GOOD, GOOD_INK),
    "partial": (PART, PART_INK),
    "no": (BAD, BAD_INK),
    "na": (AWAY, QUIET),
    "unchecked": (AWAY, QUIET),
}


def colour_items(page: Page, rows: tuple[int, int]) -> None:
    """Colour results, and a remark that a nonconformity still lacks."""
    sheet, at, book = page.sheet, page.at, page.book
    result = at["result"]
    cells = live.Cells(at, rows[0])
    # The first rule that says a colour wins.
    if against := _against(page, cells):
        sheet.conditional_format(
            rows[0], result, rows[1], result,
            {"type": "formula", "criteria": f"=OR({','.join(against)})",
             "format": book.looks.tint(MISSING, SIGNAL)},
        )  # fmt: skip
    for word, (colour, ink) in COLOURS.items():
        sheet.conditional_format(
            rows[0], result, rows[1], result,
            {"type": "cell", "criteria": "==", "value": live.text(book.answers[word]),
             "format": book.looks.tint(colour, ink)},
        )  # fmt: skip
    words = (book.answers["no"], book.answers["partial"])
    wrong = [f"{cells['result']}={live.text(word)}" for word in words]
    if "failed" in at:
        wrong.append(f"N({cells['failed']})>0")
    if "value" in at and not _pointed(page):
        wrong.append(f"N({cells['value']})>0")
    note = xl_rowcol_to_cell(rows[0], at["note"], col_abs=True)
    sheet.conditional_format(
        rows[0], at["note"], rows[1], at["note"],
        {"type": "formula", "criteria": f"=AND(LEN(TRIM({note}))=0,OR({','.join(wrong)}))",
         "format": book.looks.tint(MISSING, SIGNAL)},
    )  # fmt: skip
    if "confirmed" in at:
        # Not red: a veto may wait for a second person.
        sheet.conditional_format(
            rows[0], at["confirmed"], rows[1], at["confirmed"],
            {"type": "formula", "criteria": f"=LEFT({cells['veto']})={live.text(live.WAITS)}",
             "format": book.looks.tint(WANTED, PART_INK)},
        )  # fmt: skip


def _against(page: Page, cells: live.Cells) -> list[str]:
    """Say as formulas when the word of an answer and the numbers beside it do not agree."""
    said, say = cells["result"], page.book.answers
    yes = f"{said}={live.text(say['yes'])}"
    wrong = f"OR({said}={live.text(say['no'])},{said}={live.text(say['partial'])})"
    found = []
    if "failed" in page.at:
        found.append(f"AND({yes},N({cells['failed']})>0)")
        found.append(f"AND({wrong},N({cells['checked']})>0,N({cells['failed']})=0)")
    if "value" in page.at and not _pointed(page):
        value = cells["value"]
        found.append(f"AND({yes},N({value})>0)")
        found.append(f"AND({wrong},ISNUMBER({value}),N({value})=0)")
    return found


def _pointed(page: Page) -> bool:
    """Say whether numbers are points, of which more are better."""
    return any(ask.way == "points" for ask in page.leaf.asks)


def colour_grid(page: Page, rows: tuple[int, int], columns: tuple[int, int]) -> None:
    """Colour the ticks of the sample, and a remark that a failed case still lacks."""
    sheet, book = page.sheet, page.book
    ticks: dict[str, Any] = {
        **{sign: word for word, sign in TICKS.items()},
        book.answers["partial"]: "partial",
        book.answers["na"]: "na",
        book.answers["unchecked"]: "unchecked",
    }
    for text, word in ticks.items():
        colour, ink = COLOURS[word]
        sheet.conditional_format(
            rows[0], columns[0], rows[1], columns[1],
            {"type": "cell", "criteria": "==", "value": live.text(text),
             "format": book.looks.tint(colour, ink)},
        )  # fmt: skip
    note = columns[1] + 2
    cell = xl_rowcol_to_cell(rows[0], note, col_abs=True)
    first = xl_rowcol_to_cell(rows[0], columns[0], col_abs=True)
    last = xl_rowcol_to_cell(rows[0], columns[1], col_abs=True)
    failed = "+".join(
        f"COUNTIF({first}:{last},{live.text(text)})"
        for text in (TICKS["no"], TICKS["partial"], book.answers["partial"])
    )
    sheet.conditional_format(
        rows[0], note, rows[1], note,
        {"type": "formula", "criteria": f"=AND(LEN(TRIM({cell}))=0,({failed})>0)",
         "format": book.looks.tint(MISSING, SIGNAL)},
    )  # fmt: skip
