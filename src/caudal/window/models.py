"""What a clerk is charging right now, kept here so that no reload, closed tab or power cut loses it."""

from django.db import models

from caudal.access.models import Clerk


class WindowDraft(models.Model):
    """The charge in hand of one clerk: its accounts and what was typed, word for word.

    `key` is made when the charge begins and goes with it until it is paid: it is what makes a second try harmless.
    `body` has the shape of `policy.InHand`; `last` is the reply of the last charge, shown until the next one begins.
    It is a note, not money: it may be written over, and dropping it drops nothing that anybody owes.
    """

    clerk = models.OneToOneField(
        Clerk, on_delete=models.CASCADE, primary_key=True, related_name="window_draft"
    )
    key = models.UUIDField()
    body = models.JSONField(default=dict)
    last = models.JSONField(default=dict)
    changed_at = models.DateTimeField()
