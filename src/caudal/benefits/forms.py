"""What is typed at the window about a benefit: as little as proves it, in the order a person hands it over."""

from collections.abc import Sequence
from typing import Any

from django import forms

from caudal.benefits.commands import Shown
from caudal.benefits.commands.ending import BY_ITSELF
from caudal.benefits.models import BenefitLoss, BenefitPolicy
from caudal.kernel.pictures import MOST_SENT_BYTES
from caudal.kernel.typed import TYPED_DATE, Typed

USUAL = "El usual de su categoría"


def _sentence(words: str) -> str:
    """`credencial del IMSS` → `Credencial del IMSS`: the initials of others stay."""
    return words[:1].upper() + words[1:]


class EvidenceForm(Typed):
    """The document on the counter. `key` makes two Enters one benefit."""

    first = "folio"

    key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label="Documento que presenta", required=False, widget=forms.Select(attrs={"data-kinds": ""})
    )
    folio = forms.CharField(
        label="Últimos 4 de su folio", max_length=40, widget=forms.TextInput(attrs={"class": "number short"}),
        help_text="Aunque escriba más, solo se guardan los últimos 4.",
    )  # fmt: skip
    expires_on = forms.DateField(
        label="Vence el", required=False, input_formats=TYPED_DATE, help_text="Día, mes y año; si no dice, déjelo en blanco.",
        widget=forms.DateInput(attrs={"class": "number short", "inputmode": "numeric"}),
        error_messages={"invalid": "La fecha no se entiende. Escríbala como 31/12/2027."},
    )  # fmt: skip
    lives_there = forms.BooleanField(label="Vive en este predio", required=False)
    photo = forms.FileField(
        label="Foto del documento", required=False, help_text="No es obligatoria.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp", "capture": "environment"}),
        error_messages={"empty": "La foto está vacía. Tómela otra vez."},
    )  # fmt: skip

    def __init__(self, *args: Any, policies: Sequence[BenefitPolicy], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = self.fields["kind"]
        assert isinstance(kinds, forms.ChoiceField)
        if len(policies) == 1:
            kinds.choices = [(kind, _sentence(kind)) for kind in policies[0].evidence_kinds]
        else:
            kinds.choices = [("", USUAL), *(
                (_sentence(each.get_category_display()), [(kind, _sentence(kind)) for kind in each.evidence_kinds])
                for each in policies
            )]  # fmt: skip

    def shown(self) -> Shown:
        """What the command takes."""
        typed = self.cleaned_data
        photo = typed["photo"].read(MOST_SENT_BYTES + 1) if typed["photo"] else b""
        return Shown(folio=typed["folio"], kind=typed["kind"], expires_on=typed["expires_on"], photo=photo)


class RegistrationForm(EvidenceForm):
    """A benefit for the holder of an account."""

    first = "category"
    field_order = ("category", "kind", "folio", "expires_on", "lives_there", "photo")

    category = forms.ChoiceField(label="Categoría", widget=forms.RadioSelect)

    def __init__(self, *args: Any, policies: Sequence[BenefitPolicy], **kwargs: Any) -> None:
        super().__init__(*args, policies=policies, **kwargs)
        category = self.fields["category"]
        assert isinstance(category, forms.ChoiceField)
        category.choices = [(each.category, _sentence(each.get_category_display())) for each in policies]


class LossForm(Typed):
    """Why a benefit ends."""

    kind = forms.ChoiceField(
        label="Causa",
        choices=[
            ("", "Elija la causa"),
            *(each for each in BenefitLoss.Kind.choices if each[0] not in BY_ITSELF),
        ],
    )
    reason = forms.CharField(label="Motivo", max_length=200, help_text="Qué pasó y cómo se supo.")


class VisitForm(Typed):
    """What a visit found."""

    on = forms.DateField(
        label="Fecha de la visita", input_formats=TYPED_DATE,
        widget=forms.DateInput(attrs={"class": "number short", "inputmode": "numeric"}),
        error_messages={"invalid": "La fecha no se entiende. Escríbala como 31/12/2019."},
    )  # fmt: skip
    lives_there = forms.ChoiceField(
        label="¿Vive ahí?", choices=[("", "Elija"), ("1", "Sí, vive ahí"), ("0", "No vive ahí")]
    )
    note = forms.CharField(label="Qué se encontró", max_length=200, required=False)


class LookForm(Typed):
    """What a document is looked at for."""

    reason = forms.CharField(label="Para qué lo consulta", max_length=200)
