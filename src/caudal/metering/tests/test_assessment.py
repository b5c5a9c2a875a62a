"""From readings to cubic meters, month by month, in the town."""

from datetime import date

import pytest
from tests.town.cast import Town, moment

from caudal.kernel.models import AuditEntry
from caudal.metering import commands as metering
from caudal.metering import parameters, policy, queries
from caudal.metering.models import Consumption, ConsumptionRevision, PeriodClosure, Reading
from caudal.metering.policy import AVERAGED, ESTIMATED, NO_SERVICE, REAL, Doubt
from caudal.registry import commands as registry
from caudal.registry.models import Account, BillingCycle


def on(period: int, day: int) -> date:
    return date(period // 100, period % 100, day)


def assess(town: Town, period: int) -> metering.Assessment:
    return metering.assess_period(cycle=town.cycle, period=period, by="laura", at=moment(on(period, 28)))


def row(town: Town, account: Account, period: int) -> Consumption:
    return Consumption.objects.get(period=period, service_point_id=town.point(account).pk)


def live(town: Town, account: Account, values: dict[int, int | None], code: str = "01") -> None:
    """Read an account period after period (None: closed door) and assess each."""
    for period, value in values.items():
        town.read(account, period=period, value=value, code="00" if value is not None else code)
        assess(town, period)


def regularized(town: Town, account: Account, period: int) -> list[tuple[int, int, int, int]]:
    """(period, estimated, real, days) settled by a reading."""
    columns = queries.regularization(period=period, service_point_ids=[town.point(account).pk])
    names = ("period", "estimated_m3", "real_m3", "days")
    return list(zip(*(columns[name].tolist() for name in names), strict=True))


def test_the_first_month_counts_from_the_initial_reading(town: Town) -> None:
    town.read(town.lupita, period=201801, value=967)

    result = assess(town, 201801)

    assert (result.n_points, result.n_real, result.n_estimated) == (5, 1, 4)
    first = row(town, town.lupita, 201801)
    assert (first.previous_reading, first.current_reading, first.consumption_m3) == (950, 967, 17)
    assert (first.previous_on, first.current_on, first.days) == (date(2018, 1, 2), date(2018, 1, 25), 23)
    assert (first.basis, first.doubts) == (REAL, Doubt.NO_HISTORY)
    assert AuditEntry.objects.filter(act="assess_period", by="laura").count() == 1


def test_the_next_month_counts_from_the_reading_before(town: Town) -> None:
    live(town, town.lupita, {201801: 967, 201802: 982, 201803: 1000})
    march = row(town, town.lupita, 201803)
    assert (march.previous_reading, march.current_reading, march.consumption_m3) == (982, 1000, 18)
    assert (march.previous_on, march.current_on, march.days) == (date(2018, 2, 25), date(2018, 3, 25), 28)
    assert march.mean_m3 == 16  # (17 + 15) / 2


def test_the_twelve_month_mean_forgets_the_thirteenth(town: Town) -> None:
    # January 2018 uses 100 m³ (950 → 1050), then 10 a month; January 2019 looks at Jan–Dec 2018
    dial = {201801: 1050} | {201801 + n: 1050 + 10 * n for n in range(1, 12)}
    live(town, town.lupita, dial)
    live(town, town.lupita, {201901: 1170, 201902: 1180})
    assert row(town, town.lupita, 201901).mean_m3 == 18  # (100 + 11 × 10) / 12 = 17.5 → 18
    assert row(town, town.lupita, 201902).mean_m3 == 10  # Feb 2018 to Jan 2019, all 10
    bars = queries.recent_consumption(service_point_id=town.point(town.lupita).pk, until=201901)
    assert [bar.consumption_m3 for bar in bars] == [100, *([10] * 12)]


def test_every_metered_service_has_a_row_and_no_flat_one_has(town: Town) -> None:
    assess(town, 201801)
    points = {town.point(account).pk for account in town.metered}
    assert set(Consumption.objects.values_list("service_point_id", flat=True)) == points


def test_assessed_again_the_rows_are_replaced_not_added(town: Town) -> None:
    town.read(town.lupita, period=201801, value=967)
    first = assess(town, 201801)
    assert assess(town, 201801) == first
    assert Consumption.objects.count() == 5

    reading = queries.latest_reading(service_point=town.point(town.lupita), period=201801)
    metering.correct_reading(
        reading=reading, value=970, reason="Se leyó 7 por 0", by="laura", at=moment(on(201801, 27))
    )
    assess(town, 201801)

    assert row(town, town.lupita, 201801).consumption_m3 == 20
    assert Reading.objects.filter(kind="regular").count() == 2  # what was seen first stays


def test_two_closed_doors_then_a_reading_spread_it_all(town: Town) -> None:
    # Jan 17, Feb 15, Mar 16: mean of its latest = 16 → April and May are estimated at 16 each
    live(town, town.lupita, {201801: 967, 201802: 982, 201803: 998, 201804: None, 201805: None})
    april, may = row(town, town.lupita, 201804), row(town, town.lupita, 201805)
    assert (april.basis, april.consumption_m3, april.current_reading) == (ESTIMATED, 16, 1014)
    assert (may.basis, may.consumption_m3, may.previous_reading, may.current_reading) == (
        ESTIMATED,
        16,
        1014,
        1030,
    )
    assert (april.estimated_periods, may.estimated_periods, may.doubts) == (1, 2, 0)

    live(town, town.lupita, {201806: 1028})

    # 1028 − 998 = 30 m³ in 92 days: Apr 31, May 30, Jun 31 → 10.11, 9.78, 10.11; the lost unit goes
    # to the largest remainder: 10 + 10 + 10
    june = row(town, town.lupita, 201806)
    assert (june.basis, june.consumption_m3, june.previous_reading, june.current_reading) == (
        REAL,
        10,
        1030,
        1028,
    )
    assert june.estimated_periods == 0
    assert regularized(town, town.lupita, 201806) == [(201804, 16, 10, 31), (201805, 16, 10, 30)]
    # the dial and the bill agree: 1028 − 1030 = 10 − (16 − 10) − (16 − 10)
    assert june.current_reading - june.previous_reading == 10 - 6 - 6
    # what was billed for April and May stays as it was billed
    assert row(town, town.lupita, 201804).consumption_m3 == 16


def test_regularizing_again_replaces_what_it_said_before(town: Town) -> None:
    # one real month is too little history: February takes its class, which is Lupita's own 17
    live(town, town.lupita, {201801: 967, 201802: None, 201803: 1001})
    assert [r[:3] for r in regularized(town, town.lupita, 201803)] == [(201802, 17, 18)]
    assess(town, 201803)
    assert ConsumptionRevision.objects.count() == 1


def test_a_reading_behind_the_estimates_is_not_a_reading_that_goes_back(town: Town) -> None:
    # estimated to 1014, then read at 1003: below the estimate, above the last real one, 998
    live(town, town.lupita, {201801: 967, 201802: 982, 201803: 998, 201804: None, 201805: 1003})
    may = row(town, town.lupita, 201805)
    assert (may.basis, may.consumption_m3, Doubt(may.doubts)) == (
        REAL,
        2,
        Doubt.LOW,
    )  # 5 m³ over 31 + 30 days
    assert regularized(town, town.lupita, 201805) == [(201804, 16, 3, 31)]


def test_the_third_estimate_in_a_row_asks_for_inspection(town: Town) -> None:
    live(town, town.lupita, {201801: 967, 201802: None, 201803: None, 201804: None})
    assert row(town, town.lupita, 201803).doubts == 0
    assert row(town, town.lupita, 201804).doubts == Doubt.TOO_MANY_ESTIMATES
    doubtful = queries.doubtful(cycle=town.cycle, period=201804, doubts=Doubt.TOO_MANY_ESTIMATES)
    assert "010293" in [each.account_number for each in doubtful]


def test_a_broken_meters_average_is_not_netted_later(town: Town) -> None:
    # the failure is the utility's: averages stand, and the new reading counts from where the dial stood
    live(town, town.lupita, {201801: 967, 201802: 982, 201803: 998})
    live(town, town.lupita, {201804: None}, code="05")
    assert (row(town, town.lupita, 201804).basis, row(town, town.lupita, 201804).consumption_m3) == (
        AVERAGED,
        16,
    )
    live(town, town.lupita, {201805: 1010})
    may = row(town, town.lupita, 201805)
    assert (may.consumption_m3, may.previous_reading) == (12, 998)
    assert regularized(town, town.lupita, 201805) == []


def test_a_new_house_is_estimated_as_its_class(town: Town) -> None:
    # two residential houses used 20 and 31 in January: 25.5 → 26
    live(town, town.lupita, {201801: 970})
    metering.install_meter(
        service_point=town.point(town.chuy), serial="AZ5300117", on=date(2018, 1, 3), by="laura", at=town.at
    )
    town.change_terms(town.chuy, is_metered=True, on=date(2018, 1, 3), reason="Se instaló medidor")
    town.read(town.chuy, period=201801, value=31)
    assess(town, 201801)
    newcomer = registry.open_account(
        number="010999", holder=registry.Holder(full_name="Óscar Beltrán"), is_metered=True,
        place=registry.Place(address="Hidalgo 119", locality=town.la_barca, route=town.routes["01-001"],
                             walk_sequence=15),
        tariff_class=town.classes["HAB-GEN"], opened_on=date(2018, 2, 1), by="laura", at=town.at,
    )  # fmt: skip
    metering.install_meter(
        service_point=town.point(newcomer), serial="AZ5300999", on=date(2018, 2, 1), by="laura", at=town.at
    )
    assess(town, 201802)
    assert row(town, newcomer, 201802).consumption_m3 == 26
    # and of one alone it is the same
    alone = metering.assess_one(service_point=town.point(newcomer), period=201802, by="laura", at=town.at)
    assert alone.consumption_m3 == 26


def test_an_exchange_within_the_month_counts_both_meters(town: Town) -> None:
    live(town, town.lupita, {201801: 967})
    metering.exchange_meter(
        service_point=town.point(town.lupita), on=date(2018, 2, 14), final_reading=975, serial="NV0000293",
        initial_reading=3, reason="Descompuesto", by="laura", at=moment(date(2018, 2, 14)),
    )  # fmt: skip
    live(town, town.lupita, {201802: 9})
    february = row(town, town.lupita, 201802)
    # (975 − 967) + (9 − 3) = 14
    assert (february.consumption_m3, february.previous_reading, february.current_reading) == (14, 3, 9)
    live(town, town.lupita, {201803: 24})
    assert row(town, town.lupita, 201803).consumption_m3 == 15


def test_two_exchanges_and_an_estimate_between_lose_nothing(town: Town) -> None:
    point = town.point(town.lupita)
    live(town, town.lupita, {201801: 967})
    for day, final, serial in ((5, 970, "NV1"), (20, 4, "NV2")):
        metering.exchange_meter(
            service_point=point, on=date(2018, 2, day), final_reading=final, serial=serial, reason="Prueba",
            by="laura", at=moment(date(2018, 2, day)),
        )  # fmt: skip
    assess(town, 201802)  # nobody read it
    live(town, town.lupita, {201803: 21})
    # (970 − 967) + (4 − 0) + (21 − 0) = 28, over Feb (31 days from 25 Jan) and Mar (28): 15 + 13
    assert regularized(town, town.lupita, 201803) == [(201802, 17, 15, 31)]
    assert row(town, town.lupita, 201803).consumption_m3 == 13


def test_the_hotels_meter_goes_round_the_dial(town: Town) -> None:
    # it started at 99800; January 90, February 95: then 99985 + 60 → 00045
    live(town, town.hotel, {201801: 99890, 201802: 99985, 201803: 45})
    march = row(town, town.hotel, 201803)
    assert (march.consumption_m3, Doubt(march.doubts)) == (60, Doubt.ROLLOVER)


def test_a_reading_that_goes_back_is_estimated_and_told(town: Town) -> None:
    live(town, town.lupita, {201801: 967, 201802: 982, 201803: 998, 201804: 989})
    april = row(town, town.lupita, 201804)
    assert (april.basis, april.consumption_m3) == (ESTIMATED, 16)
    assert Doubt.NEGATIVE in Doubt(april.doubts)
    # the reading that was believed last is still where the next one counts from
    live(town, town.lupita, {201805: 1030})
    assert (
        row(town, town.lupita, 201805).consumption_m3 + regularized(town, town.lupita, 201805)[0][2]
        == 1030 - 998
    )


def test_a_cut_house_uses_nothing_and_its_estimates_wait(town: Town) -> None:
    live(town, town.lupita, {201801: 967, 201802: None})
    registry.interrupt_service(
        account=town.lupita, on=date(2018, 2, 26), reason="Orden 12", by="salas", at=moment(date(2018, 2, 26))
    )
    assess(town, 201803)
    assert (row(town, town.lupita, 201803).basis, row(town, town.lupita, 201803).consumption_m3) == (
        NO_SERVICE,
        0,
    )
    registry.restore_service(
        account=town.lupita, on=date(2018, 4, 2), by="salas", at=moment(date(2018, 4, 2))
    )
    live(town, town.lupita, {201804: 987})
    # 20 m³ belong to February (31 days) and April (30 days from 25 Mar to 25 Apr is 31): none to the cut March
    assert [r[:3] for r in regularized(town, town.lupita, 201804)] == [(201802, 17, 10)]
    assert row(town, town.lupita, 201804).consumption_m3 == 10


def test_one_point_alone_is_the_cycle_of_one(town: Town) -> None:
    for account, value in ((town.lupita, 967), (town.espiga, 4180), (town.school, 20500)):
        town.read(account, period=201801, value=value)
    assess(town, 201801)
    for account in town.metered:
        whole = (
            Consumption.objects.filter(period=201801, service_point_id=town.point(account).pk).values().get()
        )
        metering.assess_one(service_point=town.point(account), period=201801, by="laura", at=town.at)
        assert (
            Consumption.objects.filter(period=201801, service_point_id=town.point(account).pk).values().get()
            == whole
        )
    assert Consumption.objects.count() == 5


def test_a_point_used_again_starts_at_the_reading_it_was_handed_over_with(town: Town) -> None:
    live(town, town.espiga, {201801: 4180})
    registry.close_account(
        account=town.espiga, on=date(2018, 2, 1), reason="Cerró el negocio", by="laura", at=town.at
    )
    heir = registry.open_account(
        number="010406", holder=registry.Holder(full_name="Papelería Lápiz"), place=town.point(town.espiga),
        tariff_class=town.classes["COM-SEC"], is_metered=True, opened_on=date(2018, 4, 10), by="laura", at=town.at,
    )  # fmt: skip
    metering.record_reading(
        service_point=town.point(heir), period=201804, value=4210, read_on=date(2018, 4, 10), kind="initial",
        observer="julian", by="julian", at=moment(date(2018, 4, 10)),
    )  # fmt: skip
    live(town, heir, {201804: 4216})
    april = row(town, heir, 201804)
    # 4216 − 4210: what ran between the two accounts is nobody's
    assert (april.consumption_m3, april.previous_reading, april.days) == (6, 4210, 15)
    meter, *_ = queries.meters(service_point=town.point(heir))
    assert (meter.serial, meter.removed_on) == ("AZ5300405", None)


def test_a_billed_period_is_not_assessed_again(town: Town) -> None:
    live(town, town.lupita, {201801: 967})
    metering.close_period(cycle=town.cycle, period=201801, by="laura", at=town.at)
    before = list(Consumption.objects.order_by("service_point_id").values())

    with pytest.raises(metering.CannotAssessPeriod, match="01/2018 del ciclo MENSUAL ya está facturado"):
        assess(town, 201801)
    with pytest.raises(metering.CannotAssessPeriod, match="relectura"):
        metering.assess_one(service_point=town.point(town.lupita), period=201801, by="laura", at=town.at)
    with pytest.raises(metering.CannotClosePeriod):
        metering.close_period(cycle=town.cycle, period=201801, by="laura", at=town.at)

    assert list(Consumption.objects.order_by("service_point_id").values()) == before
    assert PeriodClosure.objects.count() == 1


def test_a_reread_is_the_one_door_in_a_billed_period(town: Town) -> None:
    live(town, town.lupita, {201801: 967})
    metering.close_period(cycle=town.cycle, period=201801, by="laura", at=town.at)
    point = town.point(town.lupita)
    metering.request_reread(service_point=point, period=201801, reason="Recibo alto", by="laura", at=town.at)
    assert [each.reason for each in queries.rereads_pending(cycle=town.cycle)] == ["Recibo alto"]
    metering.correct_reading(
        reading=queries.latest_reading(service_point=point, period=201801), value=957, reason="Era 957", by="laura",
        at=moment(date(2018, 1, 29)),
    )  # fmt: skip
    assert metering.assess_one(service_point=point, period=201801, by="laura", at=town.at).consumption_m3 == 7
    assert metering.settle_reread(service_point=point, period=201801, by="laura", at=town.at) == 1
    with pytest.raises(metering.CannotAssessPeriod):
        metering.assess_one(service_point=point, period=201801, by="laura", at=town.at)


def test_a_flat_service_cannot_be_assessed(town: Town) -> None:
    with pytest.raises(metering.CannotAssessPeriod, match="no tiene servicio medido en 01/2018"):
        metering.assess_one(service_point=town.point(town.chuy), period=201801, by="laura", at=town.at)
    assert not Consumption.objects.exists()


def test_two_cycles_share_a_month_without_touching_each_other(town: Town) -> None:
    other = BillingCycle.objects.create(code="BIM", name="Bimestral", months=2)
    town.routes["01-004"].cycle = other
    town.routes["01-004"].save()
    town.read(town.lupita, period=201802, value=967)
    town.read(town.school, period=201802, value=20700)
    assess(town, 201802)
    result = metering.assess_period(cycle=other, period=201802, by="laura", at=moment(date(2018, 2, 28)))
    assert result.n_points == 3
    assert Consumption.objects.filter(period=201802).count() == 5
    assert row(town, town.school, 201802).consumption_m3 == 350
    # a bimonthly point that was not read ends two months after its last day
    live_on = row(town, town.hotel, 201802)
    assert (live_on.previous_on, live_on.current_on) == (date(2018, 1, 2), date(2018, 2, 28))


def test_a_town_without_meters_is_assessed_as_nothing(db: None) -> None:
    empty = BillingCycle.objects.create(code="VACIO", name="Vacío")
    result = metering.assess_period(cycle=empty, period=201801, by="laura", at=moment(date(2018, 1, 28)))
    assert (result.n_points, result.consumption_m3, result.doubts) == (0, 0, {})


def test_the_doubts_are_told_in_words(town: Town) -> None:
    live(town, town.lupita, {201801: 967, 201802: 1007})  # 40 m³ against a mean of 17
    doubtful = queries.doubtful(cycle=town.cycle, period=201802, doubts=Doubt.HIGH)
    assert [(each.account_number, each.consumption_m3, each.mean_m3) for each in doubtful] == [
        ("010293", 40, 17)
    ]
    assert doubtful[0].doubt_texts == ("más del doble de su promedio",)
    assert policy.doubt_texts(0) == []


def test_how_many_months_an_estimate_looks_at_is_a_parameter(town: Town) -> None:
    # 17, 15, 16, 40: the last four make 22; the last two make 28; five or more are needed → class, here 40
    live(town, town.lupita, {201801: 967, 201802: 982, 201803: 998, 201804: 1038})

    def estimated(rules: policy.ReadingRules) -> int:
        point = town.point(town.lupita)
        metering.assess_one(service_point=point, period=201805, by="laura", at=town.at, rules=rules)
        return row(town, town.lupita, 201805).consumption_m3

    assert estimated(policy.USUAL_RULES) == 22
    assert estimated(policy.ReadingRules(estimate_mean_of=2)) == 28
    assert estimated(policy.ReadingRules(estimate_at_least=5)) == 40


def test_the_parameters_are_asked_of_whoever_knows_them(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[date] = []

    def book(on: date) -> policy.ReadingRules:
        asked.append(on)
        return policy.ReadingRules(max_consecutive_estimates=0)

    monkeypatch.setattr(parameters, "_ask", book)
    assess(town, 201801)
    assert asked == [date(2018, 1, 31)]
    assert row(town, town.lupita, 201801).doubts == Doubt.TOO_MANY_ESTIMATES
