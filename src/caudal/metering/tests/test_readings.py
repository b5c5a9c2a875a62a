"""What somebody saw is written once; what is wrong is refused; a correction is another observation."""

from datetime import date

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from tests.town.cast import Town, moment

from caudal.kernel.models import AuditEntry
from caudal.metering import commands as metering
from caudal.metering import queries
from caudal.metering.models import Meter, MeterInstallation, Reading
from caudal.registry import commands as registry

SEEN_AT = moment(date(2018, 1, 27))


def record(town: Town, **changes: object) -> Reading:
    told = {
        "service_point": town.point(town.lupita), "period": 201801, "value": 967, "read_on": date(2018, 1, 25),
        "observer": "julian", "by": "julian", "at": SEEN_AT,
    } | changes  # fmt: skip
    return metering.record_reading(**told)


def regular() -> int:
    return Reading.objects.filter(kind="regular").count()


def test_a_reading_says_who_saw_what_when(town: Town) -> None:
    reading = record(town, exception_code="09", serial="az5300293")
    assert (reading.value, reading.exception_code, reading.observer, reading.revision) == (
        967,
        "09",
        "julian",
        1,
    )
    assert reading.installation.meter.serial == "AZ5300293"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"value": None}, "Falta la lectura"),
        ({"value": 100_000}, "no cabe en una carátula de 5 dígitos"),
        ({"value": -1}, "no cabe"),
        ({"exception_code": "26"}, "La observación 26 no existe"),
        ({"exception_code": "1"}, "La observación 1 no existe"),
        ({"read_on": date(2018, 1, 28)}, "no ha llegado"),
        ({"period": 201712, "read_on": date(2018, 1, 25)}, "no corresponde al periodo 12/2017"),
        ({"period": 201803}, "no corresponde al periodo 03/2018"),
        ({"serial": "AZ5300405"}, "no es el de esta toma: ahí está el AZ5300293"),
        ({"read_on": date(2018, 1, 1)}, "no tenía medidor instalado el 01/01/2018"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(town: Town, changes: dict, sentence: str) -> None:
    with pytest.raises(metering.CannotRecordReading, match=sentence):
        record(town, **changes)
    assert regular() == 0


def test_a_point_without_meter_takes_no_reading(town: Town) -> None:
    with pytest.raises(metering.CannotRecordReading, match="no tenía medidor"):
        record(town, service_point=town.point(town.chuy))
    assert regular() == 0


def test_the_same_meter_is_not_read_twice_in_a_period(town: Town) -> None:
    record(town)
    with pytest.raises(metering.CannotRecordReading, match="ya tiene lectura de 01/2018"):
        record(town, value=970)
    assert regular() == 1
    record(town, kind="check", value=968)  # a check reading is another matter


def test_a_billed_period_takes_no_reading_and_no_correction(town: Town) -> None:
    reading = record(town)
    metering.close_period(cycle=town.cycle, period=201801, by="laura", at=SEEN_AT)
    with pytest.raises(metering.CannotRecordReading, match="01/2018 del ciclo MENSUAL ya está facturado"):
        record(town, service_point=town.point(town.school), value=20400)
    with pytest.raises(metering.CannotCorrectReading, match="ya está facturado"):
        metering.correct_reading(reading=reading, value=970, reason="Error", by="laura", at=SEEN_AT)
    assert regular() == 1
    record(town, period=201802, value=980, read_on=date(2018, 1, 27))  # the next period is open


def test_a_correction_keeps_what_was_seen_before(town: Town) -> None:
    first = record(town)
    revised = metering.correct_reading(
        reading=first, value=976, read_on=date(2018, 1, 24), reason="Leyó 67 por 76", by="laura", at=SEEN_AT
    )
    first.refresh_from_db()
    assert (first.value, first.revision) == (967, 1)
    assert (revised.value, revised.revision, revised.reason) == (976, 2, "Leyó 67 por 76")
    assert queries.latest_reading(service_point=town.point(town.lupita), period=201801) == revised
    entry = AuditEntry.objects.get(act="correct_reading")
    assert (entry.before["value"], entry.after["value"], entry.by) == (967, 976, "laura")


def test_a_correction_needs_a_reason_and_the_newest_reading(town: Town) -> None:
    first = record(town)
    with pytest.raises(metering.CannotCorrectReading, match="Falta el motivo"):
        metering.correct_reading(reading=first, value=976, reason=" ", by="laura", at=SEEN_AT)
    metering.correct_reading(reading=first, value=976, reason="Error", by="laura", at=SEEN_AT)
    with pytest.raises(metering.CannotCorrectReading, match="ya fue corregida"):
        metering.correct_reading(reading=first, value=977, reason="Error", by="veronica", at=SEEN_AT)
    assert regular() == 2


def test_the_database_itself_keeps_readings_as_they_are(town: Town) -> None:
    reading = record(town)
    for change in (
        lambda: Reading.objects.filter(pk=reading.pk).update(value=1),
        lambda: Reading.objects.filter(pk=reading.pk).delete(),
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change()
    with pytest.raises(IntegrityError), transaction.atomic():
        Reading.objects.create(
            installation=reading.installation, period=201805, value=None, read_on=date(2018, 5, 25), origin="desk",
            observer="julian", recorded_at=SEEN_AT, recorded_by="julian",
        )  # fmt: skip


def test_who_was_not_read_is_listed_in_walking_order(town: Town) -> None:
    record(town)
    missing = queries.unread(cycle=town.cycle, period=201801, on=date(2018, 1, 31))
    assert [(row["route"], row["account"]) for row in missing] == [
        ("01-001", "010405"), ("01-004", "010512"), ("01-004", "010620"), ("01-004", "010818"),
    ]  # fmt: skip


class TestMeters:
    """A meter is at one place; a place has one meter; what hung before stays written."""

    def test_a_meter_cannot_hang_in_two_places(self, town: Town) -> None:
        with pytest.raises(metering.CannotInstallMeter, match="AZ5300293 está instalado en otra toma"):
            metering.install_meter(
                service_point=town.point(town.chuy),
                serial="AZ5300293",
                on=date(2018, 3, 1),
                by="laura",
                at=SEEN_AT,
            )
        assert MeterInstallation.objects.count() == 5

    def test_a_point_cannot_have_two_meters(self, town: Town) -> None:
        with pytest.raises(metering.CannotInstallMeter, match="La toma ya tiene un medidor"):
            metering.install_meter(
                service_point=town.point(town.lupita),
                serial="NV1",
                on=date(2018, 3, 1),
                by="laura",
                at=SEEN_AT,
            )
        assert not Meter.objects.filter(serial="NV1").exists()

    def test_a_meter_taken_down_may_hang_elsewhere(self, town: Town) -> None:
        metering.remove_meter(
            service_point=town.point(town.lupita), on=date(2018, 1, 20), final_reading=960, reason="A cuota fija",
            by="laura", at=SEEN_AT,
        )  # fmt: skip
        metering.install_meter(
            service_point=town.point(town.chuy), serial="AZ5300293", on=date(2018, 1, 20), initial_reading=960,
            by="laura", at=SEEN_AT,
        )  # fmt: skip
        (hung,) = queries.meters(service_point=town.point(town.chuy))
        assert (hung.serial, hung.initial_reading) == ("AZ5300293", 960)
        assert queries.current_meter(service_point=town.point(town.lupita), on=date(2018, 1, 21)) is None
        (gone,) = queries.meters(service_point=town.point(town.lupita))
        assert (gone.removed_on, gone.final_reading, gone.removal_reason) == (
            date(2018, 1, 20),
            960,
            "A cuota fija",
        )

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"reason": ""}, "Falta el motivo"),
            ({"final_reading": 100_000}, "no cabe en una carátula de 5 dígitos"),
            ({"on": date(2018, 1, 24)}, "tiene una lectura del 25/01/2018"),
            ({"on": date(2018, 1, 1)}, "no tenía medidor instalado"),
        ],
    )
    def test_a_bad_exchange_changes_nothing(self, town: Town, changes: dict, sentence: str) -> None:
        record(town)
        told = {
            "service_point": town.point(town.lupita), "on": date(2018, 1, 26), "final_reading": 968, "serial": "NV1",
            "reason": "Descompuesto", "by": "laura", "at": SEEN_AT,
        } | changes  # fmt: skip
        with pytest.raises(metering.CannotRemoveMeter, match=sentence):
            metering.exchange_meter(**told)
        assert MeterInstallation.objects.filter(removed_on__isnull=True).count() == 5
        assert not Meter.objects.filter(serial="NV1").exists()

    def test_an_exchange_for_a_hung_meter_puts_the_old_one_back(self, town: Town) -> None:
        with pytest.raises(metering.CannotInstallMeter):
            metering.exchange_meter(
                service_point=town.point(town.lupita), on=date(2018, 1, 26), final_reading=968, serial="AZ5300405",
                reason="Descompuesto", by="laura", at=SEEN_AT,
            )  # fmt: skip
        hung = queries.current_meter(service_point=town.point(town.lupita), on=date(2018, 1, 27))
        assert hung is not None and hung.serial == "AZ5300293"
        assert not Reading.objects.filter(kind="final").exists()

    def test_a_start_the_dial_cannot_show_is_refused(self, town: Town) -> None:
        with pytest.raises(metering.CannotInstallMeter, match="no cabe en una carátula de 4 dígitos"):
            metering.install_meter(
                service_point=town.point(town.chuy), serial="NV1", on=date(2018, 1, 3), initial_reading=10_000,
                dial_digits=4, by="laura", at=SEEN_AT,
            )  # fmt: skip
        assert not Meter.objects.filter(serial="NV1").exists()

    def test_an_account_is_found_by_its_meter_also_by_one_it_had(self, town: Town) -> None:
        metering.exchange_meter(
            service_point=town.point(town.lupita), on=date(2018, 1, 26), final_reading=968, serial="NV_1007",
            reason="Descompuesto", by="laura", at=SEEN_AT,
        )  # fmt: skip
        assert self.found("az5300293") == [("010293", "AZ5300293", False, True)]
        assert self.found("NV-10") == [("010293", "NV_1007", True, False)]
        assert self.found(" nv 1007 ") == [("010293", "NV_1007", True, True)]
        assert self.found("AZ53004") == [("010405", "AZ5300405", True, False)]
        assert [self.found(text) for text in ("%", "NV%", "nadie", "ZZZ999", "ñ1234")] == [[]] * 5

    def test_the_next_account_of_a_point_has_its_meter_too(self, town: Town) -> None:
        """La Espiga closes; a bakery opens where its meter hangs. The meter is the bakery's, and once was La Espiga's."""
        point, left_on = town.point(town.espiga), date(2018, 3, 1)
        registry.close_account(account=town.espiga, on=left_on, reason="Se va", by="laura", at=SEEN_AT)
        registry.open_account(
            number="010406", holder=registry.Holder(full_name="Panadería Sol"), place=point, is_metered=True,
            tariff_class=town.classes["COM-SEC"], opened_on=left_on, by="laura", at=SEEN_AT,
        )  # fmt: skip
        assert self.found("AZ5300405") == [
            ("010406", "AZ5300405", True, True),
            ("010405", "AZ5300405", False, True),
        ]

    def found(self, serial: str) -> list[tuple[str, str, bool, bool]]:
        return [
            (each.account_number, each.serial, each.hangs_now, each.is_whole)
            for each in queries.meters_found(serial=serial)
        ]
