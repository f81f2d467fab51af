// Search, the language switch, and what small screens and old browsers need. Everything can be read without it.
(() => {
  "use strict";
  const root = document.documentElement;
  const KEPT = "sopaudit.language";
  const SHOWN = 50;

  // --- language ---------------------------------------------------------------------------------

  // A browser may forbid files to remember anything; then the choice holds for the page.
  const remembered = () => { try { return localStorage.getItem(KEPT) || ""; } catch { return ""; } };
  const remember = (lang) => { try { localStorage.setItem(KEPT, lang); } catch { /* for this page only */ } };

  // Before anything is drawn, so that nothing jumps.
  root.dataset.language = remembered();

  function show(lang) {
    root.dataset.language = lang;
    for (const button of document.querySelectorAll(".tongue"))
      button.setAttribute("aria-pressed", String(button.value === lang));
    for (const table of document.querySelectorAll(".both table")) fit(table, lang);
  }

  // A cell over several columns is as wide as those of them that are shown.
  function fit(table, lang) {
    const rows = [...table.rows].map((row) => {
      let at = 0;
      return [...row.cells].map((cell) => {
        cell.dataset.span ??= cell.colSpan;
        const start = at;
        at += Number(cell.dataset.span);
        return { cell, start, end: at };
      });
    });
    const languages = [];
    for (const { cell, start, end } of rows.flat())
      if (cell.lang && end - start === 1) languages[start] = cell.lang;
    const gone = (n) => Boolean(lang && languages[n] && languages[n] !== lang);
    const columns = table.querySelectorAll("col");
    columns.forEach((column, n) => { column.hidden = gone(n); });
    for (const { cell, start, end } of rows.flat()) {
      if (end - start < 2) continue;
      let left = 0;
      for (let n = start; n < end; n++) if (!gone(n)) left++;
      cell.colSpan = Math.max(left, 1);
    }
  }

  function switchable() {
    const group = document.querySelector(".tongues");
    if (!group) return;
    const known = [...group.querySelectorAll(".tongue")].map((button) => button.value);
    show(known.includes(remembered()) ? remembered() : "");
    group.hidden = false;
    group.addEventListener("click", (event) => {
      const button = event.target.closest(".tongue");
      if (!button) return;
      remember(button.value);
      show(button.value);
    });
  }

  // --- search -----------------------------------------------------------------------------------

  const fold = (text) => text.normalize("NFKC").toLowerCase();
  // “HTL-03-4”, “htl 3 4” and “htl03-4” are the same id.
  const split = (id) => (fold(id).match(/[a-z]+|[0-9]+/g) || []).map((part) => part.replace(/^0+(?=[0-9])/, "")).join(" ");
  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const LATIN = /[a-z0-9]/;
  const HAN = /\p{Script=Han}/u;

  let things = null;

  function prepared(index) {
    things = index.entries.map(([kind, leaf, anchor, id, titles, texts], order) => ({
      kind: index.kinds[kind][0], head: index.kinds[kind][1], place: index.leaves[leaf], anchor, id, titles, texts, order,
      key: split(id), name: fold(id), title: fold(titles.join("\n")), text: fold(texts.join("\n")),
    }));
  }

  // The lower the better; nothing where it does not fit.
  function rank(thing, asked) {
    if (asked.key && thing.key === asked.key) return 0;
    if (asked.id && thing.key && (thing.key + " ").startsWith(asked.key + " ")) return 1;
    if (asked.id && thing.key.startsWith(asked.key)) return 2;
    // Posts, flows, forms and terms before their details; titles before what stands below them.
    const before = thing.head ? 0 : 2;
    let worst = 0;
    for (const word of asked.words) {
      const at = thing.title.indexOf(word);
      if (at === 0 || thing.title.includes("\n" + word)) worst = Math.max(worst, 3 + before);
      else if (at > 0) worst = Math.max(worst, 4 + before + (LATIN.test(word[0]) && LATIN.test(thing.title[at - 1]) ? 3 : 0));
      else if (thing.name.includes(word)) worst = Math.max(worst, 7);
      else if (thing.text.includes(word)) worst = Math.max(worst, 10);
      else return null;
    }
    return asked.words.length ? worst : null;
  }

  function find(query) {
    const folded = fold(query).trim();
    const key = split(folded);
    const asked = {
      key,
      id: /^[a-z][a-z0-9\s.\-_–/]*$/.test(folded) && /[0-9\-.]/.test(folded),
      words: folded.split(/\s+/).filter(Boolean),
    };
    if (!/^[\x00-\x7f]*$/.test(folded)) asked.key = "";
    let found = things
      .map((thing) => ({ thing, score: rank(thing, asked) }))
      .filter(({ score }) => score !== null)
      .sort((one, other) => one.score - other.score || one.thing.order - other.thing.order)
      .map(({ thing }) => thing);
    const exact = found[0];
    // Whoever types an id wants it, its parts, and what speaks of it; not whatever has the same digits.
    if (asked.id && exact?.key === asked.key) {
      found = found.filter((thing) => (thing.key + " ").startsWith(asked.key + " ")
        || thing.title.includes(exact.name) || thing.text.includes(exact.name));
    }
    if (found.length || !HAN.test(folded)) return { found, words: asked.words };
    // Chinese has no spaces: where the whole is nowhere, most of its pairs of characters may be.
    const pairs = asked.words.flatMap((word) => HAN.test(word) && word.length > 2
      ? [...word].slice(1).map((sign, n) => [...word][n] + sign) : [word]);
    const near = things
      .map((thing) => ({ thing, hits: pairs.filter((pair) => thing.title.includes(pair) || thing.text.includes(pair)).length }))
      .filter(({ hits }) => hits >= Math.max(2, Math.ceil(pairs.length * 0.6)))
      .sort((one, other) => other.hits - one.hits || one.thing.order - other.thing.order)
      .map(({ thing }) => thing);
    return { found: near, words: pairs };
  }

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function marked(into, text, words) {
    const hits = words.filter(Boolean).map(escaped).join("|");
    if (!hits) { into.append(text); return into; }
    text.split(new RegExp(`(${hits})`, "gi")).forEach((part, n) => {
      if (part) into.append(n % 2 ? element("mark", "", part) : part);
    });
    return into;
  }

  // The piece of a text around its first hit.
  function piece(texts, words) {
    for (const text of texts) {
      const at = Math.min(...words.map((word) => fold(text).indexOf(word)).filter((n) => n >= 0));
      if (!Number.isFinite(at)) continue;
      const from = at > 24 ? at - 16 : 0;
      return (from ? "…" : "") + text.slice(from, from + 110) + (text.length > from + 110 ? "…" : "");
    }
    const text = texts[0] || "";
    return text.length > 90 ? text.slice(0, 90) + "…" : text;
  }

  function said(into, titles, langs, words) {
    titles.forEach((title, n) => {
      const part = element("span", n ? "second" : "");
      if (titles.length > 1) part.lang = langs[n];
      if (n) into.append(" ");
      into.append(marked(part, title, words));
    });
    return into;
  }

  function searchable() {
    const form = document.querySelector(".search");
    if (!form) return;
    const input = form.querySelector("input");
    const panel = form.querySelector(".results");
    const list = form.querySelector("[role=listbox]");
    const status = form.querySelector("[role=status]");
    const langs = form.dataset.langs.split(" ");
    let chosen = -1;

    const options = () => list.children;

    let loading = false;

    function load() {
      if (things || loading) return;
      const inside = document.getElementById("search-index");
      if (inside) { prepared(JSON.parse(inside.textContent)); return; }
      // A script, because a page opened from a folder may not fetch a file.
      loading = true;
      const script = element("script");
      script.src = document.body.dataset.index;
      script.addEventListener("load", () => { prepared(globalThis.sopauditIndex); answer(); });
      document.head.append(script);
    }

    function choose(n) {
      options()[chosen]?.setAttribute("aria-selected", "false");
      chosen = n;
      const option = options()[n];
      if (!option) { input.removeAttribute("aria-activedescendant"); return; }
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", option.id);
    }

    function open(shown) {
      panel.hidden = !shown;
      input.setAttribute("aria-expanded", String(shown && options().length > 0));
      if (!shown) choose(-1);
    }

    function option(thing, n, words) {
      const made = element("a", "result");
      made.id = `result-${n}`;
      made.tabIndex = -1;
      made.setAttribute("role", "option");
      made.setAttribute("aria-selected", "false");
      made.href = thing.place[0] + (thing.anchor ? "#" + encodeURIComponent(thing.anchor) : "");
      const head = element("span", "head");
      head.append(element("span", "kind", thing.kind.join(" ")), " ");
      if (thing.id) head.append(element("span", "id", thing.id), " ");
      head.append(said(element("span", "where"), thing.place[1], langs, []));
      const title = said(element("span", "title"), thing.titles, langs, words);
      const snippet = piece(thing.texts, words);
      made.append(head, " ", title);
      if (snippet) made.append(" ", marked(element("span", "snippet"), snippet, words));
      return made;
    }

    function answer() {
      const query = input.value.trim();
      load();
      if (!query) { list.replaceChildren(); open(false); }
      if (!query || !things) return;
      const { found, words } = find(query);
      choose(-1);
      list.replaceChildren(...found.slice(0, SHOWN).map((thing, n) => option(thing, n, words)));
      list.scrollTop = 0;
      const told = found.length > SHOWN ? form.dataset.shown : found.length ? form.dataset.found : form.dataset.nothing;
      status.textContent = told.replaceAll("{n}", found.length).replaceAll("{m}", SHOWN);
      open(true);
    }

    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    input.addEventListener("input", (event) => { if (!event.isComposing) answer(); });
    input.addEventListener("compositionend", answer);
    input.addEventListener("focus", answer);
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const last = options().length - 1;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (panel.hidden) { answer(); return; }
        if (last < 0) return;
        const step = event.key === "ArrowDown" ? 1 : -1;
        choose(chosen < 0 ? (step > 0 ? 0 : last) : (chosen + step + last + 1) % (last + 1));
      } else if (event.key === "Enter") {
        event.preventDefault();
        const target = options()[Math.max(chosen, 0)];
        if (!panel.hidden && target) target.click();
      } else if (event.key === "Escape") {
        event.preventDefault();
        if (panel.hidden) input.value = "";
        open(false);
      }
    });
    list.addEventListener("click", (event) => {
      if (event.target.closest("a") && !event.ctrlKey && !event.metaKey && !event.shiftKey) open(false);
    });
    document.addEventListener("pointerdown", (event) => { if (!form.contains(event.target)) open(false); });
    form.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !form.contains(event.relatedTarget)) open(false);
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target.closest("input, textarea, select, [contenteditable]")) return;
      event.preventDefault();
      input.focus();
      input.select();
    });
  }

  // --- the contents at the side -----------------------------------------------------------------

  function aside() {
    const side = document.querySelector(".side");
    if (!side) return;
    const wide = matchMedia("(min-width: 64rem)");
    const settle = () => { side.open = wide.matches; };
    settle();
    wide.addEventListener("change", settle);
    side.addEventListener("click", (event) => {
      if (event.target.closest("a") && !wide.matches) side.open = false;
    });
    const current = () => side.querySelector("[aria-current]");
    const here = current();
    if (here && wide.matches) side.scrollTop = here.offsetTop - side.clientHeight / 3;
    if (document.body.dataset.index) return;
    // One file: the part that is being read is the current one.
    const links = new Map([...side.querySelectorAll("a[href^='#']")].map((link) => [link.hash.slice(1), link]));
    const seen = new IntersectionObserver((changes) => {
      for (const { target, isIntersecting } of changes) {
        if (!isIntersecting) continue;
        current()?.removeAttribute("aria-current");
        const link = links.get(target.id);
        link?.setAttribute("aria-current", "true");
        const group = link?.closest("nav details");
        for (const other of side.querySelectorAll("nav details")) other.open = other === group;
      }
    }, { rootMargin: "-20% 0px -75% 0px" });
    for (const leaf of document.querySelectorAll(".leaf")) seen.observe(leaf);
  }

  // --- tables on a phone ------------------------------------------------------------------------

  // A row becomes a card there; what stood above a cell then stands before it, and a table stays one
  // for those who listen to it.
  function labelled() {
    for (const table of document.querySelectorAll("main table")) {
      const heads = [];
      for (const head of table.tHead?.rows[0]?.cells || [])
        for (let n = 0; n < head.colSpan; n++) heads.push(head);
      table.setAttribute("role", "table");
      for (const row of table.rows) {
        row.setAttribute("role", "row");
        let at = 0;
        for (const cell of row.cells) {
          const head = cell.tagName === "TH";
          cell.setAttribute("role", head ? (table.tHead?.contains(cell) ? "columnheader" : "rowheader") : "cell");
          const above = heads[at]?.textContent.trim();
          if (!head && above && cell.textContent.trim()) cell.dataset.label = above;
          at += cell.colSpan;
        }
      }
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    labelled();
    switchable();
    searchable();
    aside();
  });
})();
