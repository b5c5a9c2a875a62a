// Coming in: once with the office's code, then each time with the PIN.

import { button, h, say, show } from "./dom.js";
import { note, typing } from "./keypad.js";
import { ask, Offline } from "./network.js";
import * as pin from "./pin.js";

const FORGOTTEN = {
  pin: "Se escribió mal el PIN 10 veces y se borró lo que había para leer.",
  revoked: "La oficina dio de baja este teléfono y se borró lo que había para leer.",
};
const enrollCode = () => new URLSearchParams(location.hash.slice(1)).get("alta") ?? new URLSearchParams(location.search).get("alta") ?? "";

// the QR may be read while this screen is open
addEventListener("hashchange", () => {
  const code = document.getElementById("code");
  if (code && enrollCode()) code.value = enrollCode();
});

/** The first time, or after it was forgotten. `unsent` things stay here, sealed, and are sent afterwards. */
export function enrollment({ why = "", unsent = 0, done }) {
  const code = h("input", { id: "code", type: "text", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", value: enrollCode() });
  const name = h("input", { id: "name", type: "text", autocomplete: "off", maxlength: 80, value: "" });
  show(
    h("h1", {}, "Dar de alta este teléfono"),
    why ? note(FORGOTTEN[why] ?? why, "bad") : "",
    unsent ? note(`Hay ${unsent} sin enviar. Siguen guardados y cerrados; saldrán al darlo de alta otra vez.`) : "",
    h("p", {}, "En la oficina, en «Teléfonos», muestre el código QR y léalo con la cámara; o escríbalo aquí."),
    h("label", { for: "code" }, "Código de alta"), code,
    h("label", { for: "name" }, "Cómo se llama este teléfono"), name,
    h("p", { class: "hint" }, "Por ejemplo: Moto G de lecturas."),
    h("div", { class: "foot" }, button("Seguir", () => {
      if (!code.value.trim()) return say("Falta el código de alta. Pídalo en la oficina.");
      if (!name.value.trim()) return say("Falta cómo se llama este teléfono.");
      choosePin({ code: code.value.trim(), name: name.value.trim(), why, unsent, done });
    }, { kind: "primary", name: "next" })),
  );
}

function choosePin(form, told = "") {
  const entry = typing({ digits: pin.PIN_DIGITS, hidden: true, full: (typed) => {
    if (/^(\d)\1+$/.test(typed) || "0123456789 9876543210".includes(typed)) {
      return choosePin(form, "Ese PIN se adivina pronto. Elija otro.");
    }
    repeatPin(form, typed);
  } });
  show(h("h1", {}, "Elija un PIN de 6 cifras"), told ? note(told) : h("p", {}, "Lo pedirá cada vez que abra la aplicación."), h("div", { class: "entrance" }, entry.element));
}

function repeatPin(form, chosen) {
  const entry = typing({ digits: pin.PIN_DIGITS, hidden: true, full: (typed) =>
    (typed === chosen ? enroll(form, chosen) : choosePin(form, "No son iguales. Elija su PIN otra vez.")) });
  show(h("h1", {}, "Escriba el PIN otra vez"), h("p", {}, "Para estar seguros de que es el que quiso."), h("div", { class: "entrance" }, entry.element));
}

async function enroll(form, chosen) {
  show(h("h1", {}, "Un momento"), h("p", {}, "Dando de alta este teléfono…"));
  try {
    const { ok, told } = await ask("/campo/alta/", { body: JSON.stringify({ enroll_code: form.code, name: form.name }) });
    if (!ok) return enrollment({ ...form, why: told?.why ?? "Ese código no sirve: ya se usó o ya venció. Pida otro en la oficina." });
    await pin.settle({ device: told.device, token: told.token, publicKey: told.public_key, pin: chosen });
    history.replaceState(null, "", location.pathname);
    await form.done(chosen);
  } catch (trouble) {
    if (!(trouble instanceof Offline)) throw trouble;
    enrollment({ ...form, why: "No hay señal. El alta se hace con red; inténtelo donde la haya." });
  }
}

/** Each time. `opened` is given what the right PIN opens. */
export function lockScreen({ opened, forgotten, unsent = 0 }) {
  const told = h("div", {});
  const entry = typing({ digits: pin.PIN_DIGITS, hidden: true, full: async (typed) => {
    told.replaceChildren(h("p", { class: "hint" }, "Abriendo…"));
    const result = await pin.open(typed);
    if (result.forgotten) return forgotten();
    if (!result.left) return opened(result);
    entry.clear();
    const times = result.left === 1 ? "Queda 1 intento" : `Quedan ${result.left} intentos`;
    told.replaceChildren(note(`Ese no es el PIN. ${times}; después se borra lo que hay para leer.`, "bad"));
  } });
  show(
    h("h1", {}, "Escriba su PIN"),
    unsent ? h("p", { class: "hint" }, `Hay ${unsent} sin enviar. Salen solos al abrir con señal.`) : "",
    told, h("div", { class: "entrance" }, entry.element),
  );
}

/** The PIN was right and the day is not open: the office has to be heard. */
export function noDay({ again, clockTold }) {
  show(
    h("h1", {}, "Falta abrir el día"),
    note(clockTold || "Cada día la oficina abre este teléfono. Busque señal y toque «Abrir el día». Lo que falta por enviar sigue guardado."),
    h("div", { class: "foot" }, button("Abrir el día", again, { kind: "primary", name: "open-day" })),
  );
}
