"""A table of scores as text for people, CSV for spreadsheets, or JSON for programs."""

import json

import pandas as pd

from sopaudit.terminal import table

NUMBERS = ("score", "possible", "percent")


def as_csv(scores: pd.DataFrame) -> str:
    """Write comma-separated values in UTF-8 with a header; every cell is text as it is shown."""
    return scores.to_csv(index=False, lineterminator="\n")


def as_json(scores: pd.DataFrame) -> str:
    """Write a list of objects, one a row; numbers stay decimal text, so that none is rounded."""
    rows = scores.to_dict(orient="records")
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def as_text(scores: pd.DataFrame) -> str:
    """Lay the rows out for a terminal."""
    rows = [[str(cell) for cell in row] for row in scores.itertuples(index=False)]
    return table(list(scores.columns), rows, NUMBERS)
