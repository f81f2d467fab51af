"""Parquet, with the optional `pyarrow`: dictionaries stay dictionaries, codes go straight through.

Only the distinct texts a batch uses become Python text, so ten million rows cost what their codes
cost.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import filterfalse
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sopaudit.evidence.column import Coded, coded
from sopaudit.evidence.habits import EPOCH_1900
from sopaudit.evidence.readings import Notes
from sopaudit.evidence.source import Chunk, NoTableError
from sopaudit.evidence.unreadable import Spot
from sopaudit.evidence.workbook import as_text


class Parquet:
    """A Parquet file; rows are counted from 1, for it has no header row."""

    floats = True
    epoch = EPOCH_1900

    def __init__(self, path: Path, groups: tuple[int, int] | None = None) -> None:
        """Open a file, or some of its row groups (from, up to but not with).

        Raises NoTableError where pyarrow is missing or the file is none of Parquet.
        """
        try:
            import pyarrow as pa  # noqa: PLC0415 -- an extra: most tables are CSV or XLSX
            import pyarrow.parquet as pq  # noqa: PLC0415
        except ImportError:
            raise NoTableError("T004") from None
        try:
            with pq.ParquetFile(path) as file:
                schema, about = file.schema_arrow, file.metadata
        except pa.ArrowInvalid as error:
            raise NoTableError("T006", reason=str(error).splitlines()[0]) from None
        twice = [name for name, times in Counter(schema.names).items() if times > 1]
        zones = {f.type.tz for f in schema if pa.types.is_timestamp(f.type)} - {None}
        lost = [f"“{each}”" for each in (*twice, *filterfalse(_there, zones))]
        if lost:  # no two columns have one name, and every zone is one of this world
            raise NoTableError("T006", reason=", ".join(sorted(lost)))
        self.path = path
        self.spot = Spot(path.as_posix())
        self.header = tuple(schema.names)
        sizes = [about.row_group(n).num_rows for n in range(about.num_row_groups)]
        self.sizes = tuple(sizes)
        """Rows of each row group of the file."""

        self.rows = sum(sizes)
        first, last = (0, len(sizes)) if groups is None else groups
        self._groups = list(range(first, last))
        self.before = sum(sizes[:first])
        """Rows of the file before those of our row groups."""

        self._texts = [f.name for f in schema if f.type in (pa.string(), pa.large_string())]

    def opening(self, notes: Notes) -> None:
        """See `Table`; a Parquet file says what it holds."""

    def chunks(
        self,
        columns: Sequence[str],
        rows: int,
        notes: Notes,  # noqa: ARG002 -- every table is asked alike
    ) -> Iterator[Chunk]:
        """See `Table`; a Parquet row is never ragged."""
        from pyarrow.parquet import ParquetFile  # noqa: PLC0415

        coded = [name for name in self._texts if name in columns]
        with ParquetFile(self.path, read_dictionary=coded, pre_buffer=False) as file:
            row, wanted = self.before, list(dict.fromkeys(columns))
            for batch in file.iter_batches(rows, row_groups=self._groups, columns=wanted):
                numbers = np.arange(row + 1, row + 1 + batch.num_rows, dtype=np.int32)
                yield Chunk(numbers, {name: _coded(batch.column(name)) for name in columns})
                row += batch.num_rows

    def moments(self, name: str) -> tuple[npt.NDArray[np.datetime64], str] | None:
        """Give a column of moments as they are stored, and the zone it names; None for others.

        With a zone they are those of Greenwich. What is missing is NaT.
        """
        import pyarrow as pa  # noqa: PLC0415
        from pyarrow.parquet import ParquetFile  # noqa: PLC0415

        with ParquetFile(self.path, pre_buffer=False) as file:
            kind = file.schema_arrow.field(name).type
            if not pa.types.is_timestamp(kind):
                return None
            column = file.read_row_groups(self._groups, columns=[name]).column(0)
        plain = column.cast(pa.timestamp(kind.unit)).to_numpy()
        return plain.astype("datetime64[us]"), kind.tz or ""


def _there(zone: str) -> bool:
    """Say whether there is such a zone."""
    try:
        pd.Timestamp(0, tz=zone)
    except (LookupError, ValueError):
        return False
    return True


def _coded(column: Any) -> Coded:  # noqa: ANN401 -- pyarrow ships no types
    import pyarrow as pa  # noqa: PLC0415

    if not isinstance(column, pa.DictionaryArray):
        try:
            column = column.dictionary_encode()
        except pa.ArrowNotImplementedError:  # lists and the like, which no answer is
            return coded([as_text(value) for value in column.to_pylist()])
    words, size = column.dictionary, len(column.dictionary)
    spelled = words.type in (pa.string(), pa.large_string())
    codes = column.indices
    if codes.null_count:  # a missing value is an empty cell: one code more
        codes = codes.cast(pa.int32()).fill_null(size)

    def texts(used: Sequence[int]) -> list[str]:
        known = [code for code in used if code < size]
        found = words.take(pa.array(known, pa.int64())).to_pylist()
        return [*(found if spelled else map(as_text, found)), *([""] * (len(used) - len(known)))]

    return Coded(codes.to_numpy().astype(np.int32, copy=False), size + 1, texts)
