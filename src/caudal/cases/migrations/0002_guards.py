from django.db import migrations

from caudal.kernel.appendonly import AppendOnly

APPEND_ONLY = ("caseentry", "casephoto", "billingclaim", "claimedperiod", "claimresolution")


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_cases"), ("kernel", "0003_folios_and_guards")]
    operations = [AppendOnly(f"cases_{name}") for name in APPEND_ONLY]
