// One key decides a case. Letters count only while the focus is on the card and nobody writes, and may be switched
// off; function keys and arrows always count. Without this script the buttons do the same.
const card = document.querySelector("#case");
const letters = document.querySelector("#single-keys");
const KEPT = "caudal.critica.letras";

if (letters) {
  letters.checked = localStorage.getItem(KEPT) !== "no";
  letters.addEventListener("change", () => localStorage.setItem(KEPT, letters.checked ? "si" : "no"));
}

const move = (step) => {
  const links = [...document.querySelectorAll("#cases a")];
  const here = links.findIndex((link) => link.closest("tr").hasAttribute("aria-current"));
  const next = links[here + step];
  if (next) window.location.assign(next.href);
  return Boolean(next);
};

const act = (control) => {
  if (!control) return false;
  if (control.matches("input")) {
    control.focus();
    control.select();
  } else control.click();
  return true;
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  const isWriting = event.target.matches("input:not([type=checkbox]), textarea, select");
  if (event.key === "Escape" && isWriting && card?.contains(event.target)) return void card.focus();
  let done = act(event.key.startsWith("F") && event.key.length > 1 && document.querySelector(`[data-f="${event.key}"]`));
  if (!done && !isWriting && !event.target.closest(".scroll")) {
    if (event.key === "ArrowDown") done = move(1);
    if (event.key === "ArrowUp") done = move(-1);
  }
  if (!done && !isWriting && letters?.checked && card?.contains(event.target)) {
    const key = event.key.toLowerCase();
    if (key === "j") done = move(1);
    else if (key === "k") done = move(-1);
    else if (/^[a-z]$/.test(key)) done = act(document.querySelector(`[data-key="${key}"]`));
  }
  if (done) event.preventDefault();
});

const wrong = document.querySelector("#case [aria-invalid]");
(wrong ?? card)?.focus({ preventScroll: true });
const current = document.querySelector("#cases tr[aria-current]");
if (current) current.closest(".scroll").scrollTop = current.offsetTop - 120;
