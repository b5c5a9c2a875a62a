"""The forms of a billing run: opened, thrown away, taken to its doors."""

from datetime import date
from typing import Any

from django import forms

from caudal.kernel.typed import TYPED_DATE
from caudal.kernel.wording import month_name
from caudal.registry.models import BillingCycle
from caudal.rules.periods import Period


def _day() -> forms.DateInput:
    """A box to type a date in: the browser's own would show month/day to whoever has it in English."""
    return forms.DateInput(attrs={"inputmode": "numeric", "autocomplete": "off"}, format="%d/%m/%Y")


class OpenRunForm(forms.Form):
    """Cycle, period and dates; what a clerk typed comes back with the error beside it."""

    cycle = forms.ModelChoiceField(BillingCycle.objects.order_by("code"), label="Ciclo", empty_label=None)
    period = forms.TypedChoiceField(label="Periodo", coerce=int)
    issued_on = forms.DateField(
        label="Fecha de emisión",
        help_text="Día, mes y año: 31/01/2019.",
        input_formats=TYPED_DATE,
        widget=_day(),
    )
    due_on = forms.DateField(
        label="Vencimiento",
        required=False,
        help_text="Si lo deja en blanco, se usa el plazo del libro de tarifas.",
        input_formats=TYPED_DATE,
        widget=_day(),
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.use_required_attribute = False
        newest = Period.of(on).next()
        self.fields["period"].choices = [  # type: ignore[attr-defined]
            (int(newest.shift(-n)), month_name(newest.shift(-n))) for n in range(15)
        ]
        for field in self.fields.values():
            field.error_messages["required"] = f"Falta {field.label.lower() if field.label else 'el dato'}."
            field.error_messages["invalid"] = "Escriba la fecha como 31/01/2019."
            field.error_messages["invalid_choice"] = f"Elija un {str(field.label).lower()} de la lista."


class DiscardForm(forms.Form):
    """Why a run is thrown away."""

    reason = forms.CharField(
        label="Motivo", max_length=200, error_messages={"required": "Escriba por qué se descarta."}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.use_required_attribute = False


class DeliveryDayForm(forms.Form):
    """Which day bills are taken to their doors."""

    on = forms.DateField(
        label="Día",
        help_text="Día, mes y año: 31/01/2019.",
        input_formats=TYPED_DATE,
        widget=_day(),
        error_messages={"required": "Falta el día.", "invalid": "Escriba la fecha como 31/01/2019."},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = self.fields["on"].initial = today
        self.label_suffix = ""
        self.use_required_attribute = False

    def clean_on(self) -> date:
        """Nobody walks yesterday."""
        on: date = self.cleaned_data["on"]
        if on < self.today:
            raise forms.ValidationError("Ese día ya pasó. Escriba hoy u otro día.")
        return on
