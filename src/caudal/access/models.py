"""Clerks: the people who work here and sign in."""

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
