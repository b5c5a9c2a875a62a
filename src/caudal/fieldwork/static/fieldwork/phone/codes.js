// «No pude» and «Anomalía»: the field codes, each two taps away, with the photo that it asks for.

import { keep } from "./capture.js";
import { button, h, show } from "./dom.js";
import { taker } from "./photo.js";

const list = (codes, act) => h("ul", { class: "list" }, ...codes.map((code) => h("li", {}, row(code, () => act(code)))));

// number, words, and whether a photo is asked for
function row(code, act) {
  const element = button("", act, { kind: "row", name: `code-${code.code}` });
  element.append(
    h("span", { class: "number" }, code.code), h("span", { class: "grow" }, code.text),
    code.photo ? h("span", { class: "tag" }, "con foto") : "",
  );
  return element;
}

/** Why the dial could not be read: the code saves it, at once or after its photo. */
export function cannot(app, stop, attempt, back) {
  const codes = app.round.codes.filter((each) => each.code !== "00" && !each.needs_value);
  show(
    h("h1", {}, "¿Por qué no se pudo leer?"),
    list(codes, (code) => (code.photo && !attempt.photos.dial ? asked(app, stop, attempt, code, back) : save(app, stop, attempt, code))),
    h("div", { class: "foot" }, button("Volver al medidor", back, { name: "back" })),
  );
}

/** The code asks for a photo: taking it saves. */
function asked(app, stop, attempt, code, back) {
  show(
    h("h1", {}, code.text),
    h("p", {}, "Este motivo pide una foto del lugar. Al tomarla se guarda."),
    taker({ role: "dial", words: "Tomar la foto", photos: attempt.photos, changed: () => attempt.photos.dial && save(app, stop, attempt, code) }),
    h("div", { class: "foot" }, button("Otro motivo", () => cannot(app, stop, attempt, back), { name: "back" })),
  );
}

async function save(app, stop, attempt, code) {
  const body = { value: null, code: code.code, serial: stop.serial, entries: attempt.entries.length, warned: attempt.warned };
  if (await keep(app, { stop, kind: "reading", body, photos: attempt.photos })) app.onward(stop);
}

/** Something seen besides the digits: it goes with the reading. */
export function anomalies(app, attempt, back) {
  const codes = app.round.codes.filter((each) => each.code !== "00" && each.needs_value);
  show(
    h("h1", {}, "¿Qué se ve en el medidor?"),
    list(codes, (code) => { attempt.code = code.code; back(); }),
    h("div", { class: "foot" }, button("Volver al medidor", back, { name: "back" })),
  );
}
