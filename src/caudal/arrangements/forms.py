"""What is typed to sign an agreement: what the household can pay, the terms, who signs, and another person's yes."""

from typing import Any, Final, Self

from django import forms

from caudal.access import policy as acts
from caudal.access.forms import Approved
from caudal.kernel.typed import TYPED_DATE, PesosField

MOST_DEPENDENTS: Final = 20
SIGNS_AS: Final = (
    ("titular", "Titular"),
    ("representante legal", "Representante legal"),
    ("familiar", "Familiar que vive ahí"),
    ("inquilino", "Inquilino"),
    ("propietario", "Propietario del predio"),
)
NOT_A_NUMBER: Final = "Escriba un número, como 6."


def _number(label: str, **kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "amount"}),
        error_messages={"invalid": NOT_A_NUMBER, "min_value": NOT_A_NUMBER, "max_value": "Es demasiado: revise."},
        **kwargs,
    )  # fmt: skip


class ArrangementForm(Approved):
    """The assistant. Nothing of the ability nor of the terms is required: what is blank is proposed.

    Who approves and their PIN are only asked for when the terms pass what one person may sign.
    """

    first = "income"
    # what the table is made of; the rest is only needed to sign
    TERMS = ("income", "dependents", "expenses", "can_pay", "down_payment", "count", "first_due_on")

    income = PesosField(label="Ingreso del hogar al mes", max_length=20, required=False)
    dependents = _number("Dependientes", min_value=0, max_value=MOST_DEPENDENTS)
    expenses = PesosField(label="Gastos fijos al mes", max_length=20, required=False)
    can_pay = PesosField(label="Dice que puede pagar al mes", max_length=20, required=False)
    down_payment = PesosField(label="Pago inicial", max_length=20, required=False)
    count = _number("Número de parcialidades", min_value=1, max_value=120)
    first_due_on = forms.DateField(
        label="Primera parcialidad",
        required=False,
        input_formats=TYPED_DATE,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": "La fecha no se entiende. Escríbala como 28/02/2019."},
    )
    signer_name = forms.CharField(label="Nombre de quien firma", max_length=200)
    signer_as = forms.ChoiceField(
        label="Firma como",
        choices=SIGNS_AS,
        error_messages={"invalid_choice": "Elija de la lista en calidad de qué firma."},
    )
    signer_document = forms.CharField(label="Se identifica con", max_length=120, required=False)
    reason = forms.CharField(label="Por qué se pide la excepción", max_length=180, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, asked_by: str, **kwargs: Any) -> None:
        super().__init__(*args, act=acts.APPROVE_ARRANGEMENTS, asked_by=asked_by, **kwargs)
        for name in ("approver", "pin"):
            self.fields[name].required = False
        self.fields["pin"].label = "PIN de quien aprueba"
        for name in ("down_payment", "count", "first_due_on"):
            self.fields[name].widget.attrs["placeholder"] = "se calcula"

    def with_slider(self, *, most: int, usual: int) -> Self:
        """The form with what a slider of the number of payments has to know."""
        self.fields["count"].widget.attrs |= {"data-most": str(most), "data-usual": str(usual)}
        return self

    def terms_typed(self) -> dict[str, Any]:
        """What was typed well of the terms and of the ability, also while the rest is still missing."""
        if not self.is_bound:
            return dict.fromkeys(self.TERMS)
        self.is_valid()
        return {name: self.cleaned_data.get(name) for name in self.TERMS}

    def terms_problems(self) -> list[str]:
        """What is wrong in the terms or in the ability, in words."""
        return [str(error) for name in self.TERMS for error in self.errors.get(name, [])]

    def ask_for_approval(self) -> None:
        """Say what is missing of the approval, once it is known to be needed."""
        if not self.cleaned_data.get("reason"):
            self.add_error("reason", "Escriba por qué se pide la excepción.")
        if not self.cleaned_data.get("approver"):
            self.add_error("approver", "Elija quién lo aprueba.")
        if not self.cleaned_data.get("pin"):
            self.add_error("pin", "Falta el PIN de quien aprueba.")


class ReasonForm(forms.Form):
    """Why an agreement ends before it is paid."""

    reason = forms.CharField(max_length=180, required=False)
