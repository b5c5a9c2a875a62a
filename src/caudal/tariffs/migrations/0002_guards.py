from django.db import migrations

PUBLISHED = """
CREATE FUNCTION tariffs_refuse_change_of_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NULL THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    -- the one change a published book admits: an open end is closed by its successor
    IF TG_OP = 'UPDATE' AND OLD.effective_to IS NULL AND NEW.effective_to IS NOT NULL
       AND to_jsonb(OLD) - 'effective_to' = to_jsonb(NEW) - 'effective_to' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'El libro de tarifas % está publicado y no cambia; publique una versión nueva.', OLD.code
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER tariffs_published_is_final BEFORE UPDATE OR DELETE ON tariffs_tariffbook
    FOR EACH ROW EXECUTE FUNCTION tariffs_refuse_change_of_published();
REVOKE TRUNCATE ON tariffs_tariffbook FROM caudal_app;
"""


class Migration(migrations.Migration):
    dependencies = [("tariffs", "0001_initial"), ("kernel", "0003_folios_and_guards")]
    operations = [migrations.RunSQL(PUBLISHED, "DROP FUNCTION tariffs_refuse_change_of_published CASCADE")]
