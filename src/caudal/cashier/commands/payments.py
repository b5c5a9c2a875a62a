"""Taking a payment: one key, one receipt, for one account or several, in one transaction."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.utils import timezone

from caudal.campaigns import commands as campaigns
from caudal.cashier import posting, printing
from caudal.cashier.commands.parts import (
    AccountPart,
    CannotTakePayment,
    TenderPart,
    require_sound_parts,
    require_sound_tenders,
)
from caudal.cashier.events import PaymentsPosted
from caudal.cashier.models import Payment, Prepayment, TenderKind, TillSession
from caudal.cashier.queries import receipt_reply
from caudal.kernel import audit, events, idempotency, waiting
from caudal.ledger import commands as ledger
from caudal.tariffs import queries as tariffs

WINDOW: Final = "window"
# a closing waits for the payment that is under way, and the next payment for the closing
HOLD_SESSION: Final = (
    "SELECT state, cashier, business_on FROM cashier_tillsession WHERE id = %s FOR NO KEY UPDATE"
)


def take_payment(
    *,
    session: TillSession,
    parts: Sequence[AccountPart],
    tenders: Sequence[TenderPart],
    at: datetime,
    by: str,
    key: UUID,
) -> dict[str, Any]:
    """Take a payment in an open till session and return its receipt (see `queries.receipt_reply`).

    The same key gives the same receipt again and takes nothing more. Debts are paid in the order of the tariff
    book in force on the session's day, with surcharges to that day; what is left stays in favor of its account. If
    a campaign forgives part of a debt to whoever pays the rest at once, it is forgiven before, by its rule.

    :raises CannotTakePayment: session not open, of another day or of somebody else; amounts zero, negative,
        absurd or that do not add up; a tender unknown, repeated or without its reference; an account repeated
    :raises CannotKeepPrepaidMonths: if a month is paid ahead already, or its reduction is not its campaign's
    """
    request = {
        "session": session.pk,
        "parts": [[part.account.number, part.amount_cents] for part in parts],
        **{f"prepaid {part.account.number}": part.prepaid.months for part in parts if part.prepaid},
        "tenders": [asdict(tender) for tender in tenders],
    }

    def run() -> dict[str, Any]:
        _require_session(session, at, by)
        require_sound_parts(parts=parts)
        require_sound_tenders(tenders=tenders, total_cents=sum(part.amount_cents for part in parts))
        return _post(session, parts, tenders, at, by, request)

    return idempotency.once(key=key, act="cashier.take_payment", body=request, at=at, run=run)


def _post(
    session: TillSession,
    parts: Sequence[AccountPart],
    tenders: Sequence[TenderPart],
    at: datetime,
    by: str,
    request: dict[str, Any],
) -> dict[str, Any]:
    control = posting.Control(
        series=session.till.series_id, channel=WINDOW, by=by, at=at, session_id=session.pk
    )
    run = posting.FolioRun(series=control.series)
    money = {part.account.pk: part.amount_cents for part in parts}
    terms = tariffs.terms_on(on=session.business_on)
    ledger.lock_accounts(account_ids=money)
    campaigns.waive_single_payment(
        account_cents=money, on=session.business_on, at=at, by=by, document=lambda: run.names[0], terms=terms
    )
    posted = ledger.post_payments(
        money_cents=money,
        funds=funds_of(tenders=tenders),
        on=session.business_on,
        at=at,
        by=by,
        terms=terms,
        documents=lambda: (run.names * len(parts), run.names[0]),
        are_locked=True,
    )
    [written] = posting.write_receipts(
        control=control,
        run=run,
        business_on=[session.business_on],
        totals=[sum(part.amount_cents for part in parts)],
        paid=posting.paid_by(posted=posted, places=dict.fromkeys(posted.account_ids, 0)),
        tendered=[
            posting.Tendered(0, each.kind, each.amount_cents, each.given_cents, each.reference.strip())
            for each in tenders
        ],
    )
    _keep_prepaid(written.receipt_id, parts, posted, control)
    printing.enqueue(receipt_id=written.receipt_id, till=session.till, at=at, by=by)
    audit.record(
        act="cashier.take_payment",
        by=by,
        at=at,
        object_kind="receipt",
        object_id=written.folio,
        after=request,
    )
    events.announce(
        PaymentsPosted(
            receipt_ids=(written.receipt_id,),
            account_ids=tuple(posted.account_ids),
            on=session.business_on,
            at=at,
            by=by,
            till=session.till_id,
        )
    )
    return receipt_reply(
        written=written, control=control, on=session.business_on, parts=parts, posted=posted, tenders=tenders
    )


def _keep_prepaid(
    receipt_id: int, parts: Sequence[AccountPart], posted: ledger.PostedPayments, control: posting.Control, /
) -> None:
    """Write down the months paid ahead; what was left in favor by this payment must be enough for them."""
    ahead = [part for part in parts if part.prepaid]
    if not ahead:
        return
    left = dict(zip(posted.account_ids, posted.written.unallocated_cents, strict=True))
    for part in ahead:
        assert part.prepaid is not None
        if left[part.account.pk] < sum(cents for _, cents in part.prepaid.months):
            raise CannotTakePayment(
                f"El importe no alcanza para lo que debe la cuenta {part.account.number} y los meses adelantados.",
                "Cobre el total que se muestra, o menos meses.",
                field="amount",
            )
    payments = {each.account_id: each for each in Payment.objects.filter(receipt_id=receipt_id)}
    for part in ahead:
        assert part.prepaid is not None
        payment = payments[part.account.pk]
        Prepayment.objects.create(
            payment=payment,
            first_period=part.prepaid.months[0][0],
            months=[[period, cents] for period, cents in part.prepaid.months],
            book=part.prepaid.book,
        )
        campaigns.keep_prepaid_months(
            account=part.account, months=part.prepaid.terms, book=part.prepaid.book,
            campaign=part.prepaid.campaign, credit_id=payment.credit_id, at=control.at, by=control.by,
        )  # fmt: skip


def funds_of(*, tenders: Sequence[TenderPart]) -> dict[str, int]:
    """Where the money of some tenders is: cash in the drawer, the rest in the bank (centavos by account)."""
    sums: dict[str, int] = {}
    for tender in tenders:
        account = ledger.Funds.CASH if tender.kind == TenderKind.CASH else ledger.Funds.BANKS
        sums[account] = sums.get(account, 0) + tender.amount_cents
    return sums


def _require_session(session: TillSession, at: datetime, by: str) -> None:
    with waiting.for_lock(what="El turno se está cerrando."), connection.cursor() as cursor:
        cursor.execute(HOLD_SESSION, [session.pk])
        state, cashier, business_on = cursor.fetchone()
    problems = (
        (
            state != TillSession.State.OPEN,
            "El turno ya no recibe pagos.",
            "Abra un turno nuevo para seguir cobrando.",
        ),
        (
            cashier != by,
            f"El turno es de {cashier}.",
            "Cobre con un turno propio.",
        ),
        (
            business_on != timezone.localdate(at),
            f"El turno es del {business_on:%d/%m/%Y}.",
            "Haga su corte y abra el turno de hoy.",
        ),
    )
    for is_wrong, what, remedy in problems:
        if is_wrong:
            raise CannotTakePayment(what, remedy, field="session")
