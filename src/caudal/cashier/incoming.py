"""Money that arrives in a file: many receipts of one account each, posted by day in sets."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from caudal.cashier import posting, printing
from caudal.cashier.events import PaymentsPosted
from caudal.kernel import events
from caudal.ledger import commands as ledger
from caudal.tariffs import queries as tariffs

# receipts written by one statement: enough to amortize it, few enough to fit in the caches
CHUNK: Final = 5_000


@dataclass(frozen=True, slots=True)
class Incoming:
    """One payment of a file: whose, how much (centavos), of which day, under which reference."""

    account_id: int
    cents: int
    paid_on: date
    reference: str


def post_incoming(
    *, rows: Sequence[Incoming], control: posting.Control, tender: str, funds: str, entry: str
) -> list[posting.WrittenReceipt]:
    """Post payments of a file in the caller's transaction; the receipts come in the order of the rows.

    Each is paid to the day it was made. Payments of one account are posted one after the other; their order is
    the one of their days, then of the rows.

    :param funds: account of the chart where the money is
    :param entry: names the journal entries, such as `SPEI-12`; each set adds its number
    """
    ledger.lock_accounts(account_ids={row.account_id for row in rows})
    written: dict[int, posting.WrittenReceipt] = {}
    for number, places in enumerate(_sets(rows), start=1):
        receipts = _post_set([rows[place] for place in places], control, tender, funds, f"{entry}/{number}")
        written.update(zip(places, receipts, strict=True))
    return [written[place] for place in range(len(rows))]


def _sets(rows: Sequence[Incoming]) -> Iterator[list[int]]:
    """Places of rows that can be posted together: of one day, no account twice, accounts ascending."""
    rounds: dict[tuple[date, int], list[int]] = defaultdict(list)
    times: dict[tuple[date, int], int] = defaultdict(int)
    for place, row in enumerate(rows):
        turn = times[row.paid_on, row.account_id]
        times[row.paid_on, row.account_id] += 1
        rounds[row.paid_on, turn].append(place)
    for _, places in sorted(rounds.items()):
        places.sort(key=lambda place: rows[place].account_id)
        for start in range(0, len(places), CHUNK):
            yield places[start : start + CHUNK]


def _post_set(
    rows: Sequence[Incoming], control: posting.Control, tender: str, funds: str, entry: str
) -> list[posting.WrittenReceipt]:
    on = rows[0].paid_on
    run = posting.FolioRun(series=control.series, n=len(rows))
    posted = ledger.post_payments(
        money_cents={row.account_id: row.cents for row in rows},
        funds={funds: sum(row.cents for row in rows)},
        on=on,
        at=control.at,
        by=control.by,
        terms=tariffs.terms_on(on=on),
        documents=lambda: (run.names, entry),
        are_locked=True,
    )
    credits = posted.written.credit_ids
    receipts = posting.write_receipts(
        control=control,
        run=run,
        business_on=[on] * len(rows),
        totals=[row.cents for row in rows],
        paid=[
            posting.Paid(place, row.account_id, credit, row.cents)
            for place, (row, credit) in enumerate(zip(rows, credits, strict=True))
        ],
        tendered=[
            posting.Tendered(place, tender, row.cents, reference=row.reference)
            for place, row in enumerate(rows)
        ],
    )
    printing.keep_standings(
        credit_ids=credits,
        in_favor_cents=posted.written.unallocated_cents,
        balance_cents=posted.written.balance_cents,
    )
    events.announce(
        PaymentsPosted(
            receipt_ids=tuple(receipt.receipt_id for receipt in receipts),
            account_ids=tuple(row.account_id for row in rows),
            on=on,
            at=control.at,
            by=control.by,
        )
    )
    return receipts
