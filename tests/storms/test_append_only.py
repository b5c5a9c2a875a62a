"""What is written is never edited: proven as the application, on every such table and partition there is."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection, connections, transaction
from django.db.utils import DatabaseError, ProgrammingError
from tests.storms import street
from tests.town import counter

from caudal.cashier import commands as cashier
from caudal.cashier.models import Receipt
from caudal.kernel import checks as kernel_checks
from caudal.kernel import folios, partitions
from caudal.kernel.appendonly import APPLICATION_ROLE

pytestmark = pytest.mark.django_db

# Written out, so that a table that loses its guard is missed here.
APPEND_ONLY = {
    "disconnections_disconnectionpolicy",
    "disconnections_disconnectionbatch",
    "disconnections_batchapproval",
    "disconnections_orderstep",
    "disconnections_ordercheck",
    "disconnections_disconnection",
    "disconnections_transitpayment",
    "disconnections_illegalreconnection",
    "access_signin",
    "access_approval",
    "access_approvalrequest",
    "access_approvaldecision",
    "access_approvaluse",
    "cases_caseentry",
    "cases_casephoto",
    "cases_billingclaim",
    "cases_claimedperiod",
    "cases_claimresolution",
    "messaging_messagetry",
    "fieldwork_roundassignment",
    "fieldwork_fieldevent",
    "fieldwork_eventoutcome",
    "fieldwork_photo",
    "fieldwork_orderresult",
    "kernel_auditentry",
    "kernel_folio",
    "kernel_idempotencykey",
    "ledger_working",
    "ledger_charge",
    "ledger_credit",
    "ledger_allocation",
    "ledger_journalentry",
    "ledger_journalline",
    "ledger_monthclose",
    "accounting_monthreview",
    "accounting_conceptclassification",
    "outreach_outreachentry",
    "reports_target",
    "reports_producedvolume",
    "reports_reportedition",
    "reports_reportpaper",
    *(
        f"cashier_{name}"
        for name in (
            "receipt",
            "payment",
            "paymentstanding",
            "tender",
            "prepayment",
            "tillsessionstep",
            "cashcount",
            "cashwithdrawal",
            "tillclosing",
            "tenderbalance",
            "differencedispute",
            "disputeanswer",
            "depositslip",
            "depositedclosing",
            "settlementfile",
            "settlementline",
            "identification",
        )
    ),
    *(
        f"dunning_{name}"
        for name in (
            "closedday",
            "dunningladder",
            "dunningstage",
            "notice",
            "noticedebt",
            "serviceofnotice",
            "noticecost",
            "noticecancellation",
        )
    ),
    "quotes_paymentquote",
    "billing_bill",
    "billing_runstep",
    "metering_reading",
    "metering_periodclosure",
    "metering_readingreview",
}
GUARDED = """
    SELECT DISTINCT guarded.oid::regclass::text FROM pg_class AS guarded
    JOIN pg_trigger ON tgrelid = guarded.oid JOIN pg_proc ON pg_proc.oid = tgfoid
    WHERE proname = 'kernel_refuse_change' ORDER BY 1
"""


def guarded_tables() -> list[str]:
    """Every table that refuses changes, partitions too: two months are opened so that there are some."""
    for period in (201901, 201902):
        for parent in ("ledger_charge", "billing_bill"):
            partitions.ensure(parent=parent, period=period)
    with connection.cursor() as cursor:
        cursor.execute(GUARDED)
        return [row[0] for row in cursor.fetchall()]


def statements(table: str) -> list[str]:
    column = first_column(table)
    return [
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table}",
        f"TRUNCATE {table} CASCADE",
        f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        f"ALTER TABLE {table} ADD COLUMN loophole integer",
        f"ALTER TABLE {table} OWNER TO CURRENT_USER",
        f"GRANT ALL ON {table} TO CURRENT_USER",
        f"DROP TABLE {table} CASCADE",
        f"CREATE RULE loophole AS ON INSERT TO {table} DO INSTEAD NOTHING",
    ]


def first_column(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum = 1", [table]
        )
        return str(cursor.fetchone()[0])


def refusal_of(statement: str) -> str:
    """The SQLSTATE with which the database refuses a statement; empty if it does not."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            if statement.startswith("GRANT"):
                # granting what one may not grant is a warning and grants nothing
                cursor.execute(
                    "SELECT has_table_privilege(%s, 'UPDATE, DELETE, TRUNCATE')", [statement.split()[3]]
                )
                return "" if cursor.fetchone()[0] else "42501"
    except DatabaseError as problem:
        cause = problem.__cause__
        assert isinstance(cause, psycopg.Error)
        return cause.sqlstate or ""
    return ""


def test_every_statement_that_would_change_history_lacks_privilege() -> None:
    tables = guarded_tables()
    assert set(tables) >= APPEND_ONLY
    assert {"ledger_charge_201901", "ledger_charge_201902", "billing_bill_201901"} <= set(tables)

    allowed = [
        statement
        for table in tables
        for statement in statements(table)
        if refusal_of(statement) != "42501"  # insufficient_privilege
    ]

    assert allowed == []


def test_a_partition_attached_by_a_run_is_guarded_like_any_other() -> None:
    partitions.open_detached(parent="ledger_charge", period=201903, tag="r7")
    partitions.attach(parent="ledger_charge", period=201903, tag="r7")

    assert [each for each in statements("ledger_charge_201903") if refusal_of(each) != "42501"] == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('ledger_charge_201903', 'INSERT')")
        assert cursor.fetchone() == (True,)


@pytest.fixture
def owner(db: None) -> Iterator[psycopg.Connection[Any]]:
    """The owner's own session; what it does is rolled back."""
    words = connections["owner"].settings_dict
    with psycopg.connect(
        host=words["HOST"],
        port=words["PORT"] or None,
        user=words["USER"],
        password=words["PASSWORD"],
        dbname=words["NAME"],
    ) as session:
        yield session
        session.rollback()


@pytest.mark.parametrize("statement", ["TRUNCATE ledger_credit CASCADE", "TRUNCATE ledger_charge_0"])
def test_the_guards_stand_even_against_the_owner(owner: psycopg.Connection[Any], statement: str) -> None:
    """The owner migrates; if one of its statements touched history by mistake, the trigger says why not."""
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="solo admite renglones nuevos"):
        owner.execute(statement)


def test_folios_are_moved_by_their_function_only() -> None:
    folios.take(series="A")
    for statement in (
        "UPDATE kernel_folioseries SET last_number = 0",
        "INSERT INTO kernel_folioseries VALUES ('B', 7)",
        "DELETE FROM kernel_folioseries",
        "INSERT INTO kernel_folio VALUES ('A', 99)",
    ):
        assert refusal_of(statement) == "42501", statement


def test_of_a_session_only_its_state_moves_and_only_forward() -> None:
    """Whoever held the application's login could still not move a drawer to another day, cashier or state."""
    session = counter.session(street.MARCH_5)
    for column, value in (
        ("business_on", "'2019-03-04'"),
        ("cashier", "'laura'"),
        ("float_cents", "1"),
        ("till_id", "'2'"),
    ):
        assert refusal_of(f"UPDATE cashier_tillsession SET {column} = {value}") == "42501", column
    assert refusal_of("DELETE FROM cashier_tillsession") == "42501"
    assert refusal_of("UPDATE cashier_tillsession SET state = 'balanced'") == "23514"  # not counted yet
    counter.close(session)
    for state in ("open", "balancing"):
        assert refusal_of(f"UPDATE cashier_tillsession SET state = '{state}'") == "23514", state


@pytest.mark.parametrize(
    ("state", "is_reversal", "refusal"),
    [
        ("open", False, ""),
        ("balancing", False, "23514"),
        ("balanced", False, "23514"),
        ("balanced", True, "23514"),
    ],
)
def test_no_receipt_enters_a_session_that_does_not_take_it(
    state: str, is_reversal: bool, refusal: str
) -> None:
    """Written past every command, by SQL: the database itself keeps receipts out of a closed drawer."""
    [chuy] = street.settle(houses=1)
    session = counter.session(street.MARCH_5)
    taken = counter.pay(chuy, 1_000, on=session.business_on)
    [first] = Receipt.objects.filter(series="A").values_list("id", flat=True)
    if state == "balancing":
        cashier.begin_balancing(session=session, at=session.opened_at, by=session.cashier)
    elif state == "balanced":
        counter.close(session)
    cents, reverses = (-1_000, first) if is_reversal else (1_000, "NULL")
    insert = (
        "INSERT INTO cashier_receipt (series, number, session_id, business_on, paid_at, received_by, channel,"
        " total_cents, reverses_id, reason, verification, previous_hash, hash)"
        f" VALUES ('A', 2, {session.pk}, '2019-03-05', now(), 'nobody', 'window', {cents}, {reverses}, '',"
        f" '{taken['verification'][::-1]}', '', '')"
    )

    assert refusal_of(insert) == refusal
    assert Receipt.objects.count() == (1 if refusal else 2)


def test_the_application_cannot_become_someone_else() -> None:
    for statement in (
        "SET ROLE caudal_owner",
        "SET SESSION AUTHORIZATION caudal_owner",
        "SET session_replication_role = replica",
        "CREATE TABLE loophole (id integer)",
        "ALTER FUNCTION kernel_refuse_change() OWNER TO CURRENT_USER",
        "DROP FUNCTION kernel_refuse_change() CASCADE",
        "INSERT INTO kernel_partitioned VALUES ('ledger_credit', 'id', false, 100)",
        "SELECT kernel_guard_partition('ledger_charge_0', false)",
    ):
        assert refusal_of(statement) == "42501", statement


def test_partition_functions_serve_only_tables_that_are_cut_by_period() -> None:
    for statement in (
        "SELECT kernel_ensure_partition('ledger_credit', 201901)",
        "SELECT kernel_open_detached('auth_group', 201901, 'x')",
        "SELECT kernel_drop_detached('registry_account', 201901, 'x')",
    ):
        assert refusal_of(statement) == "42501", statement


def test_a_published_month_is_not_dropped_as_if_it_were_a_draft() -> None:
    """`drop_detached` of a month that is attached, under any name that could reach it, drops nothing."""
    partitions.open_detached(parent="ledger_charge", period=201903, tag="r7")
    partitions.attach(parent="ledger_charge", period=201903, tag="r7")

    partitions.drop_detached(parent="ledger_charge", period=201903, tag="r7")

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('ledger_charge_201903') IS NOT NULL")
        assert cursor.fetchone() == (True,)


@pytest.mark.parametrize(
    "harm",
    [
        f"GRANT UPDATE ON ledger_credit TO {APPLICATION_ROLE}",
        "ALTER TABLE ledger_credit DISABLE TRIGGER ledger_credit_append_only",
    ],
)
def test_the_check_finds_a_guard_that_was_taken_down(owner: psycopg.Connection[Any], harm: str) -> None:
    assert owner.execute(kernel_checks.UNGUARDED, [APPLICATION_ROLE] * 3).fetchall() == []
    owner.execute(harm)
    assert owner.execute(kernel_checks.UNGUARDED, [APPLICATION_ROLE] * 3).fetchall() == [("ledger_credit",)]


def test_a_mistaken_update_through_the_models_is_refused() -> None:
    from caudal.kernel.models import AuditEntry

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        AuditEntry.objects.update(reason="otra")
