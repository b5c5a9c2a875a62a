"""Hands at a keyboard, counted: every press of a person is one key, and a scan is none.

A scanner is a keyboard that nobody can type like: 8 ms between characters and Enter at the end. The moments of its
keys travel with them, so that a busy machine does not make it slower.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from tests.journeys.browsing import Walk

# keystroke-level model: seconds of a key, of a decision, of a scan
KEY, DECISION, SCAN = 0.28, 1.35, 1.5
SCANNER_MS: Final = 8
# between the characters of a very fast person: far from a scanner
PERSON_MS: Final = 45
READY: Final = (
    "document.documentElement.dataset.ready === 'window' && !document.querySelector('#window').ariaBusy"
)


@dataclass
class Hands:
    """One person at one keyboard, the mouse unplugged. `keys` counts what they pressed."""

    walk: Walk
    keys: int = 0
    scans: int = 0
    pressed: list[str] = field(default_factory=list)

    def press(self, *keys: str) -> None:
        """Press some keys; a chord such as `Control+F12` is one. Whoever presses has looked at the screen."""
        for key in keys:
            self.settle()
            self.walk.page.keyboard.press(key)
            self.keys += 1
            self.pressed.append(key)

    def type(self, text: str) -> None:
        """Type a text, one key for each character."""
        self.settle()
        self.walk.page.keyboard.type(text, delay=PERSON_MS)
        self.keys += len(text)
        self.pressed.append(text)

    def scan(self, code: str, *, ends: str = "Enter") -> None:
        """Pass a code by the scanner: no keys of anybody. `ends` is what it sends behind the code."""
        self.settle()
        cdp = self.walk.context.new_cdp_session(self.walk.page)
        now = datetime.now(UTC).timestamp()  # noqa: TID251 the moments of keys that are struck now
        for place, character in enumerate([*code, *["Enter"] * ends.count("Enter")]):
            _strike(cdp, character, now + place * SCANNER_MS / 1000)
        cdp.detach()
        self.scans += 1
        self.settle()

    def settle(self) -> None:
        """Wait until the screen has answered the last key."""
        self.walk.page.wait_for_function(f"() => !document.querySelector('#window') || ({READY})")

    def seconds(self, *, decisions: int, response: float = 0) -> float:
        """What the keystroke-level model says that a person needs."""
        return KEY * self.keys + DECISION * decisions + SCAN * self.scans + response

    @contextmanager
    def within(self, keys: int) -> Iterator[None]:
        """What happens inside takes at most so many keys of a person."""
        before, told = self.keys, len(self.pressed)
        yield
        self.settle()
        used = self.keys - before
        assert used <= keys, f"{used} keys, and the budget is {keys}: {self.pressed[told:]}"


def _strike(cdp: Any, character: str, at: float) -> None:
    text = "\r" if character == "Enter" else character
    words = {"key": character, "windowsVirtualKeyCode": ord(text.upper()), "timestamp": at}
    cdp.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": text, **words})
    cdp.send("Input.dispatchKeyEvent", {"type": "keyUp", **words})
