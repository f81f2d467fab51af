// Fill in a converted form the way a person does, with ODK's own engine, and give what it holds.
//
//   node fill_xform.mjs form.xml jobs.json
//
// CHROMIUM is the path of the browser the engine runs in. A job has `values` by name of the question
// and `rows` by name of the repeat. Only what is asked can be answered: a question that is not
// relevant yet waits until others are answered, and is named in `unasked` if it never is. `violations`
// are what the form complains of, `tree` is what would be sent.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const [form, jobs] = process.argv.slice(2).map((name) => readFileSync(name, "utf8"));
const modules = createRequire(import.meta.url).resolve("axe-core/package.json");
const engine = new URL(`file://${modules.replace("axe-core/package.json", "")}@getodk/xforms-engine/dist/index.js`);

async function fill({ form, jobs }) {
  const name = (node) => node.currentState.reference.split("/").pop().replace(/\[\d+\]$/, "");
  const children = (node) => node.currentState.children ?? [];
  function* all(node, within) {
    yield node;
    for (const child of children(node)) {
      // Rows of a repeat have values of their own.
      if (within || !child.nodeType.startsWith("repeat-range")) yield* all(child, within);
    }
  }
  function set(node, text) {
    if (node.nodeType === "select") {
      if (!node.currentState.valueOptions.some((option) => option.value === text)) {
        throw new Error(`${name(node)} has no choice ${text}`);
      }
      node.selectValue(text);
    } else if (node.nodeType === "upload") {
      node.setValue(new File(["picture"], text, { type: "image/jpeg" }));
    } else {
      const number = { int: BigInt, decimal: Number }[node.valueType];
      node.setValue(number ? number(text) : text);
    }
  }
  // Answer in the order of the form, as often as an answer brings up another question.
  function answer(root, values) {
    let open = Object.entries(values);
    for (let before = -1; open.length !== before; ) {
      before = open.length;
      const known = new Map([...all(root, false)].map((node) => [name(node), node]));
      open = open.filter(([key, text]) => {
        const node = known.get(key);
        if (!node || !node.currentState.relevant) return true;
        set(node, text);
        return false;
      });
    }
    return open.map(([key]) => key);
  }
  function tree(node) {
    if (!node.currentState.relevant) return [];
    const own = { name: name(node) };
    if (node.nodeType.startsWith("repeat-range")) return children(node).flatMap(tree);
    if (node.nodeType === "repeat-instance") own.repeat = true;
    if (node.currentState.children) own.children = children(node).flatMap(tree);
    else own.value = String(node.currentState.instanceValue ?? "");
    return [own];
  }
  const loaded = await odk.loadForm(form);
  if (loaded.status !== "success") throw new Error(`the form is not taken: ${loaded.status}`);
  return jobs.map(({ values, rows }) => {
    const root = loaded.createInstance().root;
    const unasked = answer(root, values);
    for (const [repeat, list] of Object.entries(rows)) {
      const range = [...all(root, true)].find(
        (node) => node.nodeType.startsWith("repeat-range") && name(node) === repeat,
      );
      const there = range ? children(range) : [];
      list.forEach((row, n) => unasked.push(...(there[n] ? answer(there[n], row) : [`${repeat}[${n}]`])));
      if (there.length !== list.length) unasked.push(`${repeat}: ${there.length} rows`);
    }
    const violations = root.validationState.violations.map((one) => [
      one.reference.split("/").pop(),
      one.violation.condition,
      one.violation.message?.asString ?? "",
    ]);
    return { unasked, violations, tree: children(root).flatMap(tree) };
  });
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, timeout: 600000, args: ["--no-sandbox"] });
const page = await browser.newPage();
page.setDefaultTimeout(600000);
// The engine draws random numbers, which a browser has for pages of a secure address only.
await page.route("http://localhost/", (route) => route.fulfill({ contentType: "text/html", body: "" }));
await page.goto("http://localhost/");
const content = `${readFileSync(engine, "utf8")}\nglobalThis.odk = { loadForm };`;
await page.addScriptTag({ type: "module", content });
await page.waitForFunction(() => globalThis.odk);
console.log(JSON.stringify(await page.evaluate(fill, { form, jobs: JSON.parse(jobs) })));
await browser.close();
