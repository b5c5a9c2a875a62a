"""What waits for a person in the Crítica of a period, and what was decided of the rest."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import OuterRef, QuerySet, Subquery

from caudal.fieldwork.models import EventOutcome, FieldEvent, Stop
from caudal.metering import policy
from caudal.metering.models import Consumption, ReadingReview
from caudal.metering.queries.consumption import is_closed
from caudal.metering.queries.rows import rows
from caudal.registry.models import Account, BillingCycle, ServiceAgreement

APART: Final = (EventOutcome.Kind.QUARANTINED, EventOutcome.Kind.CONFLICT)
PENDING, WAITING, DECIDED = "pending", "waiting", "decided"
_Decision = ReadingReview.Decision


@dataclass(frozen=True, slots=True)
class Case:
    """A point whose reading somebody should see before it is billed, and where that stands."""

    service_point_id: int
    account_number: str
    holder: str
    route: str
    walk_sequence: int
    consumption_m3: int
    mean_m3: int
    basis: int
    doubts: int
    doubt_texts: tuple[str, ...]
    n_told_apart: int  # what phones told and was set aside, or contradicts what stands
    decision: str
    decision_text: str
    state: str  # PENDING, WAITING for the street, or DECIDED

    @property
    def why(self) -> str:
        """The doubts, in one line."""
        told = {0: (), 1: ("otra lectura apartada",)}.get(
            self.n_told_apart, (f"{self.n_told_apart} lecturas apartadas",)
        )
        contested = ("en conflicto",) if self.decision == _Decision.CONTESTED else ()
        return "; ".join((*contested, *told, *self.doubt_texts)) or "se volvió a abrir"


@dataclass(frozen=True, slots=True)
class ToldApart:
    """Something a phone told of a dial that did not become a reading, and why."""

    event: FieldEvent
    kind: str
    reason: str


def cases(*, cycle: BillingCycle, period: int, doubt: int = 0, route: str = "") -> list[Case]:
    """Every case of a period in walking order, decided ones too. Of a billed period, only what phones told of it.

    :param doubt: only those with this doubt (of `policy.Doubt`); -1: only those with something told apart
    """
    apart = _apart(period, cycle=cycle)
    told: dict[int, int] = {}
    for point in (each.service_point_id or 0 for each in apart):
        told[point] = told.get(point, 0) + 1
    params = {
        "cycle": cycle.pk,
        "period": int(period),
        "told": list(told),
        "is_open": not is_closed(cycle_id=cycle.pk, period=period),
        "route": route,
    }
    found = [_case(row, told.get(row["service_point_id"], 0)) for row in rows(sql=_CASES, params=params)]
    if doubt < 0:
        return [each for each in found if each.n_told_apart or each.decision == _Decision.CONTESTED]
    return [each for each in found if not doubt or each.doubts & doubt]


def last_review(*, service_point_id: int, period: int) -> ReadingReview | None:
    """What counts of a point in a period."""
    return reviews(service_point_id=service_point_id, period=period).last()


def reviews(*, service_point_id: int, period: int) -> QuerySet[ReadingReview]:
    """Everything that was decided of a point in a period, oldest first."""
    return ReadingReview.objects.filter(service_point_id=service_point_id, period=period).order_by("pk")


def last_decision_of(*, clerk: str, cycle: BillingCycle, period: int) -> ReadingReview | None:
    """What somebody decided last in a period, if it still counts: the one to take back."""
    mine = ReadingReview.objects.filter(by=clerk, period=period, service_point__route__cycle=cycle)
    newest = mine.order_by("pk").last()
    if newest is None or newest.decision in (_Decision.REOPENED, _Decision.CONTESTED):
        return None
    last = last_review(service_point_id=newest.service_point_id, period=period)
    return newest if last and last.pk == newest.pk else None


def told_apart(*, service_point_id: int, period: int) -> list[ToldApart]:
    """What phones told of a point in a period and waits for a person, oldest first."""
    stops = Stop.objects.filter(
        service_point_id=service_point_id, subject_kind="reading", round__period=period
    ).values("code")
    latest = EventOutcome.objects.filter(event=OuterRef("pk")).order_by("-pk")
    waiting = (
        FieldEvent.objects.filter(stop_code__in=stops)
        .annotate(
            last_kind=Subquery(latest.values("kind")[:1]), last_reason=Subquery(latest.values("reason")[:1])
        )
        .filter(last_kind__in=APART)
        .select_related("device__clerk")
        .order_by("happened_at", "pk")
    )
    return [ToldApart(each, each.last_kind, each.last_reason) for each in waiting]


def seen_of(*, service_point_id: int, period: int) -> str:
    """What a person sees of a case, in a word: it is another one as soon as something happens to it."""
    row = Consumption.objects.filter(period=period, service_point_id=service_point_id).first()
    last = last_review(service_point_id=service_point_id, period=period)
    told = told_apart(service_point_id=service_point_id, period=period)
    figures = (row.doubts, row.consumption_m3) if row else (0, -1)
    return "-".join(str(each) for each in (*figures, last.pk if last else 0, len(told)))


def account_at(*, service_point_id: int, on: date) -> Account | None:
    """The account served at a point on a day, or the last one that was."""
    agreements = ServiceAgreement.objects.filter(service_point_id=service_point_id, effective_from__lte=on)
    newest = agreements.select_related("account").order_by("effective_from").last()
    return newest.account if newest else None


def _apart(period: int, *, cycle: BillingCycle) -> list[Stop]:
    """The stop of each event of a period that waits for a person: few, so that they are counted here."""
    waiting = (
        EventOutcome.objects.filter(kind__in=APART)
        .exclude(event__outcomes__kind__in=("applied", "dismissed"))
        .values_list("event__stop_code", flat=True)
        .distinct()
    )
    return list(
        Stop.objects.filter(
            code__in=waiting, subject_kind="reading", round__period=period, service_point__route__cycle=cycle
        )
    )


def _case(row: dict[str, Any], n_told: int) -> Case:
    decision = row["decision"]
    return Case(
        service_point_id=row["service_point_id"],
        account_number=row["number"],
        holder=row["holder"],
        route=row["route"],
        walk_sequence=row["walk_sequence"],
        consumption_m3=row["consumption_m3"],
        mean_m3=row["mean_m3"],
        basis=row["basis"],
        doubts=row["doubts"],
        doubt_texts=tuple(policy.doubt_texts(row["doubts"])),
        n_told_apart=n_told,
        decision=decision,
        decision_text=str(_Decision(decision).label) if decision else "",
        state=_state(row, n_told),
    )


def _state(row: dict[str, Any], n_told: int) -> str:
    decision = row["decision"]
    if n_told or not decision or decision in (_Decision.CONTESTED, _Decision.REOPENED):
        return PENDING
    if decision in (_Decision.REREAD, _Decision.INSPECTION):
        return WAITING
    is_what_was_seen = (row["doubts"], row["consumption_m3"]) == (row["seen_doubts"], row["seen_m3"])
    return DECIDED if is_what_was_seen or not row["doubts"] else PENDING


_CASES: Final = """
    WITH last AS (
        SELECT DISTINCT ON (service_point_id) service_point_id, decision, doubts AS seen_doubts,
            consumption_m3 AS seen_m3
        FROM metering_readingreview WHERE period = %(period)s ORDER BY service_point_id, id DESC
    ), concerned AS (
        SELECT service_point_id FROM metering_consumption
        WHERE period = %(period)s AND doubts <> 0 AND %(is_open)s
        UNION SELECT service_point_id FROM last
        UNION SELECT unnest(%(told)s::int[])
    )
    SELECT p.id AS service_point_id, COALESCE(a.number, '') AS number, COALESCE(person.full_name, '') AS holder,
        r.code AS route, p.walk_sequence, COALESCE(c.consumption_m3, -1) AS consumption_m3,
        COALESCE(c.mean_m3, -1) AS mean_m3, COALESCE(c.basis, 0) AS basis, COALESCE(c.doubts, 0) AS doubts,
        COALESCE(last.decision, '') AS decision, last.seen_doubts, last.seen_m3
    FROM concerned
    JOIN registry_servicepoint p ON p.id = concerned.service_point_id
    JOIN registry_route r ON r.id = p.route_id AND r.cycle_id = %(cycle)s
    LEFT JOIN metering_consumption c ON c.service_point_id = p.id AND c.period = %(period)s
    LEFT JOIN last ON last.service_point_id = p.id
    LEFT JOIN LATERAL (SELECT account_id FROM registry_serviceagreement WHERE service_point_id = p.id
        ORDER BY effective_from DESC LIMIT 1) g ON TRUE
    LEFT JOIN registry_account a ON a.id = g.account_id
    LEFT JOIN LATERAL (SELECT person_id FROM registry_accountholder WHERE account_id = a.id
        ORDER BY effective_from DESC LIMIT 1) h ON TRUE
    LEFT JOIN registry_person person ON person.id = h.person_id
    WHERE %(route)s = '' OR r.code = %(route)s
    ORDER BY r.code, p.walk_sequence, a.number"""
