"""What is typed to prepare a campaign, and to publish or withdraw it."""

from typing import Any, Final

from django import forms
from django.utils.timezone import localtime

from caudal.access.forms import Approved
from caudal.campaigns import policy
from caudal.campaigns.commands import CampaignTerms
from caudal.campaigns.models import Campaign
from caudal.campaigns.planning import NEVER_REDUCED
from caudal.kernel.typed import TYPED_DATE, PercentField, PesosField, Typed
from caudal.kernel.wording import in_reading_case
from caudal.ledger.models import Concept
from caudal.registry.models import Locality, TariffClass
from caudal.tariffs.queries import ppm_text

_AMOUNTS: Final = ("fixed", "cap", "least_balance", "most_balance")


def _several(label: str, **kwargs: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Elija de la lista."},
        **kwargs,
    )


def _whole(label: str, **kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=32_767,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": "Escriba un número entero.",
            "min_value": "No puede ser menor que cero.",
            "max_value": "Es demasiado grande.",
        },
        **kwargs,
    )


def _day(label: str, **kwargs: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        input_formats=TYPED_DATE,
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"inputmode": "numeric"}),
        error_messages={"invalid": "La fecha no se entiende. Escríbala como 31/12/2019."},
        **kwargs,
    )


class CampaignForm(Typed):
    """A campaign, field by field as it is told."""

    first = "name"

    name = forms.CharField(label="Nombre", max_length=120, help_text="Como se anuncia.")
    code = forms.CharField(
        label="Clave", max_length=20, help_text="Corta; sale en los comprobantes: ABRIL-2019."
    )
    starts_on = _day("Primer día")
    last_on = _day("Último día", help_text="Vale hasta las 24 horas de ese día.")
    council_agreement = forms.CharField(
        label="Acuerdo del consejo",
        max_length=80,
        required=False,
        help_text="Su número. Sin él no se publica.",
    )
    on_single_payment = forms.BooleanField(label="Pago en una sola exhibición", required=False)
    on_arrangement = forms.BooleanField(label="Convenio de pago", required=False)
    on_prepayment = forms.BooleanField(label="Pago por adelantado", required=False)
    least_months = _whole("Meses por adelantado, al menos")
    requires_up_to_date = forms.BooleanField(label="Solo a quien está al corriente", required=False)
    reduces = _several("Qué reduce")
    percent = PercentField(label="Porcentaje", required=False, max_length=12)
    fixed = PesosField(label="O importe por cuenta", required=False)
    cap = PesosField(label="Tope por cuenta", required=False, help_text="En blanco, sin tope.")
    uses = _several("Usos")
    localities = _several("Localidades")
    regime = forms.ChoiceField(label="Servicio", choices=Campaign.Regime.choices)
    least_balance = PesosField(label="Adeudo mínimo", required=False)
    most_balance = PesosField(label="Adeudo máximo", required=False)
    least_age_days = _whole("Días vencidos, al menos")
    most_age_days = _whole("Días vencidos, cuando más")
    precedence = _whole("Precedencia", help_text="Si empata con otra, va primero el número menor.")
    stacks = forms.BooleanField(label="Se suma a otras campañas", required=False)

    def __init__(self, *args: Any, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        concepts = Concept.objects.exclude(kind="reduction").exclude(code__in=NEVER_REDUCED).order_by("id")
        self._choose("reduces", [(each.code, each.name) for each in concepts])
        self._choose("uses", [(use, str(name).capitalize()) for use, name in TariffClass.Use.choices])
        places = Locality.objects.order_by("name")
        self._choose("localities", [(each.code, in_reading_case(each.name)) for each in places])
        self._choose("regime", [(regime, str(name).capitalize()) for regime, name in Campaign.Regime.choices])
        if not is_new:
            self.fields["code"].widget.attrs["readonly"] = True

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def terms(self) -> CampaignTerms:
        """What the command takes."""
        typed = dict(self.cleaned_data)
        amounts = {f"{name}_cents": typed.pop(name) for name in _AMOUNTS}
        ppm = typed.pop("percent")
        for name in ("reduces", "uses", "localities"):
            typed[name] = tuple(typed[name])
        typed["least_months"] = typed["least_months"] or 0
        typed["precedence"] = 100 if typed["precedence"] is None else typed["precedence"]
        return CampaignTerms(**typed, **{**amounts, "fixed_cents": amounts["fixed_cents"] or 0}, ppm=ppm)


def of_campaign(*, campaign: Campaign) -> dict[str, Any]:
    """What a draft says, as the form shows it."""
    names = (
        "code", "name", "council_agreement", "on_single_payment", "on_arrangement", "on_prepayment",
        "requires_up_to_date", "reduces", "uses", "localities", "regime", "least_age_days", "most_age_days",
        "precedence", "stacks",
    )  # fmt: skip
    return {
        **{name: getattr(campaign, name) for name in names},
        "starts_on": localtime(campaign.starts_at).date(),
        "last_on": policy.last_day(campaign),
        "least_months": campaign.least_months or None,
        "percent": ppm_text(campaign.ppm).removesuffix(" %") if campaign.ppm else "",
        "fixed": _plain(campaign.fixed_cents or None),
        "cap": _plain(campaign.cap_cents or None),
        "least_balance": _plain(campaign.least_balance_cents or None),
        "most_balance": _plain(campaign.most_balance_cents or None),
    }


def _plain(cents: int | None) -> str:
    return "" if cents is None else f"{cents // 100}.{cents % 100:02d}"


class PublicationForm(Approved):
    """The yes of another person, standing here, and why."""

    reason = forms.CharField(
        label="Motivo",
        max_length=150,
        required=False,
        help_text="Por ejemplo, la sesión en que se acordó.",
    )


class ReportForm(Typed):
    """Between which days, and of which rule."""

    since = _day("Desde", required=False)
    until = _day("Hasta", required=False)
    rule = forms.CharField(label="Campaña", max_length=60, required=False)
