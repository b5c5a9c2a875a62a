"""Everything the ledger believes, derived again from its rows: caches, journal, allocations."""

from typing import Final

from caudal.kernel.checks import Check, rows
from caudal.kernel.cli import pesos
from caudal.kernel.wording import month_name
from caudal.ledger import catalog, policy
from caudal.ledger.queries import months
from caudal.rules.periods import Period

# target = the concept that is owed: a reduction lowers the one it reduces
CHARGED = """
    (SELECT period, account_id, document_kind, sequence,
            CASE WHEN reduces_id <> 0 THEN reduces_id ELSE concept_id END AS concept_id,
            amount_cents + vat_cents AS cents, vat_cents FROM ledger_charge)
"""
PERIOD_BALANCES = f"""
    SELECT number, COALESCE(derived.period, held.period), COALESCE(principal, 0), COALESCE(accessory, 0),
           COALESCE(open_principal_cents, 0), COALESCE(open_accessory_cents, 0)
    FROM (SELECT period, account_id,
                 COALESCE(sum(cents) FILTER (WHERE kind <> ALL(%s)), 0) AS principal,
                 COALESCE(sum(cents) FILTER (WHERE kind = ANY(%s)), 0) AS accessory
          FROM (SELECT period, account_id, concept_id, sum(cents) AS cents
                FROM (SELECT period, account_id, concept_id, cents FROM {CHARGED} AS charge
                      UNION ALL SELECT period, account_id, concept_id, -amount_cents FROM ledger_allocation)
                     AS move
                GROUP BY period, account_id, concept_id) AS move
          JOIN ledger_concept AS concept ON concept.id = move.concept_id
          GROUP BY period, account_id) AS derived
    FULL JOIN ledger_periodbalance AS held USING (period, account_id)
    JOIN registry_account AS account ON account.id = account_id
    WHERE COALESCE(principal, 0) <> COALESCE(open_principal_cents, 0)
       OR COALESCE(accessory, 0) <> COALESCE(open_accessory_cents, 0)
    ORDER BY 2, 1
"""
CREDIT_BALANCES = """
    SELECT number, COALESCE(derived.cents, 0), COALESCE(held.unallocated_cents, 0)
    FROM (SELECT account_id, sum(cents) AS cents
          FROM (SELECT account_id, amount_cents AS cents FROM ledger_credit
                UNION ALL SELECT account_id, -amount_cents FROM ledger_allocation) AS move
          GROUP BY account_id) AS derived
    FULL JOIN ledger_creditbalance AS held USING (account_id)
    JOIN registry_account AS account ON account.id = account_id
    WHERE COALESCE(derived.cents, 0) <> COALESCE(held.unallocated_cents, 0) ORDER BY 1
"""
UNBALANCED = """
    SELECT entry.id, entry.kind, entry.document, COALESCE(sum(line.amount_cents), 0)
    FROM ledger_journalentry AS entry LEFT JOIN ledger_journalline AS line ON line.entry_id = entry.id
    GROUP BY entry.id HAVING COALESCE(sum(line.amount_cents), 1) <> 0 ORDER BY entry.id
"""
RECEIVABLES = f"""
    SELECT concept.name, COALESCE(open.cents, 0), COALESCE(journal.cents, 0)
    FROM (SELECT concept_id, sum(cents) AS cents
          FROM (SELECT concept_id, cents FROM {CHARGED} AS charge
                UNION ALL SELECT concept_id, -amount_cents FROM ledger_allocation) AS move
          GROUP BY concept_id) AS open
    FULL JOIN (SELECT line.concept_id, sum(line.amount_cents) AS cents
               FROM ledger_journalline AS line JOIN ledger_concept AS concept ON concept.id = line.concept_id
               WHERE line.ledger_account_id = concept.receivable_account
               GROUP BY line.concept_id) AS journal USING (concept_id)
    JOIN ledger_concept AS concept ON concept.id = concept_id
    WHERE COALESCE(open.cents, 0) <> COALESCE(journal.cents, 0) ORDER BY concept.id
"""
ALLOCATIONS = f"""
    SELECT number, period, document_kind, sequence, concept.name, charged.cents, allocated.cents
    FROM (SELECT period, account_id, document_kind, sequence, concept_id, sum(amount_cents) AS cents
          FROM ledger_allocation GROUP BY 1, 2, 3, 4, 5) AS allocated
    LEFT JOIN (SELECT period, account_id, document_kind, sequence, concept_id, sum(cents) AS cents
               FROM {CHARGED} AS charge GROUP BY 1, 2, 3, 4, 5) AS charged
         USING (period, account_id, document_kind, sequence, concept_id)
    JOIN registry_account AS account ON account.id = account_id
    JOIN ledger_concept AS concept ON concept.id = concept_id
    WHERE charged.cents IS NULL OR NOT (allocated.cents BETWEEN LEAST(charged.cents, 0) AND GREATEST(charged.cents, 0))
    ORDER BY period, number
"""
OVERSPENT = """
    SELECT number, credit.document, credit.amount_cents, allocated.cents
    FROM (SELECT credit_id, sum(amount_cents) AS cents, min(account_id) AS first, max(account_id) AS last
          FROM ledger_allocation GROUP BY credit_id) AS allocated
    JOIN ledger_credit AS credit ON credit.id = allocated.credit_id
    JOIN registry_account AS account ON account.id = credit.account_id
    WHERE allocated.cents NOT BETWEEN 0 AND GREATEST(credit.amount_cents, 0)
       OR allocated.first <> credit.account_id OR allocated.last <> credit.account_id
       OR (allocated.cents <> 0 AND EXISTS (SELECT FROM ledger_credit AS back WHERE back.reverses_id = credit.id))
    ORDER BY credit.id
"""
REVERSALS = """
    SELECT back.document, back.amount_cents, credit.amount_cents
    FROM ledger_credit AS back JOIN ledger_credit AS credit ON credit.id = back.reverses_id
    WHERE back.amount_cents <> -credit.amount_cents OR back.account_id <> credit.account_id ORDER BY back.id
"""
# An application charges surcharges and extinguishes them in one entry: what it applied is what its other lines leave.
DAYS = f"""
    SELECT concept.name, "on", COALESCE(applied.cents, 0), COALESCE(journal.cents, 0)
    FROM (SELECT concept_id, "on", sum(amount_cents) AS cents FROM ledger_allocation GROUP BY 1, 2) AS applied
    FULL JOIN (SELECT line.concept_id, COALESCE(entry.happened_on, entry."on") AS "on", -sum(line.amount_cents) AS cents
               FROM ledger_journalline AS line
               JOIN ledger_journalentry AS entry ON entry.id = line.entry_id
               JOIN ledger_concept AS concept ON concept.id = line.concept_id
               WHERE entry.kind = 'credit_application' AND line.ledger_account_id <> '{catalog.CREDIT_BALANCES}'
                  OR (entry.kind = 'release' OR entry.kind LIKE 'credit.%%' OR entry.kind LIKE 'reversal.%%')
                     AND line.ledger_account_id = concept.receivable_account
               GROUP BY 1, 2) AS journal USING (concept_id, "on")
    JOIN ledger_concept AS concept ON concept.id = concept_id
    WHERE COALESCE(applied.cents, 0) <> COALESCE(journal.cents, 0) ORDER BY "on", concept.id
"""
# VAT given back by cancellations, adjustments and waivers is each item's VAT in proportion to what was extinguished
VAT = f"""
    SELECT charged.cents, given_back.cents, journal.cents
    FROM (SELECT COALESCE(sum(vat_cents), 0) AS cents FROM ledger_charge) AS charged,
         (SELECT COALESCE(sum(round(allocated.cents * abs(item.vat) / abs(item.gross))), 0) AS cents
          FROM (SELECT allocation.credit_id, allocation.account_id, period, document_kind, sequence, concept_id,
                       sum(allocation.amount_cents) AS cents
                FROM ledger_allocation AS allocation JOIN ledger_credit AS credit ON credit.id = credit_id
                WHERE credit.kind IN ('bill_cancellation', 'adjustment', 'waiver') GROUP BY 1, 2, 3, 4, 5, 6) AS allocated
          JOIN (SELECT account_id, period, document_kind, sequence, concept_id, sum(cents) AS gross,
                       sum(vat_cents) AS vat
                FROM {CHARGED} AS charge GROUP BY 1, 2, 3, 4, 5) AS item
               USING (account_id, period, document_kind, sequence, concept_id)
          WHERE item.gross <> 0) AS given_back,
         (SELECT COALESCE(-sum(line.amount_cents), 0) AS cents FROM ledger_journalline AS line
          JOIN ledger_journalentry AS entry ON entry.id = line.entry_id
          WHERE line.ledger_account_id = '{catalog.VAT_PAYABLE}'
            AND entry.kind NOT IN ('credit.regularization', 'reversal.regularization')) AS journal
    WHERE charged.cents - given_back.cents <> journal.cents
"""
FAVOR = f"""
    SELECT credit.cents, journal.cents
    FROM (SELECT COALESCE(sum(unallocated_cents), 0) AS cents FROM ledger_creditbalance) AS credit,
         (SELECT COALESCE(-sum(amount_cents), 0) AS cents FROM ledger_journalline
          WHERE ledger_account_id = '{catalog.CREDIT_BALANCES}') AS journal
    WHERE credit.cents <> journal.cents
"""


def _period_balances() -> list[str]:
    accessories = sorted(policy.ACCESSORY_KINDS)
    return [
        f"Cuenta {number}, periodo {period}: sus cargos menos lo aplicado dan {pesos(int(principal))} de "
        f"principal y {pesos(int(accessory))} de accesorios; el saldo guardado dice {pesos(held)} y "
        f"{pesos(held_accessory)}."
        for number, period, principal, accessory, held, held_accessory in rows(
            PERIOD_BALANCES, [accessories, accessories]
        )
    ]


def _credit_balances() -> list[str]:
    return [
        f"Cuenta {number}: sus abonos menos lo aplicado dan {pesos(int(derived))} a favor; el saldo a favor "
        f"guardado dice {pesos(held)}."
        for number, derived, held in rows(CREDIT_BALANCES)
    ]


def _unbalanced() -> list[str]:
    return [
        f"Póliza {entry} ({kind} {document}): suma {pesos(int(cents))} y debe sumar cero con renglones."
        for entry, kind, document, cents in rows(UNBALANCED)
    ]


def _receivables() -> list[str]:
    return [
        f"{name}: los cargos abiertos suman {pesos(int(open_cents))} y la contabilidad tiene por cobrar "
        f"{pesos(int(journal))}."
        for name, open_cents, journal in rows(RECEIVABLES)
    ]


def _allocations() -> list[str]:
    return [
        f"Cuenta {number}, periodo {period}, documento {kind}/{sequence}, {concept}: se aplicaron "
        f"{pesos(int(allocated))} "
        + ("a un cargo que no existe." if charged is None else f"a un cargo de {pesos(int(charged))}.")
        for number, period, kind, sequence, concept, charged, allocated in rows(ALLOCATIONS)
    ]


def _days() -> list[str]:
    return [
        f"{name}, {on.isoformat()}: se aplicaron {pesos(int(applied))} y las pólizas de ese día dicen "
        f"{pesos(int(journal))}."
        for name, on, applied, journal in rows(DAYS)
    ]


def _credits() -> list[str]:
    spent = [
        f"Cuenta {number}, abono {document} de {pesos(amount)}: se aplicaron {pesos(int(allocated))}."
        for number, document, amount, allocated in rows(OVERSPENT)
    ]
    back = [
        f"La cancelación {document} es de {pesos(amount)} y su abono de {pesos(original)}."
        for document, amount, original in rows(REVERSALS)
    ]
    return spent + back


def _vat() -> list[str]:
    return [
        f"El IVA de los cargos ({pesos(int(charged))}) menos el de cancelaciones ({pesos(int(back))}) no es el "
        f"IVA por pagar de la contabilidad ({pesos(int(journal))})."
        for charged, back, journal in rows(VAT)
    ]


def _favor() -> list[str]:
    return [
        f"Los saldos a favor suman {pesos(int(credit))} y la contabilidad debe a usuarios {pesos(int(journal))}."
        for credit, journal in rows(FAVOR)
    ]


def _months() -> list[str]:
    found, previous = [], ""
    for close in reversed(months.month_closes()):
        figures = months.month_figures(month=Period(close.month))
        if (figures.n_entries, figures.by_account) != (close.n_entries, close.figures):
            found.append(
                f"{month_name(close.month).capitalize()} se cerró con otras cifras que las de sus pólizas."
            )
        if (close.previous_seal, close.seal) != (
            previous,
            months.seal_of(previous=previous, digest=figures.digest),
        ):
            found.append(f"El sello del cierre de {month_name(close.month)} no corresponde.")
        previous = close.seal
    return found


CHECKS: Final = [
    Check(
        "period_balances",
        "¿El saldo de cada cuenta y periodo es sus cargos menos lo aplicado?",
        _period_balances,
    ),
    Check(
        "credit_balances",
        "¿El saldo a favor de cada cuenta es sus abonos menos lo aplicado?",
        _credit_balances,
    ),
    Check("allocations", "¿Lo aplicado a cada cargo existe y no pasa de su importe?", _allocations),
    Check("days", "¿Lo aplicado cada día es lo que dicen las pólizas de ese día?", _days),
    Check("credits", "¿Ningún abono se aplicó de más, ni estando cancelado?", _credits),
    Check("journal", "¿Cada póliza suma cero?", _unbalanced),
    Check(
        "receivables", "¿Los cargos abiertos son las cuentas por cobrar, concepto por concepto?", _receivables
    ),
    Check("vat", "¿El IVA por pagar es el de los cargos menos el de lo cancelado?", _vat),
    Check("favor", "¿Los saldos a favor son lo que la contabilidad debe a usuarios?", _favor),
    Check("months", "¿Los meses cerrados dicen lo mismo que el día en que se cerraron?", _months),
]
