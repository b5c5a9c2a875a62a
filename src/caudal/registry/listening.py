"""What the padrón hears: a change of terms that was asked for and granted is carried out."""

from datetime import date

from caudal.access import policy as acts
from caudal.access.events import RequestGranted
from caudal.registry import commands, queries


def carry_out(event: RequestGranted, /) -> None:
    """The terms asked for and granted are written, in the name of who asked for them."""
    given = event.approval
    if (given.act, given.object_kind) != (acts.APPROVE_TERMS, "account"):
        return
    asked = given.after or {}
    commands.change_terms(
        account=queries.account_by_number(number=given.object_id),
        tariff_class=queries.tariff_class_by_code(code=asked["tariff_class"]),
        is_metered=asked["is_metered"], on=date.fromisoformat(asked["on"]),
        reason=given.reason, by=given.asked_by, at=given.at, approval=given,
    )  # fmt: skip
