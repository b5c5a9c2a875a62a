// A bill or a notice at the door: what happened, who received it (never a name), its photo, save.

import { keep } from "./capture.js";
import { button, h, icon, say, show } from "./dom.js";
import { settled, taker } from "./photo.js";
import * as place from "./place.js";

const OUTCOMES = {
  delivered: "Entregado", refused: "No lo quiso recibir", absent: "Ausente, dejé citatorio", posted: "Fijado en la puerta",
  not_delivered: "No se pudo entregar",
};
const RECEIVERS = ["Titular", "Familiar", "Vecino", "Empleado", "Otra persona"];

export function delivery(app, stop, chosen = {}) {
  chosen.photos ??= {};
  chosen.notes ??= "";
  const isNotice = stop.subject === "notice";
  const again = (change) => delivery(app, stop, { ...chosen, ...change, notes: notes.value });
  const notes = h("input", { type: "text", maxlength: 200, autocomplete: "off", value: chosen.notes, id: "notes" });
  const options = (stop.options ?? Object.keys(OUTCOMES)).map((each) =>
    button(OUTCOMES[each], () => again({ outcome: each, receiver: "" }), {
      kind: "choice", pressed: chosen.outcome === each, name: `outcome-${each}`,
    }));
  const receivers = RECEIVERS.map((each) =>
    button(each, () => again({ receiver: each.toLowerCase() }), {
      kind: "choice", pressed: chosen.receiver === each.toLowerCase(), name: `receiver-${each.toLowerCase()}`,
    }));
  show(
    h("progress", { class: "walked", max: app.round.stops.length, value: app.doneHere(), "aria-label": "Avance del recorrido" }),
    h("h1", { class: "where large" }, stop.place),
    h("p", { class: "hint" }, [stop.folio_tail && `${capital(stop.kind_word)} …${stop.folio_tail}`, place.wayTo(stop)].filter(Boolean).join(" · ")),
    app.done.has(stop.code) ? h("p", { class: "hint" }, `Ya se guardó a las ${app.hourOf(stop)}.`) : "",
    h("div", { class: "choices", role: "group", "aria-label": "Qué pasó" }, ...options),
    chosen.outcome === "delivered"
      ? h("div", { role: "group", "aria-labelledby": "who" },
          h("h2", { id: "who" }, isNotice ? "¿Quién lo recibió?" : "¿Quién lo recibió? (si alguien)"),
          h("div", { class: "choices" }, ...receivers))
      : "",
    taker({ role: "evidence", words: stop.photo_required ? "Foto (obligatoria)" : "Foto", photos: chosen.photos }),
    h("label", { for: "notes" }, "Nota (no escriba nombres)"), notes,
    h("div", { class: "foot" }, button("Guardar y siguiente", () => saved(app, stop, { ...chosen, notes: notes.value }), { kind: "primary", name: "save" })),
  );
}

const capital = (words = "") => words.charAt(0).toUpperCase() + words.slice(1);

async function saved(app, stop, { outcome = "", receiver = "", notes, photos }) {
  await settled();
  if (!outcome) return say("Falta decir qué pasó. Toque una de las respuestas.");
  if (stop.subject === "notice" && outcome === "delivered" && !receiver) return say("Falta decir quién lo recibió.");
  if (stop.photo_required && !photos.evidence) return say("Falta la foto. Tómela y guarde.");
  const body = { outcome, receiver, notes: notes.trim() };
  if (await keep(app, { stop, kind: "delivery", body, photos })) app.onward(stop);
}
