"""What may not be undone, and what must add up when a transaction ends."""

from django.db import migrations

from caudal.kernel.appendonly import AppendOnly

APPEND_ONLY = (
    "closedday", "dunningladder", "dunningstage", "notice", "noticedebt", "serviceofnotice", "noticecost",
    "noticecancellation",
)  # fmt: skip

ADDS_UP = """
-- A notice is what its periods say, to the centavo. Rows come by the thousand: it is asked when all are there.
CREATE FUNCTION dunning_require_sum() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE row_of bigint; said bigint; listed numeric; folio bigint;
BEGIN
    row_of := CASE TG_TABLE_NAME WHEN 'dunning_notice' THEN (to_jsonb(NEW) ->> 'id')::bigint
                                 ELSE (to_jsonb(NEW) ->> 'notice_id')::bigint END;
    SELECT total_cents, number INTO said, folio FROM dunning_notice WHERE id = row_of;
    SELECT COALESCE(sum(water_cents + sewerage_cents + other_cents + surcharge_cents + cost_cents), 0)
        INTO listed FROM dunning_noticedebt WHERE notice_id = row_of;
    IF said <> listed THEN
        RAISE EXCEPTION 'La notificación % no cuadra: dice % y sus periodos suman %.', folio, said, listed
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER dunning_notice_adds_up AFTER INSERT ON dunning_notice
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dunning_require_sum();
CREATE CONSTRAINT TRIGGER dunning_debt_adds_up AFTER INSERT ON dunning_noticedebt
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dunning_require_sum();
"""


class Migration(migrations.Migration):
    dependencies = [("dunning", "0001_notices"), ("kernel", "0003_folios_and_guards")]
    operations = [
        *(AppendOnly(f"dunning_{name}") for name in APPEND_ONLY),
        migrations.RunSQL(ADDS_UP, "DROP FUNCTION dunning_require_sum CASCADE"),
    ]
