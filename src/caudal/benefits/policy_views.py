"""What each category asks for, by date, and deciding it anew with another person."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from caudal.access import dated_rules, gates, policy
from caudal.access.dated_rules import RuleSet
from caudal.access.forms import Decided
from caudal.benefits import commands, queries
from caudal.benefits.models import BenefitPolicy
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import short_date
from caudal.registry.models import Benefit

YES_OR_NO: Final = (("1", "Sí"), ("", "No"))
ASKED: Final = {
    "one_property": "En un solo predio",
    "must_be_up_to_date": "Exige estar al corriente",
    "must_live_there": "Exige vivir en el predio",
}


class BenefitPolicyForm(Decided):
    """What one category asks for: documents, how often it is renewed, conditions."""

    category = forms.ChoiceField(label="Categoría", choices=Benefit.Category.choices)
    evidence = forms.CharField(
        label="Documentos que se aceptan", max_length=600, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Uno en cada renglón; el usual, primero.",
    )  # fmt: skip
    months_valid = forms.IntegerField(
        label="Se renueva cada cuántos meses", min_value=1, max_value=120,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "amount"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "Escriba un número, de 1 a 120."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = {name: self.fields.pop(name) for name in ("approver", "pin")}
        for name, label in ASKED.items():
            self.fields[name] = forms.TypedChoiceField(
                label=label, choices=YES_OR_NO, coerce=bool, required=False, initial="1",
                empty_value=False,  # type: ignore[arg-type]
            )  # fmt: skip
        self.fields |= last


@gates.requires(policy.READ_ACCOUNTS)
def benefit_policies(request: HttpRequest) -> HttpResponse:
    """What each category asks for today, what it will and what it did."""
    return dated_rules.listed(
        request, title="Requisitos de los beneficios", back=("Beneficiarios", reverse("beneficiaries")),
        rules=[_rule(each) for each in queries.all_policies()], new_href=reverse("benefit_policy_new"),
    )  # fmt: skip


@gates.requires(policy.PREPARE_POLICIES)
def benefit_policy_new(request: HttpRequest) -> HttpResponse:
    """Decide what a category asks for from a day on."""
    form = BenefitPolicyForm(
        request.POST if request.method == "POST" else None, initial={"months_valid": 12},
        act=policy.APPROVE_POLICIES, asked_by=request.user.get_username(), today=clock.today(),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        asked = {name: typed[name] for name in ASKED}
        try:
            yes = dated_rules.approved(
                request, form, kind="benefit_policy", name=typed["category"],
                after={**asked, "months_valid": typed["months_valid"], "on": str(typed["effective_from"])},
            )  # fmt: skip
            commands.decide_policy(
                category=typed["category"], on=typed["effective_from"], article=typed["article"],
                evidence_kinds=typed["evidence"].splitlines(), months_valid=typed["months_valid"], at=clock.now(),
                by=request.user.get_username(), approval=yes, **asked,
            )  # fmt: skip
        except Refusal as refusal:
            dated_rules.say(form, refusal)
        else:
            day = short_date(typed["effective_from"])
            messages.success(request, f"Decidido: rigen desde el {day}.", extra_tags="good")
            return redirect("benefit_policies")
    back = ("Requisitos de los beneficios", reverse("benefit_policies"))
    return dated_rules.asked(request, title="Decidir otros requisitos", back=back, form=form)


def _rule(each: BenefitPolicy) -> RuleSet:
    conditions = tuple((label, "sí" if getattr(each, name) else "no") for name, label in ASKED.items())
    facts = (
        ("Documentos", "; ".join(each.evidence_kinds)), ("Se renueva cada", f"{each.months_valid} meses"), *conditions
    )  # fmt: skip
    return RuleSet(
        since=each.effective_from, until=each.effective_to, article=each.article, by=each.decided_by, facts=facts,
        name=each.get_category_display(),
    )  # fmt: skip
