"""From what was typed to what would be signed: blanks are proposed, what does not fit is told."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from caudal.arrangements import queries
from caudal.arrangements.policy import Ability, CannotArrange, Terms
from caudal.arrangements.queries import Simulation
from caudal.kernel.refusals import Refusal
from caudal.registry.models import Account

# the fields of the form by the names that refusals give them
FIELDS = {"down": "down_payment", "signer": "signer_name"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the assistant shows: the usual agreement, the one that was asked for, or why it cannot be."""

    usual: Simulation
    simulation: Simulation | None
    ability: Ability | None
    refusal: Refusal | None = None


def answer(*, account: Account, typed: dict[str, Any], on: date, at: datetime) -> Answer:
    """What would be signed with what was typed.

    :raises CannotArrange: if the account has nothing to put in an agreement
    """
    usual = queries.simulate(account=account, on=on, at=at)
    if all(value is None for value in typed.values()):
        return Answer(usual, usual, None)
    ability = _ability(typed)
    try:
        terms = _terms(account, typed, ability, usual, at)
        simulation = queries.simulate(account=account, on=on, at=at, terms=terms, ability=ability)
    except Refusal as refusal:
        return Answer(usual, _without_ability(account, typed, usual, at), ability, refusal)
    return Answer(usual, simulation, ability)


def _ability(typed: dict[str, Any]) -> Ability | None:
    """What the household said; nothing if nothing was typed."""
    names = ("income", "expenses", "can_pay", "dependents")
    if all(typed[name] is None for name in names):
        return None
    income, expenses, can_pay, dependents = (typed[name] or 0 for name in names)
    return Ability(income_cents=income, expenses_cents=expenses, can_pay_cents=can_pay, dependents=dependents)


def _terms(
    account: Account, typed: dict[str, Any], ability: Ability | None, usual: Simulation, at: datetime
) -> Terms:
    if ability and typed["count"] is None:
        return queries.suggest_terms(
            account=account, ability=ability, on=usual.on, at=at, down_cents=typed["down_payment"],
            first_due_on=typed["first_due_on"],
        )  # fmt: skip
    down = usual.terms.down_cents if typed["down_payment"] is None else typed["down_payment"]
    deferred = usual.agreed_cents - down
    # as many as usual, but never of less than the policy admits without asking anybody
    count = min(usual.terms.count, max(deferred // usual.policy.least_installment_cents, 1))
    return Terms(
        down_cents=down,
        count=count if typed["count"] is None else typed["count"],
        first_due_on=typed["first_due_on"] or usual.terms.first_due_on,
    )


def _without_ability(
    account: Account, typed: dict[str, Any], usual: Simulation, at: datetime
) -> Simulation | None:
    """While what the household said does not do, the table without it: somebody may approve it all the same."""
    try:
        terms = _terms(account, typed, None, usual, at)
        return queries.simulate(account=account, on=usual.on, at=at, terms=terms)
    except CannotArrange:
        return None
