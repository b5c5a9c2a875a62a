"""What accounting believes, derived again: every day agrees three ways, and each close was reviewed as it stands."""

from datetime import timedelta
from typing import Final

from django.db.models import Max, Min

from caudal.accounting import reconciling
from caudal.cashier.models import Receipt
from caudal.kernel.checks import NAMED, Check, rows
from caudal.kernel.wording import month_name, short_date
from caudal.ledger import queries as ledger

UNREVIEWED: Final = """
    SELECT closed.month FROM ledger_monthclose AS closed
    WHERE NOT EXISTS (SELECT FROM accounting_monthreview AS review
                      WHERE review.month = closed.month AND review.by = closed.reviewed_by) ORDER BY 1
"""


def _days() -> list[str]:
    span = Receipt.objects.aggregate(first=Min("business_on"), last=Max("business_on"))
    if span["first"] is None:
        return []
    days = reconciling.days(since=span["first"], until=span["last"] + timedelta(days=1))
    told = [f"{short_date(each.on)}: {finding.what}" for each in days for finding in each.all_findings]
    return told[:NAMED]


def _reviews() -> list[str]:
    found = [
        f"{month_name(month).capitalize()} se cerró sin que nadie lo revisara."
        for (month,) in rows(UNREVIEWED)
    ]
    for close in ledger.month_closes():
        digest = ledger.digest_of(month=close.month, n_entries=close.n_entries, by_account=close.figures)
        if ledger.seal_of(previous=close.previous_seal, digest=digest) != close.seal:
            found.append(f"El cierre de {month_name(close.month)} no dice las cifras que se sellaron.")
    return found


CHECKS: Final = [
    Check("days", "¿Cada día dicen lo mismo caja y banco, comprobantes y contabilidad?", _days),
    Check("closes", "¿Cada mes cerrado se revisó, y con esas cifras?", _reviews),
]
