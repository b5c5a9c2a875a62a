"""Months of the books that are closed for ever, and the guards that keep them so."""

from django.db import migrations, models
from django.db.models import F, Q

from caudal.kernel.appendonly import AppendOnly
from caudal.kernel.fields import CentsField, PeriodField

OPEN_DAY = """
-- The day on which an act of some day is entered in the books: that day, or the first one of the first open month.
-- The month found stays open until the transaction ends: closing it waits for whoever writes in it, and whoever
-- comes while it is being closed waits, and is told the next one. Nothing is written, so writers do not meet.
CREATE FUNCTION ledger_open_day(asked date) RETURNS date LANGUAGE plpgsql AS $$
DECLARE
    found date := asked;
    month int;
    closed int;
BEGIN
    LOOP
        month := extract(year FROM found)::int * 100 + extract(month FROM found)::int;
        PERFORM pg_advisory_xact_lock_shared(20190, month);
        SELECT max(held.month) INTO closed FROM ledger_monthclose AS held;
        EXIT WHEN closed IS NULL OR month > closed;
        found := (make_date(closed / 100, closed % 100, 1) + interval '1 month')::date;
    END LOOP;
    RETURN found;
END $$;

CREATE FUNCTION ledger_date_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE opened date := ledger_open_day(NEW."on");
BEGIN
    IF opened <> NEW."on" THEN
        NEW.happened_on := COALESCE(NEW.happened_on, NEW."on");
        NEW."on" := opened;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_entry_dated BEFORE INSERT ON ledger_journalentry
    FOR EACH ROW EXECUTE FUNCTION ledger_date_entry();

-- An entry of a closed month has all its lines: one more would change what was sealed.
CREATE FUNCTION ledger_refuse_closed_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE sealed bigint;
BEGIN
    SELECT entry.id INTO sealed FROM ledger_journalentry AS entry
        WHERE entry.id IN (SELECT entry_id FROM added) AND ledger_open_day(entry."on") <> entry."on" LIMIT 1;
    IF sealed IS NOT NULL THEN
        RAISE EXCEPTION 'La póliza % es de un mes cerrado: ya no lleva renglones.', sealed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_month_is_closed';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_lines_of_open_months AFTER INSERT ON ledger_journalline
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_closed_lines();

-- Whoever writes in the month has ended; nobody else begins until this transaction does.
CREATE FUNCTION ledger_hold_month(month int) RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock(20190, month);
$$;

CREATE FUNCTION ledger_require_sound_close() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    first date := make_date(NEW.month / 100, NEW.month % 100, 1);
    last int;
    entries bigint;
    debits bigint;
BEGIN
    PERFORM ledger_hold_month(NEW.month);
    SELECT max(month) INTO last FROM ledger_monthclose;
    IF last IS NOT NULL AND first <> (make_date(last / 100, last % 100, 1) + interval '1 month')::date
       OR last IS NULL AND EXISTS (SELECT FROM ledger_journalentry WHERE "on" < first) THEN
        RAISE EXCEPTION 'Antes de % falta cerrar otro mes.', NEW.month
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_months_in_order';
    END IF;
    SELECT count(DISTINCT entry.id), COALESCE(sum(line.amount_cents) FILTER (WHERE line.amount_cents > 0), 0)
        INTO entries, debits
        FROM ledger_journalentry AS entry JOIN ledger_journalline AS line ON line.entry_id = entry.id
        WHERE entry."on" >= first AND entry."on" < first + interval '1 month';
    IF entries <> NEW.n_entries OR debits <> NEW.debit_cents THEN
        RAISE EXCEPTION 'El cierre de % no dice lo que dicen sus pólizas.', NEW.month
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_close_says_the_month';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_close_is_sound BEFORE INSERT ON ledger_monthclose
    FOR EACH ROW EXECUTE FUNCTION ledger_require_sound_close();
CREATE INDEX ledger_entry_day ON ledger_journalentry ("on");
"""
BACK = """
DROP INDEX ledger_entry_day;
DROP FUNCTION ledger_require_sound_close CASCADE;
DROP FUNCTION ledger_hold_month;
DROP FUNCTION ledger_refuse_closed_lines CASCADE;
DROP FUNCTION ledger_date_entry CASCADE;
DROP FUNCTION ledger_open_day;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0008_held_price")]
    operations = [
        migrations.CreateModel(
            name="MonthClose",
            fields=[
                ("month", PeriodField(primary_key=True, serialize=False, verbose_name="mes")),
                ("n_entries", models.PositiveIntegerField(verbose_name="pólizas")),
                ("debit_cents", CentsField(verbose_name="suma de cargos")),
                ("figures", models.JSONField(verbose_name="movimientos de cada cuenta")),
                ("seal", models.CharField(max_length=64, verbose_name="sello")),
                ("previous_seal", models.CharField(blank=True, max_length=64, verbose_name="sello anterior")),
                ("reviewed_by", models.CharField(max_length=150, verbose_name="revisó")),
                ("closed_by", models.CharField(max_length=150, verbose_name="cerró")),
                ("closed_at", models.DateTimeField(verbose_name="cuándo")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=~Q(reviewed_by=F("closed_by")), name="ledger_month_closed_by_two"
                    )
                ]
            },
        ),
        migrations.AddField(
            "journalentry",
            "happened_on",
            models.DateField(null=True, verbose_name="fecha del hecho, si es de un mes cerrado"),
        ),
        migrations.RunSQL(OPEN_DAY, BACK),
        AppendOnly("ledger_monthclose"),
    ]
