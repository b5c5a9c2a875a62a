"""Move a report on: order its work, note, answer, resolve; and hear that it was not resolved."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from caudal.cases import claims, policy, telling
from caudal.cases.models import Case, CaseEntry, ClaimResolution
from caudal.cases.queries import rules, standing, survivor, with_those_merged
from caudal.fieldwork import commands as fieldwork
from caudal.fieldwork.models import FieldOrder, OrderResult
from caudal.kernel import audit
from caudal.kernel.places import spot_of
from caudal.kernel.refusals import Refusal

Kind = CaseEntry.Kind
State = policy.State


class CannotOrderForCase(Refusal): ...


class CannotAnswerCase(Refusal): ...


class CannotResolveCase(Refusal): ...


class CannotDisputeCase(Refusal): ...


@transaction.atomic
def order_for_case(
    *, case: Case, at: datetime, by: str, kind: str = "", instructions: str = ""
) -> FieldOrder:
    """Order the work that a case needs; whoever reported is told.

    :param kind: of the order; by default, the one of its kind of report
    :param instructions: for the crew; they go to a phone, so no names and no telephones
    :raises CannotOrderForCase: if the case is finished, has an order under way, or none is known for its kind
    """
    held = locked(case=case)
    _require_live(held, at, CannotOrderForCase)
    chosen = kind or held.type.order_kind
    if not chosen:
        raise CannotOrderForCase(
            "Este reporte se responde sin orden de campo.", "Elija el trabajo.", field="kind"
        )
    if waiting := pending_order(case=held):
        raise CannotOrderForCase(
            f"Ya tiene la orden {waiting.folio} en curso.", "Espere su resultado o cancélela.", field="kind"
        )
    order = fieldwork.order_field_work(
        kind=chosen, origin_kind=policy.ORIGIN, origin_folio=held.folio, address=held.address,
        service_point=held.service_point, account=held.account, place=spot_of(held),
        instructions=instructions.strip() or held.type.name, priority=held.priority, due_at=held.due_at, at=at, by=by,
    )  # fmt: skip
    CaseEntry.objects.create(case=held, kind=Kind.ORDERED, order=order, at=at, by=by)
    audit.record(
        act="order_for_case",
        by=by,
        at=at,
        object_kind="case",
        object_id=held.folio,
        after={"order": order.folio},
    )
    _tell_all(held, lambda each: telling.ordered(case=each), at, by)
    return order


@transaction.atomic
def note_case(*, case: Case, text: str, at: datetime, by: str) -> CaseEntry:
    """Write something that whoever reported does not read.

    :raises CannotAnswerCase: without a text
    """
    if not text.strip():
        raise CannotAnswerCase("Falta qué anotar.", "Escríbalo.", field="text")
    return CaseEntry.objects.create(case=case, kind=Kind.NOTED, text=text.strip()[:1000], at=at, by=by)


@transaction.atomic
def answer_case(*, case: Case, text: str, at: datetime, by: str) -> CaseEntry:
    """Answer whoever reported; the case stays open until it is resolved.

    :raises CannotAnswerCase: without a text, or if the case is finished
    """
    held = locked(case=case)
    _require_live(held, at, CannotAnswerCase)
    if not text.strip():
        raise CannotAnswerCase(
            "Falta la respuesta.", "Escriba qué se le contesta a quien reportó.", field="text"
        )
    entry = CaseEntry.objects.create(case=held, kind=Kind.ANSWERED, text=text.strip()[:1000], at=at, by=by)
    audit.record(act="answer_case", by=by, at=at, object_kind="case", object_id=held.folio)
    _tell_all(held, lambda each: telling.answered(case=each, text=entry.text), at, by)
    return entry


@transaction.atomic
def resolve_case(*, case: Case, text: str, at: datetime, by: str, decision: str = "") -> CaseEntry:
    """Say how a case was resolved: its claim is decided, its lock lifted, whoever reported is told.

    :param decision: "upheld" or "rejected", when it claims an amount
    :raises CannotResolveCase: if it is finished, says nothing, leaves a claim undecided, or its order is under way
    """
    held = locked(case=case)
    _require_live(held, at, CannotResolveCase)
    if not text.strip():
        raise CannotResolveCase("Falta cómo quedó resuelto.", "Escriba qué se hizo.", field="text")
    if waiting := pending_order(case=held):
        raise CannotResolveCase(
            f"La orden {waiting.folio} todavía no tiene resultado.",
            "Espérelo, o cancele la orden.",
            field="text",
        )
    said = text.strip()[:1000]
    if claim := claims.open_claim(case=held):
        _require_decision(decision)
        claims.decide(claim=claim, decision=decision, reason=said, at=at, by=by)
    entry = CaseEntry.objects.create(case=held, kind=Kind.RESOLVED, text=said, at=at, by=by)
    audit.record(
        act="resolve_case", by=by, at=at, object_kind="case", object_id=held.folio, reason=said,
        after={"decision": decision} if claim else None,
    )  # fmt: skip
    can_dispute = not held.entries.filter(kind=Kind.DISPUTED).exists()
    _tell_all(
        held,
        lambda each: telling.resolved(case=each, text=said, can_dispute=can_dispute, days=rules().dispute_days),
        at, by,
    )  # fmt: skip
    return entry


@transaction.atomic
def dispute_case(*, case: Case, text: str, at: datetime, by: str = policy.CITIZEN) -> Case:
    """Whoever reported says that it was not resolved: once, within the days there are. It reopens, first of all.

    What it claimed is locked again. Of a case merged into another, it is the other that reopens.

    :raises CannotDisputeCase: without a text, if it is not resolved, was disputed before, or the days have passed
    """
    held = locked(case=survivor(case=case))
    days = rules().dispute_days
    told = standing(case=held, at=at)
    if held.entries.filter(kind=Kind.DISPUTED).exists():
        raise CannotDisputeCase(
            "Ya se dijo una vez que no quedó resuelto.",
            "Haga un reporte nuevo, o venga a la oficina.",
            field="text",
        )
    if told.state == State.CLOSED:
        raise CannotDisputeCase(
            f"Ya pasaron los {days} días para decir que no quedó resuelto.",
            "Haga un reporte nuevo.",
            field="text",
        )
    if told.state != State.RESOLVED:
        raise CannotDisputeCase(
            "El reporte todavía no está resuelto.", "Le avisamos cuando lo esté.", field="text"
        )
    if not text.strip():
        raise CannotDisputeCase("Falta qué sigue pasando.", "Escríbalo en pocas palabras.", field="text")
    CaseEntry.objects.create(case=held, kind=Kind.DISPUTED, text=text.strip()[:1000], at=at, by=by)
    held.priority, held.due_at = policy.REOPENED_PRIORITY, at + timedelta(hours=rules().reopened_hours)
    held.save(update_fields=["priority", "due_at"])
    if last := held.claims.order_by("-id").first():
        claims.lock(case=held, periods=[int(each.period) for each in last.periods.all()], at=at, by=by)
    audit.record(act="dispute_case", by=by, at=at, object_kind="case", object_id=held.folio)
    _tell_all(held, lambda each: telling.reopened(case=each), at, by)
    return held


@transaction.atomic
def record_order_done(*, order: FieldOrder, result: OrderResult) -> None:
    """Write on its case what was done about an order. Resolved meanwhile, it is only a note.

    Somebody has to say that it is resolved: the citizen reads that, and it is not the crew's word alone.
    """
    if order.origin_kind != policy.ORIGIN:
        return
    case = Case.objects.filter(folio=order.origin_folio).first()
    if case is None:
        return
    held = locked(case=survivor(case=case))
    told = result.notes or result.reason
    if standing(case=held, at=result.done_at).state in policy.FINISHED:
        text = f"Resultado de la orden {order.folio}. {told}".strip()
        CaseEntry.objects.create(
            case=held, kind=Kind.NOTED, text=text, order=order, at=result.done_at, by=result.by
        )
        return
    CaseEntry.objects.create(
        case=held, kind=Kind.ATTENDED if result.is_done else Kind.NOT_ATTENDED, text=told, order=order,
        at=result.done_at, by=result.by,
    )  # fmt: skip
    _tell_all(
        held, lambda each: telling.attended(case=each, is_done=result.is_done), result.done_at, result.by
    )


def locked(*, case: Case) -> Case:
    """The case, held until the transaction ends."""
    held: Case = (
        Case.objects.select_for_update(of=("self",)).select_related("type", "account").get(pk=case.pk)
    )
    return held


def pending_order(*, case: Case) -> FieldOrder | None:
    """The order of a case that is neither done nor canceled."""
    found: FieldOrder | None = FieldOrder.objects.filter(
        case_entries__case=case, canceled_at=None, result=None
    ).first()
    return found


def _require_live(case: Case, at: datetime, refusal: type[Refusal]) -> None:
    state = standing(case=case, at=at).state
    if state in policy.FINISHED:
        raise refusal(
            f"El reporte {case.folio} ya está {state}.", "Si sigue el problema, abra otro.", field="text"
        )


def _require_decision(decision: str) -> None:
    if decision not in ClaimResolution.Decision.values:
        raise CannotResolveCase(
            "Falta decir si la aclaración procede.", "Elija si procede o no procede.", field="decision"
        )


def _tell_all(case: Case, text: Callable[[Case], str], at: datetime, by: str) -> None:
    """Tell whoever reported it, and whoever reported the same."""
    for each in with_those_merged(case=case):
        telling.tell(case=each, text=text(each), at=at, by=by)
