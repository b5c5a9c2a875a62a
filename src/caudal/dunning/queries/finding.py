"""Batches and notices: finding them, how far each is, which may climb to the next stage."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from caudal.dunning import loading, policy
from caudal.dunning.models import DunningStage, Notice, NoticeBatch, ServiceOfNotice
from caudal.dunning.policy import State
from caudal.dunning.queries import ladders, segments
from caudal.dunning.queries.segments import Candidate, SegmentFilter
from caudal.kernel.refusals import Refusal


class UnknownBatch(Refusal):
    """No batch has that folio."""


class UnknownNotice(Refusal):
    """No notice has that folio."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a notice is on a day."""

    state: State
    served: ServiceOfNotice | None
    appointment_on: date | None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to take it to its door."""
        return self.state in (State.PENDING, State.APPOINTED)


@dataclass(frozen=True, slots=True)
class NextStage:
    """An account whose term passed: the notice it did not obey, and the stage that comes."""

    candidate: Candidate
    notice: Notice
    stage: DunningStage


def batches() -> QuerySet[NoticeBatch]:
    """Every batch, the newest first."""
    return NoticeBatch.objects.select_related("stage__ladder", "job").order_by("-number")


def batch_by_folio(*, folio: str) -> NoticeBatch:
    """The batch of a folio such as `LOT-000001`; `lot 1` and `1` are understood.

    :raises UnknownBatch: if there is none
    """
    number = policy.batch_number(folio)
    found = batches().filter(number=number).first() if number is not None else None
    if found is None:
        raise UnknownBatch(
            f"No hay un lote con el folio {folio.strip()}.", "Búsquelo en la lista de lotes.", field="folio"
        )
    return found


def notices() -> QuerySet[Notice]:
    """Every notice, the newest first, with what its pages say."""
    return Notice.objects.select_related(
        "account", "stage__ladder", "batch", "cost", "cancellation", "service_point"
    ).order_by("-number")


def notice_by_folio(*, folio: str) -> Notice:
    """The notice of a folio such as `NOT-000001`; `not 1` and `1` are understood.

    :raises UnknownNotice: if there is none
    """
    number = policy.notice_number(folio)
    found = notices().filter(number=number).first() if number is not None else None
    if found is None:
        raise UnknownNotice(
            f"No hay una notificación con el folio {folio.strip()}.", "Búsquela en su cuenta.", field="folio"
        )
    return found


def notices_of(*, account_id: int) -> QuerySet[Notice]:
    """The notices of an account, the newest first."""
    return notices().filter(account_id=account_id)


def standings(*, notices: Sequence[Notice]) -> dict[int, Standing]:
    """How far each of some notices is, by id; two statements, however many they are."""
    ids = [each.pk for each in notices]
    settled = loading.settled(notice_ids=ids)
    visits: dict[int, list[ServiceOfNotice]] = {}
    for visit in ServiceOfNotice.objects.filter(notice_id__in=ids).order_by("served_at", "id"):
        visits.setdefault(visit.notice_id, []).append(visit)
    return {
        each.pk: _standing(visits.get(each.pk, []), hasattr(each, "cancellation"), each.pk in settled)
        for each in notices
    }


def standing(*, notice: Notice) -> Standing:
    """How far a notice is."""
    return standings(notices=[notice])[notice.pk]


def stage_of(*, account_ids: Sequence[int]) -> dict[int, Notice]:
    """The newest notice that binds each account: served, not canceled, and still owed. By account."""
    last = loading.last_notices(account_ids=account_ids)
    binding = [each.notice_id for each in last.values() if each.term_ends_on and not each.is_settled]
    return {each.account_id: each for each in notices().filter(pk__in=binding)}


def appointments(*, on: date) -> list[Notice]:
    """Notices whose appointment is for a day and that nobody has served yet, in route order."""
    waiting = (
        notices().filter(services__appointment_on=on).distinct().order_by("route", "walk_sequence", "number")
    )
    found = list(waiting)
    told = standings(notices=found)
    return [each for each in found if told[each.pk].state == State.APPOINTED]


def due_for_next_stage(*, on: date) -> list[NextStage]:
    """Who let the term of a notice pass: those that the next stage may notify on a day, stage by stage.

    :raises NoLadder: before the first ladder
    """
    served = ServiceOfNotice.objects.filter(term_ends_on__lt=on, effects_on__isnull=False)
    ids = sorted(set(served.values_list("notice__account_id", flat=True)))
    binding = stage_of(account_ids=ids)
    found: list[NextStage] = []
    for stage in ladders.stages(on=on)[1:]:
        mine = {key: each for key, each in binding.items() if each.stage.position == stage.position - 1}
        if mine:
            told = segments.segment(stage=stage, within=SegmentFilter(), on=on, account_ids=sorted(mine))
            found += [NextStage(each, mine[each.account_id], stage) for each in told.candidates]
    return found


def _standing(visits: Sequence[ServiceOfNotice], is_canceled: bool, is_settled: bool) -> Standing:
    served = next((each for each in visits if each.effects_on), None)
    appointed = next((each for each in reversed(visits) if each.appointment_on), None)
    state = policy.state(
        is_canceled=is_canceled, is_settled=is_settled, is_served=served is not None,
        is_appointed=appointed is not None,
    )  # fmt: skip
    return Standing(state, served, appointed.appointment_on if appointed else None)
