"""What the pages of cuts list: candidates with their place, batches, orders, reconnections, protected places."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Prefetch, Q, QuerySet, Sum

from caudal.access.models import ApprovalRequest
from caudal.disconnections import policy
from caudal.disconnections.models import (
    Disconnection,
    DisconnectionBatch,
    DisconnectionOrder,
    OrderCheck,
    ReconnectionOrder,
    TransitPayment,
)
from caudal.disconnections.queries.eligibility import Judged, Segment, portfolio
from caudal.disconnections.queries.finding import UnknownCut
from caudal.kernel.wording import in_reading_case, number_of_folio
from caudal.registry.models import AccountHolder, ServiceAgreement, ServicePoint

BATCH_KIND = "disconnection_batch"


@dataclass(frozen=True, slots=True)
class Where:
    """Whose an account is and where it is, as lists show it."""

    number: str
    holder: str
    address: str
    route: str
    walk_sequence: int
    use: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account that owes, what may be done; and the order it has already, if it has one."""

    judged: Judged
    live_order: str = ""

    @property
    def is_go(self) -> bool:
        return self.judged.verdict.is_go and not self.live_order


@dataclass(frozen=True, slots=True)
class Figures:
    """How cuts stand today."""

    orders: dict[str, int]
    n_batches_waiting: int
    n_open: int
    n_late: int


@dataclass(frozen=True, slots=True)
class Counted:
    """A batch with how many orders it has in each state, and what they owed when proposed (centavos)."""

    batch: DisconnectionBatch
    states: Mapping[str, int]
    due_cents: int

    @property
    def n_orders(self) -> int:
        return sum(self.states.values())

    def n(self, *states: str) -> int:
        """How many orders are in any of these states."""
        return sum(self.states.get(state, 0) for state in states)


def candidates(*, segment: Segment, on: date, at: datetime) -> list[Candidate]:
    """Everybody of a segment who owes anything past due: what may be done to each, or every reason why not.

    :raises NoDisconnectionPolicy: if no policy is in force that day
    """
    judged = portfolio(segment=segment, on=on, at=at)
    ids = [each.account_id for each in judged]
    live = {
        account: policy.order_folio(number)
        for account, number in DisconnectionOrder.objects.filter(
            account_id__in=ids, state__in=list(policy.LIVE)
        ).values_list("account_id", "number")
    }
    return [Candidate(each, live.get(each.account_id, "")) for each in judged]


def where_of(*, account_ids: Collection[int], on: date) -> dict[int, Where]:
    """Holder, address and route of many accounts on a day; two statements, however many they are."""
    holders = AccountHolder.objects.filter(account_id__in=account_ids, effective_from__lte=on)
    names = dict(holders.order_by("effective_from").values_list("account_id", "person__full_name"))
    agreements = (
        ServiceAgreement.objects.filter(account_id__in=account_ids, effective_from__lte=on)
        .select_related("account", "tariff_class", "service_point__route", "service_point__premise")
        .order_by("effective_from")
    )
    return {
        each.account_id: Where(
            each.account.number, in_reading_case(names.get(each.account_id, "")),
            in_reading_case(each.service_point.premise.address), each.service_point.route.code,
            each.service_point.walk_sequence, each.tariff_class.get_use_display(),
        )
        for each in agreements
    }  # fmt: skip


def figures(*, at: datetime) -> Figures:
    """Orders by how far they are, batches that wait for a yes, and water that has to come back."""
    states = Counter(
        dict(
            DisconnectionOrder.objects.values_list("state").annotate(n=Count("id")).values_list("state", "n")
        )
    )
    waiting = DisconnectionBatch.objects.filter(orders__state=policy.State.PROPOSED).distinct().count()
    water = ReconnectionOrder.objects.filter(state="open").aggregate(
        n=Count("id"), late=Count("id", filter=Q(due_at__lt=at))
    )
    return Figures(dict(states), waiting, water["n"], water["late"])


def batches() -> QuerySet[DisconnectionBatch]:
    """Every batch, the newest first."""
    return DisconnectionBatch.objects.select_related("policy", "approved").order_by("-number")


def counted(*, batches: Sequence[DisconnectionBatch]) -> list[Counted]:
    """Batches with how many of their orders are in each state, and what they owed when proposed; one statement."""
    found: dict[int, dict[str, tuple[int, int]]] = defaultdict(dict)
    told = DisconnectionOrder.objects.filter(batch__in=batches).values_list("batch_id", "state")
    for batch, state, n, cents in told.annotate(n=Count("id"), cents=Sum("due_cents")).order_by("batch_id"):
        found[batch][state] = (n, cents)
    return [
        Counted(
            each, {state: n for state, (n, _) in found[each.pk].items()},
            sum(cents for _, cents in found[each.pk].values()),
        )
        for each in batches
    ]  # fmt: skip


def last_request(*, batch: DisconnectionBatch) -> ApprovalRequest | None:
    """The last time somebody asked for the yes to a batch, with its answer if there is one."""
    asked = ApprovalRequest.objects.filter(object_kind=BATCH_KIND, object_id=batch.folio)
    return asked.select_related("decision").order_by("-at", "-id").first()


def orders() -> QuerySet[DisconnectionOrder]:
    """Every order to cut with its last look, the newest first."""
    looks = Prefetch("checks", OrderCheck.objects.order_by("at", "id"))
    return (
        DisconnectionOrder.objects.select_related("account", "batch", "field_order", "result")
        .prefetch_related(looks)
        .order_by("-number")
    )


def reconnections() -> QuerySet[ReconnectionOrder]:
    """Every reconnection: the ones that have to be done first, by when; then the last ones that ended."""
    found = ReconnectionOrder.objects.select_related("account", "field_order", "disconnection__order")
    return found.order_by("due_at", "number")


def reconnection_by_folio(*, folio: str) -> ReconnectionOrder:
    """The reconnection called `RCX-000012`, `rcx 12` or `12`.

    :raises UnknownCut: if there is none
    """
    found = reconnections().filter(number=number_of_folio(folio, prefix="RCX-") or 0).first()
    if found is None:
        raise UnknownCut(f"No hay una reconexión {folio}.", "Revise el folio.", field="folio")
    return found


def protected_places() -> Sequence[ServicePoint]:
    """Places nobody may cut, by why, with the agreement that is served there."""
    agreements = ServiceAgreement.objects.filter(effective_to=None).select_related("account")
    return list(
        ServicePoint.objects.exclude(protected_reason="")
        .select_related("premise", "route")
        .prefetch_related(Prefetch("agreements", agreements, to_attr="live"))
        .order_by("protected_reason", "route__code", "walk_sequence")
    )


def transits_of(*, account_id: int) -> list[TransitPayment]:
    """Payments on their way that were declared for an account, the newest first."""
    return list(TransitPayment.objects.filter(account_id=account_id).order_by("-declared_at"))


def last_cut(*, account_id: int) -> Disconnection | None:
    """The last time the service of an account was cut or restricted."""
    return Disconnection.objects.filter(order__account_id=account_id).order_by("-done_at").first()
