"""What metering announces, inside the transaction in which it is written."""

from dataclasses import dataclass

from caudal.metering.models import ReadingReview


@dataclass(frozen=True, slots=True)
class ReadingReviewed:
    """Somebody decided of a doubtful reading in the Crítica, or took a decision back."""

    review: ReadingReview
