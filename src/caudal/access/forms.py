"""What people type to come in, to keep their own access, to look after others', and to say yes at another's screen."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm

from caudal.access import approvals
from caudal.access.models import Clerk
from caudal.kernel.typed import TYPED_DATE, Typed


class _Plain:
    """No colon after labels, no bubbles of the browser."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.use_required_attribute = False


class SignInForm(_Plain, AuthenticationForm):
    """User and password; an unknown name and a wrong password read alike."""

    error_messages = {
        "invalid_login": "El usuario o la contraseña no coinciden. Revise mayúsculas y vuelva a intentar.",
        "inactive": "Esta persona ya no tiene acceso. Pida al administrador que la dé de alta otra vez.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Usuario"
        self.fields["password"].label = "Contraseña"
        self.fields["username"].error_messages["required"] = "Escriba su usuario."
        self.fields["password"].error_messages["required"] = "Escriba su contraseña."


def _digits(**attrs: str) -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "numeric", "class": "digits", **attrs})


def _hidden_digits(**attrs: str) -> forms.PasswordInput:
    return forms.PasswordInput(
        attrs={"inputmode": "numeric", "class": "digits", "maxlength": "6", "autocomplete": "off", **attrs}
    )


class CodeForm(_Plain, forms.Form):
    """The six digits of the telephone, or a recovery code."""

    code = forms.CharField(
        label="Código",
        max_length=20,
        widget=_digits(autocomplete="one-time-code", autofocus=""),
        error_messages={"required": "Escriba el código que muestra su teléfono."},
    )


class PinForm(_Plain, forms.Form):
    """One's PIN, as it is."""

    pin = forms.CharField(
        label="PIN",
        max_length=12,
        widget=_hidden_digits(),
        error_messages={"required": "Escriba su PIN de seis dígitos."},
    )


class NewPinForm(_Plain, forms.Form):
    """A PIN to be, typed twice: it is not seen while typed."""

    pin = forms.CharField(
        label="PIN nuevo", max_length=12, widget=_hidden_digits(),
        help_text="Seis dígitos que solo usted sepa. Ni repetidos ni en serie.",
        error_messages={"required": "Escriba seis dígitos."},
    )  # fmt: skip
    again = forms.CharField(
        label="Otra vez", max_length=12, widget=_hidden_digits(), error_messages={"required": "Escríbalo otra vez."}
    )  # fmt: skip

    def clean_again(self) -> str:
        again = str(self.cleaned_data["again"])
        if self.cleaned_data.get("pin", again) != again:
            raise forms.ValidationError("Los dos no son iguales. Escríbalos otra vez.")
        return again


class OwnPinForm(NewPinForm):
    """Another PIN, after the password: an open session is not enough to sign for somebody."""

    present = forms.CharField(
        label="Contraseña", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Escriba su contraseña."},
    )  # fmt: skip


class OwnPasswordForm(_Plain, forms.Form):
    """Another password of one's own, after the present one."""

    present = forms.CharField(
        label="Contraseña de ahora", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Escriba su contraseña de ahora."},
    )  # fmt: skip
    password = forms.CharField(
        label="Contraseña nueva", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Diez letras o más; tres palabras juntas se recuerdan bien.",
        error_messages={"required": "Escriba la contraseña nueva."},
    )  # fmt: skip


class NewClerkForm(_Plain, forms.Form):
    """Somebody who begins to work here."""

    full_name = forms.CharField(
        label="Nombre completo", max_length=150, error_messages={"required": "Escriba el nombre."}
    )
    username = forms.CharField(
        label="Usuario", max_length=30, help_text="Con el que entra: corto, sin espacios ni acentos.",
        error_messages={"required": "Escriba un usuario."},
    )  # fmt: skip
    role = forms.ChoiceField(
        label="Puesto",
        choices=[("", "Elija un puesto"), *Clerk.Role.choices],
        error_messages={"required": "Elija un puesto."},
    )
    password = forms.CharField(
        label="Contraseña para la primera vez", help_text="Dígasela en persona. Diez letras o más.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Escriba una contraseña."},
    )  # fmt: skip
    reason = forms.CharField(
        label="Motivo",
        max_length=200,
        help_text="Lo lee quien aprueba: plaza nueva, suplencia, reingreso.",
        error_messages={"required": "Escriba por qué entra."},
    )


class RoleForm(_Plain, forms.Form):
    """Another role, and why."""

    role = forms.ChoiceField(label="Puesto nuevo", choices=Clerk.Role.choices)
    reason = forms.CharField(
        label="Motivo", max_length=200, error_messages={"required": "Escriba por qué cambia de puesto."}
    )


class ReasonForm(_Plain, forms.Form):
    """Why."""

    reason = forms.CharField(
        label="Motivo", max_length=200, error_messages={"required": "Escriba el motivo."}
    )


class GivenPasswordForm(_Plain, forms.Form):
    """A password given to somebody else."""

    password = forms.CharField(
        label="Contraseña nueva", help_text="Dígasela en persona. Diez letras o más.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Escriba una contraseña."},
    )  # fmt: skip


class Approved(Typed):
    """Another person says yes here: who, and their PIN."""

    def __init__(self, *args: Any, act: str, asked_by: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = approvals.approvers(act=act, asked_by=asked_by)
        self.fields["approver"] = forms.ChoiceField(
            label="Aprueba",
            choices=[(each.username, each.full_name) for each in people],
            error_messages={
                "required": "Nadie más puede aprobarlo. Pida al administrador que revise los puestos.",
                "invalid_choice": "Elija a la persona de la lista.",
            },
        )
        self.fields["pin"] = forms.CharField(
            label="Su PIN",
            max_length=6,
            widget=forms.PasswordInput(
                attrs={"inputmode": "numeric", "autocomplete": "off", "class": "digits"}
            ),
            error_messages={"required": "Falta el PIN de quien aprueba."},
        )


class Decided(Approved):
    """Rules that hold from a day on: since when and on which basis. Another person says yes here."""

    first = "effective_from"
    effective_from = forms.DateField(
        label="Rigen desde",
        input_formats=TYPED_DATE,
        help_text="Un día que no ha llegado: 01/03/2019.",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": "La fecha no se entiende. Escríbala como 01/03/2019."},
    )
    article = forms.CharField(
        label="Fundamento", max_length=120, help_text="El artículo o el acuerdo que lo dice."
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for name, field in self.fields.items():
            if isinstance(field, forms.ChoiceField) and name != "approver":
                field.error_messages["invalid_choice"] = "Elija de la lista."

    def clean_effective_from(self) -> date:
        """What was signed before keeps its rules: new ones begin tomorrow at the earliest."""
        day: date = self.cleaned_data["effective_from"]
        if day <= self.today:
            raise forms.ValidationError("Solo pueden regir desde mañana. Elija un día que no ha llegado.")
        return day
