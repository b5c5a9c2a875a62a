"""What is told to citizens: each text once, and each try to send it. Texts and tries are never edited."""

from django.db import models
from django.db.models import Q

from caudal.registry.models import Account


class Message(models.Model):
    """A text for a telephone, about something with a folio. Only how far it is moves; its tries say why."""

    class State(models.TextChoices):
        QUEUED = "queued", "en espera"
        SENT = "sent", "enviado"
        FAILED = "failed", "no se pudo entregar"
        UNKNOWN = "unknown", "no se sabe"

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="messages")
    phone = models.CharField("teléfono", max_length=10)
    text = models.CharField("texto", max_length=480)
    # what it is about: "case" REP-000001, "reconnection" RCX-000001…; no foreign key upward
    about_kind = models.CharField(max_length=20)
    about_folio = models.CharField(max_length=40)
    queued_at = models.DateTimeField()
    queued_by = models.CharField(max_length=150)
    state = models.CharField("estado", max_length=8, choices=State, default=State.QUEUED)
    next_try_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state="queued"), name="messaging_message_queue"),
            models.Index(fields=["about_kind", "about_folio"], name="messaging_message_about"),
            models.Index(fields=["phone", "-queued_at"], name="messaging_message_phone"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(phone__regex=r"^[0-9]{10}$") & ~Q(text=""), name="messaging_message_whole"
            ),
            models.CheckConstraint(
                condition=Q(state="queued", next_try_at__isnull=False)
                | (~Q(state="queued") & Q(next_try_at__isnull=True)),
                name="messaging_message_next_try",
            ),
        ]


class MessageTry(models.Model):
    """One try to send a message and what the channel answered. Append-only."""

    class Outcome(models.TextChoices):
        SENT = "sent", "enviado"
        WRONG_NUMBER = "wrong_number", "el número no existe"
        BUSY = "busy", "apagado o sin espacio"
        OURS = "ours", "no salió de aquí"
        UNKNOWN = "unknown", "el canal no contestó"

    id = models.BigAutoField(primary_key=True)
    message = models.ForeignKey(Message, models.PROTECT, related_name="tries")
    number = models.PositiveSmallIntegerField("intento")
    outcome = models.CharField("respuesta", max_length=12, choices=Outcome)
    channel = models.CharField("canal", max_length=20)
    reference = models.CharField("referencia del canal", max_length=60, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "number"], name="messaging_try_once")]
