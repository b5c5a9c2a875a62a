// Arrow keys walk through the held bills; inside a text field they keep their usual meaning only with text in it.
document.addEventListener("keydown", (event) => {
  const field = event.target;
  const isWriting = field.matches("input, textarea") && field.value !== "";
  if (isWriting || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
  const links = [...document.querySelectorAll("#cases a")];
  const here = links.findIndex((link) => link.closest("tr").hasAttribute("aria-current"));
  const next = links[here + (event.key === "ArrowDown" ? 1 : -1)];
  if (next) {
    event.preventDefault();
    window.location.assign(next.href);
  }
});
// A long list begins at the case that is being looked at; the page itself stays where it is.
const current = document.querySelector("#cases tr[aria-current]");
if (current) current.closest(".scroll").scrollTop = current.offsetTop - 120;
