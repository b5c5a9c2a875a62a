"""What is typed to look for candidates, propose, approve, hand over, tell a result, protect and wait for a payment."""

from datetime import date, datetime, time
from typing import Any, Final

from django import forms
from django.utils.timezone import make_aware

from caudal.access.forms import Approved
from caudal.disconnections.queries import Segment
from caudal.fieldwork.queries import Worker
from caudal.kernel.typed import TYPED_DATE, PesosField, Typed
from caudal.registry.models import Locality, Route, TariffClass

FROM_LIST: Final = {"invalid_choice": "Elija de la lista."}
YES: Final = "yes"


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label, input_formats=TYPED_DATE,
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"inputmode": "numeric"}),
        error_messages={"invalid": "La fecha no se entiende. Escríbala como 31/12/2019."},
    )  # fmt: skip


class SegmentForm(Typed):
    """Which part of the portfolio is looked at; what is left empty asks nothing."""

    ruta = forms.ChoiceField(label="Ruta", required=False, error_messages=FROM_LIST)
    localidad = forms.ChoiceField(label="Localidad", required=False, error_messages=FROM_LIST)
    uso = forms.ChoiceField(
        label="Uso", required=False, error_messages=FROM_LIST,
        choices=[("", "Todos"), *((str(use), str(name).capitalize()) for use, name in TariffClass.Use.choices)],
    )  # fmt: skip
    minimo = PesosField(label="Deben desde", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        routes = Route.objects.order_by("code").values_list("code", "name")
        self._choose("ruta", [(code, f"{code} {name}") for code, name in routes])
        self._choose("localidad", list(Locality.objects.order_by("name").values_list("code", "name")))

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Todas"), *choices]

    def said(self) -> Segment:
        """The segment, as queries take it; what is wrong asks nothing."""
        typed = getattr(self, "cleaned_data", {})
        return Segment(
            route=typed.get("ruta", ""), locality=typed.get("localidad", ""), use=typed.get("uso", ""),
            least_due_cents=typed.get("minimo") or 0,
        )  # fmt: skip


class ApprovalForm(Approved):
    """The yes of another person, standing here, and why."""

    reason = forms.CharField(label="Motivo", max_length=150, help_text="Qué se acordó y por qué ahora.")


class HandingForm(Typed):
    """Who carries the orders out, and which day."""

    on = _day("Día")
    to = forms.ChoiceField(
        label="Quién las hace",
        required=False,
        error_messages=FROM_LIST,
        help_text="Sin persona, quedan por programar en «Órdenes de campo».",
    )

    def __init__(self, *args: Any, workers: list[Worker], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Nadie todavía"), *((each.username, _load(each)) for each in workers)]


def _load(worker: Worker) -> str:
    left = f"{worker.pending} por hacer" if worker.pending else "libre"
    return f"{worker.name}, {worker.role} ({left})"


class ResultForm(Typed):
    """What the crew tells of an order when there is no phone."""

    is_done = forms.ChoiceField(
        label="¿Se hizo?", choices=[(YES, "sí, se hizo"), ("no", "no se pudo")], initial=YES
    )
    done_on = _day("Día")
    done_time = forms.TimeField(
        label="Hora", input_formats=["%H:%M", "%H.%M", "%H%M"],
        error_messages={"invalid": "La hora no se entiende. Escríbala como 16:30."},
        widget=forms.TimeInput(format="%H:%M", attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    seal = forms.CharField(label="Número de sello", max_length=40, required=False)
    reading = forms.IntegerField(
        label="Lectura", required=False, min_value=0, max_value=999_999_999,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": "Escriba solo números.", "min_value": "No puede ser negativa.",
                        "max_value": "Es demasiado grande."},
    )  # fmt: skip
    reason = forms.CharField(label="Por qué no se pudo", max_length=200, required=False)

    def __init__(self, *args: Any, has_seal: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_seal:
            del self.fields["seal"]

    @property
    def is_told_done(self) -> bool:
        return bool(self.cleaned_data["is_done"] == YES)

    def done_at(self) -> datetime:
        """The moment it was done, in the utility's zone."""
        on: date = self.cleaned_data["done_on"]
        hour: time = self.cleaned_data["done_time"]
        return make_aware(datetime.combine(on, hour))


class ProtectionForm(Typed):
    """Why a place may not be cut, and with what it was proved; empty, it is protected no more."""

    protected_reason = forms.CharField(
        label="Qué es", max_length=80, required=False,
        help_text="Hospital, escuela, diálisis en casa. En blanco, deja de estar protegida.",
    )  # fmt: skip
    reason = forms.CharField(
        label="Con qué se acredita",
        max_length=200,
        required=False,
        help_text="Documento y fecha; o por qué termina.",
    )


class TransitForm(Typed):
    """A payment somebody says they made and that is not here yet."""

    first = "reference"

    reference = forms.CharField(
        label="Referencia",
        max_length=60,
        help_text="Folio o autorización del comprobante que enseñan.",
    )
    place = forms.CharField(label="Dónde se pagó", max_length=80, help_text="Banco o tienda.")
    amount = PesosField(label="Importe")
    paid_on = _day("Fecha del pago")


class IllegalForm(Typed):
    """A cut service found flowing: which day, and what was seen."""

    first = "evidence"

    found_on = _day("Día en que se encontró")
    evidence = forms.CharField(
        label="Cómo se supo",
        max_length=200,
        required=False,
        help_text="Lo que se vio: lectura, sello roto, manguera.",
    )
    photo = forms.FileField(label="Foto", required=False)


class FineBackForm(ApprovalForm):
    """The yes of another person to take a fine back, and why."""

    first = "reason"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = "Qué se comprobó."
