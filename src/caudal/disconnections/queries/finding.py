"""Find a batch or an order by what people call it."""

from collections.abc import Sequence
from typing import Final

from caudal.disconnections.models import DisconnectionBatch, DisconnectionOrder, IllegalReconnection
from caudal.disconnections.policy import LIVE
from caudal.kernel import prepared
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import number_of_folio
from caudal.registry.models import Account

# asked with every payment: in most of them there is nothing to look at
_CONCERNED: Final = """
    SELECT account_id FROM disconnections_disconnectionorder
     WHERE account_id = ANY(%s::int[]) AND state = ANY(%s::text[])
    UNION
    SELECT agreement.account_id
      FROM registry_serviceinterruption AS cut JOIN registry_serviceagreement AS agreement ON agreement.id = cut.agreement_id
     WHERE agreement.account_id = ANY(%s::int[])
"""


class UnknownCut(Refusal):
    """There is no such batch, order or fine."""


def concerned(*, account_ids: Sequence[int]) -> list[int]:
    """Which of these accounts have an order to cut under way, or were ever without water."""
    accounts = list(account_ids)
    return sorted(
        account for (account,) in prepared.rows(sql=_CONCERNED, params=[accounts, list(LIVE), accounts])
    )


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


def live_fine(*, account: Account) -> IllegalReconnection:
    """The fine of an account for taking the water back that nobody has taken back, the last one.

    :raises UnknownCut: if there is none
    """
    fines = IllegalReconnection.objects.select_related("account").filter(account=account, cancellation=None)
    found = fines.order_by("-interrupted_on", "-attempt").first()
    if found is None:
        raise UnknownCut(
            f"La cuenta {account.number} no tiene multa vigente.",
            "Vea «caudal cut illegal list».",
            field="account",
        )
    return found
