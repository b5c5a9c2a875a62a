"""Receipt series: opened for a till or a channel, closed for ever when it is no longer used."""

import re
from datetime import date, datetime

from django.db import transaction

from caudal.cashier.models import ReceiptSeries, Till
from caudal.kernel import audit
from caudal.kernel.refusals import Refusal


class CannotChangeSeries(Refusal): ...


@transaction.atomic
def open_series(*, code: str, name: str, on: date, at: datetime, by: str) -> ReceiptSeries:
    """Open a series of receipt folios.

    :raises CannotChangeSeries: if the code is not 1 to 8 capital letters or digits, or exists already
    """
    if not re.fullmatch(r"[A-Z0-9]{1,8}", code):
        raise CannotChangeSeries(
            "La clave de la serie no sirve.", "Use de 1 a 8 letras mayúsculas o números.", field="code"
        )
    series, is_new = ReceiptSeries.objects.get_or_create(code=code, defaults={"name": name, "opened_on": on})
    if not is_new:
        raise CannotChangeSeries(f"La serie {code} ya existe.", "Elija otra clave.", field="code")
    audit.record(act="cashier.open_series", by=by, at=at, object_kind="series", object_id=code)
    return series


@transaction.atomic
def close_series(*, code: str, on: date, at: datetime, by: str) -> ReceiptSeries:
    """Close a series: from `on` no receipt takes its folios. Its receipts stay as they are.

    :raises CannotChangeSeries: if it does not exist, is closed, or a till in use still takes its folios
    """
    if till := Till.objects.filter(series=code, closed_on__isnull=True).first():
        raise CannotChangeSeries(
            f"La serie {code} es de {till.name}, que está en uso.", "Retire primero la caja.", field="code"
        )
    series = ReceiptSeries.objects.select_for_update().filter(code=code, closed_on__isnull=True).first()
    if series is None:
        raise CannotChangeSeries(f"No hay una serie {code} abierta.", "Revise la clave.", field="code")
    series.closed_on, series.closed_by = on, by
    series.save(update_fields=["closed_on", "closed_by"])
    audit.record(act="cashier.close_series", by=by, at=at, object_kind="series", object_id=code)
    return series
