"""Several sources say something of one item: the latest counts, the others are kept beside it.

What stands in the audit already gives way to a later source only where that was asked for; an
earlier one is kept beside it without being asked, since nothing changes by it. One that only fills
in a remark or a person that was blank contradicts nothing, and needs no asking either.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from sopaudit.evidence.record import OtherAnswer, RecordedAnswer, Sample, Source

_NEVER: Final = datetime.min.replace(tzinfo=UTC)

Key = tuple[str, str, tuple[tuple[str, str], ...]]
"""What answers must share to be about the same: item, person where each has their own, labels."""


@dataclass(frozen=True)
class Voice:
    """One source's answer."""

    answer: RecordedAnswer
    source: Source | None
    """None for what stands in the audit and says no source."""

    edited: bool = False
    """It stands in the audit, and its source says something else: somebody changed the record."""

    again: bool = False
    """The record has taken this source in before."""

    @property
    def at(self) -> datetime | None:
        """When it was given; None where nobody knows."""
        return self.answer.at or (self.source.at if self.source else None)

    @property
    def other(self) -> OtherAnswer:
        """The answer as it is kept beside the one that counts."""
        told = self.answer
        return OtherAnswer(
            source=told.source if self.source is None else self.source.id,
            result=told.result,
            value=told.value,
            note=told.note,
            at=told.at,
            person=told.person,
            evidence=told.evidence,
            confirmed=told.confirmed,
            override=told.override,
            sample=told.sample,
        )


@dataclass(frozen=True)
class Difference:
    """Two sources or more that do not say the same of an item."""

    checklist: str
    item: str
    voices: tuple[Voice, ...]
    """Each that says something of its own; first the one that counts."""

    refused: bool = False
    """The last of them would have counted, had it been asked to take the place of what is there."""


@dataclass(frozen=True)
class Settled:
    """What became of one item."""

    answer: RecordedAnswer
    difference: Difference | None = None
    refused: Voice | None = None
    """The voice that would count, if it might take the place of what stands there."""

    def witnessed(
        self, checklist: str, standing: Voice | None, told: Iterable[Voice], *, replaced: bool
    ) -> "Settled":
        """Let a second person stand for the answer, where a voice that says the same names one.

        In place of another one only with `replaced`; without, whoever says so later is refused.
        """
        answer = self.answer
        agreed = (one for one in told if one.answer.confirmed and _agreed(one.answer, answer))
        voice = next(agreed, None)
        if voice is None or second(voice.answer) == second(answer):
            return self
        if answer.confirmed is None or replaced:
            confirmed = answer.model_copy(update={"confirmed": voice.answer.confirmed})
            return replace(self, answer=confirmed)
        # A sheet that was asked to give way once is not asked about again.
        asked = self.refused is not None or _id(voice) == answer.source
        if standing is None or asked or not _later(voice, standing):
            return self
        counts = Voice(answer, standing.source, standing.edited)
        others = self.difference.voices[1:] if self.difference else ()
        difference = Difference(checklist, answer.item, (counts, *others, voice), refused=True)
        return replace(self, difference=difference, refused=voice)


def second(answer: RecordedAnswer) -> str:
    """Give the second person who stands for an answer; empty without one."""
    return answer.confirmed.by if answer.confirmed else ""


def key_of(answer: RecordedAnswer, *, persons: bool) -> Key:
    """Say what an answer is about; `persons` where each person is answered for alone."""
    return answer.item, (answer.person or "") if persons else "", answer.labelled


def persons_apart(told: Iterable[Sequence[RecordedAnswer]]) -> frozenset[Key]:
    """List what is answered for each person alone, of items where a scheme allows it.

    Not where all speak of one and the same: each says it once, one names the person, another names
    nobody.
    """
    named: dict[Key, set[str]] = {}
    often: set[Key] = set()
    for answers in told:
        keys = [key_of(answer, persons=False) for answer in answers]
        often |= {key for key in keys if keys.count(key) > 1}
        for key, answer in zip(keys, answers, strict=True):
            named.setdefault(key, set()).add(answer.person or "")
    return frozenset(key for key, who in named.items() if key in often or len(who - {""}) > 1)


def same(one: RecordedAnswer | OtherAnswer, other: RecordedAnswer | OtherAnswer) -> bool:
    """Say whether two answers say the same; when they were given and what shows it is no part."""
    return _said(one) == _said(other)


def completes(more: RecordedAnswer, less: RecordedAnswer | OtherAnswer) -> bool:
    """Say whether an answer says all that another says, and fills in what was blank there.

    That is the remark and the person: words, numbers and cases must be the same.
    """
    blanks = ((more.note, less.note), (more.person, less.person))
    filled = any(said and not before for said, before in blanks)
    told = less.model_copy(update={"note": more.note, "person": more.person})
    return (
        filled and all(said == before or not before for said, before in blanks) and same(more, told)
    )


def settled(
    checklist: str,
    standing: Voice | None,
    told: Sequence[Voice],
    sources: Mapping[str, Source],
    *,
    replaced: bool,
) -> Settled:
    """Settle one item between what stands there and what this run's sources say, in their order.

    `sources` are those the record knows, by id. With `replaced` a later source takes the place of
    what stands there; without, it is named as refused, and the item is left as it is. Whoever
    confirms an answer stands for it whichever source it counts from. But a source the record took
    in before does not bring back whom somebody struck out since, and an earlier source takes
    nobody's place.
    """
    found = _settled(checklist, standing, told, sources, replaced=replaced)
    latest = [*reversed(told)]
    latest.sort(key=lambda one: one.at or _NEVER, reverse=True)
    if standing is not None and found.answer.confirmed is None and not replaced:
        latest = [one for one in latest if not one.again]
    elif standing is not None and found.answer.confirmed is not None and replaced:
        latest = [one for one in latest if _later(one, standing)]
    return found.witnessed(checklist, standing, latest, replaced=replaced)


def _settled(
    checklist: str,
    standing: Voice | None,
    told: Sequence[Voice],
    sources: Mapping[str, Source],
    *,
    replaced: bool,
) -> Settled:
    first, *rest = told
    best, lost = first, list[Voice]()
    for voice in rest:
        if same(voice.answer, best.answer):
            # Said once more at a later time, it outlives what others said in between.
            if voice.at is not None and best.at is not None and voice.at > best.at:
                by = voice.answer.confirmed or best.answer.confirmed
                once_more = best.answer.model_copy(update={"at": voice.answer.at, "confirmed": by})
                best = Voice(once_more, voice.source)
            continue
        later = _later(voice, best)
        lost.append(best if later else voice)
        best = voice if later else best
    if standing is None:
        answer = _new(best)
        answer = _kept(answer, lost, sources)
        return Settled(answer, _difference(checklist, best, lost))
    old = standing.answer
    known = any(o.source == _id(best) and same(o, best.answer) for o in old.others)
    if same(best.answer, old) or known or not _later(best, standing):
        beside = [*lost, *([] if same(best.answer, old) else [best])]
        answer = _kept(old, beside, sources)
        return Settled(answer, _difference(checklist, standing, beside))
    if completes(best.answer, old) and not standing.edited:
        # Nothing of it is contradicted, so there is nothing to ask; who stood for it still does.
        answer = _kept(old.model_copy(update=_words(best)), [standing, *lost], sources)
        return Settled(answer, _difference(checklist, best, lost))
    if not replaced:
        told_of = _difference(checklist, standing, [*lost, best])
        refused = replace(told_of, refused=True) if told_of else None
        return Settled(old, refused, best)
    answer = old.model_copy(update={**_words(best), **_vouched(best.answer, old)})
    answer = _kept(answer, [standing, *lost], sources)
    return Settled(answer, _difference(checklist, best, [standing, *lost]))


def _id(voice: Voice) -> str | None:
    return voice.source.id if voice.source else voice.answer.source


def _later(voice: Voice, than: Voice) -> bool:
    """Say whether a voice comes after another; where a time is not known, their order says it."""
    if voice.at is None or than.at is None:
        return True
    return voice.at >= than.at


def _words(voice: Voice) -> dict[str, object]:
    """Give what an answer says, to be put in place of what another says."""
    told = voice.answer
    names = ("result", "value", "note", "at", "person", "labels", "sample")
    return {**{name: getattr(told, name) for name in names}, "source": _id(voice)}


def _vouched(answer: RecordedAnswer, old: RecordedAnswer) -> dict[str, object]:
    """Say who stands for an answer in place of an old one.

    Whoever confirmed the old one did not confirm another; whoever put it there gave no other.
    """
    confirmed = answer.confirmed or (old.confirmed if _agreed(answer, old) else None)
    return {"confirmed": confirmed, "override": answer.override}


def _agreed(one: RecordedAnswer, other: RecordedAnswer) -> bool:
    """Say whether two answers give the same word and numbers, so that one may stand for both.

    As many faults found in other cases are others; what is remarked of a case is no part of it.
    """
    return _found(one) == _found(other)


def _found(answer: RecordedAnswer) -> tuple[object, ...]:
    cases = sorted(answer.cases, key=lambda case: case.id)
    seen = [(case.id, case.result, case.parts) for case in cases]
    return answer.result, answer.value, answer.counts, seen


def _new(voice: Voice) -> RecordedAnswer:
    return voice.answer.model_copy(update={"source": _id(voice), "others": ()})


def _kept(
    answer: RecordedAnswer, lost: Iterable[Voice], sources: Mapping[str, Source]
) -> RecordedAnswer:
    """Keep what others said beside an answer, the latest first; the same is kept once."""
    others = [*answer.others]
    for voice in lost:
        if same(voice.answer, answer) and _id(voice) != answer.source:
            continue
        if not any(same(voice.answer, other) for other in others):
            others.insert(0, voice.other)
    others.sort(key=lambda other: _at(other, sources), reverse=True)
    return (
        answer if (*others,) == answer.others else answer.model_copy(update={"others": (*others,)})
    )


def _at(other: OtherAnswer, sources: Mapping[str, Source]) -> datetime:
    source = sources.get(other.source or "")
    return other.at or (source.at if source else None) or _NEVER


def _difference(checklist: str, counts: Voice, lost: Sequence[Voice]) -> Difference | None:
    others = list[Voice]()
    for voice in lost:
        known = any(same(voice.answer, known.answer) for known in (counts, *others))
        if not (known or completes(counts.answer, voice.answer)):
            others.append(voice)
    if not others:
        return None
    others.sort(key=lambda voice: voice.at or _NEVER, reverse=True)
    return Difference(checklist, counts.answer.item, (counts, *others))


def _said(answer: RecordedAnswer | OtherAnswer) -> tuple[object, ...]:
    sample = answer.sample
    return (
        answer.result,
        answer.value,
        answer.note,
        answer.person,
        None if sample is None else _seen(sample),
    )


def _seen(sample: Sample) -> tuple[object, ...]:
    """Say what was seen in a sample, whatever the order of its cases.

    How it was drawn is no part of it: one sheet knows the start number, another does not.
    """
    cases = sorted(bare(sample).cases, key=lambda case: case.id)
    return (*cases,) if cases else sample.counts


def bare(sample: Sample) -> Sample:
    """Take the evidence out of the cases of a sample."""
    cases = tuple(case.model_copy(update={"evidence": ()}) for case in sample.cases)
    return sample.model_copy(update={"cases": cases})
