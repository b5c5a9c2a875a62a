"""Payment agreements as they were signed and how they ended. Append-only, but for which one is in force.

How each installment stands is not written here: it is what the ledger says of its charge.
"""

from django.db import models
from django.db.models import F, Q

from caudal.access.models import Approval
from caudal.arrangements.policy import arrangement_folio
from caudal.kernel.fields import CentsField
from caudal.ledger.models import Credit
from caudal.registry.models import Account
from caudal.rules.bounds import MAX_PPM


class ArrangementPolicy(models.Model):
    """What the utility admits in a payment agreement from a day on, and what breaking one costs. Append-only."""

    class Surcharges(models.TextChoices):
        STOPPED = "stopped", "se detienen"
        RUNNING = "running", "siguen corriendo"

    class Resume(models.TextChoices):
        FROM_DUE_DATE = "from_due_date", "desde que venció cada recibo"
        FROM_DEFAULT = "from_default", "desde el incumplimiento"

    code = models.CharField("clave", max_length=40, unique=True)
    effective_from = models.DateField("rige desde", unique=True)
    article = models.CharField("fundamento", max_length=200)
    least_down_ppm = models.IntegerField("pago inicial mínimo, partes por millón del adeudo")
    down_payment_days = models.PositiveSmallIntegerField("días para pagar el pago inicial")
    most_installments = models.PositiveSmallIntegerField("parcialidades, cuando más")
    least_installment_cents = CentsField("parcialidad mínima")
    most_days_to_first = models.PositiveSmallIntegerField("días a la primera parcialidad, cuando más")
    most_debt_cents = CentsField("adeudo que firma una sola persona, cuando más")
    another_after_default = models.BooleanField("¿otro convenio después de incumplir uno, sin aprobación?")
    missed_to_default = models.PositiveSmallIntegerField("parcialidades vencidas que rompen el convenio")
    # months of current bills unpaid that break it too; 0 = they never do
    current_bill_missed = models.PositiveSmallIntegerField("recibos del mes sin pagar que rompen el convenio")
    surcharges = models.CharField("recargos durante el convenio", max_length=10, choices=Surcharges)
    deferral_ppm = models.IntegerField("recargo por prórroga al mes, partes por millón")
    surcharges_resume = models.CharField("al incumplir, los recargos corren", max_length=15, choices=Resume)
    penalty_ppm = models.IntegerField("pena por incumplir, partes por millón de lo que falta", default=0)
    penalty_fixed_cents = CentsField("pena fija por incumplir", default=0)
    ability_share_ppm = models.IntegerField("parte del ingreso libre que puede ir al convenio")
    dependent_cents = CentsField("lo que se aparta al mes por dependiente")
    set_at = models.DateTimeField(null=True)
    set_by = models.CharField("quién la fijó", max_length=150)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    least_down_ppm__range=(0, MAX_PPM),
                    deferral_ppm__range=(0, MAX_PPM),
                    penalty_ppm__range=(0, MAX_PPM),
                    ability_share_ppm__range=(1, MAX_PPM),
                ),
                name="arrangements_policy_shares",
            ),
            models.CheckConstraint(
                condition=Q(
                    most_installments__range=(1, 120),
                    missed_to_default__gte=1,
                    most_days_to_first__range=(1, 366),
                    least_installment_cents__gte=1,
                    most_debt_cents__gte=1,
                    penalty_fixed_cents__gte=0,
                    dependent_cents__gte=0,
                ),
                name="arrangements_policy_limits",
            ),
            # a rate that nothing uses, or a use without a rate, would be a mistake of whoever wrote it
            models.CheckConstraint(
                condition=Q(surcharges="running", deferral_ppm__gt=0)
                | Q(surcharges="stopped", deferral_ppm=0),
                name="arrangements_policy_deferral",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class PaymentArrangement(models.Model):
    """An agreement to pay a debt in parts, as signed (centavos). Append-only."""

    id = models.BigAutoField(primary_key=True)
    number = models.BigIntegerField("folio", unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="arrangements")
    policy = models.ForeignKey(ArrangementPolicy, on_delete=models.PROTECT)
    signed_on = models.DateField("fecha")
    total_cents = CentsField("adeudo del día")
    waived_cents = CentsField("condonado si se cumple", default=0)
    deferral_cents = CentsField("recargos por prórroga", default=0)
    down_payment_cents = CentsField("pago inicial", default=0)
    count = models.PositiveSmallIntegerField("parcialidades")
    # the two credits of the ledger: what turned the debt into installments, and what a campaign forgave meanwhile
    credit = models.OneToOneField(Credit, on_delete=models.PROTECT, related_name="arrangement")
    waiver_credit = models.OneToOneField(
        Credit, on_delete=models.PROTECT, null=True, related_name="arrangement_waived"
    )
    # what was owed that day by period and concept: {period, concept, owed_cents, waived_cents}
    debts = models.JSONField("lo que se debía")
    signer_name = models.CharField("quién firma", max_length=200)
    signer_as = models.CharField("en calidad de", max_length=60)
    signer_document = models.CharField("con qué se identifica", max_length=120, blank=True)
    approval = models.OneToOneField(Approval, on_delete=models.PROTECT, null=True)
    at = models.DateTimeField()
    by = models.CharField("atendió", max_length=150)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    total_cents__gt=0,
                    waived_cents__gte=0,
                    waived_cents__lt=F("total_cents"),
                    down_payment_cents__gte=0,
                    deferral_cents__gte=0,
                    count__gte=1,
                ),
                name="arrangements_arrangement_amounts",
            ),
            models.CheckConstraint(
                condition=Q(waived_cents=0, waiver_credit=None)
                | Q(waived_cents__gt=0, waiver_credit__isnull=False),
                name="arrangements_arrangement_waiver",
            ),
            models.CheckConstraint(condition=~Q(signer_name=""), name="arrangements_arrangement_signer"),
        ]
        indexes = [models.Index(fields=["signed_on"], name="arrangements_signed_day")]

    @property
    def folio(self) -> str:
        return arrangement_folio(self.number)

    @property
    def agreed_cents(self) -> int:
        """Of the debt, what the installments pay."""
        agreed: int = self.total_cents - self.waived_cents
        return agreed

    def __str__(self) -> str:
        return self.folio


class Installment(models.Model):
    """One payment of an agreement; number 0 is the down payment. Append-only; they add up to it at commit."""

    id = models.BigAutoField(primary_key=True)
    arrangement = models.ForeignKey(PaymentArrangement, on_delete=models.PROTECT, related_name="installments")
    number = models.PositiveSmallIntegerField("número")
    due_on = models.DateField("vence")
    principal_cents = CentsField("del adeudo")
    deferral_cents = CentsField("recargo por prórroga", default=0)
    # the document of the ledger: period 0, DocumentKind.INSTALLMENT, this sequence
    sequence = models.SmallIntegerField("documento")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["arrangement", "number"], name="arrangements_installment_once"),
            models.CheckConstraint(
                condition=Q(principal_cents__gt=0, deferral_cents__gte=0),
                name="arrangements_installment_amounts",
            ),
        ]
        indexes = [models.Index(fields=["due_on"], name="arrangements_installment_due")]

    @property
    def total_cents(self) -> int:
        total: int = self.principal_cents + self.deferral_cents
        return total


class AbilityToPay(models.Model):
    """What a household said it earns and spends in a month. Sensitive: read with its own permission. Append-only."""

    arrangement = models.OneToOneField(
        PaymentArrangement, on_delete=models.PROTECT, primary_key=True, related_name="ability"
    )
    income_cents = CentsField("ingreso al mes")
    dependents = models.PositiveSmallIntegerField("dependientes")
    expenses_cents = CentsField("gastos al mes")
    can_pay_cents = CentsField("lo que dice que puede pagar al mes")
    # the most that the policy of that day let a payment be
    affordable_cents = CentsField("lo que puede ir al convenio")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    income_cents__gte=0, expenses_cents__gte=0, can_pay_cents__gt=0, affordable_cents__gte=0
                ),
                name="arrangements_ability_amounts",
            )
        ]


class LiveArrangement(models.Model):
    """Which agreement of an account is in force: one at most, and the row leaves when it ends."""

    account = models.OneToOneField(
        Account, on_delete=models.PROTECT, primary_key=True, related_name="live_arrangement"
    )
    arrangement = models.OneToOneField(PaymentArrangement, on_delete=models.PROTECT, related_name="live")


class ArrangementEnd(models.Model):
    """How an agreement ended, with what that moved (centavos). One end, for ever. Append-only."""

    class Kind(models.TextChoices):
        FINISHED = "finished", "cumplido"
        DEFAULTED = "defaulted", "incumplido"
        CANCELED = "canceled", "cancelado"

    arrangement = models.OneToOneField(
        PaymentArrangement, on_delete=models.PROTECT, primary_key=True, related_name="end"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    reason = models.CharField("motivo", max_length=200, blank=True)
    on = models.DateField("fecha")
    at = models.DateTimeField()
    by = models.CharField("quién", max_length=150)
    paid_cents = CentsField("pagado de las parcialidades", default=0)
    reopened_cents = CentsField("adeudo que volvió", default=0)
    replayed_cents = CentsField("pagos aplicados al adeudo que volvió", default=0)
    in_favor_cents = CentsField("pagos que quedaron a favor", default=0)
    waiver_taken_back_cents = CentsField("condonación que se perdió", default=0)
    forgiven_cents = CentsField("recargos del tiempo del convenio que no se cobran", default=0)
    penalty_cents = CentsField("pena", default=0)
    # what each installment had been paid: {number, paid_cents, paid_on}; undoing it erases that from the ledger
    standing = models.JSONField("cómo quedó cada parcialidad")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="finished") | ~Q(reason=""), name="arrangements_end_has_reason"
            ),
            # money is not lost on the way back: what installments had received went to the debt or stayed in favor
            models.CheckConstraint(
                condition=Q(kind="finished") | Q(paid_cents=F("replayed_cents") + F("in_favor_cents")),
                name="arrangements_end_keeps_money",
            ),
        ]
