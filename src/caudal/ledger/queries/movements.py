"""What happened to an account, document by document; and the journal, entry by entry."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import connection
from django.db.models import Sum
from django.db.models.functions import Coalesce

from caudal.ledger import loading
from caudal.ledger.models import Allocation, Credit, DocumentKind, JournalEntry
from caudal.registry.models import Account

# what a run writes: a bill's own charges, and what it settles of estimated months
BILLED: Final = (DocumentKind.BILL, DocumentKind.REGULARIZATION)
# charged on another day than the one they are due
BY_HAND: Final = (DocumentKind.FEE, DocumentKind.INSTALLMENT)

CHARGED = """
    SELECT period, document_kind, sequence, max(due_on), sum(amount_cents + vat_cents)::bigint,
           sum(vat_cents)::bigint
    FROM ledger_charge WHERE account_id = %s AND period = ANY(%s)
    GROUP BY period, document_kind, sequence
"""


@dataclass(frozen=True, slots=True)
class Movement:
    """A document that charged an account (positive) or a credit (negative), with its date.

    The date of a bill's charges is the day it was issued, if whoever asks told it, or else the day they are due;
    of any other charge, the day it was written; of a credit, its business date. `open_cents` is what is left to
    pay of a charge, or in favor of a credit.
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
    reverses_id: int | None = None
    document_kind: int = 0
    sequence: int = 0
    due_on: date | None = None
    by: str = ""
    reason: str = ""


def movements(
    *,
    account_id: int,
    periods: Sequence[int] | None = None,
    issued_on: Mapping[tuple[int, int], date] | None = None,
) -> list[Movement]:
    """The movements of an account, oldest first.

    :param periods: the billing periods to look into for charges; None for all
    :param issued_on: when each bill was issued, by (period, revision): the ledger knows only when it is due
    """
    asked = list(periods) if periods is not None else loading.charge_periods()
    of_document, of_credit = _allocated(account_id)
    found = [*_charges(account_id, asked, issued_on or {}, of_document), *_credits(account_id, of_credit)]
    return sorted(found, key=lambda each: (each.on, each.amount_cents < 0, each.period, each.document))


def _allocated(account_id: int) -> tuple[dict[tuple[int, int, int], int], dict[int, int]]:
    """What credits extinguished of each document, and what each credit was used for (centavos)."""
    of_document: dict[tuple[int, int, int], int] = defaultdict(int)
    of_credit: dict[int, int] = defaultdict(int)
    rows = (
        Allocation.objects.filter(account_id=account_id)
        .values_list("period", "document_kind", "sequence", "credit_id")
        .annotate(cents=Sum("amount_cents"))
    )
    for period, kind, sequence, credit, cents in rows:
        of_document[int(period), kind, sequence] += cents
        of_credit[credit] += cents
    return of_document, of_credit


def _charges(
    account_id: int,
    periods: Sequence[int],
    issued_on: Mapping[tuple[int, int], date],
    paid: Mapping[tuple[int, int, int], int],
) -> list[Movement]:
    with connection.cursor() as cursor:
        cursor.execute(CHARGED, [account_id, [int(period) for period in periods]])
        rows = cursor.fetchall()
    by_hand = [f"{period}/{kind}/{sequence}" for period, kind, sequence, *_ in rows if kind in BY_HAND]
    posted_on = _posted_on(account_id, by_hand)
    return [
        Movement(
            on=posted_on.get(f"{period}/{kind}/{sequence}", due_on)
            if kind not in BILLED
            else issued_on.get((period, sequence), due_on),
            kind=DocumentKind(kind).name.lower(),
            label=str(DocumentKind(kind).label),
            document=f"{period}/{kind}/{sequence}",
            period=period,
            amount_cents=cents,
            open_cents=cents - paid.get((period, kind, sequence), 0),
            document_kind=kind,
            sequence=sequence,
            due_on=due_on,
        )
        for period, kind, sequence, due_on, cents, _ in rows
    ]


def _posted_on(account_id: int, documents: Sequence[str]) -> dict[str, date]:
    """When charges posted by hand were written, by document: the journal says it, and nothing else does."""
    if not documents:
        return {}
    number = Account.objects.values_list("number", flat=True).get(pk=account_id)
    entries = JournalEntry.objects.filter(
        kind="charges", document__in=[f"{number}/{document}" for document in documents]
    )
    days = entries.values_list("document", Coalesce("happened_on", "on"))
    return {name.removeprefix(f"{number}/"): on for name, on in days}


def _credits(account_id: int, used: Mapping[int, int]) -> list[Movement]:
    credits = list(Credit.objects.filter(account_id=account_id).order_by("on", "id"))
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
            else credit.amount_cents - used.get(credit.id, 0),
            credit_id=credit.id,
            is_reversed=credit.id in reversed_ids,
            reverses_id=credit.reverses_id,
            by=credit.recorded_by,
            reason=credit.reason,
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
