"""What each category asks for, decided by date: what was decided before stays as it was."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from caudal.access import approvals
from caudal.access import policy as acts
from caudal.access.models import Approval
from caudal.benefits.models import BenefitPolicy
from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.registry.models import Benefit


class CannotDecidePolicy(Refusal): ...


@transaction.atomic
def decide_policy(
    *, category: str, on: date, article: str, evidence_kinds: Sequence[str], months_valid: int, one_property: bool,
    must_be_up_to_date: bool, must_live_there: bool, at: datetime, by: str, approval: Approval | None = None,
) -> BenefitPolicy:  # fmt: skip
    """Decide what a category asks for from a day on; the decision before it ends on its eve.

    :param approval: of another person, for `APPROVE_POLICIES` on this category; the page asks for it always, the
        terminal is only of who runs the server
    :raises CannotDecidePolicy: if the category is unknown, something is missing, or a later decision is written
    """
    kinds = list(dict.fromkeys(kind.strip() for kind in evidence_kinds if kind.strip()))
    if category not in Benefit.Category.values:
        raise CannotDecidePolicy(
            f"No existe la categoría «{category}».",
            f"Use {', '.join(Benefit.Category.values)}.",
            field="category",
        )
    if not kinds or not article.strip():
        raise CannotDecidePolicy(
            "Faltan el artículo o los documentos.", "Diga en qué se funda y qué se acepta.", field="evidence"
        )
    if not 1 <= months_valid <= 120:
        raise CannotDecidePolicy("Los meses no valen.", "De 1 a 120.", field="months_valid")
    if BenefitPolicy.objects.filter(category=category, effective_from__gte=on).exists():
        raise CannotDecidePolicy(
            "Ya hay una decisión de ese día o posterior.", "Elija una fecha posterior a ella.", field="on"
        )
    before = BenefitPolicy.objects.select_for_update().filter(category=category).in_effect(on=on).first()
    if before is not None:
        BenefitPolicy.objects.filter(pk=before.pk).update(effective_to=on)
    decided = BenefitPolicy.objects.create(
        category=category, effective_from=on, article=article.strip(), evidence_kinds=kinds,
        months_valid=months_valid, one_property=one_property, must_be_up_to_date=must_be_up_to_date,
        must_live_there=must_live_there, decided_by=by,
    )  # fmt: skip
    if approval is not None:
        approvals.use(
            approval=approval, act=acts.APPROVE_POLICIES, object_kind="benefit_policy", object_id=category, asked_by=by,
            at=at,
        )  # fmt: skip
    audit.record(
        act="decide_benefit_policy", by=by, at=at, object_kind="benefit_policy", object_id=category,
        before={"months_valid": before.months_valid, "evidence_kinds": before.evidence_kinds} if before else None,
        after={"months_valid": months_valid, "evidence_kinds": kinds, "on": str(on)}, reason=article.strip(),
    )  # fmt: skip
    return decided
