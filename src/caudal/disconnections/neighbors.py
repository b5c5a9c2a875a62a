"""What rooms below tell or do for a cut: open claims, served notices, a message, a case. Asked in one place."""

from collections.abc import Sequence
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from caudal.disconnections.policy import Claim
from caudal.registry.models import Account


def _door(room: str, door: str) -> Any:
    name = f"caudal.{room}.{door}"
    return import_module(name) if find_spec(name) else None


def open_claims(*, account_ids: Sequence[int]) -> dict[int, tuple[Claim, ...]]:
    """Open claims about bills, by account."""
    cases = _door("cases", "queries")
    if cases is None:
        return {}
    found = cases.open_claims(account_ids=list(account_ids))
    return {
        account: tuple(
            Claim(each.case_folio, each.cents, getattr(each, "opened_at", None)) for each in claims
        )
        for account, claims in found.items()
    }


def served_stages(*, account_ids: Sequence[int]) -> dict[int, frozenset[str]]:
    """The notices of their debt that each account was served, by the code of their stage."""
    dunning = _door("dunning", "queries")
    if dunning is None or not hasattr(dunning, "served_stages"):
        return {}
    found: dict[int, frozenset[str]] = dunning.served_stages(account_ids=list(account_ids))
    return found


def tell(*, account: Account, text: str, folio: str, at: datetime, by: str) -> None:
    """Tell the holder of an account what happens with their water, if there is a way."""
    messaging = _door("messaging", "commands")
    if messaging is not None:
        messaging.tell(account=account, text=text, about_kind="reconnection", about_folio=folio, at=at, by=by)


def open_case(*, type: str, account: Account, description: str, at: datetime, by: str) -> str:
    """Open a case about an account, to be looked into by a person. Its folio; empty while nobody keeps cases."""
    cases = _door("cases", "commands")
    if cases is None:
        return ""
    opened = cases.open_case(
        type=type, channel="field", account=account, description=description, at=at, by=by
    )
    return str(opened.folio)
