"""Accounts that the counter needs: cash that is short, and money nobody has recognized yet."""

from django.db import migrations

ACCOUNTS = (("1123-01", "Faltantes de caja por aclarar"), ("2119-02", "Depósitos por identificar"))


def add_accounts(apps, schema_editor):
    for code, name in ACCOUNTS:
        apps.get_model("ledger", "LedgerAccount").objects.get_or_create(code=code, defaults={"name": name})


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_catalog")]
    operations = [migrations.RunPython(add_accounts, migrations.RunPython.noop)]
