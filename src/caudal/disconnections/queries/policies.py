"""What may be done to whom on a day, and until when a payment on its way is waited for."""

from datetime import date

from django.db.models import QuerySet

from caudal.disconnections.models import DisconnectionPolicy
from caudal.dunning import queries as dunning
from caudal.kernel.refusals import Refusal


class NoDisconnectionPolicy(Refusal):
    """No policy is in force yet on that day: nobody may be cut."""


def policies() -> QuerySet[DisconnectionPolicy]:
    """Every policy there has been, the newest first."""
    return DisconnectionPolicy.objects.order_by("-effective_from")


def policy_on(*, on: date) -> DisconnectionPolicy:
    """The policy in force on a day.

    :raises NoDisconnectionPolicy: if there is none yet
    """
    found = policies().filter(effective_from__lte=on).first()
    if found is None:
        raise NoDisconnectionPolicy(
            "Ese día no había reglas de corte.", "Registre la política de cortes que rige."
        )
    return found


def waited_until(*, since: date, days: int) -> date:
    """The last of so many business days after a day, by the law's holidays and the days the utility closes."""
    return dunning.calendar().add(since, days)
