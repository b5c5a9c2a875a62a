// The documents of the category that is chosen, the usual one first. Without this the list shows them all.
(() => {
  const kinds = document.querySelector("select[data-kinds]");
  if (!kinds) return;
  const usual = kinds.querySelector("option[value='']");
  const groups = [...kinds.querySelectorAll("optgroup")];
  const show = (label) => {
    groups.forEach((group) => {
      const fits = group.label === label;
      if (fits) kinds.append(group); else group.remove();
    });
    const mine = groups.find((group) => group.label === label);
    if (mine && !mine.contains(kinds.selectedOptions[0])) kinds.value = mine.querySelector("option").value;
    if (mine) usual.remove();
  };
  const radios = document.querySelectorAll("input[name='category']");
  radios.forEach((radio) => {
    radio.addEventListener("change", () => show(radio.dataset.label));
    if (radio.checked) show(radio.dataset.label);
  });
})();
