"""The chain of receipts walked by other eyes: read by SQL, sealed again here, from what the rows say.

Nothing of `caudal.cashier.chain` is used; that both agree is what the tests are for.
"""

import hashlib
from itertools import groupby

from django.db import connection

RECEIPTS = """
    SELECT receipt.series, receipt.number, receipt.previous_hash, receipt.hash,
           concat_ws('|', receipt.series, receipt.number, receipt.business_on,
               floor(extract(epoch FROM receipt.paid_at))::bigint, receipt.received_by, receipt.channel,
               COALESCE(receipt.session_id::text, ''), COALESCE(receipt.settlement_id::text, ''),
               receipt.total_cents,
               COALESCE(reversed.series || '-' || lpad(reversed.number::text, 6, '0'), ''), receipt.verification)
    FROM cashier_receipt AS receipt LEFT JOIN cashier_receipt AS reversed ON reversed.id = receipt.reverses_id
    ORDER BY receipt.series, receipt.number
"""
PAYMENTS = """
    SELECT receipt.series, receipt.number, payment.account_id, payment.amount_cents FROM cashier_payment AS payment
    JOIN cashier_receipt AS receipt ON receipt.id = payment.receipt_id ORDER BY 3, 4
"""
TENDERS = """
    SELECT receipt.series, receipt.number, tender.kind, tender.amount_cents, tender.given_cents, tender.reference
    FROM cashier_tender AS tender JOIN cashier_receipt AS receipt ON receipt.id = tender.receipt_id
"""


def broken_seals() -> list[str]:
    """The folios whose seal is not what their rows, and the receipt before, make it; and folios that are missing."""
    parts: dict[tuple[str, int], list[str]] = {}
    tenders: dict[tuple[str, int], list[tuple[str, int, int, str]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(PAYMENTS)
        for series, number, account, cents in cursor.fetchall():
            parts.setdefault((series, number), []).append(f"{account}:{cents}")
        cursor.execute(TENDERS)
        for series, number, *tender in cursor.fetchall():
            tenders.setdefault((series, number), []).append((*tender,))
        cursor.execute(RECEIPTS)
        receipts = cursor.fetchall()
    broken = []
    for series, chain in groupby(receipts, key=lambda receipt: receipt[0]):
        head = bytes(32)
        for place, (_, number, previous, seal, start) in enumerate(chain, start=1):
            how = ",".join(":".join(map(str, tender)) for tender in sorted(tenders.get((series, number), [])))
            said = "|".join((start, ",".join(parts.get((series, number), [])), how))
            expected = hashlib.sha256(head + said.encode()).digest()
            if number != place or bytes(previous) != head or bytes(seal) != expected:
                broken.append(f"{series}-{number:06d}")
                break
            head = bytes(seal)
    return broken
