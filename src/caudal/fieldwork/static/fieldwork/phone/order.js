// A field order: accept it, ask again at the door whether it still holds, do what the list says, close it.

import { keep } from "./capture.js";
import * as clock from "./clock.js";
import { button, h, icon, say, show } from "./dom.js";
import { note } from "./keypad.js";
import { ask, Offline, Revoked } from "./network.js";
import { settled, taker } from "./photo.js";
import * as place from "./place.js";

const OFFLINE_HOURS = 24;
// with signal at the door, the answer has to be of a moment ago
const ONLINE_MINUTES = 2;

export function order(app, stop, work = {}) {
  work.answers ??= {};
  work.photos ??= {};
  const again = () => order(app, stop, work);
  const held = stop.needs_check ? whyNot(stop, work) : "";
  if (stop.needs_check && !held) work.begun_at ??= clock.officeNow().toISOString();
  const accepted = app.accepted.has(stop.code) || app.done.has(stop.code);
  const asked = stop.checklist ?? [];
  const shots = asked.filter((each) => each.answer === "photo");
  if (!shots.length) shots.push({ code: "evidence", text: "Foto", answer: "photo", must: false });
  show(
    h("p", { class: "tag" }, `${capital(stop.kind_word)} · ${stop.folio ?? ""}`),
    h("h1", { class: "where large" }, stop.place),
    place.wayTo(stop) ? h("p", { class: "hint" }, place.wayTo(stop)) : "",
    app.done.has(stop.code) ? h("p", { class: "hint" }, `Ya se guardó a las ${app.hourOf(stop)}.`) : "",
    stop.instructions ? h("p", {}, stop.instructions) : "",
    stop.needs_check ? verdict(app, stop, { held, work, again }) : "",
    accepted ? "" : button("Aceptar la orden", () => accept(app, stop, again), { kind: "primary", name: "accept" }),
    accepted && !held ? h("div", { class: "sheet" },
      h("div", { class: shots.length > 1 ? "pair" : null }, ...shots.map((each) => question(each, work))),
      ...asked.filter((each) => each.answer !== "photo").map((each) => question(each, work)),
      h("label", { for: "notes" }, "Nota (no escriba nombres)"),
      h("input", { id: "notes", type: "text", maxlength: 200, autocomplete: "off", value: work.notes ?? "",
        oninput: (event) => { work.notes = event.target.value; } })) : "",
    accepted ? h("div", { class: "foot two" },
      button("No se pudo", () => notDone(app, stop, work, again), { name: "not-done" }),
      button("Cerrar orden", () => close(app, stop, work), { kind: held ? "primary off" : "primary", name: "close" })) : "",
  );
}

const capital = (words = "") => words.charAt(0).toUpperCase() + words.slice(1);

function question({ code, text, answer, must }, work) {
  if (answer === "photo") return taker({ role: role(code), words: text, photos: work.photos });
  const words = must ? text : `${text} (si hay)`;
  if (answer !== "yes_no") {
    const set = (event) => { work.answers[code] = answer === "number" ? numeric(event.target.value) : event.target.value; };
    return h("div", {}, h("label", { for: `check-${code}` }, words), h("input", {
      id: `check-${code}`, autocomplete: "off", oninput: set, value: work.answers[code] ?? "",
      ...(answer === "number" ? { type: "number", inputmode: "numeric" } : { type: "text", maxlength: 200 }),
    }));
  }
  const pair = h("div", { class: "pair", role: "group", "aria-label": text });
  const draw = () => pair.replaceChildren(...[["Sí", true], ["No", false]].map(([word, value]) =>
    button(word, () => { work.answers[code] = value; draw(); }, { kind: "choice", pressed: work.answers[code] === value, name: `check-${code}-${word === "Sí" ? "yes" : "no"}` })));
  draw();
  return h("div", {}, h("p", { class: "asked" }, words), pair);
}

// as many letters as a photo's role may have
const role = (code) => code.slice(0, 12);
const numeric = (text) => (text.trim() === "" ? undefined : Number(text));

/** Why the order may not be done now, or "". */
export function whyNot({ verdict: told }, work = {}) {
  if (!told?.checked_at) return "Falta verificar. Con señal, toque «Verificar».";
  if (!told.go) return "No procede: no haga este trabajo. Retírese.";
  const minutes = (clock.officeNow() - Date.parse(told.checked_at)) / 60_000;
  if (minutes > OFFLINE_HOURS * 60) return "La verificación ya venció. Sin verificar otra vez no se puede hacer.";
  // who has begun goes on; who asked and found no signal goes by what the phone keeps
  const mayAsk = navigator.onLine && !work.begun_at && !work.no_signal;
  return mayAsk && minutes > ONLINE_MINUTES ? "Hay señal: toque «Verificar» antes de empezar." : "";
}

function verdict(app, stop, { held, work, again }) {
  const told = stop.verdict;
  const when = told?.checked_at ? `Verificado ${ago(told.checked_at)}` : "Sin verificar";
  return h(
    "div", { class: "verdict" },
    held ? note(held, "bad", "ban") : note(`Procede. ${when}.`, "good", "circle-check"),
    held && told?.checked_at ? h("p", { class: "hint" }, `${when}.`) : "",
    button("Verificar", () => revalidate(app, stop, { work, again }), { symbol: "refresh", name: "verify" }),
  );
}

function ago(moment) {
  const minutes = Math.max(0, Math.round((clock.officeNow() - Date.parse(moment)) / 60_000));
  if (minutes < 1) return "ahora mismo";
  if (minutes < 60) return `hace ${minutes} min`;
  return `hace ${Math.round(minutes / 60)} h`;
}

/** One tap: the office says whether it still holds. Without network the last answer stays, with its hour. */
async function revalidate(app, stop, { work, again }) {
  try {
    const { ok, told } = await ask("/campo/revision/", { token: app.token, body: JSON.stringify({ orders: [stop.folio] }), patience: 10_000 });
    if (ok && told.verdicts?.[stop.folio]) {
      stop.verdict = told.verdicts[stop.folio];
      work.no_signal = false;
      await app.keepRound();
    }
    again();
  } catch (trouble) {
    if (trouble instanceof Revoked) return app.revoked();
    if (!(trouble instanceof Offline)) throw trouble;
    work.no_signal = true;
    again();
    say(whyNot(stop, work) || "Sin señal. Vale la última verificación.");
  }
}

async function accept(app, stop, again) {
  await keep(app, { stop, kind: "note", body: { text: "Orden aceptada" } });
  again();
}

async function close(app, stop, work) {
  await settled();
  const held = stop.needs_check ? whyNot(stop, work) : "";
  if (held) return say(held, { loud: true });
  for (const { code, text, answer, must } of stop.checklist ?? []) {
    const told = answer === "photo" ? work.photos[role(code)] : work.answers[code];
    if (must && (told === undefined || told === "")) return say(`Falta: ${text}`, { loud: true });
  }
  return told(app, stop, work, { done: true, reason: "" });
}

async function told(app, stop, work, { done, reason }) {
  const { reading = null, seal = "" } = work.answers;
  const body = {
    done, reason, answers: work.answers, reading, seal: String(seal).trim(),
    notes: (work.notes ?? "").trim(), checked_at: stop.verdict?.checked_at ?? null,
    ...(stop.needs_check ? { begun_at: work.begun_at ?? null, online: navigator.onLine && !work.no_signal } : {}),
  };
  if (await keep(app, { stop, kind: "order", body, photos: work.photos })) app.onward(stop);
}

const REASONS = ["No procede, según la verificación", "No me dejaron", "No se localiza", "Cerrado, nadie abre", "Riesgo o zona insegura", "Falta material"];

function notDone(app, stop, work, back) {
  show(
    h("h1", {}, "¿Por qué no se pudo?"),
    h("ul", { class: "list" }, ...REASONS.map((reason, at) =>
      h("li", {}, button(reason, () => told(app, stop, work, { done: false, reason }), { kind: "row", name: `reason-${at}` })))),
    h("div", { class: "foot" }, button("Volver a la orden", back, { name: "back" })),
  );
}
