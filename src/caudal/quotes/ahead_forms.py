"""What is typed about months paid ahead: how many, and why those left will not be used."""

from django import forms

from caudal.kernel.typed import Typed
from caudal.quotes import policy

_ANSWER = f"Elija de 1 a {policy.MOST_MONTHS_AHEAD}."


class MonthsForm(Typed):
    """How many months to quote."""

    months = forms.IntegerField(
        label="Meses por adelantado",
        min_value=1,
        max_value=policy.MOST_MONTHS_AHEAD,
        error_messages={
            "invalid": "Escriba un número, como 12.",
            "min_value": _ANSWER,
            "max_value": _ANSWER,
        },
    )


class EndingForm(Typed):
    """Why the months that wait for their bill will not be used."""

    reason = forms.CharField(label="Motivo", max_length=180)
