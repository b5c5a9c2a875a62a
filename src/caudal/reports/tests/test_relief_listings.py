"""What was forgiven in April 2019, what was taken back of it, what was agreed: each on its day, by its rule."""

from datetime import date

import pytest
from tests.town import counter
from tests.town.cast import Town

from caudal.arrangements.tests import desk
from caudal.arrangements.tests.conftest import april as april
from caudal.campaigns import queries as campaigns
from caudal.campaigns.models import Waiver
from caudal.campaigns.tests import stories
from caudal.quotes import queries as quotes
from caudal.reports.tests.reading_of import figure, rows

pytestmark = pytest.mark.django_db
TENTH, TWELFTH = date(2019, 4, 10), date(2019, 4, 12)


@pytest.fixture
def forgiven(april: Town) -> str:
    """Chuy pays all that he owes on the 10th, with three quarters of its surcharges off; gives the folio."""
    stories.in_force()
    owed = desk.owed(april.chuy, on=TENTH)
    # January two months or fraction late, February one, March none: $2.00 + $1.00 of surcharges, $2.25 off
    assert owed == 303_00
    return str(counter.pay(april.chuy, owed - 2_25, on=TENTH)["receipt_folio"])


def test_what_a_campaign_forgave_says_its_rule_its_concept_and_its_receipt(forgiven: str) -> None:
    assert rows(
        "forgiven", "happened_on", "account", "campaign", "campaign_name", "percent", "concept", "receipt", "kind",
        "clerk", "amount_cents",
    ) == [
        (
            TENTH, "010117", "ABRIL-2019", "Abril sin recargos", 750_000, "surcharge", forgiven, "granted",
            "veronica", 2_25,
        )
    ]  # fmt: skip
    assert rows("forgiven", "arrangement", "is_conditional") == [("", "no")]


def test_what_was_taken_back_is_negative_on_its_own_day(forgiven: str) -> None:
    counter.cancel(forgiven, on=TWELFTH)

    assert rows("forgiven", "happened_on", "kind", "concept", "amount_cents") == [
        (TENTH, "granted", "surcharge", 2_25),
        (TWELFTH, "taken_back", "surcharge", -2_25),
    ]
    told = campaigns.forgiven(since=date(2019, 4, 1), until=date(2019, 4, 30)).total
    assert (figure("forgiven", "amount_cents", kind="granted"), -figure("forgiven", "amount_cents", kind="taken_back")) == (
        told.cents, told.taken_back_cents,
    ) == (2_25, 2_25)  # fmt: skip


def test_an_agreement_says_what_was_owed_and_what_is_forgiven_if_it_is_kept(april: Town) -> None:
    stories.in_force()
    signed = desk.sign(april.chuy)

    assert rows(
        "arrangements", "happened_on", "folio", "account", "clerk", "state", "installments", "debt_cents",
        "forgiven_cents", "down_payment_cents", "agreed_cents",
    ) == [
        (
            desk.SIGNED, "CON-000001", "010117", "veronica", "live", 4, signed.total_cents, signed.waived_cents,
            64_00, signed.total_cents - signed.waived_cents,
        )
    ]  # fmt: skip
    assert signed.waived_cents > 0
    assert rows("forgiven", "arrangement", "receipt", "is_conditional", "amount_cents") == [
        ("CON-000001", "", "yes", signed.waived_cents)
    ]
    assert figure("forgiven", "amount_cents") == sum(Waiver.objects.values_list("cents", flat=True))


def test_an_agreement_that_was_broken_gives_back_what_was_forgiven(april: Town) -> None:
    stories.in_force()
    signed = desk.sign(april.chuy)
    counter.pay(april.chuy, 64_00, on=desk.SIGNED)
    broken = desk.default(signed, on=date(2019, 8, 1))

    assert rows("arrangements", "state") == ["defaulted"]
    assert rows(
        "arrangement_ends", "happened_on", "folio", "kind", "paid_cents", "taken_back_cents", "reopened_cents"
    ) == [(date(2019, 8, 1), "CON-000001", "defaulted", 64_00, signed.waived_cents, broken.reopened_cents)]
    # nothing stays forgiven, and April keeps what April said
    assert figure("forgiven", "amount_cents") == 0
    assert figure("forgiven", "amount_cents", last=date(2019, 4, 30)) == signed.waived_cents
    # what was paid at the counter is still what it was, whatever it extinguished afterwards
    assert figure("collected", "amount_cents") == figure("payments", "amount_cents") == 64_00


def test_a_month_paid_ahead_says_its_price_and_what_was_off(april: Town) -> None:
    """Two months of 135.30; 15 % of each concept: 16.50 + 3.30 + 0.50 = 20.30 off, 115.00 paid."""
    stories.in_force(
        code="PRONTO-15", name="Pronto pago", on_single_payment=False, on_arrangement=False, on_prepayment=True,
        reduces=[], least_months=1, ppm=150_000,
    )  # fmt: skip
    ahead = quotes.months_ahead(account=april.chuy, months=2, on=TENTH)
    paid = counter.pay_ahead(
        april.chuy, ahead, desk.owed(april.chuy, on=TENTH) + ahead.months_cents, on=TENTH
    )

    row = ("010117", "PRONTO-15", "Pronto pago", 150_000, 135_30, 115_00, 20_30)
    assert (
        rows(
            "prompt_payment", "account", "campaign", "campaign_name", "percent", "quoted_cents", "paid_cents",
            "amount_cents",
        )
        == [row] * 2
    )  # fmt: skip

    counter.pay(april.hotel, 1_000_00, on=TWELFTH)  # so that there is cash to give back
    counter.cancel(paid["receipt_folio"], on=TWELFTH)

    assert rows("prompt_payment", "happened_on", "kind", "amount_cents") == [
        *[(TENTH, "granted", 20_30)] * 2,
        *[(TWELFTH, "taken_back", -20_30)] * 2,
    ]
