"""Put the handbook of this repository into the wheel, as the starter of `sopaudit new`.

A hook and not a static `force-include`, because an editable install would copy the handbook once
and then offer an old one; there the starter is the checkout itself.
"""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STARTER = (
    "sopaudit.yaml",
    "sops",
    "checklists",
    "audits/2026-07-cd",
    "audits/2026-10-cd",
    "pictures",
    ".schema",
    ".vscode",
)


class Starter(BuildHookInterface):  # type: ignore[type-arg]
    """The build hook hatchling looks for in this file."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add each part of the starter that exists to a wheel that is not editable."""
        if version != "standard":
            return
        for name in STARTER:
            source = Path(self.root, name)
            if source.exists():
                build_data["force_include"][str(source)] = f"sopaudit/starter/{name}"
