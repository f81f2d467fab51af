"""A log held against the workflows of a handbook, for a command that draws or tells it."""

from datetime import date
from pathlib import Path

from sopaudit.cli.session import tell
from sopaudit.cli.stop import PROBLEMS, Stop
from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.log import read_log
from sopaudit.evidence.quality import Expected
from sopaudit.findings.conformance.automaton import NoWayError, TooManyStatesError
from sopaudit.findings.conformance.conform import conform
from sopaudit.findings.conformance.result import Conformance


def known_events(handbook: Handbook) -> frozenset[str]:
    """Give the events the handbook knows, those that only a workflow declares included."""
    own = (name for flow in handbook.workflows.values() for name in flow.events)
    return frozenset((*handbook.events, *own))


def conformance(
    handbook: Handbook, log: Path, mapping: Path | None, as_of: date | None, lang: str
) -> Conformance:
    """Read a log and hold it against all workflows; ends the command where nothing can be said."""
    expected = Expected(known_events(handbook), as_of=as_of)
    read, problems, quality = read_log(log, handbook, mapping, expected=expected)
    tell(problems, lang)
    if read is None:
        zh, en = "日志读不出来，没有画图。", "The log cannot be read, so nothing was drawn."
        raise Stop(PROBLEMS, zh if lang == "zh" else en)
    if not quality.assessable:
        raise Stop(PROBLEMS, "\n".join(quality.reasons(lang)))
    try:
        return conform(read, handbook, as_of=as_of)
    except TooManyStatesError as error:
        zh = f"流程 {error.name} 的状态超过 {error.limit} 个，无法对照。"
        en = f"Workflow {error.name} has more than {error.limit} states; no log can be held to it."
    except NoWayError as error:
        zh = f"流程走不通：{error}。请先运行 sopaudit check。"
        en = f"A workflow has no way from a start to an end: {error}. Run sopaudit check first."
    raise Stop(PROBLEMS, zh if lang == "zh" else en)
