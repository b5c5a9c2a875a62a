"""What happened at the door with a notice: when it takes effect, until when it may be obeyed, what serving it cost."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import numpy as np
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.timezone import localdate

from caudal.campaigns import queries as campaigns
from caudal.dunning import detailing, policy
from caudal.dunning.models import DunningStage, Notice, NoticeCancellation, NoticeCost, ServiceOfNotice
from caudal.dunning.queries import ladders
from caudal.fieldwork.models import FieldEvent
from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.ledger import commands as ledger
from caudal.ledger.models import Concept, CreditBalance, DocumentKind
from caudal.rules import surcharges
from caudal.tariffs import queries as tariffs

Outcome = ServiceOfNotice.Outcome
_COST_CONCEPT: Final = "enforcement_cost"
_LARGEST_EVIDENCE: Final = 10 * 1024 * 1024
_EVIDENCE_KINDS: Final = {b"%PDF": ".pdf", b"\xff\xd8\xff": ".jpg", b"\x89PNG": ".png"}


class CannotServeNotice(Refusal): ...


class CannotChargeCost(Refusal): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What somebody tells of a visit. `receiver` is who they were to the holder, never a name."""

    outcome: str
    served_at: datetime
    receiver: str = ""
    notes: str = ""
    event: FieldEvent | None = None
    evidence: bytes = b""


@transaction.atomic
def record_service(*, notice: Notice, visit: Visit, at: datetime, by: str) -> ServiceOfNotice:
    """Write down a visit. The one that serves the notice sets its term and charges what it costs, once.

    :raises CannotServeNotice: if the notice is canceled, of a later day, or was served before, if the outcome is
        none there is, or the evidence is neither a photograph nor a PDF
    """
    ledger.lock_accounts(account_ids=[notice.account_id])
    held = Notice.objects.select_related("stage", "account").get(pk=notice.pk)
    on = localdate(visit.served_at)
    _require_live(held)
    evidence = _sound(held, visit, on, at)
    days = ladders.calendar()
    stage, had_appointment = held.stage, held.services.filter(outcome=Outcome.ABSENT).exists()
    serves = policy.is_effective(
        outcome=visit.outcome, needs_personal=stage.needs_personal_service, had_appointment=had_appointment
    )
    dates = policy.dates(served_on=on, term_days=stage.term_days, calendar=days) if serves else None
    event = visit.event
    service = ServiceOfNotice.objects.create(
        notice=held, outcome=visit.outcome, served_at=visit.served_at, served_on=on, receiver=visit.receiver.strip()[:40],
        notes=visit.notes.strip()[:300], event=event, evidence=evidence,
        latitude_e6=event.latitude_e6 if event else None, longitude_e6=event.longitude_e6 if event else None,
        accuracy_m=event.accuracy_m if event else None,
        appointment_on=days.next_after(on) if visit.outcome == Outcome.ABSENT else None,
        effects_on=dates.effects_on if dates else None, term_ends_on=dates.term_ends_on if dates else None,
        at=at, by=by,
    )  # fmt: skip
    audit.record(
        act="serve_notice", by=by, at=at, object_kind="notice", object_id=held.folio,
        after={"outcome": visit.outcome, "on": str(on),
               "term_ends_on": str(service.term_ends_on) if service.term_ends_on else ""},
    )  # fmt: skip
    if serves:
        charge_cost(notice=held, on=on, at=at, by=by)
    return service


@transaction.atomic
def charge_cost(*, notice: Notice, on: date, at: datetime, by: str) -> NoticeCost | None:
    """Charge what serving a notice costs by the rule of its stage; once for ever, nothing where nothing is owed.

    The base is what the notice asked for without earlier costs and fines, or what is left of it if part was paid.

    :raises CannotChargeCost: if nobody served the notice, or it was canceled
    """
    ledger.lock_accounts(account_ids=[notice.account_id])
    known = NoticeCost.objects.filter(pk=notice.pk).first()
    if not known:
        _require_served(notice)
    if known or notice.stage.cost_kind == DunningStage.Cost.NONE:
        return known
    periods = detailing.overdue_periods(account_ids=[notice.account_id], on=on).get(notice.account_id, [])
    listed = set(notice.debts.values_list("period", flat=True))
    left = sum(each.total_cents - each.cost_cents for each in periods if int(each.period) in listed)
    base = min(notice.base_cents, max(left, 0))
    cents = cost_cents(stage=notice.stage, base_cents=base)
    if not cents:
        return None
    posted = ledger.post_charges(
        account=notice.account,
        lines=[
            ledger.ChargeLine(
                Concept.objects.get(code=_COST_CONCEPT).pk, cents, base_cents=base,
                working={"base_cents": base, "ppm": notice.stage.cost_ppm,
                         "floor_cents": notice.stage.cost_floor_cents,
                         "ceiling_cents": notice.stage.cost_ceiling_cents, "notice": notice.folio},
            )
        ],
        document_kind=DocumentKind.FEE, due_on=on, on=on, at=at, by=by,
        reason=f"Gastos de ejecución, {notice.folio}",
    )  # fmt: skip
    cost = NoticeCost.objects.create(
        notice=notice,
        base_cents=base,
        amount_cents=cents,
        charge_sequence=posted.sequence,
        on=on,
        at=at,
        by=by,
    )
    if CreditBalance.objects.filter(account_id=notice.account_id, unallocated_cents__gt=0).exists():
        ledger.apply_credit_balance(
            account_ids=[notice.account_id], on=on, at=at, by=by, document=f"notice:{notice.folio}",
            terms=tariffs.terms_on(on=on), reserved_cents=campaigns.prepaid_reserved(account_ids=[notice.account_id]),
        )  # fmt: skip
    return cost


def cost_cents(*, stage: DunningStage, base_cents: int) -> int:
    """What serving a notice of a stage costs on a base (centavos)."""
    if stage.cost_kind == DunningStage.Cost.NONE or base_cents <= 0:
        return 0
    if stage.cost_kind == DunningStage.Cost.FIXED:
        return int(stage.cost_floor_cents)
    cost = surcharges.enforcement_cost(
        debt_cents=np.array([base_cents], dtype=np.int64), ppm=stage.cost_ppm,
        floor_cents=stage.cost_floor_cents, ceiling_cents=stage.cost_ceiling_cents,
    )  # fmt: skip
    return int(cost[0])


def _require_served(notice: Notice) -> None:
    is_canceled = NoticeCancellation.objects.filter(pk=notice.pk).exists()
    if is_canceled or not notice.services.filter(effects_on__isnull=False).exists():
        raise CannotChargeCost(
            f"La notificación {notice.folio} {'está cancelada' if is_canceled else 'no se ha notificado'}.",
            "Sus gastos se cargan cuando se notifica.",
        )


def _require_live(notice: Notice) -> None:
    if hasattr(notice, "cancellation"):
        raise CannotServeNotice(
            f"La notificación {notice.folio} está cancelada.", "No la entregue; si ya la entregó, avise a su jefe.",
            field="outcome",
        )  # fmt: skip
    served = notice.services.filter(effects_on__isnull=False).first()
    if served:
        raise CannotServeNotice(
            f"La notificación {notice.folio} ya se notificó el {served.served_on:%d/%m/%Y}.",
            "No hace falta entregarla otra vez.", field="outcome",
        )  # fmt: skip


def _sound(notice: Notice, visit: Visit, on: date, at: datetime) -> "ContentFile[bytes] | str":
    """The evidence as a file, everything else being in order."""
    if visit.outcome not in Outcome.values:
        raise CannotServeNotice(
            f"No hay un resultado «{visit.outcome}».", "Elija uno de la lista.", field="outcome"
        )
    if on < notice.issued_on or visit.served_at > at:
        raise CannotServeNotice(
            f"La visita no puede ser del {on:%d/%m/%Y}: la notificación es del {notice.issued_on:%d/%m/%Y}.",
            "Escriba el día y la hora en que se hizo.", field="served_on",
        )  # fmt: skip
    if not visit.evidence:
        return ""
    ending = next((end for start, end in _EVIDENCE_KINDS.items() if visit.evidence.startswith(start)), "")
    if not ending or len(visit.evidence) > _LARGEST_EVIDENCE:
        raise CannotServeNotice(
            "La constancia no es una foto ni un PDF, o pasa de 10 MB.",
            "Elija otro archivo.",
            field="evidence",
        )
    return ContentFile(visit.evidence, name=f"{notice.folio}{ending}")
