"""Schemas and modelines as an editor uses them: the language server behind VS Code's YAML.

It is spoken to over its standard input and output, as an editor does.
"""

import json
import queue
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from tests.patience import PATIENCE

from sopaudit.cli.new import new
from sopaudit.cli.schema import FOLDER, models, schemas
from sopaudit.criteria.words import key_words, scheme_words
from sopaudit.reading.document import Map
from sopaudit.reading.events import read

ROOT: Final = Path(__file__).parents[2]
SERVER: Final = Path(__file__).parent / "node_modules/yaml-language-server/bin/yaml-language-server"

Message = dict[str, Any]
Flagged = list[tuple[int, str]]
"""Lines, counted from 1, and what is said of them."""


class Editor:
    """An editor that has one folder open."""

    def __init__(self, folder: Path, settings: Message | None = None, locale: str = "en") -> None:
        self.folder = folder
        self.settings = settings or {}
        self.server = subprocess.Popen(
            ["node", str(SERVER), "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.heard: queue.Queue[Message] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        self.asked = 0
        self.opened: list[str] = []
        self.ask(
            "initialize",
            processId=None,
            locale=locale,
            rootUri=folder.as_uri(),
            workspaceFolders=[{"uri": folder.as_uri(), "name": folder.name}],
            capabilities={
                "workspace": {"configuration": True, "workspaceFolders": True},
                "textDocument": {
                    "hover": {"contentFormat": ["markdown"]},
                    "completion": {"completionItem": {"documentationFormat": ["markdown"]}},
                },
            },
        )
        self.tell("initialized")
        self.tell("workspace/didChangeConfiguration", settings=None)
        self._until(lambda said: said.get("method") == "workspace/configuration")

    def close(self) -> None:
        """Take leave, so that the server ends by itself."""
        self.ask("shutdown")
        self.tell("exit")
        self.server.wait(PATIENCE)
        for pipe in (self.server.stdin, self.server.stdout):
            if pipe is not None:
                pipe.close()

    def ask(self, method: str, **params: object) -> Any:  # noqa: ANN401 -- whatever the server says
        """Ask the server and give its answer."""
        self.asked += 1
        self._send({"id": self.asked, "method": method, "params": params})
        answer = self._until(lambda said: said.get("id") == self.asked and "method" not in said)
        return answer["result"]

    def tell(self, method: str, **params: object) -> None:
        """Tell the server something it does not answer."""
        self._send({"method": method, "params": params})

    def open(self, name: str, text: str | None = None) -> str:
        """Open a file of the folder, or `text` as a further one beside it; gives its address."""
        path = self.folder / name
        if text is not None:
            path = path.with_stem(f"{path.stem}-{len(self.opened)}")
        uri = path.as_uri()
        if uri not in self.opened:
            self.opened.append(uri)
            text = path.read_text(encoding="utf-8") if text is None else text
            document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
            self.tell("textDocument/didOpen", textDocument=document)
        return uri

    def flagged(self, name: str, text: str | None = None) -> Flagged:
        """Open a file and give what is underlined in it."""
        uri = self.open(name, text)
        method = "textDocument/publishDiagnostics"
        said = self._until(lambda s: s.get("method") == method and s["params"]["uri"] == uri)
        found = said["params"]["diagnostics"]
        return sorted((each["range"]["start"]["line"] + 1, each["message"]) for each in found)

    def shown(self, uri: str, line: int, column: int) -> str:
        """Give what is shown beside a spot, counted from 1."""
        found = self.ask("textDocument/hover", **spot(uri, line, column))
        return str(found["contents"]["value"]) if found else ""

    def offered(self, uri: str, line: int, column: int) -> dict[str, str]:
        """Give what is offered at a spot: what is listed, and what would be inserted."""
        found = self.ask("textDocument/completion", **spot(uri, line, column))["items"]
        return {item["label"]: item["textEdit"]["newText"] for item in found}

    def _send(self, message: Message) -> None:
        raw = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.server.stdin is not None
        self.server.stdin.write(b"Content-Length: %d\r\n\r\n" % len(raw) + raw)
        self.server.stdin.flush()

    def _listen(self) -> None:
        out = self.server.stdout
        assert out is not None
        while head := out.readline():
            while out.readline().strip():
                pass
            self.heard.put(json.loads(out.read(int(head.split(b":")[1]))))

    def _until(self, wanted: Callable[[Message], bool]) -> Message:
        """Listen until the server says what is wanted, answering its own questions meanwhile."""
        while True:
            said = self.heard.get(timeout=PATIENCE)
            if "id" in said and "method" in said:
                self._send({"id": said["id"], "result": self._answer(said)})
            if wanted(said):
                return said

    def _answer(self, said: Message) -> object:
        if said["method"] != "workspace/configuration":
            return None
        return [self.settings.get(item.get("section")) for item in said["params"]["items"]]


def spot(uri: str, line: int, column: int) -> Message:
    place = {"line": line - 1, "character": column - 1}
    return {"textDocument": {"uri": uri}, "position": place}


@pytest.fixture(scope="module")
def editor() -> Iterator[Editor]:
    """Open an editor without settings of ours: the first line of a file alone brings a schema."""
    editor = Editor(ROOT)
    yield editor
    editor.close()


PLACES: Final = {
    "sopaudit": "x.yaml",
    "post": "sops/posts/x.yaml",
    "rules": "sops/x.yaml",
    "checklist": "checklists/x.yaml",
    "branch": "checklists/x.yaml",
    "scheme": "checklists/schemes/x.yaml",
    "audit": "audits/x/x.yaml",
    "mapping": "x.yaml",
    "log": "x.yaml",
    "data": "audits/x/data/x.yaml",
    "workflow": "sops/workflows/x.yaml",
    "parts": "sops/x.yaml",
    "money": "sops/x.yaml",
    "kpis": "sops/x.yaml",
    "forms": "sops/x.yaml",
    "records": "sops/x.yaml",
    "events": "sops/x.yaml",
    "codes": "sops/x.yaml",
    "calendar": "sops/x.yaml",
    "glossary": "sops/x.yaml",
    "suppressions": "sops/x.yaml",
    "table": "sops/tables/x.yaml",
}
"""A file of each kind that is not there; what it holds is handed to the server as text."""


def modeline(kind: str) -> str:
    up = "../" * PLACES[kind].count("/")
    return f"# yaml-language-server: $schema={up}{FOLDER}/{kind}.json\n"


def yaml_files() -> list[str]:
    """List the files of this repository that a handbook keeps."""
    books = (ROOT, ROOT / "examples/fhrs", ROOT / "examples/king-county")
    parts = ("sopaudit.yaml", "mapping.yaml", "sops/**/*", "checklists/**/*", "audits/*/audit.yaml")
    found = {p for book in books for part in parts for p in book.glob(part) if p.suffix == ".yaml"}
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


# --- what is flagged -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", yaml_files())
def test_nothing_is_flagged_in_a_good_file_which_is_held_to_its_schema(
    editor: Editor, name: str
) -> None:
    assert editor.flagged(name) == []
    kind = re.search(r"(\w+)\.json$", (ROOT / name).read_text(encoding="utf-8").split("\n")[0])
    assert kind is not None
    key = next(iter(read(ROOT / name).data.keys_at.values()))
    assert f"Source: [{kind[1]}.json]" in editor.shown(editor.open(name), *key)


HEAD: Final = {
    "sopaudit": 'edition: "1"\ntitle: 甲\nlanguages: [zh]\norganisation: {id: A, name: 甲}\n',
    "post": 'id: A\nedition: "1"\ntitle: 甲\npurpose: 甲\nsteps: [{id: B, step: 乙, standards: [{'
    "id: C, standard: 丙}]}]\n",
    "rules": 'edition: "1"\nrules: [{id: A, title: 甲, passes: 乙}]\n',
    "checklist": 'id: A\nedition: "1"\ntitle: 甲\nscheme: s\nitems: [{id: B, question: 乙}]\n',
    "branch": 'id: A\nedition: "1"\ntitle: 甲\nscheme: s\nof: [{checklist: B, weight: 1}]\n',
    "scheme": 'id: A\nedition: "1"\ntitle: 甲\nanswers: number\n',
    "audit": "id: A\noffice: B\nperiod: {from: 2026-01-01, to: 2026-01-31}\ndate: 2026-02-01\n"
    "kind: self\nteam: [{person: '1', role: leader}]\n",
    "log": "case: c\nactivity: a\ntime: t\n",
    "data": "zone: Asia/Shanghai\n",
    "mapping": "tables: [t]\naudit: a\nanswers: {item: i, result: r}\n",
    "workflow": 'id: A\nedition: "1"\ntitle: 甲\nlanes: [{id: L}]\nnodes: [{id: B, lane: L}]\n',
    "money": 'edition: "1"\ntitle: 甲\nkind: b.kind\namount: b.amount\nmethod: b.method\n'
    "charged: c.amount\nperson: [b.by]\ncarried: [cash]\n"
    "places: [{id: P, title: 乙, kind: person}]\nmoves: [{id: M, from: P, to: P}]\n",
    "parts": 'id: A\nedition: "1"\ntitle: 甲\nstages: [{id: S, title: 乙}]\n'
    "rules: [{id: B, title: 丙, passes: 丁}]\n",
    "kpis": 'edition: "1"\nkpis: [{id: A, title: 甲, formula: 乙, kind: rate}]\n',
    "forms": 'edition: "1"\nforms: [{id: A, title: 甲, fields: [{id: B, title: 乙}]}]\n',
    "records": 'edition: "1"\nrecords: [{id: A, title: 甲, fields: [{id: B, title: 乙}]}]\n',
    "events": 'edition: "1"\nevents: [{id: A, title: 甲}]\n',
    "codes": 'edition: "1"\nlists: [{id: A, title: 甲, codes: [{id: B, title: 乙}]}]\n',
    "calendar": 'edition: "1"\nworkdays: [monday]\nhours: ["08:30-12:00"]\n',
    "glossary": 'edition: "1"\nterms: [{id: A, term: 甲}]\n',
    "suppressions": 'edition: "1"\nsuppressions: [{rule: A, reason: 甲, by: "1", from: 2026-01-01, '
    "until: 2026-01-31}]\n",
    "table": 'id: A\nedition: "1"\ntitle: 甲\ncolumns: [{id: B, title: 乙}]\n',
}
"""The least that a file of each kind holds; a line of a mistake follows."""

ONE_FILE: Final = (
    *("parts", "money", "kpis", "forms", "records", "events", "codes", "calendar", "glossary"),
    "suppressions",
)
"""Kinds of which a handbook has one file, named like them."""

BAD: Final = {
    "hours that are none": ("calendar", "openings: [{hours: [早上]}]", "上班时间"),
    "a weekday there is not": ("calendar", "openings: [{workdays: [someday]}]", '"monday"'),
    "a key nobody knows": ("sopaudit", "colour: red", "Property colour is not allowed."),
    "a typing mistake in a key": ("sopaudit", "offices: [{id: A, titel: 乙}]", '"title"'),
    "nothing after a key": ("sopaudit", "units:", "Incorrect type"),
    "text where a list is wanted": ("sopaudit", "regions: 西南", "Incorrect type"),
    "an empty name": ("sopaudit", 'roster: [{id: "1", name: ""}]', "这里要写文字"),
    "a date with slashes": (
        "sopaudit",
        "roster: [{id: A, name: 甲, from: 2026/1/1}]",
        "日期要写成",
    ),
    "a Chinese id": (
        "post",
        "forbidden: [{id: 禁, phrase: 甲, instead: 乙, step: B}]",
        "编号只能用",
    ),
    "a list for text": ("post", "source: [3, 2]", "这里要写一个词"),
    "a rule without a title": ("rules", "x: 1", "Property x is not allowed."),
    "points in words": ("checklist", "points: 一百", "这里要写一个数"),
    "points with their unit": ("checklist", "points: 100分", "这里要写一个数"),
    "points below zero": ("checklist", "points: -1", "below the minimum of 0"),
    "a label without values": ("checklist", "labels: {color: red}", "Incorrect type"),
    "a weight left out": ("branch", "provenance:", "这里要写一个词"),
    "a share in words": ("scheme", "sections: [{id: A, weight: half}]", "这里要写一个数"),
    "a way to round there is not": ("scheme", "round: {to: 0.1, mode: up_half}", '"half_up"'),
    "a best score of ten": ("scheme", "scale: 10", "Valid values: 1, 100."),
    "a limit on nothing": ("scheme", "limits: [{grade: E}]", 'Missing property "any".'),
    "a limit that may be confirmed": (
        "scheme",
        "limits: [{any: item, confirm: 也许}]",
        "yes（是）",
    ),
    "half an item": ("scheme", "limits: [{any: item, times: 1.5}]", "整数"),
    "a state there is not": ("audit", "state: done", '"provisional"'),
    "a remark without words": ("audit", "observations: [{item: A}]", 'Missing property "text".'),
    "an unknown way to write dates": ("log", "dates: american", '"day_first"'),
    "a column as a list": ("mapping", "date: [day]", "这里要写一个词"),
    "a key twice": ("checklist", "id: B", "Map keys must be unique"),
    "a tab": ("checklist", "sections:\n\t- id: A", "Tabs are not allowed"),
}
"""What is wrong, the kind of file, the line that follows its head, and what must be said of it."""


@pytest.mark.parametrize("kind", HEAD)
def test_the_heads_of_the_bad_files_are_good(editor: Editor, kind: str) -> None:
    assert editor.flagged(PLACES[kind], modeline(kind) + HEAD[kind]) == []


@pytest.mark.parametrize("mistake", BAD)
def test_a_mistake_is_flagged_in_its_line_and_nowhere_else(editor: Editor, mistake: str) -> None:
    kind, lines, said = BAD[mistake]
    top = modeline(kind) + HEAD[kind]
    flagged = editor.flagged(PLACES[kind], f"{top}{lines}\n")
    wrong = top.count("\n") + lines.count("\n") + 1
    assert {line for line, _ in flagged} == {wrong}, flagged
    assert said in " ".join(message for _, message in flagged)


@pytest.mark.parametrize("kind", HEAD)
def test_a_key_that_must_be_there_is_missed(editor: Editor, kind: str) -> None:
    for key in schemas()[kind].get("required", ()):
        kept = [line for line in HEAD[kind].splitlines() if not line.startswith(f"{key}:")]
        flagged = editor.flagged(PLACES[kind], modeline(kind) + "\n".join(kept))
        assert (2, f'Missing property "{key}".') in flagged


def test_the_first_line_is_what_brings_the_schema(editor: Editor) -> None:
    text = HEAD["checklist"] + "colour: red\n"
    place = PLACES["checklist"]
    assert editor.flagged(place, text) == []
    assert editor.flagged(place, modeline("checklist") + text) != []
    elsewhere = editor.flagged(place, modeline("branch") + text)
    assert 'Missing property "of".' in {message for _, message in elsewhere}


def test_what_the_server_says_of_its_own_is_chinese_in_a_chinese_editor() -> None:
    editor = Editor(ROOT, locale="zh-cn")
    text = modeline("checklist") + HEAD["checklist"] + "colour: red\n"
    ((_, message),) = editor.flagged(PLACES["checklist"], text)
    editor.close()
    assert "colour" in message
    assert re.search(r"[\u4e00-\u9fff]", message)


# --- what is shown -------------------------------------------------------------------------------

WORDS: Final = {**key_words(), **key_words("sopaudit.evidence"), "Scheme": scheme_words()}


CHOSEN: Final = frozenset(
    {"where", "with", "rows", "exits", "answers", "count"}
    | {"rates", "table", "labels", "facts", "earned"}
)
"""Under these stand labels, settings, columns, exits and items, whatever they are called."""

LABELS: Final = {"schemes": frozenset({"level", "step"})}
"""By folder: labels of items that are called like keys of other files."""


def keys(value: object) -> Iterator[tuple[str, int, int]]:
    """List the keys of a file with their places, but for those its author chose."""
    if isinstance(value, Map):
        for key, (line, column) in value.keys_at.items():
            yield key, line, column
            if key not in CHOSEN:
                yield from keys(value[key])
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


@pytest.mark.parametrize("name", yaml_files())
def test_words_in_both_languages_stand_beside_a_key(editor: Editor, name: str) -> None:
    told = {key: entry for model in WORDS for key, entry in WORDS[model].items() if model[0] != "s"}
    data = read(ROOT / name).data
    uri = editor.open(name)
    told = {key: told[key] for key in {*told} - LABELS.get(Path(name).parent.name, frozenset())}
    first = {key: place for key, *place in reversed([*keys(data)]) if key in told}
    assert set(first) >= set(data)
    for key, (line, column) in first.items():
        # Before its first letter the server still sees what ends there.
        zh, en, *_ = editor.shown(uri, line, column + 1).split("\n\n")
        assert re.search(r"[\u4e00-\u9fff]", zh), key
        assert en, key
        assert not re.search(r"[\u4e00-\u9fff]", en), key


def test_words_beside_a_key_are_those_of_its_place(editor: Editor) -> None:
    text = modeline("scheme") + HEAD["scheme"] + "limits:\n  - any: item\n    grade: E\n"
    uri = editor.open(PLACES["scheme"], text)
    shown = editor.shown(uri, 8, 6)
    assert shown.startswith(WORDS["Limit"]["grade"]["zh"] + "\n\n" + WORDS["Limit"]["grade"]["en"])
    example = f"```yaml\n{scheme_words()['answers']['example']}\n```"
    assert example in editor.shown(uri, 5, 2)


# --- what is offered -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", PLACES)
def test_every_key_is_offered_at_the_top_of_an_empty_file(editor: Editor, kind: str) -> None:
    uri = editor.open(PLACES[kind], modeline(kind) + "\n")
    assert set(editor.offered(uri, 2, 1)) >= set(schemas()[kind]["properties"])


CHOICES: Final = {
    "severity": ("checklist", "items:\n  - id: A\n    severity: ", "critical major minor"),
    "roll_up": ("scheme", "roll_up: ", "sum mean percent count all"),
    "scale": ("scheme", "scale: ", "1 100"),
    "empty": ("scheme", "sections:\n  - id: A\n    empty: ", "drop zero full"),
    "any": ("scheme", "limits:\n  - any: ", "item answer"),
    "confirm": ("scheme", "limits:\n  - any: item\n    confirm: ", "true false"),
    "answers": ("scheme", "answers: ", "number {yes: 1, partial: 1/2, no: 0, na: skip}"),
    "kind": ("audit", "kind: ", "self station region hq unannounced mystery recheck"),
    "role": ("audit", "team:\n  - person: A\n    role: ", "leader member escort"),
    "edition": ("post", "edition: ", '"2026.1"'),
    "a text": ("post", "title:\n  ", "zh en"),
}


@pytest.mark.parametrize("key", CHOICES)
def test_the_words_a_key_takes_are_offered(editor: Editor, key: str) -> None:
    kind, text, words = CHOICES[key]
    uri = editor.open(PLACES[kind], f"{modeline(kind)}{text}\n")
    line, column = text.count("\n") + 2, len(text.rpartition("\n")[2]) + 1
    offered = editor.offered(uri, line, column)
    wanted = [words.partition(" ")[0], words.partition(" ")[2]] if "{" in words else words.split()
    assert set(wanted) <= set(offered)


SNIPPETS: Final = {
    "Item": ("checklist", "items"),
    "Step": ("post", "steps"),
    "Standard": ("post", "steps:\n  - id: A\n    step: 甲\n    standards"),
    "Person": ("sopaudit", "roster"),
    "Band": ("scheme", "grades"),
    "Limit": ("scheme", "limits"),
}


@pytest.mark.parametrize("model", SNIPPETS)
def test_a_whole_entry_is_offered_and_fits_where_it_is_put(editor: Editor, model: str) -> None:
    assert set(SNIPPETS) == set(key_words()["snippets"])
    kind, above = SNIPPETS[model]
    first = above.partition(":")[0]
    head = [line for line in HEAD[kind].splitlines() if not line.startswith(f"{first}:")]
    before = modeline(kind) + "\n".join(head) + f"\n{above}:\n"
    indent = " " * (len(above.rpartition("\n")[2]) - len(above.rpartition("\n")[2].lstrip()) + 2)
    label = "{zh} · {en}".format(**key_words()["snippets"][model])
    uri = editor.open(PLACES[kind], f"{before}{indent}- \n")
    offered = editor.offered(uri, before.count("\n") + 1, len(indent) + 3)
    # As an editor puts it in: later lines are indented like the first, places take what is typed.
    entry = offered[label].replace("\n", f"\n{indent}")
    entry = re.sub(r"\$\{\d+\|(\w+),[^}]*\}", r"\1", entry)
    entry = re.sub(r"\$\d+", "1", entry)
    assert "$" not in entry
    assert editor.flagged(PLACES[kind], f"{before}{indent}- {entry}\n") == []


# --- a new handbook, and the settings it brings --------------------------------------------------


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a handbook in a folder with a blank and Chinese characters in its name."""
    folder = tmp_path_factory.mktemp("new") / "手册 2026"
    new(folder, lang="zh")
    return folder


def test_a_new_handbook_is_held_to_its_schemas(fresh: Path) -> None:
    editor = Editor(fresh)
    try:
        text = (fresh / "checklists/htl.yaml").read_text(encoding="utf-8")
        assert editor.flagged("checklists/htl.yaml") == []
        wrong = editor.flagged(
            "checklists/htl.yaml", text.replace("severity: minor", "severity: x")
        )
        assert "critical" in wrong[0][1]
    finally:
        editor.close()


def test_the_settings_bring_a_schema_where_no_line_does(fresh: Path, tmp_path: Path) -> None:
    folder = tmp_path / "手册 2027"
    shutil.copytree(fresh, folder)
    text = (folder / ".vscode/settings.json").read_text(encoding="utf-8")
    editor = Editor(folder, {"yaml": nested(json.loads(text), "yaml.")})
    shelves = {
        "sopaudit": "sopaudit.yaml",
        "post": "sops/posts/x.yaml",
        "rules": "sops/rules.yaml",
        "checklist": "checklists/x.yaml",
        "branch": "checklists/branch.yaml",
        "scheme": "checklists/schemes/x.yaml",
        "audit": "audits/x/audit.yaml",
        "mapping": "mapping.yaml",
        "log": "log.yaml",
        "data": "audits/x/data/mapping.yaml",
        "workflow": "sops/workflows/x.yaml",
        "table": "sops/tables/x.yaml",
        **{name: f"sops/{name}.yaml" for name in ONE_FILE},
    }
    assert set(shelves) == set(models())
    try:
        for kind, name in shelves.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(HEAD[kind] + "colour: red\n", encoding="utf-8")
            wrong = HEAD[kind].count("\n") + 1
            assert editor.flagged(name) == [(wrong, "Property colour is not allowed.")], kind
    finally:
        editor.close()


def nested(settings: Message, prefix: str) -> Message:
    """Give the settings below `prefix` as VS Code hands them to a server."""
    found: Message = {}
    for key, value in settings.items():
        if key.startswith(prefix):
            *path, last = key.removeprefix(prefix).split(".")
            holder = found
            for part in path:
                holder = holder.setdefault(part, {})
            holder[last] = value
    return found
