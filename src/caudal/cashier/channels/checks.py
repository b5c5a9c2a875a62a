"""What channels believe, derived again: each file is its movements, and each movement is applied or waits."""

from typing import Final

from caudal.kernel.checks import Check, rows
from caudal.kernel.cli import pesos

# a line is open when its money is in no receipt: it waits, was given back, or another line ended it
OPEN: Final = """
    SELECT line.id, line.settlement_id, line.amount_cents, decision.outcome
    FROM cashier_settlementline AS line
    LEFT JOIN (SELECT DISTINCT ON (line_id) line_id, outcome FROM cashier_identification
               ORDER BY line_id, number DESC) AS decision ON decision.line_id = line.id
    WHERE decision.outcome IN ('withdrawn', 'returned', 'reversed')
       OR (decision.outcome IS NULL AND line.receipt_id IS NULL)
"""
FILES: Final = f"""
    SELECT file.name, file.n_lines, file.total_cents, COALESCE(line.n, 0), COALESCE(line.cents, 0),
           COALESCE(receipt.cents, 0), COALESCE(waiting.cents, 0)
    FROM cashier_settlementfile AS file
    LEFT JOIN (SELECT settlement_id, count(*) AS n, sum(amount_cents) AS cents FROM cashier_settlementline
               GROUP BY 1) AS line ON line.settlement_id = file.id
    LEFT JOIN (SELECT settlement_id, sum(total_cents) AS cents FROM cashier_receipt
               WHERE settlement_id IS NOT NULL GROUP BY 1) AS receipt ON receipt.settlement_id = file.id
    LEFT JOIN (SELECT settlement_id, sum(amount_cents) AS cents FROM ({OPEN}) AS open GROUP BY 1) AS waiting
         ON waiting.settlement_id = file.id
    WHERE file.n_lines <> COALESCE(line.n, 0) OR file.total_cents <> COALESCE(line.cents, 0)
       OR file.total_cents <> COALESCE(receipt.cents, 0) + COALESCE(waiting.cents, 0)
    ORDER BY file.id
"""
LINES: Final = """
    SELECT file.name, line."row", line.amount_cents, receipt.total_cents
    FROM cashier_settlementline AS line
    JOIN cashier_settlementfile AS file ON file.id = line.settlement_id
    JOIN cashier_receipt AS receipt ON receipt.id = line.receipt_id
    WHERE receipt.total_cents <> line.amount_cents OR receipt.settlement_id <> line.settlement_id
       OR receipt.channel <> line.channel_id
    ORDER BY file.id, line."row"
"""
INVENTED: Final = """
    SELECT receipt.series, receipt.number FROM cashier_receipt AS receipt
    WHERE receipt.settlement_id IS NOT NULL
      AND NOT EXISTS (SELECT FROM cashier_settlementline AS line WHERE line.receipt_id = receipt.id)
      AND NOT EXISTS (SELECT FROM cashier_identification AS decision WHERE decision.receipt_id = receipt.id)
    ORDER BY 1, 2
"""
UNIDENTIFIED: Final = f"""
    SELECT waiting.cents, journal.cents FROM
        (SELECT COALESCE(sum(amount_cents), 0) AS cents FROM ({OPEN}) AS open
         WHERE outcome IS NULL OR outcome = 'withdrawn') AS waiting,
        (SELECT COALESCE(-sum(amount_cents), 0) AS cents FROM ledger_journalline
         WHERE ledger_account_id = '2119-02') AS journal
    WHERE waiting.cents <> journal.cents
"""


def _files() -> list[str]:
    return [
        f"El archivo {name} dice {n} movimientos por {pesos(int(total))}; tiene {found} por {pesos(int(cents))}, "
        f"aplicados {pesos(int(applied))} y por identificar {pesos(int(waiting))}."
        for name, n, total, found, cents, applied, waiting in rows(FILES)
    ]


def _lines() -> list[str]:
    lines = [
        f"El renglón {row} de {name} es de {pesos(cents)} y su comprobante de {pesos(total)}, o de otro archivo."
        for name, row, cents, total in rows(LINES)
    ]
    return lines + [
        f"El comprobante {series}-{number:06d} no es de ningún movimiento de su archivo."
        for series, number in rows(INVENTED)
    ]


def _unidentified() -> list[str]:
    return [
        f"Los movimientos por identificar suman {pesos(int(waiting))} y la contabilidad debe {pesos(int(journal))}."
        for waiting, journal in rows(UNIDENTIFIED)
    ]


CHECKS: Final = [
    Check("settlements", "¿Cada archivo es lo aplicado más lo que espera?", _files),
    Check("settlement_lines", "¿Cada movimiento aplicado tiene su comprobante, y al revés?", _lines),
    Check("unidentified", "¿Lo por identificar es lo que la contabilidad debe?", _unidentified),
]
