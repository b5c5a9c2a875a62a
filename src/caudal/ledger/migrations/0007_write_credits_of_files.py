"""Credits of a file: the balances of thousands are moved with a plan made for them, everything else with the kept ones."""

from django.db import migrations

WRITE_CREDITS = """
-- Columns in, rows out; nothing is decided here. Runs with the rights of who calls it. Accounts are locked before.
CREATE OR REPLACE FUNCTION ledger_write_credits(
    credit_kind text, credit_reason text, credited_on date, credited_at timestamptz, credited_by text,
    accounts int[], cents bigint[], documents text[],
    a_place int[], a_period int[], a_kind smallint[], a_sequence smallint[], a_concept smallint[], a_cents bigint[],
    s_account int[], s_period int[], s_sequence smallint[], s_cents bigint[], s_base bigint[], s_working bigint[],
    working_ids bigint[], working_bodies text[],
    m_account int[], m_period int[], m_principal bigint[], m_accessory bigint[], m_months int[],
    f_account int[], f_cents bigint[],
    entry_document text, entry_description text, j_entry text[], j_account text[], j_concept int[], j_cents bigint[]
) RETURNS TABLE (place int, credit_id bigint, favor_cents bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    ids bigint[];
    entry bigint;
    entry_kind text;
    periods int[] := m_period;
    is_set boolean := cardinality(accounts) > 20;
    mode text := current_setting('plan_cache_mode');
BEGIN
    SELECT array_agg(nextval('ledger_credit_id_seq') ORDER BY n) INTO ids FROM generate_subscripts(accounts, 1) AS n;
    INSERT INTO ledger_credit (id, account_id, kind, amount_cents, "on", recorded_at, recorded_by, document, reason)
        SELECT c.id, c.account, credit_kind, c.cents, credited_on, credited_at, credited_by, c.document, credit_reason
        FROM unnest(ids, accounts, cents, documents) AS c (id, account, cents, document);

    IF cardinality(working_ids) > 0 THEN
        INSERT INTO ledger_working (id, body)
            SELECT w.id, w.body::jsonb FROM unnest(working_ids, working_bodies) AS w (id, body)
            ON CONFLICT DO NOTHING;
        INSERT INTO ledger_charge (period, account_id, document_kind, sequence, concept_id, reduces_id, due_on,
                                   amount_cents, vat_cents, base_cents, working_id)
            SELECT s.period, s.account, 2, s.sequence, {surcharge}, 0, credited_on, s.cents, 0, s.base, s.working
            FROM unnest(s_account, s_period, s_sequence, s_cents, s_base, s_working)
                AS s (account, period, sequence, cents, base, working);
    END IF;

    IF cardinality(a_place) > 0 THEN
        INSERT INTO ledger_allocation
                (credit_id, account_id, period, document_kind, sequence, concept_id, amount_cents)
            SELECT ids[a.place], accounts[a.place], a.period, a.kind, a.sequence, a.concept, a.cents
            FROM unnest(a_place, a_period, a_kind, a_sequence, a_concept, a_cents)
                AS a (place, period, kind, sequence, concept, cents);
        IF is_set THEN
            -- the plan of one payment is three times slower for thousands. Only here: the references of the other
            -- statements are checked row by row, and would be planned again for each
            PERFORM set_config('plan_cache_mode', 'force_custom_plan', true);
            periods := ARRAY(SELECT DISTINCT unnest(m_period));
        END IF;
        UPDATE ledger_periodbalance AS held SET
                open_principal_cents = held.open_principal_cents + move.principal,
                open_accessory_cents = held.open_accessory_cents + move.accessory,
                surcharged_months = held.surcharged_months + move.months
            FROM unnest(m_account, m_period, m_principal, m_accessory, m_months)
                AS move (account, period, principal, accessory, months)
            -- said apart, so that only these rows of a month are read and not all of it for each few thousand
            WHERE held.period = move.period AND held.account_id = move.account AND held.period = ANY(periods)
                AND held.account_id = ANY(accounts);
        IF is_set THEN
            PERFORM set_config('plan_cache_mode', mode, true);
        END IF;
    END IF;

    IF cardinality(f_account) > 0 THEN
        INSERT INTO ledger_creditbalance AS held (account_id, unallocated_cents)
            SELECT f.account, f.cents FROM unnest(f_account, f_cents) AS f (account, cents)
            ON CONFLICT (account_id) DO UPDATE
                SET unallocated_cents = held.unallocated_cents + excluded.unallocated_cents;
    END IF;

    FOREACH entry_kind IN ARRAY ARRAY['surcharges', 'credit'] LOOP
        IF entry_kind = ANY(j_entry) THEN
            INSERT INTO ledger_journalentry ("on", kind, document, description, recorded_at, recorded_by)
                VALUES (credited_on,
                        CASE entry_kind WHEN 'credit' THEN 'credit.' || credit_kind ELSE 'surcharges' END,
                        CASE entry_kind WHEN 'credit' THEN entry_document
                             ELSE credit_kind || '/' || entry_document END,
                        CASE entry_kind WHEN 'credit' THEN entry_description ELSE 'Recargos cobrados al pagar' END,
                        credited_at, credited_by)
                RETURNING id INTO entry;
            INSERT INTO ledger_journalline (entry_id, ledger_account_id, concept_id, amount_cents)
                SELECT entry, j.account, j.concept, j.cents
                FROM unnest(j_entry, j_account, j_concept, j_cents) AS j (kind, account, concept, cents)
                WHERE j.kind = entry_kind;
        END IF;
    END LOOP;

    RETURN QUERY
        SELECT c.place::int, c.id, COALESCE(held.unallocated_cents, 0)
        FROM unnest(ids, accounts) WITH ORDINALITY AS c (id, account, place)
        LEFT JOIN ledger_creditbalance AS held ON held.account_id = c.account;
END $$;
""".replace("{surcharge}", "20")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0006_relief")]
    operations = [migrations.RunSQL(WRITE_CREDITS, migrations.RunSQL.noop)]
