"""What rooms below tell or do for a cut: open claims, served notices, a message, a case. Asked in one place."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max, Q, Sum
from django.db.models.functions import Coalesce

from caudal.cases import commands as cases
from caudal.cases.models import BillingClaim, Case
from caudal.disconnections.policy import Claim
from caudal.dunning.models import ServiceOfNotice
from caudal.kernel.models import AuditEntry
from caudal.messaging import commands as messaging
from caudal.registry import queries as accounts
from caudal.registry.models import Account, ServicePoint


def open_claims(*, account_ids: Sequence[int], at: datetime) -> dict[int, tuple[Claim, ...]]:
    """The claims about bills that were open at a moment, by account: an order may be told long after."""
    waiting = BillingClaim.objects.filter(account_id__in=list(account_ids), at__lte=at)
    waiting = waiting.filter(Q(resolution=None) | Q(resolution__at__gt=at)).annotate(
        cents=Coalesce(Sum("periods__claimed_cents"), 0)
    )
    found: dict[int, list[Claim]] = defaultdict(list)
    for each in waiting.select_related("case").order_by("id"):
        found[each.account_id].append(Claim(each.case.folio, each.cents, each.at))
    return {account: tuple(claims) for account, claims in found.items()}


def protected_since(*, service_point: ServicePoint) -> datetime | None:
    """When a place that is protected began to be: the registry writes it in the log. None: from before there was one."""
    told = AuditEntry.objects.filter(
        act="protect_service_point", object_kind="service_point", object_id=str(service_point.pk),
        before__protected_reason="",
    )  # fmt: skip
    return told.aggregate(at=Max("at"))["at"]


def served_stages(*, account_ids: Sequence[int]) -> dict[int, frozenset[str]]:
    """The notices of their debt that each account was served with effect, by the code of their stage."""
    found: dict[int, set[str]] = defaultdict(set)
    served = ServiceOfNotice.objects.filter(
        notice__account_id__in=list(account_ids), effects_on__isnull=False
    )
    for account, stage in served.values_list("notice__account_id", "notice__stage__code"):
        found[account].add(stage)
    return {account: frozenset(stages) for account, stages in found.items()}


def tell(*, account: Account, text: str, folio: str, at: datetime, by: str) -> None:
    """Tell the holder of an account what happens with their water, if there is a telephone."""
    phone = accounts.account_card(account=account, on=at.date()).phone
    messaging.tell(
        account=account, phone=phone, text=text, about_kind="reconnection", about_folio=folio, at=at, by=by
    )


def open_case(*, type: str, account: Account, description: str, origin: str, at: datetime, by: str) -> str:
    """Open a case about an account, to be looked into by a person; one for each origin. Its folio."""
    opened = cases.open_case(
        type=type, channel=Case.Channel.SYSTEM, account=account, description=description,
        origin_kind="disconnection", origin_folio=origin, at=at, by=by,
    )  # fmt: skip
    return str(opened.folio)
