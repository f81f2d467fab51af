"""A benchmark as the XML of XCCDF 1.2; the same content gives the same bytes."""

import re
from collections.abc import Mapping
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from sopaudit import __version__
from sopaudit.criteria.field import plain
from sopaudit.findings.rounding import decimal_text
from sopaudit.report.xccdf.model import (
    Benchmark,
    Group,
    Parts,
    Rule,
    Source,
    Test,
    Used,
    Wording,
    rules,
)
from sopaudit.report.xccdf.scores import MODELS, SYSTEM, scores

SPACE: Final = "http://checklists.nist.gov/xccdf/1.2"
OURS: Final = "urn:sopaudit:xccdf:1"
"""The namespace of what the standard has no word for: editions, digests, the own score."""

CHECKING: Final = "urn:sopaudit:answers:1"
"""The system that decides a rule: somebody who answers a question."""

TEST_SYSTEM: Final = f"cpe:/a:sopaudit:sopaudit:{__version__}"

_SPACES: Final = {
    "xmlns": SPACE,
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:sopaudit": OURS,
}

_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold in any way."""

_NO_NAME: Final = re.compile("[^A-Za-z0-9._-]")
"""What an id of the file does without; those of a handbook have none of it."""


def xccdf(benchmark: Benchmark) -> str:
    """Write a benchmark with its results and the four scores."""
    return _Writer(benchmark).written()


class _Writer:
    """One file while it is written."""

    def __init__(self, benchmark: Benchmark) -> None:
        self.benchmark = benchmark
        self._ids: dict[str, str] = {}
        """Ids that are taken, and by what."""

    def written(self) -> str:
        told = self.benchmark
        top = Element(
            "Benchmark",
            {
                **_SPACES,
                "id": self.id("benchmark", told.id),
                "resolved": "true",
                "xml:lang": told.title[0][0],
            },
        )
        status = _said(top, "status", "accepted")
        if told.since is not None:
            status.set("date", str(told.since))
        _wording(top, "title", told.title)
        _wording(top, "description", told.description)
        _said(top, "version", told.edition)
        self._metadata(SubElement(top, "metadata"))
        for model in MODELS:
            SubElement(top, "model", system=f"{SYSTEM}{model}")
        self._parts(top, told.parts)
        self._test(SubElement(top, "TestResult"), told.test)
        indent(top)
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(top, encoding="unicode")}\n'

    def id(self, kind: str, name: str) -> str:
        """Give the id of a thing in the form of the standard; two things never share one."""
        plain_name = _NO_NAME.sub("-", name)
        for n in range(1, len(self._ids) + 2):
            made = f"xccdf_{self.benchmark.space}_{kind}_{plain_name}{f'_{n}' if n > 1 else ''}"
            if self._ids.setdefault(made, name) == name:
                return made
        raise AssertionError(name)  # there are more numbers than ids

    def _metadata(self, home: Element) -> None:
        told = self.benchmark
        _said(home, "dc:title", told.title[0][1])
        for _, name in told.publisher[:1]:
            _said(home, "dc:publisher", name)
            _said(home, "dc:creator", name)
        _said(home, "dc:identifier", f"{told.id}/{told.edition}")
        for used in told.used:
            _used(home, used)

    def _parts(self, home: Element, parts: Parts) -> None:
        for part in parts:
            if isinstance(part, Group):
                group = SubElement(home, "Group")
                group.set("id", self.id("group", part.id))
                group.set("weight", plain(part.weight))
                _wording(group, "title", part.title)
                self._parts(group, part.parts)
            else:
                self._rule(SubElement(home, "Rule"), part)

    def _rule(self, home: Element, rule: Rule) -> None:
        home.set("id", self.id("rule", rule.id))
        home.set("weight", plain(rule.weight))
        home.set("severity", rule.severity)
        home.set("role", _role(rule))
        _wording(home, "title", rule.title)
        _wording(home, "description", rule.description)
        for standard in rule.standards:
            _said(home, "reference", standard, href=f"urn:sopaudit:standard:{standard}")
        _said(home, "ident", rule.id, system="urn:sopaudit:item")
        _check(home, rule.source)

    def _test(self, home: Element, test: Test) -> None:
        home.set("id", self.id("testresult", test.id))
        if test.begin is not None:
            home.set("start-time", test.begin)
        home.set("end-time", test.end)
        home.set("test-system", TEST_SYSTEM)
        home.set("version", self.benchmark.edition)
        benchmark = self.id("benchmark", self.benchmark.id)
        SubElement(home, "benchmark", href=f"#{benchmark}", id=benchmark)
        _wording(home, "title", test.title)
        for name in test.organisation:
            _said(home, "organization", name)
        if test.auditor is not None:
            _said(home, "identity", test.auditor, authenticated="false", privileged="false")
        _said(home, "target", test.target)
        facts = SubElement(home, "target-facts")
        for name, value in test.facts:
            _said(facts, "fact", value, name=f"urn:sopaudit:fact:{name}", type="string")
        for rule in rules(self.benchmark.parts):
            self._result(SubElement(home, "rule-result"), rule)
        self._scores(home)
        if test.own:
            self._own(SubElement(home, "metadata"), test)

    def _result(self, home: Element, rule: Rule) -> None:
        home.set("idref", self.id("rule", rule.id))
        home.set("role", _role(rule))
        home.set("severity", rule.severity)
        home.set("weight", plain(rule.weight))
        if rule.at is not None:
            home.set("time", rule.at.isoformat())
        _said(home, "result", rule.result)
        for message in rule.messages:
            _said(home, "message", message.text, severity=message.severity)
        _check(home, rule.source)

    def _scores(self, home: Element) -> None:
        for told in scores(self.benchmark.parts):
            score, most = decimal_text(told.score, None), decimal_text(told.maximum, None)
            _said(home, "score", score, system=f"{SYSTEM}{told.model}", maximum=most)

    def _own(self, home: Element, test: Test) -> None:
        for own in test.own:
            told = SubElement(home, "sopaudit:score", _clean(dict(own.values)))
            for limit in own.limits:
                SubElement(told, "sopaudit:limit", id=limit)
        # The standard has a place for them, which oscap does not know and complains of.
        for remark in test.remarks:
            _wording(home, "sopaudit:remark", remark)


def _role(rule: Rule) -> str:
    return "full" if rule.scored else "unscored"


def _used(home: Element, used: Used) -> None:
    told = {"kind": used.kind, "id": used.id, "edition": used.edition}
    SubElement(home, "sopaudit:used", {**told, **({"digest": used.digest} if used.digest else {})})


def _check(home: Element, source: Source | None) -> None:
    check = SubElement(home, "check", system=CHECKING)
    if source is not None:
        SubElement(check, "check-content-ref", href=source.file, name=source.name)


def _wording(home: Element, tag: str, wording: Wording) -> None:
    for lang, text in wording:
        _said(home, tag, text, **{"xml:lang": lang})


def _said(home: Element, tag: str, text: str, **attributes: str) -> Element:
    """Put in an element with a text."""
    made = SubElement(home, tag, _clean(attributes))
    made.text = _FORBIDDEN.sub("", text)
    return made


def _clean(attributes: Mapping[str, str]) -> dict[str, str]:
    return {name: _FORBIDDEN.sub("", value) for name, value in attributes.items()}
