"""Two reports of one problem become one; both folios are kept and each person is told."""

from datetime import datetime

from django.db import transaction

from caudal.cases import claims, policy, telling
from caudal.cases.commands.moving import locked
from caudal.cases.models import Case, CaseEntry
from caudal.cases.queries import standing
from caudal.kernel import audit
from caudal.kernel.refusals import Refusal


class CannotMergeCases(Refusal): ...


@transaction.atomic
def merge_cases(*, case: Case, into: Case, at: datetime, by: str) -> Case:
    """Attend a case together with another: it follows the other's state from now on. → the one that goes on.

    :raises CannotMergeCases: with itself, if either is finished, if they are of different groups, or if the case
        claims an amount: a claim ends by being decided
    """
    if case.pk == into.pk:
        raise CannotMergeCases("Es el mismo reporte.", "Elija otro.", field="into")
    # in one order whoever asks: two merges at once do not wait for each other
    held = {
        each.pk: each for each in (locked(case=one) for one in sorted((case, into), key=lambda one: one.pk))
    }
    leaving, staying = held[case.pk], held[into.pk]
    for each in (leaving, staying):
        state = standing(case=each, at=at).state
        if state in policy.FINISHED:
            raise CannotMergeCases(
                f"El reporte {each.folio} ya está {state}.", "Elija uno abierto.", field="into"
            )
    if leaving.type.group != staying.type.group:
        raise CannotMergeCases("Son de problemas distintos.", "Atiéndalos por separado.", field="into")
    if claims.open_claim(case=leaving):
        raise CannotMergeCases(
            f"El reporte {leaving.folio} reclama un importe.",
            "Resuélvalo diciendo si procede o no.",
            field="into",
        )
    CaseEntry.objects.create(case=leaving, kind=CaseEntry.Kind.MERGED, other=staying, at=at, by=by)
    CaseEntry.objects.create(case=staying, kind=CaseEntry.Kind.GATHERED, other=leaving, at=at, by=by)
    audit.record(
        act="merge_cases",
        by=by,
        at=at,
        object_kind="case",
        object_id=leaving.folio,
        after={"into": staying.folio},
    )
    for one, other in ((leaving, staying), (staying, leaving)):
        telling.tell(case=one, text=telling.merged(case=one, into=other), at=at, by=by)
    return staying
