"""What was noted in the margin of tables, as arrays that can be stored and read back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sopaudit.evidence import readings, unreadable
from sopaudit.evidence.readings import Notes
from sopaudit.evidence.unreadable import Spot

Arrays = dict[str, NDArray[Any]]
_ROWS: Final = "lost-rows"
_TEXTS: Final = "lost-texts"
_READ_ROWS: Final = "read-rows"
_READ_CODES: Final = "read-codes"


def stored(notes: Notes) -> tuple[dict[str, Any], Arrays]:
    """Lay notes out as data and arrays; see `restored`."""
    near: dict[tuple[str, ...], int] = {}
    lost, texts = [], []
    for block in notes.unreadable.blocks:
        distinct = dict.fromkeys(block.texts)
        codes = {text: n for n, text in enumerate(distinct)}
        texts.append(np.array([codes[text] for text in block.texts], np.int32))
        lost.append(
            {
                "code": block.code,
                "spot": asdict(block.spot),
                "rows": len(block.rows),
                "texts": list(distinct),
                "each": len(block.texts),
                # Hundreds of blocks name the same thousand ids.
                "near": near.setdefault(tuple(block.near), len(near)),
                "words": dict(block.words),
            }
        )
    read = [
        {
            "habit": block.habit,
            "spot": asdict(block.spot),
            "rows": len(block.rows),
            "texts": [list(pair) for pair in block.texts],
        }
        for block in notes.readings.blocks
    ]
    about = {"lost": lost, "near": [list(each) for each in near], "read": read}
    arrays = {
        _ROWS: _joined([block.rows for block in notes.unreadable.blocks]),
        _TEXTS: _joined(texts),
        _READ_ROWS: _joined([block.rows for block in notes.readings.blocks]),
        _READ_CODES: _joined([block.codes for block in notes.readings.blocks]),
    }
    return about, arrays


def restored(about: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], notes: Notes) -> None:
    """Add what `stored` laid out to notes; without the arrays of readings, these are left out."""
    at = told = 0
    near = [tuple(each) for each in about["near"]]
    for block in about["lost"]:
        rows = arrays[_ROWS][at : at + block["rows"]]
        codes = arrays[_TEXTS][told : told + block["each"]].tolist()
        texts = [block["texts"][code] for code in codes]
        at, told = at + block["rows"], told + block["each"]
        spot, words = Spot(**block["spot"]), block["words"]
        notes.unreadable.blocks.append(
            unreadable.Block(block["code"], spot, rows, texts, near[block["near"]], words)
        )
    at = 0
    for block in about["read"] if _READ_ROWS in arrays else ():
        here = slice(at, at + block["rows"])
        at += block["rows"]
        pairs = [(text, taken) for text, taken in block["texts"]]
        codes = arrays[_READ_CODES][here]
        notes.readings.blocks.append(
            readings.Block(
                block["habit"], Spot(**block["spot"]), arrays[_READ_ROWS][here], codes, pairs
            )
        )


LOST_ARRAYS: Final = (_ROWS, _TEXTS)
READ_ARRAYS: Final = (_READ_ROWS, _READ_CODES)


def cells_read(about: Mapping[str, Any]) -> int:
    """Count the cells that were read by habit."""
    return sum(block["rows"] for block in about["read"])


def _joined(arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate([np.empty(0, np.uint8), *arrays])
