from django.db import migrations

from caudal.kernel.appendonly import AppendOnly

TAKE_FOLIO = """
-- The only hand that moves a series: the application may read the counter, never write it.
CREATE FUNCTION kernel_take_folio(series_code text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE taken bigint;
BEGIN
    INSERT INTO kernel_folioseries (code, last_number) VALUES (series_code, 1)
        ON CONFLICT (code) DO UPDATE SET last_number = kernel_folioseries.last_number + 1
        RETURNING last_number INTO taken;
    INSERT INTO kernel_folio (series, number) VALUES (series_code, taken);
    RETURN taken;
END $$;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON kernel_folioseries FROM caudal_app;
REVOKE INSERT ON kernel_folio FROM caudal_app;
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_initial")]
    operations = [
        AppendOnly("kernel_auditentry"),
        AppendOnly("kernel_folio"),
        AppendOnly("kernel_idempotencykey"),
        migrations.RunSQL(TAKE_FOLIO, "DROP FUNCTION kernel_take_folio"),
    ]
