"""The items of a checklist as rows to write in: boxes, numbers, what was found last time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from functools import cached_property

from sopaudit.criteria.field import Text, plain
from sopaudit.evidence.record import RecordedAnswer
from sopaudit.press.words import Words, words
from sopaudit.sheets.blank import Ask, Before, Blank, Leaf
from sopaudit.sheets.paper.model import Block, Box, Fact, ItemRow, OpenList, OpenRow
from sopaudit.sheets.wording import answer_title, method, rule, standards


@dataclass(frozen=True)
class Items:
    """Writes the items of one checklist in one language."""

    blank: Blank
    leaf: Leaf
    lang: str
    lost: Mapping[str, str]
    """Points lost, by item, of what is answered already."""

    @cached_property
    def say(self) -> Words:
        """Our words."""
        return words(self.lang, "paper")

    @cached_property
    def owned(self) -> bool:
        """Whether somebody holds the post, so that an answer can be about a person."""
        return self.leaf.checklist.post is not None

    def text(self, text: Text | None) -> str:
        """Say what a handbook says."""
        return self.blank.handbook.say(text, self.lang) if text else ""

    def named(self, staff: str | None) -> str:
        """Name somebody, with the staff number."""
        person = self.blank.handbook.person(staff) if staff else None
        return f"{staff} {self.text(person.name)}" if person else staff or ""

    # --- sections ----------------------------------------------------------------------------

    def blocks(self) -> tuple[Block, ...]:
        """Give the items by section, in the order of the checklist; strangers stand last."""
        titles = {one.id: self.text(one.title) for one in self.leaf.checklist.sections}
        numbered = list(enumerate(self.leaf.asks, 1))
        groups: dict[str, list[tuple[int, Ask]]] = {name: [] for name in titles}
        for number, ask in numbered:
            section = ask.item.section or ""
            groups.setdefault(section if section in titles else "", []).append((number, ask))
        named = {name: f"{name}　{title}" for name, title in titles.items()}
        named[""] = self.say["section"]["rest"] if titles else ""
        return tuple(self._block(named[name], asks) for name, asks in groups.items() if asks)

    def _block(self, title: str, asks: list[tuple[int, Ask]]) -> Block:
        only = [ask for _, ask in asks]
        rows = tuple(self._row(number, ask) for number, ask in asks)
        return Block(title, self.size(only), rows, worth(only) > 0)

    def size(self, asks: Iterable[Ask]) -> str:
        """Say how many items there are, and what they are worth."""
        known, say = list(asks), self.say["section"]
        told = [say["items"].format(n=len(known))]
        if worth(known) > 0:
            told.append(say["points"].format(points=plain(worth(known))))
        return ("，" if self.lang == "zh" else ", ").join(told)

    # --- an item -----------------------------------------------------------------------------

    def _row(self, number: int, ask: Ask) -> ItemRow:
        item, handbook = ask.item, self.blank.handbook
        severities = words(self.lang, "report")["severity"]
        return ItemRow(
            number=number,
            id=item.id,
            question=self.text(item.question),
            hints=tuple(self._hints(ask)),
            before=self._before(ask, ask.before),
            standards=tuple(standards(ask, handbook, self.lang)),
            method=method(ask, handbook, self.lang),
            rule=rule(ask, self.leaf, self.lang),
            points=plain(ask.points) if ask.points else "",
            severity=severities[item.severity] if item.severity else "",
            veto=ask.veto,
            boxes=tuple(self._boxes(ask)),
            numbers=tuple(self._numbers(ask)),
            remarks=tuple(self._remarks(ask.given)),
        )

    def _hints(self, ask: Ask) -> Iterator[Fact]:
        say, item = self.say["item"], ask.item
        for key, text in (
            ("sample", item.sample),
            ("applies", item.applies_if),
            ("evidence", item.evidence_required),
        ):
            if text:
                yield Fact(say[key], self.text(text))

    def _boxes(self, ask: Ask) -> Iterator[Box]:
        """Give a box for each answer there may be; not to have looked is to tick none."""
        numbers = {given.value for given in ask.given if given.value is not None}
        for value in ask.item.values:
            yield Box(plain(value), value in numbers)
        told = {answered(ask, given) for given in ask.given}
        for word in ask.words:
            if word != "unchecked":
                yield Box(answer_title(word, self.lang), word in told)

    def _numbers(self, ask: Ask) -> Iterator[Fact]:
        say = self.say["item"]
        column = words(self.lang, "sheets")["column"]
        if ask.way == "cases":
            counts = [given.counts for given in ask.given if given.counts[1] is not None]
            yield Fact(column["checked"], _joined(str(checked) for _, checked in counts))
            yield Fact(column["failed"], _joined(str(failed) for failed, _ in counts))
        elif ask.way == "occurrences" or (ask.way == "points" and not ask.item.values):
            label = say["times" if ask.way == "occurrences" else "score"]
            values = (plain(one.value) for one in ask.given if one.value is not None)
            yield Fact(label, _joined(values))
        if ask.points and ask.way != "points":
            yield Fact(column["deducted"], self.lost.get(ask.item.id, ""))
        if self.owned:
            about = dict.fromkeys(given.person for given in ask.given if given.person)
            yield Fact(say["person"], "、".join(map(self.named, about)))
        by = dict.fromkeys(given.confirmed.by for given in ask.given if given.confirmed)
        if ask.witness or by:
            yield Fact(column["confirmed"], "、".join(map(self.named, by)), signed=True)

    def _remarks(self, given: tuple[RecordedAnswer, ...]) -> Iterator[str]:
        say = self.say["item"]
        for one in given:
            who = f"{self.named(one.person)}：" if one.person and len(given) > 1 else ""
            if one.note or who:
                yield who + one.note
            if one.files:
                yield say["files"].format(n=len(one.files))

    # --- the time before ---------------------------------------------------------------------

    def told(self, ask: Ask, given: RecordedAnswer) -> str:
        """Say in a few words how an item was answered."""
        say = self.say["given"]
        failed, checked = given.counts
        if given.value is not None:
            key = "times" if ask.way == "occurrences" else "points"
            return say[key].format(n=plain(given.value))
        if checked is not None:
            return say["counts"].format(failed=failed, checked=checked)
        return answer_title(given.result, self.lang) if given.result else ""

    def _before(self, ask: Ask, before: Before | None) -> tuple[str, str, bool] | None:
        if before is None:
            return None
        told = "；".join(filter(None, (self.told(ask, given) for given in before.given)))
        day = self.say["item"]["before"].format(day=before.day.isoformat())
        return day, told, before.finding is not None

    def opened(self) -> OpenList | None:
        """List what was found last time and is open; None where there is nothing."""
        rows = tuple(
            self._open(ask, ask.before)
            for ask in self.leaf.asks
            if ask.before and ask.before.finding
        )
        first = next((ask.before for ask in self.leaf.asks if ask.before), None)
        if not rows or first is None:
            return None
        source = self.say["open"]["from"].format(audit=first.audit, day=first.day.isoformat())
        return OpenList(source, rows)

    def _open(self, ask: Ask, before: Before) -> OpenRow:
        severity = before.finding.severity if before.finding else None
        settings = self.blank.handbook.report
        days = getattr(settings.due_days, severity or "", None) if settings.due_days else None
        found = ((self.told(ask, given), given.note) for given in before.given)
        mark = "：" if self.lang == "zh" else ": "
        return OpenRow(
            ask.item.id,
            self.text(ask.item.question),
            "\n".join(mark.join(filter(None, one)) for one in found),
            words(self.lang, "report")["severity"][severity] if severity else "",
            "" if days is None else (before.day + timedelta(days)).isoformat(),
        )


def answered(ask: Ask, given: RecordedAnswer) -> str | None:
    """Give the word of an answer; a number says it by itself, as `findings.finding` reads it."""
    failed, checked = given.counts
    if given.result is not None:
        return given.result
    if checked:
        return "no" if failed else "yes"
    if ask.way == "occurrences" and given.value is not None:
        return "no" if given.value else "yes"
    return None


def worth(asks: Iterable[Ask]) -> Fraction:
    """Add up the points of items."""
    return sum((ask.points or Fraction(0) for ask in asks), Fraction(0))


def _joined(values: Iterable[str]) -> str:
    """Put the numbers of several people beside one another; adding up is not for paper."""
    return "＋".join(values)
