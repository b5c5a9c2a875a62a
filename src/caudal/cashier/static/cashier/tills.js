// Keys of the counter: Enter and the arrows go from line to line, sums grow as they are typed, one digit chooses a
// reason. Without script the same forms are filled with Tab and sent with their button.
(() => {
  const pesos = (cents) =>
    (cents < 0 ? "\u2212" : "") + "$" + (Math.abs(cents) / 100).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const digits = (input) => (/^\d{1,6}$/.test(input.value.trim()) ? Number(input.value.trim()) : 0);

  function addUp(form) {
    let sum = 0;
    form.querySelectorAll("input[data-cents]").forEach((input) => {
      const cents = digits(input) * Number(input.dataset.cents);
      sum += cents;
      input.parentElement.querySelector("output").textContent = cents ? pesos(cents) : "";
    });
    form.querySelectorAll("[data-pieces-total]").forEach((place) => { place.textContent = pesos(sum); });
    const button = form.querySelector("[data-names-total]");
    if (button) button.textContent = `${button.dataset.namesTotal} ${pesos(sum)}`;
  }

  function nameAmount(form) {
    const button = form.querySelector("[data-names]");
    if (!button) return;
    const typed = form.elements[button.dataset.names].value.trim().replace(/[$,\s]/g, "");
    const isAmount = /^\d+(\.\d{1,2})?$/.test(typed);
    button.textContent = isAmount ? `${button.dataset.words} ${pesos(Math.round(Number(typed) * 100))}` : "Entregar el efectivo";
  }

  // what can be stopped at, in the order of the page
  const stops = (form) =>
    [...form.querySelectorAll("input:not([type=hidden]), select, textarea, button")].filter((each) => each.offsetParent && !each.disabled);

  function step(form, from, by) {
    const all = stops(form);
    const next = all[all.indexOf(from) + by];
    if (!next) return;
    next.focus();
    if (next.select) next.select();
  }

  document.querySelectorAll("form[data-steps]").forEach((form) => {
    form.querySelectorAll(".pieces-total").forEach((line) => { line.hidden = false; });
    form.addEventListener("input", () => { addUp(form); nameAmount(form); });
    form.addEventListener("keydown", (event) => {
      const here = event.target;
      const isLine = here.matches("input[data-cents], .declared input");
      if (event.key === "ArrowDown" && isLine) { event.preventDefault(); step(form, here, 1); }
      if (event.key === "ArrowUp" && isLine) { event.preventDefault(); step(form, here, -1); }
      if (event.key !== "Enter" || here.matches("button, textarea, summary")) return;
      // the PIN is the last thing that is typed: it sends
      if (here.matches("[name=pin]") && here.value) return;
      event.preventDefault();
      let next = 1;
      const all = stops(form);
      // whoever approves is already chosen: the cursor passes to the PIN
      while (all[all.indexOf(here) + next] && all[all.indexOf(here) + next].matches("[name=approver], [name=detail]") && !here.matches("[name=reason]")) next += 1;
      step(form, here, next);
    });
    addUp(form);
    nameAmount(form);
  });

  document.querySelectorAll("[data-reasons] select").forEach((select) => {
    select.addEventListener("keydown", (event) => {
      if (!/^[1-5]$/.test(event.key)) return;
      event.preventDefault();
      select.value = event.key;
      const form = select.form;
      (event.key === "5" ? form.elements.detail : form.elements.pin).focus();
    });
  });

  // Esc steps back, unless something is half typed: nothing that was written is lost
  document.addEventListener("keydown", (event) => {
    const back = document.querySelector("a[data-back]");
    const isHalfTyped = [...document.querySelectorAll("main form[method=post] input:not([type=hidden])")].some((each) => each.value);
    if (event.key === "Escape" && back && !isHalfTyped && !document.querySelector("dialog[open]")) back.click();
  });

  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
})();
