"""The day as the supervisor sees it: each round, how far it is, how far it should be, its last news."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.utils.timezone import localtime

from caudal.access import policy as acts
from caudal.access.models import Clerk
from caudal.fieldwork import policy
from caudal.fieldwork.models import Device, FieldEvent, Round, Stop
from caudal.fieldwork.policy import Pace

_DAYS_BACK = 30
_ORDER = list(Pace)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A round of the board."""

    folio: str
    kind: str
    kind_word: str
    name: str
    on: date
    username: str
    person: str
    n: int
    done: int
    not_done: int  # among the done: what could not be
    expected: int
    pace: Pace
    last_at: datetime | None  # when the last news came
    seen_at: datetime | None  # when any phone of that person last spoke

    @property
    def percent(self) -> int:
        return policy.percent(done=self.done, n=self.n)

    @property
    def pending(self) -> int:
        return self.n - self.done


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who works in the street, and what they have that day."""

    username: str
    name: str
    role: str
    rounds: int
    pending: int


def board(*, on: date, at: datetime) -> list[BoardRow]:
    """The rounds of a day, the late first."""
    return _rows(Round.objects.filter(on=on), at)


def left_behind(*, on: date, at: datetime) -> list[BoardRow]:
    """Rounds of the month before a day that still have something to do."""
    pending = Stop.objects.filter(outcome="").values("round_id")
    past = Round.objects.filter(
        on__lt=on, on__gte=on - timedelta(days=_DAYS_BACK), canceled_at=None, pk__in=pending
    )
    return _rows(past, at)


def row_of(*, round: Round, at: datetime) -> BoardRow:
    """One round, as the board says it."""
    return _rows(Round.objects.filter(pk=round.pk), at)[0]


def workers(*, on: date) -> list[Worker]:
    """Who may be sent to the street, with the rounds and the stops each has left on a day."""
    roles = [role for role, granted in acts.ACTS.items() if acts.WORK_IN_FIELD in granted]
    left = {
        username: (rounds, pending)
        for username, rounds, pending in Round.objects.filter(on=on, canceled_at=None)
        .values_list("assigned_to__username")
        .annotate(
            rounds=Count("pk", distinct=True, filter=Q(stops__outcome="")),
            pending=Count("stops", filter=Q(stops__outcome="")),
        )
    }
    people = Clerk.objects.filter(is_active=True, role__in=roles).order_by("first_name", "username")
    return [
        Worker(each.username, each.full_name, each.get_role_display(), *left.get(each.username, (0, 0)))
        for each in people
    ]


def _rows(rounds: QuerySet[Round], at: datetime) -> list[BoardRow]:
    found = list(
        rounds.select_related("assigned_to").annotate(
            n=Count("stops"),
            done=Count("stops", filter=~Q(stops__outcome="")),
            not_done=Count("stops", filter=Q(stops__outcome__in=NOT_DONE)),
        )
    )
    news, seen = _news(found), _seen(found)
    rows = [_row(each, at, news.get(each.pk), seen.get(each.assigned_to_id)) for each in found]
    return sorted(rows, key=lambda row: (_ORDER.index(row.pace), row.on, row.name, row.folio))


NOT_DONE = (Stop.Outcome.NOT_READ, Stop.Outcome.NOT_DELIVERED, Stop.Outcome.NOT_DONE)


def _row(round: Any, at: datetime, last_at: datetime | None, seen_at: datetime | None) -> BoardRow:
    expected = policy.expected(n=round.n, hour=_hour(round.on, at))
    pace = policy.pace(done=round.done, n=round.n, expected=expected)
    return BoardRow(
        round.folio, round.kind, round.get_kind_display(), round.name, round.on, round.assigned_to.username,
        round.assigned_to.full_name, round.n, round.done, round.not_done, expected,
        Pace.CANCELED if round.canceled_at else pace, last_at, seen_at,
    )  # fmt: skip


def _hour(on: date, at: datetime) -> time | None:
    """The hour a round is judged by: of today its own, of days to come the first, of days past none."""
    now = localtime(at)
    if on == now.date():
        return now.time()
    return time(0) if on > now.date() else None


def _news(rounds: Sequence[Round]) -> dict[int, datetime]:
    """When the last word about each round came, applied or not."""
    last = (
        FieldEvent.objects.filter(stop_code=OuterRef("code")).order_by("-received_at").values("received_at")
    )
    told = (
        Stop.objects.filter(round__in=rounds)
        .annotate(told_at=Subquery(last[:1]))
        .values_list("round_id")
        .annotate(last_at=Max("told_at"))
    )
    return {round_id: last_at for round_id, last_at in told if last_at}


def _seen(rounds: Sequence[Round]) -> dict[int, datetime]:
    people = {each.assigned_to_id for each in rounds}
    told = (
        Device.objects.filter(clerk_id__in=people, revoked_at=None, last_seen_at__isnull=False)
        .values_list("clerk_id")
        .annotate(seen_at=Max("last_seen_at"))
    )
    return dict(told)
