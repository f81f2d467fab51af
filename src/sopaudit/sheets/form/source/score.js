// What a score would be, in exact fractions: the same numbers as ours, of the plain schemes alone.
// A number is a pair of whole numbers [over, under], under above 0.

export function read(text) {
  const said = String(text).normalize("NFKC").trim();
  let found = /^([+-]?\d+)(?:\.(\d+))?$/.exec(said);
  if (found) {
    const places = found[2] || "";
    const whole = BigInt(found[1] + places);
    return [whole, 10n ** BigInt(places.length)];
  }
  found = /^([+-]?\d+)\/(\d+)$/.exec(said);
  return found && BigInt(found[2]) ? [BigInt(found[1]), BigInt(found[2])] : null;
}

const add = ([a, b], [c, d]) => [a * d + c * b, b * d];
const times = ([a, b], [c, d]) => [a * c, b * d];
const less = ([a, b], [c, d]) => a * d < c * b;
const ZERO = [0n, 1n];

/** Round half away from zero to whole steps of `to`, and write it with the decimals of `to`. */
function rounded([a, b], [c, d]) {
  const over = (a < 0n ? -a : a) * d;
  const under = b * c;
  const steps = (2n * over + under) / (2n * under);
  return [(a < 0n ? -steps : steps) * c, d];
}

export function decimal([a, b], [, unit]) {
  let places = 0;
  while (10n ** BigInt(places) % unit && places < 6) places += 1;
  const digits = String((a < 0n ? -a : a) * 10n ** BigInt(places) / b).padStart(places + 1, "0");
  const cut = digits.length - places;
  return (a < 0n ? "-" : "") + digits.slice(0, cut) + (places ? "." + digits.slice(cut) : "");
}

/** What a case comes to: its word, or else its parts. */
export function judged(one) {
  if (one.r) return one.r;
  const parts = Object.values(one.parts || {}).filter(Boolean);
  const applicable = parts.filter((word) => word !== "na");
  if (!applicable.length) return parts.length ? "na" : "";
  const has = (word) => applicable.includes(word);
  if (has("no") || has("partial")) return has("yes") || has("partial") ? "partial" : "no";
  return has("unchecked") ? "unchecked" : "yes";
}

/** Failed and checked: of the cases where any is judged, else as they were typed. */
export function counts(given) {
  const words = (given.cases || []).map(judged).filter(Boolean);
  if (words.length) {
    const failed = words.filter((word) => word === "no" || word === "partial").length;
    return [failed, failed + words.filter((word) => word === "yes").length];
  }
  const [failed, checked] = [whole(given.f), whole(given.c)];
  return failed === null || checked === null || failed > checked ? null : [failed, checked];
}

const whole = (text) => {
  const number = text === undefined || text === "" ? null : read(text);
  return number && number[1] === 1n && number[0] >= 0n ? Number(number[0]) : null;
};

/** Earned and possible points of one answer; null where it leaves the base. */
function mark(meter, given) {
  const points = read(meter.points);
  if (given.r === "na" || given.r === "unchecked") {
    if (!(given.r in meter.shares)) return null;
  }
  if (meter.given) {
    const value = given.v === "" || given.v === undefined ? null : read(given.v);
    return value && [times(value, read(meter.weight)), points];
  }
  if (meter.each) {
    const counted = given.v === "" || given.v === undefined ? null : read(given.v);
    const cases = counted ? null : counts(given);
    const number = counted || (cases && [BigInt(cases[0]), 1n])
      || (given.r === "yes" ? ZERO : given.r === "no" ? [1n, 1n] : null);
    if (!number) return null;
    const left = add(points, times([-number[0], number[1]], read(meter.each)));
    return [less(left, ZERO) ? ZERO : left, points];
  }
  if (meter.rate) {
    const cases = counts(given) || (given.r === "yes" ? [0, 1] : given.r === "no" ? [1, 1] : null);
    if (!cases || !cases[1]) return null;
    const [failed, checked] = cases.map(BigInt);
    return [times(points, [checked - failed, checked]), points];
  }
  if (!given.r || !(given.r in meter.shares)) return null;
  const shares = Object.values(meter.shares).map(read);
  const most = shares.reduce((a, b) => (less(a, b) ? b : a));
  return [times(points, read(meter.shares[given.r])), times(points, most)];
}

/** The score of a checklist as far as it is answered: null while nothing counts. A veto that waits
 * is in force where `stands` says of its answer that a second person stands for it; till then `grade`
 * is without it, and `pending` with it. */
export function score(preview, answers, stands) {
  let earned = ZERO;
  let possible = ZERO;
  let counted = 0;
  for (const [item, meter] of Object.entries(preview.meters)) {
    const found = answers[item] && mark(meter, answers[item]);
    if (!found) continue;
    counted += 1;
    earned = add(earned, found[0]);
    possible = add(possible, found[1]);
  }
  const met = preview.vetoes.filter((veto) => answers[veto.item]?.r === veto.answer);
  const vetoes = met.filter((veto) => !veto.waits || stands(answers[veto.item]));
  const waits = met.filter((veto) => !vetoes.some((one) => one.grade === veto.grade));
  const none = !counted || (preview.percent && possible[0] === 0n);
  if (none) return met.length ? { text: "", grade: "", pending: "", vetoes, waits } : null;
  const exact = preview.percent
    ? [earned[0] * possible[1] * 100n, earned[1] * possible[0]] : earned;
  const to = read(preview.to);
  const shown = rounded(exact, to);
  const band = preview.grades.findIndex(([, least]) => least === null || !less(shown, read(least)));
  const order = preview.grades.map(([grade]) => grade);
  const at = (veto) => order.indexOf(veto.grade);
  const lowered = (by) => order[Math.max(band, ...by.map(at))] || "";
  return {
    text: decimal(shown, to), grade: lowered(vetoes), pending: lowered(met), vetoes: vetoes.filter((veto) => at(veto) >= band), waits,
  };
}
