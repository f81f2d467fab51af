"""The three tables an XLSForm is made of, gathered row by row."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sopaudit.criteria.field import Text
from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.organisation import Person
from sopaudit.press.words import words

TITLES: Final = {"zh": "中文 (zh)", "en": "English (en)"}
"""What a language is called in the form; another is called by its code."""

Say = Callable[[str], str]
"""Gives a text in the language of that code."""

Row = dict[str, str]


def title(lang: str) -> str:
    """Name a language the way ODK and Kobo do: its own name and its code."""
    return TITLES.get(lang, f"{lang} ({lang})")


def said(section: str, key: str, **values: str) -> Say:
    """Say a sentence of the form, whichever language is asked for."""
    return lambda lang: words(lang, "xlsform")[section][key].format(**values)


def _plain(text: str) -> str:
    """Keep what looks like a reference from being taken for one."""
    return text.replace("${", "$ {")


@dataclass
class Form:
    """Survey and choices on their way."""

    langs: Sequence[str]
    survey: list[Row] = field(default_factory=list)
    choices: list[Row] = field(default_factory=list)
    _lists: dict[tuple[tuple[str, tuple[str, ...]], ...], str] = field(default_factory=dict)

    def ask(self, kind: str, name: str, label: Say | None = None, /, **own: str | Say) -> None:
        """Add a question; `own` are further columns, those of texts in every language."""
        row: Row = {"type": kind, "name": name}
        told: dict[str, str | Say] = {**({"label": label} if label else {}), **own}
        for column, content in told.items():
            if isinstance(content, str):
                row[column] = content
                continue
            for lang in self.langs:
                text = content(lang)
                if text:
                    row[f"{column}::{title(lang)}"] = text
        self.survey.append({key: text for key, text in row.items() if text})

    def group(self, name: str, label: Say, **own: str | Say) -> None:
        """Begin a group; `end` ends it."""
        self.ask("begin_group", name, label, **own)

    def end(self, kind: str = "group") -> None:
        """End the innermost group or repeat."""
        self.survey.append({"type": f"end_{kind}"})

    def list_of(self, stem: str, options: Iterable[tuple[str, Say]]) -> str:
        """Give the name of a list of choices; equal lists stand in the form once."""
        known = [(name, tuple(say(lang) for lang in self.langs)) for name, say in options]
        found = self._lists.get(tuple(known))
        if found is None:
            found = f"{stem}_{len(self._lists) + 1}"
            self._lists[tuple(known)] = found
            for name, texts in known:
                labels = {
                    f"label::{title(lang)}": _plain(text)
                    for lang, text in zip(self.langs, texts, strict=True)
                }
                self.choices.append({"list_name": found, "name": name, **labels})
        return found


def fixed(text: str) -> Say:
    """Say the same in every language."""
    return lambda _: text


def text_of(say: Say) -> Say:
    """Say a text of the handbook, which refers to no question."""
    return lambda lang: _plain(say(lang))


def from_handbook(handbook: Handbook, text: Text, before: str = "") -> Say:
    """Say a text of the handbook, with something in front of it."""
    return text_of(lambda lang: f"{before}{handbook.say(text, lang)}")


def person_name(handbook: Handbook, person: Person) -> Say:
    """Name a person so that two of the same name can be told apart."""
    return text_of(lambda lang: f"{handbook.say(person.name, lang)} {person.id}")


def joined_by(sign: str, expressions: Sequence[str]) -> str:
    """Put the texts of expressions one behind the other, a sign between them."""
    between = f", '{sign}', "
    return f"concat({between.join(expressions)})"


def columns(rows: Iterable[Mapping[str, str]], first: Sequence[str]) -> list[str]:
    """List the columns of a table: `first`, then the others as they come."""
    return list(dict.fromkeys([*first, *(key for row in rows for key in row)]))
