"""What rooms below tell or do for a cut: open claims, served notices, a message, a case. Asked in one place."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from django.db.models import Exists, Max, OuterRef, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate

from caudal.cases import commands as cases
from caudal.cases.models import BillingClaim, Case
from caudal.disconnections.policy import Claim
from caudal.dunning.models import DunningStage, ServiceOfNotice
from caudal.kernel.models import AuditEntry
from caudal.messaging import commands as messaging
from caudal.metering.models import Reading
from caudal.registry import queries as accounts
from caudal.registry.models import Account, ServiceAgreement, ServicePoint

# what a reader says of a service that is cut and has water
CUT_WITH_USE: Final = "18"


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
    found: datetime | None = told.aggregate(at=Max("at"))["at"]
    return found


def served_stages(*, oldest: Mapping[int, date], on: date) -> dict[int, frozenset[str]]:
    """The stages whose notice was served and whose term has passed, by account: those that asked for its oldest debt.

    A notice of another debt is none, and whoever was notified a stage was notified those before it.

    :param oldest: the day the oldest that is past due was due, by account
    """
    served = ServiceOfNotice.objects.filter(
        notice__account_id__in=list(oldest), notice__cancellation=None, effects_on__isnull=False, term_ends_on__lt=on,
    )  # fmt: skip
    told = served.values_list(
        "notice__account_id", "notice__debts__due_on", "notice__stage__ladder_id", "notice__stage__position"
    )
    reached = {
        (account, ladder, position) for account, due_on, ladder, position in told if due_on == oldest[account]
    }
    if not reached:
        return {}
    stages = list(DunningStage.objects.values_list("ladder_id", "position", "code"))
    found: dict[int, set[str]] = defaultdict(set)
    for account, ladder, position in reached:
        found[account] |= {code for each, step, code in stages if each == ladder and step <= position}
    return {account: frozenset(codes) for account, codes in found.items()}


def tell(*, account: Account, text: str, folio: str, at: datetime, by: str) -> None:
    """Tell the holder of an account what happens with their water, if there is a telephone."""
    phone = accounts.account_card(account=account, on=localdate(at)).phone
    messaging.tell(
        account=account, phone=phone, text=text, about_kind="reconnection", about_folio=folio, at=at, by=by
    )


def open_case(
    *,
    type: str,
    account: Account,
    description: str,
    origin: str,
    at: datetime,
    by: str,
    origin_kind: str = "disconnection",
    photos: Sequence[bytes] = (),
) -> str:
    """Open a case about an account, to be looked into by a person; one for each origin. Its folio."""
    opened = cases.open_case(
        type=type, channel=Case.Channel.SYSTEM, account=account, description=description, photos=photos,
        origin_kind=origin_kind, origin_folio=origin, at=at, by=by,
    )  # fmt: skip
    return str(opened.folio)


def read_as_flowing(*, since: Mapping[int, date]) -> dict[int, Reading]:
    """The last reading in which each of these accounts, cut since a day, had water on a later day by what was seen."""
    served = ServiceAgreement.objects.filter(account_id__in=list(since), effective_to=None)
    accounts = {each.service_point_id: each.account_id for each in served}
    corrected = Reading.objects.filter(
        installation=OuterRef("installation"), period=OuterRef("period"), kind=OuterRef("kind"),
        revision__gt=OuterRef("revision"),
    )  # fmt: skip
    told = Reading.objects.filter(
        ~Exists(corrected), installation__service_point__in=list(accounts), exception_code=CUT_WITH_USE
    )
    found = {}
    for each in told.select_related("installation").order_by("read_on", "id"):
        account = accounts[each.installation.service_point_id]
        if each.read_on > since[account]:
            found[account] = each
    return found
