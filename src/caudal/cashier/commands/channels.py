"""Payment channels: put one to use, change how it writes, retire it."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from caudal.cashier.channels import layout as layouts
from caudal.cashier.commands.series import open_series
from caudal.cashier.models import PaymentChannel, ReceiptSeries, TenderKind
from caudal.kernel import audit, waiting
from caudal.kernel.refusals import Refusal


class CannotOpenChannel(Refusal): ...


class CannotChangeChannel(Refusal): ...


@transaction.atomic
def open_channel(
    *,
    code: str,
    name: str,
    series: str,
    layout: Mapping[str, Any],
    at: datetime,
    by: str,
    tender: str = TenderKind.TRANSFER.value,
) -> PaymentChannel:
    """Put a channel to use, with a series of receipts of its own (made now if it does not exist).

    :param layout: how its references and files are written, as `channels.layout` reads it
    :raises CannotOpenChannel: if the code is not 1 to 20 letters, digits or hyphens or exists, it has no name,
        its tender does not exist, or the series belongs to another
    :raises CannotDescribeChannel: if the layout has a mistake
    :raises CannotChangeSeries: if the series code cannot be used
    """
    problems = (
        (
            not re.fullmatch(r"[a-z0-9-]{1,20}", code) or PaymentChannel.objects.filter(code=code).exists(),
            f"La clave «{code}» no sirve o ya existe.",
            "Use de 1 a 20 letras minúsculas, números o guiones.",
            "code",
        ),
        (not name.strip(), "Falta el nombre del canal.", "Escriba el del banco o la tienda.", "name"),
        (tender not in TenderKind.values, f"No existe la forma de pago «{tender}».", "Elija una.", "tender"),
        (
            PaymentChannel.objects.filter(series_id=series).exists()
            or ReceiptSeries.objects.filter(code=series, till__isnull=False).exists(),
            f"La serie {series} es de otro canal o de una caja.",
            "Elija otra serie.",
            "series",
        ),
    )
    for is_wrong, what, remedy, field in problems:
        if is_wrong:
            raise CannotOpenChannel(what, remedy, field=field)
    layouts.from_document(document=layout)
    on = timezone.localdate(at)
    if not ReceiptSeries.objects.filter(code=series).exists():
        open_series(code=series, name=name, on=on, at=at, by=by)
    channel = PaymentChannel.objects.create(
        code=code, name=name.strip(), series_id=series, tender=tender, layout=layout, opened_on=on
    )
    audit.record(
        act="cashier.open_channel", by=by, at=at, object_kind="channel", object_id=code, after=dict(layout)
    )
    return channel


@transaction.atomic
def describe_channel(
    *, channel: PaymentChannel, layout: Mapping[str, Any], at: datetime, by: str
) -> PaymentChannel:
    """Change how a channel's references and files are written, for the files that come from now on.

    :raises CannotDescribeChannel: if the layout has a mistake
    """
    layouts.from_document(document=layout)
    held = lock_channel(channel=channel)
    before, held.layout = held.layout, dict(layout)
    held.save(update_fields=["layout"])
    audit.record(
        act="cashier.describe_channel",
        by=by,
        at=at,
        object_kind="channel",
        object_id=held.code,
        before=before,
        after=held.layout,
    )
    return held


@transaction.atomic
def close_channel(*, channel: PaymentChannel, at: datetime, by: str) -> PaymentChannel:
    """Retire a channel: it loads no more files. What waits to be identified still can be.

    :raises CannotChangeChannel: if it was retired before
    """
    held = lock_channel(channel=channel)
    if held.closed_on is not None:
        raise CannotChangeChannel(f"{held.name} ya está fuera de uso.", "Revise la clave del canal.")
    held.closed_on, held.closed_by = timezone.localdate(at), by
    held.save(update_fields=["closed_on", "closed_by"])
    audit.record(act="cashier.close_channel", by=by, at=at, object_kind="channel", object_id=held.code)
    return held


def lock_channel(*, channel: PaymentChannel) -> PaymentChannel:
    """The channel, held until the transaction ends: its lines are decided one act after another.

    :raises StillBusy: if another act holds it for too long
    """
    with waiting.for_lock(what=f"Otra persona está cargando o identificando pagos de {channel.name}."):
        return PaymentChannel.objects.select_for_update(no_key=True).select_related(None).get(pk=channel.pk)
