"""Meters, what was read on them in the old system, and the m³ it billed: as sets."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from caudal.intake.loading.accounts import Placed
from caudal.intake.loading.history import ConsumptionRow, consumption_of
from caudal.intake.rehearsal.rows import AccountRow, ReadingRow
from caudal.kernel import copying, partitions
from caudal.metering.models import Meter, MeterInstallation, PeriodClosure, Reading
from caudal.registry.models import BillingCycle
from caudal.rules.periods import Period

READING_COLUMNS = (
    "installation_id, period, kind, revision, value, exception_code, read_on, origin, observer, recorded_at, "
    "recorded_by, reason"
)
CONSUMPTION_TYPES = {
    "period": "int4", "service_point_id": "int4", "installation_id": "int4", "basis": "int2",
    "consumption_m3": "int4", "days": "int2", "previous_reading": "int4", "current_reading": "int4",
    "previous_on": "date", "current_on": "date", "exception_code": "int2", "mean_m3": "int4",
    "doubts": "int4", "estimated_periods": "int2",
}  # fmt: skip
DIALS = 5


@dataclass(frozen=True, slots=True)
class Signature:
    """Who writes, and when."""

    by: str
    at: datetime


def hang(
    *, rows: Iterable[AccountRow], readings: dict[str, list[ReadingRow]], here: dict[str, Placed]
) -> None:
    """Hang the meters of new accounts, at the reading where their history begins."""
    metered = [row for row in rows if row.meter]
    known = {each.serial: each for each in Meter.objects.filter(serial__in=[row.meter for row in metered])}
    made = Meter.objects.bulk_create(
        [
            Meter(
                serial=row.meter,
                dial_digits=_digits(readings.get(row.number, ())),
                diameter_mm=row.diameter_mm,
            )
            for row in metered
            if row.meter not in known
        ],
        batch_size=5000,
    )
    known |= {each.serial: each for each in made}
    MeterInstallation.objects.bulk_create(
        [
            MeterInstallation(
                meter=known[row.meter], service_point_id=here[row.number].service_point_id,
                installed_on=row.opened_on, initial_reading=_initial(readings.get(row.number, ())),
            )
            for row in metered
        ],
        batch_size=5000,
    )  # fmt: skip


def keep_readings(*, rows: list[ReadingRow], here: dict[str, Placed], signature: Signature) -> None:
    """Write readings as observations of the old system; one that was there gets a newer revision."""
    hanging = _installations()
    revisions = _revisions()
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY metering_reading ({READING_COLUMNS}) FROM STDIN") as copy,
    ):
        for row in rows:
            installation = hanging[here[row.account].service_point_id]
            revision = revisions.get((installation, row.period), 0) + 1
            copy.write_row((
                installation, row.period, Reading.Kind.REGULAR.value, revision, row.value, row.observation,
                row.read_on, Reading.Origin.MIGRATED.value, row.reader, signature.at, signature.by,
                "Corregida en el sistema anterior" if revision > 1 else "",
            ))  # fmt: skip


def keep_consumption(*, readings: dict[str, list[ReadingRow]], here: dict[str, Placed]) -> None:
    """Write what was billed each month, in place of what an earlier load said of these accounts."""
    hanging = _installations()
    by_period: dict[int, list[ConsumptionRow]] = defaultdict(list)
    for number, rows in readings.items():
        point = here[number].service_point_id
        for each in consumption_of(rows):
            by_period[each.period].append(each.at(point=point, installation=hanging[point]))
    for period, months in sorted(by_period.items()):
        partitions.ensure(parent="metering_consumption", period=period)
        points = [each.service_point_id for each in months]
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM metering_consumption WHERE period = %s AND service_point_id = ANY(%s::int[])",
                [period, points],
            )
        copying.copy_in(
            table="metering_consumption",
            types=CONSUMPTION_TYPES,
            columns={name: [getattr(each, name) for each in months] for name in CONSUMPTION_TYPES},
        )


def close_periods(*, cycle: BillingCycle, periods: Iterable[int], signature: Signature) -> None:
    """The old system billed these months: they take no more readings."""
    PeriodClosure.objects.bulk_create(
        [
            PeriodClosure(cycle=cycle, period=Period(each), closed_at=signature.at, closed_by=signature.by)
            for each in sorted(set(periods))
        ],
        ignore_conflicts=True,
    )


def _initial(rows: Iterable[ReadingRow]) -> int:
    """Where the dial stood before the first reading that is known."""
    seen = [row for row in rows if row.value is not None]
    if not seen:
        return 0
    first = min(seen, key=lambda row: row.period)
    return max(0, (first.value or 0) - (first.consumption_m3 or 0))


def _digits(rows: Iterable[ReadingRow]) -> int:
    return max([DIALS, *(len(str(row.value)) for row in rows if row.value is not None)])


def _installations() -> dict[int, int]:
    """Service point → the meter that hangs there."""
    rows = MeterInstallation.objects.filter(removed_on__isnull=True)
    return dict(rows.values_list("service_point_id", "id"))


def _revisions() -> dict[tuple[int, int], int]:
    rows = Reading.objects.filter(kind=Reading.Kind.REGULAR).order_by("revision")
    return {
        (installation, int(period)): revision
        for installation, period, revision in rows.values_list("installation_id", "period", "revision")
    }


def first_day(period: int) -> date:
    """The first day of a month."""
    return date(period // 100, period % 100, 1)
