"""What the reports keep: what should be reached, and what nobody else in the house knows. All of it append-only."""

from django.db import models
from django.db.models import Q

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
