"""What is typed about a channel: the file that it sent, whose a movement was, why."""

from typing import Any

from django import forms

from caudal.registry import queries as registry
from caudal.registry.models import Account


class SettlementForm(forms.Form):
    """A file of a channel."""

    file = forms.FileField(label="Archivo del canal", error_messages={
        "required": "Elija el archivo que mandó el canal.",
        "empty": "El archivo está vacío. Descárguelo otra vez.",
    })  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.use_required_attribute = False


class ReasonForm(forms.Form):
    """Why something is decided."""

    reason = forms.CharField(
        label="Motivo", max_length=200, error_messages={"required": "Falta el motivo. Diga cómo se supo."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.use_required_attribute = False


class IdentificationForm(ReasonForm):
    """Whose a movement was."""

    field_order = ("account", "reason")
    account = forms.CharField(
        label="Cuenta", max_length=20, error_messages={"required": "Falta la cuenta."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )  # fmt: skip

    def clean_account(self) -> Account:
        """The account of the number typed."""
        try:
            return registry.account_by_number(number=self.cleaned_data["account"].strip())
        except registry.AccountNotFound as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
