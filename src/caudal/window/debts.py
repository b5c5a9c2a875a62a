"""What an account owes, as the lines of the window: periods, then the reductions that already count in them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from caudal.campaigns.queries import Offer
from caudal.kernel.wording import month_name, month_span, pesos, short_date
from caudal.ledger import queries as ledger
from caudal.ledger.models import Charge, DocumentKind, Working
from caudal.metering import queries as metering
from caudal.quotes.queries import MonthsAhead
from caudal.registry.models import Benefit
from caudal.tariffs import queries as tariffs

# with more periods than these, the older ones are told in one line: nothing scrolls
MOST_PERIODS: Final = 8
# how many lines fit with air, and how many if they are narrow
ROOMY, DENSE = 5, 9


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table (centavos). `kind` is `period`, `older` or `reduction`."""

    kind: str
    title: str
    note: str
    concept: str
    detail: str
    amount_cents: int
    surcharge_cents: int
    total_cents: int
    is_overdue: bool = False


@dataclass(frozen=True, slots=True)
class Reduction:
    """A rule that lowered some charges of open periods, and by how much of each (centavos, below zero)."""

    title: str
    concept: str
    detail: str
    cents: Mapping[int, int]

    @property
    def total_cents(self) -> int:
        return sum(self.cents.values())


def lines(
    *,
    statement: ledger.AccountStatement,
    history: Sequence[metering.PeriodConsumption],
    relief: Offer | None = None,
) -> list[Line]:
    """The lines of an account, the newest period first; they add up to what it owes.

    :param relief: what a campaign forgives to whoever pays the rest now: the last line, taken off
    """
    open_periods = [each for each in statement.due_periods if each.total_cents]
    reductions = _reductions(statement.account_id, [int(each.period) for each in open_periods])
    reduced: dict[int, int] = defaultdict(int)
    for reduction in reductions:
        for period, cents in reduction.cents.items():
            reduced[period] += cents
    known = {int(each.period): each for each in history}
    newest = sorted(open_periods, key=lambda each: (int(each.period), -each.due_on.toordinal()), reverse=True)
    kept = newest if len(newest) <= MOST_PERIODS else newest[: MOST_PERIODS - 1]
    rows = [_period(each, reduced[int(each.period)], known, statement.on) for each in kept]
    if older := newest[len(kept) :]:
        rows.append(
            _older([_period(each, reduced[int(each.period)], known, statement.on) for each in older], older)
        )
    return (
        rows
        + [
            Line(
                "reduction", each.title, "", each.concept, each.detail, each.total_cents, 0, each.total_cents
            )
            for each in reductions
        ]
        + ([_forgiven(relief)] if relief else [])
    )


def _forgiven(relief: Offer) -> Line:
    detail = " · ".join(part for part in (relief.condition, relief.council_agreement) if part)
    return Line("reduction", "campaña", "", relief.name, detail, -relief.cents, 0, -relief.cents)


def ahead_lines(*, ahead: MonthsAhead | None) -> list[Line]:
    """Months paid ahead: their full price, then what the benefit or the campaign takes off; they add up to be paid."""
    if ahead is None:
        return []
    span = month_span(ahead.lines[0].period, ahead.lines[-1].period)
    n = len(ahead.lines)
    each = ahead.lines[0].pay_cents
    is_alike = n > 1 and all(line.pay_cents == each for line in ahead.lines)
    taken_off = (
        (ahead.benefit_cents, "beneficio", ahead.benefit_name),
        (ahead.reduction_cents, "campaña", ahead.campaign_name),
    )
    return [
        Line(
            "period", span, "por adelantado",
            "1 mes" if n == 1 else f"{n} meses", f"{pesos(each)} cada uno" if is_alike else "",
            ahead.full_cents, 0, ahead.full_cents,
        ),
        *(Line("reduction", kind, "", name, "por adelantado", -cents, 0, -cents) for cents, kind, name in taken_off if cents),
    ]  # fmt: skip


def density(*, n: int) -> str:
    """How close together some lines must be."""
    return "roomy" if n <= ROOMY else "dense" if n <= DENSE else "tight"


def _period(
    debt: ledger.PeriodDebt, reduced_cents: int, known: Mapping[int, metering.PeriodConsumption], on: date
) -> Line:
    period = int(debt.period)
    paid = sum(item.paid_cents for item in debt.items)
    # surcharges have a column of their own; where nothing else is owed, they are named
    owed = [item for item in debt.items if item.open_cents > 0]
    principal = [item.concept for item in owed if not item.is_accessory]
    concepts = list(dict.fromkeys(principal or [item.concept for item in owed]))
    is_overdue = debt.due_on < on
    surcharge = debt.surcharge_cents + debt.open_accessory_cents
    amount = debt.open_principal_cents - reduced_cents
    details = [_usage(known[period])] if period in known else []
    if paid > 0:
        details.append(f"abonado {pesos(paid)}")
    return Line(
        kind="period",
        title=debt.name,
        note="vence hoy"
        if debt.due_on == on
        else f"{'venció' if is_overdue else 'vence'} {short_date(debt.due_on)}",
        concept=_joined(concepts),
        detail=" · ".join(details),
        amount_cents=amount,
        surcharge_cents=surcharge,
        total_cents=amount + surcharge,
        is_overdue=is_overdue,
    )


def _older(rows: Sequence[Line], debts: Sequence[ledger.PeriodDebt]) -> Line:
    first, last = min(int(each.period) for each in debts), max(int(each.period) for each in debts)
    span = month_name(last) if not first else f"de {month_name(first)} a {month_name(last)}"
    return Line(
        kind="older",
        title=f"{len(rows)} periodos más",
        note=span,
        concept="Agua y servicios de periodos anteriores",
        detail="el detalle está en el estado de cuenta (F4)",
        amount_cents=sum(row.amount_cents for row in rows),
        surcharge_cents=sum(row.surcharge_cents for row in rows),
        total_cents=sum(row.total_cents for row in rows),
        is_overdue=any(row.is_overdue for row in rows),
    )


def _usage(each: metering.PeriodConsumption) -> str:
    words = f"{each.consumption_m3:,} m³ {each.basis_text}"
    if each.exception_text and each.exception_code != "00":
        return f"{words} · {each.exception_text.lower()}"
    return f"{words} · lectura {each.current_reading:,}" if each.current_reading >= 0 else words


def _joined(concepts: Sequence[str]) -> str:
    """`Agua potable, saneamiento, infraestructura`."""
    return ", ".join([*concepts[:1], *(concept[:1].lower() + concept[1:] for concept in concepts[1:])])


def _reductions(account_id: int, periods: Sequence[int]) -> list[Reduction]:
    """The charges below zero of some periods, joined by the rule that made them."""
    charges = list(
        Charge.objects.filter(account_id=account_id, period__in=periods, amount_cents__lt=0).order_by(
            "period"
        )
    )
    bodies = {
        each.pk: each.body for each in Working.objects.filter(pk__in={each.working_id for each in charges})
    }
    joined: dict[tuple[str, str, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for charge in charges:
        rule = _rule(charge, bodies.get(charge.working_id, {}))
        joined[rule][int(charge.period)] += charge.amount_cents + charge.vat_cents
    return [Reduction(*rule, dict(cents)) for rule, cents in joined.items()]


def _rule(charge: Charge, body: Mapping[str, Any]) -> tuple[str, str, str]:
    """Title, concept and detail of the line of a reduction: what it is called, how much, and which rule says so."""
    if charge.document_kind == DocumentKind.REGULARIZATION:
        return "ajuste", "Regularización de lecturas estimadas", "lo estimado de más, ya con la lectura real"
    if body.get("kind") != "reduction":
        return "reducción", "Reducción", str(body.get("article", ""))
    category = dict(Benefit.Category.choices).get(body.get("benefit", ""), "pronto pago")
    limit = f"primeros {body['cap'] // 1000} m³" if body.get("cap") and body.get("unit") == "m3" else ""
    detail = " · ".join(part for part in (limit, str(body.get("article", ""))) if part)
    return "beneficio", f"{tariffs.ppm_text(body.get('ppm', 0))} {category}", detail
