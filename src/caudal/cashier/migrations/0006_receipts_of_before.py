"""Payments taken before there were tills become receipts of their own, chained in the order of their folios."""

import hashlib

from django.db import migrations

GENESIS = bytes(32)


def make_receipts(apps, schema_editor):
    from caudal.cashier import chain

    payment_model = apps.get_model("cashier", "Payment")
    receipt_model, tender_model = apps.get_model("cashier", "Receipt"), apps.get_model("cashier", "Tender")
    receipts, last = {}, {}
    schema_editor.execute("ALTER TABLE cashier_payment DISABLE TRIGGER cashier_payment_append_only")
    for payment in payment_model.objects.order_by("series", "number"):
        # a cancellation stands in its own series: the receipt it takes back may come later
        receipt = receipt_model(
            series=payment.series, number=payment.number, business_on=payment.business_on, paid_at=payment.paid_at,
            received_by=payment.received_by, channel="before_tills", total_cents=payment.amount_cents,
            verification=chain.new_verification(),
        )
        receipts[payment.id] = (receipt, payment)
    for receipt, payment in sorted(receipts.values(), key=lambda pair: pair[1].reverses_id is not None):
        reversed_receipt = receipts[payment.reverses_id][0] if payment.reverses_id else None
        receipt.reverses = reversed_receipt
        receipt.previous_hash = last.get(receipt.series, GENESIS)
        tender = tender_model(
            receipt=receipt, kind=payment.tender, amount_cents=payment.amount_cents,
            reference="" if payment.tender == "cash" else payment.external_reference[:40] or "sin referencia",
        )
        body = chain.body(
            receipt=receipt, payments=[(payment.account_id, payment.amount_cents)],
            tenders=[(tender.kind, tender.amount_cents, 0, tender.reference)],
            reverses="" if reversed_receipt is None else f"{reversed_receipt.series}-{reversed_receipt.number:06d}",
        )
        receipt.hash = last[receipt.series] = hashlib.sha256(receipt.previous_hash + body.encode()).digest()
        receipt.save(force_insert=True)
        tender.receipt = receipt
        tender.save(force_insert=True)
        payment_model.objects.filter(pk=payment.pk).update(receipt=receipt)
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    schema_editor.execute("ALTER TABLE cashier_payment ENABLE TRIGGER cashier_payment_append_only")


class Migration(migrations.Migration):
    dependencies = [("cashier", "0005_counter")]
    operations = [migrations.RunPython(make_receipts, migrations.RunPython.noop)]
