"""What a campaign says, as its page, its approval and a terminal tell it."""

from django.utils.timezone import localtime

from caudal.campaigns import policy
from caudal.campaigns.models import Campaign
from caudal.kernel.wording import in_reading_case, pesos, short_date
from caudal.ledger.models import Concept
from caudal.registry.models import Locality, TariffClass
from caudal.tariffs.queries import ppm_text


def told(*, campaign: Campaign) -> dict[str, str]:
    """Everything a campaign says, by what it is about, in the order people ask it. Nothing is left out but what
    it does not say: whoever approves it reads this, and the approval holds for this."""
    said = {
        "nombre": campaign.name,
        "vigencia": window(campaign=campaign),
        "reduce": reduction(campaign=campaign),
        "se gana con": condition(campaign=campaign),
        "para": scope(campaign=campaign),
        "precedencia": f"{campaign.precedence}{', se suma a otras' if campaign.stacks else ''}",
        "acuerdo del consejo": campaign.council_agreement,
    }
    return {name: words for name, words in said.items() if words}


def window(*, campaign: Campaign) -> str:
    """`1 abr 2019 al 30 abr 2019`."""
    first, last = localtime(campaign.starts_at).date(), policy.last_day(campaign)
    return short_date(first) if first == last else f"{short_date(first)} al {short_date(last)}"


def figure(*, campaign: Campaign) -> str:
    """`75 %`, or `$200.00`."""
    return pesos(campaign.fixed_cents) if campaign.fixed_cents else ppm_text(campaign.ppm)


def reduction(*, campaign: Campaign) -> str:
    """`75 % de recargos, hasta $500.00 por cuenta`."""
    names = dict(Concept.objects.filter(code__in=campaign.reduces).values_list("code", "name"))
    of = [names.get(code, code).lower() for code in campaign.reduces]
    if campaign.on_prepayment:
        of.append("los meses que se adelantan")
    said = f"{figure(campaign=campaign)} de {_listed(of)}"
    return f"{said}, hasta {pesos(campaign.cap_cents)} por cuenta" if campaign.cap_cents else said


def condition(*, campaign: Campaign) -> str:
    """`pagar todo en una sola exhibición, o firmar convenio`."""
    ways = [
        words
        for holds, words in (
            (campaign.on_single_payment, "pagar todo en una sola exhibición"),
            (campaign.on_arrangement, "firmar convenio"),
            (
                campaign.on_prepayment,
                f"pagar {campaign.least_months} {'mes' if campaign.least_months == 1 else 'meses o más'} por adelantado",
            ),
        )
        if holds
    ]
    return ", o ".join(ways) + (", estando al corriente" if campaign.requires_up_to_date else "")


def scope(*, campaign: Campaign) -> str:
    """`uso habitacional; cuota fija; La Barca; adeudos de $100.00 o más`; `todas las cuentas` without limits."""
    uses, parts = dict(TariffClass.Use.choices), []
    if campaign.uses:
        parts.append(f"uso {_listed([str(uses.get(use, use)) for use in campaign.uses])}")
    if campaign.regime != Campaign.Regime.ALL:
        parts.append(Campaign.Regime(campaign.regime).label)
    if campaign.localities:
        names = Locality.objects.filter(code__in=campaign.localities).order_by("name")
        parts.append(_listed([in_reading_case(each.name) for each in names]))
    least, most = (
        pesos(cents) if cents else None
        for cents in (campaign.least_balance_cents, campaign.most_balance_cents)
    )
    parts += _range("adeudos", least, most)
    days = (
        None if days is None else f"{days} días" for days in (campaign.least_age_days, campaign.most_age_days)
    )
    parts += _range("vencidos hace", *days)
    return "; ".join(parts) or "todas las cuentas"


def _range(of: str, least: str | None, most: str | None) -> list[str]:
    if least is not None and most is not None:
        return [f"{of} de {least} a {most}" if of == "adeudos" else f"{of} {least} a {most}"]
    if least is not None:
        return [f"{of} de {least} o más" if of == "adeudos" else f"{of} {least} o más"]
    if most is not None:
        return [f"{of} de hasta {most}" if of == "adeudos" else f"{of} {most} o menos"]
    return []


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} y {words[-1]}"
