// The window works as plain forms. This adds what hands at a counter need: one key for each act, the change while
// it is typed, a scanner that works whatever has the focus, and a charge that is tried again, with its same key,
// when the network blinks. Every decision about money is the server's.

const desk = document.getElementById("window");
const lost = document.getElementById("link-lost");

// what the screen says ------------------------------------------------------------------------------

const pesos = (cents) => {
  const [whole, rest] = [Math.trunc(Math.abs(cents) / 100), Math.abs(cents) % 100];
  return `${cents < 0 ? "−" : ""}$${whole.toLocaleString("en-US")}.${String(rest).padStart(2, "0")}`;
};
const AMOUNT = /^\$?\s*(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?$/;
const centsOf = (text) => {
  const found = AMOUNT.exec(text.trim());
  return found ? Number(found[1].replaceAll(",", "")) * 100 + Number((found[2] ?? "").padEnd(2, "0")) : null;
};
const box = (id) => document.getElementById(id);

function live() {
  const form = box("charge");
  if (!form) return;
  let total = 0;
  for (const each of desk.querySelectorAll("[data-owed]")) {
    total += each.value.trim() ? centsOf(each.value) ?? 0 : Number(each.dataset.owed);
  }
  let rest = total;
  for (const each of form.querySelectorAll("[data-then]")) {
    const reference = box(each.dataset.then).value.trim();
    rest -= each.value.trim() ? centsOf(each.value) ?? 0 : reference ? rest : 0;
  }
  const cash = form.elements.cash.value.trim();
  const change = cash ? (centsOf(cash) ?? rest) - rest : 0;
  box("total").textContent = pesos(total);
  box("charge-amount").textContent = pesos(total);
  box("change").textContent = pesos(Math.abs(change));
  box("change-title").textContent = change < 0 ? "Faltan" : "Cambio";
  box("change-box").className = `change${change < 0 ? " short" : change ? "" : " none"}`;
}

function focusNext() {
  const next = desk.querySelector("[data-focus]") ?? box("search");
  next?.focus();
  if (next?.select) next.select();
}

function show(html) {
  desk.innerHTML = html;
  window.htmx?.process(desk);
  focusNext();
  live();
  desk.dispatchEvent(new CustomEvent("window:shown"));
}

// asking the server, again if it does not answer ----------------------------------------------------

const SAY_SO = 1500; // the person knows within two seconds
const GIVE_UP = 8000; // of one attempt; the same key makes another harmless
const ATTEMPTS = 40;
let busy = false;
let waiting = null; // an Enter that came while what it confirms was on its way

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

function say(words) {
  lost.hidden = !words;
  lost.textContent = words;
  const link = box("link");
  if (link) link.textContent = words ? "sin conexión" : "en línea";
}

async function once(url, options) {
  const stop = new AbortController();
  const giveUp = setTimeout(() => stop.abort(), GIVE_UP);
  const slow = setTimeout(() => say("El servidor tarda en responder. Se sigue intentando con el mismo cobro: no lo repita."), SAY_SO);
  try {
    const answer = await fetch(url, { ...options, signal: stop.signal, credentials: "same-origin" });
    if (answer.status === 502 || answer.status === 503 || answer.status === 504) throw new Error("busy");
    return { answer, html: await answer.text() };
  } finally {
    clearTimeout(giveUp);
    clearTimeout(slow);
  }
}

async function ask(url, body) {
  const options = { method: body ? "POST" : "GET", body, headers: { "X-Window": "1", "HX-Request": "true" } };
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    try {
      const found = await once(url, options);
      say("");
      return found;
    } catch {
      say("No hay conexión con el servidor. Se sigue intentando con el mismo cobro: no lo repita.");
      await pause(Math.min(300 * attempt, 1500));
    }
  }
  say("Sigue sin haber conexión. No cobre otra vez: cuando vuelva, recargue esta página y dirá si se cobró.");
  return null;
}

async function go(url, body) {
  if (busy) return;
  busy = true;
  desk.setAttribute("aria-busy", "true");
  const unsaved = isUnsaved && url !== box("charge")?.action ? typedSoFar() : null;
  forgetUnsaved();
  if (unsaved) await ask(...unsaved);
  const found = await ask(url, body);
  busy = false;
  desk.removeAttribute("aria-busy");
  if (!found) return;
  const { answer, html } = found;
  if (answer.status === 423) {
    document.dispatchEvent(new Event("caudal-locked")); // what is in hand stays under the lock
    return;
  }
  if (answer.headers.get("HX-Redirect")) {
    location.assign(answer.headers.get("HX-Redirect"));
    return;
  }
  // signed out, locked, or not a screen of ours: let the browser go where it was sent
  if (answer.redirected || !answer.headers.get("content-type")?.includes("html") || answer.status === 403) {
    location.assign(answer.redirected ? answer.url : location.href);
    return;
  }
  if (answer.ok || answer.status === 422) show(html);
  else say("No se pudo hacer. Recargue la página: el cobro en curso no se perdió.");
  const next = waiting;
  waiting = null;
  if (next && answer.ok && box("charge-now") === document.activeElement) box("charge-now").click();
}

desk.addEventListener("submit", (event) => {
  const form = event.target;
  const url = new URL(form.action);
  if (form.method === "dialog" || form.target === "_blank" || !url.pathname.startsWith("/ventanilla/")) return;
  event.preventDefault();
  if (busy) {
    // a second Enter behind the review is the confirmation; behind a charge it is the same charge
    if (form.id === "charge") waiting = "charge";
    return;
  }
  waiting = null;
  const body = new FormData(form, event.submitter);
  go(form.action, body);
});

// what is typed is kept as it is typed ---------------------------------------------------------------

let saving = 0;
let isUnsaved = false;
function forgetUnsaved() {
  clearTimeout(saving);
  isUnsaved = false;
}
function typedSoFar() {
  const form = box("charge");
  if (!form) return null;
  const body = new FormData(form);
  body.set("step", "save");
  return [form.action, body];
}
function keep() {
  const kept = typedSoFar();
  if (kept && isUnsaved && !busy) navigator.sendBeacon(...kept);
  isUnsaved = false;
}
desk.addEventListener("input", (event) => {
  if (event.target.form?.id !== "charge") return;
  live();
  clearTimeout(saving);
  isUnsaved = true;
  saving = setTimeout(keep, 250);
});
addEventListener("pagehide", keep);
addEventListener("pageshow", (event) => event.persisted && location.reload());

// the scanner ----------------------------------------------------------------------------------------
// A scanner types like nobody can: 20 ms or less between characters, then Enter. Its first character is already in
// some box when the second one tells what it is; the box gets back what it had.

const FAST = 20;
const SHORTEST = 4;
const AGAIN = 2000;
// A busy computer hands keys over late, and half a code must never be searched: without an Enter, wait well past it.
const UNENDED = 2000;
let burst = null;
let lastScan = { code: "", at: -AGAIN };

function before(target) {
  const holds = target && "value" in target && typeof target.selectionStart === "number";
  return holds ? { target, value: target.value, from: target.selectionStart, to: target.selectionEnd } : null;
}

function restore(held) {
  if (!held) return;
  held.target.value = held.value;
  held.target.setSelectionRange(held.from, held.to);
  held.target.dispatchEvent(new Event("input", { bubbles: true }));
}

// fast fingers, not a scanner: give the box what was kept from it
function letThrough() {
  const { held, text, kept } = burst ?? {};
  burst = null;
  if (!held || !kept) return;
  held.target.setRangeText(text, held.from, held.to, "end");
  held.target.dispatchEvent(new Event("input", { bubbles: true }));
}

const isLocked = () => Boolean(document.getElementById("lock")?.open);

function scanned(code, at) {
  if (isLocked() || (code === lastScan.code && at - lastScan.at < AGAIN)) return;
  lastScan = { code, at };
  waiting = null;
  const token = desk.querySelector("[name=csrfmiddlewaretoken]").value;
  const body = new FormData();
  body.set("csrfmiddlewaretoken", token);
  body.set("q", code);
  const start = () => go(box("search").form.action, body);
  if (busy) desk.addEventListener("window:shown", start, { once: true });
  else start();
}

function scanner(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return false;
  const since = burst ? event.timeStamp - burst.at : -1;
  const isFast = since >= 0 && since <= FAST;
  if (event.key === "Enter" || event.key === "Tab") {
    if (isFast && burst.text.length >= SHORTEST) {
      event.preventDefault();
      event.stopImmediatePropagation();
      clearTimeout(burst.timer);
      const code = burst.text;
      burst = null;
      scanned(code, event.timeStamp);
      return true;
    }
    if (burst) clearTimeout(burst.timer);
    letThrough();
    return false;
  }
  if (event.key.length !== 1) return false; // Shift and the like say nothing
  if (isFast) {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!burst.kept) restore(burst.held);
    burst.kept = true;
    burst.text += event.key;
    burst.at = event.timeStamp;
    clearTimeout(burst.timer);
    // no Enter behind it: a scanner without one, or fingers
    burst.timer = setTimeout(() => {
      if (burst && burst.text.length >= 8) {
        const code = burst.text;
        const at = burst.at;
        burst = null;
        scanned(code, at);
      } else letThrough();
    }, UNENDED);
    return true;
  }
  if (burst) {
    clearTimeout(burst.timer);
    letThrough();
  }
  burst = { text: event.key, at: event.timeStamp, held: before(document.activeElement), kept: false, timer: 0 };
  return false;
}

// keys -----------------------------------------------------------------------------------------------
// Each act is a control of the page with its key written on it; its Alt letter works without script too.

const isTyping = (element) => element?.matches("input:not(.money-box), textarea");

function useIt(control) {
  if (control.dataset.to) {
    cycle(control);
  } else if (control.matches("input")) {
    control.focus();
    control.select();
  } else {
    control.click();
  }
}

// the same key again goes to the next box of the list
function cycle(control) {
  control.closest("details").open = true;
  const boxes = control.dataset.to.split(" ");
  const here = boxes.findIndex((id) => document.activeElement?.id.startsWith(id));
  const next = box(boxes[(here + 1) % boxes.length]);
  next.focus();
  next.select();
}

function nameOf(event) {
  if (event.key === "F12" && event.ctrlKey) return "Ctrl+F12";
  if (event.ctrlKey || event.metaKey) return event.key.toLowerCase() === "k" ? "F10" : "";
  if (/^F\d+$/.test(event.key) || event.key === "Escape") return event.altKey ? "" : event.key;
  if (event.key === "?" && !isTyping(document.activeElement)) return "F1";
  if (event.key === "+" && !isTyping(document.activeElement)) return "+";
  return "";
}

function controlOf(event) {
  if (event.altKey && !event.ctrlKey && event.key.length === 1) {
    return document.querySelector(`[data-letter="${event.key.toLowerCase()}"]`);
  }
  const name = nameOf(event);
  return name && document.querySelector(`[data-key="${name}"]`);
}

// Esc closes what is open before it lets anything go
function stepsBack() {
  if (box("help")?.open || (document.activeElement?.id === "search" && isListed())) return true;
  if (document.activeElement?.id !== "search" || !box("charge") || desk.querySelector("[data-focus]#search")) return false;
  box("search").value = "";
  focusNext();
  return true;
}

addEventListener(
  "keydown",
  (event) => {
    if (scanner(event) || isLocked() || (event.key === "Escape" && stepsBack())) return;
    const isOurs = nameOf(event) && event.key !== "F5";
    const control = controlOf(event);
    if (control || isOurs) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    if (control && !event.repeat && !busy) useIt(control);
  },
  { capture: true },
);

// Enter in the amount of a tender goes to its reference
desk.addEventListener("keydown", (event) => {
  const reference = event.target.dataset?.then && box(event.target.dataset.then);
  if (event.key === "Enter" && reference && !reference.value.trim()) {
    event.preventDefault();
    reference.focus();
  }
});

// links that point at a box, or at the help
desk.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  if (!link) return;
  event.preventDefault();
  if (link.getAttribute("href") === "#help") {
    const help = box("help");
    if (help.open) help.close();
    else help.showModal();
  } else {
    const named = link.dataset.press && desk.querySelector(`[data-key="${link.dataset.press}"]`);
    if (named) useIt(named);
  }
});

// the letters are ours from here on: the browser would use them a second time
function takeLetters() {
  for (const each of document.querySelectorAll("[accesskey]")) {
    each.dataset.letter = each.accessKey;
    each.removeAttribute("accesskey");
    each.setAttribute("aria-keyshortcuts", [each.dataset.key, `Alt+${each.dataset.letter}`].filter(Boolean).join(" "));
  }
}
desk.addEventListener("window:shown", takeLetters);

// the list of accounts under the search (caudal.js) ----------------------------------------------------

let early = []; // an arrow or an Enter that came before the list
let patience = 0;
// the list did not come: Enter searches all the same
function withoutList() {
  const asked = early.includes("Enter");
  early = [];
  if (asked && !busy) box("search").form.requestSubmit();
}
const isListed = () => !box("search-options")?.hidden;
desk.addEventListener("account-chosen", (event) => {
  event.preventDefault();
  const field = box("search");
  field.value = event.detail.account;
  field.form.requestSubmit();
});
desk.addEventListener(
  "keydown",
  (event) => {
    if (event.target.id !== "search" || event.target.value.trim().length < 2) return;
    const waits = early.length > 0;
    if ((event.key === "ArrowDown" && !isListed()) || (waits && ["ArrowDown", "Enter"].includes(event.key))) {
      event.preventDefault();
      event.stopPropagation();
      if (!early.length) patience = setTimeout(withoutList, 1500);
      early.push(event.key);
    }
  },
  { capture: true },
);
desk.addEventListener("input", (event) => {
  if (event.target.id !== "search") return;
  early = [];
  clearTimeout(patience);
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.requestConfig?.elt?.id !== "search") return;
  const [keys, field] = [early, box("search")];
  early = [];
  clearTimeout(patience);
  for (const key of keys) field.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
});

// a list of the page: the arrows walk it
desk.addEventListener("keydown", (event) => {
  if (!event.target.closest?.("[data-list]") || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  event.preventDefault();
  const next = event.key === "ArrowDown" ? event.target.nextElementSibling : event.target.previousElementSibling;
  if (next?.matches("button")) next.focus();
});

takeLetters();
focusNext();
live();
document.documentElement.dataset.ready = "window";
