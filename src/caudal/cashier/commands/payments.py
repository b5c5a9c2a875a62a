"""Taking a payment: one key, one credit, one receipt, in one transaction."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from caudal.cashier import policy
from caudal.cashier.models import Payment, ReceiptSeries
from caudal.cashier.queries import receipt
from caudal.kernel import audit, folios, idempotency
from caudal.kernel.refusals import Refusal
from caudal.ledger import commands as ledger
from caudal.ledger.models import Credit
from caudal.registry.models import Account
from caudal.tariffs import queries as tariffs


class CannotPostPayment(Refusal): ...


def post_payment(
    *,
    account: Account,
    amount_cents: int,
    tender: str,
    paid_at: datetime,
    business_on: date,
    by: str,
    key: UUID,
    series: str = "A",
    channel: str = "window",
    external_reference: str = "",
) -> dict[str, Any]:
    """Take a payment and return its receipt: folio, what it paid by period and concept, what stays in favor.

    The same key gives the same receipt again and takes nothing more. Debts are paid in the order of the
    tariff book in force on `business_on`, with surcharges to that day.

    :param amount_cents: what is kept, without the change given back
    :raises CannotPostPayment: amount zero, negative or absurd, unknown tender, series closed or unknown,
        a day in the future, an external reference that was paid before
    """
    request = {
        "account": account.number,
        "amount_cents": amount_cents,
        "tender": tender,
        "business_on": business_on.isoformat(),
        "series": series,
        "channel": channel,
        "external_reference": external_reference,
    }

    def run() -> dict[str, Any]:
        _require_sound(amount_cents, tender, business_on, paid_at)
        require_open_series(code=series, on=business_on)
        _require_new_reference(channel, external_reference)
        taken = Folio(series)
        terms = tariffs.terms(book=tariffs.book_in_force(on=business_on))
        posted = ledger.post_credit(
            account=account,
            kind=Credit.Kind.PAYMENT,
            amount_cents=amount_cents,
            on=business_on,
            at=paid_at,
            by=by,
            document=taken,
            terms=terms,
            funds_account=ledger.Funds.CASH if tender == Payment.Tender.CASH else ledger.Funds.BANKS,
        )
        payment = Payment.objects.create(
            account=account,
            credit=posted.credit,
            amount_cents=amount_cents,
            tender=tender,
            series=series,
            number=taken.number,
            business_on=business_on,
            paid_at=paid_at,
            received_by=by,
            channel=channel,
            external_reference=external_reference,
        )
        audit.record(
            act="cashier.post_payment",
            by=by,
            at=paid_at,
            object_kind="payment",
            object_id=payment.receipt_folio,
            after=request,
        )
        return receipt(payment=payment, posted=posted)

    return idempotency.once(key=key, act="cashier.post_payment", body=request, at=paid_at, run=run)


class Folio:
    """A folio of a series, taken when the ledger asks for it: the series is locked last."""

    def __init__(self, series: str) -> None:
        self.series = series
        self.number = 0

    def __call__(self) -> str:
        self.number = folios.take(series=self.series)
        return f"{self.series}-{self.number:06d}"


def _require_sound(amount_cents: int, tender: str, business_on: date, paid_at: datetime) -> None:
    problems = (
        (
            amount_cents <= 0,
            "El importe debe ser mayor que cero.",
            "Escriba cuánto entrega la persona.",
            "amount",
        ),
        (
            policy.is_absurd(amount_cents=amount_cents),
            "El importe es demasiado grande para un pago.",
            "Revise que no haya escrito el número de cuenta en el importe.",
            "amount",
        ),
        (
            tender not in Payment.Tender.values,
            "La forma de pago no existe.",
            "Elija efectivo, tarjeta, cheque o transferencia.",
            "tender",
        ),
        (
            business_on > timezone.localdate(paid_at),
            "La fecha del pago es futura.",
            "Use la fecha de hoy o una anterior.",
            "business_on",
        ),
    )
    for is_wrong, what, remedy, field in problems:
        if is_wrong:
            raise CannotPostPayment(what, remedy, field=field)


def require_open_series(*, code: str, on: date) -> None:
    """Refuse a series that does not exist or is not open on a day.

    :raises CannotPostPayment: naming the series
    """
    series = ReceiptSeries.objects.filter(code=code).first()
    if series is None:
        raise CannotPostPayment(
            f"No existe la serie de recibos {code}.", "Elija una serie abierta.", field="series"
        )
    if series.closed_on is not None and series.closed_on <= on:
        raise CannotPostPayment(
            f"La serie {code} está cerrada desde el {series.closed_on:%d/%m/%Y}.",
            "Cobre con una serie abierta.",
            field="series",
        )


def _require_new_reference(channel: str, external_reference: str) -> None:
    if not external_reference:
        return
    earlier = Payment.objects.filter(channel=channel, external_reference=external_reference).first()
    if earlier is not None:
        raise CannotPostPayment(
            f"La referencia {external_reference} ya se pagó con el recibo {earlier.receipt_folio}.",
            "Consulte ese pago antes de cobrar otra vez.",
            field="external_reference",
        )
