"""Notices of overdue debt: an invitation, a notification or a demand, with its debt period by period. Facts in, PDF out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from caudal.documents import figures, typesetting
from caudal.documents.layouts import Issuer, SheetDoesNotAddUp
from caudal.kernel.wording import month_name


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDebtText:
    """What is owed of one period (centavos); period 0 is what belongs to none."""

    period: int
    due_on: date
    water_cents: int
    sewerage_cents: int
    other_cents: int
    surcharge_cents: int
    cost_cents: int

    @property
    def total_cents(self) -> int:
        return (
            self.water_cents + self.sewerage_cents + self.other_cents + self.surcharge_cents + self.cost_cents
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSheet:
    """Everything that one notice says. `is_demand` dresses it as an act of authority, with its record of service.

    :raises SheetDoesNotAddUp: if its periods are not its total
    """

    issuer: Issuer
    folio: str
    title: str
    account_number: str
    holder_name: str
    service_address: str
    usage: str
    route: str
    walk_sequence: int
    issued_on: date
    text: str
    debts: tuple[NoticeDebtText, ...]
    total_cents: int
    term_days: int
    term_ends_on: date  # if it is served the day it was issued
    legal_basis: str
    warning: str
    cost_text: str
    is_demand: bool
    signed_by: str
    locality: str = ""

    def __post_init__(self) -> None:
        listed = sum(each.total_cents for each in self.debts)
        if listed != self.total_cents:
            raise SheetDoesNotAddUp(
                f"La notificación {self.folio} no cuadra: sus periodos suman {listed} centavos y dice "
                f"{self.total_cents}.",
                "No se imprime hasta corregirlo: revise la cuenta.", field="total_cents", value=self.folio,
            )  # fmt: skip


def notices_pdf(*, sheets: Sequence[NoticeSheet], accessible: bool = True) -> bytes:
    """One PDF with a notice after another, in the given order; each begins on a page of its own.

    :raises CannotReadLogo: if the utility's logo cannot be read
    """
    first, last = sheets[0], sheets[-1]
    issuers: dict[Issuer, int] = {}
    on = first.issued_on
    job = {
        "title": first.folio if first is last else f"Notificaciones {first.folio} a {last.folio}",
        "on": (on.year, on.month, on.day),
        "sheets": [_page(sheet, issuers.setdefault(sheet.issuer, len(issuers))) for sheet in sheets],
        "issuers": [typesetting.issuer_words(issuer=issuer) for issuer in issuers],
    }
    pdf = typesetting.typeset(template="notice.typ", job=job, on=on, accessible=accessible)
    if not accessible:
        typesetting.forget_layouts()
    return pdf


def _page(sheet: NoticeSheet, issuer: int) -> dict[str, Any]:
    names = ("water_cents", "sewerage_cents", "other_cents", "surcharge_cents", "cost_cents")
    sums = [sum(getattr(each, name) for each in sheet.debts) for name in names]
    # a column of nothing says nothing
    shown = [place for place, cents in enumerate(sums) if cents or place == 0]
    heads = ("Agua", "Drenaje y saneamiento", "Otros", "Recargos", "Multas y gastos")
    rows = [
        [_period(each), figures.short_date(each.due_on),
         *(_amount(getattr(each, names[place])) for place in shown), figures.pesos(each.total_cents)]
        for each in sheet.debts
    ]  # fmt: skip
    days = f"{sheet.term_days} días hábiles"
    return {
        "issuer": issuer,
        "folio": sheet.folio,
        "title": sheet.title,
        "account": figures.account_in_groups(sheet.account_number),
        "holder": sheet.holder_name,
        "address": sheet.service_address,
        "service": f"Uso {sheet.usage.lower()} · ruta {sheet.route}, lugar {sheet.walk_sequence}",
        "place": f"{sheet.locality}, a {figures.long_date(sheet.issued_on)}"
        if sheet.locality
        else figures.long_date(sheet.issued_on),
        "text": figures.tied(sheet.text),
        "total": figures.pesos(sheet.total_cents),
        "total_words": figures.pesos_in_words(sheet.total_cents),
        "as_of": f"al {figures.long_date(sheet.issued_on)}, con recargos a ese día",
        "term": days,
        "term_words": "desde que surta efectos la notificación, el día hábil siguiente a su entrega",
        "term_example": f"Si se entrega el {figures.short_date(sheet.issued_on)}, vence el "
        f"{figures.short_date(sheet.term_ends_on)}.",
        "heads": ["Periodo", "Venció", *(heads[place] for place in shown), "Total"],
        "rows": rows,
        "sums": [*(_amount(sums[place]) for place in shown), figures.pesos(sheet.total_cents)],
        "legal_basis": figures.tied(sheet.legal_basis),
        "warning": figures.tied(sheet.warning),
        "cost": figures.tied(sheet.cost_text),
        "is_demand": sheet.is_demand,
        "signed_by": sheet.signed_by,
        "where": sheet.issuer.address,
        "foot": f"{sheet.title} {sheet.folio} · cuenta {sheet.account_number}",
    }


def _period(debt: NoticeDebtText) -> str:
    return month_name(debt.period).capitalize() if debt.period else "Otros cargos"


def _amount(cents: int) -> str:
    return figures.pesos(cents) if cents else "—"
