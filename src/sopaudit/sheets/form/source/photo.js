// A photo as it goes into the record: upright, no longer than 1600 px, hashed, with its time.
//
// Drawing it on a canvas leaves out whatever the camera wrote beside it, the place included; so the
// time of taking is noted here, and the time of the file apart from it, because that may be a copy's.
import { sha256 } from "./sha256.js";

const LONGEST = 1600;
const SMALL = 220;

export function moment(date = new Date()) {
  const two = (n) => String(Math.floor(Math.abs(n))).padStart(2, "0");
  const off = -date.getTimezoneOffset();
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");
  return `${day}T${time}${off < 0 ? "-" : "+"}${two(off / 60)}:${two(off % 60)}`;
}

export const pictureId = () => `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;

async function pixels(file) {
  if (globalThis.createImageBitmap) {
    try {
      return await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch { /* older browsers know no such option */ }
  }
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    await image.decode();
  } finally {
    URL.revokeObjectURL(image.src);
  }
  return image;
}

function drawn(image, longest) {
  const [width, height] = [image.naturalWidth || image.width, image.naturalHeight || image.height];
  const scale = Math.min(1, longest / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

async function jpeg(canvas, quality) {
  const blob = await new Promise((good) => canvas.toBlob(good, "image/jpeg", quality));
  if (!blob) throw new Error("no picture");
  return new Uint8Array(await blob.arrayBuffer());
}

/** Give what is told of a photo, its bytes and its small picture; throws where it is none. */
export async function taken(file) {
  const image = await pixels(file);
  const whole = drawn(image, LONGEST);
  image.close?.();
  const [bytes, small] = [await jpeg(whole, 0.85), await jpeg(drawn(whole, SMALL), 0.7)];
  const about = {
    id: pictureId(),
    sha: await sha256(bytes), at: moment(), file: file.name || "",
    time: file.lastModified ? moment(new Date(file.lastModified)) : "",
  };
  return { about, bytes, small };
}

export async function smallOf(bytes) {
  return jpeg(drawn(await pixels(new Blob([bytes], { type: "image/jpeg" })), SMALL), 0.7);
}
