"""What billing does when a reading is decided of in the Crítica: the bill it held for it goes out, or waits again."""

from django.utils import timezone

from caudal.billing import holding
from caudal.billing.models import BillingRun, HeldBill
from caudal.metering.events import ReadingReviewed
from caudal.metering.models import ReadingReview
from caudal.registry.models import ServiceAgreement


def follow_review(event: ReadingReviewed) -> None:
    """Let go what was held for a reading that is settled now; what is held for its amount still waits.

    A run that is issued keeps what it held: letting that out issues a bill, and whoever issues says so.
    """
    review = event.review
    held = _held_for(review)
    if held is None:
        return
    if review.decision == ReadingReview.Decision.REOPENED:
        holding.take_back(held=held, reason=review.reason, by=review.by, at=review.at)
    elif review.decision in ReadingReview.SETTLED:
        holding.follow_review(
            held=held, reason=f"Crítica: {review.reason}"[:200], by=review.by,
            on=timezone.localtime(review.at).date(), at=review.at,
        )  # fmt: skip


def _held_for(review: ReadingReview) -> HeldBill | None:
    """The bill of the point that a run in hand holds, whoever its account is."""
    agreements = ServiceAgreement.objects.filter(service_point_id=review.service_point_id)
    return HeldBill.objects.filter(
        run__period=review.period, run__state__in=(BillingRun.State.COMPUTED, BillingRun.State.REVIEWED),
        account__in=agreements.values("account"), issued_at=None,
    ).first()  # fmt: skip
