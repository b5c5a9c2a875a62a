"""The dials: what they show each month, read by phone on some routes and brought in a file from the rest."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Final

from caudal.access.models import Clerk
from caudal.fieldwork.models import Round, Stop
from caudal.intake.demo.stage import moment
from caudal.intake.demo.year.almanac import YEAR, Month
from caudal.intake.demo.year.phone import Phone
from caudal.intake.town.history import SEASON
from caudal.metering import commands as metering
from caudal.metering import queries as meters
from caudal.metering.commands import Assessment, ImportOutcome
from caudal.metering.models import MeterInstallation, Reading
from caudal.registry.models import BillingCycle, ServiceAgreement, ServicePoint

READER: Final = "julian"
ANALYST: Final = "laura"
HEADINGS: Final = "cuenta,medidor,lectura,observacion,fecha,lecturista"
FIRST_MONTH_OF_HISTORY: Final = YEAR * 100 - 100 + 1
LAST_MONTH_OF_HISTORY: Final = YEAR * 100 - 100 + 12
# of a thousand visits: a leak nobody had noticed, a closed house, a covered meter
LEAK, CLOSED_HOUSE, COVERED = 6, 30, 8


@dataclass(slots=True)
class Dial:
    """A meter on its wall (m³)."""

    installation_id: int
    account_number: str
    route: str
    serial: str
    digits: int
    shown: int
    usual_m3: int
    is_shut: bool = False

    @property
    def turn(self) -> int:
        return int(10**self.digits)


@dataclass(slots=True)
class Dials:
    """All of them; `told` is what the visit of the month sees of each: a value or none, and a code."""

    cycle: BillingCycle
    rng: Random
    by_installation: dict[int, Dial] = field(default_factory=dict)

    def flow(self, month: Month, shut: set[str]) -> dict[int, tuple[int | None, str]]:
        """The water of a month goes through, and the reader sees what they see.

        :param shut: accounts without water
        """
        seen: dict[int, tuple[int | None, str]] = {}
        for each in self.by_installation.values():
            usual = max(each.usual_m3, 1) * SEASON[month.month - 1]
            used = 0 if each.account_number in shut else round(usual * self.rng.uniform(0.8, 1.25) / 100)
            draw = self.rng.randrange(1000)
            if draw < LEAK:
                used = used * 3 + 20
            each.shown = (each.shown + used) % each.turn
            if LEAK <= draw < LEAK + CLOSED_HOUSE:
                seen[each.installation_id] = None, "01"
            elif draw < LEAK + CLOSED_HOUSE + COVERED and draw >= LEAK:
                seen[each.installation_id] = None, "02"
            else:
                seen[each.installation_id] = each.shown, "00"
        return seen


def found(*, cycle: BillingCycle, rng: Random, on: date) -> Dials:
    """The meters that hang in the town, with what they showed last and what their houses use."""
    points = dict(
        ServiceAgreement.objects.in_effect(on=on)
        .filter(is_metered=True)
        .values_list("service_point_id", "account__number")
    )
    hung = (
        MeterInstallation.objects.filter(service_point__in=list(points), removed_on=None)
        .select_related("meter", "service_point__route")
        .order_by("service_point__route__code", "service_point__walk_sequence", "pk")
    )
    seen = Reading.objects.filter(installation__in=hung, value__isnull=False).order_by(
        "period", "read_on", "revision"
    )
    last = {meter: value or 0 for meter, value in seen.values_list("installation_id", "value")}
    usual = _usual(list(points))
    dials = Dials(cycle, rng)
    for each in hung:
        dials.by_installation[each.pk] = Dial(
            each.pk, points[each.service_point_id], each.service_point.route.code, each.meter.serial,
            each.meter.dial_digits, last.get(each.pk, each.initial_reading), usual.get(each.service_point_id, 10),
        )  # fmt: skip
    return dials


def read(
    *, dials: Dials, month: Month, phone: Phone, by_phone: int, shut: set[str], directory: Path
) -> ImportOutcome:
    """The month's dials: some routes by phone, the others in the file that the reading clerk hands over."""
    seen = dials.flow(month, shut)
    routes = sorted({each.route for each in dials.by_installation.values()})
    start = (month.month - 1) * by_phone % max(len(routes), 1)
    walked = (routes[start:] + routes[:start])[:by_phone]
    on = month.reading_days[0]
    if walked:
        _walk(dials, month, on, walked, seen, phone)
    lines = [HEADINGS]
    for turn, each in enumerate(dials.by_installation.values()):
        if each.route not in walked:
            value, code = seen[each.installation_id]
            read_on = month.reading_days[turn * len(month.reading_days) // len(dials.by_installation)]
            shown = "" if value is None else str(value)
            lines.append(f"{each.account_number},{each.serial},{shown},{code},{read_on:%d/%m/%Y},MPG")
    file = f"LECTURAS-{month.period}.csv"
    content = "\n".join([*lines, ""]).encode()
    (directory / file).write_bytes(content)
    return metering.import_readings(
        content=content, file=file, cycle=dials.cycle, period=month.period, by=READER,
        at=moment(month.reading_days[-1], 17), accept_valid=True,
    )  # fmt: skip


def _walk(
    dials: Dials,
    month: Month,
    on: date,
    routes: list[str],
    seen: Mapping[int, tuple[int | None, str]],
    phone: Phone,
) -> None:
    """Julián walks his routes with the phone, and sends what he saw in the evening."""
    reader = Clerk.objects.get(username=READER)
    planned = metering.plan_reading_rounds(
        cycle=dials.cycle, period=month.period, on=on, readers=dict.fromkeys(routes, reader), by=ANALYST,
        at=moment(on, 7),
    )  # fmt: skip
    now = moment(on, 8)
    for each in planned:
        for stop in _stops(each):
            dial = dials.by_installation.get(int(stop.subject_folio))
            if dial is None:
                continue
            now += timedelta(seconds=45)
            value, code = seen[dial.installation_id]
            phone.tell(
                stop, "reading",
                {"value": value, "code": code, "serial": dial.serial, "entries": 1, "warned": []}, now,
            )  # fmt: skip
    phone.send(max(now, moment(on, 18)))


def _stops(planned: Round) -> list[Stop]:
    return list(planned.stops.order_by("sequence"))


def assess(*, dials: Dials, month: Month) -> Assessment:
    """Laura turns the readings into consumption."""
    return metering.assess_period(
        cycle=dials.cycle, period=month.period, by=ANALYST, at=moment(month.issue_day, 8)
    )


def look(*, dials: Dials, month: Month) -> dict[str, int]:
    """Laura looks at each doubt of the Crítica and decides."""
    decided: dict[str, int] = defaultdict(int)
    at = moment(month.issue_day, 8, 30)
    waiting = [
        each for each in meters.cases(cycle=dials.cycle, period=month.period) if each.state == "pending"
    ]
    points = {each.pk: each for each in _points([case.service_point_id for case in waiting])}
    for place, case in enumerate(waiting):
        decision = "estimated" if case.consumption_m3 < 0 else "accepted"
        metering.review_reading(
            service_point=points[case.service_point_id], period=month.period, decision=decision,
            reason="Se comparó con su historia y se llamó a la casa.", by=ANALYST, at=at + timedelta(seconds=20 * place),
        )  # fmt: skip
        decided[decision] += 1
    return dict(decided)


def _points(ids: list[int]) -> list[ServicePoint]:
    return list(ServicePoint.objects.select_related("route__cycle").filter(pk__in=ids))


def _usual(points: list[int]) -> dict[int, int]:
    periods = range(FIRST_MONTH_OF_HISTORY, LAST_MONTH_OF_HISTORY + 1)
    told = meters.consumption_history(service_point_ids=points, periods=list(periods))
    sums: dict[int, list[int]] = defaultdict(list)
    for point, m3 in zip(told["service_point_id"].tolist(), told["consumption_m3"].tolist(), strict=True):
        if m3 >= 0:
            sums[point].append(m3)
    return {point: sum(each) // len(each) for point, each in sums.items()}
