"""Which role may do which act. One table; a view, a command line and a template ask the same question."""

from itertools import pairwise
from typing import Final

from caudal.access.models import Clerk

Role = Clerk.Role
PIN_LENGTH: Final = 6

READ_ACCOUNTS = "registry.view"
CHANGE_REGISTRY = "registry.change"
APPROVE_TERMS = "registry.approve_terms"
GRANT_BENEFITS = "registry.grant_benefit"
READ_METERING = "metering.view"
CAPTURE_READINGS = "metering.capture"
REVIEW_READINGS = "metering.review"
READ_TARIFFS = "tariffs.view"
LOAD_TARIFFS = "tariffs.load"
PUBLISH_TARIFFS = "tariffs.publish"
READ_BILLING = "billing.view"
RUN_BILLING = "billing.run"
REVIEW_HELD = "billing.review_held"
ISSUE_BILLING = "billing.issue"
CANCEL_BILLS = "billing.cancel"
TAKE_PAYMENTS = "cashier.pay"
READ_TILLS = "cashier.view"
CANCEL_RECEIPTS = "cashier.cancel"
APPROVE_CANCELLATIONS = "cashier.approve_cancel"
APPROVE_CLOSED_CANCELLATIONS = "cashier.approve_closed_cancel"
SUPERVISE_TILLS = "cashier.supervise"
MANAGE_TILLS = "cashier.manage"
LOAD_SETTLEMENTS = "cashier.settle"
CHARGE_FEES = "fees.charge"
READ_CAMPAIGNS = "campaigns.view"
PREPARE_CAMPAIGNS = "campaigns.prepare"
PUBLISH_CAMPAIGNS = "campaigns.publish"
READ_SENSITIVE = "benefits.read_sensitive"
PREPARE_POLICIES = "relief.prepare_policy"
APPROVE_POLICIES = "relief.approve_policy"
SIGN_ARRANGEMENTS = "arrangements.sign"
APPROVE_ARRANGEMENTS = "arrangements.approve"
DEFAULT_ARRANGEMENTS = "arrangements.default"
WORK_IN_FIELD = "fieldwork.work"
READ_FIELDWORK = "fieldwork.view"
PLAN_FIELDWORK = "fieldwork.plan"
MANAGE_DEVICES = "fieldwork.devices"
READ_MESSAGES = "messaging.view"
SEND_MESSAGES = "messaging.send"
READ_CASES = "cases.view"
OPEN_CASES = "cases.open"
ANSWER_CASES = "cases.answer"
READ_DUNNING = "dunning.view"
PREPARE_NOTICES = "dunning.prepare"
READ_CUTS = "disconnections.view"
PREPARE_CUTS = "disconnections.prepare"
APPROVE_CUTS = "disconnections.approve"
READ_LEDGER = "ledger.view"
READ_ACCOUNTING = "accounting.view"
REVIEW_MONTHS = "accounting.review"
CLOSE_MONTHS = "accounting.close"
READ_REPORTS = "reports.view"
PUBLISH_REPORTS = "reports.publish"
MANAGE_CLERKS = "access.manage"
APPROVE_CLERKS = "access.approve"
DECIDE_REQUESTS = "access.decide"
KEEP_OWN_ACCESS = "access.own"
READ_CLERKS = "access.view"

# a person of a role with one of these may say yes to what somebody else asks
APPROVALS: Final = frozenset(
    {
        APPROVE_CANCELLATIONS,
        APPROVE_CLOSED_CANCELLATIONS,
        SUPERVISE_TILLS,
        APPROVE_CLERKS,
        APPROVE_TERMS,
        PUBLISH_CAMPAIGNS,
        APPROVE_ARRANGEMENTS,
        APPROVE_POLICIES,
        APPROVE_CUTS,
    }
)

_READ = {
    READ_ACCOUNTS,
    READ_METERING,
    READ_TARIFFS,
    READ_BILLING,
    READ_LEDGER,
    READ_CAMPAIGNS,
    READ_FIELDWORK,
    READ_MESSAGES,
    READ_CASES,
    READ_DUNNING,
    READ_CUTS,
    READ_ACCOUNTING,
    READ_REPORTS,
}

ACTS: dict[str, frozenset[str]] = {
    Role.CASHIER: frozenset({READ_ACCOUNTS, READ_LEDGER, TAKE_PAYMENTS, CANCEL_RECEIPTS, CHARGE_FEES, READ_CAMPAIGNS,
                             GRANT_BENEFITS, SIGN_ARRANGEMENTS, READ_CASES, OPEN_CASES}),
    Role.TILL_SUPERVISOR: frozenset({READ_ACCOUNTS, READ_LEDGER, TAKE_PAYMENTS, READ_BILLING, CANCEL_RECEIPTS,
                                     READ_TILLS, APPROVE_CANCELLATIONS, SUPERVISE_TILLS, LOAD_SETTLEMENTS,
                                     CHARGE_FEES, READ_CAMPAIGNS, GRANT_BENEFITS, SIGN_ARRANGEMENTS,
                                     READ_CASES, OPEN_CASES}),
    Role.METER_READER: frozenset({READ_METERING, CAPTURE_READINGS, WORK_IN_FIELD}),
    Role.CREW: frozenset({READ_METERING, WORK_IN_FIELD}),
    Role.SERVICE_DESK: frozenset({READ_ACCOUNTS, READ_LEDGER, READ_METERING, READ_BILLING, CHANGE_REGISTRY,
                                  GRANT_BENEFITS, CHARGE_FEES, READ_CAMPAIGNS, PREPARE_CAMPAIGNS, READ_SENSITIVE,
                                  SIGN_ARRANGEMENTS, READ_FIELDWORK, READ_CASES, OPEN_CASES, ANSWER_CASES,
                                  READ_DUNNING, READ_CUTS, READ_MESSAGES, SEND_MESSAGES}),
    Role.BILLING_ANALYST: frozenset(_READ | {CAPTURE_READINGS, REVIEW_READINGS, RUN_BILLING, REVIEW_HELD,
                                             LOAD_TARIFFS, CHANGE_REGISTRY, PREPARE_CAMPAIGNS, PREPARE_POLICIES,
                                             PLAN_FIELDWORK,
                                             OPEN_CASES, ANSWER_CASES, PREPARE_NOTICES, PREPARE_CUTS,
                                             REVIEW_MONTHS}),
    Role.COMMERCIAL_MANAGER: frozenset(_READ | {ISSUE_BILLING, CANCEL_BILLS, PUBLISH_TARIFFS, REVIEW_HELD,
                                                GRANT_BENEFITS, READ_TILLS, CANCEL_RECEIPTS, APPROVE_CANCELLATIONS,
                                                APPROVE_CLOSED_CANCELLATIONS, SUPERVISE_TILLS, MANAGE_TILLS,
                                                LOAD_SETTLEMENTS, APPROVE_CLERKS, APPROVE_TERMS, READ_CLERKS,
                                                PREPARE_CAMPAIGNS, PUBLISH_CAMPAIGNS, READ_SENSITIVE,
                                                PREPARE_POLICIES, APPROVE_POLICIES,
                                                SIGN_ARRANGEMENTS, APPROVE_ARRANGEMENTS, DEFAULT_ARRANGEMENTS,
                                                PLAN_FIELDWORK, MANAGE_DEVICES, OPEN_CASES, ANSWER_CASES,
                                                PREPARE_NOTICES, APPROVE_CUTS, REVIEW_MONTHS, CLOSE_MONTHS,
                                                PUBLISH_REPORTS, SEND_MESSAGES}),
    Role.AUDITOR: frozenset(_READ | {READ_TILLS, READ_CLERKS}),
    # segregation of duties: whoever manages the system has no permission over money
    Role.ADMINISTRATOR: frozenset({MANAGE_CLERKS, READ_CLERKS, READ_TARIFFS, READ_BILLING, READ_FIELDWORK, MANAGE_DEVICES}),
}  # fmt: skip

# they touch money or settings: a stolen password must not be enough
SECOND_FACTOR_ROLES: Final = frozenset({
    Role.CASHIER, Role.TILL_SUPERVISOR, Role.SERVICE_DESK, Role.BILLING_ANALYST, Role.COMMERCIAL_MANAGER,
    Role.ADMINISTRATOR,
})  # fmt: skip


def asks_second_factor(*, role: str, is_practice: bool) -> bool:
    """Whether six digits of the telephone are asked besides the password. Never where money is not real."""
    return role in SECOND_FACTOR_ROLES and not is_practice


def acts_of(*, clerk: Clerk) -> frozenset[str]:
    """Everything this clerk may do; nothing once disabled."""
    return acts_of_role(role=clerk.role) if clerk.is_active else frozenset()


def acts_of_role(*, role: str) -> frozenset[str]:
    """What a role may do: its own acts, one's own access, and deciding requests if there are any for it."""
    acts = ACTS.get(role, frozenset())
    return acts | {KEEP_OWN_ACCESS} | ({DECIDE_REQUESTS} if acts & APPROVALS else set())


def may(*, clerk: Clerk, act: str) -> bool:
    """Whether this clerk may do this act."""
    return act in acts_of(clerk=clerk)


def is_six_digits(pin: str, /) -> bool:
    """Whether this is the shape of a PIN."""
    return len(pin) == PIN_LENGTH and pin.isascii() and pin.isdigit()


def is_easy_pin(pin: str, /) -> bool:
    """Whether anybody would try this PIN first: few different digits, a series, a pair or a half again."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    is_series = len(steps) == 1 and steps <= {0, 1, 9}
    is_written_twice = pin[:3] == pin[3:] or pin[:3] == pin[:2:-1] or pin[::2] == pin[1::2]
    return is_series or is_written_twice or len(set(pin)) <= 2
