"""What is typed to choose a segment, to share notices among people, to tell a visit, to cancel."""

from datetime import date, datetime, time
from typing import Any, Final

from django import forms
from django.utils.timezone import make_aware

from caudal.access.models import Clerk
from caudal.dunning.models import DunningStage, ServiceOfNotice
from caudal.dunning.queries import SegmentFilter
from caudal.kernel.typed import TYPED_DATE, PesosField, Typed
from caudal.registry.models import Locality, Route, TariffClass

RECEIVERS: Final = ("", "titular", "familiar", "inquilino", "vecino", "empleado", "representante")


def _several(label: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Elija de la lista."},
    )  # fmt: skip


def _whole(label: str, **kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=32_767,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": "Escriba un número entero.", "min_value": "No puede ser menor que cero.",
                        "max_value": "Es demasiado grande."},
        **kwargs,
    )  # fmt: skip


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label, input_formats=TYPED_DATE,
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"inputmode": "numeric"}),
        error_messages={"invalid": "La fecha no se entiende. Escríbala como 31/12/2019."},
    )  # fmt: skip


class SegmentForm(Typed):
    """The stage and whom it is for; what is left empty asks nothing."""

    first = "name"

    name = forms.CharField(
        label="Nombre del lote", max_length=80, help_text="Para reconocerlo: Febrero, centro."
    )
    stage = forms.ChoiceField(label="Etapa", error_messages={"invalid_choice": "Elija de la lista."})
    least = PesosField(label="Deben desde", required=False)
    most = PesosField(label="Deben hasta", required=False)
    least_age_days = _whole("Antigüedad desde, en días")
    most_age_days = _whole("Antigüedad hasta, en días")
    most_accounts = _whole("Cuántas, cuando más", help_text="Las de mayor recuperación esperada.")
    uses = _several("Uso")
    localities = _several("Localidad")
    routes = _several("Ruta")

    def __init__(self, *args: Any, stages: list[DunningStage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, list[tuple[str, str]]] = {
            "stage": [(each.code, each.get_code_display().capitalize()) for each in stages],
            "uses": [(str(use), str(name).capitalize()) for use, name in TariffClass.Use.choices],
            "localities": list(Locality.objects.order_by("name").values_list("code", "name")),
            "routes": [
                (code, f"{code} {name}") for code, name in Route.objects.order_by("code").values_list("code", "name")
            ],
        }  # fmt: skip
        for name, each in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = each

    def said(self) -> SegmentFilter:
        """The segment, as the commands take it."""
        typed = self.cleaned_data
        return SegmentFilter(
            least_cents=typed["least"] or 0, most_cents=typed["most"] or 0,
            least_age_days=typed["least_age_days"] or 0, most_age_days=typed["most_age_days"] or 0,
            uses=tuple(typed["uses"]), localities=tuple(typed["localities"]), routes=tuple(typed["routes"]),
            most_accounts=typed["most_accounts"] or 0,
        )  # fmt: skip


class ServersForm(Typed):
    """Who takes the notices to their doors, and which day."""

    on = _day("Día")
    servers = forms.ModelMultipleChoiceField(
        label="Quién las entrega", queryset=Clerk.objects.none(), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Elija al menos a una persona."},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["servers"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        roles = (Clerk.Role.METER_READER, Clerk.Role.CREW)
        field.queryset = Clerk.objects.filter(is_active=True, role__in=roles).order_by(
            "first_name", "last_name"
        )
        field.label_from_instance = lambda obj: str(obj.full_name)  # type: ignore[method-assign]
        field.error_messages["required"] = "Elija al menos a una persona."


class VisitForm(Typed):
    """A visit, written at the desk from the paper that came back."""

    outcome = forms.ChoiceField(label="Resultado", choices=ServiceOfNotice.Outcome.choices)
    served_on = _day("Día")
    served_time = forms.TimeField(
        label="Hora", input_formats=["%H:%M", "%H.%M", "%H%M"],
        error_messages={"invalid": "La hora no se entiende. Escríbala como 16:30."},
        widget=forms.TimeInput(format="%H:%M", attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    receiver = forms.ChoiceField(
        label="Quién recibió", required=False,
        choices=[(each, each.capitalize() if each else "No se dice") for each in RECEIVERS],
    )  # fmt: skip
    notes = forms.CharField(label="Notas", max_length=300, required=False)
    evidence = forms.FileField(label="Constancia firmada", required=False, help_text="Foto o PDF del acta.")

    def served_at(self) -> datetime:
        """The moment of the visit, in the utility's zone."""
        on: date = self.cleaned_data["served_on"]
        hour: time = self.cleaned_data["served_time"]
        return make_aware(datetime.combine(on, hour))
