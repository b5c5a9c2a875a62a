"""Every upward wire on one page: who listens to which news, in the order written here.

Words travel down (calls), news travels up (events). A listener runs synchronously inside the
transaction that announces; what leaves the database waits for commit.
"""

from datetime import date
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from caudal.kernel import events, menu

if TYPE_CHECKING:
    from caudal.metering.policy import ReadingRules
    from caudal.registry.pricing import TermsChange

MENUS = [
    "frontdesk",
    "window",
    "cashier",
    "quotes",
    "fees",
    "arrangements",
    "benefits",
    "campaigns",
    "outreach",
    "fieldwork",
    "messaging",
    "cases",
    "dunning",
    "disconnections",
    "accounting",
    "reports",
    "registry",
    "metering",
    "billing",
    "tariffs",
    "access",
]


def connect() -> None:
    """Connect the listeners. Called once, when Django is ready."""
    for room in MENUS:
        if find_spec(f"caudal.{room}.menu"):
            page = import_module(f"caudal.{room}.menu")
            menu.add(*getattr(page, "ENTRIES", ()))
            menu.add_actions(*getattr(page, "ACCOUNT_ACTIONS", ()))
    _connect_reading_rules()
    _connect_prices()
    _connect_approvals()
    _connect_nights()
    _connect_field()
    _connect_cuts()


def _connect_reading_rules() -> None:
    """Metering and tariffs stand on one floor: how to estimate is asked of the book here."""
    from caudal.metering import parameters

    parameters.ask(_reading_rules)


def _connect_prices() -> None:
    """The padrón stands under the tariffs: whether a change of terms may lower a bill is asked of the book here."""
    from caudal.registry import pricing

    pricing.ask(_may_lower)


def _connect_nights() -> None:
    """What the small hours do: the kept is closed before the broken is looked for."""
    from caudal.arrangements import commands as arrangements
    from caudal.benefits import commands as benefits
    from caudal.campaigns import commands as campaigns
    from caudal.kernel import nightly
    from caudal.messaging import commands as messaging

    nightly.add("convenios pagados", arrangements.finish_paid)
    nightly.add("convenios incumplidos", arrangements.default_overdue)
    nightly.add("beneficios que terminaron", benefits.expire_lapsed)
    nightly.add("meses adelantados de cuentas de baja", campaigns.end_prepaid_of_closed)
    nightly.add("mensajes que esperaban", messaging.send_at_night)


def _connect_field() -> None:
    """What the street tells, and who listens: the rooms above fieldwork do not know each other."""
    from caudal.billing import listening as billing
    from caudal.cases import listening as cases
    from caudal.dunning import listening as dunning
    from caudal.fieldwork import applying, packing
    from caudal.fieldwork.events import ConflictFound, EventApplied, OrderDone
    from caudal.metering import field
    from caudal.metering import listening as metering
    from caudal.metering import packing as dials
    from caudal.metering.events import ReadingReviewed

    applying.add("reading", field.apply)
    packing.add("reading", dials.pack)
    packing.add_head("reading", dials.head)
    events.on(ConflictFound, metering.contest)
    events.on(OrderDone, metering.take_reread)
    events.on(ReadingReviewed, billing.follow_review)
    events.on(ConflictFound, cases.open_conflict)
    events.on(OrderDone, cases.record_order)
    packing.add("notice", dunning.pack)
    events.on(EventApplied, dunning.record_delivery)


def _connect_cuts() -> None:
    """Who pays or signs is not cut, and gets the water back in the same transaction."""
    from caudal.access.events import RequestGranted
    from caudal.arrangements.events import ArrangementCanceled, ArrangementDefaulted, ArrangementSigned
    from caudal.cashier.events import PaymentsPosted, ReceiptCanceled
    from caudal.disconnections import commands as cuts
    from caudal.disconnections import listening
    from caudal.fieldwork import applying, verdicts
    from caudal.fieldwork.events import EventApplied, OrderDone
    from caudal.kernel import nightly

    events.on(PaymentsPosted, listening.when_paid)
    events.on(ReceiptCanceled, listening.when_taken_back)
    events.on(ArrangementSigned, listening.when_signed)
    events.on(ArrangementDefaulted, listening.when_broken)
    events.on(ArrangementCanceled, listening.when_broken)
    events.on(OrderDone, listening.when_order_is_done)
    events.on(EventApplied, listening.when_read)
    events.on(RequestGranted, listening.carry_out)
    verdicts.ask(cuts.revalidate)
    applying.add(f"{applying.CALLED_OFF}disconnection", listening.apply_late_cut)
    applying.add(f"{applying.CALLED_OFF}restriction", listening.apply_late_cut)
    nightly.add("órdenes de corte y reconexiones", cuts.sweep)


def _connect_approvals() -> None:
    """What was asked and granted is carried out by whoever knows the act."""
    from caudal.access import listening as access
    from caudal.access.events import RequestGranted
    from caudal.campaigns import listening as campaigns
    from caudal.registry import listening as registry

    events.on(RequestGranted, access.carry_out)
    events.on(RequestGranted, campaigns.carry_out)
    events.on(RequestGranted, registry.carry_out)


def _reading_rules(on: date) -> "ReadingRules | None":
    from caudal.metering.policy import ReadingRules
    from caudal.tariffs import queries as tariffs

    try:
        estimates = tariffs.terms(book=tariffs.book_in_force(on=on)).estimates
    except tariffs.NoBookInForce:
        return None
    return ReadingRules(
        estimate_mean_of=estimates.mean_of,
        estimate_at_least=estimates.at_least,
        max_consecutive_estimates=estimates.most_consecutive,
    )


def _may_lower(change: "TermsChange") -> bool:
    from caudal.tariffs import queries as tariffs

    return tariffs.may_lower(
        account=change.account, on=change.on, before=(change.old_class, change.old_is_metered),
        after=(change.new_class, change.new_is_metered),
    )  # fmt: skip
