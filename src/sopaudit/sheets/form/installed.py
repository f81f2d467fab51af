"""The form as a folder for any static https address: a phone installs it and needs no network then.

A browser installs only what has a manifest and a service worker, and both must be files of their
own; so what is one file everywhere else is four here.
"""

import hashlib
import json
from importlib.resources import files
from typing import Final

from sopaudit.sheets.blank import Blank
from sopaudit.sheets.form.blank import form, heading

_LINKS: Final = '<link rel="manifest" href="manifest.webmanifest"><link rel="icon" href="icon.svg">'
_ACCENT: Final = "#00566b"


def folder(blank: Blank, lang: str) -> dict[str, bytes]:
    """Write the files of the folder, by name; equal blanks are equal bytes."""
    page = form(blank, lang, _LINKS)
    beside = files("sopaudit.sheets.form")
    worker = beside.joinpath("sw.js").read_text(encoding="utf-8")
    digest = hashlib.sha256(page).hexdigest()[:16]
    return {
        "index.html": page,
        "manifest.webmanifest": _manifest(blank, lang),
        "sw.js": worker.replace("%DIGEST%", digest).encode(),
        "icon.svg": beside.joinpath("icon.svg").read_bytes(),
    }


def _manifest(blank: Blank, lang: str) -> bytes:
    title = heading(blank, lang)
    told = {
        "name": f"{title} {blank.audit.id}" if blank.audit else title,
        "short_name": title,
        "lang": "zh-CN" if lang == "zh" else lang,
        "id": f"./?{blank.name}",
        "start_url": "./",
        "scope": "./",
        "display": "standalone",
        "background_color": "#f3f5f5",
        "theme_color": _ACCENT,
        "icons": [{"src": "icon.svg", "sizes": "any", "type": "image/svg+xml"}],
    }
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()
