"""Every figure of the report of activities asked again of the raw tables, in other words than the listings use.

`{days}` stands for «between the first day and the last of a month»; a moment is looked at in the zone of the town.
"""

from datetime import date
from typing import Final

from django.db import connection

LOCAL: Final = "AT TIME ZONE 'America/Mexico_City'"

_RECEIPTS: Final = "FROM cashier_receipt r WHERE r.business_on {days}"
_TENDERS: Final = (
    "SELECT sum(amount_cents) FROM cashier_tender WHERE kind = '{tender}' AND receipt_id IN "
    "(SELECT r.id FROM cashier_receipt r WHERE r.session_id IS NOT NULL AND r.business_on {{days}})"
)
_SERVED: Final = (
    "SELECT count(*) FROM dunning_serviceofnotice s WHERE s.served_on {{days}} {and_} AND s.notice_id IN (SELECT n.id "
    "FROM dunning_notice n JOIN dunning_dunningstage d ON d.id = n.stage_id WHERE d.code = '{stage}')"
)
_ISSUED: Final = (
    "SELECT {what} FROM dunning_notice n WHERE n.issued_on {{days}} AND n.stage_id IN "
    "(SELECT id FROM dunning_dunningstage WHERE code = '{stage}')"
)
_BY_CAMPAIGN: Final = """
    FROM campaigns_waiver w JOIN campaigns_campaign k ON k.id = w.campaign_id AND k.code = '{campaign}'
    LEFT JOIN ledger_credit back ON back.reverses_id = w.credit_id
"""
_AHEAD: Final = """
    FROM campaigns_prepaidmonth m JOIN campaigns_campaign k ON k.id = m.campaign_id AND k.code = '{campaign}'
    JOIN ledger_credit c ON c.id = m.credit_id WHERE m.reduction_cents > 0 AND c."on" {{days}}
"""

_RESOLVED: Final = f"""
    (SELECT e.at, x.opened_at, x.due_at, t.service_hours,
            (SELECT max(d.at) FROM cases_caseentry d WHERE d.case_id = x.id AND d.kind = 'disputed' AND d.id < e.id)
                AS disputed_at
     FROM cases_caseentry e JOIN cases_case x ON x.id = e.case_id JOIN cases_casetype t ON t.id = x.type_id
     WHERE e.kind = 'resolved' AND (e.at {LOCAL})::date {{days}}) resolved
"""


def _notices(stage: str, served: str, visits: str, issued: str, debt: str) -> dict[str, str]:
    return {
        served: _SERVED.format(stage=stage, and_="AND s.effects_on IS NOT NULL"),
        visits: _SERVED.format(stage=stage, and_=""),
        issued: _ISSUED.format(stage=stage, what="count(*)"),
        debt: _ISSUED.format(stage=stage, what="sum(n.total_cents)"),
    }


RAW: Final[dict[str, dict[str, str]]] = {
    "counter": {
        "people": f"SELECT count(*) {_RECEIPTS} AND r.session_id IS NOT NULL AND r.reverses_id IS NULL",
        "accounts": "SELECT count(DISTINCT p.account_id) FROM cashier_payment p JOIN cashier_receipt r "
        "ON r.id = p.receipt_id WHERE r.business_on {days} AND r.reverses_id IS NULL",
        "window_cents": "SELECT sum(p.amount_cents) FROM cashier_payment p JOIN cashier_receipt r ON r.id = p.receipt_id "
        "WHERE r.business_on {days} AND r.session_id IS NOT NULL",
        **{tender: _TENDERS.format(tender=tender) for tender in ("cash", "card", "check", "transfer")},
        "collected_cents": "SELECT sum(p.amount_cents) FROM cashier_payment p JOIN cashier_receipt r "
        "ON r.id = p.receipt_id WHERE r.business_on {days}",
        "canceled": f"SELECT count(*) {_RECEIPTS} AND r.reverses_id IS NOT NULL",
        "canceled_cents": f"SELECT -sum(r.total_cents) {_RECEIPTS} AND r.reverses_id IS NOT NULL",
    },
    "arrangements": {
        "signed": "SELECT count(*) FROM arrangements_paymentarrangement WHERE signed_on {days}",
        "debt_cents": "SELECT sum(total_cents) FROM arrangements_paymentarrangement WHERE signed_on {days}",
        "down_payment_cents": "SELECT sum(down_payment_cents) FROM arrangements_paymentarrangement WHERE signed_on {days}",
        "forgiven_cents": "SELECT sum(waived_cents) FROM arrangements_paymentarrangement WHERE signed_on {days}",
        "fulfilled": "SELECT count(*) FROM arrangements_arrangementend WHERE kind = 'finished' AND \"on\" {days}",
        "broken": "SELECT count(*) FROM arrangements_arrangementend WHERE kind = 'defaulted' AND \"on\" {days}",
        "taken_back_cents": "SELECT sum(waiver_taken_back_cents) FROM arrangements_arrangementend WHERE \"on\" {days}",
    },
    "meter_work": {
        "readings": "SELECT count(DISTINCT (installation_id, period)) FROM metering_reading x WHERE kind = 'regular' "
        "AND value IS NOT NULL AND read_on {days} AND revision = (SELECT max(revision) FROM metering_reading y WHERE "
        "(y.installation_id, y.period, y.kind) = (x.installation_id, x.period, x.kind))",
        "unread": "SELECT count(DISTINCT (installation_id, period)) FROM metering_reading x WHERE kind = 'regular' "
        "AND value IS NULL AND read_on {days} AND revision = (SELECT max(revision) FROM metering_reading y WHERE "
        "(y.installation_id, y.period, y.kind) = (x.installation_id, x.period, x.kind))",
        "exceptions": "SELECT count(*) FROM metering_reading x JOIN metering_meterinstallation i ON i.id = "
        "x.installation_id LEFT JOIN metering_consumption m ON m.service_point_id = i.service_point_id AND m.period = "
        "x.period WHERE x.kind = 'regular' AND (x.exception_code <> '00' OR m.doubts > 0) AND x.read_on {days} AND "
        "x.revision = (SELECT max(revision) FROM metering_reading y WHERE (y.installation_id, y.period, y.kind) = "
        "(x.installation_id, x.period, x.kind))",
        "bills": "SELECT count(*) FROM billing_bill WHERE issued_on {days}",
        "bills_cents": "SELECT (SELECT COALESCE(sum(total_cents), 0) FROM billing_bill WHERE issued_on {days}) - "
        "(SELECT COALESCE(sum(b.total_cents), 0) FROM billing_billcancellation x JOIN billing_bill b USING (period, "
        "account_id, revision) WHERE x.\"on\" {days})",
        "billed_m3": "SELECT (SELECT COALESCE(sum(consumption_m3), 0) FROM billing_bill WHERE issued_on {days}) - "
        "(SELECT COALESCE(sum(b.consumption_m3), 0) FROM billing_billcancellation x JOIN billing_bill b USING (period, "
        "account_id, revision) WHERE x.\"on\" {days})",
        **{
            name: "SELECT count(*) FROM fieldwork_stop WHERE subject_kind = 'bill' AND "
            f"outcome = '{outcome}' AND (done_at {LOCAL})::date {{days}}"
            for name, outcome in (("delivered", "delivered"), ("posted", "posted"), ("undelivered", "not_delivered"))
        },
    },
    "benefits": {
        "granted": f"SELECT count(*) FROM benefits_beneficiary WHERE (at {LOCAL})::date {{days}}",
        "reduced": "SELECT count(DISTINCT (b.period, b.account_id, b.revision)) FROM billing_bill b JOIN ledger_charge c "
        "ON (c.period, c.account_id, c.sequence) = (b.period, b.account_id, b.revision) AND c.document_kind IN (1, 5) "
        "JOIN ledger_concept k ON k.id = c.concept_id WHERE k.code = 'benefit' AND b.issued_on {days}",
        "reduced_cents": "SELECT -(SELECT COALESCE(sum(c.amount_cents + c.vat_cents), 0) FROM billing_bill b JOIN "
        "ledger_charge c ON (c.period, c.account_id, c.sequence) = (b.period, b.account_id, b.revision) AND "
        "c.document_kind IN (1, 5) JOIN ledger_concept k ON k.id = c.concept_id WHERE k.code = 'benefit' AND b.issued_on "
        "{days}) + (SELECT COALESCE(sum(c.amount_cents + c.vat_cents), 0) FROM billing_billcancellation b JOIN "
        "ledger_charge c ON (c.period, c.account_id, c.sequence) = (b.period, b.account_id, b.revision) AND "
        "c.document_kind IN (1, 5) JOIN ledger_concept k ON k.id = c.concept_id WHERE k.code = 'benefit' AND b.\"on\" {days})",
    },
    "demands": {
        **_notices("demand", "demands", "visits", "issued", "debt_cents"),
        **_notices("second_demand", "second_demands", "second_visits", "second_issued", "second_debt_cents"),
    },
    "notices": {
        **_notices("debt_slip", "slips", "visits", "issued", "debt_cents"),
        "letters": _SERVED.format(stage="courtesy_letter", and_="AND s.effects_on IS NOT NULL"),
    },
    "cuts": {
        "cuts": f"SELECT count(*) FROM disconnections_disconnection WHERE measure = 'cut' AND (done_at {LOCAL})::date {{days}}",
        "restrictions": "SELECT count(*) FROM disconnections_disconnection WHERE measure = 'restriction' "
        f"AND (done_at {LOCAL})::date {{days}}",
        "debt_cents": f"SELECT sum(debt_cents) FROM disconnections_disconnection WHERE (done_at {LOCAL})::date {{days}}",
    },
    "reconnections": {
        "done": "SELECT count(*) FROM disconnections_reconnectionorder WHERE state = 'done' "
        f"AND (ended_at {LOCAL})::date {{days}}",
        "on_time": "SELECT count(*) FROM disconnections_reconnectionorder WHERE state = 'done' AND ended_at <= due_at "
        f"AND (ended_at {LOCAL})::date {{days}}",
        "hours": "SELECT round(avg(ceil(extract(epoch FROM ended_at - created_at) / 3600))) "
        f"FROM disconnections_reconnectionorder WHERE state = 'done' AND (ended_at {LOCAL})::date {{days}}",
    },
    "cases": {
        "answered": f"SELECT count(*) FROM cases_caseentry WHERE kind = 'resolved' AND (at {LOCAL})::date {{days}}",
        "opened": f"SELECT count(*) FROM cases_case WHERE (opened_at {LOCAL})::date {{days}}",
        # what was disputed is measured from then, against the term that it got then
        "on_time": f"SELECT count(*) FROM {_RESOLVED} WHERE at <= CASE WHEN disputed_at IS NULL THEN opened_at + "
        "make_interval(hours => service_hours) ELSE due_at END",
        "hours": f"SELECT round(avg(ceil(extract(epoch FROM at - COALESCE(disputed_at, opened_at)) / 3600))) FROM {_RESOLVED}",
    },
    "outreach": {
        "actions": "SELECT count(*) FROM outreach_outreachentry e WHERE e.\"on\" {days} AND e.voids_id IS NULL "
        "AND e.id NOT IN (SELECT voids_id FROM outreach_outreachentry WHERE voids_id IS NOT NULL)",
        "cost_cents": "SELECT sum(cost_cents) FROM outreach_outreachentry e WHERE e.\"on\" {days} "
        "AND e.id NOT IN (SELECT voids_id FROM outreach_outreachentry WHERE voids_id IS NOT NULL)",
        **{
            channel: "SELECT sum(e.quantity) FROM outreach_outreachentry e JOIN outreach_outreachaction a "
            f"ON a.id = e.action_id WHERE a.channel = '{channel}' AND e.\"on\" {{days}} "
            "AND e.id NOT IN (SELECT voids_id FROM outreach_outreachentry WHERE voids_id IS NOT NULL)"
            for channel in ("radio_spot", "social_network", "loudspeaker_route", "poster_site", "message")
        },
    },
}  # fmt: skip
CAMPAIGN: Final = {
    "accounts": f"SELECT count(DISTINCT w.account_id) {_BY_CAMPAIGN} WHERE w.\"on\" {{{{days}}}}",
    **{
        name: f"SELECT sum(CASE WHEN w.\"on\" {{{{days}}}} THEN w.cents ELSE 0 END + CASE WHEN back.\"on\" {{{{days}}}} "
        f"THEN back.amount_cents ELSE 0 END) {_BY_CAMPAIGN} {where}"
        for name, where in (
            ("granted_cents", ""), ("by_payment_cents", "WHERE NOT w.is_conditional"),
            ("by_arrangement_cents", "WHERE w.is_conditional"),
        )
    },
    "ahead_accounts": f"SELECT count(DISTINCT m.account_id) {_AHEAD}",
    "ahead_months": f"SELECT count(*) {_AHEAD}",
    "ahead_paid_cents": f"SELECT sum(m.paid_cents) {_AHEAD}",
    "ahead_cents": f"SELECT sum(m.reduction_cents) {_AHEAD}",
}  # fmt: skip


def raw(*, code: str, name: str, since: date, until: date) -> int:
    """A figure of an activity from the raw tables."""
    if code.startswith("campaign:"):
        sql = CAMPAIGN[name].format(campaign=code.partition(":")[2])
    elif name.startswith("channel_"):
        channel = name.removeprefix("channel_").removesuffix("_cents")
        sql = f"SELECT sum(r.total_cents) {_RECEIPTS} AND r.session_id IS NULL AND r.channel = '{channel}'"
    else:
        sql = RAW[code][name]
    between = f"<@ daterange('{since}', '{until}')"
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("{days}", between).replace("%", "%%"))
        return int(cursor.fetchone()[0] or 0)
