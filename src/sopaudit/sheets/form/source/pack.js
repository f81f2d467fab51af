// The zip a form is handed over in, and back: answers.json, photos/, signatures/.
import { strFromU8, strToU8, unzipSync, Zip, ZipPassThrough } from "fflate";
import { moment, smallOf } from "./photo.js";
import { filled, restored } from "./state.js";
import { keepPicture, picture } from "./store.js";

const ANSWERS = "answers.json";

export function plain(sheet, state) {
  return JSON.stringify(filled(sheet, state, moment()).json, null, 1);
}

/** Pack everything, one picture in memory at a time; nothing is pressed, pictures do not get smaller. */
export async function packed(sheet, state) {
  const now = new Date();
  const { json, pictures } = filled(sheet, state, moment(now));
  const pieces = [];
  const lost = [];
  const zip = new Zip((_, piece) => pieces.push(new Blob([piece])));
  const put = (path, bytes) => {
    const part = new ZipPassThrough(path);
    part.mtime = now;
    zip.add(part);
    part.push(bytes, true);
  };
  put(ANSWERS, strToU8(JSON.stringify(json, null, 1)));
  for (const [path, id] of pictures) {
    const found = await picture(id);
    if (found) put(path, new Uint8Array(found.bytes));
    else lost.push(path);
  }
  zip.end();
  return { pieces, lost };
}

/** Read an exported zip or JSON: the state, with its pictures kept. Throws where it is of another sheet. */
export async function unpacked(sheet, file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const zip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  const parts = zip ? unzipSync(bytes) : {};
  if (zip && !parts[ANSWERS]) throw new Error("schema");
  const { state, wanted } = restored(sheet, JSON.parse(zip ? strFromU8(parts[ANSWERS]) : strFromU8(bytes)));
  const there = new Set();
  for (const [path, id] of wanted) {
    const found = parts[path];
    if (!found) continue;
    there.add(id);
    const small = path.startsWith("photos/") ? await smallOf(found).catch(() => null) : null;
    await keepPicture(id, { bytes: found, small });
  }
  for (const given of Object.values(state.items)) given.photos = given.photos.filter((one) => there.has(one.id));
  state.signs = state.signs.filter((sign) => there.has(sign.id));
  return { state, lost: wanted.length - there.size };
}
