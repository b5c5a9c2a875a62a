"""Loading a file of payments: all of it or nothing, each external reference once."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from caudal.cashier.commands.payments import post_payment, require_open_series
from caudal.cashier.models import Payment
from caudal.cashier.settlement_files import PaymentFile, PaymentRow, read_rows
from caudal.kernel.refusals import Refusal
from caudal.ledger import commands as ledger
from caudal.registry.models import Account

# the key of an imported payment is made of its channel and reference: the same file makes the same keys
KEYS: Final = UUID("7d1f5c1e-6a53-4c0a-9e51-2f1e0a7f3b11")


class CannotImportPayments(Refusal):
    """Carries every finding of the file."""

    findings: Sequence[Refusal] = ()


@dataclass(frozen=True, slots=True)
class ImportedPayments:
    """What a file brought: payments posted now, those that were there already, amounts in centavos."""

    n_posted: int
    posted_cents: int
    n_known: int
    known_cents: int
    first_folio: str
    last_folio: str


@transaction.atomic
def import_payments(*, path: Path, mapping: PaymentFile, at: datetime, by: str) -> ImportedPayments:
    """Post every payment of a file, in its order. A file loaded again posts only what is new in it.

    :raises CannotImportPayments: with its `findings`, each with row, column and value; then nothing is posted
    """
    rows, findings = read_rows(path=path, mapping=mapping)
    accounts = Account.objects.in_bulk([row.account_number for row in rows], field_name="number")
    # all accounts before the first folio: a window that waits for the series must not hold one of them; and
    # before asking what is known: the same file loaded at once by two clerks is posted by one
    ledger.lock_accounts(account_ids=[account.id for account in accounts.values()])
    known = {
        payment.external_reference: payment
        for payment in Payment.objects.select_related("account").filter(
            channel=mapping.channel, external_reference__in=[row.reference for row in rows]
        )
    }
    findings += _disagreements(path, rows, accounts, known, at, mapping)
    if findings:
        raise _refusal(path, findings)
    new = [row for row in rows if row.reference not in known]
    receipts = [_post(row, accounts[row.account_number], mapping, at, by) for row in new]
    return ImportedPayments(
        n_posted=len(receipts),
        posted_cents=sum(row.amount_cents for row in new),
        n_known=len(known),
        known_cents=sum(payment.amount_cents for payment in known.values()),
        first_folio=receipts[0]["receipt_folio"] if receipts else "",
        last_folio=receipts[-1]["receipt_folio"] if receipts else "",
    )


def _post(row: PaymentRow, account: Account, mapping: PaymentFile, at: datetime, by: str) -> dict[str, Any]:
    return post_payment(
        account=account,
        amount_cents=row.amount_cents,
        tender=row.tender,
        paid_at=at,
        business_on=row.paid_on,
        by=by,
        key=uuid5(KEYS, f"{mapping.channel}\n{row.reference}"),
        series=mapping.series,
        channel=mapping.channel,
        external_reference=row.reference,
    )


def _disagreements(
    path: Path,
    rows: Sequence[PaymentRow],
    accounts: dict[str, Account],
    known: dict[str, Payment],
    at: datetime,
    mapping: PaymentFile,
) -> list[Refusal]:
    """What each row contradicts: the registry, the rest of the file, what was posted before."""
    repeated = {each for each, times in Counter(row.reference for row in rows).items() if times > 1}
    found = []
    for row in rows:
        earlier = known.get(row.reference)
        problems = (
            (row.account_number not in accounts, "account", row.account_number, "No existe esa cuenta."),
            (row.reference in repeated, "reference", row.reference, "La referencia viene más de una vez."),
            (
                row.paid_on > timezone.localdate(at),
                "paid_on",
                row.paid_on.isoformat(),
                "La fecha del pago es futura.",
            ),
            (
                earlier is not None
                and (earlier.amount_cents, earlier.account.number) != (row.amount_cents, row.account_number),
                "reference",
                row.reference,
                f"Esa referencia ya se registró con otros datos ({earlier.receipt_folio if earlier else ''}).",
            ),
        )
        found += [
            Refusal(
                what,
                "Corrija el renglón o quítelo del archivo.",
                file=path.name,
                row=row.row,
                column=mapping.columns[meaning],
                value=value,
            )
            for is_wrong, meaning, value, what in problems
            if is_wrong
        ]
    if rows and not found:
        require_open_series(code=mapping.series, on=max(row.paid_on for row in rows))
    return found


def _refusal(path: Path, findings: Sequence[Refusal]) -> CannotImportPayments:
    first = min(findings, key=lambda finding: finding.row or 0)
    refusal = CannotImportPayments(
        f"No se registró ningún pago. Renglones por corregir: {len(findings)}. El primero: {first}",
        "Corrija el archivo y cárguelo otra vez; lo ya registrado no se repite.",
        file=path.name,
    )
    refusal.findings = tuple(sorted(findings, key=lambda finding: finding.row or 0))
    return refusal
