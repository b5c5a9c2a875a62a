"""The one search box: whatever a clerk types or scans, the accounts it may name, and why each is there."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.db.models import F, Q, Sum

from caudal.frontdesk import papers
from caudal.kernel.wording import in_reading_case
from caudal.ledger.models import PeriodBalance
from caudal.metering import queries as metering
from caudal.registry import queries as registry

METERS_SHOWN: Final = 5
REASONS: Final = {"phone": "teléfono", "curp": "CURP", "rfc": "RFC"}


@dataclass(frozen=True, slots=True)
class FoundRow:
    """One account of a search, with what it owes (centavos) and, if its line does not show it, why it is there."""

    number: str
    holder: str
    address: str
    place: str
    tariff_class: str
    regime: str
    owed_cents: int
    why: str = ""


def search(*, text: str, limit: int = 50) -> list[FoundRow]:
    """Accounts that match, best first, with their open principal and accessories.

    Papers and meters named whole come before whatever resembles the words.
    """
    named = papers.accounts_of(text=text)
    reasons = {**{key: each.why for key, each in named.items()}, **_meters(text, but=named)}
    found = {each.account_id: each for each in registry.found_accounts(account_ids=list(reasons))}
    # whoever reads a folio or a reference means that paper: no name resembles it
    if not papers.is_reference(text=text) and all(each.is_weak for each in named.values()):
        for each in registry.search_accounts(text=text, limit=limit):
            found.setdefault(each.account_id, each)
            reasons.setdefault(each.account_id, _reason(each))
    rows = list(found.values())[:limit]
    owed = _owed([each.account_id for each in rows])
    return [
        FoundRow(
            number=each.number,
            holder=in_reading_case(each.holder),
            address=in_reading_case(each.address),
            place=in_reading_case(each.locality),
            tariff_class=each.tariff_class,
            regime="activa" if each.is_active else "baja",
            owed_cents=owed.get(each.account_id, 0),
            why=reasons[each.account_id],
        )
        for each in rows
    ]


def resolve(*, text: str) -> str | None:
    """The account number that a text names beyond doubt, or nothing: what a scanner needs no list for.

    It is named by its own number, however written, by the reference or the folio of one of its bills or of a
    channel, by a service or a certificate, or by the whole serial of the meter that hangs there. If the same
    signs name two accounts, a person chooses.
    """
    if not text.strip():
        return None
    named = {key for key, each in papers.accounts_of(text=text).items() if each.is_sure}
    if not papers.is_reference(text=text):
        named |= {account_id for account_id, _ in registry.accounts_numbered(text=text)}
        named |= {
            each.account_id
            for each in metering.meters_found(serial=text, limit=METERS_SHOWN)
            if each.is_whole and each.hangs_now
        }
    if len(named) != 1:
        return None
    (found,) = registry.found_accounts(account_ids=list(named))
    return found.number


def _meters(text: str, *, but: Collection[int]) -> dict[int, str]:
    """Accounts that a meter names, the one that hangs before the one that hung."""
    named: dict[int, str] = {}
    for each in metering.meters_found(serial=text, limit=METERS_SHOWN):
        meter = "medidor" if each.hangs_now else "tuvo el medidor"
        if each.account_id not in but:
            named.setdefault(each.account_id, f"{meter} {each.serial}")
    return named


def _reason(found: registry.FoundAccount) -> str:
    if found.found_by == "former_holder":
        return f"antes a nombre de {in_reading_case(found.found_text)}"
    return f"{REASONS[found.found_by]} {found.found_text}" if found.found_by else ""


def _owed(account_ids: list[int]) -> dict[int, int]:
    """What each account owes, from the index of open debts alone."""
    is_open = ~Q(open_principal_cents=0) | ~Q(open_accessory_cents=0)
    return dict(
        PeriodBalance.objects.filter(is_open, account_id__in=account_ids)
        .values_list("account_id")
        .annotate(cents=Sum(F("open_principal_cents") + F("open_accessory_cents")))
    )
