"""The signs of the charts, small enough for the legend."""

from markupsafe import Markup

_INK = "#16212b"

_DRAWN = {
    "start": '<circle cx="20" cy="8" r="6" fill="#fff" stroke="{ink}" stroke-width="1"/>',
    "end": '<circle cx="20" cy="8" r="6" fill="#fff" stroke="{ink}" stroke-width="2.4"/>',
    "step": '<rect x="4" y="1.5" width="32" height="13" rx="2" fill="#fff" stroke="{ink}"/>',
    "decision": '<polygon points="20,1 37,8 20,15 3,8" fill="#fff" stroke="{ink}"/>',
    "subflow": '<rect x="4" y="1.5" width="32" height="13" rx="2" fill="#fff" stroke="{ink}"/>'
    '<line x1="8" y1="1.5" x2="8" y2="14.5" stroke="{ink}"/>'
    '<line x1="32" y1="1.5" x2="32" y2="14.5" stroke="{ink}"/>',
    "fork": '<rect x="4" y="6.5" width="32" height="3" fill="{ink}"/>',
    "paper": '<path d="M6 1.5H34V12.5C27 9.5 20 16.5 6 13.5Z" fill="#fff" stroke="{ink}"/>',
    "continues": '<polygon points="4,1.5 30,1.5 37,8 30,14.5 4,14.5" fill="#fff" stroke="{ink}"/>',
    "back": '<line x1="3" y1="8" x2="32" y2="8" stroke="{ink}" stroke-dasharray="4 2.5"/>'
    '<polygon points="38,8 31,5 31,11" fill="{ink}"/>',
}


def sign(shape: str) -> Markup:
    """Draw the sign of a kind of box, as the charts have it; nothing for a kind without one."""
    drawn = _DRAWN.get(shape, "").format(ink=_INK)
    return Markup(  # noqa: S704 -- all of it is ours
        '<svg class="sign" width="11mm" height="4.4mm" viewBox="0 0 40 16" aria-hidden="true">'
        f"{drawn}</svg>"
    )
