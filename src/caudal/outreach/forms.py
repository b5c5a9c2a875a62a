"""What is typed to plan an action, to write down what was done, and to void it."""

from typing import Any

from django import forms

from caudal.kernel.wording import parse_pesos
from caudal.outreach import commands, policy
from caudal.outreach.models import Channel, OutreachAction

_FIGURE = {"autocomplete": "off", "inputmode": "decimal"}


class PesosField(forms.CharField):
    """An amount typed in pesos; centavos come out, and nothing typed is zero."""

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value) or "").strip()
        negative = text.startswith(("-", "\N{MINUS SIGN}"))
        cents = parse_pesos(text.lstrip("-\N{MINUS SIGN}") or "0")
        if cents is None:
            raise forms.ValidationError("No se entiende el importe. Escríbalo como 1250 o 1,250.50.")
        return -cents if negative else cents


class DayField(forms.DateField):
    """A day, with the calendar of the telephone; also typed as 31/01/2019."""

    def __init__(self, *, label: str, missing: str) -> None:
        super().__init__(
            label=label,
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            input_formats=["%Y-%m-%d", "%d/%m/%Y"],
            error_messages={
                "required": missing,
                "invalid": "No se entiende la fecha. Escríbala como 31/01/2019.",
            },
        )


class _Form(forms.Form):
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""


class PlanForm(_Form):
    """Something planned to announce a campaign."""

    channel = forms.ChoiceField(
        label="Canal",
        choices=[
            ("", "Elija el canal"),
            *((value, str(name).capitalize()) for value, name in Channel.choices),
        ],
        error_messages={"required": "Elija el canal.", "invalid_choice": "Elija un canal de la lista."},
    )
    title = forms.CharField(
        label="Qué se hará", max_length=120, help_text="Como se dirá en la bitácora: spot de 30 segundos.",
        error_messages={"required": "Escriba qué se hará.", "max_length": "Escríbalo en menos de 120 letras."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    place = forms.CharField(
        label="Dónde", max_length=200, required=False,
        help_text="Estación y horario, página, colonias del recorrido o punto del cartelón.",
        error_messages={"max_length": "Escríbalo en menos de 200 letras."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    planned_from = DayField(label="Desde", missing="Falta desde qué día.")
    planned_to = DayField(label="Hasta", missing="Falta hasta qué día.")
    cost = PesosField(
        label="Costo previsto", required=False, help_text="En pesos. En blanco si no cuesta.",
        widget=forms.TextInput(attrs=_FIGURE),
    )  # fmt: skip

    def plan(self) -> commands.Plan:
        """What the command takes."""
        typed = dict(self.cleaned_data)
        return commands.Plan(cost_cents=typed.pop("cost"), **typed)


class EntryForm(_Form):
    """What was done. `key` makes two touches one row; the first field is the only one that must be typed."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    quantity = forms.IntegerField(
        min_value=0, max_value=policy.MOST_QUANTITY,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "autofocus": True}),
        error_messages={
            "required": "Escriba cuántos fueron.", "invalid": "Escriba un número entero, como 12.",
            "min_value": "No puede ser menor que cero.", "max_value": "Ese número no es posible.",
        },
    )  # fmt: skip
    cost = PesosField(
        label="Cuánto se gastó", required=False, help_text="En pesos. En blanco si nada.",
        widget=forms.TextInput(attrs=_FIGURE),
    )  # fmt: skip
    on = DayField(label="Día", missing="Falta el día.")
    note = forms.CharField(
        label="Qué se hizo", max_length=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": "Escríbalo en menos de 200 letras."},
    )  # fmt: skip
    # kinds by name: a telephone then hands over a JPEG instead of a format of its own
    evidence = forms.FileField(
        label="Evidencia", required=False, help_text="Foto, PDF o audio de hasta 10 MB.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,audio/*,application/pdf"}),
        error_messages={"empty": "El archivo está vacío. Elíjalo otra vez."},
    )  # fmt: skip

    def __init__(self, *args: Any, action: OutreachAction, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        many = policy.COUNTED[action.channel][1]
        self.fields["quantity"].label = f"Cuántas {many}" if many.endswith("as") else f"Cuántos {many}"
        self.fields["note"].help_text = f"En blanco, «{action.title}»."


class VoidForm(_Form):
    """Why a row of the log is wrong."""

    reason = forms.CharField(
        label="Qué estaba mal", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Diga qué estaba mal."},
    )  # fmt: skip
