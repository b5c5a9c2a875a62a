"""In which line of the CRI each concept is told, by date, and deciding it anew with another person."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from caudal.access import dated_rules, gates, policy
from caudal.accounting import commands
from caudal.accounting import policy as accounting
from caudal.accounting.forms import ClassificationForm
from caudal.accounting.models import ConceptClassification
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import short_date
from caudal.ledger.models import Concept


@gates.requires(policy.READ_ACCOUNTING)
def classifier(request: HttpRequest) -> HttpResponse:
    """Each concept with its line of today, its accounts, and the lines to come."""
    today = clock.today()
    dated: dict[int, list[ConceptClassification]] = {}
    for each in ConceptClassification.objects.order_by("-effective_from"):
        dated.setdefault(each.concept_id, []).append(each)
    rows = []
    for concept in Concept.objects.exclude(kind=Concept.Kind.REDUCTION).order_by("id"):
        own = dated.get(concept.pk, [])
        now = next((each for each in own if each.effective_from <= today), None)
        code = now.classifier if now else concept.revenue_classifier
        rows.append(
            {
                "concept": concept,
                "code": code,
                "name": now.name if now else _name(concept, code),
                "now": now,
                "next": [each for each in own if each.effective_from > today],
            }
        )
    page = {
        "rows": rows,
        "may_prepare": policy.may(clerk=request.user, act=policy.PREPARE_POLICIES),  # type: ignore[arg-type]
    }
    return render(request, "accounting/classifier.html", page)


def _name(concept: Concept, code: str) -> str:
    """The line of a concept that nobody has decided; installments are told in the concepts they collect."""
    if concept.code == accounting.INSTALLMENT and not code:
        return "El de los conceptos que reunió cada convenio"
    return accounting.classifier_name(code)


@gates.requires(policy.PREPARE_POLICIES)
def classifier_new(request: HttpRequest) -> HttpResponse:
    """Tell a concept in another line from a day on; another person says yes here."""
    form = ClassificationForm(
        request.POST if request.method == "POST" else None,
        act=policy.APPROVE_POLICIES, asked_by=request.user.get_username(), today=clock.today(),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            yes = dated_rules.approved(
                request, form, kind="concept", name=typed["concept"],
                after={"classifier": typed["classifier"], "on": str(typed["effective_from"])},
            )  # fmt: skip
            commands.classify_concept(
                concept=Concept.objects.get(code=typed["concept"]), classifier=typed["classifier"],
                name=typed["name"], effective_from=typed["effective_from"], reason=typed["article"],
                proposed_by=request.user.get_username(), approved_by=yes.approver, at=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            dated_rules.say(form, refusal)
        else:
            day = short_date(typed["effective_from"])
            messages.success(request, f"Decidido: se clasifica así desde el {day}.", extra_tags="good")
            return redirect("revenue_classifier")
    back = ("Clasificador de ingresos", reverse("revenue_classifier"))
    return dated_rules.asked(request, title="Clasificar un concepto", back=back, form=form)
