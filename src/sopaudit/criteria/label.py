"""The labels an item carries by itself, and the limits of a scheme that pick it by them.

Scores, sheets and the printed handbook all ask here, so that what is told of an item beforehand is
what decides about it afterwards.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from sopaudit.criteria.checklist import Item
from sopaudit.criteria.scheme import Limit, Scheme

LOOKED_AT: Final = ("item", "answer")
"""What a limit may look at besides groups."""


def own_labels(item: Item) -> dict[str, str]:
    """List the labels an item carries by itself: those of every item go before declared ones."""
    known = {
        "id": item.id,
        "section": item.section,
        "severity": item.severity,
        "scoring": item.scoring,
    }
    return {**item.labels, **{label: value for label, value in known.items() if value is not None}}


def carries(labels: Mapping[str, str], where: Mapping[str, str]) -> bool:
    """Say whether labels are those of `where`.

    A label may be several lines, as the limits that bit a post are in its branch.
    """
    return all(word in labels.get(label, "").split("\n") for label, word in where.items())


def limiting(scheme: Scheme, item: Item) -> Iterator[Limit]:
    """Give the limits that look at an item, or at answers to it, for the labels it carries.

    Those on groups are not among them: what they look at is no single item.
    """
    labels = own_labels(item)
    return (
        limit for limit in scheme.limits if limit.any in LOOKED_AT and carries(labels, limit.where)
    )


def decisive(scheme: Scheme, item: Item) -> Iterator[Limit]:
    """Give the limits that a single answer to an item can bring about, such as a veto."""
    return (limit for limit in limiting(scheme, item) if limit.any == "answer")
