"""What fields, codes, people and rules are called in words."""

from collections.abc import Iterable

from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.recordmapping import fields_of


class Namer:
    """Says names of the handbook in one language; what it does not know stays as it is."""

    def __init__(self, handbook: Handbook, lang: str) -> None:
        self.handbook = handbook
        self.lang = lang

    def field(self, field: str) -> str:
        """Name a `record.field`."""
        record, _, name = field.partition(".")
        known = (f for f in fields_of(self.handbook, record) if f.id == name)
        return next((self.handbook.say(f.title, self.lang) for f in known), field)

    def value(self, field: str, value: str) -> str:
        """Name a value of a field: a code by its title, a staff number by its person."""
        record, _, name = field.partition(".")
        listed = next((f.codes for f in fields_of(self.handbook, record) if f.id == name), None)
        codes = self.handbook.codes[listed].codes if listed else ()
        found = next((code.title for code in codes if code.id == value), None)
        return self.handbook.say(found, self.lang) if found else self.person(value)

    def person(self, staff: str) -> str:
        """Name a person of the roster."""
        known = self.handbook.person(staff)
        return self.handbook.say(known.name, self.lang) if known else staff

    def reason(self, name: str) -> str:
        """Name a condition or a rule."""
        if name in self.handbook.conditions:
            return self.handbook.say(self.handbook.conditions[name].title, self.lang)
        return self.rule(name)

    def rule(self, name: str) -> str:
        """Name a rule with its id."""
        known = self.handbook.rules.get(name)
        return f"{name} {self.handbook.say(known.title, self.lang)}" if known else name

    def record(self, name: str) -> str:
        """Name a record or a form."""
        known = self.handbook.records_kept.get(name) or self.handbook.forms.get(name)
        return self.handbook.say(known.title, self.lang) if known else name

    def joined(self, names: Iterable[str]) -> str:
        """Set names side by side."""
        return " · ".join(names)
