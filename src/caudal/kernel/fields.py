"""Columns with a meaning: centavos and billing periods."""

from typing import Any

from django.db import models

from caudal.rules.periods import Period

NO_PERIOD = 0


class CentsField(models.BigIntegerField):  # type: ignore[type-arg]
    """An amount in integer centavos. Never null: a missing amount is a question, not a zero."""

    description = "Importe en centavos"


class PeriodField(models.IntegerField):  # type: ignore[type-arg]
    """A billing period as YYYYMM; 0 (`NO_PERIOD`) for what belongs to no period, such as a one-off fee."""

    description = "Periodo de facturación AAAAMM"

    def from_db_value(self, value: int | None, *_: Any) -> Period | int | None:
        return Period(value) if value else value
