"""What is typed in the pages of accounting."""

from typing import Any

from django import forms

from caudal.access.forms import Decided
from caudal.kernel.typed import TYPED_DATE, Typed
from caudal.ledger.models import Concept, LedgerAccount


class SpanForm(Typed):
    """From which day to which, both included."""

    since = forms.DateField(label="Del", input_formats=TYPED_DATE, required=False)
    until = forms.DateField(label="Al", input_formats=TYPED_DATE, required=False)


class JournalForm(SpanForm):
    """Which entries: days, words of their document or of what they are for, one account, one kind."""

    text = forms.CharField(label="Documento o concepto", required=False, max_length=60)
    account = forms.ChoiceField(label="Cuenta", required=False)
    kind = forms.ChoiceField(label="Tipo", required=False)

    def __init__(self, *args: Any, kinds: tuple[tuple[str, str], ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accounts = [
            (each.code, f"{each.code} {each.name}") for each in LedgerAccount.objects.order_by("code")
        ]
        self.fields["account"].choices = [("", "Todas"), *accounts]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", "Todos"), *kinds]  # type: ignore[attr-defined]


class ClassificationForm(Decided):
    """In which line of the CRI the revenue of a concept is told from a day on."""

    concept = forms.ChoiceField(label="Concepto")
    classifier = forms.CharField(
        label="Rubro del CRI", max_length=20, help_text="Como en el clasificador: 43, 45, 73…"
    )
    name = forms.CharField(label="Nombre del rubro", max_length=120)
    field_order = ("concept", "classifier", "name", "effective_from", "article", "approver", "pin")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        concepts = Concept.objects.exclude(kind=Concept.Kind.REDUCTION).order_by("id")
        self.fields["concept"].choices = [(each.code, each.name) for each in concepts]  # type: ignore[attr-defined]
        self.order_fields(self.field_order)
