"""The same balances as SQL: every move takes from one slot and puts into another.

What lies where, and what a place is kept apart by, are the handbook's: two small tables made of
sops/parts.yaml. No lots, no chains, no rules.
"""

from pathlib import Path
from typing import Final

import duckdb
import pandas as pd

import stopwatch
from sopaudit import load_handbook
from sopaudit.findings.custody.places import Places

_SIDES: Final = """
with moves as (
    select move_type, status_from, status_to, part_no, serial, qty, ticket_no, holder,
        return_required, if(site_from = '', site_to, site_from) as here,
        if(site_to = '', site_from, site_to) as there
    from read_parquet('{ledger}')
),
sides as (
    select f.place as place, if(p.transit, there, here) as site, status_from as status,
        part_no, serial, moves.holder as holder, ticket_no, -qty as qty
    from moves join lies f on f.move = move_type and f.status = status_from
        join places p on p.id = f.place
    union all
    select t.place, there, status_to, part_no, serial, holder, ticket_no, qty
    from moves join lies t on t.move = move_type and t.status = status_to
    union all
    select o.origin, here, '', part_no, '', holder, ticket_no, -qty
    from moves join owes o on o.move = move_type where return_required = 'yes'
    union all
    select o.place, there, '', part_no, '', holder, ticket_no, qty
    from moves join owes o on o.move = move_type where return_required = 'yes'
)
select s.place, if(p.site, s.site, '') as at_site, if(p.serials, s.status, '') as state, part_no,
    if(p.serials, s.serial, '') as piece, if(p.holder, s.holder, '') as who,
    if(p.ticket, s.ticket_no, '') as job, cast(sum(qty) as bigint) as units
from sides s join places p on p.id = s.place
where p.ours
group by all having sum(qty) <> 0
order by all
"""


def keep(ledger: Path) -> pd.DataFrame:
    """Add the balances in our custody up, by all that tells slots apart."""
    handbook, _ = load_handbook(Path())
    if handbook is None or handbook.parts is None:
        raise RuntimeError("the handbook of the bench is wrong")
    places = Places(handbook.parts)
    words = ["", *(status for place in handbook.parts.places for status in place.statuses)]
    lies = pd.DataFrame(
        [(m, s, places.of(s, m)) for m in places.moves for s in words],
        columns=["move", "status", "place"],
    )
    owes = pd.DataFrame(
        [(m.id, m.owes.from_, m.owes.place) for m in handbook.parts.moves if m.owes],
        columns=["move", "origin", "place"],
    )
    known = pd.DataFrame(
        [
            (p.id, p.ours, p.kind == "transit", p.serials, *(k in p.by for k in _KEPT))
            for p in handbook.parts.places
        ],
        columns=["id", "ours", "transit", "serials", *_KEPT],
    )
    base = duckdb.connect()
    for name, frame in (("lies", lies), ("owes", owes), ("places", known)):
        base.register(name, frame)
    found: pd.DataFrame = base.sql(_SIDES.format(ledger=ledger)).df()
    return found.set_axis(_COLUMNS, axis=1)


_COLUMNS: Final = [
    "place", "site", "status", "part_no", "serial", "holder", "ticket_no", "units",
]  # fmt: skip
_KEPT: Final = ("site", "holder", "ticket")


def write(found: pd.DataFrame, file: Path) -> None:
    """Keep what the sides are compared by."""
    found.to_csv(file, index=False)


if __name__ == "__main__":
    stopwatch.main(keep, write)
