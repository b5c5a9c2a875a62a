"""How far the bills of a run are on their way to their doors, route by route. Nothing is written."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Concat

from caudal.billing.models import Bill, BillCancellation, BillingRun
from caudal.fieldwork.models import Stop
from caudal.registry.models import Account, ServicePoint

SUBJECT: Final = "bill"
OUT: Final = "out"  # somebody has it, and has not told of it
WAITING: Final = "waiting"


@dataclass(frozen=True, slots=True)
class RouteDelivery:
    """The bills of a route: how many there are, and where they are."""

    code: str
    name: str
    bills: int
    out: int
    delivered: int
    posted: int
    refused: int
    absent: int
    brought_back: int  # could not be delivered: they may be taken again

    @property
    def told(self) -> int:
        """Those whose end is known: in the hand, on the door, refused."""
        return self.delivered + self.posted + self.refused + self.absent

    @property
    def waiting(self) -> int:
        """Those that nobody has."""
        return self.bills - self.out - self.told


def delivery_by_route(*, run: BillingRun) -> list[RouteDelivery]:
    """The bills of an issued run by route, in order of code; nothing of a run that is not issued."""
    if run.state != BillingRun.State.ISSUED:
        return []
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    counted = _placed(run).values("route_code", "route_name", "where").annotate(n=Count("account_id"))
    for each in counted:
        found[each["route_code"], each["route_name"]][each["where"] or WAITING] = each["n"]
    return [_row(code, name, found[code, name]) for code, name in sorted(found)]


def _row(code: str, name: str, counts: dict[str, int]) -> RouteDelivery:
    outcome = Stop.Outcome
    return RouteDelivery(
        code=code, name=name, bills=sum(counts.values()), out=counts.get(OUT, 0),
        delivered=counts.get(outcome.DELIVERED, 0), posted=counts.get(outcome.POSTED, 0),
        refused=counts.get(outcome.REFUSED, 0), absent=counts.get(outcome.ABSENT, 0),
        brought_back=counts.get(outcome.NOT_DELIVERED, 0),
    )  # fmt: skip


def _placed(run: BillingRun) -> QuerySet[Any]:
    """The bills that are to be delivered, each with its route and where it is: counted by the database, in one look."""
    same = {"period": OuterRef("period"), "account_id": OuterRef("account_id")}
    newer = Bill.objects.filter(**same, run_id=run.pk, revision__gt=OuterRef("revision"))
    canceled = BillCancellation.objects.filter(**same, revision=OuterRef("revision"))
    point = ServicePoint.objects.filter(pk=OuterRef("service_point_id"))
    stops = Stop.objects.filter(
        subject_kind=SUBJECT, subject_folio=OuterRef("folio"), round__canceled_at=None
    )
    where = Case(When(outcome="", then=Value(OUT)), default=F("outcome"), output_field=CharField())
    return (
        Bill.objects.filter(~Exists(newer), ~Exists(canceled), period=run.period, run_id=run.pk)
        .annotate(
            number=Subquery(Account.objects.filter(pk=OuterRef("account_id")).values("number")[:1]),
            route_code=Subquery(point.values("route__code")[:1]),
            route_name=Subquery(point.values("route__name")[:1]),
        )
        .annotate(folio=_folio())
        .annotate(where=Subquery(stops.annotate(where=where).order_by("-pk").values("where")[:1]))
        .order_by()
    )


def _folio() -> Concat:
    """As `sheets.bill_folio` writes it."""
    return Concat(
        Cast("period", CharField()), Value("-"), F("number"),
        Case(
            When(revision__gt=1, then=Concat(Value("-"), Cast("revision", CharField()))), default=Value(""),
            output_field=CharField(),
        ),
        output_field=CharField(),
    )  # fmt: skip
