"""What the street announces, inside the transaction in which it is written down."""

from dataclasses import dataclass

from caudal.fieldwork.models import FieldEvent, FieldOrder, OrderResult, Stop


@dataclass(frozen=True, slots=True)
class EventApplied:
    """What a phone told became what it says: a reading, a delivery, the result of an order."""

    event: FieldEvent
    stop: Stop
    outcome: str


@dataclass(frozen=True, slots=True)
class ConflictFound:
    """What a phone told contradicts what was known: both are kept, and somebody has to look."""

    event: FieldEvent
    reason: str


@dataclass(frozen=True, slots=True)
class OrderDone:
    """An order has its result: it was done, or could not be."""

    order: FieldOrder
    result: OrderResult
