"""A session as a machine: where it is, what a key means there, where it goes next. Nothing else.

It prints nothing, reads no clock and writes no file; whoever runs it hands texts in and puts facts
into the journal. The same facts lead to the same place, so a session goes on where it was cut off.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from sopaudit.evidence.habits import key as alike
from sopaudit.problems import Place, Problem, choices
from sopaudit.sheets.terminal.filling import FileError, Key
from sopaudit.sheets.terminal.form import EVIDENCE, NOTE, SECOND, Form, open_items, waiting_items
from sopaudit.sheets.terminal.said import NOTHING, Attached, Fact, Field, Said, fact_of, taken

Step = Literal[
    "answer", "counts", "who", "name", "note", "file", "second", "second_name",
    "ticket", "part", "id", "jump",
]  # fmt: skip

AFTER_ITEM: Final[tuple[Step, ...]] = ("answer", "who", "note", "file", "second")
"""What follows an answer, each where it is needed."""


@dataclass(frozen=True)
class Spot:
    """Where a session is."""

    key: Key | None
    """The item; None at the end, where it says what is open."""

    step: Step = "answer"
    case: str = ""
    part: str = ""
    home: Step | None = None
    """The step to return to, where somebody left it to say something else first."""

    @property
    def told(self) -> list[str]:
        """Give it as the journal keeps it."""
        return [*(self.key or ("", "")), self.step, self.case, self.part, self.home or ""]


def spot_of(told: Sequence[Any], form: Form) -> Spot | None:
    """Read a spot of the journal; None where its item is not asked."""
    checklist, item, step, case, part, home = told
    key = (str(checklist), str(item))
    if key == ("", ""):
        return Spot(None)
    return Spot(key, step, case, part, home or None) if key in form.keys else None


@dataclass(frozen=True)
class Session:
    """What was said so far, and where it is."""

    form: Form
    said: Mapping[Key, Said]
    touched: frozenset[Key]
    """What was said something of since the record was last written."""

    spot: Spot

    @property
    def at(self) -> Key:
        """The item it is at; no item where it is at the end."""
        return self.spot.key or ("", "")

    def of(self, key: Key) -> Said:
        """Give what was said of an item."""
        return self.said.get(key, NOTHING)

    @property
    def fresh(self) -> dict[Key, Said]:
        """What is new against the record."""
        return {key: self.said[key] for key in self.said if key in self.touched}


@dataclass(frozen=True)
class Turn:
    """What came of one text."""

    session: Session
    fact: Fact | None = None
    refused: tuple[Problem, ...] = ()
    """Why it could not be taken."""

    strange: bool = False
    """No key of this question, no item of this audit."""

    near: str = ""
    """The items that may be meant."""

    show: Literal["", "help", "before", "open"] = ""
    """What somebody wants to see."""

    told: str = ""
    """What it was taken for, in a word of the catalogue or as it was typed."""

    end: bool = False


@dataclass(frozen=True)
class Tools:
    """What the machine may ask of the world."""

    now: Callable[[], str]
    """The moment, with its offset."""

    look: Callable[[str], Attached]
    """Look at a file somebody named. Raises FileError."""

    place: Place = field(default_factory=lambda: Place("journal/fill.jsonl"))


def begin(form: Form, lines: Sequence[Mapping[str, Any]], start: Key | None = None) -> Session:
    """Put a session together from the record and a journal; `start` is where somebody wants to be.

    Lines about items there are no more are left out.
    """
    session = Session(form, dict(form.given), frozenset(), Spot(None))
    last: Spot | None = None
    for line in lines:
        if "field" in line:
            fact = fact_of(line)
            if (fact.checklist, fact.item) in form.asks:
                session = with_fact(session, fact)
        if "then" in line:
            last = spot_of(line["then"], form)
    if start is not None:
        return replace(session, spot=Spot(start))
    if last is not None:
        return replace(session, spot=last)
    waiting = open_items(form, session.said)
    first = waiting[0] if waiting else None
    return replace(session, spot=Spot(first))


def with_fact(session: Session, fact: Fact) -> Session:
    """Take a fact in."""
    key = (fact.checklist, fact.item)
    said = dict(session.said)
    if fact.field == "clear":
        said.pop(key, None)
        if key in session.form.given:
            said[key] = session.form.given[key]
        return replace(session, said=said, touched=session.touched - {key})
    said[key] = taken(session.of(key), fact)
    return replace(session, said=said, touched=session.touched | {key})


# --- saying something -----------------------------------------------------------------------------


def say(  # noqa: PLR0913 -- a fact has as many sides
    session: Session,
    tools: Tools,
    about: Field,
    text: str,
    *,
    case: str | None = None,
    part: str = "",
    sha256: str = "",
) -> Turn:
    """Say something of the item; refused where it makes an answer that cannot be meant."""
    key = session.at
    fact = Fact(*key, about, text, tools.now(), case, part, sha256)
    after = with_fact(session, fact)
    before = session.form.read(key, session.of(key))[1]
    wrong = [
        Problem(tools.place, slip.code, slip.values)
        for slip in session.form.read(key, after.of(key))[1]
        # A remark may be written before the answer; at the end it is told as open.
        if slip not in before and slip.code != "F003"
    ]
    by = session.form.no_second(key, after.of(key)) if about in ("confirmed", "person") else ""
    if by and by != session.form.no_second(key, session.of(key)):
        wrong.append(Problem(tools.place, SECOND, {"person": by, "item": key[1]}))
    if wrong and about != "clear":
        return Turn(session, refused=tuple(wrong), told=text)
    return Turn(after, fact, told=text)


def attach(session: Session, tools: Tools, text: str) -> Turn:
    """Attach a file to the item, or to the case that is being looked at."""
    try:
        found = tools.look(text)
    except FileError as error:
        wrong = Problem(tools.place, "F053", {"file": error.text, "item": session.at[1]})
        return Turn(session, refused=(wrong,), told=text)
    case = session.spot.case or None
    return say(session, tools, "file", found.path, case=case, sha256=found.sha256)


# --- where it goes --------------------------------------------------------------------------------


def next_item(session: Session, key: Key) -> Spot:
    """Go to the next item in order, or to the end."""
    keys = session.form.keys
    n = keys.index(key) + 1
    return Spot(keys[n] if n < len(keys) else None)


def next_open(session: Session, key: Key) -> Spot:
    """Go to the next item nobody answered, or to the end."""
    keys = session.form.keys
    waiting = {*open_items(session.form, session.said)}
    later = (one for one in keys[keys.index(key) + 1 :] if one in waiting)
    return Spot(next(later, None))


def confirms(session: Session) -> bool:
    """Say whether a second person can be named for the item it is at."""
    key = session.spot.key
    return key is not None and session.form.confirms(key, session.of(key))


def next_waiting(session: Session) -> Spot:
    """Go to the next item whose answer waits for a second person, round once; else stay."""
    keys = session.form.keys
    waiting = {*waiting_items(session.form, session.said)}
    n = 0 if session.spot.key is None else keys.index(session.spot.key)
    found = next((key for key in (*keys[n:], *keys[:n]) if key in waiting), None)
    return session.spot if found is None else Spot(found, "second")


def after_item(session: Session, step: Step = "answer") -> Spot:
    """Go on after a step about an item: to what its answer still needs, else to the next."""
    key = session.at
    said, form = session.of(key), session.form
    lacking = form.lacking(key, said)
    person = bool(form.leaves[key[0]].people) and not said.person and not said.cases
    needed = {
        "who": person and form.fails(key, said),
        "note": any(code in lacking for code in NOTE),
        "file": EVIDENCE in lacking,
        "second": form.waits(key, said),
    }
    for later in AFTER_ITEM[AFTER_ITEM.index(step) + 1 :]:
        if needed[later]:
            return Spot(key, later)
    return next_open(session, key)


def after_case(session: Session, step: Step, part: str = "") -> Spot:
    """Go on after a step about a case: to its parts, its person, its remark, the next case."""
    spot, key = session.spot, session.at
    ask = session.form.asks[key]
    line = next(one for one in session.of(key).cases if one.id == spot.case)
    failed = {"no", "partial"} & {line.result, *line.parts.values()}
    parts = [one.id for one in ask.item.parts]
    if step in ("ticket", "part"):
        rest = parts[parts.index(part) + 1 :] if part else parts if failed else []
        if rest:
            return Spot(key, "part", spot.case, rest[0])
        if session.form.leaves[key[0]].people and not line.person:
            return Spot(key, "who", spot.case)
    if step != "note" and failed and not line.note:
        return Spot(key, "note", spot.case)
    return next_case(session)


def next_case(session: Session) -> Spot:
    """Go to the next case nobody looked at; then ask for others."""
    key, case = session.at, session.spot.case
    said = session.of(key)
    seen = {case.id for case in said.cases if not case.silent}
    known = session.form.cases(key, said)
    later = known[known.index(case) + 1 :] if case in known else known if not case else []
    waiting = [name for name in later if name not in seen]
    return Spot(key, "ticket", waiting[0]) if waiting else Spot(key, "id")


def earlier(session: Session) -> Spot:
    """Go back: to the question before in this item, or to the item before."""
    spot, keys = session.spot, session.form.keys
    if spot.key is None:
        return Spot(None) if spot.step == "jump" else Spot(keys[-1])
    if spot.step == "answer":
        return Spot(keys[max(keys.index(spot.key) - 1, 0)])
    if spot.home is not None:
        return Spot(spot.key, spot.home, spot.case, spot.part)
    known = session.form.cases(spot.key, session.of(spot.key))
    if spot.step == "ticket":
        n = known.index(spot.case) if spot.case in known else len(known)
        return Spot(spot.key, "ticket", known[n - 1]) if n else Spot(spot.key)
    if spot.step == "id" and known:
        return Spot(spot.key, "ticket", known[-1])
    return Spot(spot.key, "ticket", spot.case) if spot.case else Spot(spot.key)


def found_item(session: Session, text: str) -> tuple[Key | None, str]:
    """Find an item by its id or the end of it, in this checklist first; else what is near."""
    wanted = alike(text)
    here = session.spot.key
    keys = sorted(session.form.keys, key=lambda one: here is not None and one[0] != here[0])
    for fits in (
        [one for one in keys if alike(one[1]) == wanted],
        [one for one in keys if wanted and alike(one[1]).endswith(wanted)],
    ):
        if fits:
            return fits[0], ""
    return None, choices(text, [item for _, item in session.form.keys])
