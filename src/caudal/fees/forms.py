"""What is typed to ask for a counter service: only what its kind needs."""

from typing import Any

from django import forms

from caudal.fees import policy
from caudal.fees.commands import NewHolder

_HOLDER = ("full_name", "rfc", "curp", "phone", "documents")


class ServiceForm(forms.Form):
    """Who asks and what for. `key` makes two clicks one service."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    full_name = forms.CharField(
        label="Nuevo titular", max_length=200, help_text="Como está en su identificación."
    )
    documents = forms.CharField(
        label="Documentos que presenta",
        max_length=150,
        help_text="Escritura, sentencia, contrato: cuál y su número.",
    )
    rfc = forms.CharField(label="RFC", max_length=13, required=False)
    curp = forms.CharField(label="CURP", max_length=18, required=False)
    phone = forms.CharField(label="Teléfono", max_length=30, required=False)
    place = forms.CharField(
        label="A dónde se lleva", max_length=200, help_text="Calle, número y una referencia."
    )
    asked_for = forms.CharField(label="Quién lo pide", max_length=200, required=False)
    note = forms.CharField(label="Nota", max_length=200, required=False)

    def __init__(self, *args: Any, concept: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.use_required_attribute = False
        left_out = [] if concept == policy.HOLDER_CHANGE else list(_HOLDER)
        if concept != policy.TANKER:
            left_out.append("place")
        for name in left_out:
            del self.fields[name]
        self.fields["asked_for"].help_text = "Si lo deja en blanco, el titular de la cuenta."
        for field in self.fields.values():
            field.error_messages["required"] = f"Falta: {str(field.label).lower()}."
            field.widget.attrs["autocomplete"] = "off"
        self.visible_fields()[0].field.widget.attrs["autofocus"] = True

    def said(self) -> dict[str, Any]:
        """What the command takes."""
        typed = dict(self.cleaned_data)
        holder = {name: typed.pop(name) for name in _HOLDER if name in typed}
        return {**typed, "new_holder": NewHolder(**holder) if holder else None}
