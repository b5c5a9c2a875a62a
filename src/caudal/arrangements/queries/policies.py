"""What the utility admits on a day."""

from datetime import date

from django.db.models import QuerySet

from caudal.arrangements.models import ArrangementPolicy
from caudal.kernel.refusals import Refusal


class NoArrangementPolicy(Refusal):
    """No policy is in force yet on that day."""


def policies() -> QuerySet[ArrangementPolicy]:
    """Every policy there has been, the newest first."""
    return ArrangementPolicy.objects.order_by("-effective_from")


def policy_on(*, on: date) -> ArrangementPolicy:
    """The policy in force on a day.

    :raises NoArrangementPolicy: if there is none yet
    """
    found = policies().filter(effective_from__lte=on).first()
    if found is None:
        raise NoArrangementPolicy(
            "Ese día no había reglas de convenios.", "Registre la política de convenios que rige."
        )
    return found
