"""Handing out a quote: kept as it was told, with a folio and the day it expires."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from caudal.kernel import audit, folios
from caudal.quotes import policy, queries
from caudal.quotes.models import PaymentQuote
from caudal.quotes.queries import CannotQuotePayment as CannotQuotePayment
from caudal.registry.models import Account


@transaction.atomic
def issue_quote(
    *,
    account: Account,
    on: date,
    at: datetime,
    by: str,
    counts: Sequence[int] = policy.COUNTS,
    down_ppm: int | None = None,
) -> PaymentQuote:
    """Write down what an account would pay today, at once and in payments, and take a folio for its paper.

    :param down_ppm: share of the debt that the first payment is; None: the least that the utility admits
    :raises CannotQuotePayment: if nothing is owed, or the payments do not make sense
    """
    told = queries.standing(account=account, on=on, at=at, counts=counts, down_ppm=down_ppm)
    quote = PaymentQuote.objects.create(
        number=folios.take(series=policy.SERIES), account=account, on=on, expires_on=told.expires_on,
        total_cents=told.payable_cents, body=told.as_dict(), issued_by=by, at=at,
    )  # fmt: skip
    audit.record(
        act="quotes.issue_quote", by=by, at=at, object_kind="account", object_id=account.number,
        after={"folio": quote.folio, "total_cents": quote.total_cents, "expires_on": told.expires_on.isoformat()},
    )  # fmt: skip
    return quote
