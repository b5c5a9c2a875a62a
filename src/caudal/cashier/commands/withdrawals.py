"""Cash leaves a drawer in the middle of a session: counted, received by a second person, with its folio."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from caudal.access import approvals
from caudal.access import policy as acts
from caudal.access.models import Approval
from caudal.cashier import policy, printing, queries
from caudal.cashier.models import CashCount, CashWithdrawal, TenderKind, TillSession
from caudal.cashier.models.tills import WITHDRAWALS
from caudal.kernel import audit, folios, idempotency
from caudal.kernel.refusals import Refusal


class CannotWithdraw(Refusal): ...


def withdraw_cash(
    *,
    session: TillSession,
    amount_cents: int,
    approval: Approval | None,
    at: datetime,
    by: str,
    key: UUID,
    pieces: Mapping[str, int] | None = None,
) -> CashWithdrawal:
    """Hand cash of an open session to whoever approves it; the same key does it once.

    :param approval: of `SUPERVISE_TILLS` on the session, given for `{"amount_cents": …}`
    :param pieces: the cash counted piece by piece, if it was; denomination in centavos → how many
    :raises CannotWithdraw: if the session is not open or of somebody else, the amount is not above zero or the
        drawer has less, or the pieces do not add up to it. How much there is stays untold: the count is blind.
    :raises NeedsApproval: unless another person who supervises tills received it
    """
    body = {"session": session.pk, "amount_cents": amount_cents, "pieces": dict(pieces or {})}

    def run() -> dict[str, int]:
        return {"number": _withdrawn(session, amount_cents, approval, dict(pieces or {}), at, by).number}

    reply = idempotency.once(key=key, act="cashier.withdraw_cash", body=body, at=at, run=run)
    return CashWithdrawal.objects.get(number=reply["number"])


@transaction.atomic
def _withdrawn(
    session: TillSession,
    amount_cents: int,
    approval: Approval | None,
    pieces: dict[str, int],
    at: datetime,
    by: str,
) -> CashWithdrawal:
    held = TillSession.objects.select_for_update(no_key=True).get(pk=session.pk)
    _require_possible(held, amount_cents, pieces, by)
    approvals.use(
        approval=approval, act=acts.SUPERVISE_TILLS, object_kind="till_session", object_id=held.pk,
        asked_by=by, at=at,
    )  # fmt: skip
    assert approval is not None
    if approval.after != {"amount_cents": amount_cents}:
        raise CannotWithdraw(
            "La aprobación es de otro importe.", "Pida que la den para el importe que entrega.", field="amount"
        )  # fmt: skip
    count = pieces and CashCount.objects.create(
        session=held, purpose=CashCount.Purpose.WITHDRAWAL, pieces=pieces, total_cents=amount_cents,
        counted_by=by, at=at,
    )  # fmt: skip
    withdrawal = CashWithdrawal.objects.create(
        session=held, number=folios.take(series=WITHDRAWALS), amount_cents=amount_cents, handed_by=by,
        received_by=approval.approver, at=at, count=count or None,
    )  # fmt: skip
    audit.record(
        act="cashier.withdraw_cash", by=by, at=at, object_kind="till_session", object_id=held.pk,
        after={
            "folio": withdrawal.folio, "amount_cents": amount_cents, "received_by": approval.approver,
            "approval": approval.pk,
        },
    )  # fmt: skip
    printing.enqueue_withdrawal(withdrawal=withdrawal, till=held.till, at=at, by=by)
    return withdrawal


def _require_possible(held: TillSession, amount_cents: int, pieces: dict[str, int], by: str) -> None:
    if held.state != TillSession.State.OPEN or held.cashier != by:
        raise CannotWithdraw(
            "Ese turno no está abierto o no es suyo.", "Revise qué turno es.", field="session"
        )
    if amount_cents <= 0:
        raise CannotWithdraw(
            "El retiro debe ser mayor que cero.", "Escriba cuánto efectivo entrega.", field="amount"
        )
    if pieces and policy.total_of_pieces(pieces=pieces) != amount_cents:
        raise CannotWithdraw(
            "Las piezas no suman el importe del retiro.", "Cuéntelas otra vez o corrija el importe.", field="amount"
        )  # fmt: skip
    if amount_cents > queries.expected(session=held)[TenderKind.CASH]:
        raise CannotWithdraw(
            "En la caja no debe haber tanto efectivo.", "Cuente lo que entrega y escriba ese importe.", field="amount"
        )  # fmt: skip
