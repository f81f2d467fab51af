"""Where parts and money can be, what findings are called and how stock is counted: for the book."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from sopaudit.criteria.field import plain
from sopaudit.criteria.money import Ends, MoneyRules
from sopaudit.criteria.parts import Keyed, PartPlace, PartsRules
from sopaudit.report.handbook.model import Fact, Grid, MoneySheet, Said
from sopaudit.report.handbook.speaker import Speaker

_APART: dict[Keyed, str] = {"site": "site", "holder": "by_holder", "ticket": "by_ticket"}
"""The words for what accounts of a place are kept apart by."""


def statuses(speaker: Speaker, parts: PartsRules, of: Sequence[str]) -> Said:
    """Say the statuses of a part by the words of the list of codes they are from."""
    return speaker.joined(_coded(speaker, parts.status_codes, of), " / ")


def place_grid(speaker: Speaker, parts: PartsRules) -> Grid | None:
    """Write where a part can be; None where no place is named."""
    if not parts.places:
        return None
    return _grid(
        speaker.word("parts", "places"),
        (speaker.word("parts", key) for key in ("place", "sort", "statuses", "apart")),
        (_place(speaker, parts, place) for place in parts.places),
    )


def _place(speaker: Speaker, parts: PartsRules, place: PartPlace) -> tuple[Said, ...]:
    apart = [speaker.word("part_place", _APART[key]) for key in place.by]
    return (
        speaker.say(place.title),
        speaker.word("part_place", place.kind),
        statuses(speaker, parts, place.statuses),
        speaker.joined(apart, " / ") if apart else speaker.word("part_place", "all"),
    )


def loss_grid(speaker: Speaker, parts: PartsRules) -> Grid | None:
    """Write what findings are called and which rules find them; None where nothing is named."""
    if not parts.losses:
        return None
    return _grid(
        speaker.word("parts", "losses"),
        (speaker.word("parts", "loss"), speaker.word("parts", "found_by")),
        (
            (
                speaker.say(loss.title),
                speaker.joined((_rule(speaker, rule) for rule in loss.rules), " · "),
            )
            for loss in parts.losses
        ),
    )


def _rule(speaker: Speaker, named: str) -> Said:
    """Say a rule by id and title; `PR-18/2`, a part of one, is called by the title of the whole."""
    rule = speaker.handbook.rules.get(named.partition("/")[0])
    return speaker.joined((speaker.plain(named), speaker.say(rule.title) if rule else ()), " ")


def counting_facts(speaker: Speaker, parts: PartsRules) -> tuple[Fact, ...]:
    """Say how the lines of a stock count are drawn, and who may count; nothing where it is open."""
    counting = parts.counting
    if counting is None:
        return ()
    drawn = [
        *(
            speaker.word("parts", "share", name=name, share=_share(share))
            for name, share in counting.shares.items()
        ),
        *([speaker.word("parts", "lines", n=counting.at_least)] if counting.at_least else []),
        *([speaker.word("parts", "of_all", share=_share(counting.rate))] if counting.rate else []),
    ]
    dear = counting.always_from
    posts = speaker.joined((speaker.post(post) for post in counting.keepers), " / ")
    return speaker.facts(
        "parts",
        drawn=speaker.joined(drawn, " · "),
        always=() if dear is None else speaker.word("parts", "dear", n=plain(dear)),
        right=_rule(speaker, counting.rule),
        keepers=speaker.word("parts", f"may_{counting.keepers_may}", posts=posts) if posts else (),
    )


def _share(share: Fraction) -> str:
    """Write a share as a percentage where that is short, else as a fraction."""
    exact = plain(share * 100)
    return plain(share) if "/" in exact else f"{exact} %"


def money_sheet(speaker: Speaker, money: MoneyRules) -> MoneySheet:
    """Write where the money of customers can be, and which line of the book moves it."""
    places = {place.id: speaker.say(place.title) for place in money.places}
    method = _codes_of(speaker, money.method)
    methods = {
        "by_hand": speaker.joined(_coded(speaker, method, money.carried), " / "),
        "to_account": speaker.joined(_coded(speaker, method, money.direct), " / "),
    }
    kinds = _coded(speaker, _codes_of(speaker, money.kind), [move.id for move in money.moves])
    return MoneySheet(
        id="money",
        title=speaker.say(money.title),
        purpose=speaker.say(money.purpose),
        facts=(
            *speaker.facts("flow", edition=speaker.plain(money.edition)),
            *speaker.facts("money", book=speaker.form(money.book).title, **methods),
        ),
        places=_grid(
            speaker.word("money", "places"),
            (speaker.word("money", "place"), speaker.word("money", "sort")),
            ((places[place.id], speaker.word("money", place.kind)) for place in money.places),
        ),
        moves=_grid(
            speaker.word("money", "moves"),
            (speaker.word("money", key) for key in ("move", "carried", "direct")),
            (
                (kind, _way(speaker, places, move), _way(speaker, places, move.direct))
                for kind, move in zip(kinds, money.moves, strict=True)
            ),
        ),
    )


def _grid(title: Said, head: Iterable[Said], rows: Iterable[tuple[Said, ...]]) -> Grid:
    """Give a table that nothing refers to."""
    return Grid(id="", title=title, note=(), facts=(), head=tuple(head), rows=tuple(rows))


def _way(speaker: Speaker, places: dict[str, Said], ends: Ends | None) -> Said:
    if ends is None:
        return ()
    return speaker.joined((places[ends.from_], places[ends.to]), " → ")


def _codes_of(speaker: Speaker, field: str) -> str | None:
    """Give the list of codes that a field, `record.field`, takes its words from."""
    record, _, name = field.partition(".")
    known = speaker.handbook.records_kept.get(record)
    return next((f.codes for f in known.fields if f.id == name), None) if known else None


def _coded(speaker: Speaker, codes: str | None, words: Iterable[str]) -> list[Said]:
    """Say words by the titles of a list of codes; one that it does not have is said as it is."""
    known = speaker.handbook.codes.get(codes or "")
    titles = {code.id: code.title for code in known.codes} if known else {}
    return [speaker.say(titles[w]) if w in titles else speaker.plain(w) for w in words]
