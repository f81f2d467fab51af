// Drive a browser through steps that come as JSON and give what it saw as JSON.
//
//   node browse.mjs '[{"width": 390, "open": "file:///…", "type": "三包", "press": ["Enter"], "see": "…"}]'
//
// CHROMIUM is the path of the browser. Each job has a page of its own; what it does stands below in
// this order. `see` is an expression evaluated in the page, with `widths` once at each of them. A
// job gives what it saw, what the console and the page complained of, which addresses were asked
// for, and with `axe` what axe-core finds.
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = createRequire(import.meta.url).resolve("axe-core");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  timeout: 600000,
  args: ["--no-sandbox", "--disable-quic"],
});
const told = [];
for (const job of JSON.parse(process.argv[2])) {
  const context = await browser.newContext({
    viewport: { width: job.width || 1280, height: job.height || 900 },
    javaScriptEnabled: job.script !== false,
    // Only so that axe can be put into a page that lets no script in.
    bypassCSP: Boolean(job.axe),
  });
  const page = await context.newPage();
  page.setDefaultTimeout(600000);
  const complaints = [];
  const asked = [];
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(job.open);
  for (const selector of job.click || []) await page.click(selector);
  if (job.type) {
    await page.keyboard.press("/");
    await page.waitForFunction(() => globalThis.sopauditIndex || document.getElementById("search-index"));
    await page.keyboard.type(job.type);
  }
  for (const key of job.press || []) await page.keyboard.press(key);
  if (job.until) await page.waitForURL((url) => url.href.endsWith(job.until));
  let seen = job.see && !job.widths ? await page.evaluate(job.see) : null;
  if (job.widths) {
    seen = {};
    for (const width of job.widths) {
      await page.setViewportSize({ width, height: 900 });
      seen[width] = await page.evaluate(job.see);
    }
  }
  let found = [];
  if (job.axe) {
    await page.addScriptTag({ path: axe });
    found = await page.evaluate(async () => (await globalThis.axe.run({ preload: false })).violations.map((each) => ({
      id: each.id, impact: each.impact, where: each.nodes.map((node) => node.html.slice(0, 200)),
      why: each.nodes[0].failureSummary,
    })));
  }
  told.push({ url: page.url(), seen, complaints, asked, found });
  await context.close();
}
await browser.close();
console.log(JSON.stringify(told));
