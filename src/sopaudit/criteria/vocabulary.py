"""What a kind of rule or key figure means, in one language: for `explain` and docs/rules.md."""

from typing import NamedTuple

from sopaudit.criteria.kind import KINDS, RUNS
from sopaudit.criteria.parameter import Parameter
from sopaudit.criteria.words import kind_words


class ToldSetting(NamedTuple):
    """One setting of a kind, in words."""

    name: str
    sort: str
    """What it may be, such as “length of time”."""

    required: bool
    meaning: str


class ToldKind(NamedTuple):
    """One kind, in words."""

    name: str
    meaning: str
    subject: str
    """What one case is."""

    settings: tuple[ToldSetting, ...]
    either: tuple[tuple[str, ...], ...]
    """Of each of these groups at least one is given."""

    sample: str
    """How it may stand in YAML."""

    runs: bool
    """Code decides it today."""


def told(name: str, lang: str) -> ToldKind:
    """Tell of a kind in Chinese (`zh`) or else in English."""
    kind, words = KINDS[name], kind_words()
    entry = words["kinds"][name]
    return ToldKind(
        name,
        entry[lang],
        words["subjects"][kind.subject][lang],
        tuple(_setting(name, parameter, words, lang) for parameter in kind.parameters),
        kind.either,
        entry["sample"].strip("\n"),
        name in RUNS,
    )


def _setting(
    kind: str, parameter: Parameter, words: dict[str, dict[str, dict[str, str]]], lang: str
) -> ToldSetting:
    own = words["settings"].get(f"{kind}.{parameter.name}")
    meaning = (own or words["settings"][parameter.name])[lang]
    sort = words["sorts"][parameter.sort][lang]
    if parameter.choices:
        sort = f"{sort} {', '.join(parameter.choices)}"
    if parameter.many:
        sort += _SEVERAL[lang]
    return ToldSetting(parameter.name, sort, parameter.required, meaning)


_SEVERAL = {"zh": "，可列几个", "en": ", or a list"}
