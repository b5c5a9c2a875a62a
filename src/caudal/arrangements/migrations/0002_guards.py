"""What may not be undone, and what must add up when a transaction ends."""

from django.db import migrations

from caudal.kernel.appendonly import AppendOnly

APPEND_ONLY = ("arrangementpolicy", "paymentarrangement", "installment", "abilitytopay", "arrangementend")

ADDS_UP = """
-- The table of an agreement is its debt to the centavo. Rows come one by one: it is asked when all are there.
CREATE FUNCTION arrangements_require_sum() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    signed arrangements_paymentarrangement;
    principal numeric; deferral numeric; down numeric; later bigint; last smallint;
BEGIN
    SELECT * INTO signed FROM arrangements_paymentarrangement
        WHERE id = CASE TG_TABLE_NAME WHEN 'arrangements_installment'
                        THEN (to_jsonb(NEW) ->> 'arrangement_id')::bigint ELSE (to_jsonb(NEW) ->> 'id')::bigint END;
    SELECT COALESCE(sum(principal_cents), 0), COALESCE(sum(deferral_cents), 0),
           COALESCE(sum(principal_cents) FILTER (WHERE number = 0), 0), count(*) FILTER (WHERE number > 0),
           COALESCE(max(number), 0)
        INTO principal, deferral, down, later, last
        FROM arrangements_installment WHERE arrangement_id = signed.id;
    IF (principal, deferral, down, later, last::bigint) IS DISTINCT FROM
       ((signed.total_cents - signed.waived_cents)::numeric, signed.deferral_cents::numeric,
        signed.down_payment_cents::numeric, signed.count::bigint, signed.count::bigint) THEN
        RAISE EXCEPTION 'El convenio % no cuadra: sus parcialidades suman % y % de prórroga, en % pagos.',
            signed.number, principal, deferral, later USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER arrangements_arrangement_adds_up AFTER INSERT ON arrangements_paymentarrangement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION arrangements_require_sum();
CREATE CONSTRAINT TRIGGER arrangements_installment_adds_up AFTER INSERT ON arrangements_installment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION arrangements_require_sum();
"""

IN_FORCE = """
-- An agreement is in force until it ends and not a moment longer; whose row it is never changes.
CREATE FUNCTION arrangements_require_live() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE row_of bigint; has_ended boolean; is_live boolean; whose integer; holder integer;
BEGIN
    row_of := CASE TG_TABLE_NAME WHEN 'arrangements_paymentarrangement' THEN (to_jsonb(NEW) ->> 'id')::bigint
                                 WHEN 'arrangements_livearrangement'
                                 THEN (to_jsonb(COALESCE(NEW, OLD)) ->> 'arrangement_id')::bigint
                                 ELSE (to_jsonb(NEW) ->> 'arrangement_id')::bigint END;
    SELECT account_id INTO whose FROM arrangements_paymentarrangement WHERE id = row_of;
    SELECT account_id INTO holder FROM arrangements_livearrangement WHERE arrangement_id = row_of;
    has_ended := EXISTS (SELECT FROM arrangements_arrangementend WHERE arrangement_id = row_of);
    is_live := holder IS NOT NULL;
    IF has_ended = is_live OR (is_live AND holder <> whose) THEN
        RAISE EXCEPTION 'El convenio de id % debe estar vigente o terminado, una de las dos.', row_of
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER arrangements_arrangement_is_live AFTER INSERT ON arrangements_paymentarrangement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION arrangements_require_live();
CREATE CONSTRAINT TRIGGER arrangements_end_is_not_live AFTER INSERT ON arrangements_arrangementend
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION arrangements_require_live();
CREATE CONSTRAINT TRIGGER arrangements_live_is_live AFTER INSERT OR UPDATE OR DELETE ON arrangements_livearrangement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION arrangements_require_live();
"""


class Migration(migrations.Migration):
    dependencies = [("arrangements", "0001_payment_agreements"), ("kernel", "0003_folios_and_guards")]
    operations = [
        *(AppendOnly(f"arrangements_{name}") for name in APPEND_ONLY),
        migrations.RunSQL(ADDS_UP, "DROP FUNCTION arrangements_require_sum CASCADE"),
        migrations.RunSQL(IN_FORCE, "DROP FUNCTION arrangements_require_live CASCADE"),
    ]
