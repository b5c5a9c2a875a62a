"""Everything that happened to an account, told as events, each with its paper."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from django.utils.timezone import localtime

from caudal.billing.models import Bill
from caudal.fees import queries as fees
from caudal.fees.models import CounterService
from caudal.frontdesk import links, references
from caudal.intake.models import LegacyPayment
from caudal.kernel.models import AuditEntry
from caudal.kernel.wording import month_name, pesos
from caudal.ledger import queries as ledger
from caudal.ledger.models import DocumentKind
from caudal.metering.models import Reading
from caudal.registry import queries as registry
from caudal.registry.models import Account


class Topic(StrEnum):
    """What an event is about; the value is the word in the address."""

    BILLS = "recibos"
    PAYMENTS = "pagos"
    READINGS = "lecturas"
    SERVICES = "tramites"
    STREET = "calle"
    REGISTRY = "padron"
    APPROVALS = "aprobaciones"


TOPIC_NAMES: Final = {
    Topic.BILLS: "Recibos",
    Topic.PAYMENTS: "Pagos",
    Topic.READINGS: "Lecturas",
    Topic.SERVICES: "Trámites",
    Topic.STREET: "Calle",
    Topic.REGISTRY: "Padrón",
    Topic.APPROVALS: "Aprobaciones y reimpresiones",
}
_ACTS: Final = {
    "approve": "Se aprobó",
    "deny_request": "No se aprobó",
    "ask_for_approval": "Se pidió aprobar",
    "cashier.reprint_receipt": "Se reimprimió",
}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: when, in words, who did it and why, and where its paper is."""

    on: date
    topic: Topic
    words: str
    by: str = ""
    why: str = ""
    href: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Sources:
    """What the rooms below know of an account. A page that shows a few events brings only the latest of each."""

    account: Account
    bills: Sequence[Bill] = ()
    movements: Sequence[ledger.Movement] = ()
    readings: Sequence[Reading] = ()
    services: Sequence[CounterService] = ()
    happenings: Sequence[registry.Happening] = ()
    legacy: Sequence[LegacyPayment] = ()
    audited: Sequence[AuditEntry] = field(default=())
    street: Sequence[Event] = ()
    # the day of the page: the end of a benefit is known long before it comes, and is told when it has come
    on: date = date.max


def events(*, sources: Sources) -> list[Event]:
    """All of it, the newest first."""
    tellers: tuple[Callable[[Sources], Iterable[Event]], ...] = (
        _bills, _money, _legacy, _readings, _services, _registry, _audited,
    )  # fmt: skip
    told = [event for teller in tellers for event in teller(sources)]
    told += sources.street
    return sorted(told, key=lambda event: event.on, reverse=True)


def _bills(sources: Sources) -> Iterable[Event]:
    for bill in sources.bills:
        revision = f", revisión {bill.revision}" if bill.revision > 1 else ""
        yield Event(
            bill.issued_on,
            Topic.BILLS,
            f"Recibo de {month_name(bill.period)}, {pesos(bill.total_cents)}{revision}",
            href=links.bill(
                period=bill.period, account_number=sources.account.number, revision=bill.revision
            ),
            link="ver",
        )


def _money(sources: Sources) -> Iterable[Event]:
    """Credits of the ledger: payments and their cancellations, canceled bills, adjustments."""
    for each in sources.movements:
        if each.credit_id is not None and (event := _credit(each, sources.account)):
            yield event


def _credit(credit: ledger.Movement, account: Account) -> Event | None:
    cents = pesos(-credit.amount_cents)
    if credit.kind == "payment":
        what = "Pago cancelado" if credit.reverses_id else "Pago"
        words = f"{what} {cents}, folio {credit.document}"
        href = links.receipt(folio=credit.document)
        return Event(credit.on, Topic.PAYMENTS, words, credit.by, credit.reason, href, "ver")
    if credit.kind == "bill_cancellation":
        return _canceled_document(credit, account, cents)
    what = credit.label.capitalize()
    return Event(credit.on, Topic.BILLS, f"{what} {cents}", credit.by, credit.reason)


def _canceled_document(credit: ledger.Movement, account: Account, cents: str) -> Event | None:
    """A canceled bill; a canceled counter service is told by itself, and installments by their arrangement."""
    what = references.of_cancellation(document=credit.document)
    if what is None:
        return Event(credit.on, Topic.BILLS, f"Cancelación {cents}", credit.by, credit.reason)
    if what.kind in (DocumentKind.FEE, DocumentKind.INSTALLMENT):
        return None
    href = links.bill(period=what.period, account_number=account.number, revision=what.sequence)
    words = f"Recibo de {month_name(what.period)} cancelado, {cents}"
    return Event(credit.on, Topic.BILLS, words, credit.by, credit.reason, href, "ver")


def _legacy(sources: Sources) -> Iterable[Event]:
    for past in sources.legacy:
        canceled = "cancelado " if past.is_canceled else ""
        till = f"caja {past.till}" if past.till else ""
        words = f"Pago {canceled}{pesos(past.amount_cents)} en el sistema anterior, folio {past.folio}"
        yield Event(past.paid_on, Topic.PAYMENTS, words, why=till)


def _readings(sources: Sources) -> Iterable[Event]:
    for reading in sources.readings:
        words = f"Lectura {reading.value:,}" if reading.value is not None else "No se pudo leer el medidor"
        revision = ", corregida" if reading.revision > 1 else ""
        kind = "" if reading.kind == Reading.Kind.REGULAR else f" {reading.get_kind_display()}"
        yield Event(
            reading.read_on, Topic.READINGS, f"{words}{kind}{revision}", reading.observer, reading.reason
        )


def _services(sources: Sources) -> Iterable[Event]:
    for service in sources.services:
        href = links.service(folio=service.folio)
        yield Event(
            service.asked_on, Topic.SERVICES, f"{service.name}, {pesos(service.total_cents)}, folio {service.folio}",
            service.asked_by, service.note, href, "ver",
        )  # fmt: skip
        if end := getattr(service, "end", None):
            words = f"Trámite {end.get_kind_display()}: {service.name}, folio {service.folio}"
            yield Event(end.on, Topic.SERVICES, words, end.by, end.note, href, "ver")


def _registry(sources: Sources) -> Iterable[Event]:
    for each in sources.happenings:
        yield Event(each.on, Topic.REGISTRY, f"{each.what}: {each.detail}", each.by, each.reason)
        # the end of a holder or of terms is the beginning of the next: only what stops tells its end
        has_stopped = each.what == "Suspensión" or (
            each.what == "Beneficio" and each.until and each.until <= sources.on
        )
        if each.until and has_stopped:
            yield Event(each.until, Topic.REGISTRY, f"Fin de {each.what.lower()}: {each.detail}")


def _audited(sources: Sources) -> Iterable[Event]:
    for entry in sources.audited:
        if what := _ACTS.get(entry.act):
            is_receipt = entry.object_kind == "receipt"
            of = f" el comprobante {entry.object_id}" if is_receipt else ""
            href = links.receipt(folio=entry.object_id) if is_receipt else ""
            yield Event(
                localtime(entry.at).date(),
                Topic.APPROVALS,
                f"{what}{of}",
                entry.by,
                entry.reason,
                href,
                "ver" if href else "",
            )


def services_of(*, account_id: int, limit: int | None = None) -> list[CounterService]:
    """The counter services of an account, the newest first."""
    return list(fees.services_of(account_id=account_id)[:limit])


def audited(*, account: Account, movements: Sequence[ledger.Movement]) -> list[AuditEntry]:
    """What was approved, refused or printed again of an account and its receipts."""
    folios = [each.document for each in movements if each.kind == "payment"]
    of_receipts = AuditEntry.objects.filter(object_kind="receipt", object_id__in=folios, act__in=_ACTS)
    of_account = AuditEntry.objects.filter(object_kind="account", object_id=account.number, act__in=_ACTS)
    return list(of_receipts.union(of_account))
