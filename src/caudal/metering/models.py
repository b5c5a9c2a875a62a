"""Meters, where they are installed, what was read on them, and the m³ that follow."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from caudal.kernel.fields import PeriodField
from caudal.registry.models import ServicePoint


class Meter(models.Model):
    """A device that registers volume."""

    serial = models.CharField("medidor", max_length=40, unique=True)
    brand = models.CharField("marca", max_length=40, blank=True)
    dial_digits = models.PositiveSmallIntegerField("dígitos de la carátula", default=5)
    diameter_mm = models.PositiveSmallIntegerField("diámetro en mm", default=13)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(dial_digits__range=(3, 9)), name="metering_meter_dial")]

    def __str__(self) -> str:
        return self.serial


class MeterInstallation(models.Model):
    """A meter at a service point between two dates: a meter is at one place, a point has one meter."""

    meter = models.ForeignKey(Meter, on_delete=models.PROTECT, related_name="installations")
    service_point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="installations")
    installed_on = models.DateField("instalado")
    initial_reading = models.PositiveIntegerField("lectura inicial", default=0)
    removed_on = models.DateField("retirado", null=True)
    final_reading = models.PositiveIntegerField("lectura final", null=True)
    removal_reason = models.CharField("motivo de retiro", max_length=200, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name=f"metering_one_{column}_at_a_time",
                expressions=[
                    (column, RangeOperators.EQUAL),
                    (
                        Func(
                            "installed_on", "removed_on", RangeBoundary(),
                            function="DATERANGE", output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            )
            for column in ("meter", "service_point")
        ] + [
            models.CheckConstraint(
                condition=Q(removed_on__isnull=True, final_reading__isnull=True)
                | Q(removed_on__gte=F("installed_on"), final_reading__isnull=False),
                name="metering_removal_is_whole",
            )
        ]  # fmt: skip


class Reading(models.Model):
    """What somebody saw on a dial: an immutable observation. A correction is a new revision. Append-only."""

    class Kind(models.TextChoices):
        REGULAR = "regular", "de ruta"
        INITIAL = "initial", "inicial"
        FINAL = "final", "final"
        CHECK = "check", "de comprobación"

    class Origin(models.TextChoices):
        ROUTE = "route", "lecturista"
        IMPORT = "import", "archivo"
        DESK = "desk", "oficina"
        CUSTOMER = "customer", "usuario"
        REMOTE = "remote", "telemetría"
        MIGRATED = "migrated", "sistema anterior"

    id = models.BigAutoField(primary_key=True)
    installation = models.ForeignKey(MeterInstallation, on_delete=models.PROTECT, related_name="readings")
    period = PeriodField("periodo")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.REGULAR)
    revision = models.PositiveSmallIntegerField(default=1)
    # null when the dial could not be seen; then the exception code says why
    value = models.PositiveIntegerField("lectura", null=True)
    exception_code = models.CharField("observación", max_length=2, default="00")
    read_on = models.DateField("fecha de lectura")
    origin = models.CharField(max_length=8, choices=Origin)
    observer = models.CharField("lecturista", max_length=150)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)
    reason = models.CharField("motivo de la corrección", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["installation", "period", "kind", "revision"], name="metering_reading_once"
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | ~Q(exception_code="00"), name="metering_no_value_says_why"
            ),
        ]


class Consumption(models.Model):
    """The m³ of one service point in one period, and how they are known. What billing reads.

    Partitioned by period. May be assessed again until its period is billed; the bill keeps its own copy.
    Fixed-width integers only, so that a million rows travel as columns.
    """

    class Basis(models.IntegerChoices):
        REAL = 1, "real"
        ESTIMATED = 2, "estimada"
        AVERAGED = 3, "promedio por medidor descompuesto"

    pk = models.CompositePrimaryKey("period", "service_point_id")
    period = PeriodField("periodo")
    service_point_id = models.IntegerField()
    installation_id = models.IntegerField(default=0)
    basis = models.SmallIntegerField(choices=Basis)
    consumption_m3 = models.IntegerField("consumo en m³")
    days = models.SmallIntegerField("días", default=0)
    previous_reading = models.IntegerField(default=-1)  # -1: unknown
    current_reading = models.IntegerField(default=-1)
    previous_on = models.DateField()
    current_on = models.DateField()
    exception_code = models.SmallIntegerField(default=0)
    # usual consumption when this was assessed: mean of up to 12 earlier periods (-1: no history)
    mean_m3 = models.IntegerField(default=-1)
    # bit mask of policy.Doubt: why a person should look before billing (0: none)
    doubts = models.IntegerField(default=0)
    # consecutive periods without a real reading, this one included (0: real)
    estimated_periods = models.SmallIntegerField(default=0)
