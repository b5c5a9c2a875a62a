"""Taking closed sessions to the bank: each closing once, its cash to the centavo, its checks one by one."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from caudal.cashier import drawer
from caudal.cashier.models import DepositedClosing, DepositSlip, TillClosing, TillSession
from caudal.cashier.models.tills import DEPOSITS
from caudal.kernel import audit, folios
from caudal.kernel.refusals import Refusal
from caudal.ledger import commands as ledger


class CannotDeposit(Refusal): ...


@transaction.atomic
def deposit_closings(
    *,
    closings: Sequence[TillClosing],
    bank_account: str,
    reference: str,
    on: date,
    at: datetime,
    by: str,
) -> DepositSlip:
    """Deposit what some closings collected, in one slip; it locks them.

    Of each goes the cash that was declared plus what was withdrawn before, less its float: the float goes back to
    the safe and opens the next session. Its checks go too; the bank has had them in the books since they came.

    :raises CannotDeposit: without closings, if one was deposited before, there is nothing to deposit, the day is
        later than today or before a closing, or the account and the reference lack or were used
    """
    _require_words(bank_account, reference)
    if not closings:
        raise CannotDeposit("No eligió ningún corte.", "Marque los cortes que deposita.", field="closings")
    # the sessions are locked in order: of two who deposit the same closing, the second sees the first
    sessions = sorted(closing.session_id for closing in closings)
    list(TillSession.objects.select_for_update(no_key=True).filter(pk__in=sessions).order_by("pk"))
    parts = drawer.deposit_parts(closing_ids=[closing.pk for closing in closings])
    _require_possible(parts, on, timezone.localdate(at))
    slip = _written(parts, bank_account.strip(), reference.strip(), on, at, by)
    ledger.post_transfer(
        document=slip.folio, cents=slip.amount_cents, source=ledger.Funds.CASH, target=ledger.Funds.BANKS,
        description=f"Depósito en {slip.bank_account}, referencia {slip.reference}", on=on, at=at, by=by,
    )  # fmt: skip
    audit.record(
        act="cashier.deposit_closings", by=by, at=at, object_kind="deposit_slip", object_id=slip.folio,
        after={
            "bank_account": slip.bank_account, "reference": slip.reference, "amount_cents": slip.amount_cents,
            "checks_cents": slip.checks_cents, "closings": [part.folio for part in parts],
        },
    )  # fmt: skip
    return slip


def _written(
    parts: Sequence[drawer.DepositPart],
    bank_account: str,
    reference: str,
    on: date,
    at: datetime,
    by: str,
) -> DepositSlip:
    try:
        with transaction.atomic():
            slip = DepositSlip.objects.create(
                number=folios.take(series=DEPOSITS), business_on=on, bank_account=bank_account,
                reference=reference, deposited_by=by, at=at,
                amount_cents=sum(part.cash_cents for part in parts),
                checks_cents=sum(part.checks_cents for part in parts),
            )  # fmt: skip
    except IntegrityError:
        raise CannotDeposit(
            f"La referencia {reference} de esa cuenta ya está en otra ficha.",
            "Revise la ficha del banco: cada depósito tiene su referencia.",
            field="reference",
        ) from None
    DepositedClosing.objects.bulk_create(
        DepositedClosing(
            slip=slip,
            closing_id=part.closing_id,
            amount_cents=part.cash_cents,
            checks_cents=part.checks_cents,
        )  # fmt: skip
        for part in parts
    )
    return slip


def _require_words(bank_account: str, reference: str) -> None:
    if not 4 <= len(bank_account.strip()) <= 40:
        raise CannotDeposit(
            "Falta la cuenta del banco.", "Escriba el número de cuenta en que se deposita.", field="bank_account"
        )  # fmt: skip
    if not 1 <= len(reference.strip()) <= 60:
        raise CannotDeposit(
            "Falta la referencia del banco.", "Escriba la que dice la ficha o el comprobante.", field="reference"
        )  # fmt: skip


def _require_possible(parts: Sequence[drawer.DepositPart], on: date, today: date) -> None:
    for part in parts:
        if part.slip:
            raise CannotDeposit(
                f"El {part.folio} ya está en la ficha {part.slip}.", "Quítelo de este depósito.", field="closings"
            )  # fmt: skip
        if on < part.business_on:
            raise CannotDeposit(
                f"El {part.folio} es del {part.business_on:%d/%m/%Y}.", "Escriba el día en que se depositó.", field="on"
            )  # fmt: skip
    if on > today:
        raise CannotDeposit("Ese día todavía no llega.", "Escriba el día en que se depositó.", field="on")
    cash, checks = (
        sum(part.cash_cents for part in parts),
        sum(part.checks_cents for part in parts),
    )
    if cash < 0 or cash + checks <= 0:
        raise CannotDeposit(
            "Entre esos cortes no queda efectivo ni cheques que depositar.",
            "Deposítelos junto con los siguientes.",
            field="closings",
        )
