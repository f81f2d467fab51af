"""Handbooks that differ in one file, read anew in that file alone."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import BaseModel

from sopaudit.criteria import handbook
from sopaudit.criteria.draft import Loaded
from sopaudit.problems import Problem
from sopaudit.reading.document import Document
from sopaudit.reading.events import read
from sopaudit.reading.shape import validated


class Memory:
    """Reads and shapes files once that are as they always are, and every other one each time.

    Thousands of handbooks are made by changing one file. What is read of the others is never
    written to, so it may serve them all.
    """

    def __init__(self, raw: Mapping[str, bytes]) -> None:
        self.raw = raw
        """How files always are, by their name inside the handbook."""

        self._documents: dict[str, Document] = {}
        self._shaped: dict[str, tuple[BaseModel | None, list[Problem]]] = {}
        self._loaded: dict[str, Loaded[BaseModel]] = {}

    @classmethod
    def of(cls, folder: Path) -> "Memory":
        """Make one of all files of a handbook."""
        files = (path for path in folder.rglob("*.yaml") if path.is_file())
        return cls({path.relative_to(folder).as_posix(): path.read_bytes() for path in files})

    def serve(self, patch: pytest.MonkeyPatch) -> None:
        """Let handbooks be loaded through it, where they are shown without a folder."""
        patch.setattr(handbook, "read", self.read)
        patch.setattr(handbook, "validated", self.validated)
        patch.setattr(handbook, "Loaded", self.loaded)

    def read(self, path: Path, shown: str) -> Document:
        if not path.is_file() or path.read_bytes() != self.raw.get(shown):
            return read(path, shown)
        if shown not in self._documents:
            self._documents[shown] = read(path, shown)
        return self._documents[shown]

    def validated(
        self, document: Document, model: type[BaseModel]
    ) -> tuple[BaseModel | None, list[Problem]]:
        if document is not self._documents.get(document.path):
            return validated(document, model)
        if document.path not in self._shaped:
            self._shaped[document.path] = validated(document, model)
        return self._shaped[document.path]

    def loaded(
        self, name: str, document: Document, value: BaseModel | None, *, whole: bool
    ) -> Loaded[BaseModel]:
        if document is not self._documents.get(document.path):
            return Loaded(name, document, value, whole)
        return self._loaded.setdefault(name, Loaded(name, document, value, whole))
