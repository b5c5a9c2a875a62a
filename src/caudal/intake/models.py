"""Sets of files brought in from an old system, and what became of each row."""

from django.db import models


class IntakeSet(models.Model):
    """One load of an old system's files: all of it went in, or nothing did."""

    name = models.CharField("nombre", max_length=80)
    mapping = models.JSONField()
    # file name → SHA-256 of what was loaded
    files = models.JSONField()
    as_of_on = models.DateField("corte al")
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=150)
    summary = models.JSONField(default=dict)


class IntakeRow(models.Model):
    """The fingerprint of each row loaded, by file and natural key: a corrected export changes only what changed."""

    id = models.BigAutoField(primary_key=True)
    last_set = models.ForeignKey(IntakeSet, on_delete=models.PROTECT)
    source = models.CharField(max_length=20)
    key = models.CharField(max_length=80)
    fingerprint = models.BinaryField(max_length=16)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="intake_row_once")]
