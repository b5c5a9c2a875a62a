"""Work in the street: a person, a day, a list of stops; and what the phones told, kept as it came."""

from django.db import models
from django.db.models import Q

from caudal.access.models import Clerk
from caudal.kernel.fields import PeriodField
from caudal.registry.models import Account, Route, ServicePoint


class Place(models.Model):
    """Where something is, in millionths of a degree. Abstract: longitude and latitude come together or not at all."""

    latitude_e6 = models.IntegerField("latitud", null=True)
    longitude_e6 = models.IntegerField("longitud", null=True)

    class Meta:
        abstract = True


def whole_place(name: str) -> models.CheckConstraint:
    """Both coordinates, and on this planet, or none."""
    return models.CheckConstraint(
        condition=Q(latitude_e6__isnull=True, longitude_e6__isnull=True)
        | Q(latitude_e6__range=(-90_000_000, 90_000_000), longitude_e6__range=(-180_000_000, 180_000_000)),
        name=name,
    )


class Device(models.Model):
    """A phone that may work for the utility: enrolled once by somebody, for one person, until it is revoked."""

    code = models.CharField("teléfono", max_length=12, unique=True)  # TEL-0001
    name = models.CharField("descripción", max_length=80)
    clerk = models.ForeignKey(Clerk, models.PROTECT, related_name="phones")
    token_hash = models.CharField(max_length=64, unique=True)  # SHA-256 of what the phone says to be itself
    enrolled_at = models.DateTimeField()
    enrolled_by = models.CharField("quién lo dio de alta", max_length=150)
    # half of what opens the data on the phone; the other half is the person's PIN. Asked for each day, with network
    share = models.CharField(max_length=64)
    public_key = models.TextField()  # what the phone seals with (SPKI, base64)
    private_key = models.TextField()  # only the office opens what was sealed (PKCS#8, base64)
    last_seen_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField("quién lo revocó", max_length=150, blank=True)
    revoked_reason = models.CharField("motivo", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by="", revoked_reason="")
                | (Q(revoked_at__isnull=False) & ~Q(revoked_by="") & ~Q(revoked_reason="")),
                name="fieldwork_device_revoked_whole",
            )
        ]


class EnrollmentCode(models.Model):
    """What lets one phone in, once, for fifteen minutes: shown as a QR at the office, kept only as its hash."""

    code_hash = models.CharField(max_length=64, unique=True)
    clerk = models.ForeignKey(Clerk, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    expires_at = models.DateTimeField()
    device = models.OneToOneField(Device, models.PROTECT, null=True, related_name="enrollment")  # who used it


class EnrollmentTry(models.Model):
    """How many wrong codes one address brought in an hour. Addresses are kept as digests, for a day."""

    address = models.CharField("dirección", max_length=32)
    hour = models.BigIntegerField()
    n = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address", "hour"], name="fieldwork_try_once")]


class FieldOrder(Place):
    """Something to do at a place: what, why, how soon. What was done is told by its result."""

    class Kind(models.TextChoices):
        INSPECTION = "inspection", "inspección"
        METER_CHECK = "meter_check", "revisión de medidor"
        METER_CHANGE = "meter_change", "cambio de medidor"
        LEAK = "leak", "fuga"
        SUPPLY = "supply", "falta de agua o baja presión"
        DRAIN = "drain", "drenaje"
        CENSUS = "census", "verificación de predio"
        FRAUD_CHECK = "fraud_check", "verificación de toma irregular"
        DISCONNECTION = "disconnection", "corte"
        RESTRICTION = "restriction", "reducción de flujo"
        RECONNECTION = "reconnection", "reconexión"
        OTHER = "other", "otra"

    folio = models.CharField("orden", max_length=20, unique=True)  # OT-000001
    kind = models.CharField("trabajo", max_length=16, choices=Kind)
    service_point = models.ForeignKey(ServicePoint, models.PROTECT, null=True)
    account = models.ForeignKey(Account, models.PROTECT, null=True)
    address = models.CharField("lugar", max_length=200)
    instructions = models.CharField("indicaciones", max_length=500, blank=True)
    priority = models.PositiveSmallIntegerField("prioridad", default=3)  # 1 first, 5 last
    due_at = models.DateTimeField("a más tardar", null=True)
    # who asked for it: "case" REP-000001, "disconnection" COR-000001, "reading" …; no foreign key upward
    origin_kind = models.CharField(max_length=20)
    origin_folio = models.CharField(max_length=40)
    # what has to be told before it is closed: [{"code", "text", "answer": "yes_no|number|text|photo", "must": bool}]
    checklist = models.JSONField(default=list)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=150)
    canceled_at = models.DateTimeField(null=True)
    canceled_by = models.CharField(max_length=150, blank=True)
    canceled_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["origin_kind", "origin_folio"], name="fieldwork_order_origin"),
            models.Index(fields=["account"], name="fieldwork_order_account"),
        ]
        constraints = [
            whole_place("fieldwork_order_place"),
            models.CheckConstraint(condition=Q(priority__range=(1, 5)), name="fieldwork_order_priority"),
        ]


class Round(models.Model):
    """The work of one person on one day: a walk of stops. A reading route, a delivery, a day of orders."""

    class Kind(models.TextChoices):
        READING = "reading", "lectura"
        DELIVERY = "delivery", "entrega de recibos"
        NOTICES = "notices", "entrega de notificaciones"
        ORDERS = "orders", "órdenes de campo"

    folio = models.CharField("recorrido", max_length=20, unique=True)  # REC-000001
    kind = models.CharField("trabajo", max_length=10, choices=Kind)
    name = models.CharField("nombre", max_length=80)
    on = models.DateField("día")
    assigned_to = models.ForeignKey(Clerk, models.PROTECT, related_name="rounds")
    route = models.ForeignKey(Route, models.PROTECT, null=True)
    period = PeriodField("periodo", null=True)
    # what was left of another one: what its person did and had not sent yet is still received
    split_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="rests")
    planned_at = models.DateTimeField()
    planned_by = models.CharField(max_length=150)
    canceled_at = models.DateTimeField(null=True)
    canceled_by = models.CharField(max_length=150, blank=True)
    canceled_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["assigned_to", "on"], name="fieldwork_round_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["route", "period", "kind", "on"],
                condition=Q(canceled_at__isnull=True, route__isnull=False, kind="reading"),
                name="fieldwork_one_reading_round",
            )
        ]


class RoundAssignment(models.Model):
    """Who was given a round, when, and by whom: the first time and each time it changed hands. Append-only."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="assignments")
    clerk = models.ForeignKey(Clerk, models.PROTECT)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    reason = models.CharField("motivo", max_length=200, blank=True)


class Stop(Place):
    """One place of a round and what is done there. What happened is the latest event that was applied."""

    class Outcome(models.TextChoices):
        READ = "read", "leído"
        NOT_READ = "not_read", "sin lectura, con motivo"
        DELIVERED = "delivered", "entregado"
        REFUSED = "refused", "rehusado"
        ABSENT = "absent", "ausente, con citatorio"
        POSTED = "posted", "fijado en la puerta"
        NOT_DELIVERED = "not_delivered", "no se pudo entregar"
        DONE = "done", "hecho"
        NOT_DONE = "not_done", "no se pudo hacer"

    code = models.UUIDField(unique=True)  # what the phone calls it
    round = models.ForeignKey(Round, models.PROTECT, related_name="stops")
    sequence = models.PositiveIntegerField("secuencia")
    service_point = models.ForeignKey(ServicePoint, models.PROTECT, null=True)
    # what is done here: "reading" (folio = meter installation id), "bill", "notice", "order" and its folio
    subject_kind = models.CharField(max_length=12)
    subject_folio = models.CharField(max_length=40)
    outcome = models.CharField("resultado", max_length=14, choices=Outcome, blank=True)
    done_at = models.DateTimeField("hecho", null=True)

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_folio"], name="fieldwork_stop_subject")]
        constraints = [
            models.UniqueConstraint(fields=["round", "sequence"], name="fieldwork_stop_once"),
            models.UniqueConstraint(
                fields=["round", "subject_kind", "subject_folio"], name="fieldwork_stop_subject_once"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", done_at__isnull=True) | (~Q(outcome="") & Q(done_at__isnull=False)),
                name="fieldwork_stop_done_whole",
            ),
            whole_place("fieldwork_stop_place"),
        ]


class FieldEvent(Place):
    """What somebody did in the street, as their phone told it: its id is made there, once. Append-only.

    It may come late, twice, before or after another. The clock of the phone is kept as it was, and corrected by how
    far it was from ours when it came.
    """

    class Kind(models.TextChoices):
        READING = "reading", "lectura"
        DELIVERY = "delivery", "entrega"
        ORDER = "order", "orden"
        NOTE = "note", "nota"

    id = models.UUIDField(primary_key=True)
    device = models.ForeignKey(Device, models.PROTECT, related_name="events")
    stop_code = models.UUIDField(null=True)  # as told; it may be of nobody
    kind = models.CharField(max_length=10, choices=Kind)
    body = models.JSONField()
    body_hash = models.CharField(
        max_length=64
    )  # SHA-256 of the opened event: the same id may not tell another story
    taken_at = models.DateTimeField("según el teléfono")
    happened_at = models.DateTimeField("según nuestro reloj")
    received_at = models.DateTimeField()
    accuracy_m = models.PositiveIntegerField("precisión en metros", null=True)

    class Meta:
        indexes = [
            models.Index(fields=["stop_code"], name="fieldwork_event_stop"),
            models.Index(fields=["received_at"], name="fieldwork_event_received"),
        ]
        constraints = [whole_place("fieldwork_event_place")]


class EventOutcome(models.Model):
    """What became of an event: applied, set aside, or in conflict with another. Append-only: the last one counts."""

    class Kind(models.TextChoices):
        APPLIED = "applied", "aplicado"
        QUARANTINED = "quarantined", "apartado"
        CONFLICT = "conflict", "en conflicto"
        DISMISSED = "dismissed", "descartado por una persona"

    event = models.ForeignKey(FieldEvent, models.PROTECT, related_name="outcomes")
    kind = models.CharField(max_length=12, choices=Kind)
    reason = models.CharField("motivo", max_length=300, blank=True)
    # what it became: ("reading", id), ("order", folio)…
    result_kind = models.CharField(max_length=20, blank=True)
    result_id = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event"], condition=Q(kind="applied"), name="fieldwork_applied_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="applied") | ~Q(reason=""), name="fieldwork_outcome_says_why"
            ),
        ]


class Photo(models.Model):
    """A picture taken in the street, made again by the office (small, no hidden data). Append-only."""

    id = models.UUIDField(primary_key=True)
    device = models.ForeignKey(Device, models.PROTECT, related_name="photos")
    event_id = models.UUIDField()  # the event it belongs to; it may come before it
    role = models.CharField(max_length=12, default="evidence")  # dial, before, after, seal, evidence
    file = models.FileField(upload_to="field/%Y/%m/")
    sha256 = models.CharField(max_length=64)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    size_bytes = models.PositiveIntegerField()
    received_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["event_id"], name="fieldwork_photo_event")]
        constraints = [
            models.CheckConstraint(condition=Q(size_bytes__lte=120 * 1024), name="fieldwork_photo_small")
        ]


class OrderResult(models.Model):
    """What was done about an order: once, by somebody, with its answers. Append-only."""

    order = models.OneToOneField(FieldOrder, models.PROTECT, primary_key=True, related_name="result")
    is_done = models.BooleanField("¿se hizo?")
    reason = models.CharField("motivo si no se hizo", max_length=200, blank=True)
    answers = models.JSONField(default=dict)  # by code of the checklist
    reading = models.PositiveIntegerField("lectura", null=True)
    seal_number = models.CharField("sello", max_length=40, blank=True)
    notes = models.CharField(max_length=500, blank=True)
    event = models.OneToOneField(FieldEvent, models.PROTECT, null=True)
    done_at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_done=True) | ~Q(reason=""), name="fieldwork_result_says_why"
            )
        ]
