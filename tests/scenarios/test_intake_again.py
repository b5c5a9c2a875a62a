"""A corrected export comes: only what changed is touched, and the money moves by the difference."""

from datetime import date
from pathlib import Path

import pytest

from caudal.intake.commands import Loaded, load
from caudal.intake.models import IntakeSet, LegacyPayment
from caudal.intake.queries import reconcile
from caudal.kernel.models import AuditEntry
from caudal.ledger import queries as ledger
from caudal.ledger.models import Charge
from caudal.metering.models import Consumption, MeterInstallation, Reading
from caudal.registry.models import Account, AccountHolder, Benefit, Person, Premise, ServiceAgreement
from caudal.reports import checking
from tests.scenarios.old_system import AT, CHUY, CHUY_OWES, ESPIGA, LUPITA, PAID, READ, export, rehearsed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("classes")]

DEBTS_TABLE = """[debts]
file = "ADEUDOS.CSV"
separator = ","

[debts.columns]
account = "CUENTA"
year = "ANIO"
month = "MES"
concept = "CONCEPTO"
amount = "IMPORTE"
"""


@pytest.fixture
def first(tmp_path: Path) -> Loaded:
    return load(rehearsal=rehearsed(export(tmp_path / "first")), by="laura", at=AT)


def again(tmp_path: Path, **files: list[str]) -> Loaded:
    """Load the export with some of its files changed, and require that it agrees afterwards."""
    rehearsal = rehearsed(export(tmp_path / "again", **files))
    loaded = load(rehearsal=rehearsal, by="laura", at=AT)
    assert reconcile(rehearsal=rehearsal).is_exact
    assert [each.findings for each in checking.run(rooms=("kernel", "ledger")) if each.findings] == []
    return loaded


def changes(loaded: Loaded) -> dict[str, tuple[int, int, int]]:
    """New, changed and removed of each table that moved."""
    counted = {name: (each["new"], each["changed"], each["removed"]) for name, each in loaded.counts.items()}
    return {name: numbers for name, numbers in counted.items() if any(numbers)}


def balance(number: str) -> int:
    return ledger.balance(account_id=Account.objects.get(number=number).pk)


def test_the_same_export_again_changes_nothing(tmp_path: Path, first: Loaded) -> None:
    before = (
        Charge.objects.count(),
        Reading.objects.count(),
        LegacyPayment.objects.count(),
        Person.objects.count(),
    )
    loaded = again(tmp_path)

    assert changes(loaded) == {} and loaded.done == [] and loaded.by_hand == []
    assert loaded.counts["debts"]["unchanged"] == 8
    assert before == (
        Charge.objects.count(),
        Reading.objects.count(),
        LegacyPayment.objects.count(),
        Person.objects.count(),
    )
    assert IntakeSet.objects.count() == 2  # that it was tried stays written


def test_a_changed_debt_posts_the_difference_and_keeps_what_was_written(
    tmp_path: Path, first: Loaded
) -> None:
    # December's water was 110.00 and is 90.00; its surcharge goes from 1.10 to 0.90
    debts = [
        CHUY_OWES[0].replace("110.00", "90.00"),
        *CHUY_OWES[1:3],
        CHUY_OWES[3].replace("1.10", "0.90"),
        *CHUY_OWES[4:],
    ]
    loaded = again(tmp_path, accounts=[CHUY.replace("273.90", "253.70"), LUPITA, ESPIGA], debts=debts)

    assert changes(loaded) == {"debts": (0, 2, 0)}
    assert loaded.posted.charged_cents == -2_000 - 20
    assert balance("010117") == 27_390 - 2_020
    water = Charge.objects.filter(period=201812, concept_id=1).order_by("sequence")
    assert [(each.sequence, each.amount_cents) for each in water] == [(1, 11_000), (2, -2_000)]


def test_a_debt_that_is_gone_is_taken_back_and_a_new_one_is_added(tmp_path: Path, first: Loaded) -> None:
    # November was paid over there, and October turned up
    debts = [*CHUY_OWES[:4], "010117,2018,10,AGUA,110.00"]
    loaded = again(tmp_path, accounts=[CHUY.replace("273.90|2", "246.40|2"), LUPITA, ESPIGA], debts=debts)

    assert changes(loaded) == {"debts": (1, 0, 4)}
    # 136.40 of December + 110.00 of October
    assert balance("010117") == 13_640 + 11_000


def test_debts_of_an_account_that_is_set_apart_this_time_are_left_as_they_were(
    tmp_path: Path, first: Loaded
) -> None:
    rehearsal = rehearsed(
        export(tmp_path / "again", accounts=[CHUY.replace("HAB-GEN", "XX"), LUPITA, ESPIGA])
    )
    loaded = load(rehearsal=rehearsal, by="laura", at=AT)
    assert changes(loaded) == {}
    assert balance("010117") == 27_390


def test_a_table_that_the_mapping_no_longer_names_removes_nothing(tmp_path: Path, first: Loaded) -> None:
    rehearsal = rehearsed(export(tmp_path / "again"), replacing={DEBTS_TABLE: ""})
    loaded = load(rehearsal=rehearsal, by="laura", at=AT)
    assert changes(loaded) == {}
    assert balance("010117") == 27_390


def test_a_changed_name_corrects_the_person_and_the_audit_keeps_the_old_one(
    tmp_path: Path, first: Loaded
) -> None:
    loaded = again(tmp_path, accounts=[CHUY.replace("RAMIREZ OCHOA", "RAMIREZ OCHOA HIJO"), LUPITA, ESPIGA])

    assert changes(loaded) == {"accounts": (0, 1, 0)}
    assert loaded.done == ["010117 full_name: JESUS RAMIREZ OCHOA → JESUS RAMIREZ OCHOA HIJO"]
    assert Person.objects.count() == 3 and AccountHolder.objects.count() == 3
    corrected = AuditEntry.objects.get(act="intake_correct")
    assert (corrected.before, corrected.after) == (
        {"full_name": "JESUS RAMIREZ OCHOA"}, {"full_name": "JESUS RAMIREZ OCHOA HIJO"},
    )  # fmt: skip


def test_a_changed_name_is_another_holder_if_the_mapping_says_so(tmp_path: Path, first: Loaded) -> None:
    directory = export(
        tmp_path / "again", accounts=[CHUY.replace("JESUS RAMIREZ OCHOA", "ROSA OCHOA"), LUPITA, ESPIGA]
    )
    rehearsal = rehearsed(directory, replacing={'changed_name = "correct"': 'changed_name = "change_holder"'})
    load(rehearsal=rehearsal, by="laura", at=AT)

    holders = AccountHolder.objects.filter(account__number="010117").order_by("effective_from")
    assert [(each.person.full_name, each.effective_from, each.effective_to) for each in holders] == [
        ("JESUS RAMIREZ OCHOA", date(1997, 9, 2), date(2019, 1, 1)),
        ("ROSA OCHOA", date(2019, 1, 1), None),
    ]


def test_each_other_fact_of_an_account_is_brought_up_to_date_by_its_own_verb(
    tmp_path: Path, first: Loaded
) -> None:
    chuy = (
        CHUY.replace("HIDALGO 117", "HIDALGO 171").replace("|01|001|00010|", "|01|002|00050|").replace("HAB-GEN", "HAB-MIN")
        .replace("|1/2|", "|3/4|").replace("||A|273", "||C|273")
    )  # fmt: skip
    loaded = again(
        tmp_path, accounts=[chuy, LUPITA.replace("1988|50|", "1988||"), ESPIGA.replace("||A|0", "||B|0")]
    )

    assert changes(loaded) == {"accounts": (0, 3, 0)}
    agreements = ServiceAgreement.objects.filter(account__number="010117").order_by("effective_from")
    assert [(each.tariff_class.code, each.effective_to) for each in agreements] == [
        ("HAB-GEN", date(2019, 1, 1)), ("HAB-MIN", None),
    ]  # fmt: skip
    point = agreements.last().service_point
    assert (point.route.code, point.walk_sequence, point.connection_diameter_mm) == ("01-002", 50, 19)
    assert Premise.objects.get(pk=point.premise_id).address == "HIDALGO 171"
    assert agreements.last().interruptions.get().kind == "cut"
    assert Benefit.objects.get(account__number="010293").effective_to == date(2019, 1, 1)
    assert ServiceAgreement.objects.get(account__number="010405").effective_to == date(2019, 1, 1)


def test_a_meter_that_turns_up_is_hung_and_one_that_became_another_is_left_to_a_person(
    tmp_path: Path, first: Loaded
) -> None:
    chuy = CHUY.replace("|F|S||", "|M|S|AZ5300117|")
    espiga = ESPIGA.replace("AZ5300405", "CI0000405")
    readings = [each.replace("AZ5300405", "CI0000405") for each in READ]
    rehearsal = rehearsed(export(tmp_path / "again", accounts=[chuy, LUPITA, espiga], readings=readings))
    loaded = load(rehearsal=rehearsal, by="laura", at=AT)

    hung = MeterInstallation.objects.get(
        service_point__agreements__account__number="010117", service_point__agreements__is_metered=True
    )
    assert (hung.meter.serial, hung.installed_on) == ("AZ5300117", date(2019, 1, 1))
    assert loaded.by_hand == [
        "Cuenta 010405: su medidor era AZ5300405 y ahora es CI0000405. Regístrelo a mano en su página."
    ]


def test_a_corrected_reading_is_a_new_revision_and_its_month_is_told_again(
    tmp_path: Path, first: Loaded
) -> None:
    loaded = again(tmp_path, readings=[*READ[:4], READ[4].replace("4146,46", "4150,50")])

    assert changes(loaded) == {"readings": (0, 1, 0)}
    readings = Reading.objects.filter(period=201812, value__gt=4000).order_by("revision")
    assert [(each.revision, each.value, each.reason) for each in readings] == [
        (1, 4146, ""), (2, 4150, "Corregida en el sistema anterior"),
    ]  # fmt: skip
    december = Consumption.objects.get(period=201812, current_reading=4150)
    assert (december.consumption_m3, december.previous_reading) == (50, 4100)


def test_a_corrected_payment_is_a_new_revision(tmp_path: Path, first: Loaded) -> None:
    loaded = again(tmp_path, payments=[PAID[0] + "S", PAID[1]])
    assert changes(loaded) == {"payments": (0, 1, 0)}
    revisions = LegacyPayment.objects.filter(folio="A0000001").order_by("revision")
    assert [(each.revision, each.is_canceled) for each in revisions] == [(1, False), (2, True)]


def test_money_in_favor_that_changed_is_taken_back_whole_and_written_anew(
    tmp_path: Path, first: Loaded
) -> None:
    def with_favor(text: str) -> list[str]:
        return [CHUY, LUPITA.replace("|0.00|", f"|{text}|"), ESPIGA]

    again(tmp_path, accounts=with_favor("-56.90"))
    assert balance("010293") == -5_690
    again(tmp_path, accounts=with_favor("-40.00"))
    assert balance("010293") == -4_000
    again(tmp_path, accounts=with_favor("0.00"))
    assert balance("010293") == 0


def test_an_account_that_no_longer_comes_is_told_and_kept_until_it_comes_again(
    tmp_path: Path, first: Loaded
) -> None:
    loaded = again(tmp_path, accounts=[CHUY, LUPITA], readings=list(READ[:3]), payments=[PAID[0]])

    assert changes(loaded) == {"accounts": (0, 0, 1), "payments": (0, 0, 1)}
    assert loaded.by_hand == [
        "Cuenta 010405: ya no viene en el padrón. Si se dio de baja, regístrelo en su página.",
        "Pagos anteriores que ya no vienen y se conservan: 1 (por ejemplo B0000002).",
    ]
    assert Account.objects.filter(number="010405").exists()
    assert changes(again(tmp_path)) == {}
