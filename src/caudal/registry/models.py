"""The padrón: who is served, where, under which class, since when. Dated rows; nothing is overwritten."""

from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from caudal.access.models import Clerk


class DateRange(Func):
    """`daterange(effective_from, effective_to)`: half-open, open above when there is no end."""

    function = "DATERANGE"
    output_field = DateRangeField()


EFFECTIVE = DateRange("effective_from", "effective_to", RangeBoundary())


class Dated(models.QuerySet):  # type: ignore[type-arg]
    """Rows that hold from `effective_from` to the eve of `effective_to`."""

    def in_effect(self, *, on: date) -> Self:
        """Those in effect on a day."""
        return self.filter(Q(effective_to__isnull=True) | Q(effective_to__gt=on), effective_from__lte=on)


def no_overlap(name: str, *columns: str) -> ExclusionConstraint:
    """Rows with the same columns may not be in effect on the same day."""
    return ExclusionConstraint(
        name=name,
        expressions=[
            *((column, RangeOperators.EQUAL) for column in columns),
            (EFFECTIVE, RangeOperators.OVERLAPS),
        ],
    )


def ends_after_start(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(effective_to__isnull=True) | Q(effective_to__gt=F("effective_from")), name=name
    )


class Person(models.Model):
    """A natural or legal person, whatever its role."""

    class Kind(models.TextChoices):
        NATURAL = "natural", "persona física"
        LEGAL = "legal", "persona moral"

    kind = models.CharField(max_length=8, choices=Kind, default=Kind.NATURAL)
    full_name = models.CharField("nombre", max_length=200)
    # kernel_plain(full_name): kept by the database, so that search never depends on who wrote the row
    plain_name = models.GeneratedField(
        expression=Func("full_name", function="kernel_plain"),
        output_field=models.CharField(max_length=200),
        db_persist=True,
    )
    curp = models.CharField("CURP", max_length=18, blank=True)
    rfc = models.CharField("RFC", max_length=13, blank=True)
    phone = models.CharField("teléfono", max_length=30, blank=True)
    # only the digits, so that "392 925-1122" is found by 3929251122
    phone_digits = models.GeneratedField(
        expression=Func("phone", Value(r"\D"), Value(""), Value("g"), function="regexp_replace"),
        output_field=models.CharField(max_length=30),
        db_persist=True,
    )
    email = models.EmailField("correo", blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["phone_digits"], opclasses=["varchar_pattern_ops"], name="registry_person_phone"
            ),
        ]
        constraints = [models.CheckConstraint(condition=~Q(full_name=""), name="registry_person_named")]

    def __str__(self) -> str:
        return self.full_name


class Locality(models.Model):
    code = models.CharField("clave", max_length=20, unique=True)
    name = models.CharField("localidad", max_length=80, unique=True)
    is_municipal_seat = models.BooleanField("¿es la cabecera municipal?", default=False)

    def __str__(self) -> str:
        return self.name


class Neighborhood(models.Model):
    locality = models.ForeignKey(Locality, on_delete=models.PROTECT)
    name = models.CharField("colonia", max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["locality", "name"], name="registry_neighborhood_once")
        ]


class BillingCycle(models.Model):
    """Routes billed together, every `months` months."""

    code = models.CharField("ciclo", max_length=10, unique=True)
    name = models.CharField("nombre", max_length=80)
    months = models.PositiveSmallIntegerField("meses", default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(months__range=(1, 12)), name="registry_cycle_months")
        ]

    def __str__(self) -> str:
        return self.code


class Route(models.Model):
    """An ordered walk of service points: sector-route, such as 01-004."""

    code = models.CharField("ruta", max_length=20, unique=True)
    sector = models.CharField("sector", max_length=10)
    name = models.CharField("nombre", max_length=80, blank=True)
    cycle = models.ForeignKey(BillingCycle, on_delete=models.PROTECT)

    def __str__(self) -> str:
        return self.code


class TariffClass(models.Model):
    """Rate class of a service: a code that tariff books price, and the use that taxes and benefits ask."""

    class Use(models.TextChoices):
        RESIDENTIAL = "residential", "habitacional"
        MIXED_RURAL = "mixed_rural", "mixto rural"
        MIXED_COMMERCIAL = "mixed_commercial", "mixto comercial"
        COMMERCIAL = "commercial", "comercial"
        HOTEL = "hotel", "servicios de hotelería"
        INDUSTRIAL = "industrial", "industrial"
        PUBLIC = "public", "institución pública"
        VACANT_LOT = "vacant_lot", "predio baldío"

    code = models.CharField("tarifa", max_length=20, unique=True)
    name = models.CharField("nombre", max_length=80)
    use = models.CharField("uso", max_length=20, choices=Use)

    def __str__(self) -> str:
        return self.code


class Premise(models.Model):
    """A parcel or building served."""

    address = models.CharField("domicilio", max_length=200)
    plain_address = models.GeneratedField(
        expression=Func("address", function="kernel_plain"),
        output_field=models.CharField(max_length=200),
        db_persist=True,
    )
    locality = models.ForeignKey(Locality, on_delete=models.PROTECT)
    neighborhood = models.ForeignKey(Neighborhood, on_delete=models.PROTECT, null=True)
    cadastral_key = models.CharField("clave catastral", max_length=40, blank=True)
    lot_area_m2 = models.PositiveIntegerField("superficie en m²", default=0)


class ServicePoint(models.Model):
    """The connection of a premise, and its place on a route: agreements, meters and readings meet here."""

    premise = models.ForeignKey(Premise, on_delete=models.PROTECT)
    route = models.ForeignKey(Route, on_delete=models.PROTECT)
    walk_sequence = models.PositiveIntegerField("secuencia")
    connection_diameter_mm = models.PositiveSmallIntegerField("diámetro en mm", default=13)
    has_sewerage = models.BooleanField("¿descarga al drenaje?", default=True)
    # where it is, in millionths of a degree; many padrones do not know yet
    latitude_e6 = models.IntegerField("latitud", null=True)
    longitude_e6 = models.IntegerField("longitud", null=True)
    # hospitals, schools, homes of the sick: never cut, whatever they owe
    protected_reason = models.CharField("protegido por", max_length=80, blank=True, db_default="")

    class Meta:
        indexes = [models.Index(fields=["route", "walk_sequence"], name="registry_point_walk")]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude_e6__isnull=True, longitude_e6__isnull=True)
                | Q(
                    latitude_e6__range=(-90_000_000, 90_000_000),
                    longitude_e6__range=(-180_000_000, 180_000_000),
                ),
                name="registry_point_place",
            )
        ]


class Account(models.Model):
    """The billing container, with a number that never changes."""

    number = models.CharField("cuenta", max_length=20, unique=True)
    opened_on = models.DateField("alta")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(number=""), name="registry_account_numbered")]

    def __str__(self) -> str:
        return self.number


class AccountHolder(models.Model):
    """Who holds an account between two dates; one holder at a time."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="holders")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True)

    objects = Dated.as_manager()

    class Meta:
        constraints = [
            no_overlap("registry_one_holder_at_a_time", "account"),
            ends_after_start("registry_holder_dates"),
        ]


class ServiceAgreement(models.Model):
    """The commercial terms of an account at a service point between two dates.

    A change of class or regime ends one row and starts another; both stay. Nothing that billing needs may
    be missing: 853 accounts of another utility were never billed because one field was optional.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="agreements")
    service_point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="agreements")
    tariff_class = models.ForeignKey(TariffClass, on_delete=models.PROTECT)
    is_metered = models.BooleanField("¿servicio medido?")
    effective_from = models.DateField()
    effective_to = models.DateField(null=True)
    reason = models.CharField("motivo", max_length=200, blank=True)
    end_reason = models.CharField("motivo del fin", max_length=200, blank=True, db_default="")
    agreed_by = models.ForeignKey(Clerk, on_delete=models.PROTECT, null=True)

    objects = Dated.as_manager()

    class Meta:
        constraints = [
            no_overlap("registry_one_agreement_per_account", "account"),
            no_overlap("registry_one_agreement_per_point", "service_point"),
            ends_after_start("registry_agreement_dates"),
        ]


class ServiceInterruption(models.Model):
    """A service that does not flow between two dates: cut for debt, or closed for a time on request."""

    class Kind(models.TextChoices):
        CUT = "cut", "corte por adeudo"
        RESTRICTION = "restriction", "reducción de flujo por adeudo"
        TEMPORARY_CLOSURE = "temporary_closure", "baja temporal"

    agreement = models.ForeignKey(ServiceAgreement, on_delete=models.PROTECT, related_name="interruptions")
    kind = models.CharField(max_length=20, choices=Kind)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True)
    reason = models.CharField("motivo", max_length=200)
    ordered_by = models.CharField("ordenó", max_length=150)

    objects = Dated.as_manager()

    class Meta:
        constraints = [
            no_overlap("registry_one_interruption", "agreement"),
            # what began and ended on one day never took effect, and stays written
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                name="registry_interruption_span",
            ),
        ]


class Benefit(models.Model):
    """A reduction an account holds by right (pensioner, disabled, widowed, senior), between two dates."""

    class Category(models.TextChoices):
        PENSIONER = "pensioner", "pensionado o jubilado"
        DISABLED = "disabled", "persona con discapacidad"
        WIDOWED = "widowed", "viuda o viudo"
        SENIOR = "senior", "adulto mayor"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="benefits")
    category = models.CharField("categoría", max_length=12, choices=Category)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True)
    evidence = models.CharField("comprobante", max_length=200, blank=True)
    granted_by = models.CharField("otorgó", max_length=150)

    objects = Dated.as_manager()

    class Meta:
        constraints = [
            no_overlap("registry_one_benefit_per_category", "account", "category"),
            ends_after_start("registry_benefit_dates"),
        ]
