// Talking to the office, and to nobody else. Without network it says so and nothing is lost: it is tried again.

import * as clock from "./clock.js";
import * as store from "./store.js";

export class Offline extends Error {}
export class Revoked extends Error {}

const PATIENCE = 30_000;

/** → {status, told}. Anything that is not an answer of the office is `Offline`. */
export async function ask(path, { token = "", method = "POST", body = "{}", kind = "application/json", patience = PATIENCE } = {}) {
  let answer, told;
  try {
    answer = await fetch(path, {
      method, cache: "no-store", credentials: "omit", redirect: "error", signal: AbortSignal.timeout(patience),
      body: method === "GET" ? undefined : body,
      headers: { "Content-Type": kind, ...(token && { Authorization: `Caudal ${token}` }) },
    });
    told = await answer.json();
  } catch (trouble) {
    throw new Offline(String(trouble));
  }
  if (answer.status === 401 && told?.revoked) throw new Revoked();
  if (answer.status >= 500 || answer.status === 429) throw new Offline(String(answer.status));
  if (token && answer.ok) await contact();
  if (told?.now) await clock.heard(told.now);
  return { status: answer.status, ok: answer.ok, told };
}

async function contact() {
  await store.put("kept", { name: "contact", at: Date.now() });
}
