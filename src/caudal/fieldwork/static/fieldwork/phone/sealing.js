// Two ways of closing: what was captured is sealed for the office, and this telephone cannot open it again;
// what has to be read here is locked with a key that exists only while somebody with the PIN is working.

const subtle = crypto.subtle;
const words = new TextEncoder();

export function toBase64(bytes) {
  const view = new Uint8Array(bytes);
  let text = "";
  for (let at = 0; at < view.length; at += 0x8000) text += String.fromCharCode(...view.subarray(at, at + 0x8000));
  return btoa(text);
}

export const fromBase64 = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
export const random = (size) => crypto.getRandomValues(new Uint8Array(size));

export const officeKey = (base64) =>
  subtle.importKey("spki", fromBase64(base64), { name: "RSA-OAEP", hash: "SHA-256" }, false, ["encrypt"]);

/** Sealed for the office: a key for this thing alone, itself sealed with the office's public key. */
export async function seal(office, { id, to, what }) {
  const key = await subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt"]);
  const iv = random(12);
  const data = await subtle.encrypt({ name: "AES-GCM", iv }, key, words.encode(JSON.stringify(what)));
  const wrapped = await subtle.encrypt({ name: "RSA-OAEP" }, office, await subtle.exportKey("raw", key));
  return { id, to, key: toBase64(wrapped), iv: toBase64(iv), data: toBase64(data) };
}

export async function lock(key, what) {
  const iv = random(12);
  const data = await subtle.encrypt({ name: "AES-GCM", iv }, key, words.encode(JSON.stringify(what)));
  return { iv, data: new Uint8Array(data) };
}

/** Throws when the key is another, or a byte changed. */
export async function unlock(key, { iv, data }) {
  return JSON.parse(new TextDecoder().decode(await subtle.decrypt({ name: "AES-GCM", iv }, key, data)));
}

const lockKey = (raw) => subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

// as many as make a guess slow on a good computer, and a person of the street wait less than a second or two
const TIMES = 600_000;

/** From the PIN: the key of this telephone's own papers, and one half of what opens its data. */
export async function fromPin(pin, salt) {
  const typed = await subtle.importKey("raw", words.encode(pin), "PBKDF2", false, ["deriveBits"]);
  const bits = await subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: TIMES }, typed, 512);
  return { own: await lockKey(bits.slice(0, 32)), half: new Uint8Array(bits.slice(32)) };
}

/** Both halves together: the PIN's and the office's. One alone opens nothing. */
export async function fromHalves(half, share) {
  const both = await subtle.importKey("raw", new Uint8Array([...half, ...words.encode(share)]), "HKDF", false, [
    "deriveKey",
  ]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info: words.encode("caudal campo") };
  return subtle.deriveKey(how, both, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** A new key for the data, as bytes: it is kept only locked. */
export const newDataKey = () => toBase64(random(32));
export const dataKey = (base64) => lockKey(fromBase64(base64));
