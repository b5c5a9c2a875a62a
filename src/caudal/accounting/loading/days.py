"""What the papers of money say, read as they are: receipts, credits, journal, closings, slips and files of the bank.

Each side of a comparison is its own question to its own tables, so that none can lend its figure to another.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from django.db import connection

# a receipt of the window belongs to its session; one of a channel, to its channel and its day
TAKEN: Final = """
    SELECT receipt.business_on, receipt.session_id, CASE WHEN receipt.session_id IS NULL THEN receipt.channel ELSE '' END,
           count(*) FILTER (WHERE receipt.reverses_id IS NULL), count(*) FILTER (WHERE receipt.reverses_id IS NOT NULL),
           sum(receipt.total_cents)::bigint, COALESCE(sum(paid.cents), 0)::bigint,
           COALESCE(sum(paid.credited), 0)::bigint, COALESCE(sum(tender.cash), 0)::bigint,
           COALESCE(sum(tender.other), 0)::bigint,
           COALESCE(sum(receipt.total_cents) FILTER (WHERE told.receipt_id IS NOT NULL), 0)::bigint
    FROM cashier_receipt AS receipt
    LEFT JOIN LATERAL (
        SELECT sum(payment.amount_cents) AS cents,
               sum(credit.amount_cents) FILTER (WHERE credit.kind = 'payment' AND credit."on" = receipt.business_on)
                   AS credited
        FROM cashier_payment AS payment LEFT JOIN ledger_credit AS credit ON credit.id = payment.credit_id
        WHERE payment.receipt_id = receipt.id) AS paid ON true
    LEFT JOIN LATERAL (
        SELECT sum(amount_cents) FILTER (WHERE kind = 'cash') AS cash,
               sum(amount_cents) FILTER (WHERE kind <> 'cash') AS other
        FROM cashier_tender WHERE receipt_id = receipt.id) AS tender ON true
    LEFT JOIN cashier_identification AS told ON told.receipt_id = receipt.id
    WHERE receipt.business_on >= %(since)s AND receipt.business_on < %(until)s
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
# what the journal keeps of receipts: an entry is named by its receipt, or by the first one of a set of a channel
_FUNDS: Final = """
    COALESCE(sum(line.amount_cents) FILTER (WHERE line.ledger_account_id = '1111'), 0)::bigint,
    COALESCE(sum(line.amount_cents) FILTER (WHERE line.ledger_account_id = '1112-01'), 0)::bigint,
    COALESCE(sum(line.amount_cents) FILTER (WHERE line.ledger_account_id = '2119-02'), 0)::bigint
    FROM ledger_journalentry AS entry
    JOIN ledger_journalline AS line ON line.entry_id = entry.id
         AND line.ledger_account_id IN ('1111', '1112-01', '2119-02')
"""
# an entry of a closed month stands on a later day than its own, never on an earlier one
_SPAN: Final = """
    entry."on" >= %(since)s AND COALESCE(entry.happened_on, entry."on") >= %(since)s
    AND COALESCE(entry.happened_on, entry."on") < %(until)s
"""
ENTERED: Final = f"""
    SELECT COALESCE(entry.happened_on, entry."on"), receipt.session_id,
           CASE WHEN receipt.session_id IS NULL THEN receipt.channel ELSE '' END, {_FUNDS}
    LEFT JOIN cashier_receipt AS receipt
         ON receipt.series = substring(entry.document FROM '^(.*)-[0-9]{{1,18}}$')
        AND receipt.number = substring(entry.document FROM '([0-9]{{1,18}})$')::bigint
    WHERE entry.kind IN ('credit.payment', 'reversal.payment') AND {_SPAN}
    GROUP BY 1, 2, 3
"""
# every other entry that touches money: differences of closings, deposits, money nobody has recognized
MOVED: Final = f"""
    SELECT COALESCE(entry.happened_on, entry."on"), entry.id, entry.kind, entry.document, {_FUNDS}
    WHERE entry.kind NOT IN ('credit.payment', 'reversal.payment') AND {_SPAN}
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2
"""
SESSIONS: Final = """
    SELECT session.id, session.business_on, till.name, session.cashier, session.state, session.float_cents,
           COALESCE((SELECT sum(amount_cents) FROM cashier_cashwithdrawal AS taken
                     WHERE taken.session_id = session.id), 0)::bigint,
           closing.number, COALESCE(balance.expected_cash, 0), COALESCE(balance.declared_cash, 0),
           COALESCE(balance.expected_other, 0), COALESCE(balance.declared_other, 0), COALESCE(balance.checks, 0),
           slip.number, COALESCE(part.amount_cents, 0), COALESCE(part.checks_cents, 0)
    FROM cashier_tillsession AS session
    JOIN cashier_till AS till ON till.code = session.till_id
    LEFT JOIN cashier_tillclosing AS closing ON closing.session_id = session.id
    LEFT JOIN LATERAL (
        SELECT sum(expected_cents) FILTER (WHERE kind = 'cash')::bigint AS expected_cash,
               sum(declared_cents) FILTER (WHERE kind = 'cash')::bigint AS declared_cash,
               sum(expected_cents) FILTER (WHERE kind <> 'cash')::bigint AS expected_other,
               sum(declared_cents) FILTER (WHERE kind <> 'cash')::bigint AS declared_other,
               sum(declared_cents) FILTER (WHERE kind = 'check')::bigint AS checks
        FROM cashier_tenderbalance WHERE closing_id = closing.id) AS balance ON true
    LEFT JOIN cashier_depositedclosing AS part ON part.closing_id = closing.id
    LEFT JOIN cashier_depositslip AS slip ON slip.id = part.slip_id
    WHERE session.business_on >= %(since)s AND session.business_on < %(until)s
    ORDER BY session.business_on, till.name, session.id
"""
SLIPS: Final = """
    SELECT slip.business_on, slip.number, slip.amount_cents, slip.checks_cents,
           COALESCE(sum(part.amount_cents), 0)::bigint, COALESCE(sum(part.checks_cents), 0)::bigint
    FROM cashier_depositslip AS slip LEFT JOIN cashier_depositedclosing AS part ON part.slip_id = slip.id
    WHERE slip.business_on >= %(since)s AND slip.business_on < %(until)s GROUP BY slip.id ORDER BY 1, 2
"""
# lines of the files: with a receipt they count on its day, without one on the day their money came
BANKED: Final = """
    SELECT COALESCE(receipt.business_on, line.paid_on), line.channel_id,
           COALESCE(sum(line.amount_cents) FILTER (WHERE line.receipt_id IS NOT NULL), 0)::bigint,
           COALESCE(sum(line.amount_cents) FILTER (WHERE line.receipt_id IS NULL), 0)::bigint
    FROM cashier_settlementline AS line LEFT JOIN cashier_receipt AS receipt ON receipt.id = line.receipt_id
    WHERE COALESCE(receipt.business_on, line.paid_on) >= %(since)s
      AND COALESCE(receipt.business_on, line.paid_on) < %(until)s
    GROUP BY 1, 2 ORDER BY 1, 2
"""
WAITING: Final = """
    SELECT line.paid_on, line.id, line.channel_id, line.reference, line.amount_cents
    FROM cashier_settlementline AS line
    LEFT JOIN LATERAL (SELECT outcome FROM cashier_identification WHERE line_id = line.id
                       ORDER BY number DESC LIMIT 1) AS last ON true
    WHERE (last.outcome = 'withdrawn' OR (last.outcome IS NULL AND line.receipt_id IS NULL))
      AND line.paid_on >= %(since)s AND line.paid_on < %(until)s ORDER BY 1, 2
"""
# money given back to whoever paid it, by the day that was said
RETURNED: Final = """
    SELECT told.line_id, told.number, line.amount_cents, line.channel_id
    FROM cashier_identification AS told JOIN cashier_settlementline AS line ON line.id = told.line_id
    WHERE told.outcome = 'returned' AND told.line_id = ANY(%(lines)s::bigint[])
"""
CHANNELS_OF: Final = "SELECT id, channel_id FROM cashier_settlementfile WHERE id = ANY(%(files)s::int[])"
# which receipts of a session do not agree, one by one
UNEQUAL: Final = """
    SELECT receipt.series, receipt.number, receipt.total_cents, COALESCE(paid.cents, 0), COALESCE(paid.credited, 0),
           COALESCE(tender.cents, 0), entered.cents
    FROM cashier_receipt AS receipt
    LEFT JOIN LATERAL (
        SELECT sum(payment.amount_cents)::bigint AS cents, sum(credit.amount_cents)::bigint AS credited
        FROM cashier_payment AS payment LEFT JOIN ledger_credit AS credit ON credit.id = payment.credit_id
        WHERE payment.receipt_id = receipt.id) AS paid ON true
    LEFT JOIN LATERAL (SELECT sum(amount_cents)::bigint AS cents FROM cashier_tender WHERE receipt_id = receipt.id)
         AS tender ON true
    LEFT JOIN LATERAL (
        SELECT COALESCE(sum(line.amount_cents), 0)::bigint AS cents
        FROM ledger_journalentry AS entry JOIN ledger_journalline AS line ON line.entry_id = entry.id
        WHERE entry.kind IN ('credit.payment', 'reversal.payment')
          AND entry.document = receipt.series || '-' || kernel_folio_digits(receipt.number)
          AND line.ledger_account_id IN ('1111', '1112-01', '2119-02')) AS entered ON true
    WHERE receipt.business_on = %(on)s AND receipt.session_id IS NOT DISTINCT FROM %(session)s
      AND (%(session)s IS NOT NULL OR receipt.channel = %(channel)s)
      AND (receipt.total_cents <> COALESCE(paid.cents, 0) OR receipt.total_cents <> COALESCE(paid.credited, 0)
           OR receipt.total_cents <> COALESCE(tender.cents, 0)
           OR (%(session)s IS NOT NULL AND receipt.total_cents <> entered.cents))
    ORDER BY 1, 2 LIMIT 20
"""


class Taken(NamedTuple):
    """Receipts of a session, or of a channel on a day (centavos)."""

    on: date
    session: int | None
    channel: str
    n_receipts: int
    n_canceled: int
    receipts_cents: int
    payments_cents: int
    credits_cents: int
    cash_cents: int
    other_cents: int
    # applied to, or taken back from, money that waited to be identified
    identified_cents: int


class Entered(NamedTuple):
    """What the journal keeps of the receipts of a session, or of a channel on a day (centavos)."""

    on: date
    session: int | None
    channel: str | None
    cash_cents: int
    banks_cents: int
    unidentified_cents: int


class Moved(NamedTuple):
    """Another entry that touches money (centavos)."""

    on: date
    entry: int
    kind: str
    document: str
    cash_cents: int
    banks_cents: int
    unidentified_cents: int


class Session(NamedTuple):
    """A session with its closing and its place in a slip, if it has them (centavos)."""

    id: int
    on: date
    till: str
    cashier: str
    state: str
    float_cents: int
    withdrawn_cents: int
    closing: int | None
    expected_cash_cents: int
    declared_cash_cents: int
    expected_other_cents: int
    declared_other_cents: int
    declared_checks_cents: int
    slip: int | None
    slip_cash_cents: int
    slip_checks_cents: int


class Slip(NamedTuple):
    """A slip and what its closings bring to it (centavos)."""

    on: date
    number: int
    cash_cents: int
    checks_cents: int
    parts_cash_cents: int
    parts_checks_cents: int


class Banked(NamedTuple):
    """Lines of the files of a channel, of a day: those with a receipt and those without (centavos)."""

    on: date
    channel: str
    applied_cents: int
    waiting_cents: int


class WaitingLine(NamedTuple):
    """A movement nobody has recognized."""

    on: date
    id: int
    channel: str
    reference: str
    cents: int


class Unequal(NamedTuple):
    """A receipt whose papers disagree (centavos)."""

    series: str
    number: int
    total_cents: int
    payments_cents: int
    credits_cents: int
    tenders_cents: int
    journal_cents: int


def taken(*, since: date, until: date) -> list[Taken]:
    """Receipts by control; `until` is not included, as in all of these."""
    return [Taken(*row) for row in _ask(TAKEN, since=since, until=until)]


def entered(*, since: date, until: date) -> list[Entered]:
    """The journal of receipts by control."""
    return [Entered(*row) for row in _ask(ENTERED, since=since, until=until)]


def moved(*, since: date, until: date) -> list[Moved]:
    """Every other entry that touches money."""
    return [Moved(*row) for row in _ask(MOVED, since=since, until=until)]


def sessions(*, since: date, until: date) -> list[Session]:
    """Sessions of some days."""
    return [Session(*row) for row in _ask(SESSIONS, since=since, until=until)]


def slips(*, since: date, until: date) -> list[Slip]:
    """Slips of some days."""
    return [Slip(*row) for row in _ask(SLIPS, since=since, until=until)]


def banked(*, since: date, until: date) -> list[Banked]:
    """What the files of the channels brought."""
    return [Banked(*row) for row in _ask(BANKED, since=since, until=until)]


def waiting(*, since: date, until: date) -> list[WaitingLine]:
    """Money of some days that nobody has recognized."""
    return [WaitingLine(*row) for row in _ask(WAITING, since=since, until=until)]


def returned(*, lines: Sequence[int]) -> dict[tuple[int, int], int]:
    """What was given back, by line and decision (centavos)."""
    return {(line, number): cents for line, number, cents, _ in _ask(RETURNED, lines=list(lines))}


def channels_of(*, files: Sequence[int]) -> dict[int, str]:
    """The channel of some files."""
    return dict(_ask(CHANNELS_OF, files=list(files)))


def unequal(*, on: date, session: int | None, channel: str) -> list[Unequal]:
    """The receipts of one control whose papers disagree, at most twenty."""
    return [Unequal(*row) for row in _ask(UNEQUAL, on=on, session=session, channel=channel)]


def _ask(sql: str, **params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
