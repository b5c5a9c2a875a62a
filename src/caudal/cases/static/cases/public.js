// An enhancement: the page works without it. Problems take the focus; whoever is at the place may send the point.
(() => {
  document.querySelector("[data-problems]")?.focus();
  const line = document.querySelector("[data-here]");
  const field = document.querySelector("[data-coordinates]");
  if (!line || !field || !navigator.geolocation) return;
  const told = line.querySelector("[role=status]");
  line.hidden = false;
  line.querySelector("button").addEventListener("click", () => {
    told.textContent = "Buscando…";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        field.value = `${coords.latitude.toFixed(6)}, ${coords.longitude.toFixed(6)}`;
        told.textContent = "Listo: el punto va con su reporte.";
      },
      () => { told.textContent = "No se pudo saber dónde está; basta con lo que escriba."; },
      { enableHighAccuracy: true, timeout: 10000 },
    );
  });
})();
