"""Which cases there are and how far each is, from their entries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from caudal.cases import policy
from caudal.cases.models import Case, CaseEntry, CaseRules, CaseType
from caudal.kernel import places
from caudal.kernel.refusals import Refusal
from caudal.registry.models import Account


class CaseNotFound(Refusal): ...


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a case is at a moment, and how its clock goes."""

    state: policy.State
    clock: policy.Clock
    moves: tuple[tuple[str, datetime], ...]

    @property
    def is_finished(self) -> bool:
        return self.state in policy.FINISHED

    @property
    def steps(self) -> list[policy.Walked]:
        return policy.steps(moves=self.moves)


@dataclass(frozen=True, slots=True)
class Shown:
    """A case of a list, with how far it is."""

    case: Case
    standing: Standing


@dataclass(frozen=True, slots=True)
class Near:
    """A case that may be the same: how far (whole metres) and how long from this one."""

    case: Case
    metres: int


def rules() -> CaseRules:
    """What the utility decided about reports; the usual while it decides nothing."""
    return CaseRules.objects.first() or CaseRules(id=1)


def case_by_folio(*, folio: str) -> Case:
    """:raises CaseNotFound: if no case has this folio"""
    found = (
        Case.objects.select_related("type", "account", "service_point")
        .filter(folio=policy.read_folio(folio) or "-")
        .first()
    )
    if found is None:
        raise CaseNotFound(f"No hay ningún reporte {folio.strip()}.", "Revise el folio.", field="folio")
    return found


def standing(*, case: Case, at: datetime) -> Standing:
    """How far a case is at a moment."""
    return standings(cases=[case], at=at)[case.pk]


def standings(*, cases: Sequence[Case], at: datetime) -> dict[int, Standing]:
    """How far each of these cases is, in two questions."""
    moves: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
    told = CaseEntry.objects.filter(case__in=cases, kind__in=policy.MOVES).order_by("id")
    for case_id, kind, moved_at in told.values_list("case_id", "kind", "at"):
        moves[case_id].append((kind, moved_at))
    days = rules().dispute_days
    return {case.pk: _standing(case, moves[case.pk], at, days) for case in cases}


def _standing(case: Case, moves: Sequence[tuple[str, datetime]], at: datetime, days: int) -> Standing:
    state = policy.state(moves=moves, on_moment=at, dispute_days=days)
    started = next((moved for kind, moved in reversed(moves) if kind == "disputed"), case.opened_at)
    finished = moves[-1][1] if state in policy.FINISHED else None
    clock = policy.sla(started_at=started, due_at=case.due_at, at=at, finished_at=finished)
    return Standing(state, clock, tuple(moves))


def find(
    *,
    at: datetime,
    group: str = "",
    type: CaseType | None = None,
    states: Iterable[policy.State] = (),
    channel: str = "",
    neighborhood: str = "",
    account: Account | None = None,
    is_late: bool = False,
    most: int = 200,
) -> list[Shown]:
    """The cases that are so, what is due first on top; finished ones, the newest first.

    :param states: any, if none is said
    """
    found = Case.objects.select_related("type", "account")
    for name, value in (
        ("type__group", group), ("type", type), ("channel", channel), ("neighborhood", neighborhood),
        ("account", account),
    ):  # fmt: skip
        if value:
            found = found.filter(**{name: value})
    wanted = frozenset(states)
    if wanted and not wanted & policy.FINISHED:
        found = found.exclude(pk__in=_ended(found))
    if is_late:
        found = found.filter(due_at__lt=at)
    cases = list(found.order_by("-opened_at")[: most * 5])
    known = standings(cases=cases, at=at)
    shown = [
        Shown(case, known[case.pk])
        for case in cases
        if (not wanted or known[case.pk].state in wanted) and (not is_late or known[case.pk].clock.is_late)
    ]
    shown.sort(key=lambda each: (each.standing.is_finished, _rank(each)))
    return shown[:most]


def _rank(shown: Shown) -> tuple[int, float]:
    if shown.standing.is_finished:
        return 0, -shown.case.opened_at.timestamp()
    return shown.case.priority if shown.case.priority == 1 else 2, shown.case.due_at.timestamp()


def _ended(found: QuerySet[Case]) -> QuerySet[CaseEntry, int]:
    """Cases whose last move finished them: a list of what is open does not read the whole past."""
    last = CaseEntry.objects.filter(kind__in=policy.MOVES).order_by("case_id", "-id").distinct("case_id")
    return CaseEntry.objects.filter(pk__in=last.values("pk"), kind__in=("resolved", "merged")).values_list(
        "case_id", flat=True
    )


def near(*, place: tuple[int, int], type: CaseType, at: datetime, but: Case | None = None) -> list[Near]:
    """Open cases of the same group so near and so recent that they may be the same one; the nearest first.

    :param place: latitude and longitude, in millionths of a degree
    """
    decided = rules()
    south, north, west, east = places.box(place, around_m=decided.near_metres)
    length = timedelta(hours=decided.near_hours)
    cases = list(
        Case.objects.select_related("type", "account").filter(
            type__group=type.group, latitude_e6__range=(south, north), longitude_e6__range=(west, east),
            opened_at__range=(at - length, at + length),
        ).exclude(pk=but.pk if but else 0)
    )  # fmt: skip
    known = standings(cases=cases, at=at)
    found = [
        (places.distance(place, (case.latitude_e6 or 0, case.longitude_e6 or 0)), case)
        for case in cases
        if not known[case.pk].is_finished
    ]
    return [
        Near(case, round(away))
        for away, case in sorted(found, key=lambda each: (each[0], each[1].pk))
        if away <= decided.near_metres
    ]


def survivor(*, case: Case) -> Case:
    """The case that goes on in place of one that was merged; itself, if it was not."""
    while (
        onto := CaseEntry.objects.filter(case=case, kind=CaseEntry.Kind.MERGED)
        .select_related("other__type")
        .first()
    ):
        case = onto.other or case
    return case


def with_those_merged(*, case: Case) -> list[Case]:
    """The case and all that were merged into it, whoever was merged first too."""
    found, waiting = [case], [case.pk]
    while waiting:
        entries = CaseEntry.objects.filter(kind=CaseEntry.Kind.MERGED, other_id__in=waiting)
        merged = [each.case for each in entries.select_related("case__type", "case__account").order_by("id")]
        found += merged
        waiting = [each.pk for each in merged]
    return found
