"""The day of each allocation: that of its credit, or of the act that applied it or took it back later."""

from django.db import migrations, models

# Where rows were written before they had a day, it is found again. Rows are numbered as they were written, so one of a
# credit among those of credits recorded well after it (a file takes minutes) was applied later: on the first day with such
# an entry since the latest day seen. A row against the first one of its credit and item takes it back, on the day of the
# reversal, or of the entry that released the payments of a canceled document.
FIND_DAYS = """
ALTER TABLE ledger_allocation DISABLE TRIGGER USER;
WITH applied AS MATERIALIZED (
    SELECT DISTINCT COALESCE(happened_on, "on") AS "on" FROM ledger_journalentry WHERE kind = 'credit_application'
), written AS (
    SELECT allocation.id, credit."on" AS own, max(credit."on") OVER in_order AS latest,
           credit.recorded_at < max(credit.recorded_at) OVER in_order - interval '10 minutes' AS is_older,
           sign(allocation.amount_cents) <> sign(first_value(allocation.amount_cents) OVER of_item) AS is_back,
           LEAST(back."on", released."on") AS back_on
    FROM ledger_allocation AS allocation
    JOIN ledger_credit AS credit ON credit.id = allocation.credit_id
    JOIN registry_account AS account ON account.id = allocation.account_id
    LEFT JOIN ledger_credit AS back ON back.reverses_id = credit.id
    LEFT JOIN (SELECT document, COALESCE(happened_on, "on") AS "on" FROM ledger_journalentry
               WHERE kind = 'release') AS released
        ON released.document = account.number || '/' || allocation.period || '/' || allocation.document_kind
           || '/' || allocation.sequence
    WINDOW in_order AS (ORDER BY allocation.id),
           of_item AS (PARTITION BY allocation.credit_id, allocation.period, allocation.document_kind,
                       allocation.sequence, allocation.concept_id ORDER BY allocation.id)
)
UPDATE ledger_allocation AS held
SET "on" = CASE WHEN is_back THEN COALESCE(back_on, own)
                WHEN is_older THEN COALESCE((SELECT min("on") FROM applied WHERE "on" >= latest), own)
                ELSE own END
FROM written WHERE written.id = held.id;
ALTER TABLE ledger_allocation ENABLE TRIGGER USER;
"""
# A surcharge that became a charge when an agreement was broken was dated by the payment that it was computed to. It was
# charged when the agreement was taken back, like everything else that day.
DATE_SURCHARGES = """
ALTER TABLE ledger_charge DISABLE TRIGGER USER;
UPDATE ledger_charge AS charge SET due_on = first."on"
FROM (SELECT account_id, period, sequence, min("on") AS "on" FROM ledger_allocation
      WHERE document_kind = 2 GROUP BY 1, 2, 3) AS first
WHERE charge.document_kind = 2 AND charge.due_on < first."on"
  AND (charge.account_id, charge.period, charge.sequence) = (first.account_id, first.period, first.sequence)
  AND EXISTS (SELECT FROM ledger_credit AS agreement JOIN ledger_credit AS back ON back.reverses_id = agreement.id
              WHERE agreement.account_id = charge.account_id AND agreement.kind = 'agreement'
                AND back."on" = first."on");
ALTER TABLE ledger_charge ENABLE TRIGGER USER;
"""
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
                (credit_id, "on", account_id, period, document_kind, sequence, concept_id, amount_cents)
            SELECT ids[a.place], credited_on, accounts[a.place], a.period, a.kind, a.sequence, a.concept, a.cents
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
    dependencies = [("ledger", "0009_month_close")]
    operations = [
        migrations.AddField("allocation", "on", models.DateField("fecha", null=True)),
        migrations.RunSQL(FIND_DAYS, migrations.RunSQL.noop),
        migrations.RunSQL(DATE_SURCHARGES, migrations.RunSQL.noop),
        migrations.AlterField("allocation", "on", models.DateField("fecha")),
        migrations.RunSQL(WRITE_CREDITS, migrations.RunSQL.noop),
    ]
