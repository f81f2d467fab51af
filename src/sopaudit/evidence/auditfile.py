"""What an auditor writes into `audit.yaml`: who looks at which office over which days, and why."""

from typing import Literal

from pydantic import Field

from sopaudit.criteria.field import Day, Entry, Id, Text, Word

Kind = Literal["self", "station", "region", "hq", "unannounced", "mystery", "recheck"]
"""Who looks, and how: 自查 站内 大区 总部 飞行检查 暗访 复查. Kinds are never ranked together."""


class Period(Entry):
    """The days an audit covers, both included."""

    from_: Day = Field(alias="from")
    to: Day


class Scope(Entry):
    """What of the office an audit covers."""

    posts: tuple[Word, ...] = Field(min_length=1)
    """The posts whose work is examined."""


class TeamMember(Entry):
    """Who looked, or showed the way."""

    person: Word
    role: Literal["leader", "member", "escort"]
    """An escort (陪同) belongs to the office and does not examine."""


class Remark(Entry):
    """Something worth saying, of an item or of the office as a whole."""

    text: Text
    item: Word | None = None


class Audit(Entry):
    """The whole of `audit.yaml`: one examination of one office over stated dates."""

    id: Id
    office: Word
    period: Period
    scope: Scope | None = None
    """Every post the office has, where nothing is said."""

    date: Day
    """The day of the visit, by which points and roster are chosen."""

    as_of: Day | None = None
    """The last day its records speak of; the day of the visit where nothing is said."""

    kind: Kind
    team: tuple[TeamMember, ...] = Field(min_length=1)
    auditees: tuple[Word, ...] = ()
    """Whose work was examined."""

    follows: Id | None = None
    """The audit this one follows up."""

    state: Literal["draft", "provisional", "final"] = "draft"
    appeal_until: Day | None = None
    """The last day on which a provisional result may be contested."""

    facts: dict[Word, Word] = Field(default_factory=dict)
    """What the surcharges of schemes ask: a fact, and what it says of this audit."""

    purpose: Text | None = None
    """Why it was done; what follows from its kind where nothing is said."""

    basis: Text | None = None
    """What it was held against; the editions used where nothing is said."""

    sampling: Text | None = None
    """How cases were chosen; what the records say of their draw where nothing is said."""

    remarks: Text | None = None
    good_practice: tuple[Remark, ...] = ()
    observations: tuple[Remark, ...] = ()

    @property
    def auditors(self) -> tuple[str, ...]:
        """Those of the team who examine."""
        return tuple(member.person for member in self.team if member.role != "escort")
