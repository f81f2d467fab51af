"""Plugins of pydantic are not looked for, and nothing else is taken from it."""

import os
import subprocess
import sys

import pytest

STAND_IN = """
import sys
from sopaudit.cli.plugins import SEARCH, without_plugins
without_plugins()
from pydantic import BaseModel
class Count(BaseModel):
    count: int
print(Count(count=1), "importlib.metadata" in sys.modules)
from pydantic.plugin._loader import PYDANTIC_ENTRY_POINT_GROUP as group
print(group, hasattr(sys.modules[SEARCH], "entry_points"))
"""


def said(program: str, **setting: str) -> list[str]:
    """Run a program where the environment says no more of plugins than `setting`."""
    known = {k: v for k, v in os.environ.items() if not k.startswith("PYDANTIC")}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**known, **setting},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_a_model_is_built_without_looking_for_plugins_and_the_search_is_there_when_asked_for() -> (
    None
):
    assert said(STAND_IN) == ["count=1 False", "pydantic True"]


@pytest.mark.parametrize("wanted", ["", "other"])
def test_who_says_which_plugins_to_have_has_them_looked_for(wanted: str) -> None:
    assert said(STAND_IN, PYDANTIC_DISABLE_PLUGINS=wanted)[0] == "count=1 True"


def test_the_search_is_where_the_stand_in_looks_for_it() -> None:
    from pydantic.plugin import _loader

    from sopaudit.cli.plugins import SEARCH

    assert _loader.__name__ == SEARCH
    assert callable(_loader.get_plugins)
