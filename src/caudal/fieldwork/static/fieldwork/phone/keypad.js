// The keys of the screen itself: large, always in the same place, for one hand.

import { button, h, icon } from "./dom.js";

/** Twelve keys. `press(digit)` and `erase()` are called; `last` is the twelfth key, if there is one. */
export function keypad({ press, erase, last = null }) {
  const key = (digit) => button(digit, () => press(digit), { kind: "key", name: `key-${digit}` });
  const eraser = button("", erase, { kind: "key", symbol: "backspace", label: "Borrar", name: "erase" });
  return h(
    "div", { class: "keypad", role: "group", "aria-label": "Teclado" },
    ..."123456789".split("").map(key), eraser, key("0"), last ?? h("span", { class: "key none" }),
  );
}

/** The boxes in which what is typed is seen. */
export function boxes({ typed, digits, hidden = false }) {
  const spoken = typed && !hidden ? `Van ${typed.length} de ${digits}: ${typed.split("").join(" ")}` : `Van ${typed.length} de ${digits}`;
  return h(
    "div", { class: "boxes", role: "img", "aria-label": spoken },
    ...Array.from({ length: digits }, (_, at) => {
      const filled = at < typed.length;
      return h("span", { class: filled ? "box filled" : at === typed.length ? "box next" : "box", "aria-hidden": "true" },
        filled ? (hidden ? "•" : typed[at]) : "");
    }),
  );
}

/** What is typed, redrawn at each key. */
export function typing({ digits, hidden = false, full = () => {}, changed = () => {}, last = null }) {
  const shown = h("div", {});
  const state = {
    typed: "",
    clear() { state.typed = ""; draw(); },
    element: null,
  };
  const draw = () => { shown.replaceChildren(boxes({ typed: state.typed, digits, hidden })); changed(state.typed); };
  const press = async (digit) => {
    if (state.typed.length >= digits) return;
    state.typed += digit;
    draw();
    if (state.typed.length === digits) await full(state.typed);
  };
  const erase = () => { state.typed = state.typed.slice(0, -1); draw(); };
  const keys = keypad({ press, erase, last });
  state.element = h("div", { class: "typing" }, shown, keys);
  draw();
  return state;
}

export const note = (words, kind = "watch", symbol = "alert-triangle") =>
  h("p", { class: `notice ${kind}`, role: "alert" }, icon(symbol), h("span", {}, words));
