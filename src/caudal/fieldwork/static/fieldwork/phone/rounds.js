// The day's work: its rounds, the stops of one, finding one out of its turn, and the end.

import { button, h, icon, say, show } from "./dom.js";
import { note } from "./keypad.js";
import * as place from "./place.js";
import * as store from "./store.js";
import * as sync from "./sync.js";

const KINDS = { reading: "gauge", delivery: "receipt", notices: "bell", orders: "tool" };

export async function rounds(app) {
  const kept = new Set((await store.all("packs")).map((each) => each.folio));
  const rows = app.rounds.map((each) => row(app, each, kept.has(each.folio)));
  show(
    h("h1", {}, "Mis recorridos de hoy"),
    ...warnings(app),
    rows.length ? h("ul", { class: "list" }, ...rows) : h("p", {}, "Hoy no hay recorridos para usted. Si esperaba uno, pregunte a su supervisor y toque «Actualizar»."),
    h("div", { class: "foot" }, button("Actualizar", () => app.refresh(), { symbol: "refresh", name: "refresh" })),
  );
  await healthTold();
}

const warnings = (app) => [app.clockTold() ? note(app.clockTold(), "watch", "clock") : ""];

function row(app, round, isKept) {
  const element = button("", () => app.openRound(round.folio), { kind: "row tall", name: `round-${round.folio}` });
  element.append(
    icon(KINDS[round.kind] ?? "map-pin"),
    h("span", { class: "grow" }, h("b", {}, round.name), h("small", {}, `${round.n} lugares · ${isKept ? "listo sin señal" : "toque para descargar"}`)),
    icon("chevron-right"),
  );
  return h("li", {}, element);
}

/** Battery and room, told before they are a problem. */
async function healthTold() {
  const told = [];
  const battery = await navigator.getBattery?.().catch(() => null);
  if (battery && !battery.charging && battery.level <= 0.2) told.push(`Queda ${Math.round(battery.level * 100)} % de batería.`);
  if ((await store.room()) < 200 * 1024 * 1024) told.push("Queda poco espacio en el teléfono para fotos. Envíe lo pendiente o libere espacio.");
  document.querySelector("#screen h1")?.after(...told.map((each) => note(each)));
}

/** All the stops of a round, those of a word or some digits first in sight. */
export function finder(app) {
  const list = h("ul", { class: "list" });
  const box = h("input", { id: "find", type: "search", inputmode: "search", autocomplete: "off", placeholder: "Medidor, folio o calle", oninput: () => draw() });
  const draw = () => {
    const asked = box.value.trim().toUpperCase();
    const found = app.round.stops.filter((stop) => !asked || named(stop).toUpperCase().includes(asked));
    list.replaceChildren(...found.slice(0, 60).map((stop) => h("li", {}, stopRow(app, stop))));
    if (!found.length) list.replaceChildren(h("li", { class: "empty" }, `Nada coincide con «${box.value}». Revise las cifras del medidor.`));
  };
  show(
    h("h1", {}, "Buscar en el recorrido"), h("label", { for: "find" }, "Medidor, folio o calle"), box, list,
    h("div", { class: "foot" }, button("Volver", () => app.onward(null), { name: "back" })),
  );
  draw();
  box.focus();
}

const named = (stop) => `${stop.serial ?? ""} ${stop.folio ?? ""} ${stop.folio_tail ?? ""} ${stop.place}`;

function stopRow(app, stop) {
  const done = app.done.has(stop.code);
  const element = button("", () => app.openStop(stop), { kind: "row", name: `stop-${stop.sequence}` });
  element.append(
    done ? icon("circle-check") : h("span", { class: "number" }, String(stop.sequence)),
    h("span", { class: "grow" }, h("b", {}, stop.serial ?? stop.folio ?? stop.place), h("small", {}, stop.serial || stop.folio ? stop.place : place.wayTo(stop))),
    done ? h("span", { class: "tag good" }, "hecho") : "",
  );
  return element;
}

/** What is left, and sending: the last screen of a round. */
export async function ending(app) {
  const left = app.round.stops.filter((stop) => !app.done.has(stop.code));
  const { events, photos } = await sync.waiting();
  const n = app.round.stops.length;
  show(
    h("h1", {}, left.length ? "Terminar el recorrido" : "Recorrido completo"),
    h("p", { class: "big number" }, `${n - left.length} de ${n}`),
    h("progress", { class: "walked", max: n, value: n - left.length, "aria-label": "Avance del recorrido" }),
    left.length
      ? note(left.length === 1 ? `Falta ${left[0].place}.` : `Faltan ${left.length} lugares.`)
      : note("No falta ningún lugar.", "good", "circle-check"),
    h("p", {}, events || photos ? `Sin enviar: ${many(events, photos)}.` : "Todo está enviado."),
    left.length ? button("Ver los que faltan", () => app.openStop(left[0]), { name: "left" }) : "",
    button("Mis recorridos", () => rounds(app), { name: "rounds" }),
    h("div", { class: "foot" }, button(events || photos ? "Enviar ahora" : "Actualizar", () => sendNow(app), { kind: "primary", symbol: "cloud-up", name: "send" })),
  );
}

const some = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;
const many = (events, photos) => [events && some(events, "dato"), photos && some(photos, "foto")].filter(Boolean).join(" y ");

async function sendNow(app) {
  const result = await app.send();
  if (result === "offline") say("No hay señal. Todo sigue guardado y saldrá solo cuando haya.", { loud: true });
  if (result === "sent") say("Todo enviado ✓");
  if (result !== "revoked") await ending(app);
}

/** What waits to be sent, and what the office set aside, with its reasons. */
export async function outbox(app) {
  const [{ events, photos, last }, aside] = await Promise.all([sync.waiting(), sync.setAside(app.dataKey)]);
  show(
    h("h1", {}, "Envíos"),
    h("p", { class: "big number" }, `${events} sin enviar`),
    h("p", {}, [photos && `Además, ${some(photos, "foto")}.`, last ? `Último envío: ${last}.` : "Aún no se envía nada.", "Lo guardado no se borra hasta que la oficina lo recibe."].filter(Boolean).join(" ")),
    ...warnings(app),
    aside.length ? h("h2", {}, "La oficina apartó") : "",
    h("ul", { class: "list" }, ...aside.map((each) => h("li", { class: "told" }, each.why))),
    button("Volver", () => (app.round ? app.onward(null) : rounds(app)), { name: "back" }),
    h("div", { class: "foot" }, button("Enviar ahora", async () => {
      const result = await app.send();
      say(result === "sent" ? "Todo enviado ✓" : "No hay señal. Todo sigue guardado.");
      if (result !== "revoked") await outbox(app);
    }, { kind: "primary", symbol: "cloud-up", name: "send" })),
  );
}
