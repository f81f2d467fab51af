"""Makes a table of answers as an office would: `python bench/sheets.py NUMBER FILE`.

A CSV or a workbook, by the name of the file; one row an answer, with a date and a person. The
answers stand there as `√ × 部分 不适用`.
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import xlsxwriter

from answers import ODDS
from sheet import ITEMS

SIGNS: Final = {"yes": "√", "no": "×", "partial": "部分", "na": "不适用"}
HEADER: Final = ("audit", "day", "item", "result", "person")


def rows(number: int) -> Iterator[tuple[str, str, str, str, str]]:
    """Give `number` answers, rounded down to whole audits."""
    random = np.random.default_rng(20261126)
    audits = number // len(ITEMS)
    said = random.choice([SIGNS[word] for word in ODDS], audits * len(ITEMS), p=[*ODDS.values()])
    for n, word in enumerate(said.tolist()):
        audit, item = divmod(n, len(ITEMS))
        day = f"2026/10/{audit % 28 + 1}"
        yield f"2026-{audit:07d}", day, ITEMS[item].id, word, str(1001 + audit % 40)


def main(number: int, file: str) -> None:
    """Write the table."""
    if Path(file).suffix == ".csv":
        with Path(file).open("w", encoding="utf-8", newline="") as text:
            writer = csv.writer(text)
            writer.writerow(HEADER)
            writer.writerows(rows(number))
        return
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("answers")
        sheet.write_row(0, 0, HEADER)
        for n, row in enumerate(rows(number), 1):
            for m, cell in enumerate(row):
                sheet.write_string(n, m, cell)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
