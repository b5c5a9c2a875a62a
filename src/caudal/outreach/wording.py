"""A campaign in the words of a poster: what it lowers, until when, and what must be done."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from caudal.campaigns.models import Campaign
from caudal.documents import issuers
from caudal.documents.announcements import AnnouncementSheet
from caudal.documents.figures import TIE
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import MONTHS, in_reading_case, pesos
from caudal.ledger.models import Concept
from caudal.outreach import queries
from caudal.registry.models import Locality, TariffClass

# how people say them; any other concept is said by its name in the chart
_SAID: Final = {
    "surcharge": "recargos",
    "water": "agua",
    "fine": "multas",
    "legacy_debt": "adeudo anterior",
    "inflation_update": "actualización",
}


class CannotAnnounceCampaign(Refusal):
    """A campaign that was withdrawn is not announced."""


def sheet_of(*, campaign: Campaign) -> AnnouncementSheet:
    """What the poster and the picture of a campaign say.

    :raises CannotAnnounceCampaign: if it was withdrawn
    """
    if campaign.withdrawn_at is not None:
        raise CannotAnnounceCampaign(
            f"La campaña {campaign.name} se retiró.", "Quite también los cartelones que ya estén puestos."
        )
    first, last = queries.days_of(campaign=campaign)
    issuer = issuers.issuer()
    return AnnouncementSheet(
        issuer=issuer,
        name=campaign.name,
        figure=figure(campaign=campaign),
        lowers=lowers(campaign=campaign),
        dates=dates(first=first, last=last),
        condition=condition(campaign=campaign),
        limits=limits(campaign=campaign),
        agreement=_agreement(campaign),
        where=issuer.address,
        on=first,
    )


def figure(*, campaign: Campaign) -> str:
    """`75 %`, `7.5 %`, `$200`: what is read first."""
    if campaign.fixed_cents:
        return pesos(campaign.fixed_cents).removesuffix(".00")
    whole, rest = divmod(campaign.ppm, 10_000)
    decimals = f".{rest:04d}".rstrip("0") if rest else ""
    return f"{whole}{decimals}{TIE}%"


def lowers(*, campaign: Campaign) -> str:
    """`menos en tus recargos`, `menos en agua y alcantarillado`, `menos al pagar por adelantado`."""
    if campaign.on_prepayment and not campaign.reduces:
        return "menos al pagar por adelantado"
    names = dict(Concept.objects.filter(code__in=campaign.reduces).values_list("code", "name"))
    said = [_SAID.get(code) or names.get(code, code).lower() for code in campaign.reduces]
    return f"menos en tus {said[0]}" if said in (["recargos"], ["multas"]) else f"menos en {_listed(said)}"


def dates(*, first: date, last: date) -> tuple[str, ...]:
    """`Del 1 al 31 de diciembre`, `de 2019`: in words, on the line or two of a poster."""
    start, end = MONTHS[first.month - 1], MONTHS[last.month - 1]
    if first == last:
        return (f"Solo el {first.day} de {end}", f"de {last.year}")
    if first.year != last.year:
        return (f"Del {first.day} de {start} de {first.year}", f"al {last.day} de {end} de {last.year}")
    if start != end:
        return (f"Del {first.day} de {start}", f"al {last.day} de {end} de {last.year}")
    return (f"Del {first.day} al {last.day} de {end}", f"de {last.year}")


def condition(*, campaign: Campaign) -> str:
    """`Al pagar todo lo que debes en una sola exhibición o al firmar un convenio.`"""
    months = "un mes" if campaign.least_months == 1 else f"{campaign.least_months} meses"
    more = "" if campaign.least_months == 12 else " o más"
    ways = [
        words
        for holds, words in (
            (campaign.on_single_payment, "al pagar todo lo que debes en una sola exhibición"),
            (campaign.on_arrangement, "al firmar un convenio de pago"),
            (campaign.on_prepayment, f"al pagar {months}{more} por adelantado"),
        )
        if holds
    ]
    said = _listed(ways, last=" o ")
    up_to_date = ", si estás al corriente" if campaign.requires_up_to_date else ""
    return f"{said[:1].upper()}{said[1:]}{up_to_date}."


def limits(*, campaign: Campaign) -> tuple[str, ...]:
    """Who may, where, and up to how much; nothing when it is for everybody."""
    found = []
    if campaign.uses:
        uses = dict(TariffClass.Use.choices)
        found.append(f"Uso {_listed([uses.get(use, use) for use in campaign.uses])}.")
    if campaign.regime != Campaign.Regime.ALL:
        found.append(
            "Solo tomas con medidor." if campaign.regime == Campaign.Regime.METERED else "Solo cuota fija."
        )
    if campaign.localities:
        names = Locality.objects.filter(code__in=campaign.localities).order_by("name")
        found.append(f"En {_listed([in_reading_case(each.name) for each in names])}.")
    found += _debt_limits(campaign)
    if campaign.cap_cents:
        found.append(f"Hasta {pesos(campaign.cap_cents)} por cuenta.")
    return tuple(found)


def _debt_limits(campaign: Campaign) -> list[str]:
    found = []
    least, most = campaign.least_balance_cents, campaign.most_balance_cents
    if least and most:
        found.append(f"Adeudos de {pesos(least)} a {pesos(most)}.")
    elif least:
        found.append(f"Adeudos de {pesos(least)} o más.")
    elif most:
        found.append(f"Adeudos de hasta {pesos(most)}.")
    if campaign.least_age_days:
        found.append(f"Adeudos con {campaign.least_age_days} días o más de vencidos.")
    if campaign.most_age_days:
        found.append(f"Adeudos con {campaign.most_age_days} días o menos de vencidos.")
    return found


def _agreement(campaign: Campaign) -> str:
    """The council's agreement; a draft says that it is one, so that nobody puts it on a wall."""
    if campaign.published_at is None:
        return "Borrador: todavía no se publica"
    said = campaign.council_agreement.strip()
    return said if said.lower().startswith("acuerdo") else f"Acuerdo {said}"


def _listed(words: Sequence[str], *, last: str = " y ") -> str:
    """`a, b y c`; `y` becomes `e` before the sound of an i."""
    if len(words) < 2:
        return "".join(words)
    joint = " e " if last == " y " and words[-1].lower().startswith(("i", "hi")) else last
    return ", ".join(words[:-1]) + joint + words[-1]
