// What was filled in, what of it is still open, and how it is written for `sopaudit import`.
import { pictureId } from "./photo.js";
import { counts, judged, read } from "./score.js";

export const keyOf = (leaf, item) => `${leaf.id}/${item.id}`;

/** A form nobody has touched: what is answered already, and the drawn tickets as lines. */
export function fresh(sheet) {
  const items = {};
  for (const leaf of sheet.leaves) {
    for (const item of leaf.items) items[keyOf(leaf, item)] = blank(sheet, item);
  }
  return { v: 1, by: sheet.auditors.length === 1 ? sheet.auditors[0] : "", items, signs: [] };
}

function blank(sheet, item) {
  const told = item.given || {};
  const given = { r: "", v: "", f: "", c: "", n: "", p: "", w: "", at: "", photos: [], ...told };
  given.cases = (told.cases || []).map((one) => ({ ...one, drawn: sheet.tickets.includes(one.id) }));
  if (item.way === "cases") {
    const there = new Set(given.cases.map((one) => one.id));
    for (const id of sheet.tickets) if (!there.has(id)) given.cases.push(line(id, true));
  }
  return given;
}

export const line = (id = "", drawn = false) => ({ id, r: "", parts: {}, p: "", n: "", drawn });

/** Whether anything is answered; a remark alone is no answer. */
export const answered = (given) =>
  Boolean(given.r || given.v || given.f || given.c || given.cases.some(judged));

const says = (text) => Boolean(text) && !/^[\s/／\-—–无]*$/.test(text);

/** Whether an answer is a nonconformity, as the checks of the import see it. */
export function fails(item, given) {
  if (["yes", "na", "unchecked"].includes(given.r)) return false;
  if (given.r === "partial" || given.r === "no" || item.bad.includes(given.r)) return true;
  if (item.way === "cases" || !given.v) return (counts(given) || [0])[0] > 0;
  const value = read(given.v);
  if (!value) return false;
  if (item.most === null) return value[0] > 0n;
  const most = read(item.most);
  return value[0] * most[1] < most[0] * value[1];
}

/** What keeps a second person from standing for an answer, as the checks of the import see it: none is
 * named, this one may not, or there is nothing to see. */
export function unproven(sheet, state, given) {
  if (!given.w) return "witness";
  const signed = signers(state).filter((sign) => sign.role === "auditor").map((sign) => sign.person);
  const first = new Set(signed.length ? signed : sheet.leaders);
  const about = [...sheet.examined, given.p, ...given.cases.map((one) => one.p)];
  if ((first.size < 2 && first.has(given.w)) || about.includes(given.w)) return "second";
  return given.photos.length ? "" : "proof";
}

const signers = (state) => state.signs.filter((sign) => sign.id && sign.person);

/** What an item still lacks: words of `open`, the most important first. */
export function lacks(sheet, state, item, given) {
  const open = [];
  if (!answered(given)) {
    if (says(given.n) || given.photos.length) return ["silent"];
    return item.quiet ? [] : ["answer"];
  }
  const failing = given.cases.filter((one) => ["no", "partial"].includes(judged(one)));
  const failed = fails(item, given);
  const { note, evidence } = sheet.asked;
  if (given.cases.some((one) => judged(one) && !one.id.trim())) open.push("case");
  if (item.way === "cases" && !given.r && !counts(given)) open.push("counts");
  const told = says(given.n) || (failing.length > 0 && failing.every((one) => says(one.n)));
  if (failed && note.includes("fail") && !told) open.push("note");
  if (given.r === "na" && note.includes("na") && !says(given.n)) open.push("reason");
  const shown = given.photos.length || failing.length;
  if (failed && evidence.includes(item.severity) && !shown) open.push("evidence");
  const why = item.witness && failed && unproven(sheet, state, given);
  if (why && (why !== "proof" || !open.includes("evidence"))) open.push(why);
  return open;
}

/** Everything still open: [{ leaf, item, what }], signatures last (leaf null). */
export function stillOpen(sheet, state) {
  const open = [];
  for (const leaf of sheet.leaves) {
    for (const item of leaf.items) {
      for (const what of lacks(sheet, state, item, state.items[keyOf(leaf, item)])) open.push({ leaf, item, what });
    }
  }
  for (const role of ["auditor", "auditee"]) {
    if (!signers(state).some((sign) => sign.role === role)) open.push({ leaf: null, item: null, what: role });
  }
  return open;
}

/** Whether so much does not apply that the score no longer speaks for the whole. */
export function limited(leaf, state) {
  if (!leaf.coverage) return false;
  const items = leaf.items.filter((item) => item.counts);
  const apart = items.filter((item) => state.items[keyOf(leaf, item)].r === "na").length;
  const least = read(leaf.coverage);
  return apart > 0 && BigInt(items.length - apart) * least[1] < least[0] * BigInt(items.length);
}

/** Write `sopaudit.filled/1`, and list the pictures it names: [path, id of the picture]. */
export function filled(sheet, state, at) {
  const pictures = [];
  const numbers = {};
  const photo = (item) => (one) => {
    numbers[item.id] = (numbers[item.id] || 0) + 1;
    const path = `photos/${item.id}_${numbers[item.id]}.jpg`;
    pictures.push([path, one.id]);
    return said({ file: path, sha256: one.sha, taken: one.at, file_time: one.time, name: one.file });
  };
  const signatures = signers(state).map((sign) => {
    const path = `signatures/${sign.role}-${sign.person}.png`;
    if (!pictures.some(([there]) => there === path)) pictures.push([path, sign.id]);
    return { role: sign.role, person: sign.person, at: sign.at, drawn: { file: path, sha256: sign.sha, taken: sign.at } };
  });
  const records = sheet.leaves.map((leaf) => ({
    schema: "sopaudit.answers/1",
    audit: sheet.identity.audit,
    checklist: leaf.used,
    channel: "html",
    answers: leaf.items
      .map((item) => [item, state.items[keyOf(leaf, item)]])
      .filter(([, given]) => answered(given) || given.n || given.photos.length)
      .map(([item, given]) => answer(item, given, photo(item))),
    signatures,
  }));
  const json = { schema: "sopaudit.filled/1", sheet: sheet.identity, saved_at: at, by: state.by, records };
  return { json, pictures };
}

/** Leave out what says nothing. */
function said(told) {
  return Object.fromEntries(Object.entries(told).filter(([, value]) =>
    Array.isArray(value) ? value.length : typeof value === "object" ? Object.keys(value).length : value));
}

function answer(item, given, photo) {
  const of = (name) => given.photos.filter((one) => (one.kase || "") === name);
  const lines = given.cases.filter((one) => judged(one) || says(one.n));
  const named = new Set(lines.map((one) => one.id));
  const loose = given.photos.filter((one) => one.kase && !named.has(one.kase));
  const cases = lines.map((one) => said({
    id: one.id, result: one.r,
    parts: Object.fromEntries(Object.entries(one.parts || {}).filter(([, word]) => word)),
    person: one.p, note: one.n, evidence: one.id ? of(one.id).map(photo) : [],
  }));
  const judgedAny = lines.some(judged);
  const sample = said({ failed: judgedAny ? "" : given.f, checked: judgedAny ? "" : given.c, cases });
  return said({
    item: item.id, result: given.r, value: given.v, note: given.n, at: given.at, person: given.p,
    confirmed: item.witness && fails(item, given) && given.w && { by: given.w },
    evidence: [...of(""), ...loose].map(photo), sample,
  });
}

/** Take an exported form back: the state, and which picture each path is. */
export function restored(sheet, json) {
  if (json?.schema !== "sopaudit.filled/1") throw new Error("schema");
  if (json.sheet?.seal !== sheet.identity.seal) throw new Error("seal");
  const state = fresh(sheet);
  const wanted = [];
  const photo = (kase) => (one) => {
    const id = pictureId();
    wanted.push([one.file, id]);
    return { id, sha: one.sha256, at: one.taken || "", file: one.name || "", time: one.file_time || "", ...(kase ? { kase } : {}) };
  };
  state.by = json.by || "";
  for (const record of json.records) {
    for (const one of record.answers) {
      const given = state.items[`${record.checklist.id}/${one.item}`];
      if (!given) continue;
      const sample = one.sample || {};
      Object.assign(given, {
        r: one.result || "", v: one.value || "", n: one.note || "", at: one.at || "", p: one.person || "", w: one.confirmed?.by || "",
        f: sample.failed || "", c: sample.checked || "", photos: (one.evidence || []).map(photo("")),
      });
      const drawn = given.cases.filter((line) => line.drawn);
      given.cases = [];
      for (const kase of sample.cases || []) {
        const known = drawn.findIndex((there) => there.id === kase.id);
        if (known >= 0) drawn.splice(known, 1);
        given.cases.push({ ...line(kase.id || "", known >= 0), r: kase.result || "", parts: kase.parts || {}, p: kase.person || "", n: kase.note || "" });
        given.photos.push(...(kase.evidence || []).map(photo(kase.id)));
      }
      given.cases.push(...drawn);
    }
  }
  for (const sign of json.records[0]?.signatures || []) {
    const id = pictureId();
    wanted.push([sign.drawn.file, id]);
    state.signs.push({ role: sign.role, person: sign.person, at: sign.at, sha: sign.drawn.sha256, id });
  }
  return { state, wanted };
}
