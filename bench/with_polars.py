"""Score a table of answers with polars: a lazy scan, joins, two groupings, in floats."""

from pathlib import Path

import polars as pl

import stopwatch
from sheet import CAP, GRADES, ITEMS, SECTIONS, SHARES, TIMES


def score(answers: Path) -> pl.DataFrame:
    """Score as one would write it down."""
    items = pl.LazyFrame(
        {
            "item": [item.id for item in ITEMS],
            "section": [item.section for item in ITEMS],
            "points": [float(item.points * item.weight) for item in ITEMS],
            "critical": [item.critical for item in ITEMS],
            "major": [item.major for item in ITEMS],
            "weight": [float(SECTIONS[item.section]) for item in ITEMS],
        }
    )
    shares = pl.LazyFrame({"result": list(SHARES), "share": list(map(float, SHARES.values()))})
    sections = (
        pl.scan_parquet(answers)
        .join(items, on="item")
        .join(shares, on="result", how="left")  # na has no share
        .group_by("audit", "section")
        .agg(
            pl.col("weight").first(),
            earned=(pl.col("points") * pl.col("share")).sum(),
            possible=pl.col("points").filter(pl.col("share").is_not_null()).sum(),
            veto=((pl.col("result") == "no") & pl.col("critical")).any(),
            lost=((pl.col("result") == "no") & pl.col("major")).sum(),
        )
    )
    applicable = pl.col("possible") > 0
    weighted = pl.col("weight") * pl.col("earned") / pl.col("possible")
    total = 100 * weighted.filter(applicable).sum() / pl.col("weight").filter(applicable).sum()
    lowest, *better = sorted(GRADES, key=GRADES.__getitem__)
    grade = pl.lit(lowest)
    for band in better:
        grade = pl.when(pl.col("score") >= GRADES[band]).then(pl.lit(band)).otherwise(grade)
    return (
        sections.group_by("audit")
        .agg(
            pl.col("veto").any(),
            pl.col("lost").sum(),
            score=total.round(1, mode="half_away_from_zero"),
        )
        .with_columns(
            score=pl.when(pl.col("lost") >= TIMES)
            .then(pl.min_horizontal("score", pl.lit(float(CAP))))
            .otherwise("score")
        )
        .select(
            "audit",
            "score",
            grade=pl.when(pl.col("veto")).then(pl.lit(lowest)).otherwise(grade),
        )
        .collect()
    )


def write(scores: pl.DataFrame, file: Path) -> None:
    """Keep what the sides are compared by."""
    scores.write_parquet(file)


if __name__ == "__main__":
    stopwatch.main(score, write)
