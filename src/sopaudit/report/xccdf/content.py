"""From an audit to what its XCCDF file says besides its rules: who, where, when, and by what."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from sopaudit.criteria.checklist import Branch
from sopaudit.criteria.field import plain
from sopaudit.findings.conclusion import Conclusion
from sopaudit.findings.score import Score
from sopaudit.report.exact import exact
from sopaudit.report.seen import Seen
from sopaudit.report.xccdf.model import Benchmark, OwnScore, Parts, Test, Used, Wording
from sopaudit.report.xccdf.sheet import Sheet
from sopaudit.report.xccdf.voices import Voices
from sopaudit.report.xccdf.weight import Settled, settled


def benchmark(
    seen: Seen, conclusion: Conclusion, languages: Sequence[str], space: str
) -> Benchmark:
    """Say all that the file of one audit says; `space` names whoever answers for the content.

    Raises ValueError where nobody knows on which day the audit was.
    """
    return _Content(seen, conclusion, Voices(seen.handbook, languages), space).benchmark()


class _Content:
    """One audit while its file is put together."""

    def __init__(self, seen: Seen, conclusion: Conclusion, voices: Voices, space: str) -> None:
        self.seen = seen
        self.handbook = seen.handbook
        self.conclusion = conclusion
        self.space = space
        self.voices = voices
        rolled_up = [self.handbook.branches[score.checklist] for score in conclusion.branches]
        self.branch: Branch | None = rolled_up[0] if rolled_up else None

    def benchmark(self) -> Benchmark:
        """Put it together; several checklists become one benchmark, a group each."""
        book, said = self.handbook, self.voices.said
        sheets = [Sheet(self.seen, self.voices, score) for score in self.conclusion.scores]
        alone = sheets[0].checklist if len(sheets) == 1 else None
        head = alone or self.branch
        parts: Parts = tuple(sheet.whole(self._weight(sheet.checklist.id)) for sheet in sheets)
        tree = settled(sheets[0].parts if alone else parts)
        return Benchmark(
            space=self.space,
            id=head.id if head else book.organisation.id,
            title=said(head.title if head else book.title),
            description=self._description(tree),
            edition=head.edition if head else book.edition,
            since=alone.effective_from if alone else None,
            publisher=said(book.organisation.name),
            parts=tree.parts,
            used=tuple(self._used()),
            test=self._test(),
        )

    def _weight(self, checklist: str) -> Fraction:
        """Give what a checklist weighs among the others: what the branch says, else one."""
        parts = self.branch.of if self.branch else ()
        return next((p.weight for p in parts if p.checklist == checklist), Fraction(1))

    def _used(self) -> Iterator[Used]:
        """List what was used, once each."""
        book, digests = self.handbook, self.handbook.digests
        yield Used("handbook", book.organisation.id, book.edition, "")
        if self.branch:
            yield Used("branch", self.branch.id, self.branch.edition, digests[self.branch.id])
        for score in self.conclusion.scores:
            checklist = book.checklists[score.checklist]
            yield Used("checklist", checklist.id, checklist.edition, digests[checklist.id])
        for name in dict.fromkeys(score.scheme for score in self.conclusion.all):
            yield Used("scheme", name, book.schemes[name].edition, digests[name])

    def _test(self) -> Test:
        seen, audit = self.seen, self.seen.audit
        if seen.day is None:
            raise ValueError
        moments = sorted(answer.at for told in seen.given.values() for answer in told if answer.at)
        leader = next((m.person for m in audit.team if m.role == "leader"), None) if audit else None
        return Test(
            id=seen.id,
            title=self.voices.filled("test", "title", audit=seen.id),
            remarks=tuple(map(self._remark, self.conclusion.all)),
            organisation=tuple(self._organisation()),
            auditor=leader,
            target=audit.office if audit else seen.id,
            facts=tuple(self._facts()),
            begin=moments[0].isoformat() if moments else None,
            end=moments[-1].isoformat() if moments else f"{seen.day}T00:00:00",
            own=tuple(map(_own, self.conclusion.all)),
        )

    def _description(self, tree: Settled) -> Wording:
        """Say where it comes from, and what its scores are not."""
        told = []
        for lang, words in self.voices.words.items():
            said = words["benchmark"]
            title = self.handbook.say(self.handbook.title, lang)
            lines = [said["from"].format(handbook=title), said["models"]]
            if tree.factor != 1:
                lines.append(said["scaled"].format(factor=plain(tree.factor)))
            if not tree.exact:
                lines.append(said["rounded"])
            told.append((lang, ("" if lang == "zh" else " ").join(lines)))
        return tuple(told)

    def _organisation(self) -> Iterator[str]:
        """Name who is audited, from the widest to the narrowest, in the first language."""
        book, audit = self.handbook, self.seen.audit
        lang = self.voices.languages[0]
        yield book.say(book.organisation.name, lang)
        office = book.offices.get(audit.office) if audit else None
        region = book.regions.get(office.region or "") if office else None
        if region:
            yield book.say(region.title, lang)

    def _facts(self) -> Iterator[tuple[str, str]]:
        audit = self.seen.audit
        yield "date", str(self.seen.day)
        if audit is None:
            return
        yield "period.from", str(audit.period.from_)
        yield "period.to", str(audit.period.to)
        yield "kind", audit.kind
        yield "state", audit.state
        office = self.handbook.offices.get(audit.office)
        for lang, title in self.voices.said(office.title) if office else ():
            yield f"office.title.{lang}", title

    def _remark(self, score: Score) -> Wording:
        """Say in a sentence what the handbook's own scheme makes of it."""
        told = []
        for lang, teller in self.voices.tellers.items():
            said = self.voices.words[lang]["test"]
            parts = [said["nothing"]]
            if score.score is not None:
                parts = [said["score"].format(score=score.score)]
            if score.grade:
                parts.append(said["grade"].format(grade=score.grade))
            result = said["between"].join(parts)
            state, title = teller.words["state"][score.state], teller.title(score.checklist)
            told.append((lang, said["own"].format(title=title, result=result, state=state)))
        return tuple(told)


def _own(score: Score) -> OwnScore:
    """Give the result of the handbook's own scheme, exactly, under the names of the result JSON."""
    values = {
        "checklist": score.checklist,
        "scheme": score.scheme,
        "score": score.score,
        "exact": exact(score.exact),
        "possible": score.possible,
        "percent": score.percent,
        "grade": score.grade,
        "band": score.band,
        "pending_grade": score.pending_grade,
        "state": score.state,
    }
    told = tuple((name, value) for name, value in values.items() if value is not None)
    return OwnScore(told, tuple(bite.limit for bite in score.bites))
