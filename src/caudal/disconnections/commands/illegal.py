"""Water taken without leave: a cut service found flowing, its fine by the rule of the day, and its case."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils.timezone import localdate

from caudal.access import approvals
from caudal.access import policy as acts
from caudal.access.models import Approval
from caudal.disconnections import neighbors
from caudal.disconnections.models import (
    DisconnectionPolicy,
    IllegalReconnection,
    IllegalReconnectionCancellation,
    ReconnectionOrder,
)
from caudal.disconnections.queries.policies import policy_on
from caudal.fieldwork.models import FieldEvent
from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import pesos, short_date
from caudal.ledger import commands as ledger
from caudal.ledger.models import Concept, DocumentKind
from caudal.registry.models import Account, ServiceInterruption

OBJECT: Final = "illegal_reconnection"
FINE: Final = "fine"
FOR_DEBT: Final = (ServiceInterruption.Kind.CUT, ServiceInterruption.Kind.RESTRICTION)
Source = IllegalReconnection.Source


class CannotRecordIllegalReconnection(Refusal): ...


class CannotCancelFine(Refusal): ...


@transaction.atomic
def record_illegal_reconnection(
    *,
    account: Account,
    found_on: date,
    found_by: str,
    evidence: str,
    at: datetime,
    by: str,
    source: str = Source.DESK,
    photos: Sequence[bytes] = (),
    event: FieldEvent | None = None,
) -> IllegalReconnection:
    """Write that a cut service was found flowing, charge its fine by the rule of that day, and open a case.

    One fine for one cut: told again, by whoever it is, it is the same one.

    :param evidence: what was seen: a reading, a seal that is gone, a hose
    :param photos: of the desk; those of a phone come with its `event`
    :raises CannotRecordIllegalReconnection: without evidence, of a day to come, or if the service was not cut that
        day; nor if it was paid and the utility owes the water
    :raises NotAPicture: if one of the photos is none
    """
    ledger.lock_accounts(account_ids=[account.pk])
    if not evidence.strip():
        raise CannotRecordIllegalReconnection(
            "Falta cómo se supo.", "Escriba qué se vio: lectura, sello roto, manguera…", field="evidence"
        )
    cut = _cut_on(account, found_on, localdate(at))
    known = list(
        IllegalReconnection.objects.filter(account=account, interrupted_on=cut.effective_from).order_by(
            "attempt"
        )
    )
    live = [each for each in known if not hasattr(each, "cancellation")]
    if live:
        return live[0]
    _require_not_owed(account)
    rules = policy_on(on=found_on)
    attempt = len(known) + 1
    case_folio = neighbors.open_case(
        type="illegal_reconnection", account=account, description=_described(cut, found_on, evidence),
        origin_kind=OBJECT, origin=f"{account.number}-{cut.effective_from:%Y%m%d}-{attempt}", photos=photos,
        at=at, by=by,
    )  # fmt: skip
    sequence = _charge_fine(account, rules, case_folio, at, by)
    written = IllegalReconnection.objects.create(
        account=account, interrupted_on=cut.effective_from, attempt=attempt, found_on=found_on, found_by=found_by,
        source=source, evidence=evidence.strip()[:200], event=event, policy=rules, fine_cents=rules.fine_cents,
        charge_sequence=sequence, case_folio=case_folio, at=at, by=by,
    )  # fmt: skip
    audit.record(
        act="record_illegal_reconnection", by=by, at=at, object_kind="account", object_id=account.number,
        after={"case": case_folio, "fine_cents": rules.fine_cents, "article": rules.article, "source": source},
    )  # fmt: skip
    return written


@transaction.atomic
def record_what_was_read(
    *, account_ids: Sequence[int] | None, at: datetime, by: str, event: FieldEvent | None = None
) -> list[IllegalReconnection]:
    """Fine what readers saw flowing although it was cut, each reading once; None: look at all that is cut today.

    A flow that was only reduced flows as it should.
    """
    cuts = ServiceInterruption.objects.in_effect(on=localdate(at)).filter(kind=ServiceInterruption.Kind.CUT)
    if account_ids is not None:
        cuts = cuts.filter(agreement__account_id__in=list(account_ids))
    cut = {each.agreement.account_id: each for each in cuts.select_related("agreement__account")}
    read = neighbors.read_as_flowing(since={account: each.effective_from for account, each in cut.items()})
    written = []
    for account, reading in sorted(read.items()):
        same = IllegalReconnection.objects.filter(
            account_id=account, interrupted_on=cut[account].effective_from, found_on__gte=reading.read_on
        )
        owed = ReconnectionOrder.objects.filter(account_id=account, state="open")
        if same.exists() or owed.exists():
            continue
        written.append(
            record_illegal_reconnection(
                account=cut[account].agreement.account, found_on=reading.read_on, found_by=reading.observer,
                evidence=f"Lectura de {reading.period}: cortado con consumo", source=Source.READING, event=event,
                at=at, by=by,
            )
        )  # fmt: skip
    return written


def approve_fine_back(
    *,
    illegal: IllegalReconnection,
    approver: str,
    pin: str,
    reason: str,
    at: datetime,
    by: str,
    device: str = "",
) -> Approval:
    """Somebody who stands here says with their PIN that a fine is to be taken back.

    :raises CannotCancelFine: without a reason, if it was called off before, or whoever approves found it
    :raises CannotApprove: as `approvals.approve_present`
    """
    _require_live(illegal, reason)
    _require_another(illegal, approver)
    return approvals.approve_present(
        act=acts.APPROVE_CUTS, approver=approver, pin=pin, asked_by=by, object_kind=OBJECT, object_id=illegal.pk,
        reason=reason, at=at, device=device, after=_told(illegal),
    )  # fmt: skip


@transaction.atomic
def cancel_illegal_reconnection(
    *, illegal: IllegalReconnection, reason: str, approval: Approval | None, at: datetime, by: str
) -> IllegalReconnectionCancellation:
    """Take a fine back, by the yes of another person: what was paid of it is in favor of the account.

    :param approval: of `APPROVE_CUTS` on this fine, asked by `by`
    :raises CannotCancelFine: without a reason, if it was called off before, or whoever approves found it
    :raises NeedsApproval: without the yes of another person
    """
    ledger.lock_accounts(account_ids=[illegal.account_id])
    _require_live(illegal, reason)
    if approval is not None:
        _require_another(illegal, approval.approver)
    approvals.use(
        approval=approval, act=acts.APPROVE_CUTS, object_kind=OBJECT, object_id=illegal.pk, asked_by=by, at=at
    )  # fmt: skip
    assert approval is not None
    if illegal.charge_sequence:
        ledger.cancel_document_charges(
            account=illegal.account, period=0, document_kind=DocumentKind.FEE, sequence=illegal.charge_sequence,
            on=localdate(at), at=at, by=by, reason=f"{illegal.case_folio}: {reason.strip()}",
        )  # fmt: skip
    written = IllegalReconnectionCancellation.objects.create(
        illegal=illegal, approval=approval, reason=reason.strip()[:300], at=at, by=by
    )
    audit.record(
        act="cancel_illegal_reconnection", by=by, at=at, object_kind="account", object_id=illegal.account.number,
        reason=reason.strip()[:200], after={"case": illegal.case_folio, "approved_by": approval.approver},
    )  # fmt: skip
    return written


def _cut_on(account: Account, found_on: date, today: date) -> ServiceInterruption:
    """The cut that was not respected."""
    if found_on > today:
        raise CannotRecordIllegalReconnection(
            "El día en que se encontró todavía no llega.", "Revíselo.", field="found_on"
        )
    cut = ServiceInterruption.objects.in_effect(on=found_on).filter(
        agreement__account=account, kind__in=FOR_DEBT
    )
    found: ServiceInterruption | None = cut.first()
    if found is None:
        raise CannotRecordIllegalReconnection(
            f"La cuenta {account.number} no estaba cortada el {short_date(found_on)}.",
            "Si la toma es irregular, abra un reporte de toma clandestina.", field="account",
        )  # fmt: skip
    return found


def _require_not_owed(account: Account) -> None:
    """Who paid and waits for a crew does not pay for the utility's delay."""
    owed = ReconnectionOrder.objects.filter(account=account, state="open").first()
    if owed is not None:
        raise CannotRecordIllegalReconnection(
            f"A la cuenta {account.number} se le debe el agua, {owed.folio}: no hay multa.",
            "Registre que ya está restablecida.", field="account",
        )  # fmt: skip


def _described(cut: ServiceInterruption, found_on: date, evidence: str) -> str:
    since = short_date(cut.effective_from)
    return (
        f"Cortada desde el {since} ({cut.reason}) y con agua el {short_date(found_on)}: {evidence.strip()}"[
            :500
        ]
    )


def _charge_fine(account: Account, rules: DisconnectionPolicy, case: str, at: datetime, by: str) -> int:
    """The document of the fine; none where the rule has no fine."""
    if not rules.fine_cents:
        return 0
    working = {"fine_cents": rules.fine_cents, "policy": rules.code, "article": rules.article, "case": case}
    line = ledger.ChargeLine(Concept.objects.get(code=FINE).pk, rules.fine_cents, working=working)
    posted = ledger.post_charges(
        account=account, lines=[line], document_kind=DocumentKind.FEE, due_on=localdate(at), on=localdate(at), at=at,
        by=by, reason=f"Multa por reconectarse sin permiso, {case}. {rules.article}"[:200],
    )  # fmt: skip
    return int(posted.sequence)


def _told(illegal: IllegalReconnection) -> dict[str, Any]:
    return {"account": illegal.account.number, "fine": pesos(illegal.fine_cents), "case": illegal.case_folio}


def _require_live(illegal: IllegalReconnection, reason: str) -> None:
    if not reason.strip():
        raise CannotCancelFine("Falta el motivo.", "Escriba por qué se quita la multa.", field="reason")
    if IllegalReconnectionCancellation.objects.filter(pk=illegal.pk).exists():
        raise CannotCancelFine("Esa multa ya se había quitado.", "No hay nada que hacer.", field="reason")


def _require_another(illegal: IllegalReconnection, approver: str) -> None:
    if approver in (illegal.by, illegal.found_by):
        raise CannotCancelFine("Nadie quita la multa que puso.", "Pídalo a otra persona.", field="approver")
