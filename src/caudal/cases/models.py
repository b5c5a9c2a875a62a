"""What citizens report and claim, as it came and as it went on. How far a case is, its entries say."""

from django.db import models
from django.db.models import Q

from caudal.fieldwork.models import FieldOrder, Place, whole_place
from caudal.kernel.fields import CentsField, PeriodField
from caudal.registry.models import Account, ServicePoint


class CaseType(models.Model):
    """A kind of report: how urgent it is, in how many hours it is answered, what it asks for."""

    class Group(models.TextChoices):
        LEAK = "leak", "fugas"
        SUPPLY = "supply", "agua"
        DRAIN = "drain", "drenaje"
        METER = "meter", "medidor y lectura"
        BILLING = "billing", "recibo y pagos"
        ACCOUNT = "account", "trámites"
        IRREGULAR = "irregular", "tomas irregulares"

    code = models.CharField("clave", max_length=30, unique=True)
    name = models.CharField("nombre", max_length=60)
    group = models.CharField("grupo", max_length=10, choices=Group)
    priority = models.PositiveSmallIntegerField("prioridad")  # 1 first, 5 last
    service_hours = models.PositiveSmallIntegerField("horas para responder")
    # what is ordered in the street for it; nothing for what is answered at a desk
    order_kind = models.CharField("orden de campo", max_length=16, choices=FieldOrder.Kind, blank=True)
    asks_account = models.BooleanField("¿pide cuenta?", default=False)
    asks_place = models.BooleanField("¿pide lugar?", default=False)
    is_billing_claim = models.BooleanField("¿reclama un importe?", default=False)
    is_public = models.BooleanField("¿la reporta cualquiera, sin cuenta?", default=False)
    is_active = models.BooleanField("¿se usa?", default=True)
    sequence = models.PositiveSmallIntegerField("orden en la lista")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(priority__range=(1, 5), service_hours__gte=1), name="cases_type_sound"
            ),
            # what locks an account's debt has to say whose
            models.CheckConstraint(
                condition=Q(is_billing_claim=False) | Q(asks_account=True), name="cases_type_claim_account"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CaseRules(models.Model):
    """What this utility decided about reports: one row, or none while the usual holds."""

    near_metres = models.PositiveSmallIntegerField("metros de un posible duplicado", default=50)
    near_hours = models.PositiveSmallIntegerField("horas de un posible duplicado", default=24)
    dispute_days = models.PositiveSmallIntegerField("días para decir que no quedó resuelto", default=10)
    reopened_hours = models.PositiveSmallIntegerField("horas para volver a responder", default=24)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="cases_rules_are_one")]


class Case(Place):
    """A report, with its place or its account. What happened with it is written in its entries."""

    class Channel(models.TextChoices):
        WINDOW = "window", "ventanilla"
        PHONE = "phone", "teléfono"
        WEB = "web", "página"
        FIELD = "field", "campo"
        SOCIAL = "social", "redes sociales"
        SYSTEM = "system", "sistema"

    folio = models.CharField("reporte", max_length=20, unique=True)  # REP-000001
    type = models.ForeignKey(CaseType, models.PROTECT)
    channel = models.CharField("por dónde llegó", max_length=8, choices=Channel)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="cases")
    service_point = models.ForeignKey(ServicePoint, models.PROTECT, null=True)
    address = models.CharField("lugar", max_length=200, blank=True)
    neighborhood = models.CharField("colonia", max_length=80, blank=True)
    description = models.CharField("qué pasa", max_length=1000)
    reporter_phone = models.CharField("teléfono de quien reporta", max_length=10, blank=True)
    # what it was born of, when nobody reported it: the stop of a round; one case for each
    origin_kind = models.CharField(max_length=20, blank=True)
    origin_folio = models.CharField(max_length=40, blank=True)
    opened_at = models.DateTimeField("recibido")
    opened_by = models.CharField(max_length=150)
    # both move once: when whoever reported says that it was not resolved
    priority = models.PositiveSmallIntegerField("prioridad")
    due_at = models.DateTimeField("responder a más tardar")

    class Meta:
        indexes = [
            models.Index(fields=["opened_at"], name="cases_case_opened"),
            models.Index(fields=["latitude_e6", "longitude_e6"], name="cases_case_place"),
            models.Index(fields=["account"], name="cases_case_account"),
        ]
        constraints = [
            whole_place("cases_case_whole_place"),
            models.CheckConstraint(condition=Q(priority__range=(1, 5)), name="cases_case_priority"),
            models.CheckConstraint(
                condition=Q(reporter_phone="") | Q(reporter_phone__regex=r"^[0-9]{10}$"),
                name="cases_case_phone",
            ),
            models.UniqueConstraint(
                fields=["origin_kind", "origin_folio"],
                condition=~Q(origin_kind=""),
                name="cases_one_by_origin",
            ),
        ]

    def __str__(self) -> str:
        return self.folio


class CaseEntry(models.Model):
    """One thing that happened with a case: who, when, in which words. Append-only; the last that moves it is its state."""

    class Kind(models.TextChoices):
        OPENED = "opened", "recibido"
        NOTED = "noted", "anotación"
        ORDERED = "ordered", "orden de campo"
        ATTENDED = "attended", "atendido en sitio"
        NOT_ATTENDED = "not_attended", "no se pudo atender"
        ANSWERED = "answered", "respuesta"
        RESOLVED = "resolved", "resuelto"
        DISPUTED = "disputed", "no quedó resuelto"
        MERGED = "merged", "unido a otro"
        GATHERED = "gathered", "se le unió otro"

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=12, choices=Kind)
    text = models.CharField("texto", max_length=1000, blank=True)
    order = models.ForeignKey(FieldOrder, models.PROTECT, null=True, related_name="case_entries")
    other = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        indexes = [models.Index(fields=["case", "-id"], name="cases_entry_case")]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(kind="disputed"), name="cases_disputed_once"
            ),
            models.UniqueConstraint(fields=["case"], condition=Q(kind="merged"), name="cases_merged_once"),
            models.UniqueConstraint(
                fields=["order", "kind"], condition=Q(order__isnull=False), name="cases_order_told_once"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["answered", "resolved", "disputed", "noted"]) | ~Q(text=""),
                name="cases_entry_says_what",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["merged", "gathered"]) | Q(other__isnull=False),
                name="cases_entry_merged_with",
            ),
        ]


class CasePhoto(models.Model):
    """A picture that somebody sent with a case, made again by the office. Append-only."""

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="photos")
    file = models.FileField(upload_to="cases/%Y/%m/")
    sha256 = models.CharField(max_length=64)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    size_bytes = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(size_bytes__lte=120 * 1024), name="cases_photo_small"),
            models.UniqueConstraint(fields=["case", "sha256"], name="cases_photo_once"),
        ]


class BillingClaim(models.Model):
    """What an account says it does not owe: nobody demands or cuts for it until it is resolved. Append-only."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="claims")
    account = models.ForeignKey(Account, models.PROTECT, related_name="claims")
    at = models.DateTimeField()
    by = models.CharField(max_length=150)


class ClaimedPeriod(models.Model):
    """What was open of one period the day it was claimed (centavos, VAT included). Append-only."""

    id = models.BigAutoField(primary_key=True)
    claim = models.ForeignKey(BillingClaim, models.PROTECT, related_name="periods")
    period = PeriodField("periodo")
    claimed_cents = CentsField("importe reclamado")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["claim", "period"], name="cases_claimed_period_once"),
            models.CheckConstraint(condition=Q(claimed_cents__gte=0), name="cases_claimed_amount"),
        ]


class ClaimResolution(models.Model):
    """What was decided about a claim: the only thing that lifts its lock. Append-only."""

    class Decision(models.TextChoices):
        UPHELD = "upheld", "procede"
        REJECTED = "rejected", "no procede"

    claim = models.OneToOneField(BillingClaim, models.PROTECT, primary_key=True, related_name="resolution")
    decision = models.CharField("decisión", max_length=8, choices=Decision)
    reason = models.CharField("motivo", max_length=1000)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="cases_resolution_says_why")]


class PublicAskCount(models.Model):
    """How many times one address came to the public pages in an hour. Addresses are kept as digests, for a day."""

    address = models.CharField("dirección", max_length=32)
    what = models.CharField(max_length=8)  # "report", "status"
    hour = models.BigIntegerField()
    n = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["address", "what", "hour"], name="cases_public_ask_once")
        ]
