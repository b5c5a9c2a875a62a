// Elements from words, never from HTML: what comes from outside can only be text.

const body = document.body;

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((each) => each !== null && each !== undefined && each !== false));
  return element;
}

const NS = "http://www.w3.org/2000/svg";
const OWN = new Set(["camera", "flag", "backspace", "cloud-up", "map-pin"]);

export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export function icon(name) {
  const file = OWN.has(name) ? body.dataset.ownIcons : body.dataset.icons;
  return svg("svg", { class: "icon", "aria-hidden": "true" }, svg("use", { href: `${file}#${name}` }));
}

/** A button that works once at a time: a second tap while the first is being attended does nothing. */
export function button(words, act, { kind = "", symbol = "", label = "", pressed = null, name = "" } = {}) {
  let busy = false;
  const element = h(
    "button",
    {
      type: "button", class: kind || null, "aria-label": label || null, "data-name": name || null,
      "aria-pressed": pressed === null ? null : String(pressed),
      onclick: async () => {
        if (busy) return;
        busy = true;
        try { await act(); } finally { busy = false; }
      },
    },
    symbol && icon(symbol),
    words && h("span", {}, words),
  );
  return element;
}

let leaving = 0;

/** Say something at the foot of the screen. What is loud stays until it is read. */
export function say(words, { loud = false } = {}) {
  const box = document.getElementById("said");
  clearTimeout(leaving);
  const dismiss = () => box.replaceChildren();
  box.className = loud ? "said loud" : "said";
  box.replaceChildren(
    h("p", {}, words),
    loud ? button("Entendido", dismiss, { kind: "quiet" }) : "",
  );
  if (!loud) leaving = setTimeout(dismiss, 2500);
}

export const hushed = () => document.getElementById("said").replaceChildren();

export function show(...children) {
  const screen = document.getElementById("screen");
  screen.replaceChildren(...children.flat().filter(Boolean));
  scrollTo(0, 0);
  const title = screen.querySelector("h1");
  if (title) {
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
  }
}
