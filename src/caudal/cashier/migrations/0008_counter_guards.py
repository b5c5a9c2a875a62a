from django.db import migrations

from caudal.kernel.appendonly import AppendOnly

APPEND_ONLY = (
    "receipt", "tender", "prepayment", "tillsessionstep", "cashcount", "cashwithdrawal", "tillclosing",
    "tenderbalance", "depositslip", "depositedclosing", "settlementfile", "settlementline", "identification",
)  # fmt: skip

GUARDS = """
-- of a session only its state moves, and only forward
REVOKE UPDATE, DELETE, TRUNCATE ON cashier_tillsession FROM caudal_app;
GRANT UPDATE (state) ON cashier_tillsession TO caudal_app;

CREATE FUNCTION cashier_session_moves_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = OLD.state OR (OLD.state = 'open' AND NEW.state = 'balancing')
       OR (OLD.state = 'balancing' AND NEW.state = 'balanced') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'El turno % no pasa de % a %.', OLD.id, OLD.state, NEW.state USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER cashier_session_moves_forward BEFORE UPDATE ON cashier_tillsession
    FOR EACH ROW EXECUTE FUNCTION cashier_session_moves_forward();

-- no payment outside an open session; in balancing only corrections. The lock makes a closing wait for the
-- payments that are under way, and the payments that come later see it closed.
CREATE FUNCTION cashier_receipt_needs_session() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found text;
BEGIN
    IF NEW.session_id IS NULL THEN
        RETURN NEW;
    END IF;
    SELECT state INTO found FROM cashier_tillsession WHERE id = NEW.session_id FOR SHARE;
    IF found = 'open' OR (found = 'balancing' AND NEW.reverses_id IS NOT NULL) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'El turno % no admite este comprobante: está %.', NEW.session_id, COALESCE(found, 'perdido')
        USING ERRCODE = 'check_violation', CONSTRAINT = 'cashier_receipt_needs_session';
END $$;
CREATE TRIGGER cashier_receipt_needs_session BEFORE INSERT ON cashier_receipt
    FOR EACH ROW EXECUTE FUNCTION cashier_receipt_needs_session();
"""


class Migration(migrations.Migration):
    dependencies = [("cashier", "0007_payment_of_receipt"), ("kernel", "0003_folios_and_guards")]
    operations = [
        *(AppendOnly(f"cashier_{name}") for name in APPEND_ONLY),
        migrations.RunSQL(
            GUARDS,
            "DROP TRIGGER cashier_receipt_needs_session ON cashier_receipt;"
            "DROP TRIGGER cashier_session_moves_forward ON cashier_tillsession;"
            "DROP FUNCTION cashier_receipt_needs_session, cashier_session_moves_forward;"
            "GRANT UPDATE, DELETE, TRUNCATE ON cashier_tillsession TO caudal_app",
        ),
    ]
