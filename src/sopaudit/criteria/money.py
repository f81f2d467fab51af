"""How the money of customers is run: where it can be, and which line of the book moves it."""

from typing import Literal

from pydantic import Field

from sopaudit.criteria.field import Entry, Id, Text, Word

MoneyPlaceKind = Literal["outside", "person", "till"]
"""What sort of place money may be in: not in our hands; with a person who must hand it on; in the
till of an office."""


class MoneyPlace(Entry):
    """Where money can be."""

    id: Id
    title: Text
    kind: MoneyPlaceKind
    note: Text | None = None
    provenance: Word | None = None

    @property
    def ours(self) -> bool:
        """Whether somebody of ours answers for what lies there."""
        return self.kind != "outside"


class Ends(Entry):
    """From where to where money goes."""

    from_: Word = Field(alias="from")
    to: Word


class MoneyMove(Ends):
    """What a kind of line of the book does with money that somebody carries."""

    id: Id
    direct: Ends | None = None
    """From where to where money goes that nobody carries; without it such a line moves nothing."""

    event: Word | None = None
    """The event that tells of the same thing."""

    note: Text | None = None
    provenance: Word | None = None


class MoneyRules(Entry):
    """`sops/money.yaml` (服务款)."""

    edition: Word
    title: Text
    purpose: Text | None = None
    source: Word | None = None
    provenance: Word | None = None
    kind: Word
    """The field of the book that says what a line is; `record.field`, as the next five."""

    amount: Word
    method: Word
    receipt: Word | None = None
    charged: Word
    """The field that says what was charged, line by line."""

    person: tuple[Word, ...] = Field(min_length=1)
    """Fields that name who carries money, the first that says something: of the book, then of
    its ticket."""

    opening: Word | None = None
    """The record of what was not settled when the period began."""

    carried: tuple[Word, ...] = Field(min_length=1)
    """The methods of payment by which money is carried by hand."""

    direct: tuple[Word, ...] = ()
    """Those by which it reaches an account of ours at once."""

    places: tuple[MoneyPlace, ...] = Field(min_length=1)
    moves: tuple[MoneyMove, ...] = Field(min_length=1)

    @property
    def book(self) -> str:
        """The record that money is booked in."""
        return self.amount.partition(".")[0]
