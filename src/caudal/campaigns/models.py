"""Rules that forgive or reduce, and every centavo they did. A published rule never changes; the rest is append-only."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from caudal.kernel.fields import CentsField, PeriodField
from caudal.ledger.models import Credit
from caudal.registry.models import Account
from caudal.tariffs.models import TariffBook

WHOLE_PPM = 1_000_000


class Campaign(models.Model):
    """A dated rule of the council: who qualifies, on what condition, and what it takes off.

    A draft changes freely. Once published a trigger lets through only its withdrawal, once, and the paper of the
    agreement if it came later. It starts and ends by itself: in force in the half-open window of `starts_at`.
    """

    class Regime(models.TextChoices):
        ALL = "all", "medido y cuota fija"
        METERED = "metered", "servicio medido"
        FLAT = "flat", "cuota fija"

    code = models.CharField("clave", max_length=20, unique=True)
    name = models.CharField("nombre", max_length=120)
    starts_at = models.DateTimeField("empieza")
    ends_at = models.DateTimeField("termina (sin incluir)")
    # what it is granted on
    on_single_payment = models.BooleanField("pago en una sola exhibición", default=False)
    on_arrangement = models.BooleanField("convenio de pago", default=False)
    on_prepayment = models.BooleanField("pago anticipado", default=False)
    requires_up_to_date = models.BooleanField("¿solo cuentas al corriente?", default=False)
    least_months = models.PositiveSmallIntegerField("meses anticipados, al menos", default=0)
    # codes of ledger concepts; empty for prepayment alone: the tariff book says what it reduces
    reduces = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    ppm = models.PositiveIntegerField("porcentaje, en millonésimas", default=0)
    fixed_cents = CentsField("importe fijo por cuenta", default=0)
    cap_cents = CentsField("tope por cuenta", default=0)
    # who qualifies: empty lists, nulls and amounts of zero are no limit
    uses = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    localities = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    regime = models.CharField("régimen", max_length=8, choices=Regime, default=Regime.ALL)
    least_balance_cents = CentsField("adeudo mínimo", default=0)
    most_balance_cents = CentsField("adeudo máximo", default=0)
    least_age_days = models.PositiveIntegerField("días vencidos, al menos", null=True)
    most_age_days = models.PositiveIntegerField("días vencidos, cuando más", null=True)
    precedence = models.PositiveSmallIntegerField("precedencia", default=100)
    stacks = models.BooleanField("¿se suma a otras?", default=False)
    council_agreement = models.CharField("acuerdo del consejo", max_length=80, blank=True)
    council_agreement_pdf = models.FileField(
        "acuerdo en PDF", upload_to="acuerdos/", blank=True, max_length=200
    )
    drafted_at = models.DateTimeField()
    drafted_by = models.CharField("preparó", max_length=150)
    published_at = models.DateTimeField(null=True)
    published_by = models.CharField("publicó", max_length=150, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField("retiró", max_length=150, blank=True)
    withdrawal_reason = models.CharField("motivo del retiro", max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["starts_at", "ends_at"], name="campaigns_window")]
        constraints = [
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="campaigns_named"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="campaigns_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(ppm__range=(1, WHOLE_PPM), fixed_cents=0) | Q(ppm=0, fixed_cents__gt=0),
                name="campaigns_ppm_or_fixed",
            ),
            models.CheckConstraint(condition=Q(cap_cents__gte=0), name="campaigns_cap"),
            models.CheckConstraint(
                condition=Q(on_single_payment=True) | Q(on_arrangement=True) | Q(on_prepayment=True),
                name="campaigns_granted_on_something",
            ),
            models.CheckConstraint(
                condition=Q(on_single_payment=False, on_arrangement=False) | Q(reduces__len__gt=0),
                name="campaigns_reduce_something",
            ),
            models.CheckConstraint(
                condition=Q(on_prepayment=False) | Q(least_months__range=(1, 12)),
                name="campaigns_least_months",
            ),
            models.CheckConstraint(
                condition=Q(least_balance_cents__gte=0)
                & (Q(most_balance_cents=0) | Q(most_balance_cents__gte=F("least_balance_cents"))),
                name="campaigns_balance_range",
            ),
            models.CheckConstraint(
                condition=Q(least_age_days__isnull=True)
                | Q(most_age_days__isnull=True)
                | Q(most_age_days__gte=F("least_age_days")),
                name="campaigns_age_range",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by="")
                | Q(published_at__isnull=False) & ~Q(published_by="") & ~Q(council_agreement=""),
                name="campaigns_published_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by="", withdrawal_reason="")
                | Q(withdrawn_at__isnull=False, published_at__isnull=False)
                & ~Q(withdrawn_by="")
                & ~Q(withdrawal_reason=""),
                name="campaigns_withdrawn_with_reason",
            ),
            # whoever prepared it does not publish it
            models.CheckConstraint(
                condition=~Q(published_by=F("drafted_by")) | Q(published_by=""), name="campaigns_two_people"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Waiver(models.Model):
    """What one rule forgave to one account, with the credit that took it off. Append-only.

    Its credit may be reversed later (a receipt canceled, an arrangement defaulted): the two rows tell it.
    """

    id = models.BigAutoField(primary_key=True)
    # the rule when it is a campaign; `rule` names it always, also the policy of arrangements
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, null=True, related_name="waivers")
    rule = models.CharField("regla", max_length=60)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="waivers")
    credit = models.OneToOneField(Credit, on_delete=models.PROTECT, related_name="waiver")
    cents = CentsField("condonado")
    document = models.CharField("comprobante o convenio", max_length=60)
    is_conditional = models.BooleanField("¿condicionada a que se cumpla el convenio?", default=False)
    on = models.DateField("fecha")
    at = models.DateTimeField()
    by = models.CharField("quién", max_length=150)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(rule=""), name="campaigns_waiver_has_rule"),
            models.CheckConstraint(condition=Q(cents__gt=0), name="campaigns_waiver_cents"),
        ]
        indexes = [
            models.Index(fields=["on"], name="campaigns_waiver_day"),
            models.Index(fields=["document"], name="campaigns_waiver_paper"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.document}"


class PrepaidMonth(models.Model):
    """A month paid ahead at the book of the day it was paid. Append-only; one live row for an account and period.

    Its bill consumes it; what does not reach its bill has a `PrepaidMonthEnd`.
    """

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="prepaid_months")
    period = PeriodField("periodo")
    book = models.ForeignKey(TariffBook, on_delete=models.PROTECT)
    quoted_cents = CentsField("precio completo")
    ppm = models.PositiveIntegerField("porcentaje, en millonésimas", default=0)
    reduction_cents = CentsField("reducción")
    paid_cents = CentsField("pagado")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, null=True, related_name="prepaid_months")
    credit = models.ForeignKey(Credit, on_delete=models.PROTECT, related_name="prepaid_months")
    at = models.DateTimeField()
    by = models.CharField("cobró", max_length=150)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ppm__range=(0, WHOLE_PPM)), name="campaigns_prepaid_ppm"),
            models.CheckConstraint(
                condition=Q(reduction_cents__gte=0, paid_cents__gte=0)
                & Q(quoted_cents=F("reduction_cents") + F("paid_cents")),
                name="campaigns_prepaid_adds_up",
            ),
        ]
        indexes = [models.Index(fields=["account", "period"], name="campaigns_prepaid_account")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.period}"


class PrepaidMonthEnd(models.Model):
    """Why a month paid ahead no longer holds: one end, for ever. Append-only."""

    class Kind(models.TextChoices):
        REFUNDED = "refunded", "devuelto"
        SETTLED = "settled", "ajustado al precio del periodo"
        CANCELED = "canceled", "comprobante cancelado"

    month = models.OneToOneField(PrepaidMonth, on_delete=models.PROTECT, primary_key=True, related_name="end")
    kind = models.CharField(max_length=10, choices=Kind)
    # what the customer got back (+) or had to pay more (−)
    difference_cents = CentsField("diferencia", default=0)
    reason = models.CharField("motivo", max_length=200)
    on = models.DateField("fecha")
    at = models.DateTimeField()
    by = models.CharField("quién", max_length=150)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="campaigns_prepaid_end_reason")]


class PrepaymentPolicy(models.Model):
    """What happens to months paid ahead, from a date on: the newest row of the latest date holds. Append-only."""

    class OnTariffChange(models.TextChoices):
        HONOR = "honor", "se respeta el precio pagado"
        SETTLE = "settle", "se ajusta la diferencia"

    class OnClosing(models.TextChoices):
        REFUND = "refund", "queda a favor del usuario"
        SETTLE = "settle", "se aplica a lo que deba y el resto queda a favor"

    effective_from = models.DateField("desde")
    article = models.CharField("fundamento", max_length=120)
    on_tariff_change = models.CharField(
        "si cambia la tarifa", max_length=6, choices=OnTariffChange, default=OnTariffChange.HONOR
    )
    on_closing = models.CharField(
        "si se da de baja la cuenta", max_length=6, choices=OnClosing, default=OnClosing.REFUND
    )
    set_at = models.DateTimeField()
    set_by = models.CharField("quién", max_length=150)

    class Meta:
        verbose_name_plural = "políticas de pago anticipado"
        constraints = [models.CheckConstraint(condition=~Q(article=""), name="campaigns_prepayment_article")]
