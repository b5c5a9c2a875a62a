// The telephone's application: who is in, what work is open, which screen is next.

import * as clock from "./clock.js";
import { delivery } from "./delivery.js";
import { button, h, hushed, icon, say, show } from "./dom.js";
import { enrollment, lockScreen, noDay } from "./entrance.js";
import { note } from "./keypad.js";
import { ask, Offline, Revoked } from "./network.js";
import { order } from "./order.js";
import * as pin from "./pin.js";
import * as place from "./place.js";
import { reading } from "./reading.js";
import { ending, finder, outbox, rounds } from "./rounds.js";
import * as sealing from "./sealing.js";
import * as store from "./store.js";
import * as sync from "./sync.js";

const SCREENS = { reading, bill: delivery, notice: delivery, order };
const EACH = 60_000; // what waits is tried again so often
const REST = 15 * 60_000; // out of sight for longer, and the PIN is asked for again

const app = { token: "", device: "", office: null, own: null, half: null, dataKey: null, rounds: [], round: null };
app.done = new Map();
app.accepted = new Set();

// coming in ------------------------------------------------------------------------------------------

async function boot() {
  if (!globalThis.crypto?.subtle) {
    show(h("h1", {}, "Falta la conexión segura"), note("Esta aplicación solo funciona con https. Avise a la oficina.", "bad"));
    return;
  }
  await navigator.serviceWorker?.register(document.body.dataset.worker, { scope: "./" }).catch(() => {});
  await store.persist();
  await clock.wake();
  await pin.expire();
  await door();
}

async function door() {
  const [device, forgotten, { events }] = await Promise.all([
    store.get("kept", "device"), store.get("kept", "forgotten"), sync.waiting(),
  ]);
  drawBar();
  if (!device) return enrollment({ why: forgotten?.why ?? "", unsent: events, done: comeIn });
  lockScreen({ opened, forgotten: door, unsent: events });
}

const comeIn = async (typed) => opened(await pin.open(typed));

async function opened({ token, own, half, day }) {
  const device = await store.get("kept", "device");
  Object.assign(app, { token, own, half, device: device.code, office: await sealing.officeKey(device.publicKey) });
  // the day that was opened before is enough to work; the office is heard while the person works
  if (day) {
    await startDay(day);
    back();
  } else await openDay();
}

async function openDay() {
  show(h("h1", {}, "Un momento"), h("p", {}, "Abriendo el día…"));
  if ((await heardDay()) === "offline") noDay({ again: openDay, clockTold: "" });
}

/** Ask for the office's half of the key and today's rounds. → "heard" | "offline" | "revoked" */
async function heardDay() {
  try {
    const { ok, told } = await ask("/campo/dia/", { token: app.token, patience: 15_000 });
    if (!ok) return "offline";
    await pin.keepDay(app.own, told);
    if (!app.dataKey) { await startDay(told); app.send(); }
    else app.rounds = told.rounds;
    return "heard";
  } catch (trouble) {
    if (trouble instanceof Revoked) { await app.revoked(); return "revoked"; }
    if (trouble instanceof Offline) return "offline";
    throw trouble;
  }
}

async function startDay({ share, rounds: given }) {
  app.dataKey = await pin.dataKey(app.half, share);
  app.rounds = given;
  for (const event of await store.all("events")) app.mark(event);
  place.watch();
  await rounds(app);
  await drawBar();
}

app.revoked = async () => {
  await pin.forget("revoked");
  leave();
  await door();
};

function leave() {
  Object.assign(app, { token: "", own: null, half: null, dataKey: null, rounds: [], round: null });
  app.done.clear();
  app.accepted.clear();
}

// the work -------------------------------------------------------------------------------------------

app.mark = ({ stop, kind, at }) => {
  if (kind === "note") app.accepted.add(stop);
  else if (!(app.done.get(stop)?.at > at)) app.done.set(stop, { at });
};
app.clockTold = clock.wrongClock;
app.hourOf = (stop) => clock.hour(new Date((app.done.get(stop.code)?.at ?? 0) + (clock.offsetSeconds() ?? 0) * 1000));
app.doneHere = () => app.round.stops.filter((stop) => app.done.has(stop.code)).length;

app.openRound = async (folio) => {
  const given = app.rounds.find((each) => each.folio === folio);
  const kept = await keptRound(folio);
  app.round = kept && kept.stops.length === given.n ? kept : ((await downloaded(folio)) ?? kept);
  if (!app.round) return say("No hay señal para descargar este recorrido. Busque red una vez; después no hace falta.", { loud: true });
  for (const stop of app.round.stops) if (stop.outcome && !app.done.has(stop.code)) app.done.set(stop.code, { at: Date.parse(stop.done_at) || 0 });
  app.onward(null);
};

async function keptRound(folio) {
  const pack = await store.get("packs", folio);
  try { return pack ? await sealing.unlock(app.dataKey, pack.closed) : null; } catch { return null; }
}

async function downloaded(folio) {
  try {
    const { ok, told } = await ask(`/campo/recorridos/${folio}/`, { token: app.token, method: "GET", patience: 60_000 });
    if (!ok) return null;
    await store.put("packs", { folio, closed: await sealing.lock(app.dataKey, told) });
    return told;
  } catch (trouble) {
    if (trouble instanceof Revoked) { await app.revoked(); return null; }
    if (trouble instanceof Offline) return null;
    if (!store.isFull(trouble)) throw trouble;
    say("El teléfono está lleno y el recorrido no cabe. Libere espacio.", { loud: true });
    return null;
  }
}

app.keepRound = async () => store.put("packs", { folio: app.round.round.folio, closed: await sealing.lock(app.dataKey, app.round) });

/** The stop after this one that is not done, going round. */
app.next = (stop) => {
  const { stops } = app.round;
  const at = stop ? stops.findIndex((each) => each.code === stop.code) : -1;
  return [...stops.slice(at + 1), ...stops.slice(0, Math.max(at, 0))].find((each) => !app.done.has(each.code)) ?? null;
};

app.onward = (stop) => {
  const next = app.next(stop);
  if (next) app.openStop(next);
  else { drawBar(); ending(app); }
};

app.openStop = (stop) => {
  drawBar();
  SCREENS[stop.subject](app, stop);
};

app.refresh = async () => {
  const heard = await heardDay();
  if (heard === "offline") return say("No hay señal. Puede seguir con lo que ya está descargado.");
  if (heard === "revoked") return;
  const today = new Set(app.rounds.map((each) => each.folio));
  for (const pack of await store.all("packs")) if (!today.has(pack.folio)) await store.remove("packs", pack.folio);
  for (const each of app.rounds) await downloaded(each.folio);
  await rounds(app);
  say("Actualizado ✓");
};

// sending --------------------------------------------------------------------------------------------

let soon = 0;
app.kept = () => {
  drawBar();
  clearTimeout(soon);
  soon = setTimeout(() => app.send(), 1500);
};

app.send = async () => {
  if (!app.dataKey) return "offline";
  const result = await sync.send(app);
  if (result === "revoked") await app.revoked();
  else await drawBar(result);
  return result;
};

// the bar --------------------------------------------------------------------------------------------

async function drawBar(result = "") {
  const bar = document.getElementById("bar");
  const { events, photos, last } = await sync.waiting();
  const isIn = Boolean(app.dataKey);
  bar.hidden = false;
  if (!isIn) return bar.replaceChildren(h("div", { class: "top" }, h("span", { class: "grow title" }, "Caudal en campo")));
  const left = events ? `${events} sin enviar` : photos ? `${photos} ${photos === 1 ? "foto" : "fotos"} sin enviar` : "Todo enviado";
  const when = result === "offline" || !navigator.onLine ? "sin señal" : "";
  const pill = button("", () => outbox(app), { kind: events || photos ? "pill watch" : "pill good", name: "outbox" });
  pill.append(icon(events || photos ? "cloud-up" : "circle-check"), h("b", {}, left),
    h("span", {}, [when, last && (when ? `envío ${last}` : `último envío ${last}`)].filter(Boolean).join(" · ")));
  const inRound = app.round !== null;
  bar.replaceChildren(
    h("div", { class: "top" },
      inRound ? button("", () => { app.round = null; drawBar(); return rounds(app); }, { symbol: "arrow-left", label: "Mis recorridos", kind: "plain", name: "to-rounds" }) : "",
      h("span", { class: "grow title" }, inRound ? app.round.round.name : "Caudal en campo"),
      inRound ? h("span", { class: "number" }, `${app.doneHere()} de ${app.round.stops.length}`) : "",
      inRound ? button("", () => finder(app), { symbol: "search", label: "Buscar en el recorrido", kind: "plain", name: "find" }) : "",
      inRound ? button("Fin", () => ending(app), { kind: "plain", label: "Terminar el recorrido", name: "end" }) : ""),
    pill,
  );
}

// going on by itself ---------------------------------------------------------------------------------

// with network again: what waits goes, and the office is asked whether this telephone may go on
const back = async () => { if (app.dataKey && (await app.send()) === "sent") await heardDay(); };
addEventListener("online", back);
addEventListener("offline", () => drawBar());
setInterval(() => app.send(), EACH);
let hiddenAt = null;
document.addEventListener("visibilitychange", () => {
  if (document.hidden) { hiddenAt = performance.now(); return; }
  if (hiddenAt !== null && performance.now() - hiddenAt > REST && app.dataKey) { leave(); hushed(); door(); }
  else app.send();
});

boot();
