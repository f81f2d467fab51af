"""Pydantic without plugins: none has a say in our files, and looking for them is dear.

`PYDANTIC_DISABLE_PLUGINS` spares the search alone. The module that would search still brings
`importlib.metadata` and with it e-mail, archives and sockets, a twelfth of a check. A stand-in
takes its place, and gives way to it as soon as anything else is asked of it.
"""

import os
import sys
from importlib import import_module
from types import ModuleType
from typing import Any, Final

_SETTING: Final = "PYDANTIC_DISABLE_PLUGINS"
_NONE: Final = "__all__"
"""What it says where all plugins are disabled."""

SEARCH: Final = "pydantic.plugin._loader"
"""Pydantic's own; a test looks that it is still there."""


class _NoSearch(ModuleType):
    def get_plugins(self) -> tuple[()]:
        """Find nothing."""
        return ()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- whatever the real one has
        if name.startswith("__"):
            raise AttributeError(name)
        sys.modules.pop(SEARCH, None)
        return getattr(import_module(SEARCH), name)


def without_plugins() -> None:
    """Have pydantic look for none, unless the environment says which it wants."""
    if os.environ.setdefault(_SETTING, _NONE) == _NONE:
        sys.modules.setdefault(SEARCH, _NoSearch(SEARCH))
