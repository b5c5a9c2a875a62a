from django.db import migrations

from caudal.ledger import catalog

OPEN_DEBTS = """
-- Most rows are paid; who owes, and how much, is read from the few that are not. Also the way from an
-- account to its debts: the key of the table starts with the period.
CREATE INDEX ledger_periodbalance_open ON ledger_periodbalance (account_id)
    INCLUDE (period, due_on, open_principal_cents, open_accessory_cents, surcharged_months)
    WHERE open_principal_cents <> 0 OR open_accessory_cents <> 0;
"""


def write_chart(apps, schema_editor):
    accounts = apps.get_model("ledger", "LedgerAccount")
    concepts = apps.get_model("ledger", "Concept")
    accounts.objects.bulk_create(accounts(code=code, name=name) for code, name in catalog.ACCOUNTS)
    concepts.objects.bulk_create(
        concepts(
            id=number,
            code=code,
            name=name,
            kind=kind,
            receivable_account=receivable,
            revenue_account=revenue,
            revenue_classifier=classifier,
        )
        for number, code, name, kind, (receivable, revenue, classifier) in catalog.CONCEPTS
    )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_partitions_and_guards")]
    operations = [
        migrations.RunPython(write_chart, migrations.RunPython.noop),
        migrations.RunSQL(OPEN_DEBTS, "DROP INDEX ledger_periodbalance_open"),
    ]
