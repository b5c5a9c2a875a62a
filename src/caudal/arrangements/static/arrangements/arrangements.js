// Enter in the assistant calculates again; after the PIN, which is the last thing that is typed, it signs.
"use strict";
document.addEventListener("keydown", (event) => {
  const isPin = event.key === "Enter" && event.target.matches?.("#signing [name=pin]") && event.target.value;
  if (!isPin) return;
  event.preventDefault();
  event.target.form.requestSubmit(document.querySelector("#signing button"));
});
