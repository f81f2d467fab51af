"""Makes a table of answers: `python bench/answers.py NUMBER FILE`.

One row an answer, audit after audit, three columns of text, as an export would have them; Parquet
keeps texts that repeat as a dictionary, whoever writes it.
"""

import sys
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sheet import ITEMS

ODDS: Final = {"yes": 0.80, "partial": 0.08, "no": 0.07, "na": 0.05}
_AUDITS: Final = 1 << 14
"""Audits in a row group: about a million answers, the usual size."""


def main(number: int, file: str) -> None:
    """Write `number` answers, rounded down to whole audits."""
    random = np.random.default_rng(20261123)
    text = pa.string()
    schema = pa.schema([("audit", text), ("item", text), ("result", text)])
    items, words = pa.array([item.id for item in ITEMS]), pa.array(list(ODDS))
    audits = number // len(ITEMS)
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for start in range(0, audits, _AUDITS):
            size = min(_AUDITS, audits - start)
            names = pa.array([f"2026-{n:07d}" for n in range(start, start + size)])
            said = random.choice(len(ODDS), size * len(ITEMS), p=[*ODDS.values()])
            columns = [
                names.take(pa.array(np.repeat(np.arange(size), len(ITEMS)))),
                items.take(pa.array(np.tile(np.arange(len(ITEMS)), size))),
                words.take(pa.array(said)),
            ]
            writer.write_table(pa.table(columns, schema=schema), row_group_size=size * len(ITEMS))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
