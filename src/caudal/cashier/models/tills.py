"""Tills and their sessions: who opened which drawer with how much, what was counted, where the cash went."""

from typing import Final

from django.db import models
from django.db.models import F, Q

from caudal.cashier.models.receipts import ReceiptSeries, TenderKind, folio_text
from caudal.kernel.fields import CentsField

# the series whose folios the papers of a till take
CLOSINGS: Final = "CORTE"
WITHDRAWALS: Final = "RETIRO"
DEPOSITS: Final = "DEPOSITO"


class Till(models.Model):
    """A counter and its drawer, with its own series of receipts."""

    code = models.CharField("caja", max_length=8, primary_key=True)
    name = models.CharField("nombre", max_length=80)
    series = models.OneToOneField(ReceiptSeries, on_delete=models.PROTECT)
    # host:port of an ESC/POS printer; without one, receipts are printed from the page
    printer = models.CharField("impresora", max_length=80, blank=True)
    printer_columns = models.PositiveSmallIntegerField("columnas", default=48)
    # more cash than this in the drawer asks for a withdrawal; 0 never asks
    cash_limit_cents = CentsField("tope de efectivo", default=0)
    # whether the cashier may see the cash that must be there before counting it; who supervises always sees it
    shows_expected = models.BooleanField("¿muestra lo esperado?", default=False)
    opened_on = models.DateField("en uso desde")
    closed_on = models.DateField("fuera de uso desde", null=True)
    closed_by = models.CharField("retiró", max_length=150, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | ~Q(closed_by=""), name="cashier_till_closed_by_someone"
            ),
            models.CheckConstraint(condition=Q(cash_limit_cents__gte=0), name="cashier_till_limit"),
        ]

    def __str__(self) -> str:
        return self.name


class TillSession(models.Model):
    """A till from its opening to its closing, by one cashier: every receipt of the window belongs to one.

    Open takes payments; balancing only corrects; balanced is frozen. Only `state` ever changes.
    """

    class State(models.TextChoices):
        OPEN = "open", "abierto"
        BALANCING = "balancing", "en arqueo"
        BALANCED = "balanced", "cerrado"

    till = models.ForeignKey(Till, on_delete=models.PROTECT, related_name="sessions")
    cashier = models.CharField("cajero", max_length=150)
    business_on = models.DateField("fecha")
    opened_at = models.DateTimeField("abierto")
    float_cents = CentsField("fondo fijo")
    state = models.CharField("estado", max_length=10, choices=State, default=State.OPEN)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["till"], condition=~Q(state="balanced"), name="cashier_one_session_per_till"
            ),
            models.UniqueConstraint(
                fields=["cashier"], condition=~Q(state="balanced"), name="cashier_one_session_per_cashier"
            ),
            models.CheckConstraint(condition=Q(float_cents__gte=0), name="cashier_session_float"),
        ]
        indexes = [models.Index(fields=["business_on"], name="cashier_session_day")]


class TillSessionStep(models.Model):
    """A change of state of a session: who, when, why. Append-only."""

    session = models.ForeignKey(TillSession, on_delete=models.PROTECT, related_name="steps")
    state = models.CharField("estado", max_length=10, choices=TillSession.State)
    at = models.DateTimeField()
    by = models.CharField("quién", max_length=150)
    reason = models.CharField("motivo", max_length=200, blank=True)


class CashCount(models.Model):
    """Cash counted piece by piece: the float at opening, a withdrawal, the blind count at the end. Append-only.

    `pieces` says how many there are of each denomination, in centavos: `{"50000": 3, "50": 4}`.
    """

    class Purpose(models.TextChoices):
        FLOAT = "float", "fondo fijo"
        WITHDRAWAL = "withdrawal", "retiro parcial"
        CLOSING = "closing", "arqueo"

    session = models.ForeignKey(TillSession, on_delete=models.PROTECT, related_name="counts")
    purpose = models.CharField("motivo", max_length=10, choices=Purpose)
    pieces = models.JSONField("piezas")
    total_cents = CentsField("total")
    # what a closing declares of each other kind of tender, in centavos: `{"card": 12000}`
    others = models.JSONField("otras formas de pago", default=dict)
    counted_by = models.CharField("contó", max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(total_cents__gte=0), name="cashier_count_not_negative"),
            models.UniqueConstraint(
                fields=["session", "purpose"],
                condition=~Q(purpose="withdrawal"),
                name="cashier_one_count_per_purpose",
            ),
        ]


class CashWithdrawal(models.Model):
    """Cash taken out of a drawer in the middle of a session, received by a second person. Append-only."""

    session = models.ForeignKey(TillSession, on_delete=models.PROTECT, related_name="withdrawals")
    number = models.BigIntegerField("folio", unique=True)
    amount_cents = CentsField("importe")
    handed_by = models.CharField("entregó", max_length=150)
    received_by = models.CharField("recibió", max_length=150)
    at = models.DateTimeField()
    # piece by piece, if it was counted so
    count = models.OneToOneField(CashCount, on_delete=models.PROTECT, null=True, related_name="withdrawal")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="cashier_withdrawal_positive"),
            models.CheckConstraint(
                condition=~Q(handed_by=F("received_by")), name="cashier_withdrawal_two_people"
            ),
        ]

    @property
    def folio(self) -> str:
        """`RETIRO-000007`."""
        return folio_text(series=WITHDRAWALS, number=self.number)


class TillClosing(models.Model):
    """The balance of a session (corte Z): what was declared against what was expected. Append-only."""

    session = models.OneToOneField(TillSession, on_delete=models.PROTECT, related_name="closing")
    number = models.BigIntegerField("folio", unique=True)
    at = models.DateTimeField()
    declared_by = models.CharField("declaró", max_length=150)
    closed_by = models.CharField("cerró", max_length=150)
    n_receipts = models.PositiveIntegerField("recibos")
    n_canceled = models.PositiveIntegerField("cancelados")
    first_folio = models.CharField(max_length=30, blank=True)
    last_folio = models.CharField(max_length=30, blank=True)
    # SHA-256 of the last receipt of the series, in hexadecimal: printed, so that the chain has a witness
    chain_head = models.CharField("cabeza de la cadena", max_length=64, blank=True)
    # the same of the series that its cancellations take
    cancellation_head = models.CharField("cabeza de cancelaciones", max_length=64, blank=True)
    note = models.CharField("nota", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(declared_by=F("closed_by")), name="cashier_closing_two_people"
            )
        ]

    @property
    def folio(self) -> str:
        """`CORTE-000012`."""
        return folio_text(series=CLOSINGS, number=self.number)


class TenderBalance(models.Model):
    """Expected against declared of one kind of tender in a closing (centavos). Append-only."""

    closing = models.ForeignKey(TillClosing, on_delete=models.PROTECT, related_name="balances")
    kind = models.CharField("forma de pago", max_length=10, choices=TenderKind)
    expected_cents = CentsField("esperado")
    declared_cents = CentsField("declarado")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["closing", "kind"], name="cashier_tender_balance_once")
        ]

    @property
    def difference_cents(self) -> int:
        """Over if positive, short if negative."""
        difference: int = self.declared_cents - self.expected_cents
        return difference


class DifferenceDispute(models.Model):
    """What a cashier says about a difference of their closing. A difference is charged to nobody. Append-only."""

    balance = models.ForeignKey(TenderBalance, on_delete=models.PROTECT, related_name="disputes")
    text = models.CharField("aclaración", max_length=500)
    at = models.DateTimeField()
    by = models.CharField("quién", max_length=150)

    @property
    def is_answered(self) -> bool:
        return hasattr(self, "answer")


class DisputeAnswer(models.Model):
    """What was found out about a dispute, said by who supervises the tills. Append-only."""

    dispute = models.OneToOneField(
        DifferenceDispute, on_delete=models.PROTECT, primary_key=True, related_name="answer"
    )
    text = models.CharField("respuesta", max_length=500)
    at = models.DateTimeField()
    by = models.CharField("quién", max_length=150)


class DepositSlip(models.Model):
    """Cash and checks of some closings taken to the bank. Append-only: it locks them.

    `amount_cents` is cash: what was declared and withdrawn, less the floats, which stay in the safe.
    """

    number = models.BigIntegerField("folio", unique=True)
    business_on = models.DateField("fecha")
    bank_account = models.CharField("cuenta bancaria", max_length=40)
    reference = models.CharField("referencia del banco", max_length=60)
    amount_cents = CentsField("efectivo")
    checks_cents = CentsField("cheques", default=0)
    deposited_by = models.CharField("depositó", max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_cents__gte=0, checks_cents__gte=0)
                & (Q(amount_cents__gt=0) | Q(checks_cents__gt=0)),
                name="cashier_deposit_positive",
            ),
            models.UniqueConstraint(fields=["bank_account", "reference"], name="cashier_deposit_once"),
        ]

    @property
    def folio(self) -> str:
        """`DEPOSITO-000004`."""
        return folio_text(series=DEPOSITS, number=self.number)

    @property
    def total_cents(self) -> int:
        total: int = self.amount_cents + self.checks_cents
        return total


class DepositedClosing(models.Model):
    """A closing inside a deposit slip, with its cash; in one slip only. Append-only."""

    slip = models.ForeignKey(DepositSlip, on_delete=models.PROTECT, related_name="closings")
    closing = models.OneToOneField(TillClosing, on_delete=models.PROTECT, related_name="deposited")
    amount_cents = CentsField("efectivo")
    checks_cents = CentsField("cheques", default=0)
