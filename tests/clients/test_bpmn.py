"""Our BPMN as other programs open it: bpmn-moddle, and bpmn-js in Chromium.

bpmn-js asks for a watermark where it is shown to users; we show it to nobody.
"""

import html
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from tests.patience import PATIENCE

ROOT: Final = Path(__file__).parents[2]
SOPAUDIT: Final = (sys.executable, "-m", "sopaudit")
MODULES: Final = Path(__file__).parent / "node_modules"
FLOWS: Final = sorted(path.stem.upper() for path in (ROOT / "sops/workflows").glob("*.yaml"))
CHROMIUM: Final = (
    "chromium",
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--allow-file-access-from-files",
    "--virtual-time-budget=20000",
    "--dump-dom",
)

_MODDLE: Final = """
import { readFileSync } from 'node:fs';
import { BpmnModdle } from 'bpmn-moddle';
const found = {};
for (const file of process.argv.slice(1)) {
  const { rootElement, warnings } = await new BpmnModdle().fromXML(readFileSync(file, 'utf8'));
  const process_ = rootElement.rootElements.find((one) => one.$type === 'bpmn:Process');
  found[file] = {
    warnings: warnings.map((warning) => warning.message),
    boxes: process_.flowElements.filter((one) => one.outgoing || one.incoming).length,
    lanes: process_.laneSets[0].lanes.map((lane) => lane.flowNodeRef.length),
  };
}
console.log(JSON.stringify(found));
"""

_PAGE: Final = """<!doctype html><meta charset="utf-8"><div id="c" style="height: 900px"></div>
<script src="{script}"></script><script>
const told = (words) => {{ document.title = JSON.stringify(words); }};
const viewer = new BpmnJS({{ container: '#c' }});
viewer.importXML({xml}).then(({{ warnings }}) => {{
  const all = viewer.get('elementRegistry').getAll();
  const outside = all.filter((one) => one.type === 'label').filter((one) => {{
    const text = document.querySelector(`[data-element-id="${{one.id}}"] text`).getBBox();
    return text.width > one.width + 2 || text.height > one.height + 4;
  }});
  told({{
    warnings: warnings.map((warning) => warning.message),
    shapes: all.filter((one) => !one.waypoints && one.type !== 'label').length,
    lines: all.filter((one) => one.waypoints).length,
    outside: outside.map((one) => one.businessObject.name),
  }});
}}).catch((error) => told({{ failed: error.message }}));
</script>"""


def said(*words: str | Path, cwd: Path | None = None) -> str:
    """Run a client to its end and give what it said; a client that fails fails the test."""
    done = subprocess.run(
        [str(word) for word in words],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
        cwd=cwd,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Write every workflow of the handbook as BPMN, in both languages."""
    folder = tmp_path_factory.mktemp("bpmn")
    files = []
    for flow in FLOWS:
        for lang in ("zh", "en"):
            file = folder / f"{flow}.{lang}.bpmn"
            said(*SOPAUDIT, "draw", flow, "-o", file, "--lang", lang, cwd=ROOT)
            files.append(file)
    return files


def test_bpmn_moddle_opens_every_file_without_a_warning(made: list[Path]) -> None:
    node = ("node", "--input-type=module", "-e", _MODDLE, "--")
    found = json.loads(said(*node, *made, cwd=MODULES.parent))
    assert len(found) == len(made) >= 12
    for told in found.values():
        assert told["warnings"] == []
        assert sum(told["lanes"]) == told["boxes"] >= 10


def test_bpmn_js_draws_every_file_without_a_warning_and_every_name_fits_its_place(
    made: list[Path], tmp_path: Path
) -> None:
    script = (MODULES / "bpmn-js/dist/bpmn-viewer.production.min.js").as_uri()
    for file in made:
        text = file.read_text(encoding="utf-8")
        page = tmp_path / f"{file.stem}.html"
        xml = json.dumps(text).replace("</", "<\\/")
        page.write_text(_PAGE.format(script=script, xml=xml), encoding="utf-8")
        shown = said(*CHROMIUM, page.as_uri())
        title = re.search(r"<title>(.*?)</title>", shown)
        assert title is not None, file
        told = json.loads(html.unescape(title[1]))
        assert told["warnings"] == [], file
        # The diagram itself is one more than what it holds.
        assert told["shapes"] == text.count("<bpmndi:BPMNShape") + 1, file
        assert told["lines"] == text.count("<bpmndi:BPMNEdge"), file
        assert told["outside"] == [], file
