"""Find a batch or an order by what people call it."""

from caudal.disconnections.models import DisconnectionBatch, DisconnectionOrder
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import number_of_folio


class UnknownCut(Refusal):
    """There is no such batch, or no such order."""


def batch_by_folio(*, folio: str) -> DisconnectionBatch:
    """The batch called `LCO-000012`, `lco 12` or `12`.

    :raises UnknownCut: if there is none
    """
    found = DisconnectionBatch.objects.filter(number=number_of_folio(folio, prefix="LCO-") or 0).first()
    if found is None:
        raise UnknownCut(f"No hay un lote de cortes {folio}.", "Revise el folio.", field="folio")
    return found


def order_by_folio(*, folio: str) -> DisconnectionOrder:
    """The order to cut called `COR-000012`, `cor 12` or `12`.

    :raises UnknownCut: if there is none
    """
    orders = DisconnectionOrder.objects.select_related("account")
    found = orders.filter(number=number_of_folio(folio, prefix="COR-") or 0).first()
    if found is None:
        raise UnknownCut(f"No hay una orden de corte {folio}.", "Revise el folio.", field="folio")
    return found
