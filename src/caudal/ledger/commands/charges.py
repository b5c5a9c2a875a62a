"""Posting charges one document at a time: fees, adjustments, a re-billed month. Runs load theirs in bulk."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from caudal.kernel import audit, partitions
from caudal.kernel.fields import NO_PERIOD
from caudal.kernel.refusals import Refusal
from caudal.ledger import catalog, chart
from caudal.ledger.chart import Chart
from caudal.ledger.commands import balances, journal
from caudal.ledger.models import Charge, DocumentKind, Working
from caudal.registry.models import Account


class CannotPostCharges(Refusal): ...


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """One line of a document (centavos). A reduction is negative and says what it reduces."""

    concept_id: int
    amount_cents: int
    vat_cents: int = 0
    base_cents: int = 0
    reduces_id: int = 0
    working: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class PostedDocument:
    """The reference of what was posted, and its total with VAT (centavos)."""

    period: int
    account_id: int
    document_kind: int
    sequence: int
    total_cents: int


def working_address(*, body: dict[str, Any]) -> int:
    """The id of a working: the first 8 bytes of the SHA-256 of its canonical JSON, as a signed integer."""
    return int.from_bytes(hashlib.sha256(canonical(body=body).encode()).digest()[:8], "big", signed=True)


def canonical(*, body: dict[str, Any]) -> str:
    """A working as text, always the same for the same working."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def keep_workings(*, bodies: Iterable[dict[str, Any]]) -> list[int]:
    """Store workings (once each, however often they are used) and return their ids, in order."""
    rows = [Working(id=working_address(body=body), body=body) for body in bodies]
    Working.objects.bulk_create({row.id: row for row in rows}.values(), ignore_conflicts=True)
    return [row.id for row in rows]


@transaction.atomic
def post_charges(
    *,
    account: Account,
    lines: Sequence[ChargeLine],
    document_kind: int,
    due_on: date,
    on: date,
    at: datetime,
    by: str,
    period: int = NO_PERIOD,
    sequence: int | None = None,
    reason: str = "",
) -> PostedDocument:
    """Charge an account with one document, and post its journal entry.

    Opening balances are posted against results of earlier years, everything else against revenue.

    :param sequence: number of the document among those of its kind and period; None takes the next
    :raises CannotPostCharges: without lines, with an unknown concept, a total that is negative, a reduction
        without what it reduces, or a document that was posted before
    """
    concepts = chart.read()
    _require_sound(lines, concepts)
    balances.lock_accounts(account_ids=[account.id])
    partitions.ensure(parent="ledger_charge", period=period)
    if sequence is None:
        sequence = _next_sequence(account.id, period, document_kind)
    total = sum(line.amount_cents + line.vat_cents for line in lines)
    posted = PostedDocument(int(period), account.id, int(document_kind), sequence, total)
    _write_charges(posted, lines, due_on)
    _open(posted, lines, due_on, concepts)
    journal.write(
        kind="charges",
        document=reference(account=account, posted=posted),
        description=reason or f"Cargos a la cuenta {account.number}",
        lines=journal.accrual_lines(
            totals=[
                journal.RunTotal(line.concept_id, line.amount_cents, line.vat_cents, line.reduces_id)
                for line in lines
            ],
            concepts=concepts,
            against=catalog.PRIOR_RESULTS if document_kind == DocumentKind.OPENING_BALANCE else None,
        ),
        stamp=journal.Stamp(on, at, by),
    )
    audit.record(
        act="ledger.post_charges",
        by=by,
        at=at,
        object_kind="account",
        object_id=account.number,
        after={"document": reference(account=account, posted=posted), "total_cents": total},
        reason=reason,
    )
    return posted


def reference(*, account: Account, posted: PostedDocument) -> str:
    """The name of a document in the journal: account, period, kind, sequence."""
    return f"{account.number}/{posted.period}/{posted.document_kind}/{posted.sequence}"


def _require_sound(lines: Sequence[ChargeLine], concepts: Chart) -> None:
    if not lines:
        raise CannotPostCharges("No hay nada que cargar.", "Agregue al menos un concepto con su importe.")
    for line in lines:
        for concept in filter(None, (line.concept_id, line.reduces_id)):
            if concept not in concepts.concepts:
                raise CannotPostCharges(
                    f"No existe el concepto {concept}.", "Elija un concepto del catálogo.", field="concept"
                )
        is_reduction = concepts.concepts[line.concept_id].kind == "reduction"
        if is_reduction != bool(line.reduces_id) or (is_reduction and line.amount_cents > 0):
            raise CannotPostCharges(
                f"El renglón de {concepts.concepts[line.concept_id].name} no dice bien qué descuenta.",
                "Una reducción lleva importe negativo y el concepto que reduce; un cargo, ninguno.",
            )
    if sum(line.amount_cents + line.vat_cents for line in lines) < 0:
        raise CannotPostCharges(
            "El documento sumaría menos de cero.", "Registre un ajuste a favor en lugar de un cargo."
        )


def _next_sequence(account_id: int, period: int, document_kind: int) -> int:
    last = Charge.objects.filter(period=period, account_id=account_id, document_kind=document_kind).aggregate(
        last=Max("sequence")
    )["last"]
    return (last or 0) + 1


def _write_charges(posted: PostedDocument, lines: Sequence[ChargeLine], due_on: date) -> None:
    workings = [keep_workings(bodies=[line.working])[0] if line.working else 0 for line in lines]
    try:
        with transaction.atomic():
            Charge.objects.bulk_create(
                Charge(
                    period=posted.period,
                    account_id=posted.account_id,
                    document_kind=posted.document_kind,
                    sequence=posted.sequence,
                    concept_id=line.concept_id,
                    reduces_id=line.reduces_id,
                    due_on=due_on,
                    amount_cents=line.amount_cents,
                    vat_cents=line.vat_cents,
                    base_cents=line.base_cents,
                    working_id=working,
                )
                for line, working in zip(lines, workings, strict=True)
            )
    except IntegrityError:
        raise CannotPostCharges(
            "Ese documento ya está cargado en la cuenta, o repite un concepto.",
            "Revise el estado de cuenta; para corregirlo, cancele el documento y emita otro.",
        ) from None


def _open(posted: PostedDocument, lines: Sequence[ChargeLine], due_on: date, concepts: Chart) -> None:
    sums = [0, 0]
    for line in lines:
        is_accessory = concepts.is_accessory(line.reduces_id or line.concept_id)
        sums[is_accessory] += line.amount_cents + line.vat_cents
    balances.add_charges(
        period=posted.period,
        account_id=posted.account_id,
        due_on=due_on,
        principal_cents=sums[0],
        accessory_cents=sums[1],
    )
