"""Problems as workflow commands: GitHub shows each beside the line of the change that made it."""

from collections.abc import Sequence

from sopaudit.problems import Problem


def problems_github(problems: Sequence[Problem], lang: str) -> str:
    """Write one command a line; hints are notices."""
    return "".join(_command(problem, lang) for problem in problems)


def _command(problem: Problem, lang: str) -> str:
    level = "notice" if problem.hint else "error"
    place = problem.place
    where = {
        "file": place.path,
        "line": str(place.line),
        "col": str(place.column),
        "title": problem.code,
    }
    told = ",".join(f"{key}={_property(value)}" for key, value in where.items())
    message = _data(f"{problem.message(lang)}\n{problem.remedy(lang)}")
    return f"::{level} {told}::{message}\n"


def _data(text: str) -> str:
    """Escape what would end the command or begin another."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
