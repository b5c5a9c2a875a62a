"""What the utility admits in agreements, by date, and deciding it anew with another person."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from caudal.access import dated_rules, gates, policy
from caudal.access.dated_rules import RuleSet
from caudal.arrangements import commands, queries
from caudal.arrangements.policy_forms import ArrangementPolicyForm, as_typed, facts
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import short_date


@gates.requires(policy.READ_ACCOUNTS)
def arrangement_policies(request: HttpRequest) -> HttpResponse:
    """The rules of agreements that hold, those to come and those that held."""
    rules = [
        RuleSet(since=each.effective_from, article=each.article, by=each.set_by, facts=facts(policy=each))
        for each in queries.policies()
    ]
    return dated_rules.listed(
        request, title="Política de convenios", back=("Convenios", reverse("arrangements")), rules=rules,
        new_href=reverse("arrangement_policy_new"),
    )  # fmt: skip


@gates.requires(policy.PREPARE_POLICIES)
def arrangement_policy_new(request: HttpRequest) -> HttpResponse:
    """Decide the rules of agreements from a day on."""
    held = queries.policies().first()
    form = ArrangementPolicyForm(
        request.POST if request.method == "POST" else None, initial=as_typed(policy=held) if held else {},
        act=policy.APPROVE_POLICIES, asked_by=request.user.get_username(), today=clock.today(),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        day, rules = form.cleaned_data["effective_from"], form.rules()
        try:
            yes = dated_rules.approved(request, form, kind="arrangement_policy", name=str(day), after=rules)
            commands.set_policy(
                effective_from=day, article=form.cleaned_data["article"], on=clock.today(), at=clock.now(),
                by=request.user.get_username(), approval=yes, **rules,
            )  # fmt: skip
        except Refusal as refusal:
            dated_rules.say(form, refusal)
        else:
            messages.success(request, f"Decidido: rigen desde el {short_date(day)}.", extra_tags="good")
            return redirect("arrangement_policies")
    back = ("Política de convenios", reverse("arrangement_policies"))
    return dated_rules.asked(request, title="Decidir otra política de convenios", back=back, form=form)
