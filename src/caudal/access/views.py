"""Signing in and out."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from caudal.access import gates, policy
from caudal.kernel import menu


class SignInForm(AuthenticationForm):
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
        self.label_suffix = ""
        self.use_required_attribute = False


def locked_out(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    """Too many wrong passwords: the page says how long to wait."""
    return render(request, "access/locked_out.html", status=429)


class SignIn(LoginView):
    """Who enters lands on the first page of their own menu."""

    template_name = "access/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        groups = menu.for_acts(acts=policy.acts_of(clerk=self.request.user), path="")  # type: ignore[arg-type]
        return groups[0].entries[0].href if groups else str(super().get_default_redirect_url())


sign_in = gates.open_to_all(SignIn.as_view())
sign_out = gates.open_to_all(LogoutView.as_view())
