"""Pure decisions about messages: what is a telephone, when to try again, when to stop."""

from datetime import datetime, timedelta
from typing import Final

PHONE_DIGITS: Final = 10
MOST_TRIES: Final = 4
TEXT_LENGTH: Final = 480
# minutes to wait after the first, the second and the third try
_WAITS: Final = (5, 60, 720)
# networks block many messages to one number; so do people
MOST_AN_HOUR: Final = 10
AN_HOUR: Final = timedelta(hours=1)


def phone_digits(text: str) -> str:
    """The ten digits of a Mexican telephone, however it was typed (+52 and 1 in front left out); empty if it is none."""
    digits = "".join(letter for letter in text if letter.isdigit() and letter.isascii())
    if len(digits) > PHONE_DIGITS and digits.startswith("52"):
        digits = digits[2:]
    if len(digits) == PHONE_DIGITS + 1 and digits.startswith("1"):
        digits = digits[1:]
    return digits if len(digits) == PHONE_DIGITS else ""


def next_try(*, tries: int, at: datetime) -> datetime | None:
    """When to try again after so many tries; None when it has been enough."""
    return at + timedelta(minutes=_WAITS[tries - 1]) if tries < MOST_TRIES else None


def hidden(phone: str) -> str:
    """`······4567`: what a list and a log may show."""
    return "·" * (len(phone) - 4) + phone[-4:]
