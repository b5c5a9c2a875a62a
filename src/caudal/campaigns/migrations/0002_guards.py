from django.db import migrations

from caudal.kernel.appendonly import AppendOnly

APPEND_ONLY = ("waiver", "prepaidmonth", "prepaidmonthend", "prepaymentpolicy")

PUBLISHED = """
-- A published rule is what people were told: nothing of it changes. It may be withdrawn, once, and the paper of the
-- council's agreement may arrive later, once.
CREATE FUNCTION campaigns_refuse_new_rules() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE open_columns text[] := ARRAY['withdrawn_at', 'withdrawn_by', 'withdrawal_reason', 'council_agreement_pdf'];
BEGIN
    IF OLD.published_at IS NULL THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE'
       OR to_jsonb(NEW) - open_columns IS DISTINCT FROM to_jsonb(OLD) - open_columns
       OR (OLD.withdrawn_at IS NOT NULL AND (NEW.withdrawn_at, NEW.withdrawn_by, NEW.withdrawal_reason)
               IS DISTINCT FROM (OLD.withdrawn_at, OLD.withdrawn_by, OLD.withdrawal_reason))
       OR (OLD.council_agreement_pdf <> '' AND NEW.council_agreement_pdf <> OLD.council_agreement_pdf) THEN
        RAISE EXCEPTION 'La campaña % ya está publicada: sus reglas no cambian.', OLD.code
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER campaigns_published_holds BEFORE UPDATE OR DELETE ON campaigns_campaign
    FOR EACH ROW EXECUTE FUNCTION campaigns_refuse_new_rules();
"""
UNPUBLISHED = """
DROP TRIGGER campaigns_published_holds ON campaigns_campaign;
DROP FUNCTION campaigns_refuse_new_rules();
"""

RULED = """
-- Nothing is forgiven outside a rule: at commit, a credit that forgives has its row here, for the same account and
-- amount. The check waits until then because the credit is written first.
CREATE FUNCTION campaigns_require_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM campaigns_waiver WHERE credit_id = NEW.id AND account_id = NEW.account_id
                                                      AND cents = NEW.amount_cents) THEN
        RAISE EXCEPTION 'La condonación % no tiene regla que la autorice.', NEW.document
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER campaigns_waiver_has_rule AFTER INSERT ON ledger_credit
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.kind = 'waiver' AND NEW.reverses_id IS NULL)
    EXECUTE FUNCTION campaigns_require_rule();
"""
UNRULED = """
DROP TRIGGER campaigns_waiver_has_rule ON ledger_credit;
DROP FUNCTION campaigns_require_rule();
"""

PREPAID = """
-- A month is paid ahead once at a time. The account is locked first, so that two payments stand in line.
CREATE FUNCTION campaigns_refuse_second_prepaid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM registry_account WHERE id = NEW.account_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM campaigns_prepaidmonth AS month
               WHERE month.account_id = NEW.account_id AND month.period = NEW.period
                 AND NOT EXISTS (SELECT FROM campaigns_prepaidmonthend WHERE month_id = month.id)) THEN
        RAISE EXCEPTION 'El periodo % ya está pagado por adelantado.', NEW.period USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER campaigns_prepaid_once BEFORE INSERT ON campaigns_prepaidmonth
    FOR EACH ROW EXECUTE FUNCTION campaigns_refuse_second_prepaid();
"""
UNPREPAID = """
DROP TRIGGER campaigns_prepaid_once ON campaigns_prepaidmonth;
DROP FUNCTION campaigns_refuse_second_prepaid();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0001_initial"),
        ("kernel", "0003_folios_and_guards"),
        ("ledger", "0006_relief"),
    ]
    operations = [
        *(AppendOnly(f"campaigns_{name}") for name in APPEND_ONLY),
        migrations.RunSQL(PUBLISHED, UNPUBLISHED),
        migrations.RunSQL(RULED, UNRULED),
        migrations.RunSQL(PREPAID, UNPREPAID),
    ]
