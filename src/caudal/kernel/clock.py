"""The clock, read only at the edges (views, command lines); everything below takes `on` or `at`.

`CAUDAL_NOW` (ISO date or moment) moves it, so that a demonstration or a practice day can live in 2019.
"""

import os
from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """This moment, in the utility's zone."""
    if moved := os.environ.get("CAUDAL_NOW"):
        moment = datetime.fromisoformat(moved)
        return timezone.localtime(moment) if moment.tzinfo else timezone.make_aware(moment)
    return timezone.localtime()


def today() -> date:
    """The business date of this moment."""
    return now().date()
