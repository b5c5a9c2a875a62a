"""Tables every room may use: who the utility is, the audit, folios, idempotency keys, jobs."""

from django.db import models

from caudal.kernel.fields import NO_PERIOD as NO_PERIOD


class Utility(models.Model):
    """The utility this installation serves: one row, always with id 1."""

    name = models.CharField("nombre corto", max_length=80)
    long_name = models.CharField("nombre completo", max_length=200)
    rfc = models.CharField("RFC", max_length=13)
    address = models.CharField("domicilio", max_length=200, blank=True)
    phone = models.CharField("teléfono", max_length=30, blank=True)
    whatsapp = models.CharField("WhatsApp", max_length=30, blank=True)
    locality = models.CharField("municipio", max_length=80, blank=True)
    primary_color = models.CharField("color principal", max_length=7, default="#0b4f66")
    logo = models.BinaryField("escudo (PNG o SVG)", null=True)
    # where the public reaches this installation: the QR of a receipt leads there
    public_url = models.URLField("dirección pública", max_length=120, blank=True, default="")
    # money is not real here: said on every page and paper, and no second factor is asked at the door
    is_practice = models.BooleanField("¿es de práctica?", default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="kernel_utility_is_one")]

    def __str__(self) -> str:
        return self.name


class AuditEntry(models.Model):
    """One act: who, when, what, on which object, before and after, why. Append-only."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    by = models.CharField("quién", max_length=150)
    act = models.CharField("acto", max_length=60)
    object_kind = models.CharField(max_length=60)
    object_id = models.CharField(max_length=60)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.TextField("motivo", blank=True)

    class Meta:
        indexes = [models.Index(fields=["object_kind", "object_id"], name="kernel_audit_object")]


class FolioSeries(models.Model):
    """A series of consecutive numbers. Only the database function `kernel_take_folio` moves it."""

    code = models.CharField("serie", max_length=20, primary_key=True)
    last_number = models.BigIntegerField(default=0)


class Folio(models.Model):
    """A number taken from a series, kept for ever: gaps and repeats cannot happen. Append-only."""

    pk = models.CompositePrimaryKey("series", "number")
    series = models.CharField("serie", max_length=20)
    number = models.BigIntegerField()


class IdempotencyKey(models.Model):
    """A request that was carried out, and its reply, in the same transaction as its effect. Append-only."""

    key = models.UUIDField(primary_key=True)
    act = models.CharField(max_length=60)
    body_hash = models.CharField(max_length=64)
    reply = models.JSONField()
    at = models.DateTimeField()


class Job(models.Model):
    """A long task that shows its progress, survives restarts, and can be canceled or resumed."""

    class State(models.TextChoices):
        WAITING = "waiting", "en espera"
        RUNNING = "running", "en curso"
        CANCELING = "canceling", "cancelando"
        CANCELED = "canceled", "cancelado"
        FAILED = "failed", "detenido por un error"
        DONE = "done", "terminado"

    kind = models.CharField(max_length=60)
    args = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    phase = models.CharField(max_length=80, blank=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    errors = models.BigIntegerField(default=0)
    message = models.TextField(blank=True)
    result = models.JSONField(null=True)
    requested_by = models.CharField(max_length=150)
    requested_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    advanced_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    # two jobs that would spoil each other share an exclusive key; the second is refused by name
    exclusive_key = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["exclusive_key"],
                condition=models.Q(state__in=["waiting", "running", "canceling"])
                & ~models.Q(exclusive_key=""),
                name="kernel_job_exclusive",
            )
        ]
