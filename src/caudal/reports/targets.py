"""What should be reached, and the volume produced: typed by a person, dated, kept for ever."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.reports.models import ProducedVolume, Target
from caudal.rules.bounds import OutOfBounds
from caudal.rules.periods import Period

# what a goal in money is of; every other target is of an indicator
COLLECTED: Final = "collected"
_MOST_M3: Final = 100_000_000
_MOST_REASON: Final = 200


class CannotSetTarget(Refusal): ...


class CannotRecordVolume(Refusal): ...


@dataclass(frozen=True, slots=True)
class Targets:
    """Every target there has been, to ask which one holds in a month."""

    rows: tuple[Target, ...]

    def of(self, indicator: str, period: int, /, channel: str = "") -> int | None:
        """The target of a month: the newest of the latest month that has one by then; None if there is none."""
        found = [
            each
            for each in self.rows
            if (each.indicator, each.channel) == (indicator, channel) and each.period <= period
        ]
        return max(found, key=lambda each: (each.period, each.pk)).value if found else None


@transaction.atomic
def set_target(
    *, indicator: str, period: int, value: int, reason: str, at: datetime, by: str, known: Iterable[str],
    channel: str = "",
) -> Target:  # fmt: skip
    """Say what should be reached from a month on.

    :param value: centavos of money, parts per million of anything else
    :param known: the codes there may be a target for
    :raises CannotSetTarget: if it is of nothing known, is not above zero, or says no reason
    """
    if indicator not in {COLLECTED, *known}:
        raise CannotSetTarget(
            "No hay ningún indicador con esa clave.", "Elija uno de la lista.", field="indicator"
        )
    if value <= 0:
        raise CannotSetTarget("La meta debe ser mayor que cero.", "Escriba cuánto se espera.", field="amount")
    if not reason.strip():
        raise CannotSetTarget(
            "Falta decir por qué es esa la meta.", "Escriba el acuerdo o el motivo.", field="reason"
        )
    month = _month(period, CannotSetTarget)
    target = Target.objects.create(
        indicator=indicator, channel=channel, period=month, value=value,
        reason=reason.strip()[:_MOST_REASON], at=at, by=by,
    )  # fmt: skip
    audit.record(
        act="reports.set_target", by=by, at=at, object_kind="target", object_id=target.pk, reason=target.reason,
        after={"indicator": indicator, "channel": channel, "period": int(period), "value": value},
    )  # fmt: skip
    return target


@transaction.atomic
def record_volume(*, period: int, volume_m3: int, source: str, at: datetime, by: str) -> ProducedVolume:
    """Write the m³ that the sources gave in a month; a correction is another row.

    :raises CannotRecordVolume: if it is no volume, its month has not ended, or nobody says where it comes from
    """
    if not 0 < volume_m3 <= _MOST_M3:
        raise CannotRecordVolume(
            "El volumen debe ser mayor que cero.", "Escriba los m³ del mes, sin decimales.", field="volume_m3"
        )
    if not source.strip():
        raise CannotRecordVolume(
            "Falta decir de dónde sale el volumen.", "Escriba si es de macromedidores o cómo se estimó.",
            field="source",
        )  # fmt: skip
    month = _month(period, CannotRecordVolume)
    if month >= Period.of(at.date()):
        raise CannotRecordVolume(
            "Ese mes todavía no termina.", "Anótelo cuando el mes haya pasado.", field="period"
        )
    volume = ProducedVolume.objects.create(
        period=month, volume_m3=volume_m3, source=source.strip()[:_MOST_REASON], at=at, by=by
    )
    audit.record(
        act="reports.record_volume", by=by, at=at, object_kind="produced_volume", object_id=int(period),
        after={"m3": volume_m3, "source": volume.source},
    )  # fmt: skip
    return volume


def _month(period: int, refusal: type[Refusal]) -> Period:
    try:
        return Period(period)
    except OutOfBounds:
        raise refusal("Ese no es un mes.", "Escríbalo así: 201901.", field="period") from None


def all_targets() -> Targets:
    """Every target, the oldest first."""
    return Targets(tuple(Target.objects.order_by("pk")))


def produced() -> Mapping[int, ProducedVolume]:
    """Month → the volume that holds."""
    return {each.period: each for each in ProducedVolume.objects.order_by("pk")}
