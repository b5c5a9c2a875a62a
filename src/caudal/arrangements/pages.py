"""Rows for the pages of payment agreements: the assistant, one agreement, all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.safestring import SafeString

from caudal.access import queries as people
from caudal.arrangements import papers
from caudal.arrangements.models import AbilityToPay, ArrangementEnd, ArrangementPolicy, PaymentArrangement
from caudal.arrangements.policy import InstallmentState, State
from caudal.arrangements.queries import InstallmentRow, Simulation, Standing, SurvivalRow
from caudal.kernel import charts
from caudal.kernel.wording import in_reading_case, pesos, short_date
from caudal.registry import queries as accounts

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Pill:
    """A state as a pill: its word, its color and its icon."""

    words: str
    pill: str
    icon: str


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
class DebtRow:
    """What is owed of one period, and what of it would be forgiven (centavos)."""

    period: int
    what: str
    owed_cents: int
    waived_cents: int

    @property
    def minus_cents(self) -> int:
        return -self.waived_cents

    @property
    def left_cents(self) -> int:
        return self.owed_cents - self.waived_cents


@dataclass(frozen=True, slots=True)
class DebtPage:
    """What is owed today, with the campaign that applies to whoever signs (centavos)."""

    rows: Sequence[DebtRow]
    owed_cents: int
    favor_cents: int
    waived_cents: int
    agreed_cents: int
    waiver_name: str
    waiver_words: str

    @property
    def minus_cents(self) -> int:
        return -self.waived_cents

    @property
    def minus_favor_cents(self) -> int:
        return -self.favor_cents


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One payment of the table, and what would be left after it (centavos)."""

    name: str
    due_on: date
    principal_cents: int
    deferral_cents: int
    left_cents: int

    @property
    def total_cents(self) -> int:
        return self.principal_cents + self.deferral_cents


@dataclass(frozen=True, slots=True)
class Plan:
    """The table of an agreement that nobody has signed (centavos)."""

    rows: Sequence[PlanRow]
    agreed_cents: int
    deferral_cents: int
    total_cents: int
    words: str
    button: str
    beyond: Sequence[str]


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


def debt_page(*, simulation: Simulation) -> DebtPage:
    """What is owed, a row a period; its second line says of what."""
    by_period: dict[int, list[tuple[str, int, int]]] = {}
    for line in simulation.debts:
        by_period.setdefault(line.period, []).append((line.name, line.owed_cents, line.waived_cents))
    return DebtPage(
        rows=[
            DebtRow(
                period,
                ", ".join(f"{name.lower()} {pesos(owed)}" for name, owed, _ in lines),
                sum(owed for _, owed, _ in lines),
                sum(waived for _, _, waived in lines),
            )
            for period, lines in by_period.items()
        ],
        owed_cents=simulation.total_cents + simulation.favor_cents,
        favor_cents=simulation.favor_cents,
        waived_cents=simulation.waived_cents,
        agreed_cents=simulation.agreed_cents,
        waiver_name=simulation.waiver_name,
        waiver_words=simulation.waiver_condition,
    )


def plan(*, simulation: Simulation) -> Plan:
    """The table as it would be signed."""
    left, rows = simulation.to_pay_cents, []
    for each in simulation.table:
        left -= each.total_cents
        rows.append(
            PlanRow(
                payment_name(each.number),
                each.due_on,
                each.amount_cents,
                each.deferral_cents,
                left_cents=left,
            )
        )
    later = [row for row in rows if row.name != DOWN]
    down = simulation.terms.down_cents
    parts = f"{len(later)} {'parcialidad' if len(later) == 1 else 'parcialidades'} de {pesos(later[-1].total_cents)}"
    words = f"{pesos(down)} hoy y {parts}" if down else parts
    return Plan(
        rows, simulation.agreed_cents, simulation.deferral_cents, simulation.to_pay_cents, words, words,
        simulation.beyond,
    )  # fmt: skip


DOWN: Final = "Pago inicial"


def payment_name(number: int, /) -> str:
    """`Pago inicial`, `1`, `2`…"""
    return str(number) if number else DOWN


def limits_words(*, limits: ArrangementPolicy) -> str:
    """What one person may sign, in a sentence."""
    return (
        f"Hasta {limits.most_installments} parcialidades de al menos {pesos(limits.least_installment_cents)}, con "
        f"{papers.percent(limits.least_down_ppm)} de pago inicial."
    )


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
    return Pill(state.value, *_STATES[state])


def list_rows(*, standings: Sequence[Standing]) -> list[ListRow]:
    """Agreements of a list, with whose account it is now."""
    ids = [each.arrangement.account_id for each in standings]
    holders = {each.account_id: each.holder for each in accounts.found_accounts(account_ids=ids)}
    return [_list_row(each, holders) for each in standings]


def survival(*, rows: Sequence[SurvivalRow]) -> Survival:
    """The curve and its table."""
    shown = [row for row in rows if row.reached]
    steps = [charts.Step("inicial" if row.number == 0 else str(row.number), row.kept_ppm) for row in shown]
    return Survival(
        charts.curve(steps=steps, title="Convenios que siguen sin incumplirse al llegar a cada pago"),
        [
            ShownSurvival(
                payment_name(row.number), row.reached, row.paid_on_time + row.paid_late, step.percent
            )
            for row, step in zip(shown, steps, strict=True)
        ],
        "de todos los firmados",
    )


def _shown(row: InstallmentRow) -> ShownInstallment:
    pill, icon = _INSTALLMENTS[row.state]
    words = f"{row.state.value} {short_date(row.paid_on)}" if row.paid_on else row.state.value
    if not row.paid_on and row.paid_cents and row.open_cents:
        words += f", faltan {pesos(row.open_cents)}"
    return ShownInstallment(
        payment_name(row.number), row.due_on, row.total_cents, row.paid_cents, Pill(words, pill, icon)
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
