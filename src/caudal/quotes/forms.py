"""What may be asked of a quote: in how many payments, and how much of it first."""

from django import forms

from caudal.quotes import policy


class QuoteForm(forms.Form):
    count = forms.IntegerField(
        label="Pagos mensuales",
        min_value=1,
        max_value=policy.MOST_PAYMENTS,
        error_messages={
            "required": "Escriba en cuántos pagos.",
            "invalid": "Escriba un número, como 6.",
            "min_value": "Elija de 1 a 24 pagos.",
            "max_value": "Elija de 1 a 24 pagos.",
        },
    )
    down = forms.IntegerField(
        label="Primer pago, % de la deuda",
        min_value=0,
        max_value=90,
        error_messages={
            "required": "Escriba qué parte se paga hoy.",
            "invalid": "Escriba un número, como 30.",
            "min_value": "Elija de 0 a 90.",
            "max_value": "Elija de 0 a 90.",
        },
    )
    use_required_attribute = False
