from django.db import migrations

from caudal.kernel.appendonly import AppendOnly
from caudal.kernel.partitions import Partitioned

BALANCED = """
-- An entry sums to zero when its transaction ends; the check waits until then because lines come one by one.
CREATE FUNCTION ledger_require_balanced_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE difference numeric;
BEGIN
    SELECT COALESCE(sum(amount_cents), 0) INTO difference
        FROM ledger_journalline WHERE entry_id = NEW.entry_id;
    IF difference <> 0 THEN
        RAISE EXCEPTION 'La póliza % no cuadra: le sobran % centavos.', NEW.entry_id, difference
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_entry_balanced AFTER INSERT ON ledger_journalline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_require_balanced_entry();
"""

REFERENCES = """
    ALTER TABLE {table} ADD FOREIGN KEY (account_id) REFERENCES registry_account (id);
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial"), ("kernel", "0003_folios_and_guards")]
    operations = [
        Partitioned(
            "ledger_charge",
            key=["period", "account_id", "document_kind", "sequence", "concept_id", "reduces_id"],
            append_only=True,
            indexes=REFERENCES + "ALTER TABLE {table} ADD FOREIGN KEY (concept_id) REFERENCES ledger_concept (id);",
        ),
        Partitioned(
            "ledger_periodbalance",
            key=["period", "account_id"],
            append_only=False,
            fillfactor=70,
            indexes=REFERENCES,
        ),
        *(
            AppendOnly(f"ledger_{table}")
            for table in ("working", "credit", "allocation", "journalentry", "journalline")
        ),
        migrations.RunSQL(BALANCED, "DROP FUNCTION ledger_require_balanced_entry CASCADE"),
    ]
