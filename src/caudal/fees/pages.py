"""Rows for the pages of counter services."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from caudal.access import queries as people
from caudal.fees import policy, queries
from caudal.fees.models import CounterService
from caudal.fees.policy import State
from caudal.kernel.wording import in_reading_case, pesos, short_date
from caudal.tariffs.queries import Fee

_PILLS: Final = {
    State.ASKED: ("watch", "clock"),
    State.PAID: ("good", "cash"),
    State.DELIVERED: ("good", "circle-check"),
    State.CANCELED: ("", "ban"),
}


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A service as lists and its own page show it."""

    folio: str
    name: str
    account: str
    asked_for: str
    asked_on: date
    asked_at: datetime
    asked_by: str
    place: str
    note: str
    article: str
    amount_cents: int
    vat_cents: int
    total_cents: int
    open_cents: int
    state: str
    pill: str
    icon: str
    end_words: str
    end_note: str
    certificate: str
    valid_until: date | None
    prints: int

    @property
    def is_live(self) -> bool:
        return self.state in (State.ASKED, State.PAID)

    @property
    def is_paid(self) -> bool:
        return self.state == State.PAID


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A service that can be asked for, with its price."""

    code: str
    name: str
    article: str
    amount_cents: int
    vat_cents: int
    total_cents: int


def price_rows(*, fees: Sequence[Fee]) -> list[PriceRow]:
    """The services of the book, in its order."""
    return [
        PriceRow(each.code, each.name, each.article, each.amount_cents, each.vat_cents, each.total_cents)
        for each in fees
    ]


def service_rows(*, services: Sequence[CounterService]) -> list[ServiceRow]:
    """Services with how far each is; three statements, however many they are."""
    states, left = queries.states_of(services=services), queries.open_cents_of(services=services)
    ends = [each.end.by for each in services if hasattr(each, "end")]
    names = people.names_of(usernames={*(each.asked_by for each in services), *ends})
    return [_row(each, states[each.pk], left[each.pk], names) for each in services]


def _row(service: CounterService, state: State, open_cents: int, names: dict[str, str]) -> ServiceRow:
    end = getattr(service, "end", None)
    certificate = getattr(service, "certificate", None)
    pill, icon = _PILLS[state]
    return ServiceRow(
        folio=service.folio,
        name=service.name,
        account=service.account.number,
        asked_for=in_reading_case(service.asked_for),
        asked_on=service.asked_on,
        asked_at=service.asked_at,
        asked_by=names.get(service.asked_by, service.asked_by),
        place=service.place,
        note=service.note,
        article=service.article,
        amount_cents=service.amount_cents,
        vat_cents=service.vat_cents,
        total_cents=service.total_cents,
        open_cents=open_cents,
        state=state.value,
        pill=pill,
        icon=icon,
        end_words=f"{end.get_kind_display()} el {short_date(end.on)} por {names.get(end.by, end.by)}"
        if end
        else "",
        end_note=end.note if end else "",
        certificate=certificate.folio if certificate else "",
        valid_until=certificate.valid_until if certificate else None,
        prints=certificate.prints.count() if certificate else 0,
    )


def day_note(*, rows: Sequence[ServiceRow]) -> str:
    """`3 trámites, $688.80; 1 por pagar`."""
    if not rows:
        return "ninguno"
    waiting = sum(1 for row in rows if row.state == State.ASKED)
    total = pesos(sum(row.total_cents for row in rows if row.state != State.CANCELED))
    said = f"{len(rows)} {'trámite' if len(rows) == 1 else 'trámites'}, {total}"
    return f"{said}; {waiting} por pagar" if waiting else said


def delivery_words(*, service: CounterService) -> tuple[str, str]:
    """The button that delivers a service, and what it does."""
    kind = service.concept.code
    if kind == policy.HOLDER_CHANGE:
        name = service.new_holder.get("full_name", "")
        return "Cambiar titular y entregar", f"La cuenta pasa desde hoy a nombre de {name}."
    if kind == policy.CERTIFICATE:
        return "Expedir constancia", "Se comprueba que no deba nada y se expide con su folio."
    if kind == policy.RECONNECTION:
        return (
            "Registrar reconexión hecha",
            "Si la toma estaba suspendida, vuelve a tener servicio desde hoy.",
        )
    return "Marcar como entregado", "Diga qué se hizo o quién lo recibió."
