"""What the people of the town pay under the 2019 book, line by line and with their working."""

from datetime import date

import pytest

from caudal.tariffs import queries
from caudal.tariffs.models import TariffBook
from caudal.tariffs.queries import CannotQuote, Case, Quote


def lines(quote: Quote) -> list[tuple[str, int]]:
    return [(line.reduces or line.concept, line.amount_cents) for line in quote.lines]


def test_a_house_that_used_27_m3(book_2019: TariffBook) -> None:
    """70.00 + 10 × 7.10 + 7 × 7.60 = 194.20; 20 % = 38.84; 3 % = 5.826 → 5.83; total 238.87."""
    quote = queries.quote(book=book_2019, case=Case(tariff_class="HAB-GEN", volume=27))
    assert lines(quote) == [("water", 19420), ("wastewater_treatment", 3884), ("infrastructure_charge", 583)]
    assert (quote.subtotal_cents, quote.vat_cents, quote.total_cents) == (23887, 0, 23887)
    assert [line.text for line in quote.lines] == [
        "primeros 10 m³ $70.00 + 10 m³ × $7.10 + 7 m³ × $7.60",
        "20 % del agua ($194.20)",
        "3 % del agua ($194.20)",
    ]
    assert [line.article for line in quote.lines] == ["Art. 42, fracción I, inciso a", "Art. 46", "Art. 47"]


def test_dona_lupita_the_pensioner_pays_half_of_her_7_m3(book_2019: TariffBook) -> None:
    """70.00, 14.00 and 2.10; half of each off: 86.10 − 43.05 = 43.05."""
    quote = queries.quote(
        book=book_2019, case=Case(tariff_class="HAB-GEN", volume=7, benefits=("pensioner",))
    )
    assert [line.amount_cents for line in quote.lines] == [7000, 1400, 210, -3500, -700, -105]
    assert quote.total_cents == 4305
    assert quote.lines[3].text == "50 % del agua ($70.00), pensionado o jubilado"
    assert quote.lines[3].article == "Art. 50, fracción I"


def test_above_10_m3_the_benefit_reaches_the_first_10_only(book_2019: TariffBook) -> None:
    """27 m³ cost 238.87; half of what 10 m³ cost (70.00, 14.00, 2.10) is 43.05: 195.82."""
    quote = queries.quote(book=book_2019, case=Case(tariff_class="HAB-GEN", volume=27, benefits=("senior",)))
    assert [line.amount_cents for line in quote.lines[3:]] == [-3500, -700, -105]
    assert quote.total_cents == 23887 - 4305
    assert quote.lines[3].text == "50 % del agua por los primeros 10 m³ ($70.00), adulto mayor"


def test_flat_service_is_never_above_the_cap(book_2019: TariffBook) -> None:
    """110.00 × 1.23 = 135.30; half is 67.65."""
    quote = queries.quote(
        book=book_2019, case=Case(tariff_class="HAB-GEN", is_metered=False, benefits=("widowed",))
    )
    assert (quote.lines[0].text, quote.lines[0].amount_cents) == ("cuota fija $110.00", 11000)
    assert quote.total_cents == 6765


def test_the_tortilleria_pays_vat_and_the_hotel_too(book_2019: TariffBook) -> None:
    """COM 35 m³: 110 + 10 × 11.20 + 10 × 12.00 + 5 × 13.00 = 407.00; 81.40; 12.21; VAT 65.12 + 13.02 + 1.95."""
    quote = queries.quote(book=book_2019, case=Case(tariff_class="COM-SEC", volume=35))
    assert [line.amount_cents for line in quote.lines] == [40700, 8140, 1221]
    assert [line.vat_cents for line in quote.lines] == [6512, 1302, 195]
    assert quote.total_cents == 50061 + 8009
    hotel = queries.quote(book=book_2019, case=Case(tariff_class="HOT", is_metered=False))
    assert hotel.lines[0].amount_cents == 65000
    assert hotel.lines[0].vat_cents == 10400


def test_a_commerce_has_no_benefit_even_if_its_owner_is_old(book_2019: TariffBook) -> None:
    quote = queries.quote(book=book_2019, case=Case(tariff_class="COM-SEC", volume=8, benefits=("senior",)))
    assert [line.concept for line in quote.lines] == [
        "water",
        "wastewater_treatment",
        "infrastructure_charge",
    ]


def test_rancho_el_carmen_pays_the_flat_price_of_its_locality(book_2019: TariffBook) -> None:
    """EL CARMEN 62.00 instead of the 125.00 of the town."""
    case = Case(tariff_class="MIX-RUR", is_metered=False, locality="EL CARMEN")
    assert queries.quote(book=book_2019, case=case).lines[0].amount_cents == 6200
    in_town = Case(tariff_class="MIX-RUR", is_metered=False)
    assert queries.quote(book=book_2019, case=in_town).lines[0].amount_cents == 12500


def test_paying_the_year_in_february_takes_15_percent_off_and_in_march_5(book_2019: TariffBook) -> None:
    """135.30 − (16.50 + 3.30 + 0.495 → 0.50) = 115.00; in March 5.50 + 1.10 + 0.165 → 0.17."""
    february = Case(tariff_class="HAB-GEN", is_metered=False, paid_ahead_on=date(2019, 2, 28))
    march = Case(tariff_class="HAB-GEN", is_metered=False, paid_ahead_on=date(2019, 3, 1))
    may = Case(tariff_class="HAB-GEN", is_metered=False, paid_ahead_on=date(2019, 5, 2))
    totals = [quote.total_cents for quote in queries.quotes(book=book_2019, cases=[february, march, may])]  # type: ignore[union-attr]
    assert totals == [11500, 13530 - 550 - 110 - 17, 13530]
    assert (
        queries.quote(book=book_2019, case=february).lines[3].text
        == "15 % del agua ($110.00), pago anual anticipado"
    )


def test_only_the_larger_of_prepayment_and_benefit_is_granted(book_2019: TariffBook) -> None:
    case = Case(
        tariff_class="HAB-GEN", is_metered=False, benefits=("senior",), paid_ahead_on=date(2019, 2, 1)
    )
    quote = queries.quote(book=book_2019, case=case)
    assert [line.working["benefit"] for line in quote.lines[3:]] == ["senior"] * 3
    assert quote.total_cents == 6765


def test_two_months_in_one_bill_cost_two_bills(book_2019: TariffBook) -> None:
    """54 m³ in a bimester: (70.00 + 10 × 7.10 + 7 × 7.60) × 2 = 388.40."""
    quote = queries.quote(book=book_2019, case=Case(tariff_class="HAB-GEN", volume=54, months=2))
    assert quote.lines[0].amount_cents == 38840
    assert quote.lines[0].text == "primeros 20 m³ $140.00 + 20 m³ × $7.10 + 14 m³ × $7.60 (2 meses)"


def test_a_vacant_lot_pays_by_its_area(book_2019: TariffBook) -> None:
    """45.00 + 750 m² × 0.10 + 200 m² × 0.06 = 132.00 for 1,200 m²."""
    quote = queries.quote(
        book=book_2019, case=Case(tariff_class="BALDIO", is_metered=False, lot_area_m2=1200)
    )
    assert quote.lines[0].amount_cents == 13200
    assert quote.lines[0].text == "parte fija $45.00 + 1200 m² $87.00"


def test_in_2026_a_cut_service_pays_the_minimum_only(db: None) -> None:
    book = queries.shipped_book(code="la-barca-demo-2026")
    quote = queries.quote(book=book, case=Case(tariff_class="HAB-GEN", volume=40, is_interrupted=True))
    assert quote.lines[0].amount_cents == 4830
    assert quote.lines[0].text == "hasta la cuota mínima $48.30 (servicio interrumpido: solo la cuota mínima)"


def test_what_cannot_be_quoted_takes_its_place_among_the_others(book_2019: TariffBook) -> None:
    cases = [
        Case(tariff_class="HAB-GEN", volume=10),
        Case(tariff_class="RURAL-1", volume=10),
        Case(tariff_class="BALDIO", volume=10),
        Case(tariff_class="HAB-GEN", volume=10, benefits=("student",)),
        Case(tariff_class="HAB-GEN", volume=-3),
        Case(tariff_class="PUB", volume=11),
    ]
    answers = queries.quotes(book=book_2019, cases=cases)
    assert [isinstance(answer, CannotQuote) for answer in answers] == [False, True, True, True, True, False]
    assert "no tiene esa clase" in str(answers[1])
    assert "no tiene precio de servicio medido para la clase BALDIO" in str(answers[2])
    assert "pensioner, disabled, widowed, senior" in str(answers[3])
    # PUB 11 m³: 85.00 + 8.50 = 93.50
    assert answers[5].lines[0].amount_cents == 9350  # type: ignore[union-attr]
    with pytest.raises(CannotQuote, match="RURAL-1"):
        queries.quote(book=book_2019, case=cases[1])
