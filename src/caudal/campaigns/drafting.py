"""Preparing a campaign: what it says must make sense before anybody sees it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction

from caudal.campaigns import policy
from caudal.campaigns.models import WHOLE_PPM, Campaign
from caudal.campaigns.planning import NEVER_REDUCED
from caudal.campaigns.wording import told
from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.ledger.models import Concept
from caudal.registry.models import Locality, TariffClass
from caudal.rules.bounds import MAX_CENTS

LONGEST_DAYS: Final = 366
WHOLE_YEAR: Final = 12


class CannotDraftCampaign(Refusal): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignTerms:
    """What a campaign says. Days are local; the last one is inside. Amounts in centavos, shares in ppm.

    None and empty are no limit. See `models.Campaign` for the rest.
    """

    code: str
    name: str
    starts_on: date
    last_on: date
    on_single_payment: bool = False
    on_arrangement: bool = False
    on_prepayment: bool = False
    requires_up_to_date: bool = False
    least_months: int = 0
    reduces: tuple[str, ...] = ()
    ppm: int = 0
    fixed_cents: int = 0
    cap_cents: int | None = None
    uses: tuple[str, ...] = ()
    localities: tuple[str, ...] = ()
    regime: str = Campaign.Regime.ALL.value
    least_balance_cents: int | None = None
    most_balance_cents: int | None = None
    least_age_days: int | None = None
    most_age_days: int | None = None
    precedence: int = 100
    stacks: bool = False
    council_agreement: str = ""

    def columns(self) -> dict[str, Any]:
        """As the columns of a `Campaign`."""
        found = asdict(self)
        starts_on, last_on = found.pop("starts_on"), found.pop("last_on")
        return {
            **found,
            "code": self.code.strip().upper(),
            "name": self.name.strip(),
            "council_agreement": self.council_agreement.strip(),
            "starts_at": policy.midnight(starts_on),
            "ends_at": policy.midnight(last_on + timedelta(days=1)),
            **{name: found[name] or 0 for name in ("cap_cents", "least_balance_cents", "most_balance_cents")},
            **{name: list(found[name]) for name in ("reduces", "uses", "localities")},
        }


@transaction.atomic
def draft_campaign(*, terms: CampaignTerms, at: datetime, by: str) -> Campaign:
    """Keep a campaign as a draft: it forgives nothing until another person publishes it.

    :raises CannotDraftCampaign: if something it says does not make sense, or its code is taken
    """
    _require_sound(terms)
    try:
        with transaction.atomic():
            campaign = Campaign.objects.create(**terms.columns(), drafted_at=at, drafted_by=by)
    except IntegrityError:
        raise CannotDraftCampaign(
            f"Ya hay una campaña con la clave {terms.code.strip().upper()}.", "Use otra clave.", field="code"
        ) from None
    _record("campaigns.draft", campaign, at, by, before=None)
    return campaign


@transaction.atomic
def change_draft(*, campaign: Campaign, terms: CampaignTerms, at: datetime, by: str) -> Campaign:
    """Change what a draft says. Whoever changed it last is who prepared it.

    :raises CannotDraftCampaign: as `draft_campaign`, or if it was published meanwhile
    """
    _require_sound(terms)
    held = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if held.published_at is not None:
        raise CannotDraftCampaign(
            f"La campaña {held.code} ya está publicada: sus reglas no cambian.",
            "Retírela y prepare otra, si hace falta.",
        )
    if terms.code.strip().upper() != held.code:
        raise CannotDraftCampaign(
            f"La clave es {held.code} y ya no cambia.", "Si quiere otra, prepare otra campaña.", field="code"
        )
    before = told(campaign=held)
    for name, value in terms.columns().items():
        setattr(held, name, value)
    held.drafted_at, held.drafted_by = at, by
    held.save()
    _record("campaigns.change_draft", held, at, by, before=before)
    return held


def _record(act: str, campaign: Campaign, at: datetime, by: str, *, before: Any) -> None:
    audit.record(
        act=act, by=by, at=at, object_kind="campaign", object_id=campaign.code, before=before,
        after=told(campaign=campaign),
    )  # fmt: skip


def _require_sound(terms: CampaignTerms) -> None:
    for is_wrong, what, remedy, field in (
        *_names_and_days(terms),
        *_amounts(terms),
        *_grants(terms),
        *_ranges(terms),
        *_catalogs(terms),
    ):
        if is_wrong:
            raise CannotDraftCampaign(what, remedy, field=field)


_Problem = tuple[bool, str, str, str]


def _names_and_days(terms: CampaignTerms) -> Iterable[_Problem]:
    code = terms.code.strip()
    is_code = bool(code) and len(code) <= 20 and code.replace("-", "").isalnum() and code.isascii()
    yield not is_code, "La clave no sirve.", "Hasta 20 letras, números y guiones: ABRIL-2019.", "code"
    yield not terms.name.strip(), "Falta el nombre.", "Escriba cómo se anuncia.", "name"
    yield (
        terms.last_on < terms.starts_on,
        f"Terminaría el {terms.last_on:%d/%m/%Y}, antes de empezar.",
        "El último día va después del primero, o es el mismo.",
        "last_on",
    )
    days = (terms.last_on - terms.starts_on).days + 1
    yield (
        days > LONGEST_DAYS,
        f"Duraría {days} días.",
        "Una campaña dura cuando más un año; revise las fechas.",
        "last_on",
    )


def _amounts(terms: CampaignTerms) -> Iterable[_Problem]:
    yield (
        not 0 <= terms.ppm <= WHOLE_PPM,
        "El porcentaje va de más de 0 a 100.",
        "Escriba un porcentaje como 75.",
        "percent",
    )
    yield (
        terms.ppm == 0 and terms.fixed_cents == 0,
        "Con 0 % la campaña no perdona nada.",
        "Escriba un porcentaje mayor que cero, o un importe.",
        "percent",
    )
    yield (
        terms.ppm > 0 and terms.fixed_cents > 0,
        "Dice un porcentaje y también un importe.",
        "Deje uno de los dos.",
        "fixed",
    )
    yield (
        not 0 <= terms.fixed_cents <= MAX_CENTS,
        "El importe no es razonable.",
        "Escriba un importe mayor que cero.",
        "fixed",
    )
    yield (
        terms.cap_cents is not None and not 0 < terms.cap_cents <= MAX_CENTS,
        "El tope debe ser mayor que cero.",
        "Escriba un importe, o déjelo en blanco.",
        "cap",
    )


def _grants(terms: CampaignTerms) -> Iterable[_Problem]:
    forgives = terms.on_single_payment or terms.on_arrangement
    yield (
        not (forgives or terms.on_prepayment),
        "No dice con qué se gana.",
        "Elija al menos uno: pago en una exhibición, convenio o pago anticipado.",
        "on_single_payment",
    )
    yield (
        forgives and not terms.reduces,
        "No dice qué reduce.",
        "Elija al menos un concepto; por ejemplo, recargos.",
        "reduces",
    )
    yield (
        terms.on_prepayment and not 1 <= terms.least_months <= WHOLE_YEAR,
        "Falta cuántos meses hay que adelantar.",
        f"Escriba de 1 a {WHOLE_YEAR}.",
        "least_months",
    )
    yield (
        terms.on_prepayment and terms.ppm == 0,
        "El pago anticipado se reduce en porcentaje.",
        "Escriba un porcentaje y deje el importe en blanco.",
        "percent",
    )
    yield (
        not 0 <= terms.precedence <= 32_767,
        "La precedencia va de 0 a 32767.",
        "El número menor va primero.",
        "precedence",
    )


def _ranges(terms: CampaignTerms) -> Iterable[_Problem]:
    for least, most, field in (
        (terms.least_balance_cents, terms.most_balance_cents, "most_balance"),
        (terms.least_age_days, terms.most_age_days, "most_age_days"),
    ):
        yield (
            least is not None and most is not None and most < least,
            "El máximo es menor que el mínimo.",
            "Corríjalo, o deje uno en blanco.",
            field,
        )
        yield (
            any(value is not None and not 0 <= value <= MAX_CENTS for value in (least, most)),
            "No puede ser menor que cero.",
            "Corríjalo, o déjelo en blanco.",
            field,
        )
    yield (
        terms.requires_up_to_date and (terms.least_age_days or 0) > 0,
        "Pide estar al corriente y también deber de tiempo atrás.",
        "Quite uno de los dos.",
        "least_age_days",
    )


def _catalogs(terms: CampaignTerms) -> Iterable[_Problem]:
    concepts = dict(Concept.objects.values_list("code", "kind"))
    reducible = {code for code, kind in concepts.items() if kind != "reduction"} - NEVER_REDUCED
    for field, chosen, known in (
        ("reduces", terms.reduces, reducible),
        ("uses", terms.uses, set(TariffClass.Use.values)),
        ("localities", terms.localities, set(Locality.objects.values_list("code", flat=True))),
        ("regime", (terms.regime,), set(Campaign.Regime.values)),
    ):
        unknown = sorted(set(chosen) - known)
        yield (
            bool(unknown),
            f"No existe «{', '.join(unknown)}», o no se puede elegir.",
            "Elija de la lista.",
            field,
        )
