"""The ladder of a day, its stages, and the days that count."""

from datetime import date

from django.db.models import QuerySet

from caudal.dunning.models import ClosedDay, DunningLadder, DunningStage
from caudal.dunning.policy import BusinessCalendar
from caudal.kernel.refusals import Refusal


class NoLadder(Refusal):
    """No ladder is in force yet on that day."""


class UnknownStage(Refusal):
    """The ladder of that day has no such stage."""


def every_ladder() -> QuerySet[DunningLadder]:
    """Every ladder there has been, the newest first."""
    return DunningLadder.objects.order_by("-effective_from")


def ladder_on(*, on: date) -> DunningLadder:
    """The ladder in force on a day.

    :raises NoLadder: before the first one
    """
    found = every_ladder().filter(effective_from__lte=on).first()
    if found is None:
        raise NoLadder(
            f"No hay etapas de cobranza que rijan el {on:%d/%m/%Y}.", "Elija un día posterior.", field="on"
        )
    return found


def stages(*, on: date) -> list[DunningStage]:
    """The stages of a day, in the order in which they are climbed.

    :raises NoLadder: before the first ladder
    """
    return list(ladder_on(on=on).stages.select_related("ladder").order_by("position"))


def stage(*, code: str, on: date) -> DunningStage:
    """One stage of the ladder of a day.

    :raises NoLadder: before the first ladder
    :raises UnknownStage: if that ladder has none of that code
    """
    found = next((each for each in stages(on=on) if each.code == code), None)
    if found is None:
        raise UnknownStage(f"No hay una etapa «{code}».", "Elija una de la lista.", field="stage")
    return found


def calendar() -> BusinessCalendar:
    """Which days count, by law and by what the utility closes."""
    return BusinessCalendar(frozenset(ClosedDay.objects.values_list("on", flat=True)))
