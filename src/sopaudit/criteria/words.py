"""What the keys of YAML files mean, in Chinese and English: for `explain`, and for editors."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

Words = dict[str, dict[str, Any]]
"""By model, and in it by key: `zh`, `en`, and perhaps `examples`."""


def scheme_words() -> dict[str, dict[str, str]]:
    """Read what each word of a scheme means."""
    return _read("sopaudit.criteria", "scheme_words.toml")


def key_words(package: str = "sopaudit.criteria") -> Words:
    """Read what the keys of the models of `package` mean."""
    return _read(package, "key_words.toml")


def kind_words() -> dict[str, dict[str, Any]]:
    """Read what kinds of rules and key figures mean, with their settings: see `kinds.toml`."""
    return _read("sopaudit.criteria", "kinds.toml")


@cache  # a schema for each of twenty kinds of files asks for all of them; nobody writes to it
def _read(package: str, name: str) -> dict[str, Any]:
    return tomllib.loads(files(package).joinpath(name).read_text(encoding="utf-8"))
