"""Where the paper of each thing is, for pages that list many."""

from functools import cache

from django.urls import reverse

from caudal.billing import queries as billing


def bill(*, period: int, account_number: str, revision: int) -> str:
    """The PDF of a bill. Spelled out: an account has hundreds, and each costs as much as a page to resolve."""
    folio = billing.bill_folio(period=period, account_number=account_number, revision=revision)
    return f"{_base('bill_pdf', 'X').removesuffix('X.pdf')}{folio}.pdf"


def receipt(*, folio: str) -> str:
    """The page of a receipt, or of the cancellation of one."""
    return f"{_base('receipt', 'X').removesuffix('X/')}{folio}/"


def service(*, folio: str) -> str:
    """The page of a counter service."""
    return f"{_base('counter_service', 'X').removesuffix('X/')}{folio}/"


@cache
def _base(route: str, word: str) -> str:
    return reverse(route, args=[word])
