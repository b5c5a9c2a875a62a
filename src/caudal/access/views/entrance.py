"""Coming in: the password, the telephone, the PIN; and going out."""

from django.contrib import messages
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from caudal.access import arriving, devices, door, gates, pins, second_factor
from caudal.access.arriving import Arriving
from caudal.access.forms import CodeForm, NewPinForm, SignInForm
from caudal.access.models import Clerk
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal


def locked_out(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    """Too many wrong passwords: the page says how long to wait."""
    return render(request, "access/locked_out.html", status=429)


class SignIn(LoginView):
    """The password. Who has no more steps lands where they were going, or on the first page of their menu."""

    template_name = "access/sign_in.html"
    authentication_form = SignInForm

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        user = request.user
        if isinstance(user, Clerk) and door.MARK in request.session:
            return redirect(door.home_of(clerk=user))
        response = super().dispatch(request, *args, **kwargs)
        devices.remember(request=request, response=response)
        return response

    def form_valid(self, form: SignInForm) -> HttpResponse:  # type: ignore[override]
        after, clerk = self.get_redirect_url(), form.get_user()
        arriving.begin(request=self.request, clerk=clerk, at=clock.now(), after=after)
        return _onward(self.request)


sign_in = gates.open_to_all(SignIn.as_view())
sign_out = gates.open_to_all(LogoutView.as_view())


@gates.open_to_all
def proof(request: HttpRequest) -> HttpResponse:
    """The six digits of the telephone."""
    found = _arriving_at(request, "second_factor")
    if isinstance(found, HttpResponse):
        return found
    step, clerk = found
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            second_factor.check(clerk=clerk, code=form.cleaned_data["code"], at=clock.now())
        except second_factor.WrongCode as wrong:
            if arriving.failed(request=request, arriving=step):
                messages.info(request, "Hubo cinco códigos equivocados. Empiece otra vez con su contraseña.")
                return redirect("sign_in")
            form.add_error("code", str(wrong))
        else:
            arriving.proved(request=request, arriving=step)
            return _onward(request)
    return render(request, "access/proof.html", {"form": form}, status=422 if form.errors else 200)


@gates.open_to_all
def enrollment(request: HttpRequest) -> HttpResponse:
    """The first time: the telephone scans a picture, and ten codes are told for when it is lost."""
    found = _arriving_at(request, "enrollment")
    if isinstance(found, HttpResponse):
        return found
    step, clerk = found
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = second_factor.confirm(clerk=clerk, code=form.cleaned_data["code"], at=clock.now())
        except second_factor.WrongCode as wrong:
            form.add_error("code", str(wrong))
        else:
            arriving.proved(request=request, arriving=step)
            page = {"codes": codes, "clerk": clerk, "onward": reverse("arrival")}
            return render(request, "access/recovery_codes.html", page)
    device = second_factor.begin(clerk=clerk)
    page = {
        "form": form, "clerk": clerk, "picture": second_factor.picture(device=device),
        "key": second_factor.typed_key(device=device),
    }  # fmt: skip
    return render(request, "access/enrollment.html", page, status=422 if form.errors else 200)


@gates.open_to_all
def first_pin(request: HttpRequest) -> HttpResponse:
    """The first time: six digits of one's own."""
    found = _arriving_at(request, "first_pin")
    if isinstance(found, HttpResponse):
        return found
    _, clerk = found
    form = NewPinForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            pins.set_pin(clerk=clerk, pin=form.cleaned_data["pin"], by=clerk.username, at=clock.now())
        except Refusal as refusal:
            form.add_error("pin", str(refusal))
        else:
            return _onward(request)
    return render(request, "access/first_pin.html", {"form": form}, status=422 if form.errors else 200)


@gates.open_to_all
def arrival(request: HttpRequest) -> HttpResponse:
    """Go on to the step that is missing."""
    return _onward(request)


def _onward(request: HttpRequest) -> HttpResponse:
    """To the step that is missing; once there is none, in."""
    found = arriving.who(request=request, at=clock.now())
    if found is None:
        return redirect("sign_in")
    step, clerk = found
    if route := arriving.next_step(arriving=step, clerk=clerk):
        return redirect(route)
    arriving.forget(request=request)
    door.let_in(request=request, clerk=clerk, at=clock.now())
    return redirect(step.after or door.home_of(clerk=clerk))


def _arriving_at(request: HttpRequest, route: str) -> tuple[Arriving, Clerk] | HttpResponse:
    """Who is at this step; or where to go, for who is at another or at none."""
    found = arriving.who(request=request, at=clock.now())
    if found is None:
        return redirect("sign_in")
    step, clerk = found
    return found if arriving.next_step(arriving=step, clerk=clerk) == route else _onward(request)
