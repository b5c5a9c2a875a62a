"""What is typed about a till: pieces counted one denomination a line, amounts in pesos, another person's PIN."""

from typing import Any, Final

from django import forms
from django.forms import BoundField

from caudal.access.forms import Approved
from caudal.cashier import policy
from caudal.cashier.models import TenderKind, Till
from caudal.kernel.typed import TYPED_DATE as TYPED_DATE
from caudal.kernel.typed import PesosField as PesosField
from caudal.kernel.typed import Typed
from caudal.kernel.wording import thousands

# field → centavos, in the order in which a drawer is counted: $20 is a note and a coin; the last two are rare
PIECES: Final = {
    **{f"note_{cents}": cents for cents in policy.NOTES},
    **{f"coin_{cents}": cents for cents in (*policy.COINS, 20, 10)},
}
OTHERS: Final = {kind.value: kind.label for kind in TenderKind if kind != TenderKind.CASH}
DECLARED: Final = {
    "card": "Vouchers de tarjeta", "check": "Cheques", "transfer": "Transferencias y depósitos",
}  # fmt: skip


def in_words(cents: int, /) -> str:
    """The name of a piece, which is no amount of anybody: `1,000 pesos`, `1 peso`, `50 centavos`."""
    if cents < 100:
        return f"{cents} centavos"
    return f"{thousands(cents // 100)} {'peso' if cents == 100 else 'pesos'}"


class PiecesForm(Typed):
    """Cash counted piece by piece; a denomination left blank has none."""

    first = next(iter(PIECES))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, cents in PIECES.items():
            self.fields[name] = forms.IntegerField(
                label=in_words(cents),  # of notes or of coins: its group says so
                required=False,
                min_value=0,
                max_value=policy.MOST_PIECES,
                widget=forms.TextInput(
                    attrs={"inputmode": "numeric", "autocomplete": "off", "data-cents": str(cents)}
                ),
                error_messages={
                    "invalid": "Escriba cuántas piezas hay, en números.",
                    "min_value": "Escriba cuántas piezas hay, en números.",
                    "max_value": "Son demasiadas piezas: revise el número.",
                },
            )

    @property
    def notes(self) -> list[BoundField]:
        return [self[name] for name in PIECES if name.startswith("note")]

    @property
    def coins(self) -> list[BoundField]:
        return [self[name] for name in PIECES if name.startswith("coin")]

    @property
    def others(self) -> list[BoundField]:
        """Declared totals of other tenders, where they are asked."""
        return [self[name] for name in OTHERS if name in self.fields]

    def pieces(self) -> dict[str, int]:
        """Denomination in centavos → how many: notes and coins of one value together."""
        counted: dict[str, int] = {}
        for name, cents in PIECES.items():
            if n := self.cleaned_data.get(name):
                counted[str(cents)] = counted.get(str(cents), 0) + n
        return counted


class OpeningForm(PiecesForm):
    """Which till, and the float it begins with."""

    till = forms.ModelChoiceField(Till.objects.none(), label="Caja", empty_label=None)

    def __init__(self, *args: Any, tills: list[Till], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["till"].queryset = Till.objects.filter(pk__in=[each.pk for each in tills])  # type: ignore[attr-defined]
        self.fields["till"].error_messages["invalid_choice"] = "Elija una caja de la lista."


class CountForm(PiecesForm):
    """The blind count: the cash piece by piece, and what the papers of each other tender add up to."""

    reason = forms.CharField(label="Por qué lo cuenta otra persona", max_length=200, required=False)

    def __init__(self, *args: Any, is_own: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_own:
            del self.fields["reason"]
        for kind, label in DECLARED.items():
            self.fields[kind] = PesosField(label=label, required=False, may_be_negative=True)

    def others_cents(self) -> dict[str, int]:
        """Centavos declared of each other kind of tender."""
        return {kind: self.cleaned_data.get(kind) or 0 for kind in OTHERS}


class WithdrawalForm(PiecesForm, Approved):
    """How much cash leaves the drawer, and who receives it. `key` makes two clicks one withdrawal."""

    first = "amount"
    key = forms.UUIDField(widget=forms.HiddenInput)
    amount = PesosField(label="Importe del retiro")
    field_order = ("key", "amount", "approver", "pin")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["approver"].label = "Recibe"
        self.fields["amount"].error_messages["required"] = "Escriba cuánto efectivo entrega."


class ClosingForm(Approved):
    """Closing at the cashier's own screen: whoever supervises, with their PIN, and a note if they want."""

    first = "pin"
    note = forms.CharField(label="Nota", max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["approver"].label = "Cierra"


class NoteForm(Typed):
    """Closing from the supervisor's own page: what is known of the differences."""

    note = forms.CharField(label="Nota", max_length=300, required=False)


class CancellationForm(Approved):
    """Which receipt, why, and who says yes."""

    first = "folio"
    field_order = ("folio", "reason", "detail", "approver", "pin")
    folio = forms.CharField(label="Folio del comprobante", max_length=30)
    reason = forms.ChoiceField(
        label="Motivo",
        choices=[(code, f"{code}  {words}") for code, words in policy.CANCELLATION_REASONS.items()],
        error_messages={"invalid_choice": "Elija un motivo de la lista, del 1 al 5."},
    )
    detail = forms.CharField(
        label="Qué pasó", max_length=150, required=False, help_text="Hace falta con el motivo 5."
    )


class TextForm(Typed):
    """A dispute, or its answer."""

    text = forms.CharField(label="Aclaración", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class ReasonForm(Typed):
    """Why somebody else begins the count of a session."""

    first = "reason"
    reason = forms.CharField(label="Por qué lo hace usted", max_length=200)


class TillForm(Typed):
    """A till: its name, printer and limit; its code and series only when it is put to use."""

    code = forms.CharField(label="Clave", max_length=8, help_text="Hasta 8 letras mayúsculas o números: 2.")
    name = forms.CharField(label="Nombre", max_length=80, help_text="Como le dicen: Caja 2.")
    series = forms.CharField(
        label="Serie de comprobantes", max_length=8, help_text="Propia de la caja y para siempre: B."
    )
    printer = forms.CharField(
        label="Impresora",
        max_length=80,
        required=False,
        help_text="192.168.1.50:9100; en blanco, se imprime desde la página.",
    )
    cash_limit = PesosField(
        label="Tope de efectivo",
        required=False,
        help_text="Con más que esto se pide un retiro; en blanco, sin tope.",
    )
    shows_expected = forms.BooleanField(
        label="El cajero ve el efectivo esperado antes de contar", required=False
    )

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first = "code" if is_new else "name"
        if not is_new:
            del self.fields["code"], self.fields["series"]

    def said(self) -> dict[str, Any]:
        """What the command takes."""
        typed = dict(self.cleaned_data)
        limit = typed.pop("cash_limit") or 0
        return {**typed, "cash_limit_cents": limit}


class DepositForm(Typed):
    """Which closings go to the bank, when, to which account, with which reference."""

    first = "reference"
    closings = forms.TypedMultipleChoiceField(
        label="Cortes", coerce=int, widget=forms.CheckboxSelectMultiple, required=False
    )
    bank_account = forms.CharField(label="Cuenta bancaria", max_length=40)
    reference = forms.CharField(
        label="Referencia del banco", max_length=60, help_text="La que dice la ficha o el comprobante."
    )
    on = forms.DateField(
        label="Fecha del depósito",
        input_formats=TYPED_DATE,
        widget=forms.DateInput(attrs={"inputmode": "numeric"}, format="%d/%m/%Y"),
        error_messages={"invalid": "Escriba la fecha como 31/01/2019."},
    )

    def __init__(self, *args: Any, closings: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["closings"].choices = closings  # type: ignore[attr-defined]
        self.fields["closings"].error_messages["invalid_choice"] = "Elija cortes de la lista."


class RangeForm(Typed):
    """From which day to which."""

    since = forms.DateField(label="Del", input_formats=TYPED_DATE, required=False)
    until = forms.DateField(label="Al", input_formats=TYPED_DATE, required=False)
