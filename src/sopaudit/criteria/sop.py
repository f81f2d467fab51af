"""Post operating standards: what each post is for, what it uses, its steps and their standards."""

from pydantic import Field

from sopaudit.criteria.field import Day, Entry, Id, Text, Word


class Tool(Entry):
    """Something the post works with: a form, a list, a device."""

    title: Text
    provenance: Word | None = None


class Standard(Entry):
    """One requirement of a step, and how it is measured."""

    id: Id
    """Such as `HTL-03-4`."""

    standard: Text
    limit: Text | None = None
    """What fulfilling it means in numbers or facts."""

    evidence: tuple[Word, ...] = ()
    """Methods of the handbook by which it can be seen."""

    checks: tuple[Word, ...] = ()
    """Automatic checks that find at least part of the failures."""

    provenance: Word | None = None


class Step(Entry):
    """One step of a post's work, in the order of the day."""

    id: Id
    step: Text
    explanation: Text | None = None
    standards: tuple[Standard, ...] = Field(min_length=1)
    provenance: Word | None = None


class Forbidden(Entry):
    """Words or behaviour a post must not use, and what to do instead."""

    id: Id
    phrase: Text
    instead: Text
    step: Word
    """The step it belongs to."""

    provenance: Word | None = None


class Sop(Entry):
    """The operating standard of one post (岗位操作规范)."""

    id: Id
    edition: Word
    effective_from: Day | None = None
    effective_until: Day | None = None
    title: Text
    purpose: Text
    source: Word | None = None
    """The handbook section it stands in."""

    provenance: Word | None = None
    tools: tuple[Tool, ...] = ()
    steps: tuple[Step, ...] = Field(min_length=1)
    forbidden: tuple[Forbidden, ...] = ()

    @property
    def standards(self) -> dict[str, Standard]:
        """All standards by id, in the order of the sheet."""
        return {s.id: s for step in self.steps for s in step.standards}
