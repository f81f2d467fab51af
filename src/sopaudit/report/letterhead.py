"""The letterhead of a report: logo, colours and lines that a handbook wants on its pages."""

import base64
import re
from typing import Final

from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.organisation import ReportSettings
from sopaudit.criteria.picture import kind
from sopaudit.press.charts import ACCENT, SIGNAL
from sopaudit.report.model import Letterhead
from sopaudit.report.seen import Speaker

_BRACES: Final = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")


def letterhead(speaker: Speaker) -> Letterhead:
    """Write the letterhead. Raises OSError where the logo has gone since the handbook was read."""
    settings, organisation = speaker.seen.handbook.report, speaker.seen.handbook.organisation
    logo = picture(speaker.seen.handbook)
    accent, signal = colours(settings)
    return Letterhead(
        logo=logo,
        logo_words=speaker.say(organisation.name) if logo else "",
        accent=accent,
        signal=signal,
        header=speaker.say(settings.header),
        footer=speaker.say(settings.footer),
        number=_number(speaker, settings.number or ""),
        confidentiality=speaker.say(settings.confidentiality),
    )


def picture(handbook: Handbook) -> str:
    """Give the logo as a data address; empty without one. Raises OSError where it has gone."""
    if handbook.report.logo is None:
        return ""
    content = (handbook.folder / handbook.report.logo).read_bytes()
    return f"data:{kind(content)};base64,{base64.b64encode(content).decode()}"


def colours(settings: ReportSettings) -> tuple[str, str]:
    """Give accent and signal, ours where the handbook has none."""
    own = settings.colours
    return (own.accent if own else None) or ACCENT, (own.signal if own else None) or SIGNAL


def _number(speaker: Speaker, pattern: str) -> str:
    """Fill in the document number; an audit that stands in tables is of no office and has none."""
    audit = speaker.seen.audit
    if audit is None:
        return ""
    known = {
        "audit.id": audit.id,
        "office.id": audit.office,
        "org.id": speaker.seen.handbook.organisation.id,
    }
    return _BRACES.sub(lambda found: known.get(found[1], found[0]), pattern)
