"""What a person decides in the Crítica of a reading that is doubtful, contradicted or set aside; and taking it back."""

from datetime import date, datetime
from typing import Final

from django.db import transaction

from caudal.fieldwork import commands as fieldwork
from caudal.fieldwork.models import FieldOrder
from caudal.kernel import audit, events
from caudal.kernel.refusals import Refusal
from caudal.metering import queries
from caudal.metering.commands.assessment import CannotAssessPeriod, assess_one
from caudal.metering.commands.closing import request_reread, settle_reread
from caudal.metering.commands.locking import hold_period
from caudal.metering.commands.readings import correct_reading, record_reading
from caudal.metering.events import ReadingReviewed
from caudal.metering.exceptions import CODES, Treatment
from caudal.metering.models import Consumption, Reading, ReadingReview
from caudal.metering.policy import UNKNOWN, in_words
from caudal.registry.models import ServicePoint

ORIGIN: Final = "review"  # of the orders the Crítica asks for; their folio says period and point
ILLEGIBLE: Final = "04"  # what an estimate says of a value nobody believes, unless its own code explains more
URGENT: Final = 2
REREAD_CHECKLIST: Final = [
    {"code": "reading", "text": "Lectura", "answer": "number", "must": True},
    {"code": "dial", "text": "Foto de la carátula", "answer": "photo", "must": True},
]

Decision = ReadingReview.Decision
BY_PERSON: Final = frozenset({*ReadingReview.SETTLED, Decision.REREAD, Decision.INSPECTION})


class CannotReviewReading(Refusal): ...


class CannotReopenReview(Refusal): ...


@transaction.atomic
def review_reading(
    *,
    service_point: ServicePoint,
    period: int,
    decision: str,
    reason: str,
    by: str,
    at: datetime,
    value: int | None = None,
    exception_code: str = "00",
    read_on: date | None = None,
    seen: str = "",
) -> ReadingReview:
    """Decide of the reading of a point in a period: bill it as it is, correct it, estimate it, or look again.

    What is decided is assessed at once. Accepted, corrected or estimated, its bill no longer waits for it; sent to
    be read or inspected, it waits.

    :param value: of a correction, what the dial showed
    :param seen: `queries.seen_of` when the person looked; refused if something happened since
    :raises CannotReviewReading: no reason, nothing to decide of, or something changed meanwhile
    :raises Refusal: those of `correct_reading`: the value does not fit, the period is billed
    """
    _require_said(decision, reason)
    hold_period(cycle_id=service_point.route.cycle_id, period=period)
    if seen and seen != queries.seen_of(service_point_id=service_point.pk, period=period):
        raise CannotReviewReading(
            "Este caso cambió mientras lo veía: llegó otra lectura o alguien más lo decidió.",
            "Véalo otra vez y decida de nuevo.",
        )
    before, order_folio, now = _latest(service_point, period), "", None
    if decision == Decision.CORRECTED:
        now = _correct(service_point, period, before, value, exception_code, read_on, reason, by, at)
    elif decision == Decision.ESTIMATED:
        now = _distrust(service_point, period, before, reason, by, at)
    elif decision in (Decision.REREAD, Decision.INSPECTION):
        order_folio = _order(service_point, period, decision, reason, by, at).folio
    if decision in ReadingReview.SETTLED:
        _assess(service_point, period, by, at, again=now is not None)
        _settle_told(service_point, period, decision, reason, by, at)
    review = _write(
        service_point, period, decision, reason.strip(), by, at,
        reading=now or before, replaced=before if now else None, order_folio=order_folio,
    )  # fmt: skip
    events.announce(ReadingReviewed(review))
    return review


@transaction.atomic
def reopen_review(
    *, review: ReadingReview, by: str, at: datetime, reason: str = "Se deshizo"
) -> ReadingReview:
    """Take back the last decision of a point: its reading is again what it was, its order is canceled.

    :raises CannotReopenReview: something was decided or happened after it, or the period is billed
    """
    point = ServicePoint.objects.select_related("route__cycle").get(pk=review.service_point_id)
    period = int(review.period)
    hold_period(cycle_id=point.route.cycle_id, period=period)
    last = queries.last_review(service_point_id=point.pk, period=period)
    if last is None or last.pk != review.pk or review.decision not in BY_PERSON:
        raise CannotReopenReview(
            "Después de esa decisión pasó algo más con esta toma.", "Ábrala y decida de nuevo."
        )
    if queries.is_closed(cycle_id=point.route.cycle_id, period=period):
        raise CannotReopenReview(
            f"El periodo {in_words(period)} ya está facturado.", "Pida la relectura de la toma."
        )
    latest = _latest(point, period)
    if review.replaced and latest and latest.pk == review.reading_id:
        correct_reading(
            reading=latest, value=review.replaced.value, exception_code=review.replaced.exception_code,
            read_on=review.replaced.read_on, observer=review.replaced.observer, reason=reason, by=by, at=at,
        )  # fmt: skip
        _assess(point, period, by, at, again=True)
    if review.order_folio:
        _cancel_order(review, point, by, at, reason)
    reopened = _write(point, period, Decision.REOPENED, reason, by, at, reading=_latest(point, period))
    events.announce(ReadingReviewed(reopened))
    return reopened


@transaction.atomic
def contest_reading(
    *, service_point: ServicePoint, period: int, reason: str, by: str, at: datetime
) -> ReadingReview:
    """Say that what stands of a point is contradicted: until somebody decides, its bill waits."""
    reading = _latest(service_point, period)
    return _write(service_point, period, Decision.CONTESTED, reason[:300], by, at, reading=reading)


@transaction.atomic
def take_reread(
    *,
    service_point: ServicePoint,
    period: int,
    value: int,
    order_folio: str,
    read_on: date,
    by: str,
    at: datetime,
) -> ReadingReview:
    """Put the reading that an order brought in the place of the doubtful one. Without doubts left, it is settled;
    with them, somebody has to look.

    :raises Refusal: those of `correct_reading`
    """
    hold_period(cycle_id=service_point.route.cycle_id, period=period)
    before, now = _latest(service_point, period), None
    if before is None or before.value != value:
        reason = f"Relectura {order_folio}"
        now = _correct(service_point, period, before, value, "00", read_on, reason, by, at)
    if not queries.is_closed(cycle_id=service_point.route.cycle_id, period=period):
        settle_reread(service_point=service_point, period=period, by=by, at=at)
    _assess(service_point, period, by, at, again=True)
    row = _consumption(service_point, period)
    is_clear = row is not None and row.doubts == 0
    review = _write(
        service_point, period, Decision.CORRECTED if is_clear else Decision.REOPENED,
        f"Relectura {order_folio}: {value:,}" + (", sin dudas" if is_clear else ""), by, at,
        reading=now or before, replaced=before if now else None,
    )  # fmt: skip
    events.announce(ReadingReviewed(review))
    return review


def _require_said(decision: str, reason: str) -> None:
    if decision not in BY_PERSON:
        raise CannotReviewReading("Falta la decisión.", "Elija una de las cinco.", field="decision")
    if not reason.strip():
        raise CannotReviewReading("Falta el motivo.", "Escriba por qué lo decide.", field="reason")


def _latest(point: ServicePoint, period: int) -> Reading | None:
    return queries.latest_reading(service_point=point, period=period)


def _consumption(point: ServicePoint, period: int) -> Consumption | None:
    return Consumption.objects.filter(period=period, service_point_id=point.pk).first()


def _correct(
    point: ServicePoint, period: int, before: Reading | None, value: int | None, code: str, read_on: date | None,
    reason: str, by: str, at: datetime, /,
) -> Reading:  # fmt: skip
    if value is None:
        raise CannotReviewReading("Falta la lectura correcta.", "Escriba la que se ve.", field="value")
    if before is not None:
        return correct_reading(
            reading=before, value=value, exception_code=code, read_on=read_on, reason=reason, by=by, at=at
        )
    return record_reading(
        service_point=point, period=period, value=value, exception_code=code, read_on=read_on or at.date(),
        observer=by, by=by, at=at, origin=Reading.Origin.DESK,
    )  # fmt: skip


def _distrust(
    point: ServicePoint, period: int, before: Reading | None, reason: str, by: str, at: datetime, /
) -> Reading | None:
    """A value that counts is put aside, so that the period is estimated; if it is already, nothing changes."""
    _assess(point, period, by, at, again=False)
    row = _consumption(point, period)
    if before is None or before.value is None or row is None or row.basis != Consumption.Basis.REAL:
        return None
    explains = CODES[before.exception_code].treatment == Treatment.ESTIMATE
    return correct_reading(
        reading=before, value=None, exception_code=before.exception_code if explains else ILLEGIBLE,
        reason=reason, by=by, at=at,
    )  # fmt: skip


def _order(
    point: ServicePoint, period: int, decision: str, reason: str, by: str, at: datetime, /
) -> FieldOrder:
    """One live order of a kind for each point and period."""
    is_reread = decision == Decision.REREAD
    kind = FieldOrder.Kind.METER_CHECK if is_reread else FieldOrder.Kind.INSPECTION
    if is_reread:
        request_reread(service_point=point, period=period, reason=reason[:200], by=by, at=at)
    folio = f"{int(period)}-{point.pk}"
    live = FieldOrder.objects.filter(
        kind=kind, origin_kind=ORIGIN, origin_folio=folio, canceled_at=None, result=None
    ).first()
    return live or fieldwork.order_field_work(
        kind=kind, origin_kind=ORIGIN, origin_folio=folio, service_point=point,
        account=queries.account_at(service_point_id=point.pk, on=at.date()), instructions=reason, priority=URGENT,
        checklist=REREAD_CHECKLIST if is_reread else None, at=at, by=by,
    )  # fmt: skip


def _cancel_order(review: ReadingReview, point: ServicePoint, by: str, at: datetime, reason: str, /) -> None:
    order = FieldOrder.objects.filter(folio=review.order_folio, canceled_at=None, result=None).first()
    if order is None:
        raise CannotReopenReview(
            f"La orden {review.order_folio} ya se hizo o se canceló.", "Abra el caso y decida de nuevo."
        )
    fieldwork.cancel_order(order=order, reason=reason, at=at, by=by)
    if review.decision == Decision.REREAD:
        settle_reread(service_point=point, period=int(review.period), by=by, at=at)


def _assess(point: ServicePoint, period: int, by: str, at: datetime, /, *, again: bool) -> None:
    """Bring the consumption up to what is decided; a billed period, or a service without meter, stays as it is."""
    if not again and _consumption(point, period) is not None:
        return
    if not queries.is_open_for(service_point=point, period=period):
        return
    try:
        assess_one(service_point=point, period=period, by=by, at=at)
    except CannotAssessPeriod:
        return  # no metered service in the period: there is nothing to bill by it


def _settle_told(
    point: ServicePoint, period: int, decision: str, reason: str, by: str, at: datetime, /
) -> None:
    """What the phones told and was set aside no longer waits: it stays written, with who decided and why."""
    words = f"Crítica, {Decision(decision).label}: {reason}"[:300]
    for told in queries.told_apart(service_point_id=point.pk, period=period):
        fieldwork.dismiss_event(event=told.event, reason=words, at=at, by=by)


def _write(
    point: ServicePoint, period: int, decision: str, reason: str, by: str, at: datetime, /, *,
    reading: Reading | None, replaced: Reading | None = None, order_folio: str = "",
) -> ReadingReview:  # fmt: skip
    row = _consumption(point, period)
    review = ReadingReview.objects.create(
        service_point=point, period=period, decision=decision, doubts=row.doubts if row else 0,
        consumption_m3=row.consumption_m3 if row else UNKNOWN, reading=reading, replaced=replaced,
        order_folio=order_folio, reason=reason[:300], at=at, by=by,
    )  # fmt: skip
    audit.record(
        act="review_reading", by=by, at=at, object_kind="service_point", object_id=point.pk, reason=reason,
        after={"period": int(period), "decision": decision, "m3": review.consumption_m3, "order": order_folio},
    )  # fmt: skip
    return review
