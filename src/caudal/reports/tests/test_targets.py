"""What should be reached, and the volume produced: who said it, from when, and that the newest holds."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from tests.town.cast import moment

from caudal.kernel.models import AuditEntry
from caudal.reports import targets
from caudal.reports.indicators import BY_CODE
from caudal.reports.models import ProducedVolume, Target

pytestmark = pytest.mark.django_db
AT = moment(date(2019, 1, 31), 9)


def aim(value: int, period: int = 201901, indicator: str = targets.COLLECTED, **more: Any) -> Target:
    asked = {"reason": "Acuerdo del consejo", "at": AT, "by": "salas", "known": BY_CODE} | more
    return targets.set_target(indicator=indicator, period=period, value=value, **asked)


def test_a_target_holds_from_its_month_until_another() -> None:
    aim(40_000_000, 201901)
    aim(50_000_000, 201904)
    found = targets.all_targets()
    held = [found.of(targets.COLLECTED, period) for period in (201812, 201901, 201903, 201904, 201912)]
    assert held == [None, 40_000_000, 40_000_000, 50_000_000, 50_000_000]


def test_the_newest_of_a_month_holds_and_the_old_one_stays() -> None:
    aim(40_000_000)
    corrected = aim(45_000_000, reason="Se corrigió el mes")
    assert targets.all_targets().of(targets.COLLECTED, 201901) == 45_000_000
    assert [each.value for each in Target.objects.order_by("pk")] == [40_000_000, 45_000_000]
    line = AuditEntry.objects.filter(act="reports.set_target").latest("id")
    assert (line.by, line.object_id, line.reason) == ("salas", str(corrected.pk), "Se corrigió el mes")


def test_a_channel_has_its_own_target() -> None:
    aim(40_000_000)
    aim(9_000_000, channel="banco")
    found = targets.all_targets()
    assert found.of(targets.COLLECTED, 201902, channel="banco") == 9_000_000
    assert found.of(targets.COLLECTED, 201902, channel="tienda") is None


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"indicator": "suerte"}, "indicator"),
        ({"value": 0}, "amount"),
        ({"value": -5}, "amount"),
        ({"reason": "  "}, "reason"),
    ],
)
def test_what_is_no_target_is_refused(asked: dict[str, Any], field: str) -> None:
    with pytest.raises(targets.CannotSetTarget) as refused:
        aim(**({"value": 720_000, "indicator": "collection"} | asked))
    assert refused.value.field == field and not Target.objects.exists()


def volume(m3: int, period: int = 201812, source: str = "Macromedidor del pozo 3") -> ProducedVolume:
    return targets.record_volume(period=period, volume_m3=m3, source=source, at=AT, by="laura")


def test_the_last_volume_of_a_month_holds() -> None:
    volume(30_000)
    volume(31_500, source="Se leyó otra vez")
    assert targets.produced()[201812].volume_m3 == 31_500
    assert ProducedVolume.objects.count() == 2


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"m3": 0}, "volume_m3"),
        ({"m3": 10**9}, "volume_m3"),
        ({"source": " "}, "source"),
        ({"period": 201901}, "period"),
    ],
)
def test_what_is_no_volume_is_refused(asked: dict[str, Any], field: str) -> None:
    with pytest.raises(targets.CannotRecordVolume) as refused:
        volume(**({"m3": 30_000} | asked))
    assert refused.value.field == field and not ProducedVolume.objects.exists()


def test_nobody_changes_what_was_written() -> None:
    row, month = aim(40_000_000), volume(30_000)
    for change in (
        lambda: Target.objects.filter(pk=row.pk).update(value=1),
        lambda: ProducedVolume.objects.filter(pk=month.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert targets.all_targets().of(targets.COLLECTED, 201901) == 40_000_000
