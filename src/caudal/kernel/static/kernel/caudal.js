// The search box answers to F10 and Ctrl+K on every page.
document.addEventListener("keydown", (event) => {
  const asksForSearch = event.key === "F10" || (event.ctrlKey && event.key.toLowerCase() === "k");
  const box = document.getElementById("search");
  if (asksForSearch && box) {
    event.preventDefault();
    box.focus();
    box.select();
  }
});

// On a phone the menu is one line that slides: where one is, is in sight.
document.querySelector(".side nav [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });

// A list of accounts under any input with data-finder while one types: a combobox and its listbox. The options come
// from the server (frontdesk/suggestions.html). Choosing one announces `account-chosen` on the input, with the account;
// whoever does not prevent it goes to the page of the account.
(() => {
  const LEAST = 2;
  const listOf = (box) => document.getElementById(box.getAttribute("aria-controls"));
  const boxOf = (list) => document.querySelector(`[data-finder][aria-controls="${list.id}"]`);
  const options = (box) => [...listOf(box).querySelectorAll("[data-account]")];
  const active = (box) => document.getElementById(box.getAttribute("aria-activedescendant") || "");

  function activate(box, option) {
    active(box)?.setAttribute("aria-selected", "false");
    box.removeAttribute("aria-activedescendant");
    if (!option) return;
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", option.id);
  }

  function show(box, isOpen) {
    if (!isOpen) activate(box, null);
    listOf(box).hidden = !isOpen;
    box.setAttribute("aria-expanded", String(isOpen));
  }

  function tell(box, words) {
    const status = box.form?.querySelector("[role=status]");
    if (status) status.textContent = words;
  }

  function choose(box, option) {
    show(box, false);
    const chosen = new CustomEvent("account-chosen", {
      bubbles: true, cancelable: true, detail: { account: option.dataset.account },
    });
    if (box.dispatchEvent(chosen)) location.assign(option.dataset.href);
  }

  function move(box, step) {
    const all = options(box);
    const place = all.indexOf(active(box));
    // past either end the cursor is back in what was typed
    const next = place < 0 && step < 0 ? all.length - 1 : place + step;
    activate(box, all[next]);
  }

  document.addEventListener("keydown", (event) => {
    const box = event.target.closest?.("[data-finder]");
    if (!box || event.isComposing) return;
    const isOpen = !listOf(box).hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!options(box).length) return;
      event.preventDefault();
      if (!isOpen) show(box, true);
      move(box, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && isOpen && active(box)) {
      event.preventDefault();
      choose(box, active(box));
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      event.stopPropagation();
      window.htmx?.trigger(box, "htmx:abort");
      show(box, false);
      tell(box, "");
    }
  });

  document.addEventListener("input", (event) => {
    const box = event.target.closest?.("[data-finder]");
    if (!box) return;
    activate(box, null);
    if (box.value.trim().length < LEAST) show(box, false);
  });

  document.addEventListener("focusout", (event) => {
    const box = event.target.closest?.("[data-finder]");
    if (box) show(box, false);
  });

  // the pointer must not take the focus from the box before it chooses
  document.addEventListener("mousedown", (event) => {
    if (event.target.closest?.("[role=listbox] [data-account]")) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const option = event.target.closest?.("[role=listbox] [data-account]");
    const box = option && boxOf(option.closest("[role=listbox]"));
    if (box) choose(box, option);
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    const box = event.detail.requestConfig?.elt;
    if (!box?.matches?.("[data-finder]")) return;
    const list = listOf(box);
    const found = options(box);
    found.forEach((option, place) => { option.id = `${list.id}-${place + 1}`; });
    activate(box, null);
    const isAsking = document.activeElement === box && box.value.trim().length >= LEAST;
    show(box, isAsking && list.childElementCount > 0);
    const words = found.length === 1 ? "1 cuenta" : `${found.length} cuentas`;
    tell(box, !isAsking ? "" : found.length ? `${words}. Elija con las flechas.` : "Ninguna cuenta coincide.");
  });
})();
