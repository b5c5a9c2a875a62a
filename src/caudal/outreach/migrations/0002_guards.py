"""The log of what was done is never rewritten, and a void answers a real row, once, of the same action."""

from django.db import migrations

from caudal.kernel.appendonly import AppendOnly

VOID = """
CREATE FUNCTION outreach_check_void() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM outreach_outreachentry
        WHERE id = NEW.voids_id AND voids_id IS NULL AND action_id = NEW.action_id
    ) THEN
        RAISE EXCEPTION 'a void answers a row of the same action that is no void' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER outreach_void_answers_a_row BEFORE INSERT ON outreach_outreachentry
    FOR EACH ROW WHEN (NEW.voids_id IS NOT NULL) EXECUTE FUNCTION outreach_check_void();
"""
NO_VOID = """
DROP TRIGGER outreach_void_answers_a_row ON outreach_outreachentry;
DROP FUNCTION outreach_check_void();
"""


class Migration(migrations.Migration):
    dependencies = [("outreach", "0001_initial"), ("kernel", "0003_folios_and_guards")]
    operations = [AppendOnly("outreach_outreachentry"), migrations.RunSQL(VOID, NO_VOID)]
