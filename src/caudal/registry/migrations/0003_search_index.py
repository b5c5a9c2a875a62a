"""What the search box reads: the words of each account, the words there are, and numbers as people type them.

The database keeps it, by statement: whoever writes a holder or an agreement, one or twelve thousand at a time,
cannot forget it. The application reads these tables and cannot write them.
"""

from django.db import migrations, models

WORDS = """
-- `jose de jesus, s/n` → {jose,de,jesus,s,n}; the text comes without accents (kernel_plain)
CREATE FUNCTION registry_words(text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN string_to_array(btrim(regexp_replace($1, '[^a-z0-9]+', ' ', 'g')), ' ');

-- Accounts are dealt into sixteen shelves, and every word of a document carries the letter of its shelf: a search goes
-- shelf by shelf and stops when it has enough, so that a word of half the town costs a sixteenth of it.
CREATE FUNCTION registry_shelved(account_id integer, words text[]) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN array_to_tsvector(ARRAY(SELECT chr(97 + $1 % 16) || word FROM unnest($2) AS word));

-- a word and itself without each of its letters: two words one slip apart share one of these
CREATE FUNCTION registry_spellings(text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ARRAY(SELECT $1 UNION
                 SELECT substr($1, 1, place - 1) || substr($1, place + 1) FROM generate_series(1, length($1)) place);

-- numbers without what people put between their digits: `01-021 3442` → 010213442
CREATE FUNCTION registry_squeezed(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN upper(regexp_replace($1, '[^0-9A-Za-z]+', '', 'g'));
"""

TABLES = """
CREATE TABLE registry_searchdocument (account_id integer PRIMARY KEY, words tsvector NOT NULL);
-- not unique: two that arrive at once write a word twice and nobody waits for anybody
CREATE TABLE registry_searchword (word text NOT NULL);
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON registry_searchdocument, registry_searchword FROM caudal_app;

-- every name that an account ever had, and every place; an account without an agreement is not there yet
CREATE VIEW registry_searchtext AS
    SELECT h.account_id, p.plain_name AS text
    FROM registry_accountholder h JOIN registry_person p ON p.id = h.person_id
    WHERE EXISTS (SELECT FROM registry_serviceagreement g WHERE g.account_id = h.account_id)
    UNION ALL
    SELECT g.account_id, concat_ws(' ', m.plain_address, kernel_plain(n.name), kernel_plain(l.name))
    FROM registry_serviceagreement g
    JOIN registry_servicepoint s ON s.id = g.service_point_id
    JOIN registry_premise m ON m.id = s.premise_id
    JOIN registry_locality l ON l.id = m.locality_id
    LEFT JOIN registry_neighborhood n ON n.id = m.neighborhood_id;
"""

UPKEEP = """
CREATE FUNCTION registry_index(asked integer[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    -- one account or a whole town: planned for as many as there are, never for those of the last time
    SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    IF COALESCE(cardinality(asked), 0) = 0 THEN RETURN; END IF;
    -- first the lock, then the reading: what another transaction just wrote of the account is seen
    PERFORM FROM registry_searchdocument WHERE account_id = ANY(asked) ORDER BY account_id FOR UPDATE;
    DELETE FROM registry_searchdocument d WHERE account_id = ANY(asked)
        AND NOT EXISTS (SELECT FROM registry_serviceagreement g WHERE g.account_id = d.account_id);
    WITH fresh AS MATERIALIZED (
        SELECT account_id, registry_words(string_agg(text, ' ')) AS words
        FROM registry_searchtext WHERE account_id = ANY(asked) GROUP BY account_id
    ), learned AS (
        INSERT INTO registry_searchword (word) SELECT word FROM (SELECT DISTINCT unnest(words) AS word FROM fresh) w
        WHERE NOT EXISTS (SELECT FROM registry_searchword known WHERE known.word = w.word)
    )
    INSERT INTO registry_searchdocument AS d (account_id, words)
    SELECT account_id, registry_shelved(account_id, words) FROM fresh ORDER BY account_id
    ON CONFLICT (account_id) DO UPDATE SET words = EXCLUDED.words WHERE d.words <> EXCLUDED.words;
END $$;

CREATE FUNCTION registry_index_all() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET statement_timeout = 0 AS $$
BEGIN
    -- nobody's document may be locked when it changes; searching goes on with the old ones
    LOCK TABLE registry_searchdocument IN SHARE ROW EXCLUSIVE MODE;
    PERFORM registry_index(ARRAY(SELECT account_id FROM registry_searchdocument
                                 UNION SELECT account_id FROM registry_serviceagreement));
    DELETE FROM registry_searchword w WHERE NOT EXISTS (
        SELECT FROM (SELECT DISTINCT substr(unnest(tsvector_to_array(words)), 2) AS word FROM registry_searchdocument) used
        WHERE used.word = w.word);
    RETURN (SELECT count(*) FROM registry_searchdocument);
END $$;

CREATE FUNCTION registry_index_holders() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM registry_index(ARRAY(SELECT DISTINCT account_id FROM new_rows));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM registry_index(ARRAY(SELECT DISTINCT account_id FROM old_rows));
    ELSE
        PERFORM registry_index(ARRAY(
            SELECT unnest(ARRAY[o.account_id, n.account_id]) FROM old_rows o JOIN new_rows n USING (id)
            WHERE (o.account_id, o.person_id) <> (n.account_id, n.person_id)));
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION registry_index_agreements() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM registry_index(ARRAY(SELECT DISTINCT account_id FROM new_rows));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM registry_index(ARRAY(SELECT DISTINCT account_id FROM old_rows));
    ELSE
        PERFORM registry_index(ARRAY(
            SELECT unnest(ARRAY[o.account_id, n.account_id]) FROM old_rows o JOIN new_rows n USING (id)
            WHERE (o.account_id, o.service_point_id) <> (n.account_id, n.service_point_id)));
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION registry_index_persons() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM registry_index(ARRAY(
        SELECT h.account_id FROM old_rows o JOIN new_rows n USING (id) JOIN registry_accountholder h ON h.person_id = o.id
        WHERE o.full_name <> n.full_name));
    RETURN NULL;
END $$;

CREATE FUNCTION registry_index_places() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE moved integer[];
BEGIN
    CASE TG_TABLE_NAME
    WHEN 'registry_servicepoint' THEN
        moved := ARRAY(SELECT n.premise_id FROM old_rows o JOIN new_rows n USING (id) WHERE o.premise_id <> n.premise_id);
    WHEN 'registry_premise' THEN
        moved := ARRAY(SELECT o.id FROM old_rows o JOIN new_rows n USING (id) WHERE (o.address, o.locality_id, o.neighborhood_id)
                       IS DISTINCT FROM (n.address, n.locality_id, n.neighborhood_id));
    WHEN 'registry_neighborhood' THEN
        moved := ARRAY(SELECT m.id FROM old_rows o JOIN new_rows n USING (id)
                       JOIN registry_premise m ON m.neighborhood_id = o.id WHERE o.name <> n.name);
    WHEN 'registry_locality' THEN
        moved := ARRAY(SELECT m.id FROM old_rows o JOIN new_rows n USING (id)
                       JOIN registry_premise m ON m.locality_id = o.id WHERE o.name <> n.name);
    END CASE;
    IF cardinality(moved) > 0 THEN
        PERFORM registry_index(ARRAY(SELECT DISTINCT g.account_id FROM registry_serviceagreement g
            JOIN registry_servicepoint s ON s.id = g.service_point_id WHERE s.premise_id = ANY(moved)));
    END IF;
    RETURN NULL;
END $$;
-- only the triggers and whoever asks for the whole of it
REVOKE EXECUTE ON FUNCTION registry_index FROM PUBLIC;

CREATE TRIGGER search_insert AFTER INSERT ON registry_accountholder REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION registry_index_holders();
CREATE TRIGGER search_update AFTER UPDATE ON registry_accountholder REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION registry_index_holders();
CREATE TRIGGER search_delete AFTER DELETE ON registry_accountholder REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION registry_index_holders();
CREATE TRIGGER search_insert AFTER INSERT ON registry_serviceagreement REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION registry_index_agreements();
CREATE TRIGGER search_update AFTER UPDATE ON registry_serviceagreement REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION registry_index_agreements();
CREATE TRIGGER search_delete AFTER DELETE ON registry_serviceagreement REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION registry_index_agreements();
CREATE TRIGGER search_update AFTER UPDATE ON registry_person REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION registry_index_persons();
CREATE TRIGGER search_update AFTER UPDATE ON registry_premise REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION registry_index_places();
CREATE TRIGGER search_update AFTER UPDATE ON registry_servicepoint REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION registry_index_places();
CREATE TRIGGER search_update AFTER UPDATE ON registry_neighborhood REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION registry_index_places();
CREATE TRIGGER search_update AFTER UPDATE ON registry_locality REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION registry_index_places();
"""

INDEXES = """
SELECT registry_index_all();
-- fastupdate off: a list of words waiting to be filed would be read whole by every search
CREATE INDEX registry_searchdocument_words ON registry_searchdocument USING gin (words) WITH (fastupdate = off);
CREATE INDEX registry_searchword_word ON registry_searchword (word text_pattern_ops);
CREATE INDEX registry_searchword_spellings ON registry_searchword USING gin (registry_spellings(word))
    WITH (fastupdate = off);
CREATE INDEX registry_account_squeezed ON registry_account (ltrim(registry_squeezed(number), '0') text_pattern_ops);
CREATE INDEX registry_person_phone_end ON registry_person (reverse(phone_digits) text_pattern_ops)
    WHERE phone_digits <> '';
CREATE INDEX registry_person_curp ON registry_person (upper(curp) text_pattern_ops) WHERE curp <> '';
CREATE INDEX registry_person_rfc ON registry_person (upper(rfc) text_pattern_ops) WHERE rfc <> '';

-- The documents that answer a query in which `@` stands for the shelf. By the index alone: a table scan that hopes to
-- meet some soon may meet none.
CREATE FUNCTION registry_matching(asked text, most integer) RETURNS TABLE (account_id integer, words text[])
    LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    SELECT found.account_id, tsvector_to_array(found.words) FROM generate_series(97, 112) AS shelf
    CROSS JOIN LATERAL (SELECT d.account_id, d.words FROM registry_searchdocument d
                        WHERE d.words @@ replace(asked, '@', chr(shelf))::tsquery) found
    LIMIT most $$;
"""

UNDO = """
DROP FUNCTION registry_matching;
DROP INDEX registry_person_rfc, registry_person_curp, registry_person_phone_end, registry_account_squeezed;
DROP TRIGGER search_insert ON registry_accountholder; DROP TRIGGER search_update ON registry_accountholder;
DROP TRIGGER search_delete ON registry_accountholder; DROP TRIGGER search_insert ON registry_serviceagreement;
DROP TRIGGER search_update ON registry_serviceagreement; DROP TRIGGER search_delete ON registry_serviceagreement;
DROP TRIGGER search_update ON registry_person; DROP TRIGGER search_update ON registry_premise;
DROP TRIGGER search_update ON registry_servicepoint; DROP TRIGGER search_update ON registry_neighborhood;
DROP TRIGGER search_update ON registry_locality;
DROP FUNCTION registry_index_places, registry_index_persons, registry_index_agreements, registry_index_holders,
    registry_index_all, registry_index;
DROP VIEW registry_searchtext;
DROP TABLE registry_searchword, registry_searchdocument;
DROP FUNCTION registry_squeezed, registry_spellings, registry_shelved, registry_words;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_history_and_search")]
    operations = [
        migrations.RemoveIndex(model_name="person", name="registry_person_name"),
        migrations.RemoveIndex(model_name="premise", name="registry_premise_address"),
        migrations.RemoveIndex(model_name="person", name="registry_person_phone"),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["phone_digits"], opclasses=["varchar_pattern_ops"], name="registry_person_phone"),
        ),
        migrations.RunSQL(WORDS + TABLES + UPKEEP + INDEXES, UNDO),
    ]
