"""The words of an XCCDF file, which holds the languages of its handbook side by side."""

from collections.abc import Sequence

from sopaudit.criteria.field import Text
from sopaudit.criteria.handbook import Handbook
from sopaudit.press.words import words
from sopaudit.report.derivation import Teller
from sopaudit.report.xccdf.model import Wording


class Voices:
    """Puts texts into several languages."""

    def __init__(self, handbook: Handbook, languages: Sequence[str]) -> None:
        self.handbook = handbook
        self.languages = languages
        self.tellers = {lang: Teller(handbook, lang) for lang in languages}
        """What reports say, by language."""

        self.words = {lang: words(lang, "xccdf") for lang in languages}
        """What only this file says, by language."""

    def said(self, text: Text) -> Wording:
        """Give a text in those of the languages it is written in, else in the one it is in.

        A plain one, which is the same in all of them, counts as the first.
        """
        spoken = [lang for lang in self.languages if lang in text.languages]
        spoken = spoken or [*text.languages[:1]] or [self.languages[0]]
        return tuple((lang, self.handbook.say(text, lang)) for lang in spoken)

    def filled(self, section: str, key: str, **values: object) -> Wording:
        """Fill a sentence of ours."""
        return tuple(
            (lang, told[section][key].format_map(values)) for lang, told in self.words.items()
        )

    def of_reports(self, section: str, key: str) -> Wording:
        """Give words that reports have too."""
        return tuple((lang, teller.words[section][key]) for lang, teller in self.tellers.items())
