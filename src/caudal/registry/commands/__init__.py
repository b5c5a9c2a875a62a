"""Verbs of the padrón. Each is one transaction, leaves its line in the audit, and overwrites nothing."""

from caudal.registry.commands.accounts import (
    CannotCloseAccount,
    CannotOpenAccount,
    Place,
    close_account,
    open_account,
)
from caudal.registry.commands.benefits import CannotEndBenefit, CannotGrantBenefit, end_benefit, grant_benefit
from caudal.registry.commands.holders import CannotChangeHolder, Holder, change_holder, require_sound_holder
from caudal.registry.commands.indexing import index_accounts
from caudal.registry.commands.interruptions import (
    CannotInterruptService,
    CannotMoveServicePoint,
    CannotRestoreService,
    interrupt_service,
    move_on_route,
    restore_service,
)
from caudal.registry.commands.placing import CannotPlaceServicePoints, place_service_points
from caudal.registry.commands.protecting import CannotProtectServicePoint, protect_service_point
from caudal.registry.commands.terms import (
    CannotChangeTerms,
    approve_terms,
    ask_to_change_terms,
    change_terms,
    restate_terms,
)

__all__ = [
    "CannotChangeHolder",
    "CannotChangeTerms",
    "CannotCloseAccount",
    "CannotEndBenefit",
    "CannotGrantBenefit",
    "CannotInterruptService",
    "CannotMoveServicePoint",
    "CannotOpenAccount",
    "CannotPlaceServicePoints",
    "CannotProtectServicePoint",
    "CannotRestoreService",
    "Holder",
    "Place",
    "approve_terms",
    "ask_to_change_terms",
    "change_holder",
    "change_terms",
    "close_account",
    "end_benefit",
    "grant_benefit",
    "index_accounts",
    "interrupt_service",
    "move_on_route",
    "open_account",
    "place_service_points",
    "protect_service_point",
    "require_sound_holder",
    "restate_terms",
    "restore_service",
]
