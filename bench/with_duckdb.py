"""Score a table of answers with DuckDB: one SQL query, a join and two groupings, in floats."""

from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

import stopwatch
from sheet import CAP, GRADES, ITEMS, SECTIONS, SHARES, TIMES

_QUERY: Final = """
with marked as (
    select audit, section, weight, points, critical and result = 'no' as veto,
        major and result = 'no' as lost,
        case result {shares} end as share
    from read_parquet('{answers}') join items using (item)
), sections as (
    select audit, section, any_value(weight) as weight, bool_or(veto) as veto,
        count(*) filter (lost) as lost,
        sum(points * share) as earned, sum(points) filter (share is not null) as possible
    from marked group by audit, section
), unlimited as (
    select audit, bool_or(veto) as veto, sum(lost) as lost, round(
        100 * sum(weight * earned / possible) / sum(weight) filter (possible > 0), 1) as score
    from sections group by audit
), totals as (
    select audit, veto,
        case when lost >= {times} then least(score, {cap}) else score end as score from unlimited
)
select audit, score, case when veto then '{lowest}' {grades} end as grade from totals
"""


def score(answers: Path) -> pa.Table:
    """Score as one would write it down."""
    connection = duckdb.connect()
    connection.execute(
        "create table items "
        "(item text, section text, points double, critical bool, major bool, weight double)"
    )
    rows = [
        (i.id, i.section, i.points * i.weight, i.critical, i.major, SECTIONS[i.section])
        for i in ITEMS
    ]
    connection.executemany("insert into items values (?, ?, ?, ?, ?, ?)", rows)
    best_first = sorted(GRADES, key=GRADES.__getitem__, reverse=True)
    query = _QUERY.format(
        answers=answers,
        shares=" ".join(f"when '{w}' then {float(share)}::double" for w, share in SHARES.items()),
        grades=" ".join(f"when score >= {GRADES[grade]} then '{grade}'" for grade in best_first),
        lowest=best_first[-1],
        cap=CAP,
        times=TIMES,
    )
    return connection.sql(query).to_arrow_table()


def write(scores: pa.Table, file: Path) -> None:
    """Keep what the sides are compared by."""
    pq.write_table(scores, file)


if __name__ == "__main__":
    stopwatch.main(score, write)
