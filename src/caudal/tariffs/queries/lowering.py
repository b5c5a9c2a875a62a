"""Whether other terms could cost an account less, whatever it uses."""

from datetime import date
from typing import Final

from caudal.registry import queries as registry
from caudal.registry.models import Account, TariffClass
from caudal.tariffs.queries.books import NoBookInForce, book_in_force
from caudal.tariffs.queries.explaining import quotes
from caudal.tariffs.quoting import CannotQuote, Case

# m³ of a month: nothing, around the steps of a house, and what shops and factories use
VOLUMES: Final = (0, 5, 10, 15, 20, 25, 30, 40, 50, 70, 100, 150, 200, 300, 500, 1_000, 5_000)


def may_lower(
    *, account: Account, on: date, before: tuple[TariffClass, bool], after: tuple[TariffClass, bool]
) -> bool:
    """Whether some month of that year could be cheaper under other terms, with the benefits the account holds.

    What no book prices counts as cheaper: without a price there is no bill.

    :param before: class, and whether it is metered; likewise `after`
    """
    try:
        book = book_in_force(on=on)
    except NoBookInForce:
        return True
    card = registry.account_card(account=account, on=on)
    cases = [
        Case(
            tariff_class=tariff_class.code, is_metered=is_metered, volume=volume, benefits=card.benefits,
            locality=card.locality, diameter_mm=card.diameter_mm, month=month, has_sewerage=card.has_sewerage,
            lot_area_m2=card.lot_area_m2,
        )
        for tariff_class, is_metered in (before, after)
        for month in range(1, 13)
        for volume in VOLUMES
    ]  # fmt: skip
    answers = quotes(book=book, cases=cases)
    half = len(cases) // 2
    return any(
        isinstance(old, CannotQuote) or isinstance(new, CannotQuote) or new.total_cents < old.total_cents
        for old, new in zip(answers[:half], answers[half:], strict=True)
    )
