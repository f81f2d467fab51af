"""A table of scores as text for people, CSV for spreadsheets, JSON or Parquet for programs.

A large one comes as several frames, one after the other, and is written as it comes.
"""

import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

import pandas as pd

from sopaudit.terminal import table

NUMBERS = ("score", "possible", "percent")


def as_csv(frames: Iterable[pd.DataFrame]) -> Iterator[bytes]:
    """Write comma-separated values in UTF-8 with a header; every cell is text as it is shown."""
    for n, scores in enumerate(frames):
        yield scores.to_csv(index=False, header=n == 0, lineterminator="\n").encode()


def as_json(frames: Iterable[pd.DataFrame]) -> Iterator[bytes]:
    """Write a list of objects, one a row; numbers stay decimal text, so that none is rounded."""
    before = "["
    for scores in frames:
        rows = scores.to_dict(orient="records")
        # Of a list only what stands between its brackets, for the next frame goes on with it.
        told = json.dumps(rows, ensure_ascii=False, indent=1).removeprefix("[").removesuffix("\n]")
        if rows:
            yield f"{before}{told}".encode()
            before = ","
    yield b"[]\n" if before == "[" else b"\n]\n"


def as_text(frames: Iterable[pd.DataFrame]) -> Iterator[bytes]:
    """Lay the rows out for a terminal; how wide a column is, only the last row says."""
    scores = pd.concat(frames, ignore_index=True)
    rows = [[str(cell) for cell in row] for row in scores.itertuples(index=False)]
    yield table(list(scores.columns), rows, NUMBERS).encode()


def as_parquet(frames: Iterable[pd.DataFrame]) -> Iterator[bytes]:
    """Write Parquet, every column text as in CSV. Needs the optional `pyarrow`: ImportError."""
    import pyarrow as pa  # noqa: PLC0415 -- an extra
    import pyarrow.parquet as pq  # noqa: PLC0415

    written = io.BytesIO()
    writer: Any = None
    for scores in frames:
        schema = pa.schema([(name, pa.string()) for name in scores.columns])
        rows = pa.Table.from_pandas(scores, schema=schema, preserve_index=False)
        writer = writer or pq.ParquetWriter(written, schema, compression="zstd")
        writer.write_table(rows.replace_schema_metadata(None))
    if writer is not None:
        writer.close()
    # A score is few different texts: a million of them are some megabytes.
    yield written.getvalue()


CONTENTS: Final[Mapping[str, Callable[[Iterable[pd.DataFrame]], Iterator[bytes]]]] = {
    "csv": as_csv,
    "json": as_json,
    "parquet": as_parquet,
    "text": as_text,
}
"""How each format is written, in pieces."""
