"""A million bills share a few bodies, and each says the arithmetic of its own line."""

import json

import numpy as np

from caudal.rules import statement
from caudal.rules.columns import bill_columns
from caudal.tariffs import queries
from caudal.tariffs.models import TariffBook
from caudal.tariffs.workings import NO_WORKING


def test_bodies_are_shared_and_each_row_finds_its_own(book_2019: TariffBook) -> None:
    """300 houses of 0–29 m³, one in three a pensioner: 30 bodies of water, 1 of treatment, 2 of reduction; nobody paid ahead."""
    rates = queries.rate_book(book=book_2019)
    m3 = np.arange(300) % 30
    columns = bill_columns(
        schedule=rates.schedules.index("HAB-MEDIDO"),
        use=rates.use("residential"),
        consumption_m3=m3,
        benefit=np.where(np.arange(300) % 3 == 0, rates.benefit("pensioner"), 0),
    )
    stated = statement.compute(columns=columns, book=rates)
    workings = queries.workings(book=book_2019, statement=stated, columns=columns)
    assert [len(each.bodies) for each in workings] == [30, 1, 1, 2, 2, 2, 0, 0, 0]
    water, treatment, _, reduction, *_ = workings
    for row in (0, 11, 27, 299):
        body = water.bodies[water.index[row]]
        assert body["volume"] == int(m3[row]) * 1000
        assert sum(step["cents"] for step in body["steps"]) == int(stated.lines[0].amount_cents[row])
    assert set(treatment.index.tolist()) == {0}
    assert reduction.index[1] == NO_WORKING
    at_9, at_27 = (reduction.bodies[reduction.index[row]] for row in (9, 27))
    assert "cap" not in at_9
    assert (at_27["cap"], at_27["above_cap"]) == (10_000, "first_units_only")


def test_a_case_met_before_gives_the_very_same_body(book_2019: TariffBook) -> None:
    """The second chunk of a run explains nothing again."""
    rates = queries.rate_book(book=book_2019)
    bodies = []
    for m3 in ([5, 27], [27, 40]):
        columns = bill_columns(
            schedule=rates.schedules.index("HAB-MEDIDO"),
            use=rates.use("residential"),
            consumption_m3=m3,
            benefit=1,
        )
        stated = statement.compute(columns=columns, book=rates)
        bodies.append(queries.workings(book=book_2019, statement=stated, columns=columns))
    first, second = bodies
    of_27 = [line.bodies[line.index[row]] for line, row in ((first[0], 1), (second[0], 0))]
    assert of_27[0] is of_27[1]
    assert first[1].bodies[0] is second[1].bodies[0]
    assert second[3].bodies[second[3].index[0]] is first[3].bodies[first[3].index[1]]


def test_a_body_is_json_of_integers_and_words(book_2019: TariffBook) -> None:
    quote = queries.quote(book=book_2019, case=queries.Case(tariff_class="HAB-GEN", volume=12))
    body = quote.lines[0].working
    assert json.loads(json.dumps(body)) == {
        "kind": "volume",
        "book": "la-barca-demo-2019",
        "schedule": "HAB-MEDIDO",
        "article": "Art. 42, fracción I, inciso a",
        "days": 30,
        "period_days": 30,
        "unit": "m3",
        "volume": 12_000,
        "allowance": 10_000,
        "steps": [
            {"kind": "fixed", "cents": 7000},
            {"kind": "tier", "cents": 0, "quantity": 10_000, "from": 0, "to": 10_000, "price": 0},
            {"kind": "tier", "cents": 1420, "quantity": 2_000, "from": 10_000, "to": 20_000, "price": 71_000},
        ],
    }
    assert queries.working_text(body=body) == "primeros 10 m³ $70.00 + 2 m³ × $7.10"


def test_the_rival_benefit_that_won_cites_its_own_article(book_2019: TariffBook) -> None:
    case = queries.Case(tariff_class="HAB-GEN", volume=8, benefits=("disabled", "senior"))
    quote = queries.quote(book=book_2019, case=case)
    assert {line.article for line in quote.lines[3:]} == {"Art. 50, fracción II"}
