"""What people type on a page of ours: amounts in pesos, dates as they are written, forms that speak Spanish."""

import re
from typing import Any, Final, Self

from django import forms

from caudal.kernel.wording import parse_degrees, parse_pesos

_NORTH_POLE: Final = 90_000_000
_PERCENT: Final = re.compile(r"(\d{1,5})(?:\.(\d{1,4}))?\s*%?")
TYPED_DATE: Final = ("%d/%m/%Y", "%d-%m-%Y", "%d/%m/%y", "%d-%m-%y", "%d%m%y", "%d%m%Y", "%Y-%m-%d")


class PesosField(forms.CharField):
    """An amount in pesos, as people type it; centavos come out. Nothing typed is nothing, or zero if it may be."""

    def __init__(self, *, may_be_negative: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.may_be_negative = may_be_negative
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off", "class": "amount"}

    def clean(self, value: Any) -> int | None:
        """The centavos of what was typed."""
        text = super().clean(value).strip()
        if not text:
            return None
        sign = -1 if self.may_be_negative and text[0] in "-−" else 1
        cents = parse_pesos(text[1:] if sign < 0 else text)
        if cents is None:
            raise forms.ValidationError("El importe no se entiende. Escríbalo como 1250.50.")
        return sign * cents


class PercentField(forms.CharField):
    """A percentage as people type it: `75`, `7.5 %`; parts of a million come out, 0 if nothing is typed."""

    def clean(self, value: Any) -> int:
        """The parts of a million of what was typed."""
        text = super().clean(value).strip()
        if not text:
            return 0
        match = _PERCENT.fullmatch(text)
        if match is None:
            raise forms.ValidationError("El porcentaje no se entiende. Escríbalo como 75 o 7.5.")
        return int(match[1]) * 10_000 + int((match[2] or "").ljust(4, "0"))


class PlaceField(forms.CharField):
    """`20.2812, -102.5498` as maps and phones write it; latitude and longitude in millionths come out, or nothing."""

    def clean(self, value: Any) -> tuple[int, int] | None:
        """The place of what was typed."""
        text = super().clean(value).strip()
        if not text:
            return None
        place = [parse_degrees(part) for part in text.split(",")]
        match place:
            case [int(latitude), int(longitude)] if (
                abs(latitude) <= _NORTH_POLE and abs(longitude) <= 2 * _NORTH_POLE
            ):
                return latitude, longitude
        raise forms.ValidationError("El lugar no se entiende. Escríbalo como 20.2812, -102.5498.")


class Typed(forms.Form):
    """A form of ours: no colon after a label, no bubbles of the browser, its errors in its own words."""

    # the field that has the cursor when the page opens
    first = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.use_required_attribute = False
        for field in self.fields.values():
            field.error_messages["required"] = f"Falta: {str(field.label).lower()}."
            field.widget.attrs.setdefault("autocomplete", "off")

    def with_focus(self) -> Self:
        """The form with the cursor in the first field that is wrong, or in its first one."""
        wrong = next((name for name in self.fields if name in self.errors), self.first)
        if wrong:
            self.fields[wrong].widget.attrs["autofocus"] = True
        return self
