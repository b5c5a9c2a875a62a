"""The pages of the listings over the story town: what each person reads of them, and that figures are their rows."""

import csv
import io
import random
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from caudal.billing.models import Bill, HeldBill
from caudal.kernel.models import AuditEntry
from caudal.kernel.wording import pesos
from caudal.metering.models import Reading
from caudal.reports import listings, measuring, reading
from caudal.reports.listing import Kind, Listing
from caudal.reports.measuring import Measure
from caudal.reports.tests.reading_of import figure

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town")]
Enter = Callable[[str], Client]
EVERY = tuple(each for offered in listings.all_listings().values() for each in offered)
ALL = "desde=2018-01-01&hasta=2019-01-31"
SINCE, UNTIL = date(2018, 1, 1), date(2019, 2, 1)
SEED = 20190131


def body(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def table(client: Client, path: str) -> list[list[str]]:
    """The lines of a CSV, without its mark."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("source", EVERY, ids=lambda each: each.code)
def test_every_listing_opens_in_few_questions_and_so_do_its_links(source: Listing, enter_as: Enter) -> None:
    client = enter_as("ofelia")
    with CaptureQueriesContext(connection) as asked:
        page = body(client, f"/listados/{source.code}/?{ALL}")
    assert source.title in page
    assert len(asked) <= 30
    found = reading.page(asked=reading.Asked(source, SINCE if source.day else None, UNTIL))
    names = [each.name for each in source.columns]
    for each in source.columns:
        place = names.index(each.argument or each.name)
        value = next((row[place] for row in found.rows if each.route and row[place] not in (None, "")), None)
        if value is not None:
            href = reverse(each.route, args=[value])
            assert f'href="{href}"' in page, each.name
            assert client.get(href, follow=True).status_code == 200, href


def test_the_catalogue_offers_every_listing(enter_as: Enter) -> None:
    page = body(enter_as("laura"), "/listados/")
    assert all(f'href="/listados/{each.code}/"' in page for each in EVERY)


def test_a_listing_that_is_not_there_is_refused_kindly(enter_as: Enter) -> None:
    assert "No hay ningún listado con esa clave." in body(enter_as("laura"), "/listados/sueldos/", 404)
    assert enter_as("laura").get("/listados/sueldos.xlsx").status_code == 404


def test_bills_are_those_of_the_tables_and_their_total_is_at_the_foot(enter_as: Enter) -> None:
    bills = list(Bill.objects.all())
    # November and December of eight accounts; January is computed and waits
    assert figure("bills", kind="issued") == len(bills) > 0
    total = sum(each.total_cents for each in bills)
    assert figure("bills", "total_cents") == total
    assert figure("bills", "m3") == sum(each.consumption_m3 for each in bills)

    page = body(enter_as("salas"), f"/listados/bills/?{ALL}")
    foot = page.split("<tfoot>")[1]
    assert pesos(total) in foot and "Total" in foot
    assert "Del 1 ene 2018 al 31 ene 2019." in page


def test_readings_are_told_once_each(enter_as: Enter) -> None:
    assert (
        figure("readings")
        == Reading.objects.filter(kind="regular").count() + Reading.objects.exclude(kind="regular").count()
    )
    assert figure("readings", was_read="no") == Reading.objects.filter(value=None).count()
    assert figure("held_bills") == HeldBill.objects.exclude(run__state="discarded").count() > 0


def test_what_is_asked_is_said_kept_and_offered(enter_as: Enter) -> None:
    page = body(enter_as("laura"), f"/listados/bills/?{ALL}&account=010293&is_metered=yes")
    assert "Cuenta: 010293. Medido: sí." in page
    # a column that no field shows stays asked
    assert '<input type="hidden" name="account" value="010293">' in page
    assert 'value="yes" selected' in page
    # its two months, and nothing else
    assert "2 renglones" in page and "201811-010293" in page and "201811-010117" not in page
    assert "is_metered=yes" in page.split("bills.xlsx?")[1][:120]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("desde=ayer&hasta=2019-01-31", "La fecha no se entiende. Escríbala como 31/01/2019."),
        ("desde=2019-01-31&hasta=2019-01-01", "Termina antes de empezar."),
        ("desde=1201-01-01&hasta=2019-01-01", "Ese año no es de aquí."),
        ("desde=2019-02-30", "La fecha no se entiende."),
    ],
)
def test_a_date_that_makes_no_sense_is_told_beside_its_field(typed: str, said: str, enter_as: Enter) -> None:
    client = enter_as("laura")
    assert said in body(client, f"/listados/bills/?{typed}", 422)
    # a file is not made of it: the page says what is wrong
    answer = client.get(f"/listados/bills.csv?{typed}")
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/listados/bills/")


def test_dates_are_read_as_people_write_them(enter_as: Enter) -> None:
    page = body(enter_as("laura"), "/listados/bills/?desde=1/12/2018&hasta=311218")
    assert "Del 1 dic 2018 al 31 dic 2018." in page


def test_a_page_past_the_last_is_the_last(enter_as: Enter) -> None:
    page = body(enter_as("laura"), f"/listados/readings/?{ALL}&pagina=99")
    assert "Página" not in page or "Anterior" in page
    assert body(enter_as("laura"), f"/listados/readings/?{ALL}&pagina=-1")


@pytest.mark.parametrize("source", EVERY, ids=lambda each: each.code)
def test_a_figure_is_its_rows_its_foot_and_its_file(source: Listing, enter_as: Enter) -> None:
    """With filters drawn by lot among the values that there are."""
    dice = random.Random(f"{SEED} {source.code}")
    since = SINCE if source.day else None
    whole = reading.Asked(source, since, UNTIL)
    offered = reading.choices(asked=whole)
    for _ in range(3):
        narrowed = [each for each in source.filters if offered.get(each.name)]
        chosen = dice.sample(narrowed, k=min(len(narrowed), dice.randint(0, 2)))
        where = tuple((each.name, dice.choice(offered[each.name])[0]) for each in chosen)
        asked = reading.Asked(source, since, UNTIL, where)
        told = f"seed {SEED}, {source.code}, {where}"

        rows = list(reading.every_row(asked=asked))
        n, totals = reading.totals(asked=asked)
        place = {each.name: at for at, each in enumerate(source.columns)}
        assert (
            n
            == len(rows)
            == measuring.total(measure=Measure(source.code, where=where), since=since, until=UNTIL)
        ), told
        for each in source.totals:
            measure = Measure(source.code, of=each.name, where=where)
            added = sum(row[place[each.name]] or 0 for row in rows)
            assert totals[each.name] == added == measuring.total(measure=measure, since=since, until=UNTIL), (
                told
            )

        lines = table(
            enter_as("ofelia"),
            _file(measuring.href(measure=Measure(source.code, where=where), since=SINCE, until=UNTIL)),
        )
        body_of = lines[_head(lines, source) + 1 :]
        assert len(body_of) == n + bool(source.totals), told
        for at, each in enumerate(source.shown):
            if each.is_total and each.kind is Kind.CENTS:
                assert (
                    _cents(body_of[-1][at])
                    == sum(_cents(line[at]) for line in body_of[:-1])
                    == totals[each.name]
                ), told


def test_a_figure_counts_different_values_too() -> None:
    assert measuring.total(measure=Measure("bills", distinct="account")) == len(
        set(Bill.objects.values_list("account_id", flat=True))
    )


def test_a_workbook_has_numbers_days_and_what_was_asked(enter_as: Enter) -> None:
    client = enter_as("laura")
    answer = client.get(f"/listados/bills.xlsx?{ALL}&account=010293")
    assert answer["Content-Disposition"] == 'attachment; filename="bills-2018-01-01-2019-01-31.xlsx"'
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    cells = book.get_sheet_by_index(0).to_python()
    assert cells[0][0] == "Recibos emitidos"
    assert [row[:2] for row in cells[1:4]] == [
        ["Desde", "1 ene 2018"], ["Hasta", "31 ene 2019"], ["Cuenta", "010293"],
    ]  # fmt: skip
    head = next(at for at, row in enumerate(cells) if row[0] == "Día")
    first, last, total = cells[head + 1], cells[head + 2], cells[head + 3]
    assert (first[0], last[0]) == (date(2018, 11, 30), date(2018, 12, 29))
    money = cells[head].index("Importe")
    assert isinstance(first[money], int | float)
    assert (
        round(total[money] * 100)
        == round((first[money] + last[money]) * 100)
        == figure("bills", "total_cents", account="010293")
    )
    # who took what out is kept
    kept = AuditEntry.objects.filter(act="reports.export").latest("id")
    assert (kept.by, kept.object_id, kept.after["rows"], kept.after["asked"]["account"]) == (
        "laura", "bills", 2, "010293",
    )  # fmt: skip


def test_others_do_not_read_listings(enter_as: Enter) -> None:
    for who in ("veronica", "marta", "julian"):
        for path in ("/listados/", "/listados/bills/", "/listados/bills.csv"):
            assert enter_as(who).get(path).status_code == 403


def _file(href: str) -> str:
    return href.replace("/?", ".csv?", 1)


def _head(lines: list[list[str]], source: Listing) -> int:
    return lines.index([each.title for each in source.shown])


def _cents(written: Any) -> int:
    pesos_part, _, rest = str(written or "0.00").partition(".")
    sign = -1 if pesos_part.startswith("-") else 1
    return sign * (abs(int(pesos_part)) * 100 + int(rest or 0))
