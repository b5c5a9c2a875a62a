"""Questions of intake: what files seem to be, what would be loaded, whether it agrees. Nothing is written."""

from typing import Any

from caudal.intake.inspection import Report as Report
from caudal.intake.inspection import draft_mapping as draft_mapping
from caudal.intake.inspection import inspect as inspect
from caudal.intake.models import IntakeSet, LegacyPayment
from caudal.intake.reconciliation import Reconciliation as Reconciliation
from caudal.intake.reconciliation import reconcile as reconcile
from caudal.intake.rehearsal import Rehearsal as Rehearsal
from caudal.intake.rehearsal import rehearse as rehearse


def legacy_payments(*, account_id: int) -> list[dict[str, Any]]:
    """Payments the old system received from an account, the newest first, in their latest revision."""
    rows: list[dict[str, Any]] = [
        dict(row)
        for row in LegacyPayment.objects.filter(account_id=account_id)
        .order_by("folio", "-revision")
        .distinct("folio")
        .values("folio", "paid_on", "paid_at", "amount_cents", "tender", "till", "is_canceled")
    ]
    return sorted(rows, key=lambda row: (row["paid_on"], row["folio"]), reverse=True)


def sets() -> list[IntakeSet]:
    """Every load that was made, the newest first."""
    return list(IntakeSet.objects.order_by("-pk"))
