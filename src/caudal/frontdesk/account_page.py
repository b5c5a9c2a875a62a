"""The account page: one account seen from every room, ready for its template."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from caudal.billing import queries as billing
from caudal.billing.models import Bill
from caudal.campaigns import queries as campaigns
from caudal.documents.figures import account_in_groups
from caudal.frontdesk import figures, pages, street, timeline
from caudal.frontdesk.period_rows import bill_folio, period_rows
from caudal.kernel import menu
from caudal.kernel.wording import in_reading_case, month_span, pesos, short_date
from caudal.ledger import queries as ledger
from caudal.metering import queries as metering
from caudal.metering.pages import consumption_bars
from caudal.registry import queries as registry
from caudal.registry.models import Account, ServicePoint
from caudal.rules.periods import Period
from caudal.tariffs import queries as tariffs

MONTHS_SHOWN: Final = 13
EVENTS_SHOWN: Final = 14


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str


def context(*, account: Account, on: date, acts: frozenset[str]) -> dict[str, Any]:
    """Everything the template asks for; `acts` is what whoever looks may do."""
    # the card and the timeline are told from the same rows of the registry
    past = registry.past_of(account=account)
    card = registry.account_card(account=account, on=on, past=past)
    statement = ledger.statement(
        account_id=account.pk, on=on, terms=tariffs.terms(book=tariffs.book_in_force(on=on))
    )
    bills = list(billing.bills_of(account_id=account.pk)[:MONTHS_SHOWN])
    # the rooms below ask a point only for its id
    point = ServicePoint(pk=card.service_point_id) if card.service_point_id else None
    history = _history(point, on)
    movements = ledger.movements(account_id=account.pk)
    legacy = list(account.legacy_payments.order_by("-paid_on", "-id")[:EVENTS_SHOWN])
    rows = period_rows(
        account_number=account.number,
        statement=statement,
        movements=movements,
        bills=bills,
        most=MONTHS_SHOWN,
    )
    return {
        "card": _Card(card),
        "actions": menu.actions_on(number=account.number, acts=acts),
        "seldom": menu.actions_on(number=account.number, acts=acts, is_seldom=True),
        "pills": pages.pills(card=card, statement=statement),
        "owed": _Owed(statement),
        "debt_note": figures.debt_note(statement=statement),
        "usage": figures.usage(history=history, is_metered=card.is_metered),
        "last_payment": figures.last_payment(account_id=account.pk, legacy=legacy),
        "meter": figures.meter(point=point, history=history, on=on),
        "chart": consumption_bars(history=history, last=Period(history[-1].period)) if history else "",
        "chart_note": "m³; punteada: estimada" if history else "",
        "has_history": bool(history),
        "bars_shown": MONTHS_SHOWN,
        "periods": rows,
        "periods_note": f"{len(rows)} {'periodo' if len(rows) == 1 else 'periodos'}",
        "latest_bill": _LatestBill(bills[0], account) if bills else None,
        "timeline": timeline.events(
            sources=timeline.Sources(
                account=account,
                bills=bills,
                movements=movements,
                readings=metering.readings(service_point=point, limit=EVENTS_SHOWN) if point else (),
                services=timeline.services_of(account_id=account.pk, limit=EVENTS_SHOWN),
                happenings=registry.history(account=account, past=past),
                legacy=legacy,
                street=street.events(account=account, bills=bills, acts=acts, limit=EVENTS_SHOWN),
                on=on,
            )
        )[:EVENTS_SHOWN],
        "facts": [*_facts(card), *_months_ahead(account, statement)],
    }


class _Card:
    """The card of the registry, with the regime in words and the number as it is read aloud."""

    def __init__(self, card: registry.AccountCard) -> None:
        self.number, self.holder = card.number, in_reading_case(card.holder)
        self.groups = number_groups(number=card.number)
        self.tariff_class_name = card.tariff_class_name
        self.is_metered = card.is_metered
        self.regime = "medido" if card.is_metered else "cuota fija"


class _Owed:
    def __init__(self, statement: ledger.AccountStatement) -> None:
        self.total_cents = statement.total_cents
        self.credit_cents = statement.credit_balance_cents


class _LatestBill:
    def __init__(self, bill: Bill, account: Account) -> None:
        self.period = bill.period
        self.folio = bill_folio(bill=bill, account_number=account.number)


def number_groups(*, number: str) -> list[str]:
    """`010293` as 010 and 293: set apart by the page, so that copying the number copies no space."""
    return account_in_groups(number).split("\N{NO-BREAK SPACE}")


def _history(point: ServicePoint | None, on: date) -> list[metering.PeriodConsumption]:
    if point is None:
        return []
    return metering.recent_consumption(
        service_point_id=point.pk, until=int(Period.of(on)), months=MONTHS_SHOWN
    )


def _facts(card: registry.AccountCard) -> list[Fact]:
    facts = [
        Fact("Domicilio", in_reading_case(card.place)),
        Fact("Ruta", f"{card.route}-{card.walk_sequence:04d}, ciclo {card.cycle}" if card.route else ""),
        Fact("Tarifa", f"{card.tariff_class} · {card.tariff_class_name}"),
        Fact("Diámetro", f"{card.diameter_mm} mm" if card.diameter_mm else ""),
        Fact("Drenaje", "sí" if card.has_sewerage else "no"),
        Fact("Superficie", f"{card.lot_area_m2:,} m²" if card.lot_area_m2 else ""),
        Fact("Teléfono", card.phone),
        Fact("RFC", card.rfc),
        Fact("Cuenta desde", (short_date(card.opened_on))),
    ]
    return [fact for fact in facts if fact.value]


def _months_ahead(account: Account, statement: ledger.AccountStatement) -> list[Fact]:
    """`11 por usar, febrero a diciembre 2019, $1,265.00`; nothing if none waits for its bill."""
    # their money is in favor until their bills come
    if not statement.credit_balance_cents:
        return []
    left = [row.month for row in campaigns.prepaid_rows(account_id=account.pk) if row.is_waiting]
    if not left:
        return []
    span = month_span(int(left[0].period), int(left[-1].period))
    cents = sum(month.paid_cents for month in left)
    return [Fact("Meses adelantados", f"{len(left)} por usar, {span}, {pesos(cents)}")]
