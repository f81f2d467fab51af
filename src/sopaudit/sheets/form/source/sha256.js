// SHA-256. Browsers have their own only on https and on files; a plain http address of an office has
// none, and there it is worked out here.

const PRIMES = [];
for (let n = 2; PRIMES.length < 64; n += 1) if (PRIMES.every((p) => n % p)) PRIMES.push(n);
const fraction = (x) => ((x - Math.floor(x)) * 2 ** 32) | 0;
const K = PRIMES.map((p) => fraction(Math.cbrt(p)));
const turn = (x, n) => (x >>> n) | (x << (32 - n));

export function plainly(bytes) {
  const state = PRIMES.slice(0, 8).map((p) => fraction(Math.sqrt(p)));
  const length = bytes.length;
  const padded = new Uint8Array(((length + 8) >> 6 << 6) + 64);
  padded.set(bytes);
  padded[length] = 128;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(length / 2 ** 29));
  view.setUint32(padded.length - 4, length << 3);
  const w = new Int32Array(64);
  for (let at = 0; at < padded.length; at += 64) {
    for (let t = 0; t < 64; t += 1) {
      if (t < 16) w[t] = view.getInt32(at + 4 * t);
      else {
        const [a, b] = [w[t - 15], w[t - 2]];
        w[t] = (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + w[t - 7]
          + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10)) + w[t - 16];
      }
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let t = 0; t < 64; t += 1) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[t] + w[t]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((x, n) => { state[n] = (state[n] + x) | 0; });
  }
  return state.map((x) => (x >>> 0).toString(16).padStart(8, "0")).join("");
}

export async function sha256(bytes) {
  if (!globalThis.crypto?.subtle) return plainly(bytes);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...hash].map((x) => x.toString(16).padStart(2, "0")).join("");
}
