"""What happened to an account, document by document; and the journal, entry by entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Sum

from caudal.ledger import loading
from caudal.ledger.models import Allocation, Credit, DocumentKind, JournalEntry

CHARGED = """
    SELECT period, document_kind, sequence, max(due_on), sum(amount_cents + vat_cents)::bigint,
           sum(vat_cents)::bigint
    FROM ledger_charge WHERE account_id = %s AND period = ANY(%s)
    GROUP BY period, document_kind, sequence
"""


@dataclass(frozen=True, slots=True)
class Movement:
    """A document that charged an account (positive) or a credit (negative), with its date.

    The date of a charge is the day it is due; of a credit, its business date. `open_cents` is what is left
    to pay of a charge, or in favor of a credit.
    """

    on: date
    kind: str
    label: str
    document: str
    period: int
    amount_cents: int
    open_cents: int
    credit_id: int | None = None
    is_reversed: bool = False


def movements(*, account_id: int, periods: Sequence[int] | None = None) -> list[Movement]:
    """The movements of an account, oldest first.

    :param periods: the billing periods to look into for charges; None for all
    """
    asked = list(periods) if periods is not None else loading.charge_periods()
    found = [*_charges(account_id, asked), *_credits(account_id)]
    return sorted(found, key=lambda each: (each.on, each.amount_cents < 0, each.period, each.document))


def _charges(account_id: int, periods: Sequence[int]) -> list[Movement]:
    key = ("period", "document_kind", "sequence")
    paid = {
        tuple(map(int, row[:3])): int(row[3])
        for row in Allocation.objects.filter(account_id=account_id)
        .values_list(*key)
        .annotate(cents=Sum("amount_cents"))
    }
    with connection.cursor() as cursor:
        cursor.execute(CHARGED, [account_id, [int(period) for period in periods]])
        rows = cursor.fetchall()
    return [
        Movement(
            on=due_on,
            kind=DocumentKind(kind).name.lower(),
            label=str(DocumentKind(kind).label),
            document=f"{period}/{kind}/{sequence}",
            period=period,
            amount_cents=cents,
            open_cents=cents - paid.get((period, kind, sequence), 0),
        )
        for period, kind, sequence, due_on, cents, _ in rows
    ]


def _credits(account_id: int) -> list[Movement]:
    credits = list(Credit.objects.filter(account_id=account_id).order_by("on", "id"))
    allocated = dict(
        Allocation.objects.filter(account_id=account_id)
        .values_list("credit_id")
        .annotate(cents=Sum("amount_cents"))
    )
    reversed_ids = {credit.reverses_id for credit in credits}
    return [
        Movement(
            on=credit.on,
            kind=credit.kind,
            label=("cancelación: " if credit.reverses_id else "") + str(credit.get_kind_display()),
            document=credit.document,
            period=0,
            amount_cents=-credit.amount_cents,
            open_cents=0
            if credit.reverses_id or credit.id in reversed_ids
            else credit.amount_cents - int(allocated.get(credit.id, 0)),
            credit_id=credit.id,
            is_reversed=credit.id in reversed_ids,
        )
        for credit in credits
    ]


def journal_entries(
    *, since: date | None = None, until: date | None = None, kind: str = "", limit: int = 200
) -> list[dict[str, Any]]:
    """Entries with their lines, newest first; `until` is not included."""
    entries = JournalEntry.objects.prefetch_related("lines__ledger_account", "lines__concept")
    if since:
        entries = entries.filter(on__gte=since)
    if until:
        entries = entries.filter(on__lt=until)
    if kind:
        entries = entries.filter(kind__startswith=kind)
    return [
        {
            "id": entry.id,
            "on": entry.on,
            "kind": entry.kind,
            "document": entry.document,
            "description": entry.description,
            "lines": [
                {
                    "account": line.ledger_account_id,
                    "account_name": line.ledger_account.name,
                    "concept": line.concept.code if line.concept else None,
                    "amount_cents": line.amount_cents,
                }
                for line in sorted(entry.lines.all(), key=lambda line: line.id)
            ],
        }
        for entry in entries.order_by("-on", "-id")[:limit]
    ]
