"""The parameters of validation and estimation in force on a day.

They are written in tariff books, which stand beside this room and are not known here: `config/wiring.py`
says where to ask. Until then, and where no book is in force, the usual ones hold.
"""

from collections.abc import Callable
from datetime import date

from caudal.metering.policy import USUAL_RULES, ReadingRules

Source = Callable[[date], ReadingRules | None]


def _nobody(on: date) -> ReadingRules | None:
    return None


_ask: Source = _nobody


def ask(source: Source) -> None:
    """Say who knows the parameters of a day. Called once, from the wiring page."""
    global _ask
    _ask = source


def in_force(*, on: date) -> ReadingRules:
    """The parameters of a day."""
    return _ask(on) or USUAL_RULES
