"""How amounts, dates and periods look on a page: the one edge where centavos become pesos."""

from datetime import date, datetime

from django import template
from django.utils.timezone import localtime

from caudal.kernel.cli import pesos
from caudal.rules.periods import Period

register = template.Library()

MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip


@register.filter
def dinero(cents: int | None) -> str:
    """`123456` → `$1,234.56`; nothing for a missing amount."""
    return "" if cents is None else pesos(cents)


@register.filter
def dia(value: date | datetime | None) -> str:
    """`24 nov 2026`."""
    if value is None:
        return ""
    day = localtime(value).date() if isinstance(value, datetime) else value
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"


@register.filter
def momento(value: datetime | None) -> str:
    """`24 nov 2026, 10:42`."""
    return "" if value is None else f"{dia(value)}, {localtime(value):%H:%M}"


@register.filter
def periodo(value: int | None) -> str:
    """`201901` → `enero 2019`; the one-off bucket reads `otros cargos`."""
    if not value:
        return "otros cargos"
    period = Period(value)
    return f"{MONTHS[period.month - 1]} {period.year}"


@register.filter
def miles(value: int | None) -> str:
    """`12345` → `12,345`."""
    return "" if value is None else f"{value:,}".replace("-", "−")
