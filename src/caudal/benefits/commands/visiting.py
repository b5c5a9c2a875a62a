"""Whether the beneficiary lives in the premise, as somebody found it."""

from datetime import date, datetime

from django.db import transaction

from caudal.benefits.models import LivedInVisit
from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.registry.models import Benefit


class CannotNoteVisit(Refusal): ...


@transaction.atomic
def note_visit(
    *, benefit: Benefit, lives_there: bool, note: str, on: date, today: date, at: datetime, by: str
) -> LivedInVisit:
    """Write down a visit. Not finding somebody home ends nothing by itself: a person decides the loss.

    :raises CannotNoteVisit: if the visit has not happened yet, or nothing says what was seen when nobody lives there
    """
    if on > today:
        raise CannotNoteVisit("La visita sería en el futuro.", "Revise la fecha.", field="on")
    if not lives_there and not note.strip():
        raise CannotNoteVisit(
            "Falta qué se encontró.",
            "Escriba qué vio o quién lo dijo: puede costarle el beneficio.",
            field="note",
        )
    visit = LivedInVisit.objects.create(
        benefit=benefit, on=on, lives_there=lives_there, how=LivedInVisit.How.VISITED, note=" ".join(note.split()),
        at=at, by=by,
    )  # fmt: skip
    audit.record(
        act="note_visit", by=by, at=at, object_kind="benefit", object_id=benefit.pk,
        after={"on": str(on), "lives_there": lives_there},
    )  # fmt: skip
    return visit
