"""What happens to months paid ahead, by date, and deciding it anew with another person."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from caudal.access import dated_rules, gates, policy
from caudal.access.dated_rules import RuleSet
from caudal.access.forms import Decided
from caudal.campaigns import commands, queries
from caudal.campaigns.models import PrepaymentPolicy
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import short_date


class PrepaymentPolicyForm(Decided):
    """The two questions of months paid ahead."""

    on_tariff_change = forms.ChoiceField(
        label="Si cambia la tarifa", choices=PrepaymentPolicy.OnTariffChange.choices
    )
    on_closing = forms.ChoiceField(
        label="Si se da de baja la cuenta", choices=PrepaymentPolicy.OnClosing.choices
    )


@gates.requires(policy.READ_CAMPAIGNS)
def prepayment_policies(request: HttpRequest) -> HttpResponse:
    """The rules of months paid ahead that hold, those to come and those that held."""
    rules = [
        RuleSet(
            since=each.effective_from, article=each.article, by=each.set_by,
            facts=(
                ("Si cambia la tarifa", str(each.get_on_tariff_change_display())),
                ("Si se da de baja la cuenta", str(each.get_on_closing_display())),
            ),
        )
        for each in queries.prepayment_policies()
    ]  # fmt: skip
    return dated_rules.listed(
        request, title="Política de pago adelantado", back=("Campañas", reverse("campaigns")), rules=rules,
        new_href=reverse("prepayment_policy_new"),
    )  # fmt: skip


@gates.requires(policy.PREPARE_POLICIES)
def prepayment_policy_new(request: HttpRequest) -> HttpResponse:
    """Decide what happens to months paid ahead from a day on."""
    form = PrepaymentPolicyForm(
        request.POST if request.method == "POST" else None,
        act=policy.APPROVE_POLICIES, asked_by=request.user.get_username(), today=clock.today(),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        answers = {name: typed[name] for name in ("on_tariff_change", "on_closing")}
        try:
            yes = dated_rules.approved(
                request, form, kind="prepayment_policy", name=str(typed["effective_from"]), after=answers
            )
            commands.set_prepayment_policy(
                effective_from=typed["effective_from"], article=typed["article"], at=clock.now(),
                by=request.user.get_username(), approval=yes, **answers,
            )  # fmt: skip
        except Refusal as refusal:
            dated_rules.say(form, refusal)
        else:
            day = short_date(typed["effective_from"])
            messages.success(request, f"Decidido: rige desde el {day}.", extra_tags="good")
            return redirect("prepayment_policies")
    back = ("Política de pago adelantado", reverse("prepayment_policies"))
    return dated_rules.asked(request, title="Decidir otra política de pago adelantado", back=back, form=form)
