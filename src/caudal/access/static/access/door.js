// The idle lock, drawn over the page so that what was typed stays. The server locks by itself; this comes a little
// before, and asks it to. Without script the server's own page does the same work.
(() => {
  const printer = document.querySelector("[data-print]");
  if (printer) {
    printer.hidden = false;
    printer.addEventListener("click", () => window.print());
  }

  // what nobody asked for (a progress bar that looks every second) does not keep a session awake
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.detail.triggeringEvent) event.detail.headers["X-Caudal-Unattended"] = "1";
  });

  const lock = document.getElementById("lock");
  if (!lock) return;
  const pin = lock.querySelector("#lock-pin");
  const problem = lock.querySelector("#lock-problem");
  const seal = lock.querySelector("[name=csrfmiddlewaretoken]").value;
  const idle = lock.dataset.idleSeconds * 1000;
  const ahead = Math.min(20_000, idle / 4);
  const toldEvery = Math.min(120_000, idle / 4);
  let told = Date.now();

  const send = (address, fields = {}) =>
    fetch(address, {
      method: "POST",
      headers: { "X-CSRFToken": seal, Accept: "application/json" },
      body: new URLSearchParams(fields),
    });
  // shared by the windows of one browser: who works in one of them is here
  const touched = () => Number(localStorage.getItem("caudal-touched") || 0);
  const touch = () => localStorage.setItem("caudal-touched", Date.now());

  const cover = () => {
    if (lock.open) return;
    problem.textContent = "";
    pin.value = "";
    lock.showModal();
    pin.focus();
  };
  const uncover = () => {
    told = Date.now();
    touch();
    if (lock.open) lock.close();
  };

  for (const kind of ["keydown", "pointerdown", "input"]) {
    document.addEventListener(
      kind,
      () => {
        if (lock.open) return;
        touch();
        if (Date.now() - told > toldEvery) {
          told = Date.now();
          send(lock.dataset.presence).then((answer) => answer.status === 423 && cover());
        }
      },
      { capture: true, passive: true },
    );
  }
  document.addEventListener("caudal-locked", cover);
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-lock-now]")) {
      event.preventDefault();
      send(lock.dataset.lock).then(cover);
    }
  });
  window.addEventListener("storage", (event) => {
    if (event.key === "caudal-unlocked") uncover();
  });
  // Esc would close a dialog: this one only opens with the PIN
  lock.addEventListener("cancel", (event) => event.preventDefault());
  lock.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await send(lock.dataset.unlock, { pin: pin.value });
    if (answer.status === 204) {
      localStorage.setItem("caudal-unlocked", Date.now());
      uncover();
    } else if (answer.status === 422) {
      const said = await answer.json();
      problem.textContent = `${said.what} ${said.remedy}`;
      pin.value = "";
      pin.focus();
    } else {
      location.assign(lock.dataset.out);
    }
  });

  touch();
  setInterval(() => {
    if (!lock.open && Date.now() - touched() >= idle - ahead) {
      send(lock.dataset.lock);
      cover();
    }
  }, Math.min(5_000, idle / 8));
})();
