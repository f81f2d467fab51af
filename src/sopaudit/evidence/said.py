"""What the records say of an item beside what an auditor answered, and which of the two counts.

Both are kept. Records that say something count, unless the auditor put another answer in their
place and said why; an answer that differs without a reason contradicts them and is told.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from sopaudit.criteria.answer import Answer
from sopaudit.criteria.checklist import Checklist
from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.judging import answer_set, set_words
from sopaudit.criteria.scheme import AnswerSet, Each
from sopaudit.evidence.answers import AnswerFrame, facts_asked
from sopaudit.evidence.audit import AuditFolder
from sopaudit.evidence.record import Record, RecordedAnswer, Sample
from sopaudit.evidence.standing import CHANNEL, Said, Told
from sopaudit.evidence.testimony import FromRecords


def said(
    checklist: str, records: FromRecords, own: Sequence[RecordedAnswer], answers: AnswerSet
) -> Said:
    """Hold what was answered to an item against what the records say of it."""
    spoken = tuple(a for a in own if not a.silent and a.result_seen != "unchecked")
    item = own[0].item if own else ""
    told = Said(checklist, item, records, spoken, "silent")
    # Where there was no case, whoever found one knows better.
    if not records.says or (records.result == "na" and spoken):
        return told
    if not spoken:
        return replace(told, standing="alone")
    cases = _differing(records, spoken)
    if not cases and _agrees(records, spoken, answers):
        return replace(told, standing="confirmed")
    over = any(answer.override is not None for answer in spoken)
    return replace(told, standing="overridden" if over else "contradicted", differing=cases)


def _bad(records: FromRecords) -> list[str]:
    """List the cases that fail beyond what the tolerance of a rule covers."""
    covered = {rule.rule for rule in records.rules if rule.tolerated}
    return list(dict.fromkeys(o.case for o in records.offences if o.rule not in covered))


def _differing(records: FromRecords, own: Sequence[RecordedAnswer]) -> tuple[str, ...]:
    """List the cases judged one way by the auditor and the other by the records."""
    bad, cases = {*_bad(records)}, [case for answer in own for case in answer.cases]
    return tuple(
        dict.fromkeys(
            case.id
            for case in cases
            if (case.judged == "yes" and case.id in bad) or (case.failed and case.id not in bad)
        )
    )


def _agrees(records: FromRecords, own: Sequence[RecordedAnswer], answers: AnswerSet) -> bool:
    """Say whether what was answered can be true where the records are."""
    if isinstance(answers, Mapping):
        return all(answer.result == records.result for answer in own)
    told = sum((answer.value or Fraction(0) for answer in own), Fraction(0))
    if any(answer.value is not None for answer in own):
        drawn = any(answer.sample and answer.sample.drawing_told for answer in own)
        return told <= records.failed if drawn else told == records.failed
    return all(_fits(records, answer) for answer in own)


def _fits(records: FromRecords, answer: RecordedAnswer) -> bool:
    """Say whether cases, or a bare word, fit: what was seen may be part of what there is."""
    failed, checked = answer.counts
    if checked is not None and failed is not None:
        passed = records.checked - records.failed
        return failed <= records.failed and checked - failed <= passed
    return {"yes": records.failed == 0, "no": records.failed > 0}.get(answer.result or "", False)


def answer_of(records: FromRecords) -> Answer:
    """Give what the records say as an answer that can be scored."""
    if records.result in ("na", "unchecked"):
        return Answer(records.result)
    return Answer(records.result, None, records.failed, records.checked)


def settled(folder: AuditFolder, told: Told) -> AuditFolder:
    """Give an audit in which each item is answered by what counts; `told` names who may be asked.

    A checklist nobody answered gets a record of its own, of the channel `records`.
    """
    own, frames = folder.records, dict(folder.frames)
    both: dict[tuple[str, str], Said] = {}
    for name, items in told.items():
        checklist = folder.handbook.checklists[name]
        answers = own[name].answers if name in own else ()
        held = {item: _held(folder, checklist, answers, item, said) for item, said in items.items()}
        both |= {(name, item): one for item, one in held.items()}
        frames[name] = _frame(folder, checklist, frames.get(name), held)
    both = {key: both[key] for key in sorted(both, key=_order(folder.handbook))}
    found = replace(folder, frames=frames, own=own, said=both)
    return replace(found, records=counting(found))


def _order(handbook: Handbook) -> Callable[[tuple[str, str]], tuple[int, int]]:
    """Sort items as the sheets have them."""
    sheets = [*handbook.checklists]
    places = {
        (name, item): (sheets.index(name), n)
        for name, checklist in handbook.checklists.items()
        for n, item in enumerate(checklist.by_id)
    }
    return places.__getitem__


def counting(folder: AuditFolder) -> dict[str, Record]:
    """Give the records of an audit with what counts in the place of what was answered."""
    records = dict(folder.own or {})
    by_sheet: dict[str, dict[str, Said]] = {}
    for (name, item), one in folder.said.items():
        by_sheet.setdefault(name, {})[item] = one
    for name, held in by_sheet.items():
        record = records.get(name) or blank(folder, name)
        records[name] = _record(record, held)
    return records


def _held(
    folder: AuditFolder,
    checklist: Checklist,
    answers: Sequence[RecordedAnswer],
    item: str,
    told: FromRecords,
) -> Said:
    scheme = folder.handbook.schemes[checklist.scheme]
    own = [answer for answer in answers if answer.item == item]
    found = said(checklist.id, told, own, answer_set(scheme, checklist.by_id[item]))
    return replace(found, item=item)


def blank(folder: AuditFolder, name: str) -> Record:
    """Make a record without answers, of the channel `records`."""
    handbook, checklist = folder.handbook, folder.handbook.checklists[name]
    scheme = handbook.schemes[checklist.scheme]
    used = {"id": checklist.id, "edition": checklist.edition}
    by = {"id": scheme.id, "edition": scheme.edition, "digest": handbook.digests[scheme.id]}
    return Record.model_validate(
        {
            "schema": "sopaudit.answers/1",
            "audit": folder.audit.id,
            "checklist": {**used, "digest": handbook.digests[checklist.id], "scheme": by},
            "channel": CHANNEL,
            "answers": (),
        }
    )


def _record(record: Record, held: Mapping[str, Said]) -> Record:
    """Put what counts in the place of what was answered; an item not answered comes last."""
    answers: dict[str, list[RecordedAnswer]] = {}
    for answer in record.answers:
        answers.setdefault(answer.item, []).append(answer)
    for item, one in held.items():
        given = answers.get(item, [])
        if one.counts or not one.own:
            answers[item] = [_counting(one)]
        else:
            with_it = [a.model_copy(update={"from_records": one.records}) for a in given[:1]]
            answers[item] = [*with_it, *given[1:]]
    listed = tuple(answer for given in answers.values() for answer in given)
    return record.model_copy(update={"answers": listed})


def _counting(one: Said) -> RecordedAnswer:
    """Write what the records say as an answer, with what the auditor noted and showed."""
    told, sample = one.records, None
    if told.result not in ("na", "unchecked"):
        seen = {"failed": told.failed, "checked": told.checked, "population": told.checked}
        sample = Sample.model_validate({**seen, "selection": "all"})
    notes = "\n".join(answer.note for answer in one.own if answer.note)
    first = one.own[0] if one.own else RecordedAnswer(item=one.item)
    changed = {"result": told.result, "value": None, "note": notes, "person": None}
    evidence = tuple(file for answer in one.own for file in answer.files)
    return first.model_copy(
        update={**changed, "sample": sample, "evidence": evidence, "from_records": told}
    )


def _takes(words: Sequence[str], records: FromRecords, counted: bool) -> bool:  # noqa: FBT001
    """Say whether an item can be answered so: with a word it knows, or with cases it counts."""
    return counted if records.result is None else records.result in words


def carried_over(
    folder: AuditFolder, handbook: Handbook, frames: Mapping[str, AnswerFrame]
) -> dict[str, AnswerFrame]:
    """Put what the records said into frames of another edition, as far as its items take it."""
    elsewhere, found = replace(folder, handbook=handbook), dict(frames)
    for name, checklist in handbook.checklists.items():
        held = {
            item: one
            for (sheet, item), one in folder.said.items()
            if sheet == name and item in checklist.by_id
        }
        if held:
            found[name] = _frame(elsewhere, checklist, frames.get(name), held)
    return found


def _frame(
    folder: AuditFolder, checklist: Checklist, frame: AnswerFrame | None, held: Mapping[str, Said]
) -> AnswerFrame:
    """Put the answers of the records among the others; they stand in no row of a file."""
    audit, scheme = folder.audit, folder.handbook.schemes[checklist.scheme]
    if frame is None:
        asked = dict.fromkeys(facts_asked([scheme]), "")
        nothing = np.empty(0, np.int32)
        frame = AnswerFrame(
            checklist=checklist.id,
            audits=(audit.id,),
            dates=np.array([audit.date], dtype="datetime64[D]"),
            audit=nothing,
            items=tuple(checklist.by_id),
            item=nothing,
            kinds=(),
            answer=nothing,
            row=nothing,
            facts={name: (told,) for name, told in (asked | audit.facts).items()},
            person=nothing,
        )
    sets = {item: answer_set(scheme, checklist.by_id[item]) for item in held}
    words = {item: set_words(answers) for item, answers in sets.items()}
    counted = {
        item: answers == "rate" or isinstance(answers, Each) for item, answers in sets.items()
    }
    told = {
        item: answer_of(one.records)
        for item, one in held.items()
        if (one.counts or not one.own) and _takes(words[item], one.records, counted[item])
    }
    places = {item: frame.items.index(item) for item in told}
    replaced = np.isin(frame.item, [*places.values()])
    for item, place in places.items():
        gone = np.flatnonzero(frame.item == place).tolist()
        if any(frame.kinds[frame.answer[row]].confirmed for row in gone):
            told[item] = replace(told[item], confirmed=held[item].standing == "confirmed")
    kinds = tuple(dict.fromkeys((*frame.kinds, *told.values())))
    stay = np.flatnonzero(~replaced)
    moved = {row: n for n, row in enumerate(stay.tolist())}
    person = np.full(len(frame), -1, np.int32) if frame.person is None else frame.person
    new = np.array([kinds.index(answer) for answer in told.values()], np.int32)
    return replace(
        frame,
        kinds=kinds,
        audit=np.concatenate([frame.audit[stay], np.zeros(len(new), np.int32)]),
        item=np.concatenate([frame.item[stay], np.array([*places.values()], np.int32)]),
        answer=np.concatenate([frame.answer[stay], new]),
        row=np.concatenate([frame.row[stay], np.zeros(len(new), np.int32)]),
        notes={moved[row]: note for row, note in frame.notes.items() if row in moved},
        person=np.concatenate([person[stay], np.full(len(new), -1, np.int32)]),
    )
