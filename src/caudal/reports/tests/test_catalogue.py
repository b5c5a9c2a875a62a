"""Every listing as it is declared: it only reads, its columns are those of its select, its documents have a page."""

import re

import pytest
from django.db import InternalError, connection, transaction
from django.urls import get_resolver

from caudal.access import policy
from caudal.reports import listings, measuring, reading
from caudal.reports.listing import Kind, Listing
from caudal.reports.measuring import Measure

pytestmark = pytest.mark.django_db
EVERY = tuple(each for offered in listings.all_listings().values() for each in offered)
# what the other rooms and the monthly report measure on: these names stay
CODES = {
    "receipts", "payments", "tenders", "collected", "canceled_receipts", "closings", "deposits", "unidentified",
    "forgiven", "prompt_payment", "benefit_reductions", "benefits_granted", "benefit_ends", "arrangements",
    "arrangement_ends", "outreach", "readings", "reading_exceptions", "bills", "held_bills", "unbilled",
    "bill_cancellations", "adjustments", "bill_deliveries", "notices", "notices_served", "cuts", "reconnections",
    "cases_opened", "cases_answered", "rounds", "overdue", "overdue_periods", "active_services",
}  # fmt: skip
WRITES = re.compile(
    r"\b(INSERT|UPDATE|DELETE|MERGE|TRUNCATE|CREATE|ALTER|DROP|GRANT|COPY|CALL|DO|LOCK|nextval|setval|set_config)\b",
    re.I,
)
NUMBERS = {Kind.CENTS, Kind.COUNT, Kind.M3, Kind.HOURS, Kind.PPM}
each_listing = pytest.mark.parametrize("source", EVERY, ids=lambda each: each.code)


def test_the_catalogue_has_every_code_once() -> None:
    codes = [each.code for each in EVERY]
    assert len(codes) == len(set(codes))
    assert set(codes) >= CODES


def test_a_code_that_is_not_there_is_refused_with_what_to_do() -> None:
    with pytest.raises(listings.UnknownListing) as refused:
        listings.find(code="salaries")
    assert (refused.value.what, refused.value.remedy) == (
        "No hay ningún listado con esa clave.", "Elija uno de «Listados».",
    )  # fmt: skip


@each_listing
def test_its_select_only_selects(source: Listing) -> None:
    select = re.sub(r"'[^']*'", "''", source.sql)
    assert select.lstrip().upper().startswith("SELECT")
    assert not WRITES.search(select) and ";" not in select and "--" not in select


@each_listing
def test_it_runs_where_nothing_may_be_written(source: Listing) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
        found = reading.page(asked=reading.Asked(source))
    # an empty town has no rows, and its totals are zero
    assert (found.n, found.rows) == (0, ())
    assert set(found.totals.values()) <= {0}


def test_a_transaction_that_only_reads_refuses_to_write() -> None:
    with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
        cursor.execute("INSERT INTO cashier_till (code) VALUES ('9')")


@each_listing
def test_its_columns_are_those_of_its_select_in_order(source: Listing) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({source.inside()}) t LIMIT 0", [])
        assert [each[0] for each in cursor.description] == [each.name for each in source.columns]


@each_listing
def test_its_columns_say_what_they_are(source: Listing) -> None:
    names = [each.name for each in source.columns]
    assert len(names) == len(set(names))
    assert source.title and source.note.endswith(".")
    assert any(source.act in acts for acts in policy.ACTS.values())
    assert source.day == "" or source.column(source.day).kind is Kind.DAY
    for each in source.columns:
        assert each.title, each.name
        assert (not each.is_total) or each.kind in NUMBERS, each.name
        assert (each.kind is Kind.CENTS) == each.name.endswith("_cents"), each.name
        assert {each.says, each.argument} - {""} <= set(names), each.name
        assert len(dict(each.words)) == len(each.words), each.name
    # a total stands under a column; the first says that it is one
    assert not source.shown[0].is_total


@each_listing
def test_each_document_it_leads_to_has_a_page(source: Listing) -> None:
    known = set(get_resolver().reverse_dict)
    assert {each.route for each in source.columns if each.route} <= known


@each_listing
def test_a_figure_of_nothing_is_zero(source: Listing) -> None:
    for measure in (Measure(source.code), *(Measure(source.code, of=each.name) for each in source.totals)):
        assert measuring.total(measure=measure) == 0
