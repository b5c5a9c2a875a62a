"""Doña Chayo's pension and Doña Lupita's age: who was given a benefit, what it took off a bill, how it ended."""

from datetime import date

import pytest
from tests.town.cast import Town, moment

from caudal.benefits import commands as benefits
from caudal.benefits.tests.conftest import chayo as chayo
from caudal.benefits.tests.conftest import priced as priced
from caudal.benefits.tests.window import TODAY, lose, register
from caudal.billing import commands as billing
from caudal.billing.tests import months
from caudal.registry.models import Account
from caudal.reports.tests import opening
from caudal.reports.tests.reading_of import figure, rows

pytestmark = pytest.mark.django_db
CANCELED = date(2019, 2, 11)


def test_a_benefit_says_when_it_was_given_to_whom_and_by_whom(
    chayo: Account, enter_as: opening.Enter
) -> None:
    """Doña Chayo shows her card on 31 January: hers until 30 January of 2020. Doña Lupita's came with the town."""
    held = register(chayo)

    assert rows(
        "benefits_granted", "happened_on", "benefit", "account", "category", "effective_from", "effective_to", "by"
    ) == [(TODAY, held.pk, "010950", "pensioner", TODAY, date(2020, 1, 31), "veronica")]  # fmt: skip
    assert figure("benefits_granted", category="pensioner") == 1
    assert figure("benefits_granted", category="senior") == 0
    assert figure("benefits_granted", last=date(2019, 1, 30)) == 0
    _, hrefs = opening.read(enter_as, "benefits_granted", since=TODAY, last=TODAY)
    assert hrefs == [f"/beneficiarios/{held.pk}/", "/cuentas/010950/"]


def test_a_benefit_that_ended_says_why_on_its_day(chayo: Account, enter_as: opening.Enter) -> None:
    held = register(chayo)
    lose(held, on=date(2019, 5, 2), reason="Acta de defunción 118")

    assert rows("benefit_ends", "happened_on", "benefit", "account", "category", "kind", "reason", "by") == [
        (date(2019, 5, 2), held.pk, "010950", "pensioner", "deceased", "Acta de defunción 118", "marta")
    ]
    # that it was given stays given
    assert figure("benefits_granted") == 1
    assert figure("benefit_ends", kind="deceased") == 1 and figure("benefit_ends", kind="expired") == 0
    _, hrefs = opening.read(enter_as, "benefit_ends", since=date(2019, 5, 1), last=date(2019, 5, 31))
    assert hrefs == [f"/beneficiarios/{held.pk}/", "/cuentas/010950/"]


def test_one_that_ended_by_its_date_is_of_that_day_and_of_the_night(chayo: Account) -> None:
    """The night of 3 February 2020 writes that it ended on 31 January."""
    register(chayo)
    benefits.expire_lapsed(on=date(2020, 2, 3), at=moment(date(2020, 2, 3), 1), by="noche")

    assert rows("benefit_ends", "happened_on", "kind", "by") == [(date(2020, 1, 31), "expired", "noche")]


def test_what_a_benefit_took_off_a_bill_goes_back_when_the_bill_does(
    priced: Town, enter_as: opening.Enter
) -> None:
    """27 m³ of January: half of the first ten m³, $35.00; 20 % and 3 % of it, $7.00 and $1.05: $43.05."""
    months.read_history(priced)
    months.read_january(priced)
    run = months.issued(priced, months.JANUARY)
    asked = ("happened_on", "period", "account", "bill", "benefit", "concept", "kind", "amount_cents")

    def of(day: date, kind: str, sign: int) -> list[tuple[object, ...]]:
        parts = (("infrastructure_charge", 1_05), ("wastewater_treatment", 7_00), ("water", 35_00))
        return [
            (day, 201901, "010293", "201901-010293", "senior", concept, kind, sign * cents)
            for concept, cents in parts
        ]

    assert sorted(rows("benefit_reductions", *asked)) == of(run.issued_on, "granted", 1)

    billing.cancel_bill(
        account=priced.lupita, period=months.JANUARY, reason="La lectura era de la vecina",
        authorized_by=months.SALAS, on=CANCELED, at=moment(CANCELED),
    )  # fmt: skip

    assert sorted(rows("benefit_reductions", *asked)) == [
        *of(run.issued_on, "granted", 1), *of(CANCELED, "taken_back", -1),
    ]  # fmt: skip
    assert figure("benefit_reductions", "amount_cents", last=run.issued_on) == 43_05
    assert figure("benefit_reductions", "amount_cents", concept="water", kind="granted") == 35_00
    assert figure("benefit_reductions", "amount_cents") == 0
    foot, hrefs = opening.read(enter_as, "benefit_reductions", since=CANCELED, last=CANCELED)
    assert "−$43.05" in foot
    assert hrefs == ["/cuentas/010293/", "/recibos/201901-010293.pdf"]
