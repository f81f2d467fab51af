"""What the book says of itself as a controlled document, and its letterhead."""

from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.organisation import DocumentControl
from sopaudit.report.handbook.model import Control, RevisionRow
from sopaudit.report.handbook.speaker import Speaker
from sopaudit.report.letterhead import colours, picture
from sopaudit.report.model import Letterhead


def control(speaker: Speaker) -> Control | None:
    """Write the document control; None where the handbook says nothing of it."""
    document = speaker.handbook.document
    if document is None:
        return None
    return Control(
        number=document.number,
        edition=f"{speaker.handbook.edition} / {document.revision}",
        facts=speaker.facts(
            "control",
            number=speaker.plain(document.number),
            edition=speaker.plain(f"{speaker.handbook.edition} / {document.revision}"),
            issued=speaker.plain(document.issued_on),
            effective=speaker.plain(document.effective_on),
            keeper=speaker.say(document.keeper),
            status=_status(speaker, document),
        ),
        status=_status(speaker, document),
        approvals=tuple(
            speaker.fact("control", key, speaker.joined(_person(speaker, staff), "  "))
            for key, staff in (
                ("prepared", document.prepared_by),
                ("reviewed", document.reviewed_by),
                ("approved", document.approved_by),
            )
        ),
        revisions=tuple(
            RevisionRow(
                revision.edition,
                str(revision.date),
                speaker.say(revision.what),
                speaker.joined(_person(speaker, revision.by)[:1]),
            )
            for revision in document.revisions
        ),
    )


def _status(speaker: Speaker, document: DocumentControl) -> tuple[str, ...]:
    return speaker.word("control", "controlled" if document.controlled else "uncontrolled")


def _person(speaker: Speaker, staff: str | None) -> tuple[tuple[str, ...], ...]:
    if staff is None:
        return ()
    person = speaker.handbook.person(staff)
    name = speaker.say(person.name) if person is not None else ()
    return (name, speaker.word("control", "staff", staff=staff))


def created(handbook: Handbook) -> str:
    """Give the day of the book: issued, else in force; empty where neither is said."""
    document = handbook.document
    return "" if document is None else str(document.issued_on or document.effective_on or "")


def book_letterhead(speaker: Speaker) -> Letterhead:
    """Write the letterhead. Raises OSError where the logo has gone since the handbook was read."""
    handbook, settings = speaker.handbook, speaker.handbook.report
    logo = picture(handbook)
    accent, signal = colours(settings)
    named = " ".join(speaker.say(handbook.organisation.name)[:1])
    return Letterhead(
        logo=logo,
        logo_words=named if logo else "",
        accent=accent,
        signal=signal,
        header="",
        footer=" ".join(speaker.say(settings.footer)),
        number=handbook.document.number if handbook.document else "",
        confidentiality=" ".join(speaker.say(settings.confidentiality)),
    )
