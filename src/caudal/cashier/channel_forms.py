"""What is typed about a channel: its contract, the file that it sent, whose a movement was, why."""

import re
from typing import Any, Final

from django import forms

from caudal.cashier.channels import examples, layout
from caudal.cashier.models import TenderKind
from caudal.kernel.typed import Typed
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


# what an address of ours says after /canales/: no channel may be called so
RESERVED: Final = frozenset({"nuevo"})
EXAMPLES: Final = {
    "spei": "Transferencias a una CLABE por cuenta", "oxxo": "Tienda que lee un código de barras",
    "bbva-cie": "Depósitos referenciados de un banco", "plain": "Otra oficina, por número de cuenta",
}  # fmt: skip


class ChannelForm(Typed):
    """A channel to put to use: who it is, its series, and how its contract writes references and files."""

    first = "name"
    name = forms.CharField(
        label="Nombre", max_length=80, help_text="El del banco o la tienda: Banco del Bajío."
    )
    code = forms.CharField(
        label="Clave",
        max_length=20,
        help_text="Letras minúsculas, números o guiones: bajio. No cambia después.",
    )
    series = forms.CharField(
        label="Serie de comprobantes", max_length=8, help_text="Propia del canal y para siempre: BJ."
    )
    tender = forms.ChoiceField(
        label="Cómo llega el dinero", choices=TenderKind.choices, initial=TenderKind.TRANSFER.value,
        help_text="Con esta forma de pago salen sus comprobantes.",
    )  # fmt: skip
    layout = forms.CharField(
        label="Descripción del contrato", strip=False,
        help_text="Cómo escribe sus referencias y sus archivos. Lo que sigue a # es una explicación.",
        widget=forms.Textarea(attrs={"rows": 22, "spellcheck": "false", "class": "contract", "wrap": "off"}),
    )  # fmt: skip

    def clean_code(self) -> str:
        """The code, if no address of ours is called so."""
        code = str(self.cleaned_data["code"])
        if code in RESERVED:
            raise forms.ValidationError(f"La clave «{code}» no se puede usar. Elija otra.")
        return code

    def clean_series(self) -> str:
        """The series as its folios will say it."""
        series = str(self.cleaned_data["series"]).upper()
        if not re.fullmatch(r"[A-Z0-9]{1,8}", series):
            raise forms.ValidationError("La serie no sirve. Use de 1 a 8 letras o números.")
        return series

    def clean_layout(self) -> dict[str, Any]:
        """The description as the channel keeps it."""
        try:
            return dict(layout.from_toml(text=self.cleaned_data["layout"]).document)
        except layout.CannotDescribeChannel as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


def example(*, name: str) -> str:
    """The text of an example to start from; of the first if it is none of ours."""
    return examples.text(name=name if name in EXAMPLES else next(iter(EXAMPLES)))
