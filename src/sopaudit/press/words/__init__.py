"""The words of every page, in each language: a file for each kind of page, one entry an idea."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

Words = Mapping[str, Mapping[str, str]]
"""By section and key; a section groups the words of one part of a page."""

FALLBACK: Final = "en"
"""Spoken where a handbook is in a language we have no words in."""


@cache
def catalogue(name: str = "report") -> dict[str, dict[str, dict[str, str]]]:
    """Read all words: by section, key and language."""
    text = files("sopaudit.press.words").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def words(lang: str, name: str = "report") -> Words:
    """Give all words in one language."""
    return {
        section: {key: said.get(lang) or said[FALLBACK] for key, said in entries.items()}
        for section, entries in catalogue(name).items()
    }
