// Fills the offline form as a person would, with a finger: node form.mjs '{"do": "fill", …}'
//
// CHROMIUM is the path of the browser. Each job is one function below; what it saw comes out as JSON.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = createRequire(import.meta.url).resolve("axe-core");
// Milliseconds in which nothing has hung on any machine; the test that runs this waits no longer.
const patience = 600000;
const job = JSON.parse(process.argv[2].startsWith("{") ? process.argv[2] : readFileSync(process.argv[2], "utf8"));
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, timeout: patience, args: ["--no-sandbox", "--disable-quic"] });

async function open({ width = 390, height = 844, dark = false, init = null, offline = true, wait = "[data-ready]" } = {}) {
  const context = await browser.newContext({
    viewport: { width, height }, hasTouch: true, acceptDownloads: true, colorScheme: dark ? "dark" : "light", locale: "zh-CN",
    timezoneId: "Asia/Shanghai", deviceScaleFactor: 2,
  });
  if (offline) await context.setOffline(true);
  if (init) await context.addInitScript(init);
  const page = await context.newPage();
  const complaints = [];
  const asked = [];
  page.setDefaultTimeout(patience);
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => asked.push(request.url()));
  page.on("dialog", (dialog) => dialog.accept());
  await page.goto(job.open);
  await page.waitForSelector(wait);
  return { context, page, complaints, asked };
}

/** In the page: fill in a line of cases; the nth, or one more. */
function quick([card, n, one]) {
  const box = document.querySelector(`#${card} .cases`);
  if (n < 0) box.querySelector(":scope > .quiet").click();
  const lines = box.querySelector(".lines").children;
  const line = n < 0 ? lines[lines.length - 1] : lines[n];
  const put = (field, text, kind) => {
    field.value = text;
    field.dispatchEvent(new Event(kind, { bubbles: true }));
  };
  if (n < 0) put(line.querySelector("input.ticket"), one.id, "input");
  line.querySelector(`:scope > fieldset label.${one.result}`).click();
  if (one.note) put(line.querySelector(".more textarea"), one.note, "input");
  if (one.person) put(line.querySelector(".more select"), one.person, "change");
}

/** Answer one item, tap by tap. */
async function answer(page, card, given) {
  const at = (selector) => page.locator(`#${card} ${selector}`);
  if (given.value !== null && given.value !== undefined) {
    const times = Number(given.value);
    if (times === 0) await at(".answer .step button:first-child").tap();
    for (let n = 0; n < times; n += 1) await at(".answer .step button:last-child").tap();
  } else if (given.result) {
    await at(`.answer label.${given.result}`).tap();
  }
  const cases = given.sample?.cases || [];
  if (cases.length) {
    const shut = await at(".cases").evaluate((box) => !box.open);
    if (shut) await at(".cases > summary").tap();
    const drawn = await at(".line > span.ticket").evaluateAll((all) => all.map((one) => one.firstChild.textContent));
    for (const [n, one] of cases.entries()) {
      const known = drawn.indexOf(one.id);
      // Those with parts and the first with a finger; the others at once, because a finger takes its time.
      if (n > 0 && !Object.keys(one.parts || {}).length) {
        await page.evaluate(quick, [card, known, one]);
        continue;
      }
      if (known < 0) await at(".cases > .quiet").tap();
      const line = known < 0 ? at(".line").last() : at(".line").nth(known);
      if (known < 0) await line.locator("input.ticket").fill(one.id);
      if (Object.keys(one.parts || {}).length) {
        await line.locator(".parts > summary").tap();
        for (const [k, word] of Object.values(one.parts).entries()) {
          await line.locator(".parts fieldset").nth(k).locator(`label.${word}`).tap();
        }
      } else await line.locator("> fieldset").locator(`label.${one.result}`).tap();
      if (one.note || one.person) {
        await line.locator(".more > summary").tap();
        if (one.note) await line.locator(".more textarea").fill(one.note);
        if (one.person) await line.locator(".more select").selectOption(one.person);
      }
    }
  } else if (given.sample) {
    await at(".pair input").nth(0).fill(String(given.sample.checked));
    await at(".pair input").nth(1).fill(String(given.sample.failed));
  }
  if (given.note) await at(".remark textarea").fill(given.note);
  if (given.person) await at("> .row select").selectOption(given.person);
}

async function sign(page, n, person) {
  const box = page.locator(".sign").nth(n);
  await box.locator("select").selectOption(person);
  const canvas = box.locator("canvas");
  await canvas.scrollIntoViewIfNeeded();
  const frame = await canvas.boundingBox();
  await page.mouse.move(frame.x + 30, frame.y + 40);
  await page.mouse.down();
  for (let k = 0; k < 24; k += 1) await page.mouse.move(frame.x + 30 + k * 9, frame.y + 50 + 25 * Math.sin(k / 2));
  await page.mouse.up();
  await page.waitForFunction((number) => {
    const kept = Object.keys(localStorage).find((key) => key.startsWith("sopaudit/"));
    return kept && JSON.parse(localStorage.getItem(kept)).signs.filter((one) => one.id).length === number;
  }, n + 1);
}

async function handOver(page, to) {
  await page.tap("#out");
  const [download] = await Promise.all([page.waitForEvent("download"), page.tap("#zip")]);
  await download.saveAs(to);
  await page.locator("#dialog .dialoghead button").tap();
  return download.suggestedFilename();
}

const state = (page) => page.evaluate(() => JSON.parse(localStorage.getItem(Object.keys(localStorage).find((key) => key.startsWith("sopaudit/")))));
// On the page's own clock: behind the timers it has set, however slow it is.
const later = (page, ms) => page.evaluate((n) => new Promise((good) => { setTimeout(good, n); }), ms);
// The bars are drawn with the frame that follows a change.
const drawn = (page) => page.evaluate(() => new Promise((good) => { requestAnimationFrame(() => requestAnimationFrame(good)); }));
const photos = async (page, number) => {
  await page.waitForFunction((n) => document.querySelectorAll(".shots figure").length === n && [...document.querySelectorAll(".shots img")].every((one) => one.complete && one.naturalWidth), number);
};

const jobs = {
  /** A whole audit, offline, from a file; closed and opened again; the other language; handed over. */
  async fill() {
    const { page, complaints, asked } = await open();
    const begun = await page.locator("#open").textContent();
    for (const [card, given] of Object.entries(job.answers)) await answer(page, card, given);
    for (const [card, files] of Object.entries(job.photos)) {
      await page.locator(`#${card} input[capture]`).setInputFiles(files);
      await page.waitForFunction(([id, n]) => document.querySelectorAll(`#${id} .shots figure`).length === n, [card, files.length]);
    }
    await page.selectOption("#by", job.by);
    await sign(page, 0, job.signs[0]);
    await sign(page, 1, job.signs[1]);
    await later(page, 400);
    const before = await state(page);
    const scores = () => page.locator(".number").allTextContents();
    const shown = await scores();
    await page.reload();
    await page.waitForSelector("[data-ready]");
    const number = Object.values(job.photos).flat().length;
    await photos(page, number);
    const after = await state(page);
    const again = await scores();
    await page.evaluate(() => document.querySelector("#i1-3").scrollIntoView());
    const top = () => page.evaluate(() => document.querySelector("#i1-3").getBoundingClientRect().top);
    // A finger on the glass: page.tap would first scroll what stands still at the top of the window.
    const finger = async () => {
      const box = await page.locator("#language").boundingBox();
      const before_ = await page.evaluate(() => document.documentElement.lang);
      await page.touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2);
      await page.waitForFunction((lang) => document.documentElement.lang !== lang, before_);
    };
    const [one, heading] = [await top(), await page.locator("#i1-3 h3").textContent()];
    await finger();
    const [two, other] = [await top(), await page.locator("#i1-3 h3").textContent()];
    await finger();
    const saved = await page.locator("#saved").textContent();
    await page.tap("#open");
    const open_ = await page.locator("#dialog .jump").allTextContents();
    await page.locator("#dialog .dialoghead button").tap();
    const name = await handOver(page, job.to);
    return { begun, same: JSON.stringify(before) === JSON.stringify(after), shown, again, moved: Math.abs(one - two),
      heading, other, saved, open: open_, name, complaints, asked };
  },

  /** A form of every post with a sample: there at once, able to save, its list built when it is opened. */
  async large() {
    const { page, complaints } = await open();
    const saved = await page.locator("#saved").textContent();
    const fields = await page.locator("input").count();
    const list = page.locator(`#${job.card} details.cases`);
    await list.locator(":scope > summary").tap();
    await list.locator(".line").first().waitFor();
    const lines = await list.locator(".line").count();
    return { saved, fields, lines, complaints };
  },

  /** An exported zip read back in a profile that knows nothing of it. */
  async back() {
    const { page, complaints } = await open();
    await page.tap("#out");
    await page.setInputFiles("#back", job.from);
    await page.waitForFunction(() => document.querySelector("#told")?.textContent);
    const told = await page.locator("#told").textContent();
    await page.locator("#dialog .dialoghead button").tap();
    await photos(page, job.number);
    await page.reload();
    await page.waitForSelector("[data-ready]");
    await photos(page, job.number);
    await handOver(page, job.to);
    await page.tap("#out");
    await page.setInputFiles("#back", job.wrong);
    await page.waitForFunction(() => document.querySelector("#told.wrong"));
    const wrong = await page.locator("#told").textContent();
    const [plain] = await Promise.all([page.waitForEvent("download"), page.tap("#json")]);
    await plain.saveAs(job.json);
    await page.tap("#reset");
    await page.waitForFunction(() => !document.querySelector(".shots figure"));
    return { told, wrong, left: await page.locator("#open").textContent(), figures: await page.locator(".shots figure").count(), complaints };
  },

  /** Many items, many large photos: how long a tap waits meanwhile. */
  async many() {
    const { page, context, complaints } = await open();
    await page.evaluate(() => {
      window.longest = 0;
      window.slowest = 0;
      const watch = (name, options) => new PerformanceObserver((list) => {
        for (const one of list.getEntries()) window[name] = Math.max(window[name], one.duration);
      }).observe(options);
      watch("longest", { type: "longtask", buffered: true });
      // From the finger on the glass until what it did is painted.
      watch("slowest", { type: "event", durationThreshold: 16, buffered: true });
    });
    const cards = await page.locator(".card").count();
    const waits = [];
    const tap = async (n) => {
      const label = page.locator(`#i0-${n} .answer label`).first();
      await label.scrollIntoViewIfNeeded();
      const since = Date.now();
      await label.tap();
      await page.waitForFunction((id) => document.querySelector(`#${id}`).dataset.state !== "blank", `i0-${n}`);
      waits.push(Date.now() - since);
    };
    // What one photo takes on this machine, and under its load.
    const begun = Date.now();
    await page.locator("#i0-0 input[capture]").setInputFiles(job.photos.slice(0, 1));
    await photos(page, 1);
    const alone = Date.now() - begun;
    await page.locator("#i0-0 input[capture]").setInputFiles(job.photos.slice(1, 15));
    await page.locator("#i0-1 input[capture]").setInputFiles(job.photos.slice(15));
    const first = await page.locator(".shots figure").count();
    for (let n = 2; n < cards; n += 1) await tap(n);
    const during = await page.locator(".shots figure").count();
    const since = Date.now();
    await photos(page, job.photos.length);
    const rest = Date.now() - since;
    const [longest, slowest] = await page.evaluate(() => [window.longest, window.slowest]);
    const memory = await page.evaluate(() => performance.memory.usedJSHeapSize);
    await handOver(page, job.to);
    await page.reload();
    await page.waitForSelector("[data-ready]");
    await photos(page, job.photos.length);
    await context.close();
    return { cards, waits, alone, first, during, rest, memory, longest, slowest, complaints };
  },

  /** A browser that lets a page keep nothing. */
  async denied() {
    const { page } = await open({ init: () => {
      Object.defineProperty(window, "localStorage", { get() { throw new DOMException("denied", "SecurityError"); } });
      Object.defineProperty(window, "indexedDB", { get() { throw new DOMException("denied", "SecurityError"); } });
    } });
    await page.locator("#i0-0 .answer .step button").last().tap();
    const told = { saved: await page.locator("#saved").textContent(), warning: await page.locator("#warning").textContent(), seen: await page.locator("#warning").isVisible() };
    await page.locator("#i0-0 input[capture]").setInputFiles(job.photos);
    await photos(page, job.photos.length);
    await handOver(page, job.to);
    return told;
  },

  /** A phone so busy that it takes long to say whether pictures can be kept; and one that never says it. */
  async silent() {
    const { page, context } = await open({ wait: "#saved", init: () => {
      const real = indexedDB.open.bind(indexedDB);
      indexedDB.open = (...names) => {
        const request = real(...names);
        const told = { get result() { return request.result; } };
        request.onupgradeneeded = () => told.onupgradeneeded();
        request.onsuccess = () => { window.answer = () => told.onsuccess(); };
        return told;
      };
    } });
    const saved = () => page.locator("#saved").textContent();
    await page.locator("#i0-0 .answer .step button").last().tap();
    await page.locator("#i0-0 input[capture]").setInputFiles(job.photos);
    await photos(page, 1);
    // Longer than the four seconds a refusal once took.
    await later(page, 4500);
    const kept = await page.evaluate(() => Object.entries(localStorage).filter(([key]) => key.startsWith("sopaudit/")).map(([, text]) => Object.values(JSON.parse(text).items)[0].photos.length));
    const waiting = [await saved(), await page.locator("#warning").isVisible(), kept[0]];
    await page.evaluate(() => window.answer());
    await page.waitForSelector("[data-ready]");
    await page.waitForFunction(() => document.querySelector("#notice").textContent === "");
    const then = await saved();
    if (waiting[2] !== 1 || !then.startsWith("已保存")) return { waiting, then };
    await page.reload();
    await page.waitForFunction(() => window.answer);
    await page.evaluate(() => window.answer());
    await photos(page, 1);
    await context.close();
    const other = await open({ init: () => {
      const real = window.setInterval;
      window.setInterval = (what) => real(what, 1);
      indexedDB.open = () => ({});
    } });
    return { waiting, then, never: await other.page.locator("#saved").textContent(), warned: await other.page.locator("#warning").textContent() };
  },

  /** From an address: kept by the browser, there without the server. */
  async served() {
    const { page, context, complaints } = await open({ offline: false });
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => new Promise((good) => { if (navigator.serviceWorker.controller) good(); else navigator.serviceWorker.addEventListener("controllerchange", good); })));
    const manifest = await page.evaluate(async () => (await fetch(document.querySelector("link[rel=manifest]").href)).json());
    const { errors } = await (await context.newCDPSession(page)).send("Page.getInstallabilityErrors").then((got) => ({ errors: got.installabilityErrors }), () => ({ errors: null }));
    await page.locator("#i0-0 .answer .step button").last().tap();
    await later(page, 400);
    const stopped = await page.evaluate(() => fetch("stop").then(() => true, () => true));
    const gone = await page.waitForFunction(() => fetch("nothing.txt").then(() => false, () => true)).then((one) => one.jsonValue());
    await page.reload();
    await page.waitForSelector("[data-ready]");
    return { manifest, errors, stopped, gone, value: await page.locator("#i0-0 .answer .step input").inputValue(), complaints };
  },

  /** What axe-core finds in what is open, in both colours and two widths. */
  async axe() {
    const found = {};
    for (const dark of [false, true]) {
      for (const width of [390, 820]) {
        const { page, context } = await open({ dark, width, height: 1100 });
        await page.locator("#i0-0 .answer .step button").last().tap();
        await page.locator("#i0-12 .answer label.partial").tap();
        await page.locator(`#${job.veto} .answer label.no`).tap();
        await page.locator(`#${job.veto}w`).fill("9002");
        await page.locator("#i0-2 .std > summary").tap();
        await page.locator("#i0-3 .cases > summary").tap();
        await page.locator("#i0-3 .cases > .quiet").tap();
        await page.locator("#i0-3 .parts > summary").tap();
        await page.locator("#i0-3 .more > summary").tap();
        await page.locator("#i0-3 .parts label.no").first().tap();
        await page.locator("#i0-0 input[capture]").setInputFiles(job.photos);
        await photos(page, job.photos.length);
        await page.addScriptTag({ path: axe });
        const run = (where) => page.evaluate(async (node) => (await globalThis.axe.run(node || document)).violations.map((each) => ({
          id: each.id, impact: each.impact, where: each.nodes.slice(0, 3).map((one) => one.html.slice(0, 160)), why: each.nodes[0].failureSummary,
        })), where);
        const small = await page.evaluate(() => [...document.querySelectorAll("button, select, input:not([type=file]), textarea, summary, .button, .choice, nav a")]
          .filter((one) => one.getClientRects().length && !one.closest(".choice input"))
          .map((one) => (one.matches(".choice input") ? one.closest(".choice") : one).getBoundingClientRect())
          .filter((box) => box.height < 43.5 || box.width < 43.5).length);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        const told = [...await run(null)];
        if (width > 390 && dark) {
          found[`dark ${width}`] = { told, small, wide };
          await context.close();
          continue;
        }
        await page.tap("#out");
        told.push(...await run("#dialog"));
        await page.locator("#dialog .dialoghead button").tap();
        await page.tap("#open");
        told.push(...await run("#dialog"));
        found[`${dark ? "dark" : "light"} ${width}`] = { told, small, wide };
        await context.close();
      }
    }
    return found;
  },

  /** A veto waits for a second person: what the form asks and foretells until there is one, and then. */
  async witness() {
    const { page, context, complaints } = await open();
    const at = (selector) => page.locator(`#${job.card} ${selector}`);
    const field = page.locator(`#${job.card}w`);
    const lines = (where) => page.locator(where).allTextContents();
    const seen = async (where = page) => {
      await drawn(where);
      return { asked: await where.locator(`#${job.card}w`).isVisible(), number: await where.locator("#score0 .number").textContent(),
        veto: await where.locator("#score0 .veto").allTextContents(), waits: await where.locator("#score0 .waits").allTextContents(),
        lack: await where.locator(`#${job.card} .lack li`).allTextContents() };
    };
    const told = { choices: await page.locator("datalist").first().locator("option").evaluateAll((all) => all.map((one) => one.value)), before: await seen() };
    await at(".answer label.no").tap();
    await at(".remark textarea").fill(job.note);
    told.alone = await seen();
    await page.tap("#open");
    told.open = await lines("#dialog .jump");
    await page.locator("#dialog .dialoghead button").tap();
    await page.tap("#language");
    told.english = await seen();
    await page.tap("#language");
    await handOver(page, job.alone);
    await field.fill(job.first);
    told.first = await seen();
    await field.fill("1002");
    told.examined = await seen();
    await field.fill("9002");
    told.unproven = await seen();
    await page.locator(`#${job.card} input[capture]`).setInputFiles(job.photos);
    await photos(page, job.photos.length);
    await field.fill(job.second);
    told.confirmed = await seen();
    await sign(page, 0, "9002");
    told.signed = await seen();
    await page.locator(".sign").nth(0).locator("select").selectOption("9001");
    await later(page, 400);
    await page.reload();
    await page.waitForSelector("[data-ready]");
    told.again = { ...await seen(), value: await field.inputValue() };
    await handOver(page, job.to);
    await at(".answer label.yes").tap();
    told.yes = await seen();
    await handOver(page, job.yes);
    await context.close();
    told.back = {};
    for (const name of ["alone", "to"]) {
      const other = await open();
      await other.page.tap("#out");
      await other.page.setInputFiles("#back", job[name]);
      await other.page.waitForFunction(() => document.querySelector("#told")?.textContent);
      await other.page.locator("#dialog .dialoghead button").tap();
      told.back[name] = { ...await seen(other.page), value: await other.page.locator(`#${job.card}w`).inputValue() };
      complaints.push(...other.complaints);
      await other.context.close();
    }
    return { ...told, complaints };
  },

  /** A failure with its photo, handed over without a second person and with one. */
  async seconded() {
    const { page, complaints } = await open();
    await answer(page, job.card, job.given);
    await page.locator(`#${job.card} input[capture]`).setInputFiles(job.photos);
    await photos(page, job.photos.length);
    await handOver(page, job.alone);
    await page.locator(`#${job.card}w`).fill(job.second);
    await handOver(page, job.both);
    return { complaints };
  },

  /** Drawn tickets are lines already; one of them fails, and one line more is added. */
  async drawn() {
    const { page, complaints } = await open();
    const at = (selector) => page.locator(`#${job.card} ${selector}`);
    const lines = await at(".line .ticket").allTextContents();
    for (let n = 0; n < lines.length; n += 1) await at(".line").nth(n).locator(`> fieldset label.${n ? "yes" : "no"}`).tap();
    await at(".line").nth(0).locator(".more > summary").tap();
    await at(".line").nth(0).locator(".more textarea").fill(job.note);
    const told = await at(".told").textContent();
    await handOver(page, job.to);
    return { lines, told, complaints };
  },

  /** With keys alone: to the first answer, choose, move on. */
  async keys() {
    const { page } = await open();
    await page.locator("#i0-12 .answer input").first().focus();
    await page.keyboard.press("Space");
    const one = (await state_(page, "E2")).r;
    await page.keyboard.press("ArrowRight");
    const two = (await state_(page, "E2")).r;
    return { one, two };
  },
};
const state_ = async (page, end) => {
  await later(page, 350);
  const { items } = await state(page);
  return items[Object.keys(items).find((key) => key.endsWith(end))];
};

try {
  const told = await jobs[job.do]();
  console.log(JSON.stringify({ ...told, browser: browser.version() }));
} finally {
  await browser.close();
}
