"""Every word of the ticket section is there in both languages, and none is idle."""

import re
from importlib.resources import files

from sopaudit.findings.breakdown import DIMENSIONS
from sopaudit.findings.conformance.result import STATES
from sopaudit.findings.deviation import STEP_TYPES
from sopaudit.findings.rules.case import TYPES
from sopaudit.press.words import catalogue

SAID = catalogue("ticket_section")


def test_every_word_stands_in_both_languages_with_the_same_blanks() -> None:
    for section, entries in SAID.items():
        for key, words in entries.items():
            assert set(words) == {"zh", "en"}, (section, key)
            zh, en = (set(re.findall(r"\{(\w+)\}", words[lang])) for lang in ("zh", "en"))
            assert zh == en, (section, key)


def test_every_code_has_a_word() -> None:
    assert set(SAID["state"]) == {state.replace(" ", "_") for state in STATES}
    assert set(SAID["type"]) == {name.replace(" ", "_") for name in (*STEP_TYPES, *TYPES)}
    assert set(SAID["dimension"]) == set(DIMENSIONS)


def test_every_word_is_said_and_every_word_said_is_there() -> None:
    root = files("sopaudit.press").joinpath("templates")
    pages = "".join(
        root.joinpath(f"chapter-{name}.html.j2").read_text(encoding="utf-8")
        for name in ("tickets", "ticket_charts")
    )
    used = set(re.findall(r"ours\.(\w+)\.(\w+)", pages))
    for section, key in used:
        assert key in SAID[section], (section, key)
    homes = files("sopaudit.report").joinpath("tickets").iterdir()
    code = "".join(p.read_text(encoding="utf-8") for p in homes if p.name.endswith(".py"))
    codes = {"state", "type", "dimension", "weekday", "chapter", "setting"}
    for section in SAID.keys() - codes:
        for key in SAID[section]:
            named = (section, key) in used or f'"{key}"' in code
            coded = section == "deviation" and key in SAID["type"]
            assert named or coded or section == "quality", (section, key)
