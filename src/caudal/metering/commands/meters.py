"""Hang a meter, take it down, or put another in its place, without losing a cubic meter."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.metering.models import Meter, MeterInstallation, Reading
from caudal.registry.models import ServicePoint
from caudal.rules.periods import Period


class CannotInstallMeter(Refusal): ...


class CannotRemoveMeter(Refusal): ...


@transaction.atomic
def install_meter(
    *,
    service_point: ServicePoint,
    serial: str,
    on: date,
    by: str,
    at: datetime,
    initial_reading: int = 0,
    dial_digits: int = 5,
    diameter_mm: int = 13,
    brand: str = "",
) -> MeterInstallation:
    """Hang a meter, new or from the store, with the reading it starts at.

    :raises CannotInstallMeter: if the meter hangs elsewhere, the point has one, or the reading does not fit
        its dial
    """
    serial = serial.strip().upper()
    if not serial:
        raise CannotInstallMeter(
            "Falta el número del medidor.", "Escríbalo como está en la carátula.", field="serial"
        )
    meter, _ = Meter.objects.get_or_create(
        serial=serial, defaults={"dial_digits": dial_digits, "diameter_mm": diameter_mm, "brand": brand}
    )
    if not 0 <= initial_reading < 10**meter.dial_digits:
        raise CannotInstallMeter(
            f"La lectura inicial {initial_reading} no cabe en una carátula de {meter.dial_digits} dígitos.",
            "Revise la lectura o los dígitos del medidor.", field="initial_reading",
        )  # fmt: skip
    try:
        with transaction.atomic():
            installation = MeterInstallation.objects.create(
                meter=meter, service_point=service_point, installed_on=on, initial_reading=initial_reading
            )
    except IntegrityError:
        raise CannotInstallMeter(_who_is_there(meter=meter, service_point=service_point, on=on),
            "Retire primero el medidor anterior, o revise el número y la fecha.", field="serial",
        ) from None  # fmt: skip
    _observe(installation, kind=Reading.Kind.INITIAL, value=initial_reading, on=on, by=by, at=at)
    audit.record(
        act="install_meter", by=by, at=at, object_kind="service_point", object_id=service_point.pk,
        after={"meter": serial, "on": str(on), "initial_reading": initial_reading},
    )  # fmt: skip
    return installation


@transaction.atomic
def remove_meter(
    *, service_point: ServicePoint, on: date, final_reading: int, reason: str, by: str, at: datetime
) -> MeterInstallation:
    """Take a meter down, with the reading it ended at.

    :raises CannotRemoveMeter: if there is none that day, a later reading was taken on it, the reading does
        not fit its dial, or no reason is given
    """
    if not reason.strip():
        raise CannotRemoveMeter("Falta el motivo.", "Escriba por qué se retira.", field="reason")
    installation = (
        MeterInstallation.objects.select_for_update(of=("self",))
        .select_related("meter")
        .filter(service_point=service_point, removed_on__isnull=True, installed_on__lte=on)
        .first()
    )
    if installation is None:
        raise CannotRemoveMeter(
            f"La toma no tenía medidor instalado el {on:%d/%m/%Y}.", "Revise la toma y la fecha.", field="on"
        )
    if not 0 <= final_reading < 10**installation.meter.dial_digits:
        raise CannotRemoveMeter(
            f"La lectura final {final_reading} no cabe en una carátula de {installation.meter.dial_digits} dígitos.",
            "Revise la lectura.", field="final_reading",
        )  # fmt: skip
    later = installation.readings.filter(read_on__gt=on).order_by("-read_on").first()
    if later is not None:
        raise CannotRemoveMeter(
            f"El medidor {installation.meter.serial} tiene una lectura del {later.read_on:%d/%m/%Y}.",
            "La fecha de retiro no puede ser anterior.", field="on",
        )  # fmt: skip
    MeterInstallation.objects.filter(pk=installation.pk).update(
        removed_on=on, final_reading=final_reading, removal_reason=reason
    )
    _observe(installation, kind=Reading.Kind.FINAL, value=final_reading, on=on, by=by, at=at)
    audit.record(
        act="remove_meter", by=by, at=at, object_kind="service_point", object_id=service_point.pk, reason=reason,
        before={"meter": installation.meter.serial}, after={"on": str(on), "final_reading": final_reading},
    )  # fmt: skip
    installation.refresh_from_db()
    return installation


@transaction.atomic
def exchange_meter(
    *,
    service_point: ServicePoint,
    on: date,
    final_reading: int,
    serial: str,
    reason: str,
    by: str,
    at: datetime,
    initial_reading: int = 0,
    dial_digits: int = 5,
    diameter_mm: int = 13,
    brand: str = "",
) -> MeterInstallation:
    """Change one meter for another the same day; the period counts both pieces.

    consumption = (final of the old − previous reading) + (current reading − initial of the new)

    :raises CannotRemoveMeter: as `remove_meter`
    :raises CannotInstallMeter: as `install_meter`
    """
    remove_meter(service_point=service_point, on=on, final_reading=final_reading, reason=reason, by=by, at=at)
    return install_meter(
        service_point=service_point, serial=serial, on=on, by=by, at=at, initial_reading=initial_reading,
        dial_digits=dial_digits, diameter_mm=diameter_mm, brand=brand,
    )  # fmt: skip


def _observe(
    installation: MeterInstallation, *, kind: str, value: int, on: date, by: str, at: datetime
) -> None:
    Reading.objects.create(
        installation=installation, period=Period.of(on), kind=kind, value=value, read_on=on,
        origin=Reading.Origin.DESK, observer=by, recorded_at=at, recorded_by=by,
    )  # fmt: skip


def _who_is_there(*, meter: Meter, service_point: ServicePoint, on: date) -> str:
    """Which of the two places is taken, in words."""
    elsewhere = (
        meter.installations.filter(removed_on__isnull=True).exclude(service_point=service_point).first()
    )
    if elsewhere is not None:
        return f"El medidor {meter.serial} está instalado en otra toma desde el {elsewhere.installed_on:%d/%m/%Y}."
    return f"La toma ya tiene un medidor en esas fechas ({on:%d/%m/%Y})."
