"""A browser and a server to walk with. Everything a page must never do is collected while it is walked."""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from tests.journeys import places
from tests.town.cast import PASSWORD, digits

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM_IS_MISSING = (
    "These journeys drive a real browser and Chromium is not installed. Install it with: "
    "sudo apt-get install -y chromium"
)


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Requests are not news here."""


@contextmanager
def serving() -> Iterator[str]:
    """The product's own WSGI application on a free port of this machine, one thread for each request."""
    # a browser keeps its sockets open, and each would keep its thread in the database
    connections["default"].settings_dict["CONN_MAX_AGE"] = 0
    server = ThreadedWSGIServer(("127.0.0.1", 0), _Silent, connections_override={})
    server.daemon_threads = True
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def working(*, home: Path) -> Iterator[subprocess.Popen[str]]:
    """`caudal worker`, as an operator starts it, over the database this process looks at."""
    environ = {**os.environ, **places.addresses(), "PYTHONPATH": str(ROOT / "src"), "CAUDAL_HOME": str(home)}
    command = [sys.executable, "-m", "caudal", "worker"]
    worker = subprocess.Popen(
        command, env=environ, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        yield worker
    finally:
        worker.terminate()
        worker.communicate(timeout=20)


def open_chromium(playwright: Playwright) -> Browser:
    """The system's Chromium; without it the journeys fail, for a page nobody walked is not a page that works."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert executable, CHROMIUM_IS_MISSING
    return playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])


# A refusal is an answer; and suggestions are given up when the person goes on before they come. htmx says
# afterRequest beside sendAbort and beside sendError alike: the second is still noted by its own name.
NO_BLEMISH: Final = (
    "Failed to load resource: the server responded with a status of 4",
    "htmx:sendAbort",
    "htmx:afterRequest",
)


class Walk:
    """One person at one screen. `blemishes` gathers what the browser complained of."""

    def __init__(self, *, context: BrowserContext, base: str) -> None:
        self.context, self.base = context, base
        self.page: Page = context.new_page()
        self.blemishes: list[str] = []
        self.page.set_default_timeout(30_000)
        self.page.on("console", lambda message: self._note(message.type, message.text))
        self.page.on("pageerror", lambda error: self.blemishes.append(f"script: {error}"))
        self.page.on("request", lambda request: self._note_host(request.url))

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not text.startswith(NO_BLEMISH):
            self.blemishes.append(f"{kind}: {text}")

    def _note_host(self, url: str) -> None:
        if urlsplit(url).netloc not in ("", urlsplit(self.base).netloc):
            self.blemishes.append(f"asked another host: {url}")

    def go(self, path: str) -> int:
        """Open an address of this site → its status."""
        answer = self.page.goto(self.base + path)
        assert answer is not None
        return answer.status

    def sign_in(self, username: str) -> None:
        """Already inside, on the first page of their menu. The door itself has a journey of its own."""
        from tests.journeys.fixtures import entered

        cookie = entered(username).cookies[settings.SESSION_COOKIE_NAME]
        self.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.base}])
        self.go("/entrar/")

    def come_in(self, username: str) -> None:
        """By keyboard, as everybody does in the morning: user, password, the digits of the telephone."""
        self.go("/entrar/")
        for text, key in ((username, "Tab"), (PASSWORD, "Enter"), (digits(), "Enter")):
            self.page.keyboard.type(text)
            if key == "Enter":
                with self.page.expect_navigation():
                    self.press(key)
            else:
                self.press(key)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def reach(self, name: str, *, most: int = 60) -> None:
        """Press Tab until the control with this visible name has the focus, as who has no mouse does."""
        for _ in range(most):
            self.press("Tab")
            if name in self.focused():
                return
        raise AssertionError(f"{most} tabs did not reach «{name}»")

    def choose(self, name: str) -> None:
        """Reach a link or button and press Enter; the page that follows is there when this returns."""
        self.reach(name)
        with self.page.expect_navigation():
            self.press("Enter")

    def focused(self) -> str:
        """The words of whatever has the focus."""
        return str(
            self.page.evaluate(
                "() => { const e = document.activeElement; if (!e || e === document.body) return '';"
                " return (e.getAttribute('aria-label') || e.innerText || (e.labels && e.labels[0] && e.labels[0].innerText)"
                " || '').replace(/\\s+/g, ' ').trim(); }"
            )
        )

    def see(self, words: str) -> None:
        """Wait until these words are on the page."""
        self.page.get_by_text(words).first.wait_for(state="visible")

    @property
    def text(self) -> str:
        """All the words of the page, as a person reads them."""
        return self.page.locator("main").inner_text()


def until(story: Callable[[], bool], *, seconds: float = 90) -> None:
    """Wait for something another process does."""
    limit = time.monotonic() + seconds
    while not story():
        assert time.monotonic() < limit, "it never happened"
        time.sleep(0.1)
