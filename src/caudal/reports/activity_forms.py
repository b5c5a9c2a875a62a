"""What is typed to publish a report of activities: a note, why it is corrected, and the PIN of whoever signs."""

from django import forms

from caudal.kernel.typed import Typed


class PublicationForm(Typed):
    """An edition to be. The reason is asked only of a correction."""

    note = forms.CharField(
        label="Nota para quien lo lee", required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Sale al principio del informe. Puede quedar vacía.",
    )  # fmt: skip
    reason = forms.CharField(
        label="Motivo de la corrección", max_length=400, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Qué se corrigió y por qué: se lee en el informe.",
    )  # fmt: skip
    pin = forms.CharField(
        label="Su PIN", max_length=12, help_text="Con él firma que esto es lo que se hizo.",
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": "Escriba su PIN de seis dígitos."},
    )  # fmt: skip
    first = "note"

    def __init__(self, *args: object, is_correction: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if not is_correction:
            del self.fields["reason"]
