"""Rows for the pages of payment agreements: one agreement, and all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.safestring import SafeString

from caudal.access import queries as people
from caudal.arrangements import papers
from caudal.arrangements.models import AbilityToPay, ArrangementEnd, PaymentArrangement
from caudal.arrangements.plan_pages import payment_name
from caudal.arrangements.policy import InstallmentState, State
from caudal.arrangements.queries import InstallmentRow, Standing, SurvivalRow
from caudal.kernel import charts
from caudal.kernel.pills import Pill
from caudal.kernel.wording import in_reading_case, pesos, short_date
from caudal.registry import queries as accounts

Pair = tuple[str, str]


_STATES: Final = {
    State.LIVE: ("agreement", "heart-handshake"),
    State.LATE: ("bad", "alert-triangle"),
    State.PAID: ("good", "cash"),
    State.FINISHED: ("good", "circle-check"),
    State.DEFAULTED: ("bad", "ban"),
    State.CANCELED: ("", "ban"),
}
_INSTALLMENTS: Final = {
    InstallmentState.PAID: ("good", "circle-check"),
    InstallmentState.PAID_LATE: ("good", "circle-check"),
    InstallmentState.OPEN: ("", "clock"),
    InstallmentState.LATE: ("bad", "alert-triangle"),
    InstallmentState.UNDONE: ("", "ban"),
}


@dataclass(frozen=True, slots=True)
class ShownInstallment:
    """One payment of a signed agreement (centavos)."""

    name: str
    due_on: date
    total_cents: int
    paid_cents: int
    state: Pill


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangementPage:
    """A signed agreement, all that its page says of it."""

    folio: str
    account: str
    holder: str
    state: Pill
    total_cents: int
    paid_cents: int
    left_cents: int
    waived_cents: int
    waiver_name: str
    left_note: str
    paid_note: str
    next_label: str
    next_value: str
    next_note: str
    rows_note: str
    rows: Sequence[ShownInstallment]
    facts: Sequence[Pair]
    ability: Sequence[Pair]
    end: Sequence[Pair]
    on_default: Sequence[str]
    default_promise: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """An agreement in a list (centavos)."""

    folio: str
    account: str
    holder: str
    signed_on: date
    count: int
    total_cents: int
    left_cents: int
    state: Pill
    why: str


@dataclass(frozen=True, slots=True)
class ShownSurvival:
    """One step of the curve, in figures."""

    name: str
    reached: int
    kept: int
    percent: str


@dataclass(frozen=True, slots=True)
class Survival:
    """How many agreements come to each payment: the curve and the same figures as a table."""

    chart: SafeString
    rows: Sequence[ShownSurvival]
    note: str


def arrangement_page(*, standing: Standing, shows_ability: bool) -> ArrangementPage:
    """A signed agreement as it stands."""
    signed = standing.arrangement
    card = accounts.account_card(account=signed.account, on=signed.signed_on)
    approver = signed.approval.approver if signed.approval else ""
    end = standing.end
    names = people.names_of(usernames={signed.by, approver, end.by if end else ""})
    label, value, note = _next(standing)
    late = standing.late_cents
    return ArrangementPage(
        folio=signed.folio,
        account=signed.account.number,
        holder=in_reading_case(card.holder),
        state=state_pill(standing.state),
        total_cents=sum(row.total_cents for row in standing.rows),
        paid_cents=standing.paid_cents,
        left_cents=standing.open_cents,
        waived_cents=signed.waived_cents,
        waiver_name=papers.waiver_words(arrangement=signed),
        left_note=f"{pesos(late)} vencidos" if late else "nada vencido",
        paid_note=f"{standing.n_paid} de {signed.count} parcialidades",
        next_label=label,
        next_value=value,
        next_note=note,
        rows_note=f"firmado el {short_date(signed.signed_on)}",
        rows=[_shown(row) for row in standing.rows],
        facts=_facts(signed, names),
        ability=_ability(signed) if shows_ability else (),
        end=_end(end, names) if end else (),
        on_default=papers.default_words(policy=signed.policy, has_waiver=signed.waived_cents > 0),
        default_promise=_promise(standing),
    )


def state_pill(state: State, /) -> Pill:
    """How far an agreement is, as a pill."""
    return Pill(*_STATES[state], state.value)


def list_rows(*, standings: Sequence[Standing]) -> list[ListRow]:
    """Agreements of a list, with whose account it is now."""
    ids = [each.arrangement.account_id for each in standings]
    holders = {each.account_id: each.holder for each in accounts.found_accounts(account_ids=ids)}
    return [_list_row(each, holders) for each in standings]


def survival(*, rows: Sequence[SurvivalRow]) -> Survival:
    """The curve and its table."""
    shown = [row for row in rows if row.reached]
    steps = [charts.Step(str(row.number), row.kept_ppm) for row in shown]
    return Survival(
        charts.curve(steps=steps, title="Convenios que siguen sin incumplirse al llegar a cada pago"),
        [
            ShownSurvival(
                payment_name(row.number), row.reached, row.paid_on_time + row.paid_late, step.percent
            )
            for row, step in zip(shown, steps, strict=True)
        ],
        "0 es el pago inicial",
    )


def _shown(row: InstallmentRow) -> ShownInstallment:
    pill, icon = _INSTALLMENTS[row.state]
    words = f"{row.state.value} {short_date(row.paid_on)}" if row.paid_on else row.state.value
    if not row.paid_on and row.paid_cents and row.open_cents:
        words += f", faltan {pesos(row.open_cents)}"
    return ShownInstallment(
        payment_name(row.number), row.due_on, row.total_cents, row.paid_cents, Pill(pill, icon, words)
    )


def _next(standing: Standing) -> tuple[str, str, str]:
    row = standing.next_row
    if row is None:
        return "Siguiente pago", "—", "ya no hay pagos por hacer"
    what = "pago inicial" if row.number == 0 else f"parcialidad {row.number}"
    verb = "venció" if row.due_on < standing.on else "vence"
    return "Siguiente pago", pesos(row.open_cents), f"{what}, {verb} el {short_date(row.due_on)}"


def _facts(signed: PaymentArrangement, names: dict[str, str]) -> list[Pair]:
    approval = signed.approval
    approver = names.get(approval.approver, approval.approver) if approval else ""
    rows = (
        ("Debía", f"{pesos(signed.total_cents)} el {short_date(signed.signed_on)}"),
        ("Se condona", pesos(signed.waived_cents) if signed.waived_cents else ""),
        ("Se conviene", pesos(signed.agreed_cents)),
        ("Prórroga", pesos(signed.deferral_cents) if signed.deferral_cents else ""),
        ("Firma", f"{in_reading_case(signed.signer_name)}, {signed.signer_as}"),
        ("Se identificó con", signed.signer_document),
        ("Atendió", names.get(signed.by, signed.by)),
        ("Autorizó", f"{approver}: {approval.reason}" if approval else ""),
        ("Fundamento", signed.policy.article),
    )
    return [(label, value) for label, value in rows if value]


def _ability(signed: PaymentArrangement) -> list[Pair]:
    told = AbilityToPay.objects.filter(arrangement=signed).first()
    if told is None:
        return []
    return [
        ("Ingreso al mes", pesos(told.income_cents)),
        ("Dependientes", str(told.dependents)),
        ("Gastos fijos", pesos(told.expenses_cents)),
        ("Dijo que puede", pesos(told.can_pay_cents)),
        ("Puede ir al convenio", pesos(told.affordable_cents)),
    ]


def _end(end: ArrangementEnd, names: dict[str, str]) -> list[Pair]:
    rows = (
        ("Cómo", end.get_kind_display()),
        ("Cuándo", short_date(end.on)),
        ("Quién", names.get(end.by, end.by)),
        ("Motivo", end.reason),
        ("Se había pagado", _amount(end.paid_cents)),
        ("Volvió a deberse", _amount(end.reopened_cents)),
        ("Condonación perdida", _amount(end.waiver_taken_back_cents)),
        ("Pena", _amount(end.penalty_cents)),
        ("Quedó a favor", _amount(end.in_favor_cents)),
    )
    return [(label, value) for label, value in rows if value]


def _amount(cents: int) -> str:
    return pesos(cents) if cents else ""


def _promise(standing: Standing) -> str:
    """What defaulting would do, with its amounts."""
    waived = standing.arrangement.waived_cents
    said = f"Se deja sin efecto lo que falta, {pesos(standing.open_cents)}, y vuelve el adeudo original con sus recargos"
    return f"{said}; se pierden {pesos(waived)} condonados." if waived else f"{said}."


def _list_row(standing: Standing, holders: dict[int, str]) -> ListRow:
    signed, row = standing.arrangement, standing.next_row
    if standing.end:
        why = f"el {short_date(standing.end.on)}"
    elif standing.n_late:
        why = f"{standing.n_late} {'pago vencido' if standing.n_late == 1 else 'pagos vencidos'}, {pesos(standing.late_cents)}"
    else:
        why = f"vence el {short_date(row.due_on)}" if row else ""
    return ListRow(
        folio=signed.folio,
        account=signed.account.number,
        holder=in_reading_case(holders.get(signed.account_id, "")),
        signed_on=signed.signed_on,
        count=signed.count,
        total_cents=sum(each.total_cents for each in standing.rows),
        left_cents=standing.open_cents,
        state=state_pill(standing.state),
        why=why,
    )
