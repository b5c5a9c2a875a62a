"""Journal entries: every movement of money as an accounting document whose lines sum to zero."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from caudal.kernel.refusals import Refusal
from caudal.ledger import catalog, chart
from caudal.ledger.chart import Chart
from caudal.ledger.models import JournalEntry, JournalLine


class CannotPostEntry(Refusal): ...


@dataclass(frozen=True, slots=True)
class Stamp:
    """The accounting day of an act, the moment it was recorded, and by whom."""

    on: date
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Line:
    """One movement (centavos): debit positive, credit negative."""

    ledger_account: str
    amount_cents: int
    concept_id: int | None = None


@dataclass(frozen=True, slots=True)
class RunTotal:
    """What a run charged of one concept, net of VAT, and its VAT (centavos); reductions are negative."""

    concept_id: int
    amount_cents: int
    vat_cents: int = 0
    reduces_id: int = 0


def accrual_lines(*, totals: Iterable[RunTotal], concepts: Chart, against: str | None = None) -> list[Line]:
    """Debit what is owed (a reduction lowers the receivable of the concept it reduces), credit revenue
    and VAT. `against` takes the place of the revenue account, for debts of earlier years."""
    lines = []
    for total in totals:
        target = total.reduces_id or total.concept_id
        revenue = against or concepts.revenue(total.concept_id)
        lines += [
            Line(concepts.receivable(target), total.amount_cents + total.vat_cents, target),
            Line(revenue, -total.amount_cents, total.concept_id),
            Line(catalog.VAT_PAYABLE, -total.vat_cents, target),
        ]
    return lines


def write(
    *, kind: str, document: str, description: str, lines: Iterable[Line], stamp: Stamp
) -> JournalEntry | None:
    """Write an entry, like lines joined and empty ones left out; nothing if nothing is left."""
    moves = _joined(lines)
    if not moves:
        return None
    entry = JournalEntry.objects.create(
        kind=kind,
        document=document,
        on=stamp.on,
        description=description[:200],
        recorded_at=stamp.at,
        recorded_by=stamp.by,
    )
    JournalLine.objects.bulk_create(
        JournalLine(entry=entry, ledger_account_id=account, concept_id=concept, amount_cents=cents)
        for (account, concept), cents in moves.items()
    )
    return entry


def as_columns(
    *, entries: Mapping[str, Iterable[Line]]
) -> tuple[list[str], list[str], list[int | None], list[int]]:
    """Lines of several entries, by kind, as columns: kind, account, concept, centavos; joined like `write`."""
    rows = [
        (kind, account, concept, cents)
        for kind, lines in entries.items()
        for (account, concept), cents in _joined(lines).items()
    ]
    kinds, accounts, concepts, amounts = ([row[place] for row in rows] for place in range(4))
    return kinds, accounts, concepts, amounts  # type: ignore[return-value]


def _joined(lines: Iterable[Line]) -> dict[tuple[str, int | None], int]:
    """Like lines joined, empty ones left out."""
    joined: dict[tuple[str, int | None], int] = defaultdict(int)
    for line in lines:
        joined[line.ledger_account, line.concept_id] += line.amount_cents
    return {key: cents for key, cents in joined.items() if cents}


@transaction.atomic
def post_run_entry(
    *, document: str, on: date, description: str, totals: Sequence[RunTotal], at: datetime, by: str
) -> list[JournalEntry]:
    """Post what a billing run charged: one balanced entry for each concept, with what reduces it.

    Posting the same run again finds its entries and writes nothing.

    :param document: names the run for ever, such as `run:12`
    :param totals: one for each pair of concept and concept reduced
    :raises CannotPostEntry: if the run was posted before with other amounts
    """
    concepts = chart.read()
    groups: dict[int, list[RunTotal]] = defaultdict(list)
    for total in totals:
        groups[total.reduces_id or total.concept_id].append(total)
    entries = []
    for target, group in sorted(groups.items()):
        kind = f"billing.{concepts.concepts[target].code}"
        lines = accrual_lines(totals=group, concepts=concepts)
        if earlier := JournalEntry.objects.filter(kind=kind, document=document).first():
            _require_same(earlier, lines)
            entries.append(earlier)
        elif entry := write(
            kind=kind, document=document, description=description, lines=lines, stamp=Stamp(on, at, by)
        ):
            entries.append(entry)
    return entries


def _require_same(earlier: JournalEntry, lines: Iterable[Line]) -> None:
    asked: dict[tuple[str, int | None], int] = defaultdict(int)
    for line in lines:
        asked[line.ledger_account, line.concept_id] += line.amount_cents
    written = {
        (account, concept): cents
        for account, concept, cents in earlier.lines.values_list(
            "ledger_account_id", "concept_id", "amount_cents"
        )
    }
    if written != {key: cents for key, cents in asked.items() if cents}:
        raise CannotPostEntry(
            f"La póliza {earlier.kind} de {earlier.document} ya está registrada con otros importes.",
            "Revise con `caudal check` qué cambió en la emisión antes de volver a contabilizarla.",
        )


@transaction.atomic
def post_difference(
    *, document: str, cents: int, funds: str, on: date, at: datetime, by: str
) -> JournalEntry | None:
    """Post what a count found over (positive centavos) or short in a place where money is.

    What is over is other revenue; what is short is charged to nobody: it waits in an account to be explained.
    """
    against = catalog.OTHER_REVENUE if cents > 0 else catalog.CASH_SHORTAGES
    return write(
        kind="cash_difference",
        document=document,
        description="Sobrante de caja" if cents > 0 else "Faltante de caja",
        lines=[Line(funds, cents), Line(against, -cents)],
        stamp=Stamp(on, at, by),
    )


@transaction.atomic
def post_transfer(
    *, document: str, cents: int, source: str, target: str, description: str, on: date, at: datetime, by: str
) -> JournalEntry | None:
    """Post money (centavos) that moves between two accounts of the chart, such as from the drawer to the bank."""
    return write(
        kind="transfer",
        document=document,
        description=description,
        lines=[Line(target, cents), Line(source, -cents)],
        stamp=Stamp(on, at, by),
    )
