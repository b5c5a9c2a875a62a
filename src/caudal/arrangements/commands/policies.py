"""Deciding what is admitted from a day on. What was decided stays: a new day has a new row."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from caudal.access import approvals
from caudal.access import policy as acts
from caudal.access.models import Approval
from caudal.arrangements.models import ArrangementPolicy
from caudal.kernel import audit
from caudal.kernel.refusals import Refusal


class CannotSetPolicy(Refusal): ...


@transaction.atomic
def set_policy(
    *,
    effective_from: date,
    article: str,
    on: date,
    at: datetime,
    by: str,
    approval: Approval | None = None,
    **rules: Any,
) -> ArrangementPolicy:
    """Decide the policy that rules from a day on; agreements signed before keep theirs.

    :param approval: of another person, for `APPROVE_POLICIES` on this day; the page asks for it always, the
        terminal is only of who runs the server
    :param rules: any of the others of `ArrangementPolicy`; those not said stay as they are that day
    :raises CannotSetPolicy: without its basis, for a day that passed or has one already, or with absurd limits
    """
    if not article.strip():
        raise CannotSetPolicy(
            "Falta el fundamento.", "Escriba el artículo o acuerdo que lo dice.", field="article"
        )
    if effective_from <= on:
        raise CannotSetPolicy(
            "Solo puede regir desde mañana.", "Elija un día que no ha llegado.", field="effective_from"
        )
    held = (
        ArrangementPolicy.objects.filter(effective_from__lte=effective_from).order_by("effective_from").last()
    )
    same = {} if held is None else {field.name: getattr(held, field.name) for field in policy_rules()}
    values = same | rules
    values["code"] = rules.get("code") or f"convenios-{effective_from.isoformat()}"
    try:
        with transaction.atomic():
            policy = ArrangementPolicy.objects.create(
                effective_from=effective_from, article=article.strip(), set_at=at, set_by=by, **values
            )
    except IntegrityError as problem:
        raise _told(problem) from problem
    if approval is not None:
        approvals.use(
            approval=approval, act=acts.APPROVE_POLICIES, object_kind="arrangement_policy", object_id=effective_from,
            asked_by=by, at=at,
        )  # fmt: skip
    audit.record(
        act="set_arrangement_policy", by=by, at=at, object_kind="arrangement_policy", object_id=policy.code,
        before=_plain(same), after=_plain(values),
    )  # fmt: skip
    return policy


def policy_rules() -> list[Any]:
    """The columns of a policy that are its rules."""
    own = {"id", "code", "effective_from", "article", "set_at", "set_by"}
    return [field for field in ArrangementPolicy._meta.concrete_fields if field.name not in own]


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, date) else value for name, value in values.items()}


def _told(problem: IntegrityError) -> CannotSetPolicy:
    said = str(problem)
    if "arrangements_policy_deferral" in said:
        return CannotSetPolicy(
            "La tasa de prórroga no va con lo que pasa con los recargos.",
            "Ponga una tasa si siguen corriendo, y cero si se detienen.",
            field="deferral_ppm",
        )
    if "arrangements_policy" in said and "check" in said:
        return CannotSetPolicy(
            "Un límite no tiene sentido.", "Porcentajes de 0 a 100; cantidades y números, de 1 en adelante."
        )
    return CannotSetPolicy(
        "Ya hay una política desde ese día, o con esa clave.", "Elija otro día.", field="effective_from"
    )
