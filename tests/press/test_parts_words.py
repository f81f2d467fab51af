"""Every word of the chapter on parts is there in both languages, and none is idle."""

import re
from importlib.resources import files

from sopaudit.press.words import catalogue

SAID = catalogue("parts_section")


def test_every_word_stands_in_both_languages() -> None:
    for section, entries in SAID.items():
        for key, words in entries.items():
            assert set(words) == {"zh", "en"}, (section, key)
            # How many more there are is said in English, how many in all in Chinese.
            zh, en = (set(re.findall(r"\{(\w+)\}", words[lang])) - {"n", "total"} for lang in words)
            assert zh == en, (section, key)


def test_every_word_is_said_and_every_word_said_is_there() -> None:
    page = files("sopaudit.press").joinpath("templates/chapter-parts.html.j2").read_text("utf-8")
    used = set(re.findall(r"ours\.(\w+)\.(\w+)", page))
    for section, key in used:
        assert key in SAID[section], (section, key)
    homes = files("sopaudit.report").joinpath("parts").iterdir()
    code = "".join(p.read_text("utf-8") for p in homes if p.name.endswith(".py"))
    for section in SAID.keys() - {"chapter"}:
        for key in SAID[section]:
            assert (section, key) in used or f'"{key}"' in code, (section, key)
