"""One person, one property: checked when the work is done, also between two windows at the same moment."""

from django.db import migrations

from caudal.kernel.appendonly import AppendOnly

APPEND_ONLY = ("beneficiary", "benefitevidence", "livedinvisit", "benefitloss", "evidencereading")

PERSON = """
CREATE FUNCTION benefits_person_of(benefit integer) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT COALESCE(
        (SELECT person_id FROM benefits_beneficiary WHERE benefit_id = benefit),
        (SELECT holder.person_id FROM registry_benefit AS held
         JOIN registry_accountholder AS holder ON holder.account_id = held.account_id
              AND daterange(holder.effective_from, holder.effective_to) @> held.effective_from
         WHERE held.id = benefit))
$$;
"""
ONE_PROPERTY = """
CREATE FUNCTION benefits_one_property() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held registry_benefit%ROWTYPE;
    who integer;
BEGIN
    SELECT * INTO held FROM registry_benefit WHERE id = NEW.id;
    IF NOT FOUND OR NOT EXISTS (
        SELECT FROM benefits_benefitpolicy WHERE category = held.category AND one_property
        AND daterange(effective_from, effective_to) @> held.effective_from
    ) THEN
        RETURN NULL;
    END IF;
    who := benefits_person_of(held.id);
    IF who IS NULL THEN
        RETURN NULL;
    END IF;
    -- two windows with the same person: the second waits here and then sees what the first wrote
    PERFORM pg_advisory_xact_lock(hashtext('benefits_one_property'), who);
    IF EXISTS (
        SELECT FROM registry_benefit AS other
        WHERE other.account_id <> held.account_id
        AND daterange(other.effective_from, other.effective_to) && daterange(held.effective_from, held.effective_to)
        AND (other.account_id IN (SELECT account_id FROM registry_accountholder WHERE person_id = who)
             OR other.id IN (SELECT benefit_id FROM benefits_beneficiary WHERE person_id = who))
        AND benefits_person_of(other.id) = who
    ) THEN
        RAISE EXCEPTION 'person % holds a benefit on another property', who
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'benefits_one_property';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER benefits_one_property AFTER INSERT OR UPDATE ON registry_benefit
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION benefits_one_property();
"""
UNDO = """
DROP TRIGGER benefits_one_property ON registry_benefit;
DROP FUNCTION benefits_one_property();
DROP FUNCTION benefits_person_of(integer);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("benefits", "0002_jalisco_template"),
        ("registry", "0003_search_index"),
        ("kernel", "0003_folios_and_guards"),
    ]
    operations = [
        migrations.RunSQL(PERSON + ONE_PROPERTY, UNDO),
        *(AppendOnly(f"benefits_{name}") for name in APPEND_ONLY),
    ]
