"""The formulas of the workbook: counts of the sample, and the score so far while it is filled.

They are for whoever fills it in. Nothing of them is read back.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Final

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from sopaudit.criteria.field import plain
from sopaudit.sheets.blank import Ask
from sopaudit.sheets.preview import Meter, Preview, Veto
from sopaudit.sheets.wording import TICKS

WAITS: Final = "…"
"""What the grade of a veto begins with that waits for a second person."""

_DIGITS: Final = 12
_SURE: Final = 8
"""Decimals of a number a spreadsheet gets right whatever it did to come to it."""


def number(value: Fraction) -> str:
    """Write a number as a formula does."""
    text = plain(value)
    return f"({text})" if "/" in text else text


def text(said: str) -> str:
    """Write a text as a formula does."""
    return '"' + said.replace('"', '""') + '"'


class Cells:
    """Where the columns of a row are."""

    def __init__(self, at: Mapping[str, int], row: int) -> None:
        self._at, self._row = at, row

    def __getitem__(self, name: str) -> str:
        """Name a cell of the row; the empty text where there is no such column."""
        if name not in self._at:
            return '""'
        return str(xl_rowcol_to_cell(self._row, self._at[name], col_abs=True))


def earned(ask: Ask, meter: Meter, cells: Cells, say: Mapping[str, str]) -> str:
    """Say what an item earns; the empty text while it is open, and where it leaves the base."""
    worth = _by_word(ask, meter, cells, say)
    value, failed, checked = cells["value"], cells["failed"], cells["checked"]
    if meter.given:
        return f'=IF(ISNUMBER({value}),{value}*{number(meter.weight)},"")'
    if meter.rate:
        share = f"{number(meter.points)}*({checked}-{failed})/{checked}"
        counted = f"AND(ISNUMBER({checked}),ISNUMBER({failed}),N({checked})>0)"
        return f"={_unless_away(cells, say)}IF({counted},{share},{worth}))"
    if meter.each is not None:
        times = f"IF(ISNUMBER({value}),{value},{failed})"
        lost = f"{number(meter.points)}-{number(meter.each)}*{times}"
        left = f"MAX(0,{lost})" if ask.points is not None else f"{number(meter.each)}*{times}"
        counted = f"OR(ISNUMBER({value}),ISNUMBER({failed}))"
        return f"={_unless_away(cells, say)}IF({counted},{left},{worth}))"
    return f"={worth}"


def _unless_away(cells: Cells, say: Mapping[str, str]) -> str:
    away = ",".join(f"{cells['result']}={text(say[word])}" for word in ("na", "unchecked"))
    return f'IF(OR({away}),"",'


def _by_word(ask: Ask, meter: Meter, cells: Cells, say: Mapping[str, str]) -> str:
    known = '""'
    for word, share in reversed([*meter.shares.items()]):
        if word in ask.words:
            title = text(say.get(word, word))
            known = f"IF({cells['result']}={title},{number(share * meter.points)},{known})"
    return known


def deducted(meter: Meter, cells: Cells) -> str:
    """Say what an item loses of its points."""
    got = cells["earned"]
    return f'=IF(ISNUMBER({got}),{number(meter.points)}-{got},"")'


def vetoed(vetoes: Iterable[Veto], ask: Ask, cells: Cells, say: Mapping[str, str]) -> str:
    """Say to which grade an answer leads by itself; the empty text while it does not.

    Behind `WAITS` it is only the grade it would lead to once a second person is named.
    """
    known = '""'
    for veto in vetoes:
        if veto.item == ask.item.id:
            title, grade = text(say.get(veto.answer, veto.answer)), text(veto.grade)
            if veto.waits:
                grade = f"IF({missing(cells['confirmed'])},{text(WAITS + veto.grade)},{grade})"
            known = f"IF({cells['result']}={title},{grade},{known})"
    return "" if known == '""' else f"={known}"


def missing(cell: str) -> str:
    """Say whether nobody has written into a cell."""
    return f"LEN(TRIM({cell}))=0"


def told_of_vetoes(
    vetoes: Iterable[Veto], at: Mapping[str, int], rows: tuple[int, int], say: Mapping[str, str]
) -> str:
    """Count the vetoes in force and those that wait; the empty text while there is none."""
    cells = column(at, "veto", rows)
    waiting = f"COUNTIF({cells},{text(WAITS + '*')})"
    waits = any(veto.waits for veto in vetoes)
    force = f'COUNTIF({cells},"?*")' + (f"-{waiting}" if waits else "")
    told = f'IF({force}>0,{text("　" + say["vetoed"] + " ")}&({force}),"")'
    if waits:
        # On a line of its own: beside score, grade and number of answers there is no room.
        told += f'&IF({waiting}>0,CHAR(10)&{text(say["waiting"] + " ")}&{waiting},"")'
    return told


def column(at: Mapping[str, int], name: str, rows: tuple[int, int]) -> str:
    """Name the cells of a column between two rows."""
    letter = xl_col_to_name(at[name], col_abs=True)
    return f"{letter}${rows[0] + 1}:{letter}${rows[1] + 1}"


def score(preview: Preview, at: Mapping[str, int], rows: tuple[int, int]) -> str:
    """Give the score so far; the empty text while nothing is answered."""
    got = column(at, "earned", rows)
    # A part of a checklist may hold nothing that costs points, such as vetoes alone.
    lost = f"SUM({column(at, 'deducted', rows)})" if "deducted" in at else "0"
    exact = f"SUM({got})"
    if preview.percent:
        exact = f"100*SUM({got})/(SUM({got})+{lost})"
    # A half is a hair less than a half in a spreadsheet, and would be rounded down.
    units = f"ROUND(ROUND(({exact})/{number(preview.to)},{_SURE}),0)"
    rounded = f"ROUND({units}*{number(preview.to)},{_DIGITS})"
    nothing = f"COUNT({got})=0"
    if preview.percent:
        nothing = f"SUM({got})+{lost}=0"
    return f'=IF({nothing},"",{rounded})'


def grade(preview: Preview, at: Mapping[str, int], rows: tuple[int, int], score_cell: str) -> str:
    """Give the grade so far: by the score, or lower where an answer says so."""
    if not preview.grades:
        return ""
    veto = column(at, "veto", rows)
    known = text(preview.grades[0][0])
    for (_, least), (name, _) in zip(preview.grades, preview.grades[1:], strict=False):
        reached = f"{score_cell}<{number(least)}" if least is not None else "FALSE"
        known = f"IF(OR({reached},COUNTIF({veto},{text(name)})>0),{text(name)},{known})"
    return f'=IF(ISNUMBER({score_cell}),{known},"")'


def decimals(to: Fraction) -> str:
    """Give the format that shows as many decimals as a score is rounded to."""
    places = 0
    while (to * 10**places).denominator != 1 and places < _DIGITS:
        places += 1
    return "0." + "0" * places if places else "0"


def counted(
    sheet: str, columns: Sequence[str], rows: tuple[int, int], words: Mapping[str, str]
) -> tuple[str, str]:
    """Count failed and checked lines of the record of the sample.

    `columns` are letters: that of the item as a whole, then those of its parts. A part that failed
    fails its line; what is said of the parts goes before what is said of the whole.
    """
    where = "'" + sheet.replace("'", "''") + "'!"
    ranges = [f"{where}${c}${rows[0] + 1}:${c}${rows[1] + 1}" for c in columns]
    yes = (TICKS["yes"], words["yes"])
    no = (TICKS["no"], words["no"], TICKS["partial"], words["partial"])
    if len(ranges) == 1:
        bad = "+".join(f"COUNTIF({ranges[0]},{text(word)})" for word in no)
        good = "+".join(f"COUNTIF({ranges[0]},{text(word)})" for word in yes)
        return _shown(bad, f"{bad}+{good}"), _shown(f"{bad}+{good}", f"{bad}+{good}")
    bad_line = "+".join(f"({cells}={text(word)})" for cells in ranges for word in no)
    good_line = "+".join(f"({cells}={text(word)})" for cells in ranges for word in yes)
    bad = f"SUMPRODUCT(--(({bad_line})>0))"
    both = f"SUMPRODUCT(--(({bad_line}+{good_line})>0))"
    return _shown(bad, both), _shown(both, both)


def _shown(number_: str, all_: str) -> str:
    return f'=IF(({all_})=0,"",{number_})'
