"""Who is short of cash, as reports and checked ledgers say it."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.lines import NEVER
from sopaudit.evidence.records import Records
from sopaudit.findings.money.money import money_of, rows


@dataclass(frozen=True)
class Short:
    """Cash that somebody collected and did not pass on."""

    person: str
    amount: Fraction
    since: np.datetime64
    tickets: tuple[str, ...] = ()
    rows: str = ""
    """The lines that prove it, as in the table of deviations."""


@dataclass(frozen=True)
class MoneyEvidence:
    """Who is short of cash, the most first."""

    shorts: tuple[Short, ...] = ()
    missing: tuple[str, ...] = ()
    """Records that were not handed in, so that nothing can be said."""


def money_evidence(
    handbook: Handbook, records: Records, now: np.datetime64
) -> MoneyEvidence | None:
    """Look who is short of cash at a moment; None where the handbook says nothing of money."""
    rules = handbook.money
    if rules is None:
        return None
    book = rules.kind.partition(".")[0]
    if book not in records:
        return MoneyEvidence(missing=(book,))
    money = money_of(records, handbook, now)
    lots = money.lots()
    found = []
    for short in rows(money.shorts()):
        own = lots[(lots["place"] == short["place"]) & (lots["person"] == short["person"])]
        told = own[own["site"] == short["site"]]
        found.append(
            Short(
                str(short["person"]),
                Fraction(int(short["units"]), 10**money.decimals),
                NEVER if short["since"] is None else np.datetime64(short["since"], "us"),
                tuple(dict.fromkeys(name for name in told["ticket_no"] if name)),
                str(short["row"]),
            )
        )
    return MoneyEvidence(tuple(found))
