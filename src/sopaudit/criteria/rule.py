"""The register of automatic checks that standards and checklist items may name."""

from pydantic import Field

from sopaudit.criteria.field import Entry, Id, Text, Word


class Rule(Entry):
    """One automatic check over the records."""

    id: Id
    title: Text
    passes: Text
    """When a case conforms, in plain words."""

    data: tuple[Word, ...] = ()
    """The records it reads."""

    provenance: Word | None = None


class RuleRegister(Entry):
    """`sops/rules.yaml`."""

    edition: Word
    source: Word | None = None
    rules: tuple[Rule, ...] = Field(min_length=1)
