"""The story stands: what every journey takes for granted."""

import pytest

from caudal.billing.models import BillingRun, HeldBill
from caudal.ledger import queries as ledger
from caudal.registry import queries as registry
from caudal.tariffs import queries as tariffs
from tests.journeys.story import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town")]


def test_two_months_are_issued_and_january_waits() -> None:
    assert list(BillingRun.objects.order_by("period").values_list("period", "state")) == [
        (201811, "issued"),
        (201812, "issued"),
        (201901, "computed"),
    ]


def test_the_school_and_the_packing_house_are_held() -> None:
    """240 m³ against a mean of some 74; and nothing where there were always 300."""
    held = HeldBill.objects.filter(run__period=201901).order_by("account__number")
    assert list(held.values_list("account__number", "reason", "total_cents")) == [
        ("010512", "above_mean", 427_184),
        ("010818", "zero_with_history", 21_402),
    ]


def test_lupita_owes_two_months_after_her_hundred_pesos() -> None:
    """November $37.08 left after $97.31 of today's $100.00 (the rest was its surcharge), December $108.01 and 1 % of it."""
    lupita = registry.account_by_number(number="010293")
    terms = tariffs.terms(book=tariffs.book_in_force(on=TODAY))
    owed = ledger.statement(account_id=lupita.pk, on=TODAY, terms=terms)
    assert [(int(each.period), each.open_principal_cents, each.surcharge_cents) for each in owed.periods] == [
        (201811, 3_708, 0),
        (201812, 10_801, 108),
    ]
