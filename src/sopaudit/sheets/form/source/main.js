// The offline form: puts the page together, keeps what is filled in, and hands it over.
import { Card } from "./card.js";
import { h, icon, put, select } from "./dom.js";
import { packed, plain, unpacked } from "./pack.js";
import { moment, taken } from "./photo.js";
import { score } from "./score.js";
import { signing } from "./sign.js";
import { answered, fresh, keyOf, limited, stillOpen, unproven } from "./state.js";
import { dropPicture, forget, keepPicture, load, picture, probe, probePictures, save } from "./store.js";

const sheet = JSON.parse(document.getElementById("sheet").textContent);
const key = `sopaudit/${sheet.identity.audit || sheet.name}/${sheet.identity.seal}`;

const form = {
  sheet,
  state: fresh(sheet),
  lang: sheet.lang,
  unfolded: new Set(),
  seen: new Set(),
  cards: new Map(),
  /** What can be kept; of pictures it is not known at first. */
  able: { answers: probe(key), pictures: null },
  saved: null,

  say(word, values = {}) {
    const text = sheet.words[form.lang][word] ?? word;
    return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  },
  name(id) {
    const known = sheet.people[id];
    return known ? `${known[form.lang] || id} ${id}` : id;
  },
  meant: (said) => Object.keys(sheet.people).find((id) => form.name(id) === said) || said,
  now: () => moment(),

  /** Something changed: in one card, which has `told` it, or about them all. */
  changed(told) {
    if (!told) form.cards.forEach((one) => one.told());
    clearTimeout(form.waiting);
    form.waiting = setTimeout(form.keep, 250);
    if (!form.drawing) form.drawing = requestAnimationFrame(() => { form.drawing = 0; bar(); });
  },

  keep() {
    clearTimeout(form.waiting);
    form.waiting = 0;
    form.state.lang = form.lang;
    if (form.able.answers) {
      if (save(key, form.state)) form.saved = new Date();
      else form.able.answers = false;
    }
    kept();
  },

  async photos(card, files) {
    notice(form.say("form.working"));
    let kept_ = true;
    for (const file of files) {
      try {
        const { about, bytes, small } = await taken(file);
        const keeping = keepPicture(about.id, { bytes, small });
        card.given.photos.push(about);
        card.put({});
        card.pictures();
        kept_ = (await keeping) && kept_;
      } catch {
        notice(form.say("form.no_photo", { name: file.name }), true);
        continue;
      }
      // Between two photos whatever was tapped meanwhile has its turn.
      await new Promise((good) => setTimeout(good));
    }
    if (!kept_) form.able.pictures = false;
    form.keep();
    if (document.getElementById("notice").textContent === form.say("form.working")) notice("");
  },

  async small(id) {
    const found = await picture(id);
    return found && URL.createObjectURL(new Blob([found.small || found.bytes], { type: "image/jpeg" }));
  },
  drop: dropPicture,
};

// --- the page ------------------------------------------------------------------------------------

function page() {
  document.documentElement.lang = form.lang === "zh" ? "zh-CN" : form.lang;
  document.title = `${sheet.title[form.lang]} ${sheet.identity.audit}`.trim();
  form.cards.clear();
  const many = sheet.leaves.length > 1;
  document.body.replaceChildren(document.getElementById("sheet"));
  put(document.body, [
    h("header", {},
      h("div", { class: "head" },
        h("div", { class: "name" }, h("h1", {}, sheet.title[form.lang]), h("p", {}, sheet.facts[form.lang].map((fact) => h("span", {}, fact)))),
        h("button", { id: "saved", class: "saved", onclick: () => form.keep(), "aria-live": "polite" }),
        h("button", { id: "language", class: "quiet", lang: form.lang === "zh" ? "en" : "zh-CN", onclick: otherLanguage }, form.say("bar.language"))),
      many && h("nav", { "aria-label": form.say("bar.checklists") }, sheet.leaves.map((leaf, l) =>
        h("a", { href: `#leaf${l}` }, title(leaf), h("span", { id: `tab${l}` }))))),
    h("main", {},
      h("p", { id: "warning", class: "warning", role: "status", hidden: true }),
      h("p", { id: "notice", class: "notice", role: "status" }),
      who(),
      sheet.leaves.map(leafPart),
      h("section", { class: "leaf", id: "signatures" }, h("h2", {}, form.say("sign.title")), signing(form))),
    h("footer", {},
      h("div", { id: "meter", role: "progressbar", "aria-valuemin": "0", "aria-valuemax": "100", "aria-labelledby": "count" }, h("i", {})),
      h("div", { class: "foot" },
        h("p", { id: "count" }),
        h("button", { id: "open", class: "quiet", onclick: openList }),
        h("button", { id: "out", class: "main", onclick: handOver }, icon("out"), form.say("bar.export")))),
    h("datalist", { id: "second" }, sheet.second.map((id) => h("option", { value: form.name(id) }))),
    h("dialog", { id: "dialog", "aria-labelledby": "dialogtitle" })]);
  bar();
  kept();
}

/** The title of a checklist, without the word they all end with. */
function title(leaf) {
  const said = leaf.title[form.lang];
  return said.replace(/(岗位规范)?检查表$/, "").replace(/^Inspection checklist of (the )?/i, "").replace(/^./, (c) => c.toUpperCase()) || said;
}

function who() {
  const people = sheet.auditors.length ? sheet.auditors : Object.keys(sheet.people);
  return people.length > 0 && h("label", { class: "person who" }, h("span", {}, form.say("form.who_fills")),
    select({ id: "by", onchange: (event) => { form.state.by = event.target.value; form.changed(); } },
      form.say("form.choose"), people, form.state.by, form.name));
}

function leafPart(leaf, l) {
  let section = null;
  const inner = [];
  leaf.items.forEach((item, n) => {
    if (item.section !== section) {
      section = item.section;
      const named = leaf.sections[section];
      if (named) inner.push(h("h3", { class: "section" }, h("span", {}, section), named[form.lang]));
    }
    const card = new Card(form, leaf, item, `i${l}-${n}`);
    form.cards.set(keyOf(leaf, item), card);
    inner.push(card.node);
  });
  return h("section", { class: "leaf", id: `leaf${l}`, "aria-labelledby": `leaf${l}t` },
    h("h2", { id: `leaf${l}t` }, leaf.title[form.lang]),
    h("div", { class: "score", id: `score${l}` }), inner);
}

function otherLanguage() {
  // What stands at the top of the window stays there, however much longer the other language is.
  const cards = [...document.querySelectorAll(".card, .sign")];
  const top = document.querySelector("header").getBoundingClientRect().bottom;
  const index = cards.findIndex((card) => card.getBoundingClientRect().bottom > top + 48);
  const before = index < 0 ? 0 : cards[index].getBoundingClientRect().top;
  const far = scrollY > 0;
  form.lang = sheet.langs[(sheet.langs.indexOf(form.lang) + 1) % sheet.langs.length];
  page();
  if (far && index >= 0) {
    const again = [...document.querySelectorAll(".card, .sign")][index];
    scrollBy({ top: again.getBoundingClientRect().top - before, behavior: "instant" });
  }
  document.getElementById("language").focus({ preventScroll: true });
  form.keep();
}

// --- what is told while it is filled in ----------------------------------------------------------

function bar() {
  let [done, all] = [0, 0];
  sheet.leaves.forEach((leaf, l) => {
    const given = {};
    let its = 0;
    for (const item of leaf.items) {
      given[item.id] = form.state.items[keyOf(leaf, item)];
      if (answered(given[item.id])) its += 1;
    }
    [done, all] = [done + its, all + leaf.items.length];
    scored(leaf, l, given, its);
  });
  const open = stillOpen(sheet, form.state);
  const share = all ? Math.round((done / all) * 100) : 0;
  const meter = document.getElementById("meter");
  meter.setAttribute("aria-valuenow", share);
  meter.firstChild.style.width = `${share}%`;
  document.getElementById("count").textContent = form.say("bar.progress", { done, all });
  const button = document.getElementById("open");
  button.textContent = open.length ? form.say("bar.open", { n: open.length }) : form.say("bar.nothing_open");
  button.classList.toggle("good", !open.length);
}

function scored(leaf, l, given, its) {
  const box = document.getElementById(`score${l}`);
  const tab = document.getElementById(`tab${l}`);
  const told = leaf.preview && score(leaf.preview, given, (one) => !unproven(sheet, form.state, one));
  if (tab) tab.textContent = `${its}/${leaf.items.length}`;
  const lines = [];
  if (!leaf.preview) lines.push(h("p", {}, form.say("title.no_preview")));
  else {
    lines.push(h("p", { class: "number" }, h("b", {}, told?.text || "—"), told?.grade && h("em", { class: "grade" }, told.grade)),
      h("p", {}, form.say("title.preview")));
    const tell = (word, grade) => (veto) => lines.push(h("p", { class: word },
      form.say(`bar.${word}`, { title: veto.title[form.lang], item: veto.item, now: told.grade || "—", grade: grade || veto.grade })));
    told?.vetoes.forEach(tell("veto"));
    told?.waits.forEach(tell("waits", told.pending));
  }
  if (limited(leaf, form.state)) lines.push(h("p", { class: "limited" }, form.say("bar.limited")));
  const shown = lines.map((one) => one.textContent).join("|");
  if (box.dataset.shown === shown) return;
  box.dataset.shown = shown;
  box.replaceChildren(...lines);
}

function kept() {
  const chip = document.getElementById("saved");
  const warning = document.getElementById("warning");
  const { able, saved } = form;
  if (!chip) return;
  const two = (n) => String(n).padStart(2, "0");
  const state = !able.answers ? "unsaved" : able.pictures === null ? "saving" : !able.pictures ? "half_saved" : "saved";
  const time = saved ? `${two(saved.getHours())}:${two(saved.getMinutes())}` : "";
  chip.dataset.state = state;
  chip.textContent = form.say(`bar.${state}`, { time });
  warning.hidden = state === "saved" || state === "saving";
  warning.textContent = warning.hidden ? "" : form.say(state === "unsaved" ? "bar.unsaved_more" : "bar.half_more");
}

function notice(text, wrong = false) {
  const place = document.getElementById("notice");
  place.textContent = text;
  place.classList.toggle("wrong", wrong);
}

// --- dialogs -------------------------------------------------------------------------------------

function dialog(heading, ...inner) {
  const box = document.getElementById("dialog");
  box.replaceChildren(
    h("div", { class: "dialoghead" }, h("h2", { id: "dialogtitle" }, heading),
      h("button", { class: "quiet", "aria-label": form.say("bar.close"), onclick: () => box.close() }, icon("close"))),
    ...inner);
  if (!box.open) box.showModal();
  return box;
}

function openList() {
  const open = stillOpen(sheet, form.state);
  const byItem = new Map();
  for (const { leaf, item, what } of open) {
    const at = leaf ? keyOf(leaf, item) : what;
    byItem.set(at, [...(byItem.get(at) || []), what]);
  }
  const rows = [...byItem].map(([at, whats]) => {
    const card = form.cards.get(at);
    return h("li", {}, h("button", { class: "jump", "data-at": at, onclick: () => jump(at) },
      card && h("b", {}, card.item.id), h("span", {}, whats.map((what) => form.say(`lack.${what}`)).join(form.lang === "zh" ? "；" : "; "))));
  });
  dialog(form.say("out.open_title"), rows.length ? h("ul", { class: "jumps" }, rows) : h("p", { class: "good" }, form.say("bar.nothing_open")));
}

function jump(at) {
  document.getElementById("dialog").close();
  const node = form.cards.get(at)?.node || document.querySelector(`[data-role=${at}]`);
  node.scrollIntoView({ block: "start" });
  node.focus({ preventScroll: true });
}

function handOver() {
  const told = h("p", { id: "told", role: "status" });
  const say = (text, wrong) => { told.textContent = text; told.classList.toggle("wrong", Boolean(wrong)); };
  const open = stillOpen(sheet, form.state).length;
  const made = async () => {
    form.keep();
    const { pieces, lost } = await packed(sheet, form.state);
    const stamp = moment().slice(0, 16).replace(/[-:]/g, "").replace("T", "-");
    say(lost.length ? form.say("out.lost", { n: lost.length }) : "", lost.length);
    return new File(pieces, `${sheet.name}_${stamp}.zip`, { type: "application/zip" });
  };
  const back = h("input", { type: "file", id: "back", accept: ".zip,.json,application/zip,application/json", class: "hidden",
    onchange: async (event) => {
      const [file] = event.target.files;
      event.target.value = "";
      if (!file) return;
      try {
        const { state, lost } = await unpacked(sheet, file);
        const touched = Object.values(form.state.items).some(answered);
        if (touched && !confirm(form.say("out.back_ask"))) return;
        form.state = state;
        page();
        form.keep();
        handOver();
        document.getElementById("told").textContent = lost ? form.say("out.lost", { n: lost }) : form.say("out.back_done");
      } catch {
        say(form.say("out.back_wrong"), true);
      }
    } });
  const sample = new File([new Uint8Array(1)], "a.zip", { type: "application/zip" });
  dialog(form.say("out.title"),
    h("p", { class: open ? "limited" : "good" }, open ? form.say("bar.open", { n: open }) : form.say("bar.nothing_open")),
    h("p", {}, form.say("out.why")), told,
    h("div", { class: "choices" },
      h("button", { class: "main", id: "zip", onclick: async () => { const file = await made(); download(file); if (!told.textContent) say(form.say("out.done", { name: file.name })); } }, icon("out"), form.say("out.zip")),
      navigator.canShare?.({ files: [sample] }) && h("button", { onclick: async () => {
        const file = await made();
        navigator.share({ files: [file], title: file.name }).catch(() => {});
      } }, form.say("out.share")),
      h("button", { id: "json", onclick: () => download(new File([plain(sheet, form.state)], `${sheet.name}.json`, { type: "application/json" })) }, form.say("out.json")),
      h("button", { id: "copy", onclick: () => copy(plain(sheet, form.state), () => say(form.say("out.copied"))) }, form.say("out.copy")),
      h("label", { class: "button" }, back, form.say("out.back")),
      h("button", { id: "reset", class: "danger", onclick: reset }, form.say("out.reset"))));
}

function download(file) {
  const link = h("a", { href: URL.createObjectURL(file), download: file.name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

function copy(text, done) {
  const byHand = () => {
    const area = h("textarea", { value: text, class: "hidden" });
    document.getElementById("dialog").append(area);
    area.select();
    if (document.execCommand("copy")) done();
    area.remove();
  };
  if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, byHand);
  else byHand();
}

function reset() {
  if (!confirm(form.say("out.reset_ask"))) return;
  for (const given of Object.values(form.state.items)) given.photos.forEach((one) => dropPicture(one.id));
  form.state.signs.forEach((one) => one.id && dropPicture(one.id));
  forget(key);
  form.state = fresh(sheet);
  page();
  form.keep();
  scrollTo(0, 0);
}

// --- beginning and end ---------------------------------------------------------------------------

function restore(state) {
  if (state?.v !== 1) return false;
  const now = fresh(sheet);
  for (const [at, given] of Object.entries(now.items)) now.items[at] = { ...given, ...state.items?.[at] };
  form.state = { ...now, by: state.by, signs: state.signs || [] };
  if (sheet.langs.includes(state.lang)) form.lang = state.lang;
  return true;
}

async function begin() {
  restore(load(key));
  page();
  const pictures = await probePictures(key);
  form.able.pictures ??= pictures; // a photo may have found out first
  form.keep();
  document.documentElement.dataset.ready = "yes";
}

addEventListener("storage", (event) => {
  if (event.key !== key || !event.newValue || !restore(JSON.parse(event.newValue))) return;
  page();
  notice(form.say("bar.elsewhere"));
});
addEventListener("pagehide", () => form.keep());
document.addEventListener("visibilitychange", () => { if (document.hidden) form.keep(); });
if (document.querySelector("link[rel=manifest]") && /^http/.test(location.protocol) && navigator.serviceWorker) {
  navigator.serviceWorker.register("sw.js").catch(() => { /* no secure address; the page works all the same */ });
}
begin();
