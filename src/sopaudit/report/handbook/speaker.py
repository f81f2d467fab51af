"""What the book says, in each of its languages at once."""

from collections.abc import Iterable
from dataclasses import dataclass

from sopaudit.criteria.duration import Duration
from sopaudit.criteria.field import Text
from sopaudit.criteria.handbook import Handbook
from sopaudit.press.words import words
from sopaudit.report.handbook.model import Fact, Named, Said


@dataclass(frozen=True)
class Speaker:
    """A handbook, and the languages its book is in."""

    handbook: Handbook
    languages: tuple[str, ...]

    def say(self, text: Text | None) -> Said:
        """Say what somebody wrote; nothing where nothing is written."""
        if text is None:
            return ()
        return self._same(self.handbook.say(text, lang) for lang in self.languages)

    def word(self, section: str, key: str, **values: object) -> Said:
        """Say words of ours; a `Said` among the values is taken in the same language."""
        return self._same(
            words(lang, "book")[section][key].format(
                **{
                    name: self._in(value, n) if isinstance(value, tuple) else value
                    for name, value in values.items()
                }
            )
            for n, lang in enumerate(self.languages)
        )

    def plain(self, text: object) -> Said:
        """Say what is the same in every language; nothing for nothing."""
        return (str(text),) if text not in (None, "") else ()

    def length(self, length: Duration | None) -> Said:
        """Say a length of time."""
        return () if length is None else self._same(length.to(lang) for lang in self.languages)

    def joined(self, parts: Iterable[Said], between: str = " · ") -> Said:
        """Say several things in a row, leaving out what is empty."""
        told = [part for part in parts if part]
        if not told:
            return ()
        return self._same(
            between.join(self._in(part, n) for part in told) for n in range(len(self.languages))
        )

    def fact(self, section: str, key: str, value: Said) -> Fact:
        """Label what is said."""
        return Fact(self.word(section, key), value)

    def facts(self, section: str, **values: Said) -> tuple[Fact, ...]:
        """Label several things, leaving out what is empty."""
        return tuple(self.fact(section, key, value) for key, value in values.items() if value)

    def post(self, post: str) -> Said:
        """Say the title of a post."""
        return self.say(self.handbook.posts[post].title)

    def form(self, form: str) -> Named:
        """Name a form; one that no register has keeps its id."""
        known = {**self.handbook.forms, **self.handbook.records_kept}
        return Named(form, self.say(known[form].title) if form in known else self.plain(form))

    def severity(self, severity: str | None) -> Said:
        """Say a severity; nothing where there is none."""
        return () if severity is None else self.word("severity", severity)

    @staticmethod
    def _in(said: Said, n: int) -> str:
        return said[n] if n < len(said) else said[-1] if said else ""

    @staticmethod
    def _same(words: Iterable[str]) -> Said:
        """Say once what reads the same in every language."""
        told = tuple(words)
        return told[:1] if len(set(told)) == 1 else told
