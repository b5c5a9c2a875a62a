"""What is typed to decide what the utility admits in payment agreements from a day on."""

from typing import Any, Final

from django import forms

from caudal.access.forms import Decided
from caudal.arrangements.models import ArrangementPolicy
from caudal.arrangements.papers import percent
from caudal.kernel.typed import PercentField, PesosField
from caudal.kernel.wording import pesos

YES_OR_NO: Final = (("1", "Sí"), ("", "No"))


def _whole(label: str, **kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "amount"}),
        error_messages={"invalid": "Escriba un número, como 6.", "min_value": "Escriba un número de 1 en adelante."},
        **kwargs,
    )  # fmt: skip


class ArrangementPolicyForm(Decided):
    """All the rules of agreements; each begins as it is today."""

    least_down_ppm = PercentField(label="Pago inicial, cuando menos (% del adeudo)", max_length=12)
    down_payment_days = _whole("Días para pagar el pago inicial", min_value=0, max_value=366)
    most_installments = _whole("Parcialidades, cuando más", min_value=1, max_value=120)
    least_installment_cents = PesosField(label="Parcialidad mínima", max_length=20)
    most_days_to_first = _whole("Días a la primera parcialidad, cuando más", min_value=1, max_value=366)
    most_debt_cents = PesosField(label="Adeudo que firma una sola persona, cuando más", max_length=20)
    another_after_default = forms.TypedChoiceField(
        label="Otro convenio después de incumplir uno, sin aprobación", choices=YES_OR_NO, coerce=bool,
        empty_value=False, required=False,  # type: ignore[arg-type]
    )  # fmt: skip
    missed_to_default = _whole("Parcialidades vencidas que lo rompen", min_value=1, max_value=120)
    current_bill_missed = _whole(
        "Recibos del mes sin pagar que lo rompen", min_value=0, max_value=120, help_text="0: nunca lo rompen."
    )
    surcharges = forms.ChoiceField(
        label="Los recargos, durante el convenio", choices=ArrangementPolicy.Surcharges.choices
    )
    deferral_ppm = PercentField(
        label="Recargo por prórroga al mes (%)", max_length=12, help_text="0 si los recargos se detienen."
    )
    surcharges_resume = forms.ChoiceField(
        label="Si se incumple, los recargos corren", choices=ArrangementPolicy.Resume.choices
    )
    penalty_ppm = PercentField(label="Pena por incumplir (% de lo que falte)", max_length=12)
    penalty_fixed_cents = PesosField(label="Pena fija por incumplir", max_length=20)
    ability_share_ppm = PercentField(label="Parte del ingreso libre que va al convenio (%)", max_length=12)
    dependent_cents = PesosField(label="Se aparta al mes por dependiente", max_length=20)

    def rules(self) -> dict[str, Any]:
        """The rules that were typed, by the name of their column."""
        return {name: self.cleaned_data[name] for name in RULES}


RULES: Final = tuple(name for name in ArrangementPolicyForm.base_fields if name not in Decided.base_fields)


def as_typed(*, policy: ArrangementPolicy) -> dict[str, Any]:
    """A policy as somebody would type it."""
    return {name: _typed(name, getattr(policy, name)) for name in RULES}


def facts(*, policy: ArrangementPolicy) -> tuple[tuple[str, str], ...]:
    """A policy as it is read: each rule with its value."""
    fields = ArrangementPolicyForm.base_fields
    return tuple((str(fields[name].label), _read(name, policy)) for name in RULES)


def _typed(name: str, value: Any) -> Any:
    if name.endswith("_ppm"):
        return percent(value).removesuffix(" %")
    if name.endswith("_cents"):
        return f"{value // 100}.{value % 100:02d}"
    return "1" if value is True else "" if value is False else value


def _read(name: str, policy: ArrangementPolicy) -> str:
    value = getattr(policy, name)
    if isinstance(value, bool):
        return "sí" if value else "no"
    if name in ("surcharges", "surcharges_resume"):
        return str(getattr(policy, f"get_{name}_display")())
    return (
        percent(value) if name.endswith("_ppm") else pesos(value) if name.endswith("_cents") else str(value)
    )
