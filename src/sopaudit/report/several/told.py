"""The filled sheets answers came from, and what each said where several answered one item."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from sopaudit.criteria.checklist import Item
from sopaudit.criteria.scheme import Scheme
from sopaudit.evidence.record import OtherAnswer, RecordedAnswer, Source
from sopaudit.report.answer import one_answer
from sopaudit.report.model import EditionRow
from sopaudit.report.photos.album import moment
from sopaudit.report.seen import Speaker
from sopaudit.report.several.model import SourceAnswer


class SeveralTeller:
    """Tells the sources of one audit."""

    def __init__(self, speaker: Speaker) -> None:
        self.speaker = speaker
        self.words = speaker.words["sources"]

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """The sheets of all records, by their id; one may answer several checklists."""
        records = self.speaker.seen.records.values()
        return {source.id: source for record in records for source in record.sources}

    def editions(self) -> Iterator[EditionRow]:
        """Give each sheet beside the documents a result rests on."""
        kind = self.speaker.words["document"]["source"]
        for source in self.sources.values():
            yield EditionRow(kind, self.about(source), source.file, "", source.digest)

    def about(self, source: Source) -> str:
        """Say through which channel a sheet came, when it was filled, and by whom."""
        at = moment(source.at) if source.at else ""
        by = self.speaker.named(source.by) if source.by else ""
        told = (self.speaker.words["channel"][source.channel], at, by)
        return " · ".join(text for text in told if text)

    def name(self, source: str | None) -> str:
        """Name a source in short: its file, and the channel it came through."""
        known = self.sources.get(source or "")
        if known is None:
            return self.words["unknown"]
        channel = self.speaker.words["channel"][known.channel]
        return self.speaker.fill("sources", "name", file=known.file, channel=channel)

    def rows(self) -> Iterator[SourceAnswer]:
        """Give each answer to every item that has several, in the order of the sheets."""
        for name, record in self.speaker.seen.records.items():
            checklist = self.speaker.seen.handbook.checklists.get(name)
            if checklist is None:
                continue
            scheme = self.speaker.seen.handbook.schemes[checklist.scheme]
            order = {item: n for n, item in enumerate(checklist.by_id)}
            several = {answer.item for answer in record.answers if answer.others}
            for item in sorted(several & order.keys(), key=order.__getitem__):
                for given in self.speaker.seen.seen(name, item):
                    yield from self.answers(scheme, checklist.by_id[item], given)

    def answers(self, scheme: Scheme, item: Item, given: RecordedAnswer) -> list[SourceAnswer]:
        """Give what counts of one answer, then what is kept beside it; nothing of a single one."""
        if not given.others:
            return []
        kept = (
            self._row(scheme, item, _answer(item, other), other.source, counts=False)
            for other in given.others
        )
        return [self._row(scheme, item, given, given.source, counts=True), *kept]

    def _row(
        self, scheme: Scheme, item: Item, given: RecordedAnswer, source: str | None, *, counts: bool
    ) -> SourceAnswer:
        known = self.sources.get(source or "")
        at = given.at or (known.at if known else None)
        tone = "counts" if counts else "kept"
        return SourceAnswer(
            item=item.id,
            first=counts,
            source=self.name(source),
            at=moment(at) if at else "",
            answer=one_answer(self.speaker, scheme, item, given),
            note=given.note,
            standing=self.words[tone],
            tone=tone,
        )


def _answer(item: Item, other: OtherAnswer) -> RecordedAnswer:
    """Read what another source said as if it were the answer."""
    said = {name: value for name, value in other if name != "source"}
    return RecordedAnswer(item=item.id).model_copy(update=said)
