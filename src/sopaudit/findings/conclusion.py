"""What audits come to: every checklist scored, the branch rolled up, nonconformities listed."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sopaudit.criteria.checklist import Branch
from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.evidence.audit import AuditFolder
from sopaudit.evidence.auditfile import Audit
from sopaudit.evidence.record import RecordedAnswer
from sopaudit.evidence.recording import recorded
from sopaudit.findings.branch import branch_score, expected, left_out
from sopaudit.findings.contradiction import Contradiction, contradictions
from sopaudit.findings.derivation import score
from sopaudit.findings.finding import Finding, findings
from sopaudit.findings.grid import Grid
from sopaudit.findings.score import Score
from sopaudit.findings.scoring import COLUMNS, Scorer
from sopaudit.findings.uncertainty import Uncertainty, branch_uncertainty, uncertainty


@dataclass(frozen=True)
class Conclusion:
    """What one audit came to."""

    audit: str
    scores: tuple[Score, ...]
    """One for each checklist answered, in the order of the handbook."""

    branches: tuple[Score, ...]
    """The roll-ups that hold any of these checklists."""

    findings: tuple[Finding, ...]
    """The nonconformities of all checklists, the most serious first within each."""

    uncertainty: Mapping[str, Uncertainty] = field(default_factory=dict)
    """How far chance may have moved each score, by checklist or roll-up."""

    contradictions: tuple[Contradiction, ...] = ()
    """Answers the records contradict, and records that contradict one another."""

    @property
    def all(self) -> tuple[Score, ...]:
        """The scores of its checklists and of the roll-ups above them."""
        return (*self.scores, *self.branches)


def scorers(handbook: Handbook) -> dict[str, Scorer]:
    """Make the scorer of every checklist of a handbook."""
    return {
        name: Scorer(checklist, handbook.schemes[checklist.scheme])
        for name, checklist in handbook.checklists.items()
    }


def score_table(handbook: Handbook, frames: Iterable[AnswerFrame]) -> pd.DataFrame:
    """Score every audit and checklist of `frames`, in one pass.

    Gives `COLUMNS`, one row for each audit and checklist: audits in the order in which the table
    first names them, and those of one audit in the order of the handbook. A table does not say
    which posts an office has, so there is no row for the branch.
    """
    return placed_scores(handbook, frames)[0]


def placed_scores(
    handbook: Handbook, frames: Iterable[AnswerFrame]
) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Give the table of `score_table`, and for each of its rows where its audit was first named."""
    known = scorers(handbook)
    grids: dict[str, Grid] = {}
    named: dict[str, int] = {}
    for frame in frames:
        if frame.checklist not in grids:
            grids[frame.checklist] = known[frame.checklist].grid([])
        grids[frame.checklist].add(frame)
        places = range(len(named), len(named) + len(frame.audits))
        for audit, place in zip(
            frame.audits, places if frame.named is None else frame.named.tolist(), strict=True
        ):
            named.setdefault(audit, place)
    tables = [known[name].tabulate(grids[name]) for name in known if name in grids]
    if not tables:
        nothing = pd.DataFrame({name: pd.Series(dtype="str") for name in COLUMNS})
        return nothing, np.empty(0, np.int64)
    first = [
        np.array([named[audit] for audit in grids[name].audits]) for name in known if name in grids
    ]
    rows = np.concatenate(first).astype(np.int64)
    order = np.argsort(rows, kind="stable")
    table = pd.concat(tables, ignore_index=True) if len(tables) > 1 else tables[0]
    return table.iloc[order].reset_index(drop=True), rows[order]


def scores_of(scores: Iterable[Score]) -> pd.DataFrame:
    """Lay scores out as a table of `COLUMNS`, as `score_table` would."""
    rows = [
        {
            "audit": score.audit,
            "checklist": score.checklist,
            "score": score.score or "",
            "possible": score.possible or "",
            "percent": score.percent or "",
            "grade": score.grade or "",
            "state": score.state,
            "limits": ";".join(
                f"{bite.limit} (pending)" if bite.pending else bite.limit
                for bite in score.bites
                if bite.bit or bite.pending
            ),
        }
        for score in scores
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")


def conclude_folder(folder: AuditFolder) -> Conclusion:
    """Conclude an audit folder, held against its own handbook."""
    audit, frames = folder.audit, tuple(folder.frames.values())
    given = {name: record.answers for name, record in folder.records.items()}
    told = conclude(folder.handbook, frames, audit.id, audit, given)
    return replace(told, contradictions=contradictions(folder))


def conclude(
    handbook: Handbook,
    frames: Sequence[AnswerFrame],
    audit: str,
    described: Audit | None = None,
    given: Mapping[str, Sequence[RecordedAnswer]] | None = None,
) -> Conclusion:
    """Score one audit by every checklist of `frames` that holds it, with derivations.

    How it is `described` says which posts exist and were to be looked at, for the roll-up of the
    branch; a table knows neither. What was `given` to each checklist says how samples were drawn,
    which frames do not keep.
    """
    known = scorers(handbook)
    held = {
        name: [f for f in frames if f.checklist == name and audit in f.audits] for name in known
    }
    told = {name: score(known[name], held[name], audit) for name in known if held[name]}
    nonconforming = [
        finding
        for name, its_score in told.items()
        for finding in findings(known[name].checklist, known[name].scheme, its_score)
    ]
    scores = tuple(told.values())
    moved = {
        name: uncertainty(
            known[name],
            held[name],
            its_score,
            given[name] if given else [a for frame in held[name] for a in recorded(frame, audit)],
        )
        for name, its_score in told.items()
    }
    branches = []
    dated = handbook if described is None else handbook.on(described.date)
    for together in _together(dated, told, described):
        branches.append(together.scored(dated, scores))
        parts = {name: (told[name], moved[name]) for name in told}
        name = together.branch.id
        moved[name] = branch_uncertainty(
            dated, together.branch, branches[-1], parts, together.scored
        )
    return Conclusion(audit, scores, tuple(branches), tuple(nonconforming), moved)


@dataclass(frozen=True)
class _Together:
    """A roll-up, and which of its parts there are and were to be looked at."""

    branch: Branch
    exist: Collection[str]
    outside: Collection[str]

    def scored(self, handbook: Handbook, scores: Sequence[Score]) -> Score:
        """Roll the scores up as `handbook` says."""
        return branch_score(handbook, self.branch, scores, self.exist, self.outside)


def _together(
    handbook: Handbook, told: Collection[str], described: Audit | None
) -> Iterator[_Together]:
    """Find every branch that has a part of this audit's scope scored."""
    for branch in handbook.branches.values():
        exist, outside = standing(handbook, branch, told, described)
        if any(part.checklist in told and part.checklist not in outside for part in branch.of):
            yield _Together(branch, exist, outside)


def standing(
    handbook: Handbook, branch: Branch, audited: Collection[str], described: Audit | None
) -> tuple[set[str], list[str]]:
    """Say which checklists of a branch have a post, and which of them were not to be looked at.

    What was audited exists, whatever the roster says.
    """
    office, day, scope = None, date.max, None
    if described is not None:
        office, day, scope = described.office, described.date, described.scope
    exist = {*expected(handbook, branch, office, day), *audited}
    return exist, left_out(handbook, branch, scope)
