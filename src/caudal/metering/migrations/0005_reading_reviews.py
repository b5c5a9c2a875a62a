import django.db.models.deletion
from django.db import migrations, models

import caudal.kernel.fields
from caudal.kernel.appendonly import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("metering", "0004_serials_as_typed"),
        ("registry", "0002_history_and_search"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReadingReview",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", caudal.kernel.fields.PeriodField(verbose_name="periodo")),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("accepted", "aceptada"),
                            ("corrected", "corregida"),
                            ("estimated", "estimada"),
                            ("reread", "a releer"),
                            ("inspection", "a inspección"),
                            ("contested", "en conflicto"),
                            ("reopened", "reabierta"),
                        ],
                        max_length=10,
                        verbose_name="decisión",
                    ),
                ),
                ("doubts", models.IntegerField(default=0, verbose_name="dudas que se vieron")),
                ("consumption_m3", models.IntegerField(default=-1, verbose_name="m³ que se vieron")),
                ("order_folio", models.CharField(blank=True, max_length=20, verbose_name="orden")),
                ("reason", models.CharField(max_length=300, verbose_name="motivo")),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=150, verbose_name="quién")),
                (
                    "reading",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="metering.reading",
                    ),
                ),
                (
                    "replaced",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="metering.reading",
                    ),
                ),
                (
                    "service_point",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="registry.servicepoint",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["period", "service_point"], name="metering_review_point")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="metering_review_says_why"
                    )
                ],
            },
        ),
        AppendOnly("metering_readingreview"),
    ]
