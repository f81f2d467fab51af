"""A trace as JSON: every posting with both its ends, what is open, and what was found."""

import json
from typing import Any, Final

import numpy as np

from sopaudit import __version__
from sopaudit.findings.custody.custody import Custody, Step
from sopaudit.report.parts.table import COLUMNS, loss_rows
from sopaudit.report.parts.teller import decimal
from sopaudit.report.parts.trace import Piece, Trace

SCHEMA: Final = "sopaudit.trace/1"


def trace_json(custody: Custody, found: Trace) -> str:
    """Write where a word leads; quantities are exact decimals, as texts."""
    decimals = custody.entries.decimals
    replay = found.replay
    told = {
        "schema": SCHEMA,
        "engine": __version__,
        "word": found.word,
        "taken_as": found.sort,
        "as_of": str(custody.now.astype("datetime64[D]")),
        "replay": {
            "plus": decimal(replay.plus, decimals),
            "minus": decimal(replay.minus, decimals),
            "left": decimal(replay.left, decimals),
            "balance": decimal(replay.balance, decimals),
        },
        "pieces": [_piece(custody, piece) for piece in found.pieces],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _piece(custody: Custody, piece: Piece) -> dict[str, Any]:
    steps = custody.steps(np.array(piece.sides, np.int64))
    rows = loss_rows(custody, piece.found)
    left = custody.lots.left
    ours = custody.entries.slots.ours[custody.entries.slot]
    return {
        "part": piece.part,
        "serial": piece.serial or None,
        "steps": [
            {
                **_step(step, custody.entries.decimals),
                "open": decimal(
                    int(left[side | 1]) if ours[side | 1] else 0, custody.entries.decimals
                ),
                "findings": [loss.id for loss in piece.losses.get(side, ())],
            }
            for side, step in zip(piece.sides, steps, strict=True)
        ],
        "findings": [
            {name: cell for name, cell in zip(COLUMNS, row, strict=True) if name != "chain"}
            for row in rows
        ],
    }


def _step(step: Step, decimals: int) -> dict[str, Any]:
    return {
        "at": None if np.isnat(step.at) else str(step.at.astype("datetime64[s]")),
        "move": step.move or None,
        "old_part": step.owed,
        "row": f"{step.record}:{step.row}" if step.row else None,
        "qty": decimal(step.qty, decimals),
        "from": {key: text for key, text in step.source.items() if text},
        "to": {key: text for key, text in step.target.items() if text},
        "actor": step.actor or None,
        "document": step.document or None,
        "note": step.note or None,
    }
