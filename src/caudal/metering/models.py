"""Meters, where they are installed, what was read on them, and the m³ that follow."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from caudal.kernel.fields import PeriodField
from caudal.registry.models import BillingCycle, ServicePoint


class Meter(models.Model):
    """A device that registers volume."""

    serial = models.CharField("medidor", max_length=40, unique=True)
    brand = models.CharField("marca", max_length=40, blank=True)
    dial_digits = models.PositiveSmallIntegerField("dígitos de la carátula", default=5)
    diameter_mm = models.PositiveSmallIntegerField("diámetro en mm", default=13)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(dial_digits__range=(3, 9)), name="metering_meter_dial")
        ]

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
        indexes = [
            models.Index(
                fields=["installation"], condition=Q(kind="initial"), name="metering_reading_initial"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                # period first: the readings of one month are asked for together
                fields=["period", "kind", "installation", "revision"],
                name="metering_reading_once",
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
        NO_SERVICE = 4, "sin servicio"

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


class ConsumptionRevision(models.Model):
    """What an estimated period really was, known when a later reading came. What billing re-rates, once.

    Written with the consumption of `settled_in`, and like it replaced until that period is billed.
    """

    settled_in = PeriodField("periodo de la lectura real")
    service_point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, db_index=False)
    period = PeriodField("periodo estimado")
    estimated_m3 = models.IntegerField("m³ estimados")
    real_m3 = models.IntegerField("m³ reales")
    days = models.SmallIntegerField("días")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["settled_in", "service_point", "period"], name="metering_revision_once"
            ),
            models.CheckConstraint(
                condition=Q(period__lt=F("settled_in")), name="metering_revision_looks_back"
            ),
        ]


class PeriodClosure(models.Model):
    """A period of a cycle that is billed: its readings and consumptions no longer change. Append-only."""

    cycle = models.ForeignKey(BillingCycle, on_delete=models.PROTECT)
    period = PeriodField("periodo")
    closed_at = models.DateTimeField()
    closed_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "period"], name="metering_period_closed_once")
        ]


class RereadRequest(models.Model):
    """A service point to be read again although its period is billed: the one door in a closed period."""

    service_point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT)
    period = PeriodField("periodo")
    reason = models.CharField("motivo", max_length=200)
    requested_at = models.DateTimeField()
    requested_by = models.CharField(max_length=150)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service_point", "period"],
                condition=Q(settled_at__isnull=True),
                name="metering_one_reread",
            )
        ]


class ReadingReview(models.Model):
    """What a person decided of a point's period in the Crítica, seeing what is written here. Append-only.

    The last one counts, and only while the consumption is still the one that was seen. `CONTESTED` is written when
    what a phone told contradicts what stands: nobody decided yet. `REOPENED` takes back the one before.
    """

    class Decision(models.TextChoices):
        ACCEPTED = "accepted", "aceptada"
        CORRECTED = "corrected", "corregida"
        ESTIMATED = "estimated", "estimada"
        REREAD = "reread", "a releer"
        INSPECTION = "inspection", "a inspección"
        CONTESTED = "contested", "en conflicto"
        REOPENED = "reopened", "reabierta"

    SETTLED = (Decision.ACCEPTED, Decision.CORRECTED, Decision.ESTIMATED)

    service_point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, db_index=False)
    period = PeriodField("periodo")
    decision = models.CharField("decisión", max_length=10, choices=Decision)
    doubts = models.IntegerField("dudas que se vieron", default=0)  # mask of policy.Doubt
    consumption_m3 = models.IntegerField("m³ que se vieron", default=-1)  # -1: not assessed
    reading = models.ForeignKey(Reading, on_delete=models.PROTECT, null=True, db_index=False)
    # the reading it replaced, which comes back if the decision is taken back
    replaced = models.ForeignKey(
        Reading, on_delete=models.PROTECT, null=True, db_index=False, related_name="replaced_by"
    )
    order_folio = models.CharField("orden", max_length=20, blank=True)
    reason = models.CharField("motivo", max_length=300)
    at = models.DateTimeField()
    by = models.CharField("quién", max_length=150)

    class Meta:
        indexes = [models.Index(fields=["period", "service_point"], name="metering_review_point")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="metering_review_says_why"),
        ]
