"""«¿Cuánto sería si lo pago todo hoy, o en partes?»: told, printed, and true until its day."""

import io
from collections.abc import Callable
from datetime import date

import pypdf
import pytest
from django.test import Client
from tests.town import counter
from tests.town.cast import moment

from caudal.ledger import queries as ledger
from caudal.quotes import commands, queries
from caudal.quotes.models import PaymentQuote
from caudal.registry.models import Account
from caudal.tariffs import queries as tariffs

pytestmark = pytest.mark.usefixtures("issued_town")
TODAY = date(2019, 1, 31)


@pytest.fixture
def chuy(db: None) -> Account:
    """He owes November, due 15 December, and December, due 13 January: two months or fractions, and one."""
    return Account.objects.get(number="010117")


def owed(account: Account, on: date) -> int:
    return ledger.statement(account_id=account.pk, on=on, terms=tariffs.terms_on(on=on)).total_cents


@pytest.mark.django_db
def test_the_quote_is_what_the_window_would_charge(chuy: Account) -> None:
    told = queries.standing(account=chuy, on=TODAY)

    assert (
        told.total_cents == owed(chuy, TODAY) == sum(p.debt_cents + p.surcharge_cents for p in told.periods)
    )
    [preview] = ledger.preview_payments(
        money_cents={chuy.pk: told.total_cents}, on=TODAY, terms=tariffs.terms_on(on=TODAY)
    )
    assert (preview.balance_cents, preview.unallocated_cents) == (0, 0)


@pytest.mark.django_db
def test_it_holds_until_the_eve_of_the_next_surcharge(chuy: Account) -> None:
    """December was due on 13 January: its second month or fraction begins on 14 February."""
    told = queries.standing(account=chuy, on=TODAY)

    assert told.expires_on == date(2019, 2, 13)
    days = range(TODAY.toordinal(), date(2019, 2, 14).toordinal())
    assert {owed(chuy, date.fromordinal(day)) for day in days} == {told.total_cents}
    assert owed(chuy, date(2019, 2, 14)) > told.total_cents


@pytest.mark.django_db
def test_it_never_promises_more_than_fifteen_days(chuy: Account) -> None:
    """On 18 January the next month of surcharge is far: November's third begins on 16 February."""
    early = date(2019, 1, 18)

    assert queries.standing(account=chuy, on=early).expires_on == date(2019, 2, 2)
    assert owed(chuy, date(2019, 2, 2)) == owed(chuy, early)


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3, 7, 24])
def test_every_way_adds_up_to_the_centavo(chuy: Account, count: int) -> None:
    told = queries.standing(account=chuy, on=TODAY, counts=(count,), down_ppm=333_333)

    [way] = told.ways
    assert sum(each.amount_cents for each in way.installments) == told.total_cents
    assert len([each for each in way.installments if each.number]) == count
    assert way.down_payment_cents == (told.total_cents * 333_333 + 500_000) // 1_000_000


@pytest.mark.django_db
@pytest.mark.parametrize("count", [0, 25, -1])
def test_an_absurd_number_of_payments_is_refused_and_no_folio_is_taken(chuy: Account, count: int) -> None:
    with pytest.raises(queries.CannotQuotePayment, match=f"No se cotiza en {count} pagos"):
        commands.issue_quote(account=chuy, on=TODAY, at=moment(TODAY), by="veronica", counts=(count,))
    assert not PaymentQuote.objects.exists()


@pytest.mark.django_db
def test_who_owes_nothing_has_nothing_to_quote(chuy: Account) -> None:
    counter.pay(chuy, owed(chuy, TODAY), on=TODAY)

    with pytest.raises(queries.CannotQuotePayment, match="no debe nada"):
        queries.standing(account=chuy, on=TODAY)


@pytest.mark.django_db
def test_the_paper_says_what_was_promised_even_after_it_is_paid(
    chuy: Account, enter_as: Callable[[str], Client]
) -> None:
    total = owed(chuy, TODAY)
    answer = enter_as("veronica").post("/cuentas/010117/cotizacion/", {"count": "4", "down": "50"})
    [quote] = PaymentQuote.objects.all()
    counter.pay(chuy, total, on=TODAY)

    assert answer["Location"] == "/cotizaciones/COT-000001.pdf"
    assert (quote.total_cents, quote.issued_by, quote.body["ways"][0]["count"]) == (total, "veronica", 4)
    paper = enter_as("veronica").get("/cotizaciones/COT-000001.pdf")
    words = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper.content)).pages)
    assert "COT-000001" in words and f"${total // 100:,}.{total % 100:02d}" in words
    assert "En 4 pagos mensuales" in words and "no es un convenio" in words


@pytest.mark.django_db
def test_a_wrong_number_is_said_beside_its_field(chuy: Account, enter_as: Callable[[str], Client]) -> None:
    answer = enter_as("veronica").get("/cuentas/010117/cotizacion/?count=99&down=30")

    assert answer.status_code == 422 and "Elija de 1 a 24 pagos." in answer.content.decode()
    assert enter_as("veronica").get("/cotizaciones/COT-000099.pdf").status_code == 404
    assert not PaymentQuote.objects.exists()


@pytest.mark.django_db
def test_months_ahead_come_after_the_last_bill_at_todays_prices(chuy: Account) -> None:
    """Flat HAB-GEN 2019: 110.00 and its add-ons, $135.30 a month; the debt goes first."""
    ahead = queries.months_ahead(account=chuy, months=3, on=TODAY)

    assert ahead.months == ((201901, 13_530), (201902, 13_530), (201903, 13_530))
    assert (ahead.consumption_m3, ahead.owed_cents) == (None, owed(chuy, TODAY))
    assert ahead.total_cents == ahead.owed_cents + 3 * 13_530


@pytest.mark.django_db
def test_a_metered_month_is_quoted_with_the_mean_of_six_real_readings(db: None) -> None:
    """La Espiga: 47, 46, 45, 44 and 43 and 39 m³ before; its mean prices every month alike."""
    espiga = Account.objects.get(number="010405")

    ahead = queries.months_ahead(account=espiga, months=2, on=TODAY)

    # July to December: 41, 39, 47, 46, 45, 44
    assert ahead.consumption_m3 == round((41 + 39 + 47 + 46 + 45 + 44) / 6) == 44
    assert ahead.months[0][1] == ahead.months[1][1] > 0


@pytest.mark.django_db
@pytest.mark.parametrize("months", [0, 13])
def test_only_a_year_can_be_paid_ahead(chuy: Account, months: int) -> None:
    with pytest.raises(queries.CannotQuotePayment, match=f"No se pagan {months} meses"):
        queries.months_ahead(account=chuy, months=months, on=TODAY)
