"""What there is as of now: who owes what is past due, how old it is, and which services are active."""

from typing import Final

from caudal.access import policy
from caudal.accounting.queries import BUCKETS
from caudal.registry.models import TariffClass
from caudal.reports.listing import TODAY, Column, Kind, Listing
from caudal.reports.listings.money import YES_NO

USES: Final = tuple(TariffClass.Use.choices)
# the ages that the books tell, of what is past due; by code: the first day of each
AGES: Final = tuple((first, name) for _, name, first, _ in BUCKETS if first)
BUCKET_WORDS: Final = tuple((f"{first:04d}", name) for first, name in AGES)


def _bucket(age: str, /) -> str:
    """The SQL of the bucket that some days of age are in."""
    older = " ".join(f"WHEN {age} >= {first} THEN '{first:04d}'" for first, _ in reversed(AGES[1:]))
    return f"CASE {older} ELSE '{AGES[0][0]:04d}' END"


# what is past due and open by account and period; one-off charges and installments by document, each with its own day
_OPEN: Final = f"""
    SELECT account_id, period, due_on, open_principal_cents + open_accessory_cents AS cents
      FROM ledger_periodbalance
     WHERE period > 0 AND due_on < {TODAY} AND open_principal_cents + open_accessory_cents <> 0
    UNION ALL
    SELECT h.account_id, 0, h.due_on, h.cents - COALESCE(p.cents, 0)
      FROM (SELECT account_id, document_kind, sequence, max(due_on) AS due_on,
                   sum(amount_cents + vat_cents)::bigint AS cents
              FROM ledger_charge WHERE period = 0 GROUP BY 1, 2, 3) h
      LEFT JOIN (SELECT account_id, document_kind, sequence, sum(amount_cents)::bigint AS cents
                   FROM ledger_allocation WHERE period = 0 GROUP BY 1, 2, 3) p
           ON (p.account_id, p.document_kind, p.sequence) = (h.account_id, h.document_kind, h.sequence)
     WHERE h.due_on < {TODAY} AND h.cents <> COALESCE(p.cents, 0)
"""
# Where an account is by the newest agreement it had; who holds it now. Found once for all the accounts: asking account by
# account costs three times as much for a town.
_PLACE: Final = f"""
          JOIN registry_account a ON a.id = d.account_id
          LEFT JOIN (
               SELECT DISTINCT ON (y.account_id) y.account_id, n.full_name
                 FROM registry_accountholder y JOIN registry_person n ON n.id = y.person_id
                WHERE y.effective_from <= {TODAY} ORDER BY y.account_id, y.effective_from DESC) h ON h.account_id = a.id
          LEFT JOIN (
               SELECT DISTINCT ON (g.account_id) g.account_id, t.code AS class, t.name AS class_name, t.use,
                      l.name AS locality, z.name AS neighborhood, r.code AS route
                 FROM registry_serviceagreement g
                 JOIN registry_tariffclass t ON t.id = g.tariff_class_id
                 JOIN registry_servicepoint p ON p.id = g.service_point_id
                 JOIN registry_route r ON r.id = p.route_id
                 JOIN registry_premise m ON m.id = p.premise_id
                 JOIN registry_locality l ON l.id = m.locality_id
                 LEFT JOIN registry_neighborhood z ON z.id = m.neighborhood_id
                WHERE g.effective_from <= {TODAY}
                ORDER BY g.account_id, g.effective_from DESC) w ON w.account_id = a.id
"""
_PLACED: Final = """
               a.number AS account, COALESCE(h.full_name, '') AS holder, COALESCE(w.class, '') AS class,
               COALESCE(w.class_name, '') AS class_name, COALESCE(w.use, '') AS use, COALESCE(w.locality, '') AS locality,
               COALESCE(w.neighborhood, 'sin colonia') AS neighborhood, COALESCE(w.route, '') AS route
"""
_OF_A_PLACE: Final = (
    Column("account", "Cuenta", route="account"),
    Column("holder", "Titular", is_name=True),
    Column("class", "Tarifa", says="class_name", is_filter=True),
    Column("class_name", "Nombre de la tarifa", is_hidden=True),
    Column("use", "Uso", words=USES, is_filter=True),
    Column("locality", "Localidad", is_filter=True, is_name=True),
    Column("neighborhood", "Colonia", is_filter=True, is_name=True),
    Column("route", "Ruta", is_filter=True),
)
_BUCKET_COLUMN: Final = Column("bucket", "Antigüedad", words=BUCKET_WORDS, is_filter=True)
_NOTE: Final = "Sin los recargos que se calculan al día y todavía no se cargan."

OVERDUE = Listing(
    code="overdue",
    title="Adeudos vencidos por cuenta",
    note=f"Lo que debe hoy cada cuenta de lo que ya venció. {_NOTE}",
    act=policy.READ_REPORTS,
    sql=f"""
        SELECT {_PLACED}, d.oldest_period, d.oldest_due_on, d.periods,
               {_bucket(f"{TODAY} - d.oldest_due_on")} AS bucket, d.cents AS overdue_cents
          FROM (SELECT account_id, min(period) FILTER (WHERE period > 0) AS oldest_period,
                       min(due_on) AS oldest_due_on, count(*) AS periods, sum(cents)::bigint AS cents
                  FROM ({_OPEN}) o GROUP BY 1 HAVING sum(cents) > 0) d {_PLACE}
    """,
    columns=(
        *_OF_A_PLACE,
        Column("oldest_period", "Desde el periodo", Kind.PERIOD),
        Column("oldest_due_on", "Vencido desde", Kind.DAY),
        Column("periods", "Documentos vencidos", Kind.COUNT),
        _BUCKET_COLUMN,
        Column("overdue_cents", "Vencido", Kind.CENTS, is_total=True),
    ),
    day="",
)

OVERDUE_PERIODS = Listing(
    code="overdue_periods",
    title="Adeudos vencidos por antigüedad",
    note=f"Lo mismo, periodo por periodo: cada adeudo tiene su propia antigüedad. {_NOTE}",
    act=policy.READ_REPORTS,
    sql=f"""
        SELECT {_PLACED}, d.period, d.due_on, {TODAY} - d.due_on AS age_days,
               {_bucket(f"{TODAY} - d.due_on")} AS bucket, d.cents AS overdue_cents
          FROM (SELECT o.*, sum(cents) OVER (PARTITION BY account_id) AS owed FROM ({_OPEN}) o) d {_PLACE}
         WHERE d.owed > 0
    """,
    columns=(
        *_OF_A_PLACE,
        Column("period", "Periodo", Kind.PERIOD),
        Column("due_on", "Venció", Kind.DAY),
        Column("age_days", "Días", Kind.COUNT),
        _BUCKET_COLUMN,
        Column("overdue_cents", "Vencido", Kind.CENTS, is_total=True),
    ),
    day="",
)

STATES: Final = (
    ("active", "con agua"), ("cut", "corte por adeudo"), ("restriction", "reducción de flujo"),
    ("temporary_closure", "baja temporal"),
)  # fmt: skip
METERS: Final = (("none", "sin medidor"), ("working", "funciona"), ("broken", "no funciona"))

ACTIVE_SERVICES = Listing(
    code="active_services",
    title="Servicios activos",
    note="Las cuentas con servicio contratado hoy, si son medidas y cómo está su medidor.",
    act=policy.READ_REPORTS,
    sql=f"""
        SELECT a.number AS account, COALESCE(h.full_name, '') AS holder, t.code AS class, t.name AS class_name, t.use,
               l.name AS locality, COALESCE(z.name, 'sin colonia') AS neighborhood, r.code AS route,
               CASE WHEN g.is_metered THEN 'yes' ELSE 'no' END AS is_metered,
               COALESCE(meter.serial, '') AS meter,
               CASE WHEN i.id IS NULL THEN 'none'
                    WHEN seen.exception_code IN ('05', '06', '07') THEN 'broken' ELSE 'working' END AS meter_state,
               COALESCE(stop.kind, 'active') AS state
          FROM registry_serviceagreement g
          JOIN registry_account a ON a.id = g.account_id
          JOIN registry_tariffclass t ON t.id = g.tariff_class_id
          JOIN registry_servicepoint p ON p.id = g.service_point_id
          JOIN registry_route r ON r.id = p.route_id
          JOIN registry_premise m ON m.id = p.premise_id
          JOIN registry_locality l ON l.id = m.locality_id
          LEFT JOIN registry_neighborhood z ON z.id = m.neighborhood_id
          LEFT JOIN LATERAL (
               SELECT n.full_name FROM registry_accountholder y JOIN registry_person n ON n.id = y.person_id
                WHERE y.account_id = a.id AND y.effective_from <= {TODAY} ORDER BY y.effective_from DESC LIMIT 1) h ON TRUE
          LEFT JOIN LATERAL (
               SELECT kind FROM registry_serviceinterruption s
                WHERE s.agreement_id = g.id AND s.effective_from <= {TODAY}
                  AND (s.effective_to IS NULL OR s.effective_to > {TODAY})
                ORDER BY s.effective_from DESC LIMIT 1) stop ON TRUE
          LEFT JOIN metering_meterinstallation i
               ON i.service_point_id = p.id AND i.installed_on <= {TODAY}
              AND (i.removed_on IS NULL OR i.removed_on > {TODAY})
          LEFT JOIN metering_meter meter ON meter.id = i.meter_id
          LEFT JOIN LATERAL (
               SELECT x.exception_code FROM metering_reading x
                WHERE x.installation_id = i.id AND x.kind = 'regular' AND x.read_on <= {TODAY}
                ORDER BY x.period DESC, x.revision DESC LIMIT 1) seen ON TRUE
         WHERE g.effective_from <= {TODAY} AND (g.effective_to IS NULL OR g.effective_to > {TODAY})
    """,
    columns=(
        *_OF_A_PLACE,
        Column("is_metered", "Medido", words=YES_NO, is_filter=True),
        Column("meter", "Medidor"),
        Column("meter_state", "El medidor", words=METERS, is_filter=True),
        Column("state", "Servicio", words=STATES, is_filter=True),
    ),
    day="",
)

LISTINGS = (OVERDUE, OVERDUE_PERIODS, ACTIVE_SERVICES)
