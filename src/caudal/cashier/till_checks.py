"""What the tills believe, derived again: sessions and their closings, withdrawals, deposits."""

from typing import Final

from caudal.cashier.models.tills import CLOSINGS, DEPOSITS, WITHDRAWALS
from caudal.kernel.checks import Check, rows
from caudal.kernel.cli import pesos
from caudal.ledger.commands import Funds

# a receipt is of one session or of one settlement file; a session is of the day of its receipts and of its till
CONTROLS: Final = """
    SELECT receipt.series, receipt.number,
           CASE WHEN receipt.session_id IS NULL THEN 'no es de ningún turno ni de ningún archivo'
                WHEN receipt.business_on <> session.business_on THEN 'tiene otra fecha que su turno'
                ELSE 'no es de la serie de su caja' END
    FROM cashier_receipt AS receipt
    LEFT JOIN cashier_tillsession AS session ON session.id = receipt.session_id
    LEFT JOIN cashier_till AS till ON till.code = session.till_id
    WHERE receipt.channel <> 'before_tills' AND receipt.settlement_id IS NULL
      AND (receipt.session_id IS NULL OR receipt.business_on <> session.business_on
           OR (receipt.reverses_id IS NULL AND receipt.series <> till.series_id))
    ORDER BY 1, 2
"""
UNCLOSED: Final = """
    SELECT session.id, session.state, closing.id IS NOT NULL FROM cashier_tillsession AS session
    LEFT JOIN cashier_tillclosing AS closing ON closing.session_id = session.id
    WHERE (session.state = 'balanced') <> (closing.id IS NOT NULL) ORDER BY 1
"""
EXPECTED: Final = """
    WITH taken AS (
        SELECT receipt.session_id, tender.kind, sum(tender.amount_cents) AS cents
        FROM cashier_tender AS tender JOIN cashier_receipt AS receipt ON receipt.id = tender.receipt_id
        WHERE receipt.session_id IS NOT NULL GROUP BY 1, 2
    ), withdrawn AS (
        SELECT session_id, sum(amount_cents) AS cents FROM cashier_cashwithdrawal GROUP BY 1
    )
    SELECT closing.number, kind.kind, balance.expected_cents,
           COALESCE(taken.cents, 0)
           + CASE WHEN kind.kind = 'cash' THEN session.float_cents - COALESCE(withdrawn.cents, 0) ELSE 0 END AS cents
    FROM cashier_tillclosing AS closing
    JOIN cashier_tillsession AS session ON session.id = closing.session_id
    CROSS JOIN (VALUES ('cash'), ('card'), ('check'), ('transfer')) AS kind (kind)
    LEFT JOIN cashier_tenderbalance AS balance ON balance.closing_id = closing.id AND balance.kind = kind.kind
    LEFT JOIN taken ON taken.session_id = session.id AND taken.kind = kind.kind
    LEFT JOIN withdrawn ON withdrawn.session_id = session.id
    WHERE balance.expected_cents IS DISTINCT FROM COALESCE(taken.cents, 0)
          + CASE WHEN kind.kind = 'cash' THEN session.float_cents - COALESCE(withdrawn.cents, 0) ELSE 0 END
    ORDER BY 1, 2
"""
# what a closing says is over or short is in the journal, and nothing else is
DIFFERENCES: Final = f"""
    WITH said AS (
        SELECT '{CLOSINGS}-' || kernel_folio_digits(closing.number) || '/' || balance.kind AS document,
               balance.declared_cents - balance.expected_cents AS cents
        FROM cashier_tenderbalance AS balance JOIN cashier_tillclosing AS closing ON closing.id = balance.closing_id
        WHERE balance.declared_cents <> balance.expected_cents
    ), kept AS (
        SELECT entry.document, sum(line.amount_cents) AS cents FROM ledger_journalentry AS entry
        JOIN ledger_journalline AS line ON line.entry_id = entry.id
        WHERE entry.kind = 'cash_difference' AND line.ledger_account_id IN ('{Funds.CASH.value}', '{Funds.BANKS.value}') GROUP BY 1
    )
    SELECT COALESCE(said.document, kept.document), COALESCE(said.cents, 0), COALESCE(kept.cents, 0)
    FROM said FULL JOIN kept ON kept.document = said.document
    WHERE said.cents IS DISTINCT FROM kept.cents ORDER BY 1
"""
# cash of a closing = declared + withdrawn - float; its checks are those it declared
PARTS: Final = """
    SELECT slip.number, closing.number, part.amount_cents, part.checks_cents,
           cash.declared_cents + COALESCE(withdrawn.cents, 0) - session.float_cents, checks.declared_cents
    FROM cashier_depositedclosing AS part
    JOIN cashier_depositslip AS slip ON slip.id = part.slip_id
    JOIN cashier_tillclosing AS closing ON closing.id = part.closing_id
    JOIN cashier_tillsession AS session ON session.id = closing.session_id
    JOIN cashier_tenderbalance AS cash ON cash.closing_id = closing.id AND cash.kind = 'cash'
    JOIN cashier_tenderbalance AS checks ON checks.closing_id = closing.id AND checks.kind = 'check'
    LEFT JOIN (SELECT session_id, sum(amount_cents) AS cents FROM cashier_cashwithdrawal GROUP BY 1) AS withdrawn
         ON withdrawn.session_id = session.id
    WHERE part.amount_cents <> cash.declared_cents + COALESCE(withdrawn.cents, 0) - session.float_cents
       OR part.checks_cents <> checks.declared_cents ORDER BY 1, 2
"""
SLIPS: Final = f"""
    SELECT slip.number, slip.amount_cents, slip.checks_cents, COALESCE(part.cash, 0), COALESCE(part.checks, 0),
           COALESCE(kept.cents, 0)
    FROM cashier_depositslip AS slip
    LEFT JOIN (SELECT slip_id, sum(amount_cents) AS cash, sum(checks_cents) AS checks
               FROM cashier_depositedclosing GROUP BY 1) AS part ON part.slip_id = slip.id
    LEFT JOIN (SELECT entry.document, sum(line.amount_cents) AS cents FROM ledger_journalentry AS entry
               JOIN ledger_journalline AS line ON line.entry_id = entry.id
               WHERE entry.kind = 'transfer' AND line.amount_cents > 0 GROUP BY 1) AS kept
         ON kept.document = '{DEPOSITS}-' || kernel_folio_digits(slip.number)
    WHERE slip.amount_cents <> COALESCE(part.cash, 0) OR slip.checks_cents <> COALESCE(part.checks, 0)
       OR slip.amount_cents <> COALESCE(kept.cents, 0) ORDER BY 1
"""
# the folios of three papers against the rows that took them
PAPERS: Final = f"""
    SELECT COALESCE(folio.series, paper.series), COALESCE(folio.number, paper.number), folio.number IS NULL
    FROM (SELECT series, number FROM kernel_folio
          WHERE series IN ('{CLOSINGS}', '{WITHDRAWALS}', '{DEPOSITS}')) AS folio
    FULL JOIN (SELECT '{CLOSINGS}' AS series, number FROM cashier_tillclosing
               UNION ALL SELECT '{WITHDRAWALS}', number FROM cashier_cashwithdrawal
               UNION ALL SELECT '{DEPOSITS}', number FROM cashier_depositslip) AS paper
         ON paper.series = folio.series AND paper.number = folio.number
    WHERE folio.number IS NULL OR paper.number IS NULL ORDER BY 1, 2
"""


def _controls() -> list[str]:
    return [f"El comprobante {series}-{number:06d} {what}." for series, number, what in rows(CONTROLS)]


def _closings() -> list[str]:
    states = [
        f"El turno {session} está {state} y {'tiene' if has_closing else 'no tiene'} corte."
        for session, state, has_closing in rows(UNCLOSED)
    ]
    expected = [
        f"El {CLOSINGS}-{number:06d} espera {pesos(said or 0)} en {kind}; sus comprobantes dicen {pesos(int(cents))}."
        for number, kind, said, cents in rows(EXPECTED)
    ]
    differences = [
        f"La diferencia {document} es de {pesos(int(said))} y la contabilidad dice {pesos(int(kept))}."
        for document, said, kept in rows(DIFFERENCES)
    ]
    return states + expected + differences


def _deposits() -> list[str]:
    parts = [
        f"La ficha {DEPOSITS}-{slip:06d} lleva del {CLOSINGS}-{closing:06d} {pesos(cash)} y {pesos(checks)} en cheques; "
        f"le tocan {pesos(int(cash_due))} y {pesos(checks_due)}."
        for slip, closing, cash, checks, cash_due, checks_due in rows(PARTS)
    ]
    slips = [
        f"La ficha {DEPOSITS}-{slip:06d} es de {pesos(cash)} y {pesos(checks)} en cheques; sus cortes suman "
        f"{pesos(int(cash_sum))} y {pesos(int(checks_sum))}, y la contabilidad {pesos(int(kept))}."
        for slip, cash, checks, cash_sum, checks_sum, kept in rows(SLIPS)
    ]
    return parts + slips


def _papers() -> list[str]:
    return [
        f"El folio {series}-{number:06d} "
        + ("no se tomó de su serie." if is_invented else "se tomó y no tiene papel.")
        for series, number, is_invented in rows(PAPERS)
    ]


TILL_CHECKS: Final = [
    Check("controls", "¿Cada comprobante es de un turno o de un archivo, y de uno solo?", _controls),
    Check(
        "closings", "¿Cada turno cerrado tiene un corte que espera lo que dicen sus comprobantes?", _closings
    ),
    Check("deposits", "¿Cada ficha lleva a la letra lo de sus cortes, y la contabilidad también?", _deposits),
    Check(
        "till_papers",
        "¿Los folios de cortes, retiros y fichas son consecutivos y cada uno tiene su papel?",
        _papers,
    ),
]
