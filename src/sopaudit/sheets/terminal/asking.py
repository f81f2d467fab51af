"""What is asked at each spot of a session, the keys that answer it, and what each of them does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from sopaudit.criteria.organisation import Person
from sopaudit.evidence.habits import habits, narrow
from sopaudit.sheets.blank import Ask
from sopaudit.sheets.terminal.form import waiting_items
from sopaudit.sheets.terminal.said import NOTHING
from sopaudit.sheets.terminal.session import (
    Session,
    Spot,
    Step,
    Tools,
    Turn,
    after_case,
    after_item,
    attach,
    confirms,
    earlier,
    found_item,
    next_case,
    next_item,
    next_waiting,
    say,
)
from sopaudit.sheets.wording import answer_title

LETTERS: Final[Mapping[str, str]] = {
    "yes": "y",
    "partial": "p",
    "no": "n",
    "na": "a",
    "unchecked": "u",
}
DIGITS: Final[Mapping[str, str]] = {
    "yes": "1",
    "partial": "2",
    "no": "3",
    "na": "4",
    "unchecked": "5",
}
"""The same digit means the same word at every item, whichever words it takes."""

FEW: Final = 9
"""People that a digit each can name."""

MOVES: Final = ("b", "s", "j", "l", "?", "q")
ASIDE: Final = ("r", "f", "w")
"""What may be said beside an answer: remark, file, person."""

SECOND: Final = "d"
"""Names the second person who confirms an answer; elsewhere, goes to the next that waits."""

SHOWS: Final[Mapping[str, Literal["help", "before", "open"]]] = {
    "?": "help",
    "v": "before",
    "l": "open",
}
_TYPED: Final[Mapping[Step, Step]] = {"who": "name", "second": "second_name"}
"""Where a person who is not listed is typed."""

_ASKED: Final[Mapping[Step, Step]] = {typed: step for step, typed in _TYPED.items()}
_STEPS: Final[Mapping[str, Step]] = {"r": "note", "f": "file", "w": "who", "d": "second"}


@dataclass(frozen=True)
class Choice:
    """An answer with its keys."""

    word: str
    keys: tuple[str, ...]
    title: str


@dataclass(frozen=True)
class Question:
    """What is asked now."""

    kind: Literal["key", "line"]
    choices: tuple[Choice, ...] = ()
    commands: tuple[str, ...] = MOVES
    """In a line they are typed after a slash."""

    number: bool = False
    """A digit begins a number."""

    enter: bool = False
    """Nothing but Enter is an answer too."""


def question(session: Session) -> Question:  # noqa: PLR0911 -- one a step
    """Say what is asked, and with which keys it is answered."""
    spot, form = session.spot, session.form
    if spot.step == "jump":
        return Question("line", commands=("b", "q"), enter=True)
    if spot.key is None:
        waiting = waiting_items(form, session.said)
        ways = ("b", "j", "l", *((SECOND,) if waiting else ()), "q")
        return Question("key", commands=ways, enter=True)
    ask = form.asks[spot.key]
    match spot.step:
        case "answer":
            return _answer(session, ask)
        case "ticket" | "part":
            words = _choices(ask.words, form.lang)
            ends = ("b", "s", "e", "r", "f", "w", "q")
            return Question("key", words, ends if spot.step == "ticket" else ("b", "s", "r", "q"))
        case "who":
            people = form.leaves[spot.key[0]].people
            many = len(people) > FEW or not people
            named = _named(() if many else people, form.lang)
            return Question("line" if many else "key", named, ("b", "r", "t", "q"), enter=True)
        case "second":
            # Others than these few are typed.
            named = _named(form.witnesses(spot.key, session.of(spot.key))[:FEW], form.lang)
            back = ("x",) if _named_now(session) else ()
            return Question("key", named, ("b", "r", "f", "t", *back, "q"), enter=True)
        case "file" if ask.way == "occurrences":
            # Each time it happened, told as a case, is evidence as well.
            return Question("line", commands=("c", "b", "q"), enter=True)
        case _:
            return Question("line", commands=("b", "q"), enter=True)


def _named(people: Sequence[Person], lang: str) -> tuple[Choice, ...]:
    return tuple(
        Choice(one.id, (str(n),), f"{one.name.to(lang)} {one.id}")
        for n, one in enumerate(people, 1)
    )


def _named_now(session: Session) -> bool:
    """Say whether the second person of the item was named here, and can be taken back."""
    before = session.form.given.get(session.at, NOTHING)
    return bool(session.of(session.at).confirmed) and not before.confirmed


def _answer(session: Session, ask: Ask) -> Question:
    more = [*ASIDE]
    said = session.of(session.at)
    if ask.way == "cases":
        more = ["c", "k", *more]
    elif ask.way == "occurrences" and said.value:
        more = ["c", *more]
    if confirms(session) or waiting_items(session.form, session.said):
        more.append(SECOND)
    if ask.before is not None:
        more.append("v")
    if session.spot.key in session.touched:
        more.append("x")
    words = [word for word in ask.words if ask.way == "word" or word in ("na", "unchecked")]
    if ask.way == "occurrences" and "yes" in ask.words:
        words.insert(0, "yes")
    number = ask.way in ("occurrences", "points")
    return Question("key", _choices(words, session.form.lang, digits=not number),
                    (*more, *MOVES), number)  # fmt: skip


def _choices(words: Sequence[str], lang: str, *, digits: bool = True) -> tuple[Choice, ...]:
    """Give words their keys; those of a foreign scheme take the digits that are left."""
    free = [str(n) for n in range(1, 10) if str(n) not in {DIGITS.get(word) for word in words}]
    found = []
    for word in words:
        digit = DIGITS.get(word) or (free.pop(0) if free else "")
        keys = [LETTERS.get(word, ""), digit if digits or word not in LETTERS else ""]
        found.append(Choice(word, tuple(filter(None, keys)), answer_title(word, lang)))
    return tuple(found)


def turn(  # noqa: PLR0911 -- one a kind of text
    session: Session, text: str | None, tools: Tools
) -> Turn:
    """Take what was typed; None is the end of what is typed at all, such as Ctrl-D."""
    if text is None:
        return Turn(session, end=True)
    asked = question(session)
    bare = narrow(text).strip()
    command = _command(asked, bare)
    if command:
        return _commanded(session, command, tools)
    if asked.kind == "line":
        return _typed(session, text.strip(), tools)
    folded = bare.casefold()
    for choice in asked.choices:
        if folded and folded in {*choice.keys, choice.word.casefold(), choice.title.casefold()}:
            return _chosen(session, choice, tools)
    if asked.number and bare[:1] in set("0123456789.-") and bare:
        return _on(say(session, tools, "value", bare))
    if asked.enter and not bare:
        return Turn(session, end=True) if session.spot.key is None else _without(session)
    return Turn(session, strange=True, told=text)


def _command(asked: Question, bare: str) -> str:
    if asked.kind == "line":
        bare = bare[1:] if bare.startswith("/") else ""
    folded = bare.casefold()
    return folded if folded in asked.commands else ""


def _chosen(session: Session, choice: Choice, tools: Tools) -> Turn:
    spot = session.spot
    case = spot.case or None
    if spot.step == "who":
        told = say(session, tools, "person", choice.word, case=case)
        return replace(_on(told), told=choice.title)
    if spot.step == "second":
        told = say(session, tools, "confirmed", choice.word)
        return replace(_on(told), told=choice.title)
    if spot.step == "part":
        told = say(session, tools, "part", choice.word, case=case, part=spot.part)
    elif spot.step == "answer" and choice.word == "yes" and question(session).number:
        told = say(session, tools, "value", "0")
    else:
        told = say(session, tools, "result", choice.word, case=case)
    return replace(_on(told), told=choice.title)


def _typed(  # noqa: PLR0911 -- one a step
    session: Session, text: str, tools: Tools
) -> Turn:
    """Take a line."""
    spot = session.spot
    if spot.step == "jump":
        return _jumped(session, text)
    if not text:
        return _without(session)
    case = spot.case or None
    match spot.step:
        case "id":
            name = session.form.case(session.at, session.of(session.at), narrow(text).strip())
            there = Spot(spot.key, "ticket", name)
            return Turn(replace(session, spot=there), told=name)
        case "file":
            return attach(session, tools, text)  # another one may follow; Enter goes on
        case "counts":
            return _on(say(session, tools, "counts", narrow(text).replace(" ", "/", 1)))
        case "who" | "name":
            return _on(say(session, tools, "person", text, case=case))
        case "second_name":
            blank = habits().blank(narrow(text))
            return _without(session) if blank else _on(say(session, tools, "confirmed", text))
        case _:
            return _on(say(session, tools, "note", text, case=case))


def _jumped(session: Session, text: str) -> Turn:
    if not text:
        return Turn(replace(session, spot=earlier(session)))
    key, near = found_item(session, text)
    if key is None:
        return Turn(session, strange=True, told=text, near=near)
    return Turn(replace(session, spot=Spot(key)), told=key[1])


def _on(done: Turn) -> Turn:
    """Go on after something was said; where it was refused, the question stays."""
    if done.refused:
        return done
    return replace(done, session=_without(done.session).session)


def _without(session: Session) -> Turn:
    """Go on from a step, said or left out."""
    spot = session.spot
    if spot.home is not None:
        there = Spot(spot.key, spot.home, spot.case, spot.part)
    elif spot.step == "id":
        there = after_item(session)
    elif spot.case:
        there = after_case(session, "who" if spot.step == "name" else spot.step, spot.part)
    elif spot.step == "counts":
        there = after_item(session)
    else:
        there = after_item(session, _ASKED.get(spot.step, spot.step))
    return Turn(replace(session, spot=there))


def _commanded(session: Session, command: str, tools: Tools) -> Turn:
    """Do what a key stands for that is no answer."""
    if command == "q":
        return Turn(session, end=True)
    if command == "x" and session.spot.step == "second":
        return _on(say(session, tools, "confirmed", ""))
    if command == "x":
        return say(session, tools, "clear", "")
    if command in SHOWS:
        return Turn(session, show=SHOWS[command])
    return Turn(replace(session, spot=_elsewhere(session, command)))


def _elsewhere(session: Session, command: str) -> Spot:  # noqa: PLR0911 -- one a key
    """Say where a key leads."""
    spot = session.spot
    match command:
        case "b":
            return earlier(session)
        case "j":
            return replace(spot, step="jump", home=spot.step)
        case "c":
            return next_case(replace(session, spot=Spot(spot.key)))
        case "k":
            return Spot(spot.key, "counts")
        case "e":
            return after_item(session)
        case "s":
            return _skipped(session)
        case "d" if not confirms(session):
            return next_waiting(session)
        case "t":
            return replace(spot, step=_TYPED[spot.step])
        case _:
            return replace(spot, step=_STEPS[command], home=spot.step)


def _skipped(session: Session) -> Spot:
    """Leave a question unanswered."""
    spot = session.spot
    if spot.step == "ticket":
        return next_case(session)
    if spot.step == "part":
        return after_case(session, "part", spot.part)
    return next_item(session, session.at)
