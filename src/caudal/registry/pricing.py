"""Whether other terms could cost an account less.

Prices are written in tariff books, which stand above this room and are not known here: `config/wiring.py` says
where to ask. Until then every change is taken for one that lowers the bill: it is the side on which to be wrong.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from caudal.registry.models import Account, TariffClass


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsChange:
    """The terms of an account before and after a day."""

    account: Account
    on: date
    old_class: TariffClass
    old_is_metered: bool
    new_class: TariffClass
    new_is_metered: bool

    @property
    def before(self) -> dict[str, Any]:
        """What is left, as the audit and an approval keep it."""
        return terms_in_words(tariff_class=self.old_class, is_metered=self.old_is_metered)

    @property
    def after(self) -> dict[str, Any]:
        """What comes, and since when."""
        new = terms_in_words(tariff_class=self.new_class, is_metered=self.new_is_metered)
        return {**new, "on": str(self.on)}


Source = Callable[[TermsChange], bool]


def _nobody(change: TermsChange) -> bool:
    return True


_ask: Source = _nobody


def ask(source: Source) -> None:
    """Say who knows the prices. Called once, from the wiring page."""
    global _ask
    _ask = source


def may_lower(*, change: TermsChange) -> bool:
    """Whether some month could be cheaper under the new terms."""
    return _ask(change)


def terms_in_words(*, tariff_class: TariffClass, is_metered: bool) -> dict[str, Any]:
    """Class and regime, as the audit keeps them."""
    return {"tariff_class": tariff_class.code, "is_metered": is_metered}
