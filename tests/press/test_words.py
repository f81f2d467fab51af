"""Every word a report may need is there, in both languages, and none is idle."""

import re
import string
from importlib.resources import files
from pathlib import Path
from typing import get_args

import pytest

from sopaudit.criteria.answer import RESULTS
from sopaudit.criteria.checklist import SEVERITIES
from sopaudit.criteria.scheme import Coverage, Scheme
from sopaudit.evidence.auditfile import Audit, TeamMember
from sopaudit.evidence.record import Signature
from sopaudit.findings.follow_up import Outcome as FollowedUp
from sopaudit.findings.score import LINE_KEYS, STATES, Outcome
from sopaudit.press.words import catalogue, words
from sopaudit.problems import LANGUAGES
from sopaudit.report.private.span import Kind


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def told(section: str) -> set[str]:
    return set(catalogue()[section])


def test_every_word_stands_in_both_languages() -> None:
    for section, entries in catalogue().items():
        for key, said in entries.items():
            assert set(said) == set(LANGUAGES), (section, key)
            empty = section == "state_note" and key == "scored"
            assert empty or all(text.strip() for text in said.values()), (section, key)


def test_both_languages_leave_the_same_blanks() -> None:
    for section, entries in catalogue().items():
        for key, said in entries.items():
            if not section.startswith("line"):
                assert blanks(said["zh"]) == blanks(said["en"]), (section, key)


def test_every_line_of_a_derivation_has_words_that_use_only_its_values() -> None:
    assert told("line") == set(LINE_KEYS)
    assert told("line_unweighted") == {k for k, values in LINE_KEYS.items() if "weight" in values}
    for section in ("line", "line_unweighted"):
        for key, said in catalogue()[section].items():
            for text in said.values():
                assert blanks(text) <= set(LINE_KEYS[key]), (key, text)


def choices(model: type, field: str) -> set[str]:
    return set(get_args(model.model_fields[field].annotation))  # type: ignore[attr-defined]


def test_every_code_a_report_may_show_has_a_word() -> None:
    assert told("severity") >= set(SEVERITIES)
    assert told("state") == told("state_note") == set(STATES)
    assert told("outcome") == (set(get_args(Outcome)) - {"counted"}) | {"not_cited"}
    assert told("answer") >= set(RESULTS)
    assert told("kind") == choices(Audit, "kind")
    assert told("audit_state") == choices(Audit, "state")
    assert told("role") >= choices(TeamMember, "role") | choices(Signature, "role") - {"head"}
    assert told("outcome_short") == {"unchecked", "unanswered", "blocked"} < set(get_args(Outcome))
    assert told("follow_up") == set(get_args(FollowedUp))
    assert told("hidden") == {*get_args(Kind), "staff", "gap"}
    assert told("coverage") == {"scored", *get_args(Coverage.model_fields["else_"].annotation)}
    assert told("mode") == {"half_up", "half_even", "down", "up"}
    assert told("rule") >= choices(Scheme, "several") | choices(Scheme, "empty")


def test_a_language_we_do_not_speak_falls_back() -> None:
    assert words("de") == words("en")


def test_no_section_or_key_hides_behind_a_method_of_a_dict() -> None:
    # A template that says `say.chapter.items` would get the method, not the word.
    names = {*catalogue(), *(key for entries in catalogue().values() for key in entries)}
    assert not names & set(dir(dict))


TEMPLATES = sorted(
    (path.name, path.read_text(encoding="utf-8"))
    for path in files("sopaudit.press").joinpath("templates").iterdir()
    if path.is_file()
)


DESK = ("coverage", "change", "replay")
"""Pages whose words stand in a file of their own, named as their template."""


@pytest.mark.parametrize("name", DESK)
def test_the_pages_for_a_desk_have_all_words_in_both_languages_and_none_is_idle(name: str) -> None:
    said = catalogue(name)
    for section, entries in said.items():
        for key, words_ in entries.items():
            assert set(words_) == set(LANGUAGES), (section, key)
            assert blanks(words_["zh"]) <= blanks(words_["en"]), (section, key)
    page = files("sopaudit.press").joinpath("templates", "desk", f"{name}.html.j2")
    # A page within another has its words beside those of that one.
    used = set(re.findall(r"(?:say|words)\.(\w+)\.(\w+)", page.read_text(encoding="utf-8")))
    assert all(key in said.get(section, {}) for section, key in used)
    homes = [
        *files("sopaudit.report").joinpath(name).iterdir(),
        *files("sopaudit.report").iterdir(),
        *files("sopaudit.cli").iterdir(),
    ]
    code = "".join(p.read_text(encoding="utf-8") for p in homes if p.name.endswith(".py"))
    for section in ("page", "seen", "legend", "remark", "editions"):
        for key in said.get(section, {}):
            assert (section, key) in used or f'"{key}"' in code, (section, key)


SAID = (
    "page", "fact", "overview", "summary", "limit", "gap", "chapter", "previous", "person",
    "finding", "table", "note", "workbook",
)  # fmt: skip
"""Sections whose keys are written out where they are said; the keys of others are codes."""


def test_every_word_is_said_somewhere() -> None:
    said = {key for _, text in TEMPLATES for _, key in re.findall(r"say\.(\w+)\.(\w+)", text)}
    homes = [Path(str(files("sopaudit").joinpath(room))) for room in ("report", "cli")]
    sources = sorted(path for home in homes for path in home.rglob("*.py"))
    code = "".join(path.read_text(encoding="utf-8") for path in sources)
    for section in SAID:
        for key in catalogue()[section]:
            assert key in said or f'"{key}"' in code, (section, key)


@pytest.mark.parametrize(("name", "text"), TEMPLATES)
def test_templates_say_only_words_there_are(name: str, text: str) -> None:
    for section, key in re.findall(r"say\.(\w+)\.(\w+)", text):
        assert key in catalogue().get(section, {}), (name, section, key)


@pytest.mark.parametrize("name", ["form", "book"])
def test_a_severity_is_called_what_the_report_calls_it(name: str) -> None:
    said = catalogue()["severity"]
    assert catalogue(name)["severity"] == {key: said[key] for key in catalogue(name)["severity"]}
