"""What the registry would pay under two books."""

from datetime import date

from caudal.tariffs import comparison
from caudal.tariffs.models import TariffBook


def compare(*, first: TariffBook, second: TariffBook, on: date) -> comparison.Comparison:
    """What the registry of a day would pay under two books, with its last known consumption."""
    return comparison.compare(first=first, second=second, on=on)
