"""What becomes of a movement that nobody recognized: whose it was, that it was given back, that it was a mistake."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from caudal.cashier import posting
from caudal.cashier.channels.loading import LineState, state_of
from caudal.cashier.commands import channel_receipts
from caudal.cashier.commands.channels import lock_channel
from caudal.cashier.models import Identification, PaymentChannel, Receipt, SettlementLine
from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.ledger import commands as ledger
from caudal.registry.models import Account


class CannotIdentify(Refusal): ...


@transaction.atomic
def identify(
    *, line: SettlementLine, account: Account, reason: str, at: datetime, by: str
) -> posting.WrittenReceipt:
    """Apply a movement that waits to an account, as a payment of the day its money came: who paid in time owes
    no surcharge because nobody knew.

    :raises CannotIdentify: without a reason, if it no longer waits, or it is money that left
    """
    channel, state = _held(line, reason)
    _require_waiting(state)
    if line.amount_cents < 0:
        raise CannotIdentify(
            "Este renglón es dinero que el banco se llevó.", "Diga qué pago devuelve.", field="account"
        )
    ledger.lock_accounts(account_ids=[account.pk])
    [written] = channel_receipts.apply(
        channel=channel,
        file=line.settlement,
        payments=[(account.pk, line.amount_cents)],
        references=[line.authorization or line.reference or f"renglón {line.row}"],
        funds=ledger.Funds.UNIDENTIFIED,
        on=line.paid_on,
        at=at,
        by=by,
    )
    _decide(
        line, Identification.Outcome.APPLIED, reason, at, by, account=account, receipt_id=written.receipt_id
    )
    return written


@transaction.atomic
def withdraw(*, line: SettlementLine, reason: str, at: datetime, by: str) -> posting.WrittenReceipt:
    """Take an applied movement back from its account: its debts are open again and the movement waits.

    :raises CannotIdentify: without a reason, or if it is not applied to an account
    """
    _, state = _held(line, reason)
    if state.state != "applied" or state.receipt_id is None or line.amount_cents < 0:
        raise CannotIdentify("Este renglón no está aplicado a una cuenta.", "Vuelva a cargar la página.")
    receipt = Receipt.objects.get(pk=state.receipt_id)
    payment = receipt.payments.select_related("account").get()
    written = channel_receipts.take_back(
        receipt=receipt,
        file=line.settlement,
        funds=ledger.Funds.UNIDENTIFIED,
        on=timezone.localdate(at),
        at=at,
        by=by,
        reason=reason.strip(),
    )
    _decide(
        line, Identification.Outcome.WITHDRAWN, reason, at, by,
        account=payment.account, receipt_id=written.receipt_id,
    )  # fmt: skip
    return written


@transaction.atomic
def give_back(*, line: SettlementLine, reason: str, at: datetime, by: str) -> None:
    """Write that a movement was given back to who paid it, outside of any file; or, of money that left, that it
    was accounted for already.

    :raises CannotIdentify: without a reason, or if it no longer waits
    """
    _, state = _held(line, reason)
    _require_waiting(state)
    decision = _decide(line, Identification.Outcome.RETURNED, reason, at, by)
    ledger.post_transfer(
        document=f"returned:{line.pk}/{decision.number}",
        cents=line.amount_cents,
        source=ledger.Funds.BANKS,
        target=ledger.Funds.UNIDENTIFIED,
        description=f"Depósito devuelto: {reason.strip()}"[:200],
        on=timezone.localdate(at),
        at=at,
        by=by,
    )


@transaction.atomic
def identify_reversal(
    *, line: SettlementLine, original: SettlementLine, reason: str, at: datetime, by: str
) -> None:
    """Say which movement a reversal that waits takes back: its receipt is canceled, or both end each other.

    :raises CannotIdentify: without a reason, if it no longer waits, or the other is not a payment of the same
        channel for the same amount that still stands
    """
    _, state = _held(line, reason)
    _require_waiting(state)
    other = state_of(line_id=original.pk)
    if (
        other.state == "ended"
        or original.channel_id != line.channel_id
        or original.amount_cents != -line.amount_cents
        or original.amount_cents < 0
    ):
        raise CannotIdentify(
            "Ese movimiento no es un pago vigente del mismo canal y por el mismo importe.",
            "Elija otro.",
            field="original",
        )
    if other.state == "applied" and other.receipt_id is not None:
        withdraw(line=original, reason=reason, at=at, by=by)
    for mine, counterpart in ((line, original), (original, line)):
        _decide(mine, Identification.Outcome.REVERSED, reason, at, by, counterpart=counterpart)


def _held(line: SettlementLine, reason: str) -> tuple[PaymentChannel, LineState]:
    """The channel, held, and what the line is now."""
    if not reason.strip():
        raise CannotIdentify("Falta el motivo.", "Diga cómo se supo.", field="reason")
    channel = lock_channel(channel=line.channel)
    return channel, state_of(line_id=line.pk)


def _require_waiting(state: LineState) -> None:
    if state.state != "waiting":
        raise CannotIdentify(
            "Alguien ya resolvió este depósito.", "Vuelva a la lista: ya no está por identificar."
        )


def _decide(
    line: SettlementLine,
    outcome: str,
    reason: str,
    at: datetime,
    by: str,
    *,
    account: Account | None = None,
    receipt_id: int | None = None,
    counterpart: SettlementLine | None = None,
) -> Identification:
    decision = Identification.objects.create(
        line=line,
        number=line.identifications.count() + 1,
        outcome=outcome,
        account=account,
        receipt_id=receipt_id,
        counterpart=counterpart,
        at=at,
        by=by,
        reason=reason.strip()[:200],
    )
    audit.record(
        act=f"cashier.line_{outcome}",
        by=by,
        at=at,
        object_kind="settlement_line",
        object_id=line.pk,
        after={"account": account.number if account else "", "amount_cents": line.amount_cents},
        reason=reason,
    )
    return decision
