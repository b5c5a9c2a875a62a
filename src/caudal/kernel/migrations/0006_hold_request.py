"""A request's key, held until the transaction ends, and what it was answered before: one statement."""

from django.db import migrations

HOLD = """
-- a second request with this key waits here for the end of the first, and then sees its answer
CREATE FUNCTION kernel_hold_request(request_key uuid) RETURNS TABLE (body_hash varchar, reply jsonb)
    LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(request_key::text, 0));
    RETURN QUERY SELECT held.body_hash, held.reply FROM kernel_idempotencykey AS held WHERE held.key = request_key;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0005_folios_by_the_run")]
    operations = [migrations.RunSQL(HOLD, "DROP FUNCTION kernel_hold_request")]
