"""What is typed: a target and from when, and the volume produced in a month."""

import re
from typing import Any, Final

from django import forms

from caudal.kernel.wording import parse_pesos
from caudal.reports.targets import COLLECTED
from caudal.rules.bounds import OutOfBounds
from caudal.rules.periods import Period

_MONTH: Final = {"type": "month"}
_NUMBER: Final = {"inputmode": "decimal", "autocomplete": "off"}
_SHARE: Final = re.compile(r"(\d{1,4})(?:\.(\d))?\s*%?")
BY_THOUSAND: Final = "claims"


def read_amount(*, indicator: str, text: str) -> int | None:
    """Centavos of pesos for money, parts per million of anything else; None if it is not an amount written so."""
    if indicator == COLLECTED:
        return parse_pesos(text)
    match = _SHARE.fullmatch(text.strip())
    if match is None:
        return None
    return (int(match[1]) * 10 + int(match[2] or 0)) * (100 if indicator == BY_THOUSAND else 1_000)


class MonthField(forms.CharField):
    """A month written 2019-01 or 201901; its value is the period."""

    def clean(self, value: Any) -> int:
        text = str(super().clean(value)).strip().replace("-", "")
        try:
            return int(Period(int(text)))
        except (ValueError, OutOfBounds):
            raise forms.ValidationError("Escriba el mes así: 2019-01.") from None


class TargetForm(forms.Form):
    """A target. Money is read as pesos; a share as a percent with one decimal; claims as so many in a thousand."""

    indicator = forms.ChoiceField(label="De qué")
    period = MonthField(label="Desde el mes", widget=forms.TextInput(attrs=_MONTH))
    amount = forms.CharField(
        label="Meta", help_text="Pesos si es de lo cobrado; por ciento si es un indicador (por mil en reclamaciones).",
        max_length=20, widget=forms.TextInput(attrs=_NUMBER),
    )  # fmt: skip
    reason = forms.CharField(label="Por qué", max_length=200)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["indicator"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        self.value = 0

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        text, indicator = str(cleaned.get("amount", "")).strip(), str(cleaned.get("indicator", ""))
        if not text or not indicator:
            return cleaned
        value = read_amount(indicator=indicator.partition(":")[0], text=text)
        if value is None:
            self.add_error("amount", "No es una cantidad. Escriba por ejemplo 350,000.00 o 72.5.")
        else:
            self.value = value
        return cleaned


class VolumeForm(forms.Form):
    """The m³ of a month and where they come from."""

    period = MonthField(label="Mes", widget=forms.TextInput(attrs=_MONTH))
    volume_m3 = forms.IntegerField(
        label="m³ producidos",
        localize=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    source = forms.CharField(
        label="De dónde sale",
        max_length=200,
        help_text="Macromedidores de los pozos, horas de bombeo por gasto…",
    )
