"""What is typed about a report: at the desk, and by anybody from a telephone."""

import re
from typing import Any, Final

from django import forms

from caudal.cases.models import Case, CaseType, ClaimResolution
from caudal.fieldwork.models import FieldOrder
from caudal.kernel.pictures import MOST_SENT_BYTES
from caudal.kernel.typed import Typed

_COORDINATES: Final = re.compile(r"^\s*(-?\d{1,2}(?:\.\d+)?)[,;\s]+(-?\d{1,3}(?:\.\d+)?)\s*$")
_PHONE: Final = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel", "class": "number"})


def read_place(text: str) -> tuple[int, int] | None:
    """`20.280000, -102.550000` → millionths of a degree."""
    found = _COORDINATES.match(text)
    return (_e6(found[1]), _e6(found[2])) if found else None


def _e6(degrees: str) -> int:
    whole, _, part = degrees.removeprefix("-").partition(".")
    value = int(whole) * 1_000_000 + int((part + "000000")[:6])
    return -value if degrees.startswith("-") else value


def _photo(label: str) -> forms.FileField:
    return forms.FileField(
        label=label, required=False, widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"empty": "La foto está vacía. Tómela otra vez."},
    )  # fmt: skip


class _WithPlace(Typed):
    def place(self) -> tuple[int, int] | None:
        """Where it was marked, if it was."""
        return read_place(self.cleaned_data.get("coordinates", ""))

    def photos(self) -> list[bytes]:
        """The picture that was sent, if one was."""
        sent = self.cleaned_data.get("photo")
        return [sent.read(MOST_SENT_BYTES + 1)] if sent else []


class CaseForm(_WithPlace):
    """A report taken by a clerk, from the keyboard, in the order people tell it. `key` makes two Enters one report."""

    first = "type"

    key = forms.UUIDField(widget=forms.HiddenInput)
    type = forms.ChoiceField(label="Qué reporta")
    description = forms.CharField(
        label="Qué pasa", max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    account = forms.CharField(
        label="Cuenta", max_length=20, required=False, widget=forms.TextInput(attrs={"class": "number"}),
        help_text="Con ella el lugar se llena solo.",
    )  # fmt: skip
    address = forms.CharField(
        label="Lugar", max_length=200, required=False, help_text="Calle, número y una referencia."
    )
    coordinates = forms.CharField(
        label="Punto en el mapa", max_length=40, required=False, help_text="Latitud y longitud, como 20.2800, -102.5500.",
        widget=forms.TextInput(attrs={"class": "number"}),
    )  # fmt: skip
    phone = forms.CharField(
        label="Teléfono de quien reporta", max_length=20, required=False, widget=_PHONE,
        help_text="Ahí se le avisa de cada cambio.",
    )  # fmt: skip
    channel = forms.ChoiceField(label="Por dónde llegó", initial=Case.Channel.WINDOW)
    claimed_periods = forms.MultipleChoiceField(
        label="Meses que reclama", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="De estos meses no se requiere ni se corta mientras se resuelve. Sin marcar ninguno, son todos.",
    )  # fmt: skip
    photo = _photo("Foto")

    def __init__(self, *args: Any, periods: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: dict[str, list[tuple[str, str]]] = {}
        for each in CaseType.objects.filter(is_active=True).order_by("sequence"):
            groups.setdefault(each.get_group_display().capitalize(), []).append((each.code, each.name))
        _choices(self, "type", [("", "Elija…"), *groups.items()])
        _choices(self, "channel", [
            (value, str(label).capitalize()) for value, label in Case.Channel.choices
            if value not in (Case.Channel.WEB, Case.Channel.SYSTEM)
        ])  # fmt: skip
        _choices(self, "claimed_periods", periods)

    def clean_coordinates(self) -> str:
        typed: str = self.cleaned_data["coordinates"]
        if typed.strip() and read_place(typed) is None:
            raise forms.ValidationError(
                "No se entiende. Escríbalo como 20.2800, -102.5500, o déjelo en blanco."
            )
        return typed


class PublicCaseForm(_WithPlace):
    """What anybody may report: four things, and only two of them needed."""

    first = "type"

    key = forms.UUIDField(widget=forms.HiddenInput)
    coordinates = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-coordinates": ""}))
    type = forms.ChoiceField(
        label="¿Qué pasa?", widget=forms.RadioSelect, error_messages={"invalid_choice": "Elija qué pasa."}
    )
    address = forms.CharField(
        label="¿Dónde?", max_length=200, help_text="Calle, número o esquina, colonia y algo que ayude a encontrarlo.",
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "street-address"}),
    )  # fmt: skip
    photo = _photo("Foto (si puede)")
    phone = forms.CharField(
        label="Su teléfono (si quiere que le avisemos)", max_length=20, required=False, widget=_PHONE,
        help_text="10 dígitos. Solo lo usamos para este reporte.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, missing in (
            ("type", "Elija qué pasa."),
            ("address", "Escriba dónde es: calle, esquina y colonia."),
        ):
            self.fields[name].error_messages["required"] = missing
        public = CaseType.objects.filter(is_active=True, is_public=True).order_by("sequence")
        _choices(self, "type", [(each.code, each.name) for each in public])


class OrderForm(Typed):
    """The work that a report needs."""

    kind = forms.ChoiceField(label="Trabajo")
    instructions = forms.CharField(
        label="Indicaciones", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Las lee la cuadrilla en su teléfono: sin nombres ni números de teléfono.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = {"disconnection", "restriction", "reconnection"}  # those are ordered where they are checked
        _choices(
            self, "kind", [(v, str(n).capitalize()) for v, n in FieldOrder.Kind.choices if v not in mine]
        )


class TextForm(Typed):
    """A text: an answer, a note, how it was resolved."""

    text = forms.CharField(
        label="Texto", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class ResolutionForm(TextForm):
    """How it was resolved; and whether the claim holds, when an amount is claimed."""

    decision = forms.ChoiceField(
        label="La aclaración", required=False, choices=[("", "Elija…"), *(
            (value, str(name).capitalize()) for value, name in ClaimResolution.Decision.choices
        )],
    )  # fmt: skip


def _choices(form: forms.Form, name: str, choices: list[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
