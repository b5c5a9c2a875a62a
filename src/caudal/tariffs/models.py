"""Tariff books: what each service costs between two dates, and the article that says so."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q


class TariffBook(models.Model):
    """All prices, percentages, benefits, taxes and surcharges in force between two dates.

    `document` is the whole book as validated data (see `tariffs.format`); the tables that the rules need
    are frozen from it. Once published it never changes: a trigger refuses it.
    """

    code = models.CharField("clave", max_length=60, unique=True)
    name = models.CharField("nombre", max_length=120)
    effective_from = models.DateField("vigente desde")
    effective_to = models.DateField("vigente hasta (sin incluir)", null=True)
    legal_reference = models.CharField("fundamento", max_length=200)
    document = models.JSONField()
    document_hash = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=150)
    published_at = models.DateTimeField(null=True)
    published_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="tariffs_one_book_in_force",
                expressions=[
                    (
                        Func(
                            "effective_from", "effective_to", RangeBoundary(),
                            function="DATERANGE", output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    )
                ],
                condition=Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gt=F("effective_from")),
                name="tariffs_book_dates",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.code
