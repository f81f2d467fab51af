// Where a form keeps what is typed: answers in localStorage, pictures in IndexedDB.
//
// Both are tried by writing and reading before anything is promised. Whatever is not allowed here
// (a private window, a viewer inside another program) is told, and the form can still be exported.

const DATABASE = "sopaudit";
let database = null;

/** Resolved once the pictures can be asked for, or it is known that they cannot. */
const ready = opened().then((found) => { database = found; }, () => {});

function promised(request) {
  return new Promise((good, bad) => {
    request.onsuccess = () => good(request.result);
    request.onerror = () => bad(request.error);
  });
}

function opened() {
  return new Promise((good, bad) => {
    // What is thrown in here, because a page may not even ask, is a refusal too.
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore("pictures");
    request.onsuccess = () => good(request.result);
    request.onerror = () => bad(request.error);
    // Ticks, and not the clock: while a long form is being built no answer can be heard, and a phone
    // short of memory takes its time. Nothing waits for it but the word "saved": some 30 seconds.
    let patience = 300;
    const tick = setInterval(() => { if (--patience < 0) { clearInterval(tick); bad(new Error("no answer")); } }, 100);
  });
}

const pictures = (mode) => database.transaction("pictures", mode).objectStore("pictures");

/** Say whether answers can be kept. */
export function probe(key) {
  const kept = save(`${key}?`, key);
  forget(`${key}?`);
  return kept;
}

/** Say whether pictures can be kept, once that is known. */
export async function probePictures(key) {
  const mark = String(Math.random());
  await ready;
  try {
    await promised(pictures("readwrite").put(mark, `${key}?`));
    const kept = (await promised(pictures("readonly").get(`${key}?`))) === mark;
    await promised(pictures("readwrite").delete(`${key}?`));
    return kept;
  } catch {
    database = null;
    return false;
  }
}

export function load(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

export function save(key, state) {
  try {
    const text = JSON.stringify(state);
    localStorage.setItem(key, text);
    return localStorage.getItem(key) === text;
  } catch {
    return false;
  }
}

export function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch { /* not allowed */ }
}

// What cannot be kept stays in memory until the page is closed; what is not kept yet, until it is.
const held = new Map();

export async function keepPicture(id, picture) {
  held.set(id, picture);
  await ready;
  if (!held.has(id)) return true; // taken away meanwhile
  try {
    await promised(pictures("readwrite").put(picture, id));
    held.delete(id);
    return true;
  } catch { /* full, or not allowed */
    return false;
  }
}

export async function picture(id) {
  if (held.has(id)) return held.get(id);
  await ready;
  try {
    return database ? await promised(pictures("readonly").get(id)) : undefined;
  } catch {
    return undefined;
  }
}

export async function dropPicture(id) {
  held.delete(id);
  try {
    if (database) await promised(pictures("readwrite").delete(id));
  } catch { /* it stays, and nothing names it */ }
}
