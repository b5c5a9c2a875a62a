// The search box answers to F10 and Ctrl+K on every page; nothing else needs script.
document.addEventListener("keydown", (event) => {
  const asksForSearch = event.key === "F10" || (event.ctrlKey && event.key.toLowerCase() === "k");
  const box = document.getElementById("search");
  if (asksForSearch && box) {
    event.preventDefault();
    box.focus();
    box.select();
  }
});
