"""What accounts are kept by, as numbers: sites, parts, serials, people, tickets."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sopaudit.evidence.answers import Ints
from sopaudit.evidence.column import Coded
from sopaudit.evidence.habits import habits, key


class Dimension:
    """Texts of one sort as numbers, the same for the same text in every record; 0 says nothing.

    Two writings of one text that differ in width, case or blanks are one (domain, trap 6).
    """

    def __init__(self) -> None:
        self.texts: list[str] = [""]
        self._known: dict[str, int] = {"": 0}

    def __len__(self) -> int:
        return len(self.texts)

    def number(self, text: str) -> int:
        """Give the number of a text, a new one where it is new."""
        said = "" if habits().blank(text) else key(text)
        found = self._known.get(said)
        if found is None:
            found = self._known[said] = len(self.texts)
            self.texts.append(text)
        return found

    def find(self, text: str) -> int:
        """Give the number of a text; -1 where nobody has named it."""
        return self._known.get("" if habits().blank(text) else key(text), -1)

    def codes(self, cells: Coded) -> Ints:
        """Give the numbers of a column."""
        if not cells.size:
            return np.zeros(len(cells.codes), np.int32)
        said, folded = cells.distinct(), cells.folded
        table = np.zeros(cells.size, np.int32)
        known, texts = self._known, self.texts
        found = []
        for code, text in folded.items():
            number = known.get(text)
            if number is None:
                number = known[text] = len(texts)
                texts.append(said[code])
            elif number and said[code] < texts[number]:
                # Of several writings one is shown, whichever row comes first.
                texts[number] = said[code]
            found.append(number)
        table[list(folded)] = found
        return table[cells.codes]

    def spelled(self, codes: npt.NDArray[np.integer]) -> list[str]:
        """Spell numbers out."""
        texts: Sequence[str] = self.texts
        return [texts[code] for code in codes.tolist()]
