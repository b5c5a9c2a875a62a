"""What was forgiven and reduced, by which rule, to whom; benefits, agreements, and how campaigns were told."""

from typing import Final

from caudal.access import policy
from caudal.arrangements.models import ArrangementEnd
from caudal.benefits.models import BenefitLoss
from caudal.outreach.models import Channel
from caudal.registry.models import Benefit
from caudal.reports.listing import Column, Kind, Listing, local_day
from caudal.reports.listings.money import SPLIT, YES_NO

KINDS: Final = (("granted", "otorgado"), ("taken_back", "se quitó"))
CATEGORIES: Final = tuple(Benefit.Category.choices)

_RULE: Final = (
    Column("campaign", "Regla", says="campaign_name", is_filter=True),
    Column("campaign_name", "Nombre de la regla", is_hidden=True),
)
_MONEY_TURNS: Final = Column("kind", "Qué es", words=KINDS, is_filter=True)

FORGIVEN = Listing(
    code="forgiven",
    title="Condonado",
    note="Cada peso condonado por una campaña o un convenio; lo que se quitó después resta el día en que se quitó.",
    act=policy.READ_REPORTS,
    sql=f"""
        SELECT m.happened_on, a.number AS account, w.rule AS campaign, COALESCE(k.name, 'Convenio ' || w.rule)
                   AS campaign_name, COALESCE(k.ppm, 0) AS percent,
               COALESCE(c.code, 'other') AS concept, COALESCE(c.name, 'Otros') AS concept_name,
               CASE WHEN w.document LIKE 'CON-%' THEN '' ELSE w.document END AS receipt,
               CASE WHEN w.document LIKE 'CON-%' THEN w.document ELSE '' END AS arrangement,
               CASE WHEN w.is_conditional THEN 'yes' ELSE 'no' END AS is_conditional, m.clerk, m.kind,
               s.cents AS amount_cents
          FROM campaigns_waiver w
          JOIN registry_account a ON a.id = w.account_id
          JOIN ledger_credit cr ON cr.id = w.credit_id
          LEFT JOIN campaigns_campaign k ON k.id = w.campaign_id
          LEFT JOIN ledger_credit back ON back.reverses_id = cr.id
         CROSS JOIN LATERAL (
               SELECT w."on" AS happened_on, 'granted' AS kind, w.by AS clerk, cr.amount_cents
               UNION ALL
               SELECT back."on", 'taken_back', back.recorded_by, back.amount_cents WHERE back.id IS NOT NULL) m
         CROSS JOIN LATERAL (
               SELECT cr.id AS credit_id, m.amount_cents, back.id IS NOT NULL AS is_back) o
         CROSS JOIN LATERAL ({SPLIT}) s
          LEFT JOIN ledger_concept c ON c.id = s.concept_id
    """,
    columns=(
        Column("happened_on", "Día", Kind.DAY),
        Column("account", "Cuenta", route="account"),
        *_RULE,
        Column("percent", "Porcentaje", Kind.PPM),
        Column("concept", "Concepto", says="concept_name", is_filter=True),
        Column("concept_name", "Nombre del concepto", is_hidden=True),
        Column("receipt", "Comprobante", route="receipt"),
        Column("arrangement", "Convenio", route="arrangement"),
        Column("is_conditional", "Si se cumple el convenio", words=YES_NO),
        Column("clerk", "Quién", is_filter=True),
        _MONEY_TURNS,
        Column("amount_cents", "Condonado", Kind.CENTS, is_total=True),
    ),
)

PROMPT_PAYMENT = Listing(
    code="prompt_payment",
    title="Descuento por pago adelantado",
    note="Lo que bajó cada mes pagado por adelantado, con su regla; lo que se quitó resta el día en que se quitó.",
    act=policy.READ_REPORTS,
    sql="""
        SELECT m.happened_on, a.number AS account, x.period, COALESCE(k.code, b.code) AS campaign,
               COALESCE(k.name, b.name) AS campaign_name, x.ppm AS percent, cr.document AS receipt, m.clerk, m.kind,
               x.quoted_cents * m.sign AS quoted_cents, x.paid_cents * m.sign AS paid_cents,
               x.reduction_cents * m.sign AS amount_cents
          FROM campaigns_prepaidmonth x
          JOIN registry_account a ON a.id = x.account_id
          JOIN tariffs_tariffbook b ON b.id = x.book_id
          JOIN ledger_credit cr ON cr.id = x.credit_id
          LEFT JOIN campaigns_campaign k ON k.id = x.campaign_id
          LEFT JOIN campaigns_prepaidmonthend e ON e.month_id = x.id
         CROSS JOIN LATERAL (
               SELECT cr."on" AS happened_on, 'granted' AS kind, x.by AS clerk, 1 AS sign
               UNION ALL
               SELECT e."on", 'taken_back', e.by, -1 WHERE e.month_id IS NOT NULL) m
         WHERE x.reduction_cents > 0
    """,
    columns=(
        Column("happened_on", "Día", Kind.DAY),
        Column("account", "Cuenta", route="account"),
        Column("period", "Mes pagado", Kind.PERIOD),
        *_RULE,
        Column("percent", "Porcentaje", Kind.PPM),
        Column("receipt", "Comprobante", route="receipt"),
        Column("clerk", "Quién", is_filter=True),
        _MONEY_TURNS,
        Column("quoted_cents", "Precio", Kind.CENTS, is_total=True),
        Column("paid_cents", "Pagado", Kind.CENTS, is_total=True),
        Column("amount_cents", "Descuento", Kind.CENTS, is_total=True),
    ),
)

BENEFIT_REDUCTIONS = Listing(
    code="benefit_reductions",
    title="Descuento a personas vulnerables",
    note="Lo que bajó cada recibo por el beneficio de la cuenta; un recibo cancelado resta ese día.",
    act=policy.READ_REPORTS,
    sql="""
        SELECT m.happened_on, b.period, a.number AS account, bill.folio AS bill, COALESCE(w.category, '') AS benefit,
               c.code AS concept, c.name AS concept_name, m.kind, -(x.amount_cents + x.vat_cents) * m.sign AS amount_cents
          FROM ledger_charge x
          JOIN ledger_concept r ON r.id = x.concept_id AND r.code = 'benefit'
          JOIN ledger_concept c ON c.id = x.reduces_id
          JOIN billing_bill b ON b.period = x.period AND b.account_id = x.account_id AND b.revision = x.sequence
          JOIN registry_account a ON a.id = x.account_id
          LEFT JOIN billing_billcancellation bc
               ON bc.period = b.period AND bc.account_id = b.account_id AND bc.revision = b.revision
         CROSS JOIN LATERAL (
               SELECT b.period || '-' || a.number || CASE WHEN b.revision > 1 THEN '-' || b.revision ELSE '' END
                   AS folio) bill
          LEFT JOIN LATERAL (
               SELECT category FROM registry_benefit held
                WHERE held.account_id = x.account_id AND held.effective_from <= b.issued_on
                  AND (held.effective_to IS NULL
                       OR held.effective_to > make_date(b.period / 100, b.period % 100, 1))
                ORDER BY held.effective_from DESC, held.id DESC LIMIT 1) w ON TRUE
         CROSS JOIN LATERAL (
               SELECT b.issued_on AS happened_on, 'granted' AS kind, 1 AS sign
               UNION ALL
               SELECT bc."on", 'taken_back', -1 WHERE bc.id IS NOT NULL) m
         WHERE x.document_kind IN (1, 5)
    """,
    columns=(
        Column("happened_on", "Día", Kind.DAY),
        Column("period", "Periodo", Kind.PERIOD),
        Column("account", "Cuenta", route="account"),
        Column("bill", "Recibo", route="bill_pdf"),
        Column("benefit", "Beneficio", words=CATEGORIES, is_filter=True),
        Column("concept", "Concepto", says="concept_name", is_filter=True),
        Column("concept_name", "Nombre del concepto", is_hidden=True),
        _MONEY_TURNS,
        Column("amount_cents", "Descuento", Kind.CENTS, is_total=True),
    ),
)

BENEFITS_GRANTED = Listing(
    code="benefits_granted",
    title="Beneficios otorgados",
    note="Cada beneficio que se dio de alta en la oficina, a qué cuenta y quién lo registró.",
    act=policy.READ_REPORTS,
    sql=f"""
        SELECT {local_day("y.at")} AS happened_on, w.id AS benefit, a.number AS account, w.category,
               w.effective_from, w.effective_to, y.by
          FROM benefits_beneficiary y
          JOIN registry_benefit w ON w.id = y.benefit_id
          JOIN registry_account a ON a.id = w.account_id
    """,
    columns=(
        Column("happened_on", "Día", Kind.DAY),
        Column("benefit", "Beneficio", route="benefit"),
        Column("account", "Cuenta", route="account"),
        Column("category", "Categoría", words=CATEGORIES, is_filter=True),
        Column("effective_from", "Vale desde", Kind.DAY),
        Column("effective_to", "Vale hasta (sin incluir)", Kind.DAY),
        Column("by", "Registró", is_filter=True),
    ),
)

BENEFIT_ENDS = Listing(
    code="benefit_ends",
    title="Beneficios terminados",
    note="Cada beneficio que terminó, con su causa.",
    act=policy.READ_REPORTS,
    sql="""
        SELECT x."on" AS happened_on, w.id AS benefit, a.number AS account, w.category, x.kind, x.reason, x.by
          FROM benefits_benefitloss x
          JOIN registry_benefit w ON w.id = x.benefit_id
          JOIN registry_account a ON a.id = w.account_id
    """,
    columns=(
        Column("happened_on", "Día", Kind.DAY),
        Column("benefit", "Beneficio", route="benefit"),
        Column("account", "Cuenta", route="account"),
        Column("category", "Categoría", words=CATEGORIES, is_filter=True),
        Column("kind", "Causa", words=tuple(BenefitLoss.Kind.choices), is_filter=True),
        Column("reason", "Motivo"),
        Column("by", "Quién", is_filter=True),
    ),
)

ARRANGEMENTS = Listing(
    code="arrangements",
    title="Convenios firmados",
    note="Cada convenio de pago, lo que se debía, lo que se condona si se cumple y cómo va.",
    act=policy.READ_REPORTS,
    sql="""
        SELECT x.signed_on AS happened_on, 'CON-' || kernel_folio_digits(x.number) AS folio, a.number AS account,
               x.by AS clerk, COALESCE(e.kind, 'live') AS state, x.count AS installments, x.total_cents AS debt_cents,
               x.waived_cents AS forgiven_cents, x.down_payment_cents, x.total_cents - x.waived_cents AS agreed_cents
          FROM arrangements_paymentarrangement x
          JOIN registry_account a ON a.id = x.account_id
          LEFT JOIN arrangements_arrangementend e ON e.arrangement_id = x.id
    """,
    columns=(
        Column("happened_on", "Día", Kind.DAY),
        Column("folio", "Convenio", route="arrangement"),
        Column("account", "Cuenta", route="account"),
        Column("clerk", "Atendió", is_filter=True),
        Column("state", "Estado", words=(("live", "vigente"), *ArrangementEnd.Kind.choices), is_filter=True),
        Column("installments", "Parcialidades", Kind.COUNT),
        Column("debt_cents", "Adeudo", Kind.CENTS, is_total=True),
        Column("forgiven_cents", "Se condona", Kind.CENTS, is_total=True),
        Column("down_payment_cents", "Pago inicial", Kind.CENTS, is_total=True),
        Column("agreed_cents", "Por pagar", Kind.CENTS, is_total=True),
    ),
)

ARRANGEMENT_ENDS = Listing(
    code="arrangement_ends",
    title="Convenios terminados",
    note="Cada convenio cumplido, incumplido o cancelado, y lo que volvió a deberse.",
    act=policy.READ_REPORTS,
    sql="""
        SELECT e."on" AS happened_on, 'CON-' || kernel_folio_digits(x.number) AS folio, a.number AS account, e.kind,
               e.reason, e.by AS clerk, x.total_cents AS debt_cents, e.paid_cents,
               e.waiver_taken_back_cents AS taken_back_cents, e.reopened_cents
          FROM arrangements_arrangementend e
          JOIN arrangements_paymentarrangement x ON x.id = e.arrangement_id
          JOIN registry_account a ON a.id = x.account_id
    """,
    columns=(
        Column("happened_on", "Día", Kind.DAY),
        Column("folio", "Convenio", route="arrangement"),
        Column("account", "Cuenta", route="account"),
        Column("kind", "Cómo terminó", words=tuple(ArrangementEnd.Kind.choices), is_filter=True),
        Column("reason", "Motivo"),
        Column("clerk", "Quién", is_filter=True),
        Column("debt_cents", "Adeudo convenido", Kind.CENTS, is_total=True),
        Column("paid_cents", "Pagado", Kind.CENTS, is_total=True),
        Column("taken_back_cents", "Condonación perdida", Kind.CENTS, is_total=True),
        Column("reopened_cents", "Volvió a deberse", Kind.CENTS, is_total=True),
    ),
)

OUTREACH = Listing(
    code="outreach",
    title="Difusión",
    note="Lo que se hizo para anunciar cada campaña, por qué medio, dónde y cuánto costó; lo anulado no está.",
    act=policy.READ_REPORTS,
    sql="""
        SELECT e."on" AS happened_on, e.action_id AS action, k.code AS campaign, k.name AS campaign_name, x.channel,
               x.title, x.place, e.note, CASE WHEN e.evidence_kind = '' THEN 'no' ELSE 'yes' END AS has_evidence, e.by,
               e.quantity, e.cost_cents
          FROM outreach_outreachentry e
          JOIN outreach_outreachaction x ON x.id = e.action_id
          JOIN campaigns_campaign k ON k.id = x.campaign_id
         WHERE e.voids_id IS NULL
           AND NOT EXISTS (SELECT FROM outreach_outreachentry gone WHERE gone.voids_id = e.id)
    """,
    columns=(
        Column("happened_on", "Día", Kind.DAY),
        Column("action", "Acción", route="outreach_action"),
        Column("campaign", "Campaña", route="campaign", is_filter=True),
        Column("campaign_name", "Nombre de la campaña"),
        Column("channel", "Medio", words=tuple(Channel.choices), is_filter=True),
        Column("title", "Qué se planeó"),
        Column("place", "Dónde"),
        Column("note", "Qué se hizo"),
        Column("has_evidence", "Con evidencia", words=YES_NO, is_filter=True),
        Column("by", "Anotó", is_filter=True),
        Column("quantity", "Cantidad", Kind.COUNT),
        Column("cost_cents", "Costo", Kind.CENTS, is_total=True),
    ),
)

LISTINGS = (
    FORGIVEN, PROMPT_PAYMENT, BENEFIT_REDUCTIONS, BENEFITS_GRANTED, BENEFIT_ENDS, ARRANGEMENTS, ARRANGEMENT_ENDS, OUTREACH,
)  # fmt: skip
