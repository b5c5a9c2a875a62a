"""What may be done to whom for debt, from a day on. Append-only."""

from django.db import models
from django.db.models import Q

from caudal.kernel.fields import CentsField
from caudal.rules.bounds import MAX_PPM


class DisconnectionPolicy(models.Model):
    """What may be done to whom for debt from a day on, and how the water comes back. Append-only."""

    class Measure(models.TextChoices):
        CUT = "cut", "corte"
        RESTRICTION = "restriction", "reducción de flujo"
        NEVER = "never", "nada"

    class Pays(models.TextChoices):
        ALL_DUE = "all_due", "pagar todo lo vencido"
        SHARE = "share", "pagar una parte de lo que debía al corte"

    class Agrees(models.TextChoices):
        SIGNED = "signed", "al firmar un convenio"
        DOWN_PAYMENT = "down_payment", "al pagar el pago inicial del convenio"
        NEVER = "never", "el convenio no reconecta"

    class FeeAt(models.TextChoices):
        CUT = "cut", "al cortar: se paga con el adeudo"
        RECONNECTION = "reconnection", "al ordenar la reconexión"
        NEVER = "never", "no se cobra"

    code = models.CharField("clave", max_length=40, unique=True)
    effective_from = models.DateField("rige desde", unique=True)
    article = models.CharField("fundamento", max_length=200)
    measures = models.JSONField("lo más que se hace por uso")  # use → Measure; a use without one: nothing
    benefit_measures = models.JSONField("lo más que se hace a quien tiene un beneficio", default=dict)
    least_overdue_days = models.PositiveSmallIntegerField("días de vencido, al menos")
    least_debt_cents = CentsField("adeudo vencido, al menos")
    least_periods = models.PositiveSmallIntegerField("recibos vencidos, al menos")
    notice_stage = models.CharField("notificación que debe estar entregada", max_length=20, blank=True)
    payment_grace_days = models.PositiveSmallIntegerField("días sin corte después de un pago")
    transit_business_days = models.PositiveSmallIntegerField("días hábiles que se espera un pago en tránsito")
    any_claim_blocks = models.BooleanField("¿cualquier aclaración abierta detiene el corte?", default=True)
    late_arrangement_blocks = models.BooleanField("¿un convenio atrasado y vigente lo detiene?", default=True)
    approval_days = models.PositiveSmallIntegerField("días que vale la aprobación")
    online_minutes = models.PositiveSmallIntegerField("minutos que vale la verificación con red", default=2)
    offline_hours = models.PositiveSmallIntegerField("horas que vale la verificación sin red", default=24)
    reconnection_on = models.CharField("qué pago reconecta", max_length=10, choices=Pays)
    reconnection_share_ppm = models.IntegerField("parte que reconecta, partes por millón", default=MAX_PPM)
    arrangement_reconnects = models.CharField("el convenio reconecta", max_length=15, choices=Agrees)
    reconnection_hours = models.PositiveSmallIntegerField("horas para reconectar")
    fee_at = models.CharField("cuándo se cobra la reconexión", max_length=15, choices=FeeAt)
    fine_cents = CentsField("multa por reconectarse por su cuenta")
    set_at = models.DateTimeField(null=True)
    set_by = models.CharField("quién la fijó", max_length=150)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    least_debt_cents__gte=1,
                    least_periods__gte=1,
                    approval_days__gte=1,
                    online_minutes__range=(1, 60),
                    offline_hours__range=(1, 24),
                    reconnection_share_ppm__range=(1, MAX_PPM),
                    reconnection_hours__range=(1, 720),
                    fine_cents__gte=0,
                ),
                name="disconnections_policy_limits",
            )
        ]

    def __str__(self) -> str:
        return self.code
