"""The utility decides how its counter services go."""

from datetime import datetime

from django.db import transaction
from django.forms.models import model_to_dict

from caudal.fees.models import CounterServiceRules
from caudal.fees.queries import rules
from caudal.kernel import audit
from caudal.kernel.refusals import Refusal


class CannotChangeRules(Refusal): ...


@transaction.atomic
def change_rules(
    *,
    reason: str,
    by: str,
    at: datetime,
    certificate_days: int | None = None,
    holder_change_admits_debt: bool | None = None,
    holder_change_takes_two: bool | None = None,
) -> CounterServiceRules:
    """Decide the rules of the counter's services; what is not said stays as it is.

    :raises CannotChangeRules: without a reason, or with a certificate of less than a day or more than a year
    """
    if not reason.strip():
        raise CannotChangeRules("Falta el motivo.", "Escriba el acuerdo que lo decidió.", field="reason")
    if certificate_days is not None and not 1 <= certificate_days <= 366:
        raise CannotChangeRules(
            "La vigencia no puede ser de esos días.", "Escriba de 1 a 366.", field="certificate_days"
        )
    mine = rules()
    before = model_to_dict(mine)
    said = {
        "certificate_days": certificate_days,
        "holder_change_admits_debt": holder_change_admits_debt,
        "holder_change_takes_two": holder_change_takes_two,
    }
    for name, value in said.items():
        if value is not None:
            setattr(mine, name, value)
    mine.pk = 1
    mine.save()
    audit.record(
        act="change_fee_rules", by=by, at=at, object_kind="rules", object_id="fees", before=before,
        after=model_to_dict(mine), reason=reason,
    )  # fmt: skip
    return mine
