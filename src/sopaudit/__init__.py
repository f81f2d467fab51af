"""Keep a handbook as YAML, hold evidence against it, and say where an office stands.

The names below are the library. They are imported when first used, because `sopaudit --version`
should not wait for pandas.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "AnswerFrame",
    "Handbook",
    "Place",
    "Problem",
    "Score",
    "Scorer",
    "__version__",
    "check",
    "load_handbook",
]

if TYPE_CHECKING:
    from sopaudit.criteria.answer import Answer
    from sopaudit.criteria.handbook import Handbook, load_handbook
    from sopaudit.evidence.answers import AnswerFrame
    from sopaudit.findings.conformance.frames import check
    from sopaudit.findings.score import Score
    from sopaudit.findings.scoring import Scorer
    from sopaudit.problems import Place, Problem

_HOMES = {
    "Answer": "sopaudit.criteria.answer",
    "AnswerFrame": "sopaudit.evidence.answers",
    "Handbook": "sopaudit.criteria.handbook",
    "Place": "sopaudit.problems",
    "Problem": "sopaudit.problems",
    "Score": "sopaudit.findings.score",
    "Scorer": "sopaudit.findings.scoring",
    "check": "sopaudit.findings.conformance.frames",
    "load_handbook": "sopaudit.criteria.handbook",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 -- any of the public names
    if name not in _HOMES:
        raise AttributeError(f"module 'sopaudit' has no attribute '{name}'")
    return getattr(import_module(_HOMES[name]), name)
