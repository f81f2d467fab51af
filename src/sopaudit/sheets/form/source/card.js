// One item as a card: its question, its answer, what it rests on.
import { h, icon, put, select } from "./dom.js";
import { answered, fails, keyOf, lacks, line } from "./state.js";
import { counts, judged, read } from "./score.js";

const CASE_WORDS = ["yes", "partial", "no", "na", "unchecked"];

/** How many lines a remark needs on a phone. */
const lines = (text) => Math.min(6, Math.max(1, Math.ceil(text.length / 17)));

/** So many lines of a list of cases are there at once; a longer one is built when it is opened. */
const FEW = 20;

/** Make the card of an item. `form` gives words, people and state, and is told what changes. */
export class Card {
  constructor(form, leaf, item, id) {
    Object.assign(this, { form, leaf, item, id });
    this.key = keyOf(leaf, item);
    this.node = h("article", { class: "card", id, tabindex: "-1", "aria-labelledby": `${id}q` });
    this.draw();
  }

  get given() { return this.form.state.items[this.key]; }

  say(key, values) { return this.form.say(key, values); }

  in(texts) { return texts[this.form.lang] || ""; }

  draw() {
    const { item, id } = this;
    const shared = item.id.startsWith(`${this.leaf.id}-`) ? this.leaf.id.length + 1 : 0;
    this.lack = h("ul", { class: "lack" });
    this.shots = h("div", { class: "shots" });
    this.node.replaceChildren();
    put(this.node, [
      h("div", { class: "meta" },
        h("span", { class: "num" }, h("small", {}, item.id.slice(0, shared)), item.id.slice(shared)),
        item.severity && h("span", { class: `sev ${item.severity}` }, this.say(`severity.${item.severity}`)),
        item.points && h("span", { class: "points" }, this.say("form.points", { n: item.points })),
        h("span", { class: "done" }, icon("tick"))),
      h("h3", { id: `${id}q` }, this.in(item.question)),
      item.before && h("p", { class: `before${item.failed_before ? " open" : ""}` },
        item.failed_before && h("strong", {}, this.say("form.before_open")), " ", this.in(item.before)),
      item.several && h("p", { class: "before" }, this.say("form.several")),
      this.standard(),
      h("fieldset", { class: "answer" }, h("legend", { class: "hidden" }, `${item.id} ${this.in(item.question)}`), this.answer()),
      (item.way === "cases" || item.way === "occurrences") && this.cases(),
      this.remark(), this.below(), this.shots, this.second(), this.lack]);
    this.pictures();
    this.told();
  }

  standard() {
    const { item } = this;
    const facts = [["scoring", this.in(item.rule)], ["method", this.in(item.method)]];
    for (const name of ["sample", "evidence", "applies"]) if (item[name]) facts.push([name, this.in(item[name])]);
    const tip = item.standards.map((one) => one.id).join(" ");
    return this.folding("std", "details",
      h("summary", {}, h("span", {}, this.say("form.standard")), h("span", { class: "ids" }, tip), icon("down")),
      item.standards.map((one) => h("p", {}, h("b", {}, one.id), " ", this.in(one.text))),
      h("dl", {}, facts.filter(([, text]) => text).map(([name, text]) =>
        h("div", {}, h("dt", {}, this.say(`form.${name}`)), h("dd", {}, text)))));
  }

  /** A part that stays open or shut when the page is drawn again. */
  folding(name, tag, ...inner) {
    const at = `${this.key} ${name}`;
    const open = this.form.unfolded;
    return h(tag, { class: name, open: open.has(at), ontoggle: (event) => {
      if (event.target.open) open.add(at); else open.delete(at);
    } }, ...inner);
  }

  // --- the answer ------------------------------------------------------------------------------

  answer() {
    const { item, given } = this;
    if (item.way === "word") return this.radios("r", item.words.map(([word, text]) => [word, this.in(text)]), item.words.length > 5);
    const apart = item.words.filter(([word]) => word === "na" || word === "unchecked" || word === given.r);
    const words = this.radios("r", apart.map(([word, text]) => [word, this.in(text)]));
    if (item.way === "cases") return [this.numbers(), words];
    if (item.values) return [this.radios("v", item.values.map((value) => [value, value]), true), words];
    const name = this.say(item.way === "points" ? "form.value" : "form.times");
    return [this.counter("v", name, item.way === "points" && item.most !== null ? item.most : null), words];
  }

  /** Real radio buttons, of which one that is chosen can be cleared by tapping it again. */
  radios(field, words, wide) {
    const name = `${this.id}${field}`;
    return h("div", { class: `radios${wide ? " wide" : ""}`, role: "radiogroup", "aria-labelledby": `${this.id}q` },
      words.map(([word, text]) => h("label", { class: `choice ${word}` },
        h("input", { type: "radio", name, value: word, checked: this.given[field] === word,
          onclick: (event) => this.chosen(event.target, field, word) }),
        h("span", {}, text))));
  }

  chosen(input, field, word) {
    const { given } = this;
    if (given[field] === word) {
      input.checked = false;
      this.put({ [field]: "" });
      return;
    }
    const left = field === "r" && this.item.way !== "word" ? { v: "", f: "", c: "" } : {};
    this.put({ ...left, ...(field === "v" ? { r: "" } : {}), [field]: word });
    if (this.item.way !== "word") this.fields();
  }

  /** Show numbers and words as they are, where one of them has put the other out. */
  fields() {
    for (const field of this.node.querySelectorAll(".answer [data-field]")) field.value = this.given[field.dataset.field];
    for (const radio of this.node.querySelectorAll(".answer input[type=radio]")) {
      radio.checked = this.given[radio.name.slice(this.id.length)] === radio.value;
    }
  }

  counter(field, name, most) {
    const step = (by) => () => {
      const now = read(this.given[field]);
      const next = now ? now[0] / now[1] + BigInt(by) : by > 0 ? 1n : 0n;
      const top = most === null ? null : read(most);
      this.typed(field, String(next < 0n ? 0n : top && next * top[1] > top[0] ? top[0] / top[1] : next));
      this.fields();
    };
    const id = `${this.id}${field}`;
    return h("div", { class: "counter" },
      h("label", { for: id }, name),
      h("div", { class: "step" },
        h("button", { "aria-label": this.say("form.fewer", { name }), onclick: step(-1) }, icon("minus")),
        h("input", { id, "data-field": field, value: this.given[field], inputmode: "decimal", autocomplete: "off", placeholder: "–",
          maxlength: "12", oninput: (event) => { this.typed(field, event.target.value.trim()); this.words(); } }),
        h("button", { "aria-label": this.say("form.more", { name }), onclick: step(1) }, icon("plus"))));
  }

  typed(field, text) {
    this.put({ [field]: text, ...(text ? { r: "" } : {}) });
  }

  words() {
    for (const radio of this.node.querySelectorAll(".answer input[type=radio]")) radio.checked = this.given.r === radio.value;
  }

  numbers() {
    const told = h("p", { class: "told" });
    this.tally = () => {
      const any = this.given.cases.some(judged);
      const now = counts(this.given);
      pair.hidden = any;
      told.hidden = !any;
      if (any) told.textContent = this.say("form.cases_told", { checked: now[1], failed: now[0] });
    };
    const pair = h("div", { class: "pair" }, this.counter("c", this.say("form.checked"), null), this.counter("f", this.say("form.failed"), null));
    this.tally();
    return [pair, told];
  }

  // --- cases -----------------------------------------------------------------------------------

  cases() {
    const list = h("div", { class: "lines" });
    const fill = () => list.replaceChildren(...this.given.cases.map((one, n) => this.line(one, n, fill)));
    const add = h("button", { class: "quiet", onclick: () => {
      this.given.cases.push(line());
      fill();
      list.lastElementChild.querySelector("input").focus();
    } }, icon("plus"), this.say("form.add_case"));
    const many = h("span", { class: "ids" }, String(this.given.cases.length || ""));
    const at = `${this.key} cases`;
    const few = this.given.cases.length > 0 && this.given.cases.length <= FEW;
    if (few && !this.form.seen.has(at)) this.form.unfolded.add(at);
    this.form.seen.add(at);
    const box = this.folding("cases", "details",
      h("summary", {}, h("span", {}, this.say("form.cases")), many, icon("down")), list, add);
    // Hundreds of lines that nobody has opened need not be there.
    if (box.open) fill(); else box.addEventListener("toggle", fill, { once: true });
    return box;
  }

  line(one, n, fill) {
    const { item } = this;
    const id = `${this.id}k${n}`;
    const change = (with_) => { Object.assign(one, with_); this.put(this.item.way === "cases" ? { r: "" } : {}); this.words(); this.pictures(); };
    const parts = item.parts || [];
    const named = one.drawn
      ? h("span", { class: "ticket", id: `${id}n` }, one.id, h("small", {}, this.say("form.drawn")))
      : h("input", { id: `${id}n`, class: "ticket", value: one.id, placeholder: this.say("form.case_hint"), "aria-label": this.say("form.case"),
        autocomplete: "off", maxlength: "80", oninput: (event) => change({ id: event.target.value.trim() }) });
    const people = this.people(one.p, (p) => change({ p }));
    const more = h("details", { class: "more", open: Boolean(one.n) },
      h("summary", { "aria-label": `${this.say("form.case_more")} ${one.id}` }, this.say("form.case_more"), icon("down")),
      h("textarea", { rows: String(lines(one.n)), value: one.n, "aria-label": `${this.say("form.case_note")} ${one.id}`, placeholder: this.say("form.case_note"),
        oninput: (event) => change({ n: event.target.value }) }),
      h("div", { class: "row" }, people,
        !one.drawn && h("button", { class: "quiet", onclick: () => {
          this.given.cases.splice(n, 1);
          this.put({});
          fill();
        } }, icon("close"), this.say("form.remove_case"))));
    const groups = parts.length ? parts.map(([part, title]) =>
      this.caseWords(`${id}p${part}`, one.parts?.[part] || "", this.in(title), one.id,
        (word) => change({ r: "", parts: { ...one.parts, [part]: word } }))) : [];
    return h("div", { class: "line" }, named,
      this.caseWords(`${id}r`, parts.length ? judged(one) : one.r, "", one.id, (word) => {
        change({ r: word, parts: {} });
        if (parts.length) fill();
      }), parts.length > 0 && h("details", { class: "parts", open: Object.values(one.parts || {}).some(Boolean) },
        h("summary", {}, parts.map(([, title]) => this.in(title)).join(" · "), icon("down")), groups), more);
  }

  caseWords(name, chosen, title, id, change) {
    let now = chosen;
    return h("fieldset", { class: "small" }, h("legend", title ? {} : { class: "hidden" }, title || `${this.say("form.case")} ${id}`),
      h("div", { class: "radios" }, CASE_WORDS.map((word) => h("label", { class: `choice ${word}` },
        h("input", { type: "radio", name, value: word, checked: now === word, onclick: (event) => {
          if (now === word) event.target.checked = false;
          now = now === word ? "" : word;
          change(now);
        } }),
        h("span", {}, this.say(`short.${word}`))))));
  }

  // --- what it rests on ------------------------------------------------------------------------

  remark() {
    const id = `${this.id}n`;
    const grown = (area) => { area.style.height = "auto"; area.style.height = `${area.scrollHeight + 2}px`; };
    const area = h("textarea", { id, rows: "1", value: this.given.n, placeholder: this.say("form.note_hint"), maxlength: "4000",
      oninput: (event) => { this.put({ n: event.target.value }); grown(event.target); }, onfocus: (event) => grown(event.target) });
    area.rows = lines(this.given.n);
    return h("div", { class: "remark" }, h("label", { for: id }, this.say("form.note")), area);
  }

  /** Who else has seen it: where a veto waits for a second person, once the item fails. */
  second() {
    const id = `${this.id}w`;
    this.witness = this.item.witness && h("div", { class: "remark" }, h("label", { for: id }, this.say("column.confirmed")),
      h("input", { id, list: "second", value: this.form.name(this.given.w), placeholder: this.say("form.confirmed_hint"), maxlength: "80",
        oninput: (event) => this.put({ w: this.form.meant(event.target.value.trim()) }) }));
    return this.witness;
  }

  below() {
    const pick = (capture, name) => {
      const field = h("input", { type: "file", accept: "image/*", capture, multiple: true, class: "hidden",
        "aria-label": `${this.say(`form.${name}`)} ${this.item.id}`,
        onchange: (event) => { const files = [...event.target.files]; event.target.value = ""; this.form.photos(this, files); } });
      return h("label", { class: "button" }, field, icon(name), h("span", {}, this.say(`form.${name}`)));
    };
    return h("div", { class: "row" }, pick("environment", "camera"), pick(null, "gallery"), this.people(this.given.p, (p) => this.put({ p })));
  }

  people(chosen, change) {
    const ids = [...new Set([...this.leaf.people, ...(chosen ? [chosen] : [])])];
    if (!ids.length) return null;
    return h("label", { class: "person" }, h("span", { class: "hidden" }, this.say("form.person")),
      select({ onchange: (event) => change(event.target.value) },
        `${this.say("form.person")}: ${this.say("form.nobody")}`, ids, chosen, this.form.name));
  }

  pictures() {
    const cases = this.given.cases.map((one) => one.id).filter(Boolean);
    const shown = JSON.stringify([this.form.lang, cases, this.given.photos.map((one) => one.id)]);
    if (this.shown === shown && this.shots.isConnected) return;
    this.shown = shown;
    this.shots.replaceChildren(...this.given.photos.map((one, n) => {
      const image = h("img", { alt: this.say("form.photo", { n: n + 1 }), width: "88", height: "88" });
      this.form.small(one.id).then((address) => { if (address) image.src = address; });
      const remove = h("button", { "aria-label": this.say("form.remove_photo", { n: n + 1 }), onclick: () => {
        this.given.photos.splice(n, 1);
        this.form.drop(one.id);
        this.put({});
        this.pictures();
      } }, icon("close"));
      const of = cases.length > 0 && select({ "aria-label": this.say("form.photo_of", { n: n + 1 }),
        onchange: (event) => { one.kase = event.target.value; this.put({}); } }, this.say("form.whole_item"), cases, one.kase);
      return h("figure", {}, image, remove, of);
    }));
  }

  // --- change ----------------------------------------------------------------------------------

  put(with_) {
    Object.assign(this.given, with_);
    this.given.at = this.form.now();
    this.told();
    this.form.changed(this.key);
  }

  told() {
    const { given, item } = this;
    const lacking = lacks(this.form.sheet, this.form.state, item, given);
    const state = !answered(given) && !lacking.includes("silent") ? "blank" : lacking.length ? "wanting" : "full";
    this.node.dataset.state = state;
    this.node.dataset.fails = answered(given) && fails(item, given) ? "yes" : "no";
    this.lack.replaceChildren(...(state === "wanting" ? lacking.map((what) => h("li", {}, this.say(`lack.${what}`))) : []));
    if (this.witness) this.witness.hidden = this.node.dataset.fails === "no";
    this.tally?.();
  }
}
