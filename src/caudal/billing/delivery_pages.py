"""How far the bills of a run are on their way to their doors, in words."""

from typing import Any

from caudal.billing import queries
from caudal.billing.models import BillingRun
from caudal.kernel.wording import thousands


def delivery_words(*, row: queries.RouteDelivery) -> str:
    """`120 en camino, 340 entregados, 12 fijados en la puerta`; nothing while nobody has taken them."""
    counted = [
        (row.out, "en camino", "en camino"),
        (row.delivered, "entregado", "entregados"),
        (row.posted, "fijado en la puerta", "fijados en la puerta"),
        (row.refused, "rehusado", "rehusados"),
        (row.absent, "ausente", "ausentes"),
        (row.brought_back, "no se pudo entregar", "no se pudieron entregar"),
    ]
    return ", ".join(f"{thousands(n)} {one if n == 1 else many}" for n, one, many in counted if n)


def delivery(*, run: BillingRun) -> dict[str, Any] | None:
    """How far the bills of an issued run are on their way to their doors, by route and all together."""
    rows = queries.delivery_by_route(run=run)
    if not rows:
        return None
    told, bills = sum(each.told for each in rows), sum(each.bills for each in rows)
    return {
        "told": told,
        "bills": bills,
        "words": f"{thousands(told)} de {thousands(bills)}, {told * 100 // bills} %",
        "routes": [{"row": each, "words": delivery_words(row=each) or "por repartir"} for each in rows],
    }
