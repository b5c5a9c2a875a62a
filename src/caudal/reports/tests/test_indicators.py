"""The indicators: the worked example of their page, and over the story each number against plain SQL."""

import random
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from tests.town import counter
from tests.town.cast import moment

from caudal.cashier.models import Receipt
from caudal.registry.models import Account
from caudal.reports import indicators, measuring, targets
from caudal.reports.indicators import BY_CODE, INDICATORS, Light, Value
from caudal.reports.models import ProducedVolume, Target

Enter = Callable[[str], Client]
TODAY = date(2019, 1, 31)
AT = moment(TODAY, 12)
PAGE = Path(__file__).parents[4] / "docs" / "indicators.md"


def one(sql: str, *values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.fetchone()[0] or 0)


def of_month(period: int, code: str, today: date = TODAY) -> Value:
    return next(
        each for each in indicators.for_month(period=period, today=today) if each.indicator.code == code
    )


# the page ----------------------------------------------------------------------------------------------------------


def test_the_worked_example_of_the_page() -> None:
    said = dict(re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|$", PAGE.read_text(), flags=re.MULTILINE))
    # two bills, $160.00 of 18 m³ and $110.00 of 12 m³; half of the first is paid
    billed, paid, m3, litres = 16_000 + 11_000, 8_000, 18 + 12, 18 * 1_000 * 8_000 // 16_000
    collection, commercial = BY_CODE["collection"], BY_CODE["commercial"]
    assert (said["water billed"], said["water paid"]) == (
        collection.denominator.said(billed),
        collection.numerator.said(paid),
    )
    assert (said["m³ billed"], said["litres paid"]) == (commercial.denominator.said(m3), f"{litres:,}")
    shares = [indicators.ratio(indicator=each, above=above, below=below) for each, above, below in (
        (collection, paid, billed), (commercial, litres, m3), (BY_CODE["physical_2"], m3, 40))]  # fmt: skip
    assert [collection.said(ppm) for ppm in shares] == [
        said["Eficiencia de cobro"], said["Eficiencia comercial"], "75.0 %",
    ]  # fmt: skip
    assert shares[1] * shares[2] // 1_000_000 == 225_000


def test_every_indicator_is_on_the_page() -> None:
    text = PAGE.read_text()
    assert [each.code for each in INDICATORS if f"| {each.name} | `{each.code}` |" not in text] == []


# lights ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "ppm", "target", "light"),
    [
        ("collection", 750_000, 750_000, Light.GOOD), ("collection", 749_999, 750_000, Light.WATCH),
        ("collection", 675_000, 750_000, Light.WATCH), ("collection", 674_999, 750_000, Light.BAD),
        ("claims", 3_000, 3_000, Light.GOOD), ("claims", 3_333, 3_000, Light.WATCH), ("claims", 3_334, 3_000, Light.BAD),
        ("collection", None, 750_000, Light.NONE), ("collection", 750_000, None, Light.NONE),
    ],
)  # fmt: skip
def test_the_light(code: str, ppm: int | None, target: int | None, light: Light) -> None:
    assert BY_CODE[code].light(ppm, target) == light


@pytest.mark.parametrize("seed", [7, 58, 2019])
def test_more_is_never_worse_and_fewer_claims_never_are(seed: int) -> None:
    chance, order = random.Random(seed), [Light.BAD, Light.WATCH, Light.GOOD]
    for _ in range(200):
        target, low = chance.randrange(1, 2_000_000), chance.randrange(2_000_000)
        high = low + chance.randrange(500_000)
        more, fewer = BY_CODE["collection"], BY_CODE["claims"]
        assert order.index(more.light(low, target)) <= order.index(more.light(high, target)), f"seed {seed}"
        assert order.index(fewer.light(low, target)) >= order.index(fewer.light(high, target)), f"seed {seed}"


def test_how_values_are_said() -> None:
    assert BY_CODE["collection"].said(682_499) == "68.2 %"
    assert BY_CODE["claims"].said(3_149) == "3.1 por mil"
    assert BY_CODE["collection"].said(None) == "—" and BY_CODE["collection"].said(12_345_678) == "1,234.6 %"


# over the story ----------------------------------------------------------------------------------------------------

story = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town")]


def over_the_story(test: Any) -> Any:
    for mark in story:
        test = mark(test)
    return test


@over_the_story
def test_december_against_plain_sql() -> None:
    collection, commercial = of_month(201812, "collection"), of_month(201812, "commercial")
    # only La Espiga paid in December: $600.00 of November's bill
    paid = one(
        """SELECT sum(a.amount_cents) FROM ledger_allocation a JOIN ledger_credit c ON c.id = a.credit_id
            WHERE c.kind = 'payment' AND c."on" BETWEEN '2018-12-01' AND '2018-12-31' AND a.document_kind IN (1, 4, 5, 6)"""
    )
    billed = one(
        "SELECT sum(total_cents) FROM billing_bill WHERE issued_on BETWEEN '2018-12-01' AND '2018-12-31'"
    )
    assert (collection.numerator, collection.denominator) == (paid, billed) and paid > 0
    assert collection.ppm == (paid * 2_000_000 + billed) // (2 * billed)  # once, half up
    m3 = one("SELECT sum(consumption_m3) FROM billing_bill WHERE period = 201812 AND is_metered = 1")
    espiga = one(
        """SELECT b.consumption_m3::bigint * 1000 * %s / b.total_cents FROM billing_bill b JOIN registry_account a ON a.id = b.account_id
            WHERE b.period = 201811 AND a.number = '010405'""",
        paid,
    )
    assert commercial.denominator == m3 and abs((commercial.numerator or 0) - espiga) <= 1


@over_the_story
def test_bills_paid_by_the_day_they_fell_due() -> None:
    november = one("SELECT count(*) FROM billing_bill WHERE period = 201811 AND total_cents > 0")
    due_on = date(2018, 12, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT due_on FROM billing_bill WHERE period = 201811")
        ((due_on,),) = cursor.fetchall()
    found = of_month(due_on.year * 100 + due_on.month, "on_time", today=date(2019, 3, 1))
    paid_whole = one(
        """SELECT count(*) FROM billing_bill b WHERE b.period = 201811 AND b.total_cents > 0 AND b.total_cents <=
             (SELECT coalesce(sum(a.amount_cents), 0) FROM ledger_allocation a JOIN ledger_credit c ON c.id = a.credit_id
               WHERE a.account_id = b.account_id AND a.period = b.period AND a.document_kind = 1 AND c."on" <= b.due_on)"""
    )
    assert (found.numerator, found.denominator) == (paid_whole, november)
    # on the day itself it can still be paid: it counts from the next one on
    before = of_month(due_on.year * 100 + due_on.month, "on_time", today=due_on)
    assert (before.denominator, before.ppm, before.missing[-24:]) == (0, None, "no venció ningún recibo.")


@over_the_story
def test_services_meters_and_people_of_december() -> None:
    services = one(
        """SELECT count(*) FROM registry_serviceagreement
            WHERE effective_from <= '2018-12-31' AND (effective_to IS NULL OR effective_to > '2018-12-31')"""
    )
    read = one("SELECT count(*) FROM metering_consumption WHERE period = 201812 AND basis = 1")
    metering, registry = of_month(201812, "metering"), of_month(201812, "registry")
    assert (metering.numerator, metering.denominator, registry.denominator) == (read, services, services)
    assert of_month(201812, "claims").numerator == one(
        "SELECT count(*) FROM cases_case WHERE opened_at < '2019-01-01 06:00Z'"
    )


@over_the_story
def test_without_the_volume_produced_it_says_which_month_lacks_it() -> None:
    for code in ("physical_1", "physical_2", "overall"):
        found = of_month(201812, code)
        assert (found.ppm, found.missing) == (None, "Falta el volumen producido de diciembre 2018.")
    ProducedVolume.objects.create(period=201812, volume_m3=1_000, source="Pozo 3", at=AT, by="laura")
    second, commercial, overall = (
        of_month(201812, code).ppm or 0 for code in ("physical_2", "commercial", "overall")
    )
    assert second > 0 and overall == (2 * second * commercial + 1_000_000) // 2_000_000


@over_the_story
def test_what_is_taken_back_subtracts_on_its_own_day() -> None:
    """La Espiga pays $30.00 on the 29th and it is taken back on the 30th: the 29th stays as it was."""
    measure = BY_CODE["collection"].numerator.measure
    assert measure is not None
    counter.pay(Account.objects.get(number="010405"), 3_000, on=date(2019, 1, 29))
    paid = Receipt.objects.latest("pk")
    counter.cancel(paid.folio, on=date(2019, 1, 30))
    by_day = measuring.by_day(measure=measure, since=date(2019, 1, 29), until=date(2019, 1, 31))
    # $30.00 less the surcharges that it paid first, which are not water
    surcharges = one(
        "SELECT sum(a.amount_cents) FROM ledger_allocation a JOIN ledger_credit c ON c.id = a.credit_id "
        "WHERE c.document = %s AND a.document_kind = 2 AND a.amount_cents > 0",
        paid.folio,
    )
    assert 0 < surcharges < 3_000
    assert by_day == {date(2019, 1, 29): 3_000 - surcharges, date(2019, 1, 30): surcharges - 3_000}


@over_the_story
def test_a_series_is_its_months_one_by_one() -> None:
    found = indicators.series(until=201901, today=TODAY)
    assert {len(values) for values in found.values()} == {13}
    for place, period in ((-1, 201901), (-2, 201812), (-3, 201811)):
        alone = indicators.for_month(period=period, today=TODAY)
        assert [each.ppm for each in alone] == [values[place].ppm for values in found.values()]


@over_the_story
def test_both_numbers_are_the_totals_of_their_lists() -> None:
    for value in indicators.for_month(period=201812, today=TODAY):
        if value.indicator.of:
            continue
        for part, figure in (
            (value.indicator.numerator, value.numerator),
            (value.indicator.denominator, value.denominator),
        ):
            if part.measure:
                assert (
                    measuring.total(measure=part.measure, since=value.since, until=value.until) == figure
                ), part.words


@over_the_story
def test_the_pages_say_formula_numbers_and_target(enter_as: Enter) -> None:
    laura = enter_as("laura")
    page = laura.get("/indicadores/?mes=2018-12").content.decode()
    assert all(f">{each.name}</a>" in page for each in INDICATORS)
    assert "Falta el volumen producido de diciembre 2018" in page
    detail = laura.get("/indicadores/collection/?mes=2018-12").content.decode()
    assert (
        "Lo recaudado por agua en el mes entre lo facturado" in detail
        and "/listados/water_paid/?desde=2018-12-01" in detail
    )
    assert laura.get("/indicadores/collection/?mes=nada").status_code == 200


@over_the_story
def test_a_target_is_set_on_its_page(enter_as: Enter) -> None:
    asked = {"indicator": "collection", "period": "2018-12", "amount": "72.5", "reason": "Acuerdo 12/2018"}
    assert enter_as("salas").post("/indicadores/metas/alta/", asked).status_code == 302
    assert targets.all_targets().of("collection", 201812) == 725_000
    page = enter_as("ofelia").get("/indicadores/metas/").content.decode()
    assert "72.5 %" in page and "Acuerdo 12/2018" in page and "Guardar la meta" not in page


@over_the_story
@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("amount", "mucho", "No es una cantidad"), ("amount", "0", "mayor que cero"), ("period", "2018-13", "así: 2019-01"),
     ("indicator", "suerte", "")],
)  # fmt: skip
def test_a_wrong_target_is_told_beside_its_field(field: str, value: str, said: str, enter_as: Enter) -> None:
    asked = {"indicator": "collection", "period": "2018-12", "amount": "72.5", "reason": "Acuerdo"} | {
        field: value
    }
    answer = enter_as("salas").post("/indicadores/metas/alta/", asked)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not Target.objects.exists()


@over_the_story
def test_the_volume_is_written_on_its_page(enter_as: Enter) -> None:
    laura = enter_as("laura")
    asked = {"period": "2018-12", "volume_m3": "1250", "source": "Macromedidores"}
    assert laura.post("/indicadores/volumen-producido/alta/", asked).status_code == 302
    assert of_month(201812, "physical_2").denominator == 1_250
    early = laura.post("/indicadores/volumen-producido/alta/", asked | {"period": "2019-01"})
    assert early.status_code == 422 and "todavía no termina" in early.content.decode()
    assert ProducedVolume.objects.count() == 1


@over_the_story
def test_the_file_carries_every_month(enter_as: Enter) -> None:
    answer = enter_as("ofelia").get("/indicadores/archivo.csv?mes=2018-12")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert sum(line.startswith("Eficiencia de cobro,") for line in lines) == 13
    assert 'filename="indicadores-201812.csv"' in answer["Content-Disposition"]
    assert enter_as("ofelia").get("/indicadores/archivo.xlsx").content[:2] == b"PK"
    assert enter_as("ofelia").get("/indicadores/archivo.exe").status_code == 404
