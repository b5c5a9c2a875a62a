"""Write down what somebody saw on a dial, and correct it with another observation."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.metering import queries
from caudal.metering.commands.locking import share_period
from caudal.metering.exceptions import CODES, NORMAL
from caudal.metering.models import MeterInstallation, Reading
from caudal.metering.policy import in_words
from caudal.registry.models import ServicePoint
from caudal.rules.periods import Period

# how far outside its month a reading of the month may be taken: routes are walked around the turn
WINDOW_DAYS = 20


class CannotRecordReading(Refusal): ...


class CannotCorrectReading(Refusal): ...


@transaction.atomic
def record_reading(
    *,
    service_point: ServicePoint,
    period: int,
    value: int | None,
    read_on: date,
    observer: str,
    by: str,
    at: datetime,
    exception_code: str = "00",
    origin: str = Reading.Origin.ROUTE,
    kind: str = Reading.Kind.REGULAR,
    serial: str = "",
) -> Reading:
    """Write one observation of the meter that hangs at a point. It is never changed afterwards.

    :param value: whole m³ on the dial; None if it could not be seen, and then the code says why
    :param serial: number the reader saw on the meter; it must be the one that hangs there
    :raises CannotRecordReading: period billed, no meter or another meter, value that does not fit the dial,
        unknown code, a date outside the period or to come, or a reading that exists already
    """
    share_period(cycle_id=service_point.route.cycle_id, period=period)
    if not queries.is_open_for(service_point=service_point, period=period):
        raise CannotRecordReading(
            f"El periodo {in_words(period)} del ciclo {service_point.route.cycle.code} ya está facturado.",
            "No admite lecturas; si hay un error, pida la relectura de la toma.",
            field="period",
        )
    installation = _installation(service_point, on=read_on, serial=serial)
    months = service_point.route.cycle.months
    check_observation(
        value=value,
        exception_code=exception_code,
        dial_digits=installation.meter.dial_digits,
        refusal=CannotRecordReading,
    )
    check_date(read_on=read_on, period=period, months=months, today=at.date(), refusal=CannotRecordReading)
    try:
        with transaction.atomic():
            reading = Reading.objects.create(
                installation=installation,
                period=Period(period),
                kind=kind,
                value=value,
                exception_code=exception_code,
                read_on=read_on,
                origin=origin,
                observer=observer,
                recorded_at=at,
                recorded_by=by,
            )
    except IntegrityError:
        raise CannotRecordReading(
            f"El medidor {installation.meter.serial} ya tiene lectura de {in_words(period)}.",
            "Si está mal, corríjala: la anterior se conserva.",
            field="period",
        ) from None
    return reading


@transaction.atomic
def correct_reading(
    *,
    reading: Reading,
    reason: str,
    by: str,
    at: datetime,
    value: int | None = None,
    exception_code: str = "00",
    read_on: date | None = None,
    observer: str = "",
) -> Reading:
    """Write a new revision of a reading; the earlier ones stay as they were.

    :raises CannotCorrectReading: period billed, no reason, a value or date that cannot be, or a newer
        revision exists
    """
    if not reason.strip():
        raise CannotCorrectReading("Falta el motivo.", "Escriba por qué se corrige.", field="reason")
    installation = MeterInstallation.objects.select_related("meter", "service_point__route__cycle").get(
        pk=reading.installation_id
    )
    point = installation.service_point
    share_period(cycle_id=point.route.cycle_id, period=reading.period)
    if not queries.is_open_for(service_point=point, period=reading.period):
        raise CannotCorrectReading(
            f"El periodo {in_words(reading.period)} ya está facturado.",
            "Pida la relectura de la toma.",
            field="period",
        )
    check_observation(
        value=value,
        exception_code=exception_code,
        dial_digits=installation.meter.dial_digits,
        refusal=CannotCorrectReading,
    )
    new_day = read_on or reading.read_on
    check_date(
        read_on=new_day,
        period=reading.period,
        months=point.route.cycle.months,
        today=at.date(),
        refusal=CannotCorrectReading,
    )
    try:
        with transaction.atomic():
            revised = Reading.objects.create(
                installation=installation,
                period=reading.period,
                kind=reading.kind,
                revision=reading.revision + 1,
                value=value,
                exception_code=exception_code,
                read_on=new_day,
                origin=Reading.Origin.DESK,
                observer=observer or reading.observer,
                recorded_at=at,
                recorded_by=by,
                reason=reason,
            )
    except IntegrityError:
        raise CannotCorrectReading(
            "Esta lectura ya fue corregida por otra persona.",
            "Vuelva a abrirla y corrija la más reciente.",
        ) from None
    audit.record(
        act="correct_reading",
        by=by,
        at=at,
        object_kind="reading",
        object_id=revised.pk,
        reason=reason,
        before={"value": reading.value, "code": reading.exception_code, "on": str(reading.read_on)},
        after={"value": value, "code": exception_code, "on": str(new_day)},
    )
    return revised


def check_observation(
    *, value: int | None, exception_code: str, dial_digits: int, refusal: type[Refusal]
) -> None:
    """Refuse an unknown code, a missing value without a reason, or a value that the dial cannot show."""
    if exception_code not in CODES:
        raise refusal(
            f"La observación {exception_code} no existe.",
            "Use un código del 00 al 25.",
            field="exception_code",
        )
    if value is None and CODES[exception_code].number == NORMAL:
        raise refusal(
            "Falta la lectura.",
            "Escríbala, o indique con un código de observación por qué no se leyó.",
            field="value",
        )
    if value is not None and not 0 <= value < 10**dial_digits:
        raise refusal(
            f"La lectura {value} no cabe en una carátula de {dial_digits} dígitos.",
            "Revise la lectura.",
            field="value",
        )


def check_date(*, read_on: date, period: int, months: int, today: date, refusal: type[Refusal]) -> None:
    """Refuse a day to come, or one too far from the period it is said to belong to."""
    if read_on > today:
        raise refusal(f"La fecha {read_on:%d/%m/%Y} no ha llegado.", "Revise la fecha.", field="read_on")
    month = Period(period)
    first = month.shift(1 - months).first_day - timedelta(days=WINDOW_DAYS)
    last = month.last_day + timedelta(days=WINDOW_DAYS)
    if not first <= read_on <= last:
        raise refusal(
            f"La fecha {read_on:%d/%m/%Y} no corresponde al periodo {in_words(period)}.",
            f"Debe estar entre el {first:%d/%m/%Y} y el {last:%d/%m/%Y}.",
            field="read_on",
        )


def _installation(service_point: ServicePoint, *, on: date, serial: str) -> MeterInstallation:
    """The meter that hung at the point that day."""
    found = (
        MeterInstallation.objects.select_related("meter")
        .filter(service_point=service_point, installed_on__lte=on)
        .order_by("-installed_on", "-pk")
        .first()
    )
    if found is None or (found.removed_on is not None and found.removed_on < on):
        raise CannotRecordReading(
            f"La toma no tenía medidor instalado el {on:%d/%m/%Y}.",
            "Registre primero la instalación del medidor.",
            field="service_point",
        )
    if serial and serial.strip().upper() != found.meter.serial:
        raise CannotRecordReading(
            f"El medidor {serial} no es el de esta toma: ahí está el {found.meter.serial}.",
            "Revise el número; si se cambió el medidor, registre el cambio.",
            field="serial",
        )
    return found
