"""Somebody who fills an audit in: reads the screen, knows what was seen, and presses keys.

The same person sits at a real pseudo-terminal and at the loop itself; all they have is the screen.
"""

import re
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any

from sopaudit.criteria.field import plain
from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.evidence.audit import AuditFolder, read_audit
from sopaudit.evidence.record import Case, Confirmation, RecordedAnswer
from sopaudit.press.words import words
from sopaudit.sheets.answering import shown_value
from sopaudit.sheets.blank import Wish, blank_of, checklists_of
from sopaudit.sheets.terminal.asking import LETTERS, Question
from sopaudit.sheets.terminal.filling import attached
from sopaudit.sheets.terminal.form import Form
from sopaudit.sheets.terminal.lines import Shown
from sopaudit.sheets.terminal.session import Tools

ROOT = Path(__file__).parents[3]
MONTH = ROOT / "audits" / "2026-10-cd"
NOW = "2026-11-06T18:00:00+08:00"

Answers = Mapping[str, RecordedAnswer]


@cache
def handbook() -> Handbook:
    found, problems = load_handbook(ROOT)
    assert found is not None, problems
    return found


def truth() -> Answers:
    """Give what was seen in the known-answer month, by item."""
    folder, _ = read_audit(MONTH, handbook())
    assert folder is not None
    return {a.item: a for record in folder.records.values() for a in record.answers}


def failing(given: RecordedAnswer, by: str | None = "9002") -> RecordedAnswer:
    """Give an answer as that of a veto which fails, and which a second person has seen too."""
    confirmed = Confirmation(by=by) if by else None
    told = {"result": "no", "note": "Call of 22 October", "confirmed": confirmed}
    return given.model_copy(update=told)


def empty(place: Path, of: Path = MONTH) -> Path:
    """Lay the audit out without its answers, before it was final."""
    shutil.copytree(of, place, ignore=shutil.ignore_patterns("answers", "data"))
    audit = place / "audit.yaml"
    told = audit.read_text(encoding="utf-8")
    audit.write_text(told.replace("state: final", "state: draft"), encoding="utf-8")
    return place


def opened(place: Path) -> AuditFolder:
    folder, _ = read_audit(place, handbook())
    assert folder is not None
    return folder


def form_of(folder: AuditFolder, lang: str = "zh", only: Sequence[str] = ()) -> Form:
    names, day = checklists_of(folder), folder.audit.date
    blank = blank_of(folder.handbook, names, day, folder, Wish(filled=True))
    keys = tuple(
        (leaf.id, ask.item.id) for leaf, ask in blank.asks if not only or ask.item.id in only
    )
    return Form(blank, keys, lang, UTC)


def tools() -> Tools:
    return Tools(lambda: NOW, attached)


def kernel(given: RecordedAnswer) -> dict[str, object]:
    """Give what of an answer has nothing to do with when, from where and by which draw it came."""
    sample = given.sample
    counts = None if sample is None or sample.cases else sample.counts
    return {
        "item": given.item,
        "result": given.result,
        "value": None if given.value is None else plain(given.value),
        "note": given.note,
        "person": given.person,
        "cases": [case.model_dump() for case in given.cases],
        "counts": counts,
        "confirmed": given.confirmed.by if given.confirmed else None,
    }


@dataclass
class Auditor:
    """Answers what the screen asks."""

    truth: Answers
    lang: str = "zh"
    item: str = ""
    about: set[tuple[str, str]] = field(default_factory=set)
    """What was said of an item or case already, beyond its answer."""

    stops: str = ""
    """The item before which they quit."""

    end: str | None = ""
    """What is said at the summary."""

    photos: dict[str, list[str]] = field(default_factory=dict)
    """Paths of photos by item; each is attached once."""

    rests: str = ""
    """The item before which they look up for over a second: times are whole seconds."""

    def __post_init__(self) -> None:
        self.say = words(self.lang, "fill")["ask"]

    def recall(self, lines: Sequence[Mapping[str, Any]]) -> None:
        """Look up what was said before the screen went dark."""
        names = {"note": "note", "person": "person", "value": "value"}
        self.about = set()
        for one in lines:
            at = f"{one.get('item')} {one.get('case') or ''}".strip()
            if one.get("case") and one.get("field") in ("result", "part"):
                self.about.add((at, "line"))
            elif one.get("field") in names:
                self.about.add((at, names[one["field"]]))

    def answer(self, screen: str) -> str | None:
        """Say what is typed, with what stands on the screen since the last time."""
        found = re.findall(r"^(CK-[A-Z]+-\w+)  ", screen, re.MULTILINE)
        self.item = found[-1] if found else self.item
        lines = [line.strip() for line in screen.splitlines() if line.strip()]
        at = max(n for n, line in enumerate(lines) if not line.startswith(">"))
        prompt = next(line for line in reversed(lines[: at + 1]) if self._prompt(line))
        case, about = self._prompt(prompt) or ("", "")
        return self._typed(case, about, "\n".join(lines))

    def _prompt(self, line: str) -> tuple[str, str] | None:
        """Give the case and the step a line asks about; None where it is no question."""
        case, _, rest = line.rpartition(" · ")
        for name, text in self.say.items():
            if "{" not in text and text.startswith(rest) and len(rest) > 4:
                return case, name
        given = self.truth.get(self.item)
        for one in given.cases if given else ():
            if line == one.id or re.match(rf"{one.id}[（ ].*\d", line):
                return one.id, "ticket"
            if case == one.id:
                return one.id, "part"
        drawn = re.match(r"(\S+?)(?:（第\d| \(\d+ of )", line)
        return (drawn[1], "ticket") if drawn else None

    def _typed(self, case: str, about: str, screen: str) -> str | None:
        if about == "finish":
            return self.end
        if self.item == self.stops:
            return "q"
        if self.item == self.rests:
            self.rests = ""
            time.sleep(1.1)
        given = self.truth[self.item]
        seen = next((one for one in given.cases if one.id == case), None)
        if seen is not None:
            return self._case(given, seen, about, screen)
        if about == "ticket":  # drawn, but not looked at for this item
            return "s"
        if about in ("file", "file_needed") and self.photos.get(self.item):
            return self.photos[self.item].pop(0)
        return self._told(given, about, screen)

    def _told(  # noqa: PLR0911 -- one a question
        self, given: RecordedAnswer, about: str, screen: str
    ) -> str:
        match about:
            case "note" | "note_fail" | "note_na":
                return self._once("", "note", given.note)
            case "who":
                return self._once("", "person", self._who(given.person, screen))
            case "id":
                left = [one.id for one in given.cases if not self._has(one.id, "line")]
                return left[0] if left else ""
            case "file_needed" if given.cases:
                return "/c"
            case "second":
                return self._who(given.confirmed.by, screen) if given.confirmed else ""
            case "file" | "file_needed" | "name" | "second_name":
                return ""
            case "counts":
                return "/".join(map(str, given.counts))
        return self._item(given)

    def _item(self, given: RecordedAnswer) -> str:
        if given.note and not self._has("", "note"):
            return self._once("", "note", "r")
        if given.person and not self._has("", "person"):
            return self._once("", "person", "w")
        if self.photos.get(self.item):
            return "f"
        if given.result:
            return LETTERS[given.result]
        if given.value is not None:
            return self._once("", "value", shown_value(given))
        return "c" if given.cases else "k"

    def _case(self, given: RecordedAnswer, seen: Case, about: str, screen: str) -> str:
        ask = screen.splitlines()
        match about:
            case "ticket":
                self.about.add((f"{given.item} {seen.id}", "line"))
                return "n" if seen.parts else LETTERS[seen.judged or "yes"]
            case "part":
                rest = next(line for line in ask if line.startswith(f"{seen.id} · "))
                item = next(
                    one
                    for sheet in handbook().checklists.values()
                    for one in sheet.items
                    if one.id == given.item
                )
                part = next(p.id for p in item.parts if rest.endswith(p.title.to(self.lang)))
                return LETTERS[seen.parts[part]]
            case "who":
                if seen.note and not self._has(seen.id, "note"):
                    return self._once(seen.id, "note", "r")
                return self._who(seen.person, screen)
            case _:
                return self._once(seen.id, "note", seen.note)

    def _who(self, person: str | None, screen: str) -> str:
        found = re.findall(rf"\[(\d)\] [^\[]*\b{person}\b", screen)
        return found[-1] if person and found else ""

    def _has(self, case: str, what: str) -> bool:
        return (f"{self.item} {case}".strip(), what) in self.about

    def _once(self, case: str, what: str, key: str) -> str:
        self.about.add((f"{self.item} {case}".strip(), what))
        return key


@dataclass
class Seated:
    """An auditor in front of the loop, without a terminal."""

    auditor: Auditor
    screen: str = ""
    whole: str = ""
    asked: int = 0
    before: str = ""

    def show(self, lines: Sequence[Shown]) -> None:
        self.screen += "".join(f"{line.text}\n" for line in lines)

    def ask(self, asked: Question) -> str | None:
        del asked
        self.asked += 1
        self.whole += self.screen
        screen, self.screen = self.screen, ""
        return self.auditor.answer(screen)

    def echo(self, asked: Question, text: str) -> None:
        del asked
        self.whole += f"> {text}\n"
