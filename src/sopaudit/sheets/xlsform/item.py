"""One item on one screen: the answer, what must stand beside it, its photos and its cases."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from sopaudit.criteria.field import plain
from sopaudit.evidence.grounds import fails
from sopaudit.evidence.record import RecordedAnswer
from sopaudit.press.words import words
from sopaudit.sheets.blank import Ask, Blank, Leaf
from sopaudit.sheets.wording import answer_title, method, rule, standards
from sopaudit.sheets.xlsform.names import (
    FIELD_SIGN,
    PHOTOS,
    ROW_SIGN,
    Names,
    choice,
    code,
)
from sopaudit.sheets.xlsform.sheet import (
    Form,
    Say,
    fixed,
    from_handbook,
    joined_by,
    person_name,
    said,
    text_of,
)

CASE_WORDS: Final = ("yes", "no", "na", "unchecked")
"""What a case is answered with; partly conforming shows in its parts."""

MOST: Final = 200
"""Cases one item may list beside the sample."""

PIXELS: Final = "max-pixels=1600"
ROW: Final = "columns-pack"
"""Choices beside each other, as many as fit."""

_SIGNS: Final = f"{FIELD_SIGN}{ROW_SIGN}"


@dataclass(frozen=True)
class Items:
    """Writes the items of a checklist into a form."""

    form: Form
    blank: Blank
    leaf: Leaf
    names: Names
    grid: bool
    """Whether the drawn tickets are rows of a list of their own."""

    def ref(self, kind: str, ask: Ask) -> str:
        """Refer to a question about an item."""
        return f"${{{self.names.of(kind, self.leaf, ask)}}}"

    def name(self, kind: str, ask: Ask) -> str:
        """Name a question about an item."""
        return self.names.of(kind, self.leaf, ask)

    # --- the item as a whole ---------------------------------------------------------------------

    def item(self, ask: Ask) -> None:
        """Ask one item, and the cases that are listed for it."""
        form, stem = self.form, self.names.stem(self.leaf, ask)
        form.group(f"item_{stem}", fixed(ask.item.id), appearance="field-list")
        self._answer(ask)
        self._beside(ask)
        form.end()
        if self.lists(ask):
            self._free(ask)

    def lists(self, ask: Ask) -> bool:
        """Say whether cases may be listed for an item."""
        return ask.way in ("cases", "occurrences")

    def question(self, ask: Ask) -> Say:
        """Say what is asked, with the number the item is known by."""
        asked = ask.item.question
        return text_of(lambda lang: f"{ask.item.id} {self.blank.handbook.say(asked, lang)}")

    def hint(self, ask: Ask) -> Say:
        """Say the standards it verifies, how it is looked at, its scoring, what was last found."""
        handbook = self.blank.handbook

        def say(lang: str) -> str:
            sop = [f"{name} {text}".strip() for name, text in standards(ask, handbook, lang)]
            how = method(ask, handbook, lang)
            told = [*sop, " · ".join(filter(None, (how, rule(ask, self.leaf, lang))))]
            if ask.before and ask.before.finding:
                told.append(said("form", "before", result=answer_title("no", lang))(lang))
            return "\n".join(filter(None, told))

        return text_of(say)

    def _answer(self, ask: Ask) -> None:
        question, hint = self.question(ask), self.hint(ask)
        words = [(choice(word), self._word(word)) for word in ask.words]
        if ask.way == "word":
            kind = f"select_one {self.form.list_of('words', words)}"
            self.form.ask(kind, self.name("answer", ask), question, hint=hint, appearance=ROW)
            return
        if ask.way == "cases":
            self._counts(ask, question, hint)
        else:
            self._number(ask, question, hint)
        # A failure is said by a number or by cases; the word alone would say nothing more.
        instead = [word for word in words if word[0] != "no"]
        number = f"{self.ref('failed' if ask.way == 'cases' else 'value', ask)} = ''"
        listed = f" and {self.ref('looked', ask)} = 0" if self.lists(ask) else ""
        if instead:
            kind = f"select_one {self.form.list_of('words', instead)}"
            told = said("item", "instead")
            self.form.ask(
                kind, self.name("answer", ask), told, relevant=number + listed, appearance=ROW
            )

    def _number(self, ask: Ask, question: Say, hint: Say) -> None:
        name = self.name("value", ask)
        if ask.item.values:
            numbers = [(plain(n), fixed(plain(n))) for n in ask.item.values]
            kind = f"select_one {self.form.list_of('numbers', numbers)}"
            self.form.ask(kind, name, question, hint=hint, appearance=ROW)
            return
        own: dict[str, str | Say] = {}
        kind = "integer" if ask.way == "occurrences" else "decimal"
        if ask.way == "occurrences":
            own = {"constraint": ". >= 0", "constraint_message": said("must", "whole")}
            told = said("item", "occurrences")
            hints = hint
            hint = lambda lang: f"{told(lang)}\n{hints(lang)}"  # noqa: E731 -- two lines of one hint
        elif ask.points is not None:
            most = plain(ask.points)
            own = {"constraint": f". >= 0 and . <= {_decimal(ask.points)}"}
            own["constraint_message"] = said("must", "points", points=most)
        self.form.ask(kind, name, question, hint=hint, **own)

    def _counts(self, ask: Ask, question: Say, hint: Say) -> None:
        form = self.form
        form.ask("note", f"about_{self.names.stem(self.leaf, ask)}", question, hint=hint)
        none = f"{self.ref('looked', ask)} = 0"
        checked = self.ref("checked", ask)
        form.ask(
            "integer", self.name("checked", ask), said("item", "checked"), relevant=none,
            constraint=". >= 0", constraint_message=said("must", "whole"),
        )  # fmt: skip
        form.ask(
            "integer", self.name("failed", ask), said("item", "failed"),
            relevant=f"{none} and {checked} != ''",
            constraint=f". >= 0 and . <= {checked}", constraint_message=said("must", "failed"),
            required="yes",
        )  # fmt: skip

    def _word(self, word: str) -> Say:
        return lambda lang: answer_title(word, lang)

    def _beside(self, ask: Ask) -> None:
        form = self.form
        if self.lists(ask):
            self._sums(ask)
        form.ask(
            "text", self.name("note", ask), said("item", "note"), hint=said("item", "note_hint"),
            appearance="multiline", required=self._note_needed(ask),
            required_message=said("must", "note"),
        )  # fmt: skip
        self._person("person", ask)
        self._witness(ask)
        shown = ""
        for number, kind in enumerate(PHOTOS, 1):
            needed = "" if shown else self._photo_needed(ask)
            form.ask(
                "image", self.name(kind, ask), said("item", "photo", number=str(number)),
                parameters=PIXELS, relevant=f"{shown} != ''" if shown else "", required=needed,
                required_message=said("must", "photo") if needed else "",
            )  # fmt: skip
            shown = self.ref(kind, ask)
        if self.lists(ask):
            form.ask(
                "integer", self.name("more", ask), said("item", "more"), default="0",
                constraint=f". >= 0 and . <= {MOST}",
                constraint_message=said("must", "number", most=str(MOST)),
            )  # fmt: skip

    def _person(self, kind: str, ask: Ask, relevant: str = "") -> None:
        if self.leaf.people:
            handbook = self.blank.handbook
            people = [(choice(p.id), person_name(handbook, p)) for p in self.leaf.people]
            name, told = self.form.list_of("people", people), said("item", "person")
            self.form.ask(
                f"select_one {name}", self.name(kind, ask), told,
                appearance="minimal", relevant=relevant,
            )  # fmt: skip

    def _witness(self, ask: Ask) -> None:
        """Ask who else has seen it, where a veto waits for a second person and the item fails.

        Where there is nobody to choose, a name is written.
        """
        failing = self._failing(ask)
        if not ask.witness or not failing:
            return
        if self.lists(ask):
            failing = f"{failing} or {self.ref('bad', ask)} > 0"
        handbook = self.blank.handbook
        may = [(choice(p.id), person_name(handbook, p)) for p in self.blank.witnesses]
        self.form.ask(
            f"select_one {self.form.list_of('people', may)}" if may else "text",
            self.name("confirmed", ask),
            lambda lang: words(lang, "sheets")["column"]["confirmed"],
            hint=said("item", "confirmed_hint"),
            appearance="minimal" if may else "",
            relevant=failing,
        )

    def _sums(self, ask: Ask) -> None:
        """Count what the lists say; programs do not agree on the sum of rows that are not there."""
        for kind in ("bad", "mute", "good"):
            total = f"if({self.ref('more', ask)} > 0, sum({self.ref(f'free{kind}', ask)}), 0)"
            if "drawn" in self.ways(ask):
                total = f"sum({self.ref(f'drawn{kind}', ask)}) + {total}"
            self.form.ask("calculate", self.name(kind, ask), calculation=total)
        told = f"{self.ref('bad', ask)} + {self.ref('good', ask)}"
        self.form.ask("calculate", self.name("looked", ask), calculation=told)
        lines = [f"join('{ROW_SIGN}', {self.ref(f'{way}line', ask)})" for way in self.ways(ask)]
        joined = lines[0] if len(lines) == 1 else joined_by(ROW_SIGN, lines)
        self.form.ask("calculate", self.name("lines", ask), calculation=joined)
        looked, bad = self.ref("looked", ask), self.ref("bad", ask)
        self.form.ask(
            "note", self.name("counted", ask),
            said("item", "counted", checked=looked, failed=bad), relevant=f"{looked} > 0",
        )  # fmt: skip

    def ways(self, ask: Ask) -> tuple[str, ...]:
        """Say in which lists cases of an item stand."""
        return ("drawn", "free") if self.grid and ask.drawn else ("free",)

    # --- what must stand beside an answer --------------------------------------------------------

    def _failing(self, ask: Ask) -> str:
        """Say as an expression when the answer is a nonconformity, cases aside."""
        told = self.ref("value", ask)
        if ask.way == "word":
            day = self.blank.day
            bad = [
                word
                for word in ask.words
                if fails(RecordedAnswer(item=ask.item.id, result=word), ask.item, ask.answers, day)
            ]
            answer = self.ref("answer", ask)
            return " or ".join(f"{answer} = '{choice(word)}'" for word in bad)
        if ask.way == "cases":
            return f"{self.ref('failed', ask)} > 0"
        if ask.way == "points" and ask.points is not None:
            return f"({told} != '' and {told} < {_decimal(ask.points)})"
        return f"{told} > 0"

    def _note_needed(self, ask: Ask) -> str:
        asked = self.blank.handbook.records.note
        needed: list[str] = []
        failing = self._failing(ask)
        if "fail" in asked and failing:
            if ask.way == "occurrences":
                bad, mute = self.ref("bad", ask), self.ref("mute", ask)
                failing = f"({failing} and ({bad} = 0 or {mute} > 0))"
            needed.append(failing)
            if self.lists(ask):
                needed.append(f"{self.ref('mute', ask)} > 0")
        if "na" in asked and "na" in ask.words:
            needed.append(f"{self.ref('answer', ask)} = 'na'")
        return " or ".join(needed)

    def _photo_needed(self, ask: Ask) -> str:
        failing = self._failing(ask)
        if ask.item.severity not in self.blank.handbook.records.evidence or not failing:
            return ""
        listed = f" and {self.ref('bad', ask)} = 0" if self.lists(ask) else ""
        return f"({failing}){listed}"

    # --- cases -----------------------------------------------------------------------------------

    def _free(self, ask: Ask) -> None:
        """List cases that were not drawn: calls, forms, other tickets."""
        more = self.ref("more", ask)
        self.form.ask(
            "begin_repeat", f"cases_{self.names.stem(self.leaf, ask)}", fixed(ask.item.id),
            appearance="field-list", repeat_count=more, relevant=f"{more} > 0",
        )  # fmt: skip
        name = self.name("freeid", ask)
        self.form.ask(
            "text", name, said("item", "case_id"), hint=self.question(ask),
            required="yes", required_message=said("must", "id"),
        )  # fmt: skip
        self.case("free", ask, f"${{{name}}}", said("item", "case"))
        self.form.end("repeat")

    def case(self, way: str, ask: Ask, number: str, label: Say) -> None:
        """Ask about one item in one case, whose number the expression `number` gives."""
        form, results = self.form, self.form.list_of(
            "case", [(word, self._word(word)) for word in CASE_WORDS]
        )  # fmt: skip
        case = self.ref(f"{way}case", ask)
        kind = f"select_one {results}"
        form.ask(kind, self.name(f"{way}case", ask), label, appearance=ROW)
        parts = [(p, self.names.part(way, self.leaf, ask, p.id)) for p in ask.item.parts]
        for part, name in parts:
            # Nobody has to: where the whole conforms, a part that is left alone does.
            form.ask(
                kind, name, from_handbook(self.blank.handbook, part.title), appearance=ROW,
                relevant=f"{case} != '' and {case} != 'na'",
            )  # fmt: skip
        answered = f"{case} != ''"
        refs = [case, *(f"${{{name}}}" for _, name in parts)]
        failing = " or ".join(f"{ref} = 'no'" for ref in refs)
        bad, note = self.ref(f"{way}bad", ask), self.ref(f"{way}casenote", ask)
        form.ask("calculate", self.name(f"{way}bad", ask), calculation=f"if({failing}, 1, 0)")
        self._person(f"{way}caseperson", ask, answered)
        form.ask(
            "text", self.name(f"{way}casenote", ask), said("item", "case_note"), relevant=answered,
        )  # fmt: skip
        form.ask(
            "image", self.name(f"{way}casephoto", ask), said("item", "case_photo"),
            parameters=PIXELS, relevant=f"{bad} = 1",
        )  # fmt: skip
        form.ask(
            "calculate", self.name(f"{way}mute", ask),
            calculation=f"if({bad} = 1 and {note} = '', 1, 0)",
        )  # fmt: skip
        good = f"if({case} = 'yes' and {bad} = 0, 1, 0)"
        form.ask("calculate", self.name(f"{way}good", ask), calculation=good)
        words = [f"' {code(p.id)}=', ${{{name}}}" for p, name in parts]
        result = ", ".join([case, *words])
        cells = (
            f"translate({number}, '{_SIGNS}', '  ')",
            self.ref(f"{way}caseperson", ask) if self.leaf.people else "''",
            self.ref(f"{way}casephoto", ask),
            result,
            f"translate({note}, '{ROW_SIGN}', ' ')",
        )
        line = joined_by(FIELD_SIGN, cells)
        form.ask(
            "calculate", self.name(f"{way}line", ask), calculation=f"if({answered}, {line}, '')"
        )


def _decimal(number: Fraction) -> str:
    """Write points as a number of an expression, which knows no fractions."""
    if number.denominator == 1:
        return str(number.numerator)
    return f"({number.numerator} div {number.denominator})"


def sectioned(leaf: Leaf) -> Iterator[tuple[str, list[Ask]]]:
    """Give the items of a checklist by section, in the order of the sheet."""
    groups: dict[str, list[Ask]] = {}
    for ask in leaf.asks:
        groups.setdefault(ask.item.section or "", []).append(ask)
    yield from groups.items()
