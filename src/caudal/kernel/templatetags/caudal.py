"""How amounts, dates and periods look on a page: the one edge where centavos become pesos."""

from datetime import date, datetime

from django import template
from django.utils.timezone import localtime

from caudal.kernel import wording

register = template.Library()


@register.filter
def dinero(cents: int | str | None) -> str:
    """`123456` → `$1,234.56`; nothing for a missing amount."""
    return wording.pesos(cents) if isinstance(cents, int) else ""


@register.filter
def con_signo(cents: int | str | None) -> str:
    """A change: `+$11.07` or `−$388.66`."""
    return wording.signed_pesos(cents) if isinstance(cents, int) else ""


@register.filter
def dia(value: date | datetime | None) -> str:
    """`24 nov 2026`."""
    if value is None:
        return ""
    return wording.short_date(localtime(value).date() if isinstance(value, datetime) else value)


@register.filter
def momento(value: datetime | None) -> str:
    """`24 nov 2026, 10:42`."""
    return "" if value is None else f"{dia(value)}, {localtime(value):%H:%M}"


@register.filter
def periodo(value: int | None) -> str:
    """`201901` → `enero 2019`; the one-off bucket reads `otros cargos`."""
    return wording.month_name(value) if value else "otros cargos"


@register.filter
def miles(value: int | None) -> str:
    """`12345` → `12,345`."""
    return "" if value is None else wording.thousands(value)
