"""What is written stays; an order that ended does not begin again; what it was when proposed never changes."""

from django.db import migrations

from caudal.kernel.appendonly import AppendOnly

APPEND_ONLY = (
    "disconnectionpolicy",
    "disconnectionbatch",
    "batchapproval",
    "orderstep",
    "ordercheck",
    "disconnection",
    "transitpayment",
    "illegalreconnection",
)

ORDERS = """
CREATE FUNCTION disconnections_keep_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'Una orden de corte o de reconexión no se borra: se cancela.' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state IN ('done', 'not_done', 'canceled', 'withdrawn') THEN
        RAISE EXCEPTION 'La orden % ya terminó: no cambia.', OLD.number USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION disconnections_keep_facts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.number, NEW.account_id, NEW.batch_id, NEW.service_point_id, NEW.measure, NEW.due_cents)
       IS DISTINCT FROM
       (OLD.number, OLD.account_id, OLD.batch_id, OLD.service_point_id, OLD.measure, OLD.due_cents) THEN
        RAISE EXCEPTION 'Lo propuesto en la orden % no cambia.', OLD.number USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER disconnections_order_kept BEFORE UPDATE OR DELETE ON disconnections_disconnectionorder
    FOR EACH ROW EXECUTE FUNCTION disconnections_keep_order();
CREATE TRIGGER disconnections_order_facts BEFORE UPDATE ON disconnections_disconnectionorder
    FOR EACH ROW EXECUTE FUNCTION disconnections_keep_facts();
CREATE TRIGGER disconnections_reconnection_kept BEFORE UPDATE OR DELETE ON disconnections_reconnectionorder
    FOR EACH ROW EXECUTE FUNCTION disconnections_keep_order();
"""
BACK = """
DROP TRIGGER disconnections_order_kept ON disconnections_disconnectionorder;
DROP TRIGGER disconnections_order_facts ON disconnections_disconnectionorder;
DROP TRIGGER disconnections_reconnection_kept ON disconnections_reconnectionorder;
DROP FUNCTION disconnections_keep_order;
DROP FUNCTION disconnections_keep_facts;
"""


class Migration(migrations.Migration):
    dependencies = [("disconnections", "0001_cuts"), ("kernel", "0003_folios_and_guards")]
    operations = [
        *(AppendOnly(f"disconnections_{name}") for name in APPEND_ONLY),
        migrations.RunSQL(ORDERS, BACK),
    ]
