"""What a book says besides prices, and how it reaches those who ask: the ledger, the window, the run."""

from datetime import date

import numpy as np
import pytest

from caudal.ledger.models import Concept
from caudal.registry.models import Locality, TariffClass
from caudal.tariffs import queries
from caudal.tariffs.models import TariffBook
from caudal.tariffs.tests.conftest import book_of


def test_the_terms_of_2019(book_2019: TariffBook) -> None:
    terms = queries.terms(book=book_2019)
    assert terms.due.on(issued_on=date(2019, 1, 20)) == date(2019, 2, 4)
    assert not terms.prorates_by_days
    assert terms.tier_days(days=31, months=2) == 60
    assert (terms.estimates.mean_of, terms.estimates.at_least, terms.estimates.most_consecutive) == (6, 3, 2)
    assert terms.anomalies.above_mean_percent == 100
    assert terms.anomalies.ordinary_m3 == 10
    assert terms.installments.down_payment_ppm == 300_000
    assert terms.enforcement_cost is not None
    assert terms.enforcement_cost.floor_cents == 8060
    assert not terms.applies_inflation_update


def test_accessories_are_paid_before_principal_and_fees_with_it(book_2019: TariffBook) -> None:
    ranks = dict(zip(Concept.Kind.values, queries.terms(book=book_2019).allocation_order.ranks, strict=True))
    assert sorted(ranks, key=lambda kind: ranks[kind])[:4] == [
        "enforcement_cost",
        "surcharge",
        "inflation_update",
        "fine",
    ]
    assert ranks["principal"] == ranks["fee"] == ranks["reduction"] == 4


def test_surcharges_are_1_percent_a_month_from_1995_on_and_go_on(book_2019: TariffBook) -> None:
    rates = queries.terms(book=book_2019).surcharge_rates
    assert rates.first_month == 1995 * 12
    assert int(rates.running_ppm[12]) == 120_000
    assert rates.cap_ppm == 1_000_000


def test_a_due_day_of_the_next_month(db: None) -> None:
    from caudal.tariffs.policy import Due

    assert Due(None, 20).on(issued_on=date(2024, 12, 28)) == date(2025, 1, 20)


def test_fees_by_regime_and_their_vat(book_2019: TariffBook) -> None:
    """Reconnection: 320.00 with a meter, 410.00 without, + 16 %; the tanker of a house bears 0 %."""
    metered = queries.fee(book=book_2019, code="reconnection_fee", use="residential", is_metered=True)
    flat = queries.fee(book=book_2019, code="reconnection_fee", use="residential", is_metered=False)
    assert (metered.amount_cents, metered.vat_cents) == (32000, 5120)
    assert (flat.amount_cents, flat.vat_cents) == (41000, 6560)
    assert queries.fee(book=book_2019, code="PIPA-10000", use="residential").vat_cents == 0
    with pytest.raises(queries.UnknownFee, match="no tiene precio de ese servicio"):
        queries.fee(book=book_2019, code="multa", use="residential")


def test_the_services_of_a_book_are_listed_once_each_for_a_use_and_regime(book_2019: TariffBook) -> None:
    """A connection priced for industry hides the general one from them only; two sizes of tanker both stay."""
    document = {**book_2019.document, "fees": [
        *book_2019.document["fees"],
        {"code": "CONEXION-IND", "concept": "connection_fee", "name": "Conexión industrial", "amount": 500_000,
         "uses": ["industrial"], "article": "Art. 46"},
        {"code": "PIPA-5000", "concept": "water_tanker_fee", "name": "Media pipa", "amount": 25_000, "article": "Art. 45"},
    ]}  # fmt: skip
    book = book_of(document)
    codes = {
        use: [each.code for each in queries.fees(book=book, use=use)] for use in ("residential", "industrial")
    }
    assert codes["residential"] == [
        "CONEXION", "RECONEXION-MEDIDO", "CAMBIO-PROPIETARIO", "CONSTANCIA", "PIPA-10000", "PIPA-5000",
    ]  # fmt: skip
    assert codes["industrial"] == [
        "RECONEXION-MEDIDO", "CAMBIO-PROPIETARIO", "CONSTANCIA", "PIPA-10000", "CONEXION-IND", "PIPA-5000",
    ]  # fmt: skip
    assert queries.fees(book=book, use="industrial")[4].total_cents == 5_000_00 + 800_00


def test_two_benefits_become_two_columns_the_larger_first(book_2019: TariffBook) -> None:
    assert queries.benefit_index(book=book_2019) == {"pensioner": 1, "disabled": 2, "widowed": 3, "senior": 4}
    table = queries.benefits_of_mask(book=book_2019)
    assert table.shape == (16, 2)
    assert table[0].tolist() == [0, 0]
    assert table[queries.BENEFIT_BITS["senior"]].tolist() == [4, 0]
    assert table[queries.BENEFIT_BITS["senior"] | queries.BENEFIT_BITS["disabled"]].tolist() == [2, 4]


def test_schedules_are_chosen_by_ids_of_the_registry(book_2019: TariffBook) -> None:
    """The locality of the registry is written with accents and small letters; it is the same place."""
    town = Locality.objects.create(code="001", name="La Barca", is_municipal_seat=True)
    ranch = Locality.objects.create(code="014", name="Villa García Márquez")
    ids = dict(TariffClass.objects.values_list("code", "id"))
    other = TariffClass.objects.create(code="ESC", name="Escuelas", use="public")
    schedules = queries.select_schedules(
        book=book_2019,
        classes=np.array(
            [ids["HAB-GEN"], ids["HAB-GEN"], ids["HAB-GEN"], ids["COM-SEC"], other.pk, ids["BALDIO"]]
        ),
        is_metered=np.array([1, 0, 0, 0, 1, 1]),
        localities=np.array([town.pk, town.pk, ranch.pk, ranch.pk, town.pk, town.pk]),
        diameters=np.full(6, 13),
        months=np.full(6, 1),
    )
    codes = [book_2019.document["schedules"][row]["code"] if row >= 0 else None for row in schedules]
    assert codes == ["HAB-MEDIDO", "HAB-GEN-FIJA", "LOC-VILLA-GARCIA-MARQUEZ", "COM-SEC-FIJA", None, None]
    by_name = queries.select_schedules(
        book=book_2019,
        classes=["HAB-GEN", "NADA"],
        is_metered=np.array([False, False]),
        localities=["villa garcía marquez", "LA BARCA"],
        diameters=np.full(2, 13),
        months=np.full(2, 1),
    )
    assert by_name.tolist() == [int(schedules[2]), -1]


def test_uses_have_the_same_number_in_every_book(book_2019: TariffBook) -> None:
    numbers = queries.use_of_class()
    rates = queries.rate_book(book=book_2019)
    for each in TariffClass.objects.all():
        assert rates.uses[int(numbers[each.pk])] == each.use
    assert queries.rate_book(book=book_2019) is rates  # frozen once


def test_the_rows_of_a_printed_tariff(book_2019: TariffBook) -> None:
    rows = queries.price_rows(
        book=book_2019, schedule=queries.rate_book(book=book_2019).schedules.index("HAB-MEDIDO")
    )
    assert [(row.from_units, row.to_units, row.unit_price, row.fixed_price) for row in rows] == [
        (0, 10, None, 700_000),
        (11, 20, 71_000, None),
        (21, 30, 76_000, None),
        (31, 50, 82_000, None),
        (51, 70, 90_000, None),
        (71, 100, 101_000, None),
        (101, 150, 114_000, None),
        (151, None, 130_000, None),
    ]
    assert (
        queries.price_rows(
            book=book_2019, schedule=queries.rate_book(book=book_2019).schedules.index("HOT-FIJA")
        )
        == []
    )
