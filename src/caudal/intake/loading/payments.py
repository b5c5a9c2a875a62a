"""Payments of the past: kept as history of the account, not posted, because the debts are net of them."""

from django.db import connection
from django.db.models import Max

from caudal.intake.loading.accounts import Placed
from caudal.intake.models import IntakeSet, LegacyPayment
from caudal.intake.rehearsal.rows import PaymentRow

COLUMNS = (
    "account_id, intake_set_id, folio, revision, paid_on, paid_at, amount_cents, tender, till, is_canceled"
)


def keep(
    *, new: list[PaymentRow], changed: list[PaymentRow], here: dict[str, Placed], intake_set: IntakeSet
) -> None:
    """Write new payments, and a newer revision of those that changed."""
    last = dict(
        LegacyPayment.objects.filter(folio__in=[row.folio for row in changed])
        .values_list("folio")
        .annotate(last=Max("revision"))
    )
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY intake_legacypayment ({COLUMNS}) FROM STDIN") as copy,
    ):
        for row in (*new, *changed):
            copy.write_row((
                here[row.account].account_id, intake_set.pk, row.folio, last.get(row.folio, 0) + 1, row.paid_on,
                row.paid_at, row.cents, row.tender, row.till[:20], row.is_canceled,
            ))  # fmt: skip
