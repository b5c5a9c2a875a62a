import django.db.models.deletion
from django.db import migrations, models

import caudal.kernel.fields
from caudal.kernel.appendonly import AppendOnly

GUARDS = """
-- cash leaves a drawer only while its session is open; the lock makes a count wait for it
CREATE FUNCTION cashier_withdrawal_needs_session() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found text;
BEGIN
    SELECT state INTO found FROM cashier_tillsession WHERE id = NEW.session_id FOR SHARE;
    IF found = 'open' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'El turno % no admite retiros: está %.', NEW.session_id, COALESCE(found, 'perdido')
        USING ERRCODE = 'check_violation', CONSTRAINT = 'cashier_withdrawal_needs_session';
END $$;
CREATE TRIGGER cashier_withdrawal_needs_session BEFORE INSERT ON cashier_cashwithdrawal
    FOR EACH ROW EXECUTE FUNCTION cashier_withdrawal_needs_session();

-- a session is balanced by its closing and by nothing else; a closing is of a session in balancing
CREATE FUNCTION cashier_balanced_needs_closing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'balanced' AND OLD.state <> 'balanced'
       AND NOT EXISTS (SELECT FROM cashier_tillclosing WHERE session_id = NEW.id) THEN
        RAISE EXCEPTION 'El turno % no tiene corte.', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cashier_balanced_needs_closing';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cashier_balanced_needs_closing BEFORE UPDATE ON cashier_tillsession
    FOR EACH ROW EXECUTE FUNCTION cashier_balanced_needs_closing();

CREATE FUNCTION cashier_closing_needs_balancing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found text;
BEGIN
    SELECT state INTO found FROM cashier_tillsession WHERE id = NEW.session_id FOR UPDATE;
    IF found = 'balancing' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'El turno % no está en arqueo: está %.', NEW.session_id, COALESCE(found, 'perdido')
        USING ERRCODE = 'check_violation', CONSTRAINT = 'cashier_closing_needs_balancing';
END $$;
CREATE TRIGGER cashier_closing_needs_balancing BEFORE INSERT ON cashier_tillclosing
    FOR EACH ROW EXECUTE FUNCTION cashier_closing_needs_balancing();
"""
UNGUARDED = """
DROP TRIGGER cashier_closing_needs_balancing ON cashier_tillclosing;
DROP TRIGGER cashier_balanced_needs_closing ON cashier_tillsession;
DROP TRIGGER cashier_withdrawal_needs_session ON cashier_cashwithdrawal;
DROP FUNCTION cashier_closing_needs_balancing, cashier_balanced_needs_closing, cashier_withdrawal_needs_session;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cashier", "0009_write_receipts"),
    ]

    operations = [
        migrations.CreateModel(
            name="DifferenceDispute",
            fields=[
                (
                    "id",
                    models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("text", models.CharField(max_length=500, verbose_name="aclaración")),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=150, verbose_name="quién")),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="depositslip",
            name="cashier_deposit_positive",
        ),
        migrations.AddField(
            model_name="cashcount",
            name="others",
            field=models.JSONField(default=dict, verbose_name="otras formas de pago"),
        ),
        migrations.AddField(
            model_name="cashwithdrawal",
            name="count",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="withdrawal",
                to="cashier.cashcount",
            ),
        ),
        migrations.AddField(
            model_name="depositedclosing",
            name="checks_cents",
            field=caudal.kernel.fields.CentsField(default=0, verbose_name="cheques"),
        ),
        migrations.AddField(
            model_name="depositslip",
            name="checks_cents",
            field=caudal.kernel.fields.CentsField(default=0, verbose_name="cheques"),
        ),
        migrations.AddField(
            model_name="till",
            name="shows_expected",
            field=models.BooleanField(default=False, verbose_name="¿muestra lo esperado?"),
        ),
        migrations.AddField(
            model_name="tillclosing",
            name="cancellation_head",
            field=models.CharField(blank=True, max_length=64, verbose_name="cabeza de cancelaciones"),
        ),
        migrations.AlterField(
            model_name="depositslip",
            name="amount_cents",
            field=caudal.kernel.fields.CentsField(verbose_name="efectivo"),
        ),
        migrations.AddConstraint(
            model_name="depositslip",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount_cents__gte", 0),
                    ("checks_cents__gte", 0),
                    models.Q(("amount_cents__gt", 0), ("checks_cents__gt", 0), _connector="OR"),
                ),
                name="cashier_deposit_positive",
            ),
        ),
        migrations.AddConstraint(
            model_name="tillclosing",
            constraint=models.CheckConstraint(
                condition=models.Q(("declared_by", models.F("closed_by")), _negated=True),
                name="cashier_closing_two_people",
            ),
        ),
        migrations.CreateModel(
            name="DisputeAnswer",
            fields=[
                (
                    "dispute",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="answer",
                        serialize=False,
                        to="cashier.differencedispute",
                    ),
                ),
                ("text", models.CharField(max_length=500, verbose_name="respuesta")),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=150, verbose_name="quién")),
            ],
        ),
        migrations.AddField(
            model_name="differencedispute",
            name="balance",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="disputes",
                to="cashier.tenderbalance",
            ),
        ),
        AppendOnly("cashier_differencedispute"),
        AppendOnly("cashier_disputeanswer"),
        migrations.RunSQL(GUARDS, UNGUARDED),
    ]
