"""What a phone told of a dial becomes a reading, once; and what contradicts what stands is kept beside it.

The stop of a reading has the meter's installation as its subject and the period of its round.
"""

from datetime import datetime
from typing import Final

from django.utils import timezone

from caudal.fieldwork import commands as fieldwork
from caudal.fieldwork.applying import Applied, Conflict
from caudal.fieldwork.models import EventOutcome, FieldEvent, FieldOrder, Stop
from caudal.kernel.refusals import Refusal
from caudal.metering import commands, queries
from caudal.metering.exceptions import CODES, TREATMENTS, WRONG_METER, FollowUp
from caudal.metering.models import Meter, MeterInstallation, Reading, ReadingReview
from caudal.metering.policy import in_words

SUBJECT: Final = (
    "reading"  # of a stop, of an event, of what an event became, and of the orders a code asks for
)

_Kind = FieldOrder.Kind
ORDERS: Final[dict[FollowUp, _Kind]] = {
    FollowUp.METER_ORDER: _Kind.METER_CHECK,
    FollowUp.METER_CHANGE: _Kind.METER_CHANGE,
    FollowUp.FRAUD_CASE: _Kind.FRAUD_CHECK,
    FollowUp.LEAK_REPORT: _Kind.LEAK,
    FollowUp.CENSUS: _Kind.CENSUS,
    FollowUp.INSPECTION: _Kind.INSPECTION,
}
_URGENT: Final = {_Kind.LEAK: 2, _Kind.FRAUD_CHECK: 2}


class CannotTakeReading(Refusal): ...


def apply(*, event: FieldEvent, stop: Stop, at: datetime) -> Applied:
    """Write the reading that a phone told. Told again with the same value, it is the same reading.

    :raises Conflict: another value stands, the meter was changed meanwhile, or the period is billed
    :raises Refusal: it cannot be a reading of this meter in this period
    """
    told = _told(event)
    installation = _installation(stop)
    period = _period(stop)
    standing = _standing(installation, period)
    if standing is not None and _is_same(standing, told):
        return _applied(standing, told)
    _require_same_meter(installation, told)
    if not queries.is_open_for(service_point=installation.service_point, period=period):
        raise Conflict(
            f"Llegó la lectura {told.words} y el periodo {in_words(period)} ya está facturado.",
            "period", str(period),
        )  # fmt: skip
    if standing is not None:
        return _applied(_second(standing, told, at), told)
    reading = commands.record_reading(
        service_point=installation.service_point, period=period, value=told.value, exception_code=told.code,
        read_on=timezone.localtime(event.happened_at).date(), observer=told.by, by=told.by, at=at,
        serial=installation.meter.serial,
    )  # fmt: skip
    follow_up(reading=reading, by=told.by, at=at)
    return _applied(reading, told)


def follow_up(*, reading: Reading, by: str, at: datetime) -> FieldOrder | None:
    """Order what the code of a reading asks for: once for each point and period, and not while one is pending."""
    asked = CODES[reading.exception_code]
    kind = ORDERS.get(asked.follow_up)
    if kind is None:
        return None
    point = reading.installation.service_point
    folio = f"{int(reading.period)}-{point.pk}"
    same = FieldOrder.objects.filter(service_point=point, kind=kind, canceled_at=None)
    if same.filter(origin_kind=SUBJECT, origin_folio=folio).exists() or same.filter(result=None).exists():
        return None
    return fieldwork.order_field_work(
        kind=kind, origin_kind=SUBJECT, origin_folio=folio, service_point=point,
        account=queries.account_at(service_point_id=point.pk, on=reading.read_on), priority=_URGENT.get(kind, 3),
        instructions=f"{asked.code} {asked.text}: medidor {reading.installation.meter.serial}", at=at, by=by,
    )  # fmt: skip


class _Told:
    """What an event says of a dial."""

    def __init__(self, event: FieldEvent) -> None:
        body = event.body
        self.value: int | None = body.get("value")
        self.code = str(body.get("code") or "00")
        self.serial = str(body.get("serial") or "").strip().upper()
        self.by: str = event.device.clerk.username
        self.happened_at = event.happened_at
        self.read_on = timezone.localtime(event.happened_at).date()

    @property
    def words(self) -> str:
        return "sin valor" if self.value is None else f"{self.value:,}"


def _told(event: FieldEvent) -> _Told:
    value = event.body.get("value")
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise CannotTakeReading("La lectura no es un número entero.", "Vuelva a leer el medidor.")
    told = _Told(event)
    if told.code not in CODES:
        raise CannotTakeReading(f"La observación {told.code} no existe.", "Use un código del 00 al 25.")
    return told


def _installation(stop: Stop) -> MeterInstallation:
    """The meter the stop is about, locked: two phones that tell of it come one after the other."""
    found = (
        MeterInstallation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("meter", "service_point__route__cycle")
        .filter(pk=int(stop.subject_folio) if stop.subject_folio.isdigit() else 0)
        .first()
    )
    if found is None:
        raise CannotTakeReading(
            f"El medidor {stop.subject_folio} no existe.", "Revise de qué recorrido es esta lectura."
        )
    return found


def _period(stop: Stop) -> int:
    if stop.round.period is None:
        raise CannotTakeReading(
            f"El recorrido {stop.round.folio} no dice de qué periodo es.",
            "Planéelo otra vez desde «Crítica».",
        )
    return int(stop.round.period)


def _standing(installation: MeterInstallation, period: int) -> Reading | None:
    return (
        Reading.objects.filter(installation=installation, period=period, kind=Reading.Kind.REGULAR)
        .select_related("installation__meter", "installation__service_point__route__cycle")
        .order_by("-revision")
        .first()
    )


def _is_same(standing: Reading, told: _Told) -> bool:
    """The same m³ follow from both: the same value and the same treatment."""
    return standing.value == told.value and bool(
        TREATMENTS[int(standing.exception_code)] == TREATMENTS[int(told.code)]
    )


def _require_same_meter(installation: MeterInstallation, told: _Told) -> None:
    """A meter that was changed meanwhile is a conflict; a reading of the neighbor's meter is no reading."""
    hung = MeterInstallation.objects.select_related("meter").filter(
        service_point=installation.service_point, removed_on=None
    )
    now = hung.first()
    if installation.removed_on is not None:
        raise Conflict(
            f"Llegó la lectura {told.words} del medidor {installation.meter.serial}, que se retiró el "
            f"{installation.removed_on:%d/%m/%Y}" + (f"; ahí está el {now.meter.serial}." if now else "."),
            "installation", installation.pk,
        )  # fmt: skip
    if not told.serial or told.serial == installation.meter.serial or int(told.code) == WRONG_METER:
        return
    elsewhere = Meter.objects.filter(serial=told.serial, installations__removed_on=None).exclude(
        installations__service_point=installation.service_point
    )
    if elsewhere.exists():
        raise CannotTakeReading(
            f"El medidor {told.serial} es de otra toma: aquí está el {installation.meter.serial}.",
            "Vuelva a leer el de esta toma, o marque la observación 23.",
        )
    raise Conflict(
        f"Se leyó {told.words} en el medidor {told.serial}, y aquí está dado de alta el "
        f"{installation.meter.serial}.", "installation", installation.pk,
    )  # fmt: skip


def _second(standing: Reading, told: _Told, at: datetime) -> Reading:
    """Another value for a dial that was read already: who told the first may correct it, nobody else may."""
    first = _event_of(standing)
    is_own = first is not None and first.device.clerk.username == told.by == standing.recorded_by
    if first is None or not is_own or _is_reviewed(standing):
        is_desk = standing.origin == Reading.Origin.DESK and standing.recorded_by != standing.observer
        who = "la oficina" if is_desk else standing.observer
        stands = "sin valor" if standing.value is None else f"{standing.value:,}"
        raise Conflict(
            f"{told.by} leyó {told.words} y {who} había leído {stands} el {standing.read_on:%d/%m/%Y}.",
            SUBJECT, standing.pk,
        )  # fmt: skip
    if told.happened_at <= first.happened_at:
        return standing  # an earlier one that came late: the reader corrected it afterwards
    return commands.correct_reading(
        reading=standing, value=told.value, exception_code=told.code, read_on=told.read_on, observer=told.by,
        reason="Se corrigió en la calle, quien leyó", by=told.by, at=at,
    )  # fmt: skip


def _is_reviewed(reading: Reading) -> bool:
    """Whether somebody in the office decided about it already."""
    point = reading.installation.service_point_id
    return ReadingReview.objects.filter(service_point=point, period=reading.period).exists()


def _event_of(reading: Reading) -> FieldEvent | None:
    """The event a reading came of; None if it came some other way."""
    outcome = (
        EventOutcome.objects.filter(kind="applied", result_kind=SUBJECT, result_id=str(reading.pk))
        .select_related("event__device__clerk")
        .order_by("event__happened_at")
        .last()
    )
    return outcome.event if outcome else None


def _applied(reading: Reading, told: _Told) -> Applied:
    outcome = Stop.Outcome.NOT_READ if told.value is None else Stop.Outcome.READ
    return Applied(result_kind=SUBJECT, result_id=str(reading.pk), outcome=outcome)
