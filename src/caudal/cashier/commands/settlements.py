"""Loading a file of a channel: all of it or nothing, each movement once for ever."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import connection, transaction
from django.utils import timezone

from caudal.cashier.channels import layout as layouts
from caudal.cashier.channels import planning
from caudal.cashier.channels.movements import Movement
from caudal.cashier.channels.planning import Plan
from caudal.cashier.commands import channel_receipts
from caudal.cashier.commands.channels import lock_channel
from caudal.cashier.models import (
    Identification,
    Payment,
    PaymentChannel,
    Receipt,
    SettlementFile,
    SettlementLine,
)
from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.ledger import commands as ledger

# receipts written in one set of statements; between sets, the watcher is told
SET: Final = 5_000
COPY: Final = """
    COPY cashier_settlementline (channel_id, settlement_id, "row", fingerprint, reference, "authorization",
                                 amount_cents, paid_on, receipt_id, doubt, detail) FROM STDIN
"""
Watcher = Callable[[int], None]


class CannotLoadSettlement(Refusal):
    """Nothing of the file was loaded; `findings` says why, row by row."""

    findings: Sequence[Refusal] = ()


@dataclass(frozen=True, slots=True)
class LoadedSettlement:
    """What a file brought (centavos). Without `file`, everything in it was known already."""

    file: SettlementFile | None
    n_applied: int
    applied_cents: int
    n_taken_back: int
    taken_back_cents: int
    n_waiting: int
    waiting_cents: int
    n_ended: int
    n_known: int
    known_cents: int
    n_ignored: int
    first_folio: str
    last_folio: str

    @property
    def total_cents(self) -> int:
        """What the file adds up to; lines that end each other add up to nothing."""
        return self.applied_cents + self.taken_back_cents + self.waiting_cents + self.known_cents


@transaction.atomic
def load_settlement(
    *,
    channel: PaymentChannel,
    name: str,
    content: bytes,
    at: datetime,
    by: str,
    watcher: Watcher | None = None,
) -> LoadedSettlement:
    """Load a file of a channel: each movement it brings for the first time is applied, takes back, or waits.

    A payment counts on the day the file says, with surcharges to that day. What is not recognized is money all the
    same: it waits to be identified. The same file again, another that overlaps, or the two in the other order bring
    each movement once.

    :param watcher: told how many receipts were written, now and then
    :raises CannotLoadSettlement: with its `findings`, if a row cannot be read or contradicts what is known, or the
        channel is out of use; then nothing was loaded
    :raises StillBusy: if somebody else is loading a file of the channel
    """
    held = lock_channel(channel=channel)
    today = timezone.localdate(at)
    if held.closed_on is not None and held.closed_on <= today:
        raise CannotLoadSettlement(f"{held.name} está fuera de uso.", "Elija otro canal.", field="channel")
    with connection.cursor() as cursor:
        # a long file may keep the database waiting while it is read, and read for long
        cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")
    layout = layouts.from_document(document=held.layout)
    plan = planning.plan(channel=held.code, layout=layout, content=content, name=name, today=today)
    require_sound(plan=plan, name=name)
    if not plan.n_new:
        return _loaded(plan, None, [])
    file = SettlementFile.objects.create(
        channel=held, name=name[:200], content_hash=hashlib.sha256(content).hexdigest(), loaded_at=at, loaded_by=by,
        n_lines=plan.n_new, total_cents=plan.new_cents, n_known=plan.n_known, known_cents=plan.known_cents,
        n_ignored=plan.read.n_ignored,
    )  # fmt: skip
    receipts, folios = _post_rows(plan, held, file, watcher or (lambda _: None))
    _write_lines(plan, file, receipts)
    _end_lines(plan, file)
    _journal(plan, file)
    audit.record(
        act="cashier.load_settlement", by=by, at=at, object_kind="settlement", object_id=file.pk,
        after={
            "channel": held.code, "name": file.name, "sha256": file.content_hash, "lines": file.n_lines,
            "total_cents": file.total_cents, "known": file.n_known,
        },
    )  # fmt: skip
    return _loaded(plan, file, folios)


def require_sound(*, plan: Plan, name: str) -> None:
    """Refuse a file with findings, all told at once.

    :raises CannotLoadSettlement: with them
    """
    if not plan.findings:
        return
    ordered = sorted(plan.findings, key=lambda finding: finding.row or 0)
    refusal = CannotLoadSettlement(
        f"No se cargó nada: hay {len(ordered)} por corregir. Lo primero: {ordered[0]}",
        "Corrija el archivo o pídalo otra vez; lo ya registrado no se repite.",
        field="file",
        file=name,
    )
    refusal.findings = tuple(ordered)
    raise refusal


def _post_rows(
    plan: Plan, channel: PaymentChannel, file: SettlementFile, watcher: Watcher
) -> tuple[Mapping[str, int], list[str]]:
    """Write the receipts of what is applied, a set at a time, and of what takes back → receipts by fingerprint."""
    receipts: dict[str, int] = {}
    folios: list[str] = []
    originals = Receipt.objects.in_bulk([each.receipt_id for each in plan.taken_back])
    paid_back = Payment.objects.filter(receipt__in=originals).values_list("account_id", flat=True)
    # all accounts before the first folio, in one order: two files of two channels never wait for each other
    ledger.lock_accounts(account_ids=[*(each.account_id for each in plan.applied), *paid_back])
    for rows in sets(applications=plan.applied):
        written = channel_receipts.post(channel=channel, file=file, rows=rows)
        receipts.update(
            {row.movement.fingerprint: each.receipt_id for row, each in zip(rows, written, strict=True)}
        )
        folios += (written[0].folio, written[-1].folio)
        watcher(len(rows))
    for taken in plan.taken_back:
        back = channel_receipts.take_back(
            receipt=originals[taken.receipt_id], file=file, funds=ledger.Funds.BANKS, on=taken.movement.paid_on,
            at=file.loaded_at, by=file.loaded_by, reason=f"Devuelto por {channel.name}"[:200],
        )  # fmt: skip
        receipts[taken.movement.fingerprint] = back.receipt_id
    return receipts, folios


def sets(*, applications: Sequence[planning.Application]) -> list[list[planning.Application]]:
    """Payments in sets of one day and one payment for each account, in the order of the file."""
    days: dict[tuple[date, int], list[planning.Application]] = defaultdict(list)
    turns: dict[tuple[date, int], int] = defaultdict(int)
    for each in applications:
        who = (each.movement.paid_on, each.account_id)
        days[each.movement.paid_on, turns[who]].append(each)
        turns[who] += 1
    return [
        rows[start : start + SET] for _, rows in sorted(days.items()) for start in range(0, len(rows), SET)
    ]


def _write_lines(plan: Plan, file: SettlementFile, receipts: Mapping[str, int]) -> None:
    doubts = {movement.fingerprint: doubt for movement, doubt in plan.waiting}
    ended = "Lo devolvió el banco antes de aplicarse."
    new = [movement for movement, _ in plan.waiting]
    new += [each.movement for each in plan.applied]
    new += [each.movement for each in plan.taken_back]
    new += [each.movement for each in plan.ended]
    new.sort(key=lambda movement: movement.row)
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.cursor.copy(COPY) as copy,
    ):
        for each in new:
            receipt = receipts.get(each.fingerprint)
            copy.write_row(
                (
                    file.channel_id, file.pk, each.row, each.fingerprint, each.reference, each.authorization,
                    each.amount_cents, each.paid_on, receipt,
                    "" if receipt else doubts.get(each.fingerprint, ended)[:120], "" if receipt else each.detail,
                )
            )  # fmt: skip


def _end_lines(plan: Plan, file: SettlementFile) -> None:
    """Write that a line and the one that takes it back end each other."""
    if not plan.ended:
        return
    by_fingerprint = dict(
        SettlementLine.objects.filter(
            settlement=file, fingerprint__in=[each.movement.fingerprint for each in plan.ended]
        ).values_list("fingerprint", "id")
    )
    pairs: list[tuple[int, int]] = []
    for each in plan.ended:
        mine = by_fingerprint[each.movement.fingerprint]
        other = each.line_id or by_fingerprint[_of(each.other).fingerprint]
        pairs += [(mine, other)] if each.other else [(mine, other), (other, mine)]
    for line, counterpart in pairs:
        Identification.objects.create(
            line_id=line,
            number=Identification.objects.filter(line_id=line).count() + 1,
            outcome=Identification.Outcome.REVERSED,
            counterpart_id=counterpart,
            at=file.loaded_at,
            by=file.loaded_by,
            reason="El banco lo devolvió antes de que se aplicara.",
        )


def _of(movement: Movement | None) -> Movement:
    assert movement is not None
    return movement


def _journal(plan: Plan, file: SettlementFile) -> None:
    """Money that came and is nobody's yet, by the day it came: bank against deposits to be identified."""
    days: dict[date, int] = defaultdict(int)
    for movement in (*(movement for movement, _ in plan.waiting), *(each.movement for each in plan.ended)):
        days[movement.paid_on] += movement.amount_cents
    for day, cents in sorted(days.items()):
        ledger.post_transfer(
            document=f"settlement:{file.pk}/{day.isoformat()}", cents=cents, source=ledger.Funds.UNIDENTIFIED,
            target=ledger.Funds.BANKS, description=f"Depósitos por identificar de {file.name}"[:200], on=day,
            at=file.loaded_at, by=file.loaded_by,
        )  # fmt: skip


def rehearsed(*, plan: Plan) -> LoadedSettlement:
    """What loading a file would bring; nothing was written."""
    return _loaded(plan, None, [])


def _loaded(plan: Plan, file: SettlementFile | None, folios: Sequence[str]) -> LoadedSettlement:
    return LoadedSettlement(
        file=file,
        n_applied=len(plan.applied),
        applied_cents=plan.applied_cents,
        n_taken_back=len(plan.taken_back),
        taken_back_cents=plan.taken_back_cents,
        n_waiting=len(plan.waiting),
        waiting_cents=plan.waiting_cents + plan.ended_cents,
        n_ended=len(plan.ended),
        n_known=plan.n_known,
        known_cents=plan.known_cents,
        n_ignored=plan.read.n_ignored,
        first_folio=folios[0] if folios else "",
        last_folio=folios[-1] if folios else "",
    )
