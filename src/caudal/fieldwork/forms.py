"""What is typed to give work to somebody in the street, to order it, and to tell at the desk how it went."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms

from caudal.fieldwork import policy
from caudal.fieldwork.commands import Told
from caudal.fieldwork.models import FieldOrder
from caudal.fieldwork.queries import Worker
from caudal.kernel.typed import TYPED_DATE, PlaceField, Typed

_MOMENT: Final = ("%d/%m/%Y %H:%M", "%d-%m-%Y %H:%M")
_DAY: Final = {"invalid": "La fecha no se entiende. Escríbala como 25/02/2019."}
ANSWER: Final = "answer_"
_YES_NO: Final = (("", "—"), ("yes", "sí"), ("no", "no"))


def _day(label: str, **kwargs: Any) -> forms.DateField:
    return forms.DateField(
        label=label, input_formats=list(TYPED_DATE), error_messages=dict(_DAY),
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"inputmode": "numeric"}), **kwargs,
    )  # fmt: skip


class _ToSomebody(Typed):
    to = forms.ChoiceField(
        label="Persona", error_messages={"invalid_choice": "Elija a una persona de la lista."}
    )

    def __init__(self, *args: Any, workers: Sequence[Worker], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", "Elija"), *((each.username, _load(each)) for each in workers)]  # type: ignore[attr-defined]


def _load(worker: Worker) -> str:
    left = f"{worker.pending} por hacer" if worker.pending else "libre"
    return f"{worker.name}, {worker.role} ({left})"


class SplitForm(_ToSomebody):
    """Give what is left to another person, or to another day."""

    on = _day("Día")
    most = forms.IntegerField(
        label="Cuántas", required=False, min_value=1, max_value=10_000,
        help_text="Las últimas tantas; en blanco, todas las que faltan.",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": "Escriba un número entero.", "min_value": "Al menos una."},
    )  # fmt: skip


class OrdersRoundForm(_ToSomebody):
    """Who does some orders, and which day."""

    first = "to"
    on = _day("Día")
    name = forms.CharField(label="Nombre del recorrido", max_length=80)


class OrderForm(Typed):
    """Something to be done at an account or anywhere."""

    first = "kind"
    kind = forms.ChoiceField(label="Trabajo", choices=[("", "Elija"), *FieldOrder.Kind.choices],
                             error_messages={"invalid_choice": "Elija uno de la lista."})  # fmt: skip
    account = forms.CharField(label="Cuenta", max_length=20, required=False, help_text="Si es en una toma.")
    address = forms.CharField(
        label="Lugar", max_length=200, required=False,
        help_text="Calle, número y una referencia. Con cuenta, en blanco es su domicilio.",
    )  # fmt: skip
    place = PlaceField(label="Coordenadas", required=False, help_text="Latitud, longitud; si se saben.")
    instructions = forms.CharField(
        label="Indicaciones", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    priority = forms.TypedChoiceField(
        label="Prioridad",
        coerce=int,
        initial=3,
        choices=[(n, f"{n}, {word}") for n, word in policy.PRIORITIES.items()],
    )
    due_on = _day("A más tardar", required=False)


class ResultForm(Typed):
    """What was done about an order, as somebody tells it at the desk."""

    first = "is_done"
    is_done = forms.ChoiceField(label="¿Se hizo?", choices=[("yes", "sí, se hizo"), ("no", "no se pudo")],
                                initial="yes")  # fmt: skip
    done_at = forms.DateTimeField(
        label="Cuándo", input_formats=list(_MOMENT), widget=forms.DateTimeInput(format="%d/%m/%Y %H:%M"),
        error_messages={"invalid": "No se entiende. Escríbalo como 25/02/2019 13:20."},
    )  # fmt: skip
    reason = forms.CharField(label="Por qué no se pudo", max_length=200, required=False)
    notes = forms.CharField(label="Nota", max_length=500, required=False)

    def __init__(self, *args: Any, checklist: Sequence[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = [each for each in checklist if each["answer"] != "photo"]
        for each in self.asked:
            self.fields[ANSWER + each["code"]] = _answer_field(each)
        self.order_fields(
            ["is_done", "done_at", *(ANSWER + each["code"] for each in self.asked), "reason", "notes"]
        )

    def told(self) -> Told:
        """What the command takes; a seal and a reading have places of their own."""
        said = self.cleaned_data
        answers = {each["code"]: said[ANSWER + each["code"]] for each in self.asked}
        given = {code: value for code, value in answers.items() if value not in (None, "")}
        return Told(
            is_done=said["is_done"] == "yes", reason=said["reason"], notes=said["notes"], answers=given,
            reading=given.get("reading"), seal_number=str(given.get("seal", "")),
        )  # fmt: skip


def _answer_field(asked: dict[str, Any]) -> forms.Field:
    if asked["answer"] == "yes_no":
        return forms.TypedChoiceField(
            label=asked["text"],
            choices=_YES_NO,
            required=False,
            coerce=lambda said: said == "yes",
            empty_value=None,
        )
    if asked["answer"] == "number":
        return forms.IntegerField(
            label=asked["text"], required=False, min_value=0, widget=forms.TextInput(attrs={"inputmode": "numeric"}),
            error_messages={"invalid": "Escriba solo números.", "min_value": "No puede ser negativa."},
        )  # fmt: skip
    return forms.CharField(label=asked["text"], required=False, max_length=200)


class OrderFilter(forms.Form):
    """Which orders are shown. What is not understood is as if nothing was asked."""

    estado = forms.ChoiceField(
        label="Estado", required=False,
        choices=[("", "pendientes"), ("por-programar", "por programar"), ("hechas", "con resultado, 30 días")],
    )  # fmt: skip
    trabajo = forms.ChoiceField(
        label="Trabajo", required=False, choices=[("", "todos"), *FieldOrder.Kind.choices]
    )
    prioridad = forms.TypedChoiceField(
        label="Prioridad", required=False, coerce=int, empty_value="",
        choices=[("", "todas"), (1, "urgente"), (2, "alta o más"), (3, "normal o más")],
    )  # fmt: skip
    edad = forms.TypedChoiceField(
        label="Antigüedad", required=False, coerce=int, empty_value="",
        choices=[("", "cualquiera"), (3, "3 días o más"), (7, "7 días o más"), (30, "30 días o más")],
    )  # fmt: skip
    vence = forms.ChoiceField(
        label="Vence",
        required=False,
        choices=[("", "cuando sea"), ("vencidas", "vencidas"), ("hoy", "hoy o antes")],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    def asked(self) -> dict[str, Any]:
        """What was understood."""
        self.is_valid()
        empty = {"estado": "", "trabajo": "", "prioridad": 0, "edad": 0, "vence": ""}
        return empty | self.cleaned_data
