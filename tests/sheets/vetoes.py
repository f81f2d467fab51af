"""A checklist whose vetoes are of several kinds, as foreign schemes may have them."""

from dataclasses import replace
from datetime import date
from typing import Final

from sopaudit.sheets.blank import Leaf, ask

WAITING: Final = ("CK-HTL-V1", "CK-HTL-V2")
"""A no lowers to C once a second person has confirmed it."""

AT_ONCE: Final = "CK-HTL-E2"
"""A no lowers to D at once."""


def several_vetoes(leaf: Leaf, day: date) -> Leaf:
    """Give the checklist of the hotline vetoes that are not the lowest grade there is."""
    (veto,) = leaf.scheme.limits
    waiting = veto.model_copy(update={"grade": "C"})
    at_once = veto.model_copy(
        update={"id": "late", "where": {"id": AT_ONCE}, "grade": "D", "confirm": False}
    )
    scheme = leaf.scheme.model_copy(update={"limits": (waiting, at_once)})
    asks = tuple(ask(scheme, one.item, day) for one in leaf.asks)
    return replace(leaf, scheme=scheme, asks=asks)
