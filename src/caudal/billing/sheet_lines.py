"""The lines of a printed bill: one per concept with its arithmetic, reductions by name, VAT apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from caudal.documents import figures
from caudal.documents.layouts import BillLineText, TierText
from caudal.ledger.models import Charge, Concept, DocumentKind, PeriodBalance
from caudal.tariffs import queries as tariffs
from caudal.tariffs.models import TariffBook

VOLUME_UNIT_THOUSANDTHS = 1000


def bill_lines(
    *, charges: Sequence[Charge], concepts: dict[int, Concept], workings: dict[int, dict[str, Any]]
) -> tuple[BillLineText, ...]:
    """The lines of a bill in the order of its charges; they add up to its total, VAT included."""
    of_month = [charge for charge in charges if charge.document_kind == DocumentKind.BILL]
    regularized = [charge for charge in charges if charge.document_kind == DocumentKind.REGULARIZATION]
    lines = [
        _line(list(group), concepts[concept].name, workings)
        for concept, group in groupby(of_month, key=lambda charge: charge.concept_id)
    ]
    if regularized:
        lines.append(_regularization(regularized, workings))
    if vat := sum(charge.vat_cents for charge in of_month):
        base = sum(charge.amount_cents for charge in of_month if charge.vat_cents)
        lines.append(BillLineText(concept="IVA", amount_cents=vat, working=f"sobre {figures.pesos(base)}"))
    return tuple(lines)


def _line(charges: list[Charge], name: str, workings: dict[int, dict[str, Any]]) -> BillLineText:
    """One concept. A reduction of several concepts is one line: the same rate on the sum of what it reaches."""
    bodies = [workings[charge.working_id] for charge in charges if charge.working_id in workings]
    amount = sum(charge.amount_cents for charge in charges)
    if not bodies:
        return BillLineText(concept=name, amount_cents=amount)
    body = (
        bodies[0] | {"of": [each for one in bodies for each in one["of"]]} if "of" in bodies[0] else bodies[0]
    )
    base = sum(charge.base_cents for charge in charges)
    text = tariffs.working_text(body=body, base_cents=base if "of" in body else None)
    return BillLineText(concept=name, amount_cents=amount, working=text, article=body.get("article", ""))


def _regularization(charges: list[Charge], workings: dict[int, dict[str, Any]]) -> BillLineText:
    """All that re-rated periods charged or credited, VAT included, as one line that names them."""
    # the concepts of a bill were re-rated over the same periods: each is told once
    periods = {
        each["period"]: each
        for charge in charges
        for each in workings.get(charge.working_id, {}).get("periods", ())
    }
    body = {"kind": "regularization", "periods": [periods[period] for period in sorted(periods)]}
    return BillLineText(
        concept="Regularización de periodos estimados",
        amount_cents=sum(charge.amount_cents + charge.vat_cents for charge in charges),
        working=tariffs.working_text(body=body),
    )


def water_working(*, charges: Sequence[Charge], workings: dict[int, dict[str, Any]]) -> dict[str, Any] | None:
    """The working that names the price list of a bill; none if no water was charged."""
    bodies = (workings.get(charge.working_id, {}) for charge in charges)
    return next((body for body in bodies if "schedule" in body), None)


def debt_periods(*, balances: Sequence[PeriodBalance]) -> str:
    """`nov 2018`, or `3 periodos, de oct a dic 2018`."""
    months = [int(balance.period) for balance in balances if balance.period]
    if not months:
        return ""
    if len(months) == 1:
        return _short(months[0])
    return f"{len(months)} periodos, de {_short(months[0])} a {_short(months[-1])}"


def _short(period: int) -> str:
    return f"{figures.MONTHS_SHORT[period % 100 - 1]} {period // 100}"


@dataclass(frozen=True, slots=True)
class TariffText:
    """What a bill says of the price list it was rated by."""

    name: str = ""
    article: str = ""
    tiers: tuple[TierText, ...] = ()


class Tariffs:
    """Price lists by book and code, each looked up once."""

    def __init__(self) -> None:
        self.books: dict[str, TariffBook] = {}
        self.known: dict[tuple[str, str], TariffText] = {}

    def of(self, working: dict[str, Any] | None) -> TariffText:
        """The price list behind a water working."""
        if working is None:
            return TariffText()
        key = working["book"], working["schedule"]
        if key not in self.known:
            self.known[key] = self._read(*key)
        return self.known[key]

    def _read(self, book_code: str, code: str) -> TariffText:
        if book_code not in self.books:
            self.books[book_code] = tariffs.book_by_code(code=book_code)
        row = next(each for each in self.books[book_code].document["schedules"] if each["code"] == code)
        return TariffText(name=row.get("name", code), article=row["article"], tiers=_tiers(row))


def _tiers(row: dict[str, Any]) -> tuple[TierText, ...]:
    """The base charge and what it covers, then each tier; none where the price is flat."""
    if row["regime"] == "flat":
        return ()
    allowance = row.get("allowance", 0) // VOLUME_UNIT_THOUSANDTHS
    texts = []
    if row.get("fixed") and allowance:
        texts.append(TierText(from_m3=0, to_m3=allowance, fixed_cents=row["fixed"] // 100))
    start = allowance
    for tier in row.get("tiers", ()):
        limit = tier.get("up_to")
        stop = None if limit is None else limit // VOLUME_UNIT_THOUSANDTHS
        if stop is None or stop > allowance:
            texts.append(TierText(from_m3=start + 1, to_m3=stop, unit_price_ten_thousandths=tier["price"]))
            start = stop or start
    return tuple(texts)
