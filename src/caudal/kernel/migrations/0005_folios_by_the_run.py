"""A run of folios of one series at once, for a file of payments; and a request's key asked in one statement."""

from django.db import migrations

TAKE_FOLIOS = """
-- the first of `n` consecutive folios; like kernel_take_folio, it rolls back with its documents
CREATE FUNCTION kernel_take_folios(series_code text, n integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE last_taken bigint;
BEGIN
    IF n < 1 THEN
        RAISE EXCEPTION 'Se pidieron % folios.', n USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO kernel_folioseries (code, last_number) VALUES (series_code, n)
        ON CONFLICT (code) DO UPDATE SET last_number = kernel_folioseries.last_number + n
        RETURNING last_number INTO last_taken;
    INSERT INTO kernel_folio (series, number)
        SELECT series_code, each FROM generate_series(last_taken - n + 1, last_taken) AS each;
    RETURN last_taken - n + 1;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0004_practice_and_public_address")]
    operations = [migrations.RunSQL(TAKE_FOLIOS, "DROP FUNCTION kernel_take_folios")]
