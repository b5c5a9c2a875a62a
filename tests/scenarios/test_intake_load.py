"""What was accepted goes in whole, to the centavo, and what was not leaves no trace."""

from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from caudal.intake.commands import load
from caudal.intake.loading import CannotLoad
from caudal.intake.loading.ground import CannotPrepareGround
from caudal.intake.models import IntakeRow, IntakeSet, LegacyPayment
from caudal.intake.queries import legacy_payments, reconcile
from caudal.kernel.models import AuditEntry
from caudal.ledger import queries as ledger
from caudal.ledger.models import Charge, JournalEntry, PeriodBalance
from caudal.metering.models import Consumption, MeterInstallation, PeriodClosure, Reading
from caudal.registry.models import Account, Benefit, Person, Route, ServiceAgreement, ServiceInterruption
from caudal.reports import checking
from caudal.tariffs import queries as tariffs
from tests.scenarios.old_system import AT, CHUY, CHUY_OWES, CUTOFF, ESPIGA, LUPITA, export, rehearsed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("classes")]
ROOMS = ("kernel", "ledger", "cashier")


def nothing_is_here() -> bool:
    """No person, account, charge, reading, set or line of the audit about a load."""
    models = (
        Account,
        Person,
        Route,
        Charge,
        Reading,
        Consumption,
        IntakeSet,
        IntakeRow,
        LegacyPayment,
        JournalEntry,
    )
    return (
        not any(model.objects.exists() for model in models)
        and not AuditEntry.objects.filter(act="intake_load").exists()
    )


def test_a_rehearsal_writes_nothing(tmp_path: Path) -> None:
    rehearsed(export(tmp_path))
    assert nothing_is_here()


def test_three_people_come_in_with_their_places_terms_and_meters(tmp_path: Path) -> None:
    loaded = load(rehearsal=rehearsed(export(tmp_path)), by="laura", at=AT)

    assert {name: counted["new"] for name, counted in loaded.counts.items()} == {
        "accounts": 3, "credits": 0, "readings": 5, "debts": 8, "payments": 2,
    }  # fmt: skip
    lupita = ServiceAgreement.objects.select_related("service_point__route", "tariff_class").get(
        account__number="010293"
    )
    point = lupita.service_point
    assert (lupita.tariff_class.code, lupita.is_metered, lupita.effective_from) == (
        "HAB-GEN",
        True,
        date(1988, 3, 11),
    )
    assert (point.route.code, point.route.sector, point.walk_sequence) == ("01-001", "01", 20)
    assert (point.connection_diameter_mm, point.has_sewerage) == (13, True)
    assert (point.premise.address, point.premise.neighborhood.name) == ("MORELOS 293", "CENTRO")
    assert point.premise.locality.is_municipal_seat
    holder = lupita.account.holders.get().person
    assert (holder.full_name, holder.phone, holder.kind) == (
        "GUADALUPE NUÑEZ VIUDA DE ORTEGA", "3929251293", "natural",
    )  # fmt: skip
    benefit = Benefit.objects.get(account=lupita.account)
    assert (benefit.category, benefit.effective_from, benefit.granted_by) == ("pensioner", CUTOFF, "laura")
    meter = MeterInstallation.objects.select_related("meter").get(service_point=point)
    # she had used 8 m³ when the dial showed 950
    assert (meter.meter.serial, meter.initial_reading) == ("AZ5300293", 942)


def test_debts_become_opening_charges_that_are_not_surcharged_twice(tmp_path: Path) -> None:
    load(rehearsal=rehearsed(export(tmp_path)), by="laura", at=AT)
    chuy = Account.objects.get(number="010117")

    # November: 110.00 + 22.00 + 3.30 of principal, 2.20 of surcharges for its two months late
    november = PeriodBalance.objects.get(account_id=chuy.pk, period=201811)
    assert (november.open_principal_cents, november.open_accessory_cents) == (13_530, 220)
    assert (november.due_on, november.surcharged_months) == (date(2018, 11, 15), 2)
    december = PeriodBalance.objects.get(account_id=chuy.pk, period=201812)
    assert (december.open_principal_cents, december.open_accessory_cents, december.surcharged_months) == (
        13_530,
        110,
        1,
    )

    terms = tariffs.terms(book=tariffs.book_in_force(on=date(2019, 1, 10)))
    # until 15 January not one more month has begun; from the 16th each owes 1 % of 135.30 = 1.353 → 1.35 more
    assert ledger.statement(account_id=chuy.pk, on=date(2019, 1, 15), terms=terms).total_cents == 27_390
    assert (
        ledger.statement(account_id=chuy.pk, on=date(2019, 1, 16), terms=terms).total_cents
        == 27_390 + 2 * 135
    )


def test_what_is_here_agrees_with_the_old_totals_and_with_itself(tmp_path: Path) -> None:
    rehearsal = rehearsed(export(tmp_path))
    load(rehearsal=rehearsal, by="laura", at=AT)
    found = reconcile(rehearsal=rehearsal)

    assert found.is_exact
    assert {each.code: each.loaded_cents for each in found.concepts} == {
        "water": 22_000, "wastewater_treatment": 4_400, "infrastructure_charge": 660, "surcharge": 330,
    }  # fmt: skip
    assert found.accounts == [] and found.agreeing_accounts == 3
    assert {each.code: (each.n_file, each.n_loaded) for each in found.classes} == {
        "COM-SEC": (1, 1),
        "HAB-GEN": (2, 2),
    }
    assert [each.findings for each in checking.run(rooms=ROOMS) if each.findings] == []


def test_what_stays_apart_is_accounted_for_by_concept(tmp_path: Path) -> None:
    debts = [CHUY_OWES[0].replace("010117", "999999"), *CHUY_OWES[1:]]
    rehearsal = rehearsed(export(tmp_path, debts=debts))
    load(rehearsal=rehearsal, by="laura", at=AT)
    found = reconcile(rehearsal=rehearsal)

    water = next(each for each in found.concepts if each.code == "water")
    # two months of 110.00 in the file: one is nobody's
    assert (water.file_cents, water.apart_cents, water.accepted_cents, water.loaded_cents) == (
        22_000,
        11_000,
        11_000,
        11_000,
    )
    (chuy,) = found.accounts
    assert (chuy.number, chuy.balance_cents, chuy.loaded_cents, chuy.difference_cents) == (
        "010117",
        27_390,
        16_390,
        -11_000,
    )
    assert chuy.cause == "el saldo del sistema anterior no es la suma de su detalle"
    assert found.is_exact


def test_readings_are_observations_and_consumption_is_what_was_billed(tmp_path: Path) -> None:
    load(rehearsal=rehearsed(export(tmp_path)), by="laura", at=AT)
    point = ServiceAgreement.objects.get(account__number="010293").service_point_id

    readings = Reading.objects.filter(installation__service_point_id=point).order_by("period")
    assert [
        (int(each.period), each.value, each.exception_code, each.origin, each.observer) for each in readings
    ] == [
        (201810, 950, "00", "migrated", "JRL"),
        (201811, None, "01", "migrated", "JRL"),
        (201812, 967, "00", "migrated", "MPG"),
    ]
    rows = Consumption.objects.filter(service_point_id=point).order_by("period")
    told = [
        (int(r.period), r.consumption_m3, r.basis, r.previous_reading, r.current_reading, r.mean_m3)
        for r in rows
    ]
    # 967 − 950 = 17; December was billed 9, so November's closed house had been billed 8
    assert told == [
        (201810, 8, 1, -1, 950, -1),
        (201811, 8, 2, 950, 958, 8),
        (201812, 9, 1, 958, 967, 8),
    ]
    assert set(PeriodClosure.objects.values_list("period", flat=True)) == {201810, 201811, 201812}


def test_past_payments_are_history_and_move_no_money(tmp_path: Path) -> None:
    load(rehearsal=rehearsed(export(tmp_path)), by="laura", at=AT)
    lupita = Account.objects.get(number="010293")

    (payment,) = legacy_payments(account_id=lupita.pk)
    assert (payment["folio"], payment["amount_cents"], payment["tender"], payment["till"]) == (
        "A0000001",
        4_250,
        "cash",
        "2",
    )
    assert ledger.balance(account_id=lupita.pk) == 0
    assert lupita.credits.count() == 0


def test_money_in_favor_a_cut_and_a_closed_account_come_as_what_they_are(tmp_path: Path) -> None:
    accounts = [
        CHUY.replace("|A|273.90|2", "|C|273.90|2"),
        LUPITA.replace("|0.00|", "|-56.90|"),
        ESPIGA.replace("||A|", "||B|"),
    ]
    loaded = load(rehearsal=rehearsed(export(tmp_path, accounts=accounts)), by="laura", at=AT)

    assert (loaded.posted.n_credits, loaded.posted.credited_cents) == (1, 5_690)
    assert ledger.balance(account_id=Account.objects.get(number="010293").pk) == -5_690
    cut = ServiceInterruption.objects.get()
    assert (cut.agreement.account.number, cut.kind, cut.effective_from) == ("010117", "cut", CUTOFF)
    assert ServiceAgreement.objects.get(account__number="010405").effective_to == date(2019, 1, 1)


def test_a_set_that_something_stops_leaves_nothing(tmp_path: Path) -> None:
    directory = export(tmp_path)
    path = directory / "ADEUDOS.CSV"
    path.write_bytes(path.read_bytes()[:-14])
    with pytest.raises(CannotLoad, match="El último renglón está incompleto"):
        load(rehearsal=rehearsed(directory), by="laura", at=AT)
    assert nothing_is_here()


def test_a_class_that_no_published_book_has_is_refused_by_name(tmp_path: Path) -> None:
    rehearsal = rehearsed(export(tmp_path), replacing={'COM-SEC = "COM-SEC"': 'COM-SEC = "COMERCIO"'})
    with pytest.raises(
        CannotPrepareGround, match="El mapa traduce «COM-SEC» como «COMERCIO», que aquí no existe"
    ):
        load(rehearsal=rehearsal, by="laura", at=AT)
    assert nothing_is_here()


def test_a_failure_in_the_last_phase_undoes_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pull_the_plug(**_: object) -> None:
        raise OSError("se fue la luz")

    monkeypatch.setattr("caudal.intake.loading.fingerprints.remember", pull_the_plug)
    with pytest.raises(OSError, match="se fue la luz"):
        load(rehearsal=rehearsed(export(tmp_path)), by="laura", at=AT)
    assert nothing_is_here()


def test_an_account_opened_here_by_hand_is_not_overwritten(tmp_path: Path) -> None:
    load(
        rehearsal=rehearsed(export(tmp_path / "first", accounts=[CHUY], readings=[], payments=[])),
        by="laura",
        at=AT,
    )
    IntakeRow.objects.all().delete()  # as if somebody had typed him in

    with pytest.raises(CannotLoad) as refused:
        load(rehearsal=rehearsed(export(tmp_path / "second")), by="laura", at=AT)
    assert str(refused.value) == (
        "PADRON.TXT, renglón 2, valor «010117»: La cuenta ya existe aquí y no vino de una carga anterior. "
        "Quítela del archivo, o cámbiele el número a la que se abrió a mano."
    )
    assert Account.objects.count() == 1


def test_past_payments_cannot_be_rewritten(tmp_path: Path) -> None:
    load(rehearsal=rehearsed(export(tmp_path)), by="laura", at=AT)
    with (
        pytest.raises(Exception, match="permission denied|solo admite renglones nuevos"),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE intake_legacypayment SET amount_cents = 1")
