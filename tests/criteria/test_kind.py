"""The vocabulary of kinds: closed, explained in both languages, each with a right sample."""

import re

import pytest

from sopaudit.criteria.kind import KINDS, KPI_KINDS, RULE_KINDS, RUNS
from sopaudit.criteria.rule import RulePart
from sopaudit.criteria.setting import fits
from sopaudit.criteria.vocabulary import told
from sopaudit.criteria.words import kind_words, scheme_words
from sopaudit.problems import LANGUAGES
from sopaudit.reading.events import read_bytes


def sample(name: str) -> dict[str, object]:
    document = read_bytes(told(name, "en").sample.encode(), name)
    assert not document.problems
    assert isinstance(document.data, dict)
    return dict(document.data)


def test_no_name_is_two_things() -> None:
    assert not set(RULE_KINDS) & set(KPI_KINDS)
    assert not set(KINDS) & set(scheme_words())
    for name, kind in KINDS.items():
        assert kind.name == name
        settings = [parameter.name for parameter in kind.parameters]
        assert len(settings) == len(set(settings))


def test_code_runs_none_but_known_kinds() -> None:
    assert set(KINDS) >= RUNS


def test_words_are_of_the_vocabulary_and_the_other_way_round() -> None:
    words = kind_words()
    settings = {p.name for kind in KINDS.values() for p in kind.parameters}
    own = {f"{kind.name}.{p.name}" for kind in KINDS.values() for p in kind.parameters}
    general = {name for name in words["settings"] if "." not in name}
    special = set(words["settings"]) - general
    assert general <= settings
    assert special <= own
    assert settings <= general | {name.partition(".")[2] for name in special}
    assert set(words["kinds"]) == set(KINDS)
    assert set(words["subjects"]) == {kind.subject for kind in KINDS.values()}
    assert set(words["sorts"]) == {p.sort for kind in KINDS.values() for p in kind.parameters}


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_is_told_in_both_languages(name: str) -> None:
    for lang in LANGUAGES:
        kind = told(name, lang)
        said = (kind.meaning, kind.subject, *(s.meaning for s in kind.settings))
        chinese = [bool(re.search("[\u4e00-\u9fff]", words)) for words in said]
        assert all(chinese) if lang == "zh" else not any(chinese), said


@pytest.mark.parametrize("name", KINDS)
def test_the_sample_of_a_kind_gives_it_what_it_takes(name: str) -> None:
    kind = KINDS[name]
    data = sample(name)
    part = RulePart.model_validate({key: data[key] for key in ("kind", "with") if key in data})
    assert part.kind == name
    assert {p.name for p in kind.parameters if p.required} <= set(part.given)
    assert all(set(group) & set(part.given) for group in kind.either)
    assert ("rules" in data) == kind.counts_rules
    for setting, given in part.given.items():
        parameter = kind.parameter(setting)
        assert parameter is not None, setting
        assert fits(parameter, given), setting
        assert not parameter.choices or given in parameter.choices
