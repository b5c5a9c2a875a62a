"""The window as its template wants it: the account on the left, the money on the right, the drawer around them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from django.utils.safestring import SafeString
from django.utils.timezone import localdate, localtime

from caudal.access.models import Clerk
from caudal.cashier import printing
from caudal.cashier import queries as cashier
from caudal.cashier.models import TenderKind, TillSession
from caudal.cashier.models.receipts import folio_text
from caudal.documents import figures
from caudal.frontdesk import pages as standing
from caudal.kernel.models import FolioSeries
from caudal.kernel.pills import Pill
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import in_reading_case, month_name, pesos, short_date
from caudal.metering import queries as metering
from caudal.quotes.queries import MonthsAhead
from caudal.registry import queries as registry
from caudal.registry.models import Account, ServicePoint
from caudal.rules.periods import Period
from caudal.window import bars, debts, offers, policy, queries
from caudal.window.models import WindowDraft
from caudal.window.policy import InHand

# refusals that are not about a box: they are told above all of them
GENERAL: Final = (None, "session", "account", "tender", "amount", "given", "reference", "number", "months")
# so many periods are told one by one where an amount goes
SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Panel:
    """One account in full: who, where, how much of what (centavos)."""

    number: str
    number_text: str
    holder: str
    place: str
    service: str
    pills: tuple[Pill, ...]
    bars: SafeString
    bars_note: str
    lines: tuple[debts.Line, ...]
    n_periods: int
    owed_cents: int
    reduced_cents: int
    last_payment: str
    density: str


@dataclass(frozen=True, slots=True)
class Row:
    """One account of several in a payment: what it owes and what was typed for it."""

    number: str
    number_text: str
    holder: str
    place: str
    periods: str
    owed_cents: int
    amount: str


@dataclass(frozen=True, slots=True)
class Drawer:
    """The till at which the clerk sits; without a session, nothing can be charged."""

    session: TillSession | None
    till: str = ""
    since: str = ""
    n_receipts: int = 0
    next_folio: str = ""
    printer: str = ""
    has_printer: bool = False
    printer_problem: str = ""
    is_old: bool = False
    asks_withdrawal: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it takes payments: open, and of today."""
        return self.session is not None and self.session.state == TillSession.State.OPEN and not self.is_old


@dataclass(frozen=True, slots=True)
class Money:
    """The right side (centavos): what is owed and charged, the boxes as they were typed, what comes of them."""

    key: str
    title: str
    total_cents: int
    due_cents: int
    change_cents: int
    boxes: tuple[dict[str, Any], ...]
    cash: str
    months: str
    is_ready: bool
    has_others: bool
    applied: tuple[str, ...]


def context(
    *, clerk: Clerk, draft: WindowDraft | None, at: datetime, refusal: Refusal | None = None
) -> dict[str, Any]:
    """Everything the template asks for."""
    on = localdate(at)
    hand = policy.in_hand(body=draft.body) if draft else InHand()
    dues, refusal = _dues(hand, at, refusal)
    drawer = drawer_of(clerk=clerk, at=at)
    money = _money(draft, hand, dues, at) if draft and hand.parts else None
    only = hand.parts[0].number if len(hand.parts) == 1 else ""
    return {
        "hand": hand,
        "panel": panel(number=only, dues=dues, on=on) if only else None,
        "rows": _rows(hand, dues, on) if len(hand.parts) > 1 else [],
        "money": money,
        "drawer": drawer,
        "charged": _charged(draft) if draft and not hand.parts else None,
        "last_folio": draft.last.get("receipt_folio", "") if draft else "",
        "offers": offers.offers(hand=hand, dues=dues, on=on),
        "refusal": refusal,
        "is_general": refusal is not None and refusal.field in GENERAL,
        "others_open": _others_open(money, refusal),
        "focus": _focus(hand, money, drawer, refusal),
        "at": at,
    }


def _dues(hand: InHand, at: datetime, refusal: Refusal | None) -> tuple[queries.Dues, Refusal | None]:
    """What is due; if months ahead cannot be priced, what is owed and the reason."""
    try:
        return queries.dues(hand=hand, at=at), refusal
    except Refusal as unpriced:
        without = replace(hand, parts=tuple(replace(part, months="") for part in hand.parts))
        return queries.dues(hand=without, at=at), refusal or unpriced


def drawer_of(*, clerk: Clerk, at: datetime) -> Drawer:
    """The session of a clerk, its next folio and its printer."""
    session = cashier.live_session(cashier=clerk.username)
    if session is None:
        return Drawer(None)
    series = FolioSeries.objects.filter(code=session.till.series_id).first()
    printer = printing.state(session.till)
    return Drawer(
        session=session,
        till=session.till.name,
        since=f"{localtime(session.opened_at):%H:%M}",
        n_receipts=session.receipts.filter(reverses__isnull=True).count(),
        next_folio=folio_text(
            series=session.till.series_id, number=(series.last_number if series else 0) + 1
        ),
        printer="Impresora lista" if printer.has_printer else "Sin impresora",
        has_printer=printer.has_printer,
        printer_problem="" if printer.is_well else printer.words,
        is_old=session.business_on != localdate(at),
        asks_withdrawal=cashier.asks_withdrawal(session=session),
    )


def panel(*, number: str, dues: queries.Dues, on: date) -> Panel:
    """One account as the left side shows it."""
    statement = dues.statements[number]
    account = Account.objects.get(number=number)
    card = registry.account_card(account=account, on=on)
    point = ServicePoint.objects.get(pk=card.service_point_id) if card.service_point_id else None
    history = (
        metering.recent_consumption(service_point_id=point.pk, until=int(Period.of(on)), months=bars.BARS)
        if point and card.is_metered
        else []
    )
    meter = metering.current_meter(service_point=point, on=on) if point and card.is_metered else None
    lines = debts.lines(statement=statement, history=history, relief=dues.relief.get(number))
    lines += debts.ahead_lines(ahead=dues.ahead.get(number))
    service = [
        card.tariff_class_name,
        f"medido {meter.serial}" if meter else "medido" if card.is_metered else "cuota fija",
        f"ruta {card.route}-{card.walk_sequence:04d}" if card.route else "",
    ]
    return Panel(
        number=card.number,
        number_text=figures.account_in_groups(card.number),
        holder=in_reading_case(card.holder),
        place=in_reading_case(card.place),
        service=" · ".join(part for part in service if part),
        pills=tuple(standing.pills(card=card, statement=statement, is_brief=True)),
        bars=bars.small_bars(history=history),
        bars_note=bars.told(history=history),
        lines=tuple(lines),
        n_periods=sum(1 for each in statement.due_periods if each.total_cents),
        owed_cents=dues.owed[number],
        reduced_cents=-sum(line.total_cents for line in lines if line.kind == "reduction"),
        last_payment=_last_payment(account),
        density=debts.density(n=len(lines)),
    )


def _last_payment(account: Account) -> str:
    """`31 ene 2019, $100.00, folio A-000002`; of the old system if this one has not received any."""
    if payment := cashier.last_standing_payment(account_id=account.pk):
        receipt = payment.receipt
        return f"{short_date(receipt.business_on)}, {pesos(payment.amount_cents)}, folio {receipt.folio}"
    past = account.legacy_payments.filter(is_canceled=False).order_by("-paid_on").first()
    return f"{short_date(past.paid_on)}, {pesos(past.amount_cents)}, sistema anterior" if past else "ninguno"


def _rows(hand: InHand, dues: queries.Dues, on: date) -> list[Row]:
    accounts = {each.number: each for each in Account.objects.filter(number__in=hand.numbers)}
    rows = []
    for part in hand.parts:
        card = registry.account_card(account=accounts[part.number], on=on)
        periods = [int(each.period) for each in dues.statements[part.number].due_periods if each.total_cents]
        named = month_name(periods[0]) if len(periods) == 1 and periods[0] else f"{len(periods)} periodos"
        rows.append(
            Row(
                number=part.number,
                number_text=figures.account_in_groups(part.number),
                holder=in_reading_case(card.holder),
                place=in_reading_case(card.place),
                periods=named if periods else "al corriente",
                owed_cents=dues.owed[part.number],
                amount=part.amount,
            )
        )
    return rows


def _money(draft: WindowDraft, hand: InHand, dues: queries.Dues, at: datetime) -> Money:
    try:
        settled = policy.settle(hand=hand, due=dues.due)
        total, change = settled.total_cents, settled.change_cents
    except policy.CannotSettle:
        settled, change = None, 0
        total = sum(_typed_or_owed(part.amount, dues.due[part.number]) for part in hand.parts)
    return Money(
        key=str(draft.key),
        title=_title(hand, dues),
        total_cents=total,
        due_cents=sum(dues.due.values()),
        change_cents=change,
        boxes=tuple(_box(kind, hand) for kind in policy.OTHERS),
        cash=hand.cash,
        months=hand.parts[0].months,
        is_ready=hand.is_ready and settled is not None,
        has_others=any(each.amount or each.reference for each in hand.others.values()),
        applied=_applied(settled, dues, at) if settled and hand.is_special else (),
    )


def _title(hand: InHand, dues: queries.Dues) -> str:
    """`Total a pagar, 4 periodos`, `…, 2 cuentas, 5 periodos`, or `Se cobra de $146.17 que debe`."""
    owed = sum(dues.owed.values())
    if any(part.amount for part in hand.parts):
        return f"Se cobra, de {pesos(owed)} que debe"
    n, months = len(hand.parts), sum(len(each.months) for each in dues.ahead.values())
    periods = sum(1 for each in dues.statements.values() for period in each.due_periods if period.total_cents)
    words = [
        f"{n} cuentas" if n > 1 else "",
        f"{periods} {'periodo' if periods == 1 else 'periodos'}" if periods or not months else "",
        f"{months} {'mes' if months == 1 else 'meses'} por adelantado" if months else "",
    ]
    return f"Total a pagar, {', '.join(word for word in words if word)}"


def _applied(settled: policy.Settlement, dues: queries.Dues, at: datetime) -> tuple[str, ...]:
    told = [
        _told(each, dues.ahead.get(str(each["account"])))
        for each in queries.applied(amounts=settled.amounts, at=at)
    ]
    return tuple(told)


def _typed_or_owed(text: str, owed_cents: int) -> int:
    return (cashier.parse_pesos(text) or 0) if text.strip() else owed_cents


def _box(kind: str, hand: InHand) -> dict[str, Any]:
    typed = hand.others.get(kind, policy.Other())
    name = {"card": "Tarjeta", "transfer": "Transferencia", "check": "Cheque"}[kind]
    asked = {"card": "Autorización", "transfer": "Clave de rastreo", "check": "Número"}[kind]
    return {"kind": kind, "name": name, "asked": asked, "amount": typed.amount, "reference": typed.reference}


def _told(applied: Mapping[str, Any], ahead: MonthsAhead | None) -> str:
    """`010293: noviembre 2018 $37.08, diciembre 2018 $12.92. Queda debiendo $96.17.`, the oldest first."""
    by_period: dict[int, int] = {}
    for share in applied["allocations"]:
        by_period[share["period"]] = by_period.get(share["period"], 0) + share["amount_cents"]
    words = [
        f"{month_name(period) if period else 'otros cargos'} {pesos(cents)}"
        for period, cents in sorted(by_period.items())
    ]
    if len(words) > SHOWN:
        rest = sum(cents for _, cents in sorted(by_period.items())[SHOWN - 1 :])
        words = [*words[: SHOWN - 1], f"{len(words) - SHOWN + 1} periodos más {pesos(rest)}"]
    if ahead:
        span = f"{month_name(ahead.months[0][0])} a {month_name(ahead.months[-1][0])}"
        span = month_name(ahead.months[0][0]) if len(ahead.months) == 1 else span
        words.append(f"por adelantado {span} {pesos(ahead.months_cents)}{_taken_off(ahead)}")
    elif applied["unallocated_cents"]:
        words.append(f"queda a favor {pesos(applied['unallocated_cents'])}")
    left = applied["balance_cents"]
    end = f"Queda debiendo {pesos(left)}." if left > 0 else "No queda debiendo nada."
    return f"{applied['account']}: {', '.join(words)}. {end}"


def _taken_off(ahead: MonthsAhead) -> str:
    """` (precio completo $1,623.60, menos $243.60 por Pronto pago 15 %)`, where something is taken off."""
    parts = [
        f"menos {pesos(cents)} por {name}"
        for cents, name in (
            (ahead.benefit_cents, f"beneficio de {ahead.benefit_name.lower()}"),
            (ahead.reduction_cents, ahead.campaign_name),
        )
        if cents
    ]
    return f" (precio completo {pesos(ahead.full_cents)}, {', '.join(parts)})" if parts else ""


def _others_open(money: Money | None, refusal: Refusal | None) -> bool:
    """Whether the boxes of other tenders are in sight: something is typed in them, or wrong."""
    is_wrong = refusal is not None and str(refusal.field).removesuffix("_reference") in policy.OTHERS
    return is_wrong or (money is not None and money.has_others)


def _charged(draft: WindowDraft) -> dict[str, Any] | None:
    if not draft.last:
        return None
    names = dict(TenderKind.choices)
    return {
        "folio": draft.last["receipt_folio"],
        "total_cents": draft.last["total_cents"],
        "change_cents": draft.last["change_cents"],
        "accounts": ", ".join(each["account"] for each in draft.last["payments"]),
        "tenders": " y ".join(names.get(each["kind"], each["kind"]) for each in draft.last["tenders"]),
        "left_cents": sum(max(each["balance_cents"], 0) for each in draft.last["payments"]),
    }


def _focus(hand: InHand, money: Money | None, drawer: Drawer, refusal: Refusal | None) -> str:
    """The `id` of what must have the focus: what is wrong, or the next thing to do."""
    if refusal is not None and refusal.field not in GENERAL:
        return {"text": "search", "charge": "charge-now"}.get(str(refusal.field), str(refusal.field))
    if money is None or hand.is_adding:
        return "search"
    return "charge-now" if money.is_ready and drawer.is_open else "cash"
