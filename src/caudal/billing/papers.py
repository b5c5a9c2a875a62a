"""A bill by its folio, on paper: `201901-010293`, and `-2` after it for its second revision."""

import re
from typing import Final

from caudal.billing import printing, sheets
from caudal.billing.models import Bill
from caudal.documents import typesetting
from caudal.kernel.refusals import Refusal
from caudal.registry.models import Account

_FOLIO: Final = re.compile(r"(?P<period>\d{6})-(?P<account>[\w.]+?)(?:-(?P<revision>\d{1,3}))?")


class UnknownBill(Refusal):
    """No issued bill has that folio."""


def bill_by_folio(*, folio: str) -> Bill:
    """Find an issued bill.

    :raises UnknownBill: if there is none
    """
    written = _FOLIO.fullmatch(folio.strip())
    account = Account.objects.filter(number=written["account"]).first() if written else None
    bill = None
    if written and account:
        bill = Bill.objects.filter(
            period=int(written["period"]), account_id=account.pk, revision=int(written["revision"] or 1)
        ).first()
    if bill is None:
        raise UnknownBill(
            "No hay un recibo con ese folio.", "Revíselo, o búsquelo en la página de su cuenta.", value=folio
        )
    return bill


def bill_pdf(*, folio: str) -> bytes:
    """The page of a bill, accessible, exactly as its run prints it.

    :raises UnknownBill: if there is none
    """
    bill = bill_by_folio(folio=folio)
    return typesetting.bills_pdf(sheets=list(sheets.of_bills(bills=[bill], issuer=printing.issuer())))
