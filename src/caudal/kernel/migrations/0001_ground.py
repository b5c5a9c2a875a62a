"""The ground of the database: who may do what, and the functions that own the partitions.

Runs before every other migration, because default privileges count only for tables made later.
"""

from django.db import migrations

PRIVILEGES = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'caudal_app') THEN
        CREATE ROLE caudal_app NOLOGIN;
    END IF;
END $$;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO caudal_app;
GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA public TO caudal_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON TABLES TO caudal_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO caudal_app;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
"""

REFUSE_CHANGE = """
CREATE FUNCTION kernel_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'La tabla % solo admite renglones nuevos: lo escrito no se cambia ni se borra.', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

-- lower case without accents, usable in an index: ñ → n
CREATE FUNCTION kernel_plain(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN lower(unaccent('unaccent', $1));
"""

PARTITIONS = """
CREATE TABLE kernel_partitioned (
    parent text PRIMARY KEY,
    key_columns text NOT NULL,
    append_only boolean NOT NULL,
    fill_factor integer NOT NULL
);
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON kernel_partitioned FROM caudal_app;

CREATE FUNCTION kernel_partition_facts(parent text, period integer) RETURNS kernel_partitioned
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE facts kernel_partitioned;
BEGIN
    SELECT * INTO facts FROM kernel_partitioned p WHERE p.parent = kernel_partition_facts.parent;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'La tabla % no se parte por periodo.', parent USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF period <> 0 AND (period NOT BETWEEN 190001 AND 299912 OR period % 100 NOT BETWEEN 1 AND 12) THEN
        RAISE EXCEPTION 'El periodo % no es un mes.', period USING ERRCODE = 'check_violation';
    END IF;
    RETURN facts;
END $$;

-- the guards that every published partition of an append-only table carries
CREATE FUNCTION kernel_guard_partition(child text, append_only boolean) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    EXECUTE format('REVOKE ALL ON %I FROM caudal_app', child);
    IF append_only THEN
        EXECUTE format('GRANT SELECT, INSERT ON %I TO caudal_app', child);
        EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %I
                        FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change()', child);
    ELSE
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO caudal_app', child);
    END IF;
END $$;

CREATE FUNCTION kernel_ensure_partition(parent text, period integer) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    facts kernel_partitioned := kernel_partition_facts(parent, period);
    child text := parent || '_' || period;
BEGIN
    IF to_regclass(child) IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtextextended(child, 0));
        IF to_regclass(child) IS NULL THEN
            EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES IN (%s) WITH (fillfactor = %s)',
                           child, parent, period, facts.fill_factor);
            PERFORM kernel_guard_partition(child, facts.append_only);
        END IF;
    END IF;
    RETURN child;
END $$;

CREATE FUNCTION kernel_open_detached(parent text, period integer, tag text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    facts kernel_partitioned := kernel_partition_facts(parent, period);
    child text := parent || '_' || period || '_' || tag;
BEGIN
    IF tag !~ '^[a-z][a-z0-9]{0,15}$' THEN
        RAISE EXCEPTION 'La marca % no sirve para nombrar una tabla.', tag USING ERRCODE = 'check_violation';
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS) WITH (fillfactor = %s)',
                   child, parent, facts.fill_factor);
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT of_one_period CHECK (period = %s)', child, period);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON %I TO caudal_app', child);
    RETURN child;
END $$;

CREATE FUNCTION kernel_attach(parent text, period integer, tag text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    facts kernel_partitioned := kernel_partition_facts(parent, period);
    detached text := parent || '_' || period || '_' || tag;
    child text := parent || '_' || period;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(child, 0));
    IF to_regclass(child) IS NOT NULL THEN
        EXECUTE format('INSERT INTO %I SELECT * FROM %I', parent, detached);
        EXECUTE format('DROP TABLE %I', detached);
    ELSE
        EXECUTE format('ALTER TABLE %I ADD PRIMARY KEY (%s)', detached, facts.key_columns);
        EXECUTE format('ALTER TABLE %I RENAME TO %I', detached, child);
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES IN (%s)', parent, child, period);
        EXECUTE format('ALTER TABLE %I DROP CONSTRAINT of_one_period', child);
        PERFORM kernel_guard_partition(child, facts.append_only);
    END IF;
    RETURN child;
END $$;

CREATE FUNCTION kernel_drop_detached(parent text, period integer, tag text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    facts kernel_partitioned := kernel_partition_facts(parent, period);
    detached text := parent || '_' || period || '_' || tag;
BEGIN
    IF EXISTS (SELECT FROM pg_inherits WHERE inhrelid = to_regclass(detached)) THEN
        RAISE EXCEPTION 'La tabla % ya está publicada.', detached USING ERRCODE = 'insufficient_privilege';
    END IF;
    EXECUTE format('DROP TABLE IF EXISTS %I', detached);
    RETURN detached;
END $$;
REVOKE EXECUTE ON FUNCTION kernel_guard_partition FROM PUBLIC;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    run_before = [
        ("contenttypes", "0001_initial"),
        ("auth", "0001_initial"),
        ("sessions", "0001_initial"),
        ("axes", "0001_initial"),
        ("procrastinate", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(PRIVILEGES, migrations.RunSQL.noop),
        migrations.RunSQL(REFUSE_CHANGE, "DROP FUNCTION kernel_refuse_change, kernel_plain"),
        migrations.RunSQL(
            PARTITIONS,
            "DROP FUNCTION kernel_drop_detached, kernel_attach, kernel_open_detached, kernel_ensure_partition, "
            "kernel_guard_partition, kernel_partition_facts; DROP TABLE kernel_partitioned",
        ),
    ]
