// One meter on the screen: its number, its digits, save. What is strange is read twice, without seeing what was expected.

import { bars } from "./bars.js";
import { keep } from "./capture.js";
import { anomalies, cannot } from "./codes.js";
import { button, h, icon, say, show } from "./dom.js";
import { note, typing } from "./keypad.js";
import { settled, taker } from "./photo.js";
import * as place from "./place.js";
import { counted, strange, WORDS } from "./warnings.js";

/** Work of one stop. `attempt` is what is known so far: the first entry, a code, its photos. */
export function reading(app, stop, attempt = {}) {
  attempt.entries ??= [];
  attempt.photos ??= {};
  attempt.code ??= "00";
  attempt.warned ??= [];
  const digits = stop.dial_digits;
  const code = app.round.codes.find((each) => each.code === attempt.code);
  const again = () => reading(app, stop, attempt);
  const no = button("No pude", () => cannot(app, stop, attempt, again), { kind: "key words", name: "cannot" });
  const entry = typing({ digits, last: no });
  const save = button(
    attempt.entries.length ? "Guardar segunda lectura" : "Guardar y siguiente",
    () => saved(app, stop, attempt, entry), { kind: "primary", name: "save" },
  );
  show(
    // the second time the screen holds only what has to be looked at again
    ...(attempt.entries.length ? [h("h1", { class: "serial number" }, stop.serial), note(attempt.told)] : head(app, stop)),
    code && code.code !== "00" ? chip(code, () => { attempt.code = "00"; again(); }) : "",
    entry.element,
    h("div", { class: "pair" },
      taker({ role: "dial", words: "Foto", photos: attempt.photos }),
      button("Anomalía", () => anomalies(app, attempt, again), { symbol: "flag", name: "anomaly" })),
    h("div", { class: "foot" }, save),
  );
}

export function head(app, stop) {
  const next = app.next(stop);
  const way = place.wayTo(stop);
  return [
    h("progress", { class: "walked", max: app.round.stops.length, value: app.doneHere(), "aria-label": "Avance del recorrido" }),
    h("h1", { class: "serial number" }, stop.serial),
    h("p", { class: "where" }, icon("map-pin"), h("span", {}, stop.place)),
    way || next ? h("p", { class: "hint line" }, [way, next && `Sigue: ${next.place}`].filter(Boolean).join(" · ")) : "",
    app.done.has(stop.code) ? h("p", { class: "hint" }, `Ya se guardó a las ${app.hourOf(stop)}. Si guarda otra vez, la oficina verá las dos.`) : "",
  ];
}

const chip = (code, drop) => h(
  "div", { class: "chip" }, h("span", {}, `${code.code} ${code.text}`),
  button("", drop, { symbol: "x", label: `Quitar ${code.text}`, kind: "quiet" }),
);

async function saved(app, stop, attempt, entry) {
  await settled();
  const digits = stop.dial_digits;
  if (entry.typed.length < digits) {
    say(`Faltan cifras: son ${digits}. Escriba también los ceros de la izquierda.`);
    return;
  }
  const code = app.round.codes.find((each) => each.code === attempt.code);
  if (code?.photo && !attempt.photos.dial) {
    say(`«${code.text}» pide foto. Tómela y guarde.`, { loud: true });
    return;
  }
  const value = Number(entry.typed);
  const found = strange({ ...stop, value, digits });
  const before = attempt.entries.at(-1);
  attempt.entries.push(value);
  attempt.warned = [...new Set([...attempt.warned, ...found])];
  if (!found.length) return store(app, stop, attempt, value);
  if (before === value) return confirm(app, stop, attempt, value, found);
  // blind: what was typed is wiped, and it is not said what was expected
  attempt.told = before === undefined
    ? `${WORDS[found[0]]} Mire otra vez el medidor y escriba todas sus cifras.`
    : "Las dos lecturas no son iguales. Mire otra vez el medidor y escriba todas sus cifras.";
  reading(app, stop, attempt);
}

/** Read twice the same: now its history may be seen. */
function confirm(app, stop, attempt, value, found) {
  const m3 = counted({ ...stop, value, digits: stop.dial_digits, warned: found });
  const shown = String(value).padStart(stop.dial_digits, "0");
  show(
    h("h1", { class: "serial number" }, stop.serial),
    note(`${WORDS[found[0]]} Las dos lecturas son iguales.`),
    h("p", { class: "read number" }, shown),
    stop.bars?.length ? h("figure", {}, bars({ months: stop.bars, now: m3 }),
      h("figcaption", {}, "Metros cúbicos de los últimos meses y, al final, con esta lectura.")) : "",
    h("div", { class: "pair" },
      taker({ role: "dial", words: "Foto", photos: attempt.photos }),
      button("Corregir", () => reading(app, stop, { photos: attempt.photos, code: attempt.code, warned: attempt.warned }), { name: "correct" })),
    h("div", { class: "foot" },
      button("Guardar así", () => store(app, stop, attempt, value), { kind: "primary", name: "save" })),
  );
}

async function store(app, stop, attempt, value) {
  await settled();
  const { code, photos, warned, entries } = attempt;
  const body = { value, code, serial: stop.serial, entries: entries.length, warned };
  if (await keep(app, { stop, kind: "reading", body, photos })) app.onward(stop);
  else attempt.entries.pop();
}
