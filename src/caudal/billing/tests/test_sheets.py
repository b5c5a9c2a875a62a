"""Bills on paper: what a page says comes from the rows, in route order, in a fixed number of questions."""

from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.town.cast import Town, moment

from caudal.billing import commands as billing
from caudal.billing import queries
from caudal.billing.models import Bill
from caudal.billing.tests import months
from caudal.billing.tests.months import FEBRUARY, JANUARY
from caudal.documents.layouts import BillSheet, ConsumptionKind, TierText
from caudal.kernel.models import Utility
from caudal.ledger import commands as ledger
from caudal.ledger.models import Credit
from caudal.tariffs import queries as tariffs


def sheets_of(town: Town) -> dict[str, BillSheet]:
    run = months.issued(town, JANUARY)
    return {sheet.account_number: sheet for sheet in queries.bill_sheets(run=run)}


def test_dona_lupitas_bill_shows_how_it_was_worked_out(january: Town) -> None:
    sheet = sheets_of(january)["010293"]

    assert [(line.concept, line.amount_cents, line.working) for line in sheet.lines] == [
        ("Agua potable", 194_20, "primeros 10 m³ $70.00 + 10 m³ × $7.10 + 7 m³ × $7.60"),
        ("Saneamiento", 38_84, "20 % del agua ($194.20)"),
        ("Infraestructura", 5_83, "3 % del agua ($194.20)"),
        (
            "Descuento a personas vulnerables",
            -43_05,
            "50 % del agua, del saneamiento y de la infraestructura por los primeros 10 m³ ($86.10), adulto mayor",
        ),
    ]
    assert (sheet.charges_cents, sheet.total_cents) == (195_82, 195_82)
    assert (sheet.folio, sheet.due_on) == ("201901-010293", date(2019, 2, 16))
    assert sheet.holder_name == "Guadalupe Núñez Viuda de Ortega"
    assert sheet.service_address == "Morelos 293, Centro, La Barca"


def test_the_meter_the_readings_and_thirteen_bars(january: Town) -> None:
    sheet = sheets_of(january)["010293"]

    assert sheet.meter is not None
    assert (sheet.meter.number, sheet.meter.diameter) == ("AZ5300293", "½″")
    assert sheet.readings is not None
    assert (sheet.readings.previous, sheet.readings.current) == (1000, 1027)
    assert (sheet.consumption_m3, sheet.consumption_kind) == (27, ConsumptionKind.REAL)
    assert sheet.daily_liters == 27 * 1000 // 31
    assert [bar.period for bar in sheet.history][::12] == [201801, 201901]
    assert [bar.consumption_m3 for bar in sheet.history][-2:] == [25, 27]
    assert sheet.tiers[0] == TierText(from_m3=0, to_m3=10, fixed_cents=70_00)
    assert sheet.tiers[1] == TierText(from_m3=11, to_m3=20, unit_price_ten_thousandths=71_000)
    assert sheet.tiers[-1].to_m3 is None


def test_vat_is_a_line_of_its_own(january: Town) -> None:
    line = sheets_of(january)["010405"].lines[-1]
    # 54.72 + 10.94 + 1.64 on 342.00 + 68.40 + 10.26
    assert (line.concept, line.amount_cents, line.working) == ("IVA", 67_30, "sobre $420.66")


def test_a_flat_service_has_no_meter_and_no_bars(january: Town) -> None:
    sheet = sheets_of(january)["010117"]
    assert (sheet.meter, sheet.readings, sheet.history, sheet.tiers) == (None, None, (), ())
    assert sheet.consumption_kind is ConsumptionKind.FLAT


def test_sheets_come_in_the_order_of_the_walk(january: Town) -> None:
    run = months.issued(january, JANUARY)
    sheets = list(queries.bill_sheets(run=run))
    assert [sheet.account_number for sheet in sheets] == [
        "010117", "010293", "010405", "010512", "010620", "010733", "010818", "020031",
    ]  # fmt: skip
    assert sheets == sorted(sheets, key=lambda sheet: sheet.route_order)


def test_a_route_of_more_than_a_batch_keeps_its_order(january: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    run = months.issued(january, JANUARY)
    together = list(queries.bill_sheets(run=run))
    monkeypatch.setattr("caudal.billing.sheets.BATCH", 2)
    assert list(queries.bill_sheets(run=run)) == together


def test_eight_bills_ask_as_much_as_two(january: Town) -> None:
    months.issued(january, JANUARY)
    bills = list(Bill.objects.order_by("account_id"))
    asked = []
    for some in (bills[:2], bills):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert len(list(queries.bill_sheets(bills=some))) == len(some)
        asked.append(len(captured))
    # at most two more: price lists and books are looked up once each
    assert asked[1] <= asked[0] + 2
    assert asked[1] <= 30


def test_older_debt_and_payments_are_told(january: Town) -> None:
    """La Espiga pays 100.00 of January on 20 February; the February bill tells the payment and what is left."""
    months.issued(january, JANUARY)
    on = date(2019, 2, 20)
    ledger.post_credit(
        account=january.espiga, kind=Credit.Kind.PAYMENT, amount_cents=100_00, on=on, at=moment(on), by="veronica",
        document="A-7", terms=tariffs.terms(book=tariffs.book_in_force(on=on)), funds={"1111": 100_00},
    )  # fmt: skip
    months.read(january, january.espiga, FEBRUARY, 4216)
    months.assess(january, FEBRUARY)
    run = months.computed(january, FEBRUARY)
    for held in run.held.all():
        months.release(held)
    run = months.issue(run)

    sheet = next(s for s in queries.bill_sheets(run=run) if s.account_number == "010405")
    # one month late: 1 % of 487.96 = 4.88 became a charge with the payment; 487.96 + 4.88 − 100.00 are left
    assert sheet.previous_balance_cents == 392_84
    assert sheet.previous_balance_periods == "ene 2019"
    assert [(p.on, p.amount_cents) for p in sheet.payments] == [(on, 100_00)]
    assert sheet.total_cents == sheet.charges_cents + 392_84 + sheet.surcharges_cents


def test_money_in_favor_lowers_what_is_asked(january: Town) -> None:
    on = date(2018, 12, 20)
    ledger.post_credit(
        account=january.chuy, kind=Credit.Kind.PAYMENT, amount_cents=35_30, on=on, at=moment(on), by="veronica",
        document="A-8", terms=tariffs.terms(book=tariffs.book_in_force(on=on)), funds={"1111": 35_30},
    )  # fmt: skip
    sheet = sheets_of(january)["010117"]
    assert (sheet.charges_cents, sheet.credit_balance_cents, sheet.total_cents) == (135_30, 35_30, 100_00)


def test_a_canceled_bill_is_not_printed_and_the_new_one_is(january: Town) -> None:
    run = months.issued(january, JANUARY)
    on = date(2019, 2, 11)
    billing.cancel_bill(
        account=january.lupita, period=JANUARY, reason="Error", authorized_by="salas", on=on, at=moment(on)
    )
    assert "010293" not in {sheet.account_number for sheet in queries.bill_sheets(run=run)}
    billing.rebill(account=january.lupita, period=JANUARY, by="laura", on=on, at=moment(on))
    folios = {sheet.account_number: sheet.folio for sheet in queries.bill_sheets(run=run)}
    assert folios["010293"] == "201901-010293-2"


def test_a_bill_that_says_another_amount_does_not_verify(january: Town) -> None:
    sheets = sheets_of(january)
    proofs = {sheet.verification.rsplit("|", 1)[1] for sheet in sheets.values()}
    assert len(proofs) == 8
    assert all(len(proof) == 20 for proof in proofs)


def test_the_files_of_a_run_are_written_with_the_head_of_the_utility(january: Town, tmp_path: Path) -> None:
    Utility.objects.create(id=1, name="SIAPA La Barca", long_name="Sistema de Agua", rfc="SAL010101AB1")
    run = months.issued(january, JANUARY)
    files = billing.print_run(run=run, directory=tmp_path, workers=1)
    assert [(file.pages, file.total_cents) for file in files] == [(8, 23_064_31)]
    assert (tmp_path / files[0].name).read_bytes().startswith(b"%PDF")
    again = billing.print_run(run=run, directory=tmp_path, workers=1)
    assert [file.was_kept for file in again] == [True]


def test_what_is_not_issued_is_not_printed(january: Town, tmp_path: Path) -> None:
    run = months.computed(january, JANUARY)
    with pytest.raises(billing.CannotPrintRun, match="aún no hay recibos"):
        billing.print_run(run=run, directory=tmp_path)
    assert list(tmp_path.iterdir()) == []
