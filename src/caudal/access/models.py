"""Clerks: the people who work here and sign in, and what two of them agree on."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class Clerk(AbstractUser):
    """A person who works here and signs in. A customer is never a clerk."""

    class Role(models.TextChoices):
        CASHIER = "cashier", "cajero"
        TILL_SUPERVISOR = "till_supervisor", "supervisor de caja"
        METER_READER = "meter_reader", "lecturista"
        CREW = "crew", "cuadrilla"
        SERVICE_DESK = "service_desk", "atención a usuarios"
        BILLING_ANALYST = "billing_analyst", "analista de facturación"
        COMMERCIAL_MANAGER = "commercial_manager", "gerente comercial"
        AUDITOR = "auditor", "auditor"
        ADMINISTRATOR = "administrator", "administrador"

    role = models.CharField("puesto", max_length=20, choices=Role)

    class Meta(AbstractUser.Meta):
        verbose_name = "persona que trabaja aquí"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    role__in=[
                        "cashier", "till_supervisor", "meter_reader", "crew", "service_desk",
                        "billing_analyst", "commercial_manager", "auditor", "administrator",
                    ]
                ),
                name="access_clerk_role_known",
            )
        ]  # fmt: skip

    @property
    def full_name(self) -> str:
        return self.get_full_name() or self.username


class Pin(models.Model):
    """Six digits of one clerk: they open the idle lock, and sign an approval at somebody else's screen."""

    clerk = models.OneToOneField(Clerk, models.CASCADE, primary_key=True, related_name="pin")
    hash = models.CharField(max_length=128)
    set_at = models.DateTimeField()
    wrong_count = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)


class SignIn(models.Model):
    """Somebody came in: who, when, from which device and address. Append-only.

    `device` is the random number kept in a browser's cookie, `session` the session that was opened.
    """

    id = models.BigAutoField(primary_key=True)
    clerk = models.ForeignKey(Clerk, models.PROTECT, related_name="sign_ins")
    at = models.DateTimeField()
    device = models.CharField(max_length=64, blank=True)
    ip = models.GenericIPAddressField(null=True)
    session = models.CharField(max_length=40, blank=True)
    is_new_device = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["clerk", "at"], name="access_signin_clerk"),
            models.Index(fields=["device", "at"], name="access_signin_device"),
        ]


class ApprovalRequest(models.Model):
    """An act somebody may not do alone, waiting for another to decide. Append-only; it lapses by itself."""

    id = models.BigAutoField(primary_key=True)
    # the act the decider must be allowed to do, see policy
    act = models.CharField("acto", max_length=60)
    object_kind = models.CharField(max_length=60)
    object_id = models.CharField(max_length=60)
    asked_by = models.CharField("quién lo pide", max_length=150)
    at = models.DateTimeField()
    device = models.CharField(max_length=64, blank=True)
    reason = models.TextField("motivo")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["object_kind", "object_id"], name="access_request_object")]


class ApprovalDecision(models.Model):
    """What another person decided about a request, once. Append-only."""

    request = models.OneToOneField(ApprovalRequest, models.PROTECT, primary_key=True, related_name="decision")
    is_granted = models.BooleanField("¿concedida?")
    by = models.CharField("quién", max_length=150)
    at = models.DateTimeField()
    device = models.CharField(max_length=64, blank=True)
    reason = models.TextField("motivo", blank=True)


class Approval(models.Model):
    """Another person's yes to one act on one object, asked by one clerk. Append-only.

    Given at the screen with a PIN, or from the approver's own device as the answer to a request.
    """

    id = models.BigAutoField(primary_key=True)
    act = models.CharField("acto", max_length=60)
    object_kind = models.CharField(max_length=60)
    object_id = models.CharField(max_length=60)
    asked_by = models.CharField("quién lo pidió", max_length=150)
    approver = models.CharField("quién aprobó", max_length=150)
    at = models.DateTimeField()
    device = models.CharField(max_length=64, blank=True)
    reason = models.TextField("motivo")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    request = models.OneToOneField(ApprovalRequest, models.PROTECT, null=True, related_name="approval")

    class Meta:
        indexes = [
            models.Index(fields=["object_kind", "object_id"], name="access_approval_object"),
            models.Index(fields=["act", "at"], name="access_approval_act"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(approver=models.F("asked_by")), name="access_approval_by_another"
            )
        ]


class ApprovalUse(models.Model):
    """The act that an approval was given for, done: an approval serves once. Append-only."""

    approval = models.OneToOneField(Approval, models.PROTECT, primary_key=True, related_name="use")
    at = models.DateTimeField()
