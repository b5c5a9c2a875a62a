"""One statement that seals and writes receipts with their payments and tenders, in the order of their folios."""

from django.db import migrations

WRITE_RECEIPTS = """
-- The text of a seal is the one of caudal.cashier.chain.body. The series' folios were taken before, in this
-- transaction: its counter is locked, so the last receipt is the one before these.
CREATE FUNCTION cashier_write_receipts(
    series_code text, first_number bigint, of_session int, of_settlement int, by_channel text, by_clerk text,
    paid_at timestamptz, business_on date[], totals bigint[], codes text[],
    p_place int[], p_account int[], p_credit bigint[], p_cents bigint[], p_favor bigint[], p_balance bigint[],
    t_place int[], t_kind text[], t_cents bigint[], t_given bigint[], t_reference text[],
    reversed_id bigint, reversed_folio text, because text
) RETURNS bigint[] LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    ids bigint[];
    payment_ids bigint[];
    paid text[];
    tendered text[];
    previous bytea[];
    seals bytea[];
    seal bytea;
    moment text := floor(extract(epoch FROM paid_at))::bigint::text;
BEGIN
    SELECT array_agg(nextval('cashier_receipt_id_seq') ORDER BY n) INTO ids FROM generate_subscripts(totals, 1) AS n;
    SELECT array_agg(each.body ORDER BY each.place) INTO paid FROM (
        SELECT p.place, string_agg(p.account || ':' || p.cents, ',' ORDER BY p.account) AS body
        FROM unnest(p_place, p_account, p_cents) AS p (place, account, cents) GROUP BY p.place) AS each;
    SELECT array_agg(each.body ORDER BY each.place) INTO tendered FROM (
        SELECT t.place, string_agg(t.kind || ':' || t.cents || ':' || t.given || ':' || t.reference, ','
                                   ORDER BY t.kind COLLATE "C") AS body
        FROM unnest(t_place, t_kind, t_cents, t_given, t_reference) AS t (place, kind, cents, given, reference)
        GROUP BY t.place) AS each;
    SELECT hash INTO seal FROM cashier_receipt WHERE series = series_code AND number = first_number - 1;
    seal := COALESCE(seal, decode(repeat('00', 32), 'hex'));
    FOR n IN 1 .. cardinality(totals) LOOP
        previous[n] := seal;
        seal := sha256(seal || convert_to(concat_ws('|',
            series_code, first_number + n - 1, to_char(business_on[n], 'YYYY-MM-DD'), moment, by_clerk, by_channel,
            COALESCE(of_session::text, ''), COALESCE(of_settlement::text, ''), totals[n], reversed_folio, codes[n],
            paid[n], tendered[n]), 'UTF8'));
        seals[n] := seal;
    END LOOP;
    INSERT INTO cashier_receipt (id, series, number, session_id, settlement_id, business_on, paid_at, received_by,
                                 channel, total_cents, reverses_id, reason, verification, previous_hash, hash)
        SELECT r.id, series_code, first_number + r.place - 1, of_session, of_settlement, r.business_on, paid_at,
               by_clerk, by_channel, r.total, reversed_id, because, r.code, r.previous, r.seal
        FROM unnest(ids, business_on, totals, codes, previous, seals) WITH ORDINALITY
            AS r (id, business_on, total, code, previous, seal, place);
    SELECT array_agg(nextval('cashier_payment_id_seq') ORDER BY n) INTO payment_ids
        FROM generate_subscripts(p_place, 1) AS n;
    INSERT INTO cashier_payment (id, receipt_id, account_id, credit_id, amount_cents)
        SELECT p.id, ids[p.place], p.account, p.credit, p.cents
        FROM unnest(payment_ids, p_place, p_account, p_credit, p_cents) AS p (id, place, account, credit, cents);
    -- the table of how accounts stood came after this function; it is looked up when it runs
    INSERT INTO cashier_paymentstanding (payment_id, in_favor_cents, balance_cents)
        SELECT * FROM unnest(payment_ids, p_favor, p_balance);
    INSERT INTO cashier_tender (receipt_id, kind, amount_cents, given_cents, reference)
        SELECT ids[t.place], t.kind, t.cents, t.given, t.reference
        FROM unnest(t_place, t_kind, t_cents, t_given, t_reference) AS t (place, kind, cents, given, reference);
    RETURN ids;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("cashier", "0008_counter_guards"), ("kernel", "0005_folios_by_the_run")]
    operations = [migrations.RunSQL(WRITE_RECEIPTS, "DROP FUNCTION cashier_write_receipts")]
