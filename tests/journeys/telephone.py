"""A telephone in somebody's hand: a browser with a profile of its own on the disk, that can be closed, killed and
opened again; every tap is counted."""

import io
import os
import shutil
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page

from tests.journeys.browsing import NO_BLEMISH

PIN: Final = "274951"
SIZE: Final = {"width": 360, "height": 740}
PLACE: Final = {"latitude": 20.2801, "longitude": -102.5502, "accuracy": 9}  # a few steps from the square
# what a browser says when it has no network is no blemish of the page
NO_NETWORK: Final = ("Failed to load resource: net::ERR_INTERNET_DISCONNECTED", *NO_BLEMISH)

# the clock of the telephone: years away, and moved by hand while it is worked with
SHIFT = """(() => {
  const There = Date, shift = () => Number(%d);
  const Moved = class extends There {
    constructor(...said) { if (said.length) super(...said); else super(There.now() + shift()); }
    static now() { return There.now() + shift(); }
  };
  globalThis.Date = Moved;
})()"""


def picture(width: int = 1600, height: int = 1200) -> FilePayload:
    """A photograph as a camera gives it: large, noisy, with a place written inside."""
    kept = io.BytesIO()
    image = Image.effect_noise((width, height), 60).convert("RGB")
    exif = Image.Exif()
    exif[0x010E] = "CANARIO-EXIF"
    image.save(kept, "JPEG", quality=95, exif=exif)
    return {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": kept.getvalue()}


class Telephone:
    """`page` is the application's tab. `taps` counts since `count()`."""

    def __init__(self, *, browser: Browser, base: str, home: Path, days: float = 0) -> None:
        self.browser, self.base, self.home = browser, base, home
        self.taps = 0
        self.ahead_ms = round(days * 86_400_000)
        self.has_network = True
        self.blemishes: list[str] = []
        self.context: BrowserContext
        self.page: Page
        self.switch_on()

    # the machine

    def switch_on(self) -> None:
        """Open the browser over the same profile."""
        executable = shutil.which("chromium") or shutil.which("google-chrome")
        self.context = self.browser.browser_type.launch_persistent_context(
            self.home, executable_path=executable, args=["--no-sandbox", "--disable-gpu"], viewport=SIZE,  # type: ignore[arg-type]
            locale="es-MX", timezone_id="America/Mexico_City", geolocation=PLACE, permissions=["geolocation"],  # type: ignore[arg-type]
        )  # fmt: skip
        self.context.set_default_timeout(20_000)
        self.context.set_offline(not self.has_network)
        if self.ahead_ms:
            self.context.add_init_script(SHIFT % self.ahead_ms)
        self._look_at(self.context.pages[0])

    def switch_off(self) -> None:
        self.context.close()

    def set_clock(self, *, days: float) -> None:
        """From the next time it is switched on, its clock is so many days ahead of this machine's."""
        self.ahead_ms = round(days * 86_400_000)

    def network(self, *, on: bool) -> None:
        self.has_network = on
        self.context.set_offline(not on)

    def kill(self) -> None:
        """The battery is pulled out: the browser is gone at once, and starts again over what the disk has."""
        with self.context.expect_event("close"):
            for process in Path("/proc").glob("[0-9]*"):
                with suppress(OSError):
                    said = (process / "cmdline").read_bytes().split(b"\0")
                    if f"--user-data-dir={self.home}".encode() in said and b"--type=" not in b"".join(said):
                        os.kill(int(process.name), signal.SIGKILL)
        for lock in self.home.glob("Singleton*"):
            lock.unlink()
        self.switch_on()

    def close_tab(self) -> None:
        self.page.close()

    def open_tab(self) -> None:
        self._look_at(self.context.new_page())
        self.page.goto(f"{self.base}/campo/")

    def _look_at(self, page: Page) -> None:
        self.page = page
        page.on("console", lambda message: self._note(message.type, message.text))
        page.on("pageerror", lambda trouble: self.blemishes.append(f"script: {trouble}"))
        page.on("request", lambda request: self._note_host(request.url))

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not text.startswith(NO_NETWORK):
            self.blemishes.append(f"{kind}: {text}")

    def _note_host(self, url: str) -> None:
        if not url.startswith((self.base, "data:", "about:", "chrome")):
            self.blemishes.append(f"asked another host: {url}")

    # the hand

    def count(self) -> None:
        self.taps = 0

    def tap(self, name: str) -> None:
        self.page.locator(f'[data-name="{name}"]').first.click()
        self.taps += 1

    def type(self, digits: str) -> None:
        for digit in digits:
            self.tap(f"key-{digit}")

    def photograph(self, role: str, file: FilePayload | None = None) -> None:
        """Three taps: the button, the shutter, and that it is good."""
        self.page.locator(f'[data-role="{role}"]').set_input_files(file or picture())
        self.taps += 3

    def see(self, words: str) -> None:
        self.page.get_by_text(words).first.wait_for(state="visible")

    def see_screen(self, title: str) -> None:
        self.page.get_by_role("heading", level=1).filter(has_text=title).wait_for(state="visible")

    @property
    def text(self) -> str:
        return self.page.locator("body").inner_text()

    # the morning

    def enroll(self, code: str) -> None:
        """With the code of the office's QR; choose the PIN twice."""
        self.page.goto(f"{self.base}/campo/#alta={code}")
        self.page.fill("#name", "Moto G de lecturas")
        self.tap("next")
        self.see_screen("Elija un PIN")
        self.type(PIN)
        self.see_screen("Escriba el PIN otra vez")
        self.type(PIN)

    def come_in(self, pin: str = PIN) -> None:
        self.see_screen("Escriba su PIN")
        self.type(pin)

    def open_round(self, folio: str) -> None:
        self.see_screen("Mis recorridos de hoy")
        self.tap(f"round-{folio}")

    def ready(self) -> None:
        """Wait until the worker has the application, so that it opens without network."""
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        self.page.wait_for_function("navigator.serviceWorker.controller !== null")

    def kept(self, store: str) -> list[dict[str, Any]]:
        """The rows of a store of the telephone, as they are."""
        rows = self.page.evaluate(
            """(store) => new Promise((resolve, reject) => {
              const opening = indexedDB.open("campo");
              opening.onerror = () => reject(opening.error);
              opening.onsuccess = () => {
                const asked = opening.result.transaction(store).objectStore(store).getAll();
                asked.onsuccess = () => { opening.result.close(); resolve(JSON.parse(JSON.stringify(asked.result))); };
              };
            })""",
            store,
        )
        return list(rows)

    def waiting(self) -> int:
        return sum(row["state"] == "waiting" for row in self.kept("events"))
