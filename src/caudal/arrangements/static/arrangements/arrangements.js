// Enter in the assistant calculates again; after the PIN, which is the last thing that is typed, it signs. Under the
// number of payments the mouse gets a slider: the keyboard has the number itself.
"use strict";
document.addEventListener("keydown", (event) => {
  const isPin = event.key === "Enter" && event.target.matches?.("#signing [name=pin]") && event.target.value;
  if (!isPin) return;
  event.preventDefault();
  event.target.form.requestSubmit(document.querySelector("#signing button"));
});

(() => {
  const count = document.getElementById("id_count");
  if (!count) return;
  const slider = document.createElement("input");
  slider.type = "range";
  slider.className = "slider";
  slider.min = 1;
  slider.max = count.dataset.most;
  slider.value = count.value || count.dataset.usual;
  slider.tabIndex = -1;
  slider.setAttribute("aria-hidden", "true");
  slider.addEventListener("input", (event) => {
    event.stopPropagation();
    count.value = slider.value;
    count.dispatchEvent(new Event("input", { bubbles: true }));
  });
  count.addEventListener("input", () => { slider.value = count.value || count.dataset.usual; });
  count.after(slider);
})();
