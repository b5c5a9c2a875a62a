// Sending what is kept: in batches, as often as needed, and nothing leaves the telephone before the office has
// said that it has it.

import * as clock from "./clock.js";
import { ask, Offline, Revoked } from "./network.js";
import * as sealing from "./sealing.js";
import * as store from "./store.js";

const BATCH = 50;

/** → {"events", "photos"} that wait, and when something was last sent. */
export async function waiting() {
  const [events, photos, last] = await Promise.all([
    store.count("events", "waiting"), store.count("photos", "waiting"), store.get("kept", "sent"),
  ]);
  return { events, photos, last: last?.at ?? "" };
}

/** Send all that waits; two windows of the application do not send at once. → "sent" | "offline" | "revoked". */
export async function send({ token, dataKey }) {
  const attempt = async () => {
    try {
      while (await sendEvents({ token, dataKey }));
      while (await sendPhoto({ token }));
      return "sent";
    } catch (trouble) {
      if (trouble instanceof Revoked) return "revoked";
      if (trouble instanceof Offline) return "offline";
      throw trouble;
    }
  };
  return navigator.locks.request("campo-envio", attempt);
}

/** → whether there may be more. */
async function sendEvents({ token, dataKey }) {
  const batch = await store.first("events", "waiting", BATCH);
  if (!batch.length) return false;
  const body = batch.map((each) => `${JSON.stringify(each.envelope)}\n`).join("");
  const { ok, status, told } = await ask("/campo/sucesos/", { token, body, kind: "application/x-ndjson" });
  if (!ok) throw new Offline(String(status));
  const mine = new Map(batch.map((each) => [each.id, each]));
  const heard = told.outcomes.filter((each) => mine.has(each.id));
  if (!heard.length) throw new Offline("nothing was acknowledged");
  const rows = await Promise.all(heard.map((each) => acknowledged(mine.get(each.id), each, dataKey)));
  await store.write(...rows.map((row) => ["events", row]), ["kept", { name: "sent", at: clock.hour(clock.officeNow()) }]);
  return true;
}

/** What stays of an event: that it was told, and what became of it. The why may name a place: it is locked. */
async function acknowledged(event, { state, why }, dataKey) {
  const { id, stop, kind, at } = event;
  return { id, stop, kind, at, state: "told", became: state, why: why ? await sealing.lock(dataKey, why) : null };
}

async function sendPhoto({ token }) {
  const [photo] = await store.first("photos", "waiting", 1);
  if (!photo) return false;
  const { ok, status } = await ask(`/campo/fotos/${photo.id}/`, { token, body: JSON.stringify(photo.envelope) });
  // 422: the office looked at it and it is no picture; keeping it would not make it one
  if (!ok && status !== 422) throw new Offline(String(status));
  await store.write(["photos", photo.id, "remove"], ["kept", { name: "sent", at: clock.hour(clock.officeNow()) }]);
  return true;
}

/** Those the office set aside, with its words. */
export async function setAside(dataKey) {
  const told = (await store.first("events", "told")).filter((each) => each.became !== "applied" && each.why);
  return Promise.all(told.map(async (each) => ({ ...each, why: await sealing.unlock(dataKey, each.why).catch(() => "") })));
}
