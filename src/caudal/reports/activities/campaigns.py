"""Campaigns, in the words of their own terms, and how each was told to the town."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.timezone import localtime

from caudal.campaigns.models import Campaign
from caudal.kernel.wording import MONTHS, pesos
from caudal.ledger.models import Concept
from caudal.outreach import queries as outreach_log
from caudal.outreach.models import Channel
from caudal.reports.activities.counting import (
    TIE,
    Counted,
    Definition,
    Values,
    amounts,
    counted,
    listed,
    many,
    sentences,
)
from caudal.tariffs.queries import ppm_text

PREFIX: Final = "campaign:"
# how people say them; any other concept is said by its name in the chart
_SAID: Final = {"surcharge": "recargos", "water": "agua", "fine": "multas", "legacy_debt": "adeudo anterior"}
_TOLD_BY: Final = {
    Channel.RADIO_SPOT: "spot de radio",
    Channel.SOCIAL_NETWORK: "redes sociales",
    Channel.LOUDSPEAKER_ROUTE: "perifoneo",
    Channel.POSTER_SITE: "cartelones",
    Channel.MESSAGE: "mensajes",
}
_UNITS: Final = {
    Channel.RADIO_SPOT: "Spots de radio",
    Channel.SOCIAL_NETWORK: "Personas alcanzadas en redes sociales",
    Channel.LOUDSPEAKER_ROUTE: "Kilómetros de perifoneo",
    Channel.POSTER_SITE: "Cartelones puestos",
    Channel.MESSAGE: "Mensajes enviados",
}


def definitions(*, since: date, until: date, months: Sequence[int]) -> list[Definition]:
    """An activity for each campaign that was in force on some of those days, in the months of its window."""
    names = dict(Concept.objects.values_list("code", "name"))
    found = Campaign.objects.filter(published_at__isnull=False).order_by("starts_at", "code")
    windows = [(each, *_window(each)) for each in found]
    return [
        _campaign(each, first, last, [it for it in months if _period(first) <= it <= _period(last)], names)
        for each, first, last in windows
        if first < until and last >= since
    ]


def _campaign(
    campaign: Campaign, first: date, last: date, months: Sequence[int], names: dict[str, str]
) -> Definition:
    code = campaign.code
    sentence = sentence_of(campaign=campaign, first=first, last=last, names=names)

    def say(values: Values) -> tuple[str, str]:
        of_debt = f"se descontaron {pesos(values['granted_cents'])} a {_accounts(values['accounts'])}"
        ways = amounts(values, [("by_payment_cents", "al pagar en una sola exhibición"),
                                ("by_arrangement_cents", "al firmar convenio")])  # fmt: skip
        ahead = (
            f"{_accounts(values['ahead_accounts'])} {'pagó' if values['ahead_accounts'] == 1 else 'pagaron'} "
            f"{many(values['ahead_months'], 'mes', 'meses')} por adelantado, con un descuento de "
            f"{pesos(values['ahead_cents'])}"
        )
        return sentence, sentences(
            f"{of_debt}: {ways}" if values["accounts"] else "", ahead if values["ahead_accounts"] else ""
        )

    given, rule = {"campaign": code, "kind": "granted"}, {"campaign": code}
    figures = (
        counted("accounts", "Cuentas con descuento en su adeudo", "forgiven", distinct="account", **given),
        counted("granted_cents", "Descontado de adeudos", "forgiven", of="amount_cents", **rule),
        counted("by_payment_cents", "Descontado al pagar en una exhibición", "forgiven", of="amount_cents",
                is_conditional="no", **rule),
        counted("by_arrangement_cents", "Descontado por convenio", "forgiven", of="amount_cents",
                is_conditional="yes", **rule),
        counted("ahead_accounts", "Cuentas que pagaron por adelantado", "prompt_payment", distinct="account", **given),
        counted("ahead_months", "Meses pagados por adelantado", "prompt_payment", **given),
        counted("ahead_paid_cents", "Pagado por adelantado", "prompt_payment", of="paid_cents", **rule),
        counted("ahead_cents", "Descontado por pronto pago", "prompt_payment", of="amount_cents", **rule),
    )  # fmt: skip
    return Definition(PREFIX + code, figures, ("accounts", "ahead_accounts"), say, tuple(months))


def _accounts(number: int) -> str:
    return many(number, "cuenta", "cuentas")


def sentence_of(*, campaign: Campaign, first: date, last: date, names: dict[str, str]) -> str:
    """`Campaña de descuento durante enero y febrero con el 15 % al usuario por pronto pago.`"""
    figure = pesos(campaign.fixed_cents) if campaign.fixed_cents else ppm_text(campaign.ppm).replace(" ", TIE)
    who = _who(campaign)
    if campaign.on_prepayment and not campaign.reduces:
        months = "" if campaign.least_months == 1 else f" de {campaign.least_months} meses o más"
        return f"Campaña de descuento {_during(first, last)} con el {figure} al usuario por pronto pago{months}{who}."
    of = listed([_SAID.get(code) or names.get(code, code).lower() for code in campaign.reduces])
    ways = listed([
        "convenios" if campaign.on_arrangement else "",
        "pago en una sola exhibición" if campaign.on_single_payment else "",
        "pago por adelantado" if campaign.on_prepayment else "",
    ])  # fmt: skip
    return f"Campaña de descuento del {figure} en {of}, aplicado en {ways}, {_during(first, last)}{who}."


def _who(campaign: Campaign) -> str:
    return ", para cuentas al corriente" if campaign.requires_up_to_date else ""


def _during(first: date, last: date) -> str:
    """`durante abril`, `durante enero y febrero`, `del 5 al 20 de marzo`."""
    start, end = MONTHS[first.month - 1], MONTHS[last.month - 1]
    is_whole = first.day == 1 and (last + timedelta(days=1)).day == 1
    if is_whole and first.year == last.year:
        months = MONTHS[first.month - 1 : last.month]
        return f"durante {listed(months)}" if len(months) < 3 else f"de {start} a {end}"
    if (first.year, first.month) == (last.year, last.month):
        return f"del {first.day} al {last.day} de {end}"
    return f"del {first.day} de {start} al {last.day} de {end}"


def _window(campaign: Campaign) -> tuple[date, date]:
    """First and last day of a campaign: what was withdrawn ended that day."""
    last = localtime(campaign.ends_at - timedelta(microseconds=1)).date()
    withdrawn = localtime(campaign.withdrawn_at).date() if campaign.withdrawn_at else last
    return localtime(campaign.starts_at).date(), min(last, withdrawn)


def _period(day: date) -> int:
    return day.year * 100 + day.month


@dataclass(frozen=True, slots=True)
class _Told:
    """How the campaigns of a month were told: which, and through which channel at which places."""

    campaigns: tuple[str, ...]
    places: tuple[tuple[str, tuple[str, ...]], ...]


def outreach(*, since: date, until: date) -> list[Definition]:
    """How campaigns were told, an activity for each month that had any: its sentence names channels and places."""
    rows = (
        outreach_log.live_entries().filter(on__gte=since, on__lt=until).order_by("action__campaign__starts_at", "on", "pk")
        .values_list("on", "action__campaign__name", "action__channel", "action__place")
    )  # fmt: skip
    months: dict[int, list[tuple[str, str, str]]] = {}
    for on, name, channel, place in rows:
        months.setdefault(_period(on), []).append((name, channel, place.strip()))
    return [_outreach(period, _told(found)) for period, found in sorted(months.items())]


def _told(rows: Sequence[tuple[str, str, str]]) -> _Told:
    places: dict[str, dict[str, None]] = {}
    for _, channel, place in rows:
        places.setdefault(channel, {}).setdefault(place, None)
    known = [each for each in Channel.values if each in places]
    return _Told(
        tuple(dict.fromkeys(name for name, _, _ in rows)),
        tuple((each, tuple(place for place in places[each] if place)) for each in known),
    )


def _outreach(period: int, told: _Told) -> Definition:
    one = len(told.campaigns) == 1
    ways = listed([_way(channel, places) for channel, places in told.places])
    names = listed([f"«{name}»" for name in told.campaigns])
    sentence = (
        f"La campaña {names} fue anunciada mediante {ways}."
        if one
        else f"Las campañas {names} fueron anunciadas mediante {ways}."
    )

    def say(values: Values) -> tuple[str, str]:
        return sentence, sentences(
            f"Se {'hizo' if values['actions'] == 1 else 'hicieron'} "
            f"{many(values['actions'], 'acción', 'acciones')} de difusión"
            + (f" con un costo de {pesos(values['cost_cents'])}" if values["cost_cents"] else "")
        )

    figures: list[Counted] = [counted("actions", "Acciones de difusión", "outreach")]
    for channel, _ in told.places:
        figures.append(counted(channel, _UNITS[Channel(channel)], "outreach", of="quantity", channel=channel))
    figures.append(counted("cost_cents", "Gastado en difusión", "outreach", of="cost_cents"))
    return Definition("outreach", tuple(figures), ("actions",), say, (period,))


def _way(channel: str, places: Sequence[str]) -> str:
    """`spot de radio en Radio Candela`, `redes sociales (Facebook)`; a few places are named, many are not."""
    said = _TOLD_BY[Channel(channel)]
    if not places or len(places) > 3:
        return said
    named = listed(list(places))
    return f"{said} en {named}" if channel == Channel.RADIO_SPOT else f"{said} ({named})"
