"""Photos and papers at what they show: at the case where it is listed, else at the item."""

from collections.abc import Iterable, Mapping

from sopaudit.evidence.evidence_index import EvidenceIndex, Kept
from sopaudit.evidence.record import EvidenceFile, RecordedAnswer, Signature


def attached(
    answers: Iterable[RecordedAnswer], checklist: str, index: EvidenceIndex, wanted: set[str]
) -> list[RecordedAnswer]:
    """Give answers with the files of the index that show them.

    Of items in `wanted` alone: what somebody took out of the others by hand stays out.
    """
    found = list(answers)
    for kept in index.files:
        for shows in kept.shows:
            if shows.checklist != checklist or shows.item not in wanted:
                continue
            at = [n for n, one in enumerate(found) if one.item == shows.item]
            if not at or any(kept.sha256 in _digests(found[n]) for n in at):
                continue
            n = next((n for n in at if _lists(found[n], shows.case)), at[0])
            found[n] = _with(found[n], shows.case, evidence_file(kept))
    return found


def evidence_file(kept: Kept) -> EvidenceFile:
    """Name a kept file as a record does."""
    return EvidenceFile(
        file=kept.file, sha256=kept.sha256, taken=kept.taken, unproven=kept.unproven
    )


def carried(before: RecordedAnswer | None, answer: RecordedAnswer) -> RecordedAnswer:
    """Keep at an answer what showed the one it follows; photos show the item, whoever answers."""
    if before is None or before is answer:
        return answer
    known = _digests(answer)
    for case in before.cases:
        for file in case.evidence:
            if file.sha256 not in known:
                answer = _with(answer, case.id, file)
    more = tuple(file for file in before.evidence if file.sha256 not in _digests(answer))
    return answer.model_copy(update={"evidence": (*answer.evidence, *more)}) if more else answer


def signed(before: Iterable[Signature], told: Iterable[Signature]) -> tuple[Signature, ...]:
    """Join signatures: of one person in one role the later counts, and a drawing is not lost."""
    found: dict[tuple[str, str], Signature] = {(one.role, one.person): one for one in before}
    for one in told:
        key = one.role, one.person
        old = found.get(key)
        if old is None:
            found[key] = one
        elif old.at is None or (one.at is not None and one.at >= old.at):
            at = one.at or old.at
            found[key] = old.model_copy(update={"at": at, "drawn": one.drawn or old.drawn})
        elif old.drawn is None and one.drawn is not None:
            found[key] = old.model_copy(update={"drawn": one.drawn})
    return tuple(found.values())


def _digests(answer: RecordedAnswer) -> set[str]:
    return {file.sha256 for file in answer.files}


def _lists(answer: RecordedAnswer, case: str | None) -> bool:
    return case is not None and any(one.id == case for one in answer.cases)


def _with(answer: RecordedAnswer, case: str | None, file: EvidenceFile) -> RecordedAnswer:
    sample = answer.sample
    if sample is None or not _lists(answer, case):
        return answer.model_copy(update={"evidence": (*answer.evidence, file)})
    first = next(n for n, one in enumerate(sample.cases) if one.id == case)
    cases = tuple(
        one.model_copy(update={"evidence": (*one.evidence, file)}) if n == first else one
        for n, one in enumerate(sample.cases)
    )
    return answer.model_copy(update={"sample": sample.model_copy(update={"cases": cases})})


def merged_index(before: EvidenceIndex, told: Mapping[str, Kept]) -> list[Kept]:
    """Join what came in with what is there: a photo that comes twice is one file."""
    found = before.by_digest
    for digest, kept in told.items():
        old = found.get(digest)
        found[digest] = kept if old is None else _joined(old, kept)
    return list(found.values())


def _joined(old: Kept, kept: Kept) -> Kept:
    proven = old.unproven and not kept.unproven and kept.taken is not None
    update: dict[str, object] = {
        name: tuple(dict.fromkeys((*getattr(old, name), *getattr(kept, name))))
        for name in ("shows", "signs", "came")
    }
    if proven or (old.taken is None and kept.taken is not None):
        update |= {"taken": kept.taken, "unproven": kept.unproven}
    return old.model_copy(update=update)
