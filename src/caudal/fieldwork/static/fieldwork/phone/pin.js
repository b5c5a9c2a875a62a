// Who may read what is here, for how long, and when it is forgotten. See docs/decisions/0009-phones.md.

import * as sealing from "./sealing.js";
import * as store from "./store.js";

export const PIN_DIGITS = 6;
export const MOST_WRONG = 10;
const DAY = 24 * 3600_000;
const FORGET_AFTER = 7 * DAY;
const SLACK = 5 * 60_000; // clocks are corrected by a little all the time

/** What the office gave at the enrollment, closed with the PIN that was chosen. */
export async function settle({ device, token, publicKey, pin }) {
  const salt = sealing.random(16);
  const { own } = await sealing.fromPin(pin, salt);
  await store.write(
    ["kept", { name: "device", code: device, publicKey, salt, token: await sealing.lock(own, token), wrong: 0 }],
    ["kept", { name: "contact", at: Date.now() }],
    ["kept", "forgotten", "remove"],
  );
}

/** → {token, own, half, day} with the right PIN; {left} with another; {forgotten: true} after too many. */
export async function open(pin) {
  const device = await store.get("kept", "device");
  // written before it is tried: closing the application does not give another try
  device.wrong += 1;
  await store.put("kept", device);
  const { own, half } = await sealing.fromPin(pin, device.salt);
  let token;
  try {
    token = await sealing.unlock(own, device.token);
  } catch {
    if (device.wrong < MOST_WRONG) return { left: MOST_WRONG - device.wrong };
    await forget("pin");
    return { forgotten: true };
  }
  device.wrong = 0;
  await store.put("kept", device);
  return { token, own, half, day: await todays(own) };
}

async function todays(own) {
  const kept = await store.get("kept", "day");
  try { return kept ? await sealing.unlock(own, kept.closed) : null; } catch { return null; }
}

/** Keep the office's half for this day of work, closed with the PIN's key, so that it opens without network. */
export async function keepDay(own, { share, rounds }) {
  await store.put("kept", { name: "day", at: Date.now(), closed: await sealing.lock(own, { share, rounds }) });
}

/** The key of the data: made once, and again when the office's half is another (then what was locked is dropped). */
export async function dataKey(half, share) {
  const device = await store.get("kept", "device");
  const both = await sealing.fromHalves(half, share);
  try {
    return await sealing.dataKey(await sealing.unlock(both, device.dataKey));
  } catch {
    const fresh = sealing.newDataKey();
    device.dataKey = await sealing.lock(both, fresh);
    await store.write(["kept", device], ...(await everyPack()));
    return sealing.dataKey(fresh);
  }
}

/** Each time it opens: the day's half ends with the day or in 24 hours; a week without the office forgets it all. */
export async function expire() {
  const [day, contact] = await Promise.all([store.get("kept", "day"), store.get("kept", "contact")]);
  if (day && !isOfToday(day.at)) await store.remove("kept", "day");
  if (contact && Date.now() - contact.at > FORGET_AFTER) {
    const device = await store.get("kept", "device");
    if (device) delete device.dataKey;
    await store.write(
      ...(device ? [["kept", device]] : []), ["kept", "day", "remove"], ...(await everyPack()), ...(await everyTold()),
    );
  }
}

function isOfToday(at) {
  const passed = Date.now() - at;
  // a clock that went back would make the day last for ever
  return passed >= -SLACK && passed < DAY && new Date(at).toDateString() === new Date().toDateString();
}

/** Forget whatever could be read, and who this telephone was. What was not sent stays: it is sealed for the office. */
export async function forget(why) {
  await store.write(
    ["kept", "device", "remove"], ["kept", "day", "remove"], ["kept", "contact", "remove"],
    ["kept", { name: "forgotten", why }], ...(await everyPack()), ...(await everyTold()),
  );
}

const everyPack = async () => (await store.all("packs")).map((each) => ["packs", each.folio, "remove"]);
const everyTold = async () => (await store.first("events", "told")).map((each) => ["events", each.id, "remove"]);
