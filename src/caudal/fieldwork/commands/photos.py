"""Receive the pictures phones send: opened, drawn again, kept once."""

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction

from caudal.fieldwork import photos, receiving, sealing
from caudal.fieldwork.commands.receiving import sealer
from caudal.fieldwork.models import Device, FieldEvent, Photo
from caudal.fieldwork.photos import CannotKeepPhoto as CannotKeepPhoto

ROLES: Final = frozenset({"dial", "before", "after", "seal", "evidence"})


@transaction.atomic
def receive_photo(
    *, device: Device, photo_id: UUID, envelope: dict[str, Any], at: datetime
) -> tuple[Photo, bool]:
    """Keep a picture of an event, which may come before it. The photo, and whether it is new: twice is once.

    :raises CannotKeepPhoto: if it was not sealed for this office, is not a picture, is too big, or is of an event of
        another person
    """
    Device.objects.select_for_update(of=("self",), no_key=True).get(pk=device.pk)
    if kept := Photo.objects.filter(pk=photo_id).first():
        return kept, False
    sealed_by = sealer(carrier=device, envelope=envelope)
    try:
        told = sealing.open_sealed(private_key=sealed_by.private_key, envelope=envelope)
    except sealing.CannotOpen:
        raise CannotKeepPhoto("La foto llegó dañada.", "Tómela otra vez.") from None
    event_id = receiving.read_id(told.get("event"))
    if event_id is None:
        raise CannotKeepPhoto("La foto no dice de qué es.", "Tómela otra vez.")
    event = FieldEvent.objects.select_related("device").filter(pk=event_id).first()
    if {sealed_by.clerk_id, event.device.clerk_id if event else device.clerk_id} != {device.clerk_id}:
        raise CannotKeepPhoto("La foto es del trabajo de otra persona.", "Avise a la oficina.")
    drawn = photos.drawn_again(body=_picture(told))
    role = told.get("role")
    photo = Photo(
        id=photo_id, device=sealed_by, event_id=event_id, role=role if role in ROLES else "evidence",
        sha256=drawn.sha256, width=drawn.width, height=drawn.height,
        size_bytes=len(drawn.content), received_at=at,
    )  # fmt: skip
    photo.file.save(f"{photo_id}.jpg", ContentFile(drawn.content), save=False)
    photo.save(force_insert=True)
    return photo, True


def _picture(told: Mapping[str, Any]) -> bytes:
    try:
        return base64.b64decode(told["jpeg"], validate=True)
    except (KeyError, TypeError, ValueError, binascii.Error):
        raise CannotKeepPhoto("Lo que llegó no es una foto.", "Tómela otra vez.") from None
