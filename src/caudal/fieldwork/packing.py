"""What a phone needs to know of each stop: the rooms above say, on the wiring page.

Never a name, a telephone, a debt or an amount: what is not on the phone cannot be lost with it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from caudal.fieldwork import policy, verdicts
from caudal.fieldwork.models import FieldOrder, Stop


class Packer(Protocol):
    """Tells, for stops of one kind of subject, what the phone needs: by `str(stop.code)`, JSON values."""

    def __call__(self, *, stops: list[Stop], at: datetime) -> Mapping[str, dict[str, Any]]: ...


_packers: dict[str, Packer] = {}


def add(subject_kind: str, packer: Packer) -> None:
    """Let `packer` tell what the phone needs of stops whose subject is this ("reading", "bill", "notice", "order")."""
    _packers[subject_kind] = packer


def told_of(*, stops: Sequence[Stop], at: datetime) -> dict[str, dict[str, Any]]:
    """What the rooms say of each stop, by its code; nothing of those nobody packs."""
    kinds: dict[str, list[Stop]] = {}
    for stop in stops:
        kinds.setdefault(stop.subject_kind, []).append(stop)
    told: dict[str, dict[str, Any]] = {}
    for kind, of_kind in kinds.items():
        packer = _packers.get(kind)
        if packer:
            told |= packer(stops=of_kind, at=at)
    return told


class Header(Protocol):
    """Tells what is said once for a whole round: codes, for instance."""

    def __call__(self, *, at: datetime) -> Mapping[str, Any]: ...


_headers: dict[str, Header] = {}


def add_head(subject_kind: str, header: Header) -> None:
    """Let `header` tell what goes once with a round that has stops of this subject."""
    _headers[subject_kind] = header


def head_of(*, stops: Sequence[Stop], at: datetime) -> dict[str, Any]:
    """What goes once with these stops."""
    told: dict[str, Any] = {}
    for kind in sorted({stop.subject_kind for stop in stops} & set(_headers)):
        told |= _headers[kind](at=at)
    return told


def _orders(*, stops: list[Stop], at: datetime) -> dict[str, dict[str, Any]]:
    """What a crew needs of each order. Of a cut, whether it goes, never how much is owed."""
    folios = [stop.subject_folio for stop in stops]
    orders = {
        order.folio: order for order in FieldOrder.objects.select_related("result").filter(folio__in=folios)
    }
    answers = verdicts.of(orders=list(orders.values()), at=at)
    return {
        str(stop.code): _order(orders[stop.subject_folio], answers)
        for stop in stops
        if stop.subject_folio in orders
    }


def _order(order: FieldOrder, answers: Mapping[str, verdicts.Verdict]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "folio": order.folio, "kind": order.kind, "kind_word": order.get_kind_display(),
        "instructions": order.instructions, "checklist": order.checklist, "priority": order.priority,
        "needs_check": order.kind in verdicts.CHECKED_KINDS, "place": order.address,
    }  # fmt: skip
    return told | {"verdict": answers[order.folio].as_dict()}


add(policy.ORDER, _orders)


def _bills(*, stops: list[Stop], at: datetime) -> dict[str, dict[str, Any]]:
    """A bill is left in the box or the hand: four digits tell which, and a photograph is not asked for."""
    return {
        str(stop.code): {
            "folio_tail": stop.subject_folio[-4:], "kind_word": "recibo", "options": list(policy.BILL_OUTCOMES),
            "photo_required": False,
        }
        for stop in stops
    }  # fmt: skip


add(policy.BILL, _bills)
