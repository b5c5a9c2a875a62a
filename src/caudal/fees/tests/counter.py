"""What a story at the counter says again and again: ask, owe, pay, deliver."""

from datetime import date
from typing import Any
from uuid import uuid4

from tests.town import counter
from tests.town.cast import moment

from caudal.fees import commands as fees
from caudal.fees.models import CounterService, CounterServiceEnd
from caudal.kernel.models import AuditEntry, Folio
from caudal.ledger import catalog
from caudal.ledger import commands as ledger
from caudal.ledger.models import Charge, DocumentKind
from caudal.registry.models import Account

TODAY = date(2019, 1, 31)
DEED = fees.NewHolder(
    full_name="Ana Ortega Núñez", phone="392 100 2233", documents="Escritura 4,471, notaría 2"
)


def ask(
    account: Account, code: str, *, on: date = TODAY, by: str = "veronica", **said: Any
) -> CounterService:
    """Verónica takes the request at 9:00."""
    return fees.ask_service(
        account=account, code=code, on=on, at=moment(on, 9), by=by, **{"key": uuid4(), **said}
    )


def owe(account: Account, cents: int, *, period: int = 201812, due_on: date = date(2019, 1, 13)) -> None:
    """A bill for water, as if a run had issued it."""
    ledger.post_charges(
        account=account, lines=[ledger.ChargeLine(catalog.WATER, cents)], document_kind=DocumentKind.BILL,
        due_on=due_on, on=date(2018, 12, 29), at=moment(date(2018, 12, 29)), by="laura", period=period,
    )  # fmt: skip


def pay(service: CounterService, *, on: date = TODAY) -> dict[str, Any]:
    """All of it, in cash, at 11:00."""
    return counter.pay(service.account, service.total_cents, on=on)


def deliver(
    service: CounterService, *, on: date = TODAY, by: str = "marta", note: str = ""
) -> CounterServiceEnd:
    """Marta hands it over at noon."""
    return fees.deliver_service(service=service, on=on, at=moment(on, 12), by=by, note=note)


def cancel(
    service: CounterService, *, reason: str = "Ya no lo quiere", on: date = TODAY
) -> CounterServiceEnd:
    return fees.cancel_service(service=service, reason=reason, on=on, at=moment(on, 12), by="veronica")


def written() -> tuple[int, ...]:
    """How much there is of everything that an act may leave: to see that a refused one left nothing."""
    return (
        CounterService.objects.count(), CounterServiceEnd.objects.count(), Charge.objects.count(),
        Folio.objects.count(), AuditEntry.objects.count(),
    )  # fmt: skip
