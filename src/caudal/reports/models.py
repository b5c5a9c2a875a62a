"""What the reports keep: what should be reached, and what nobody else in the house knows. All of it append-only."""

from django.db import models
from django.db.models import F, Q

from caudal.kernel.fields import PeriodField


class Target(models.Model):
    """What an indicator, or a channel's money, should reach from a month on. Append-only: the newest row of a month
    holds, until a later month has its own.
    """

    indicator = models.CharField("qué se mide", max_length=30)
    # empty: the whole
    channel = models.CharField("canal", max_length=20, blank=True)
    period = PeriodField("desde el mes")
    # centavos of money, parts per million of a share, thousandths of a rate
    value = models.BigIntegerField("meta")
    reason = models.CharField("motivo", max_length=200)
    at = models.DateTimeField("cuándo")
    by = models.CharField("quién", max_length=150)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(value__gt=0), name="reports_target_is_something"),
            models.CheckConstraint(condition=~Q(reason=""), name="reports_target_has_reason"),
        ]
        indexes = [models.Index(fields=["indicator", "channel", "period"], name="reports_target_of")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.channel} {self.period}"


class ProducedVolume(models.Model):
    """The m³ that the sources gave in a month, as somebody typed them. Append-only: the newest row of a month holds."""

    period = PeriodField("mes")
    volume_m3 = models.BigIntegerField("m³ producidos")
    source = models.CharField("de dónde sale", max_length=200)
    at = models.DateTimeField("cuándo")
    by = models.CharField("quién", max_length=150)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(volume_m3__gt=0), name="reports_volume_is_something"),
            models.CheckConstraint(condition=~Q(source=""), name="reports_volume_has_source"),
        ]
        indexes = [models.Index(fields=["period"], name="reports_volume_period")]

    def __str__(self) -> str:
        return f"{self.period} {self.volume_m3}"


class ReportEdition(models.Model):
    """A report of activities as it was published, sealed with the edition before it and signed. Append-only.

    What changed afterwards is told by another edition, which names the one it replaces, why, and what changed.
    """

    number = models.PositiveIntegerField("edición", unique=True)
    since = models.DateField("desde")
    until = models.DateField("hasta (sin incluir)")
    # the whole report as `activities.report` writes it, and its SHA-256, which its papers carry
    content = models.JSONField("contenido")
    content_sha256 = models.CharField("huella del contenido", max_length=64)
    note = models.CharField("nota", max_length=400, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replaced_by", verbose_name="sustituye a"
    )
    reason = models.CharField("motivo de la corrección", max_length=400, blank=True)
    # what is told otherwise than in the edition it replaces, figure by figure
    changes = models.JSONField("qué cambió", default=list)
    published_at = models.DateTimeField("publicada")
    published_by = models.CharField("quién la publicó", max_length=150)
    # one chain for all the editions: the seal of the one before goes into the seal of this one
    previous_sha256 = models.CharField("sello de la anterior", max_length=64, blank=True)
    sha256 = models.CharField("sello", max_length=64, unique=True)
    public_key = models.CharField("llave pública", max_length=64)
    signature = models.CharField("firma", max_length=128)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="reports_edition_days"),
            models.CheckConstraint(
                condition=Q(number=1, previous_sha256="") | Q(number__gt=1) & ~Q(previous_sha256=""),
                name="reports_edition_in_its_chain",
            ),
            models.UniqueConstraint(fields=["previous_sha256"], name="reports_edition_one_chain"),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True, reason="")
                | Q(replaces__isnull=False, replaces__lt=F("id")) & ~Q(reason=""),
                name="reports_edition_corrects_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"Edición {self.number}"


class ReportPaper(models.Model):
    """A file of an edition, kept byte for byte as it was published. Append-only."""

    class Form(models.TextChoices):
        PDF = "pdf", "PDF"
        DOCX = "docx", "Word"
        MARKDOWN = "md", "Markdown"

    edition = models.ForeignKey(ReportEdition, models.PROTECT, related_name="papers")
    form = models.CharField("formato", max_length=4, choices=Form)
    body = models.BinaryField("archivo")
    sha256 = models.CharField("huella", max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "form"], name="reports_paper_once"),
        ]

    def __str__(self) -> str:
        return f"{self.edition} {self.form}"
