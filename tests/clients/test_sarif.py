"""What `check --format sarif` writes is valid against the schema of SARIF 2.1.0."""

import json
import subprocess
from pathlib import Path

import pytest

from sopaudit.criteria.handbook import drafted, problems_in
from sopaudit.problems import LANGUAGES
from sopaudit.report.problems.sarif import problems_sarif

HERE = Path(__file__).parent
BAD = HERE.parent / "handbooks" / "bad"
VALIDATE = """
const path = require("path");
const home = path.dirname(require.resolve("@microsoft/jest-sarif/package.json"));
const Ajv = require(require.resolve("ajv", { paths: [home] }));
const schema = require(path.join(home, "lib/schemas/sarif-2.1.0-rtm.5.json"));
delete schema.$schema; // it says draft 4, and uses nothing that draft 7 reads otherwise
const ajv = new Ajv({ allErrors: true, unknownFormats: "ignore" });
const valid = ajv.compile(schema);
valid(JSON.parse(require("fs").readFileSync(0, "utf8")));
console.log(JSON.stringify(valid.errors || []));
"""


def complaints(log: str) -> list[object]:
    """Hold a log against the schema and give what is wrong with it."""
    done = subprocess.run(
        ["node", "-e", VALIDATE], cwd=HERE, input=log, capture_output=True, text=True, check=True
    )
    found: list[object] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_schema_has_no_complaints(lang: str) -> None:
    draft = drafted(BAD, shown="")
    texts = {file.document.path: file.document.text for file in draft.files}
    log = problems_sarif(problems_in(draft, strict=True), lang, texts)
    assert '"fixes"' in log
    assert complaints(log) == []
    assert complaints(log.replace('"startLine"', '"firstLine"')) != []
