"""Questions to the padrón. They return rows ready for a page or columns ready to compute; they never write."""

from caudal.registry.queries.billable import BENEFIT_BITS, USES, billable, billable_counts
from caudal.registry.queries.cards import AccountCard, Happening, Past, account_card, history, past_of
from caudal.registry.queries.catalogs import (
    AccountNotFound,
    NotInCatalog,
    account_by_number,
    cycle_by_code,
    locality_by_code,
    route_by_code,
    service_point_of,
    tariff_class_by_code,
)
from caudal.registry.queries.numbers import accounts_numbered
from caudal.registry.queries.searching import FoundAccount, found_accounts, search_accounts

__all__ = [
    "BENEFIT_BITS",
    "USES",
    "AccountCard",
    "AccountNotFound",
    "FoundAccount",
    "Happening",
    "NotInCatalog",
    "Past",
    "account_by_number",
    "account_card",
    "accounts_numbered",
    "billable",
    "billable_counts",
    "cycle_by_code",
    "found_accounts",
    "history",
    "locality_by_code",
    "past_of",
    "route_by_code",
    "search_accounts",
    "service_point_of",
    "tariff_class_by_code",
]
