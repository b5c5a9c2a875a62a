"""What a story about agreements says again and again: owe, sign, pay, how it stands."""

from datetime import date, datetime
from typing import Any
from uuid import uuid4

from tests.town import counter
from tests.town.cast import ZONE, moment

from caudal.arrangements import commands as arrangements
from caudal.arrangements import queries
from caudal.arrangements.models import ArrangementEnd, Installment, PaymentArrangement
from caudal.arrangements.policy import Terms
from caudal.campaigns.models import Campaign
from caudal.kernel.models import AuditEntry, Folio
from caudal.ledger import catalog
from caudal.ledger import commands as ledger
from caudal.ledger import queries as positions
from caudal.ledger.models import Charge, Credit, DocumentKind, JournalLine
from caudal.registry.models import Account
from caudal.tariffs import queries as tariffs

SIGNED = date(2019, 4, 20)
TERMS = Terms(down_cents=64_00, count=4, first_due_on=date(2019, 5, 20))
HOLDER = arrangements.Signer(name="Jesús Ramírez Ochoa", document="INE 0455")


def owe(account: Account, cents: int, *, period: int, due_on: date, concept: int = catalog.WATER) -> None:
    """A bill of one concept, as if a run had issued it at the end of its month."""
    on = date(period // 100, period % 100, 28)
    ledger.post_charges(
        account=account, lines=[ledger.ChargeLine(concept, cents)], document_kind=DocumentKind.BILL, due_on=due_on,
        on=on, at=moment(on), by="laura", period=period,
    )  # fmt: skip


def sign(account: Account, terms: Terms = TERMS, *, on: date = SIGNED, **said: Any) -> PaymentArrangement:
    """Verónica signs it at 10:00."""
    return arrangements.sign_arrangement(
        account=account, terms=terms, on=on,
        **{"at": moment(on), "signer": HOLDER, "by": "veronica", "key": uuid4(), **said},
    )  # fmt: skip


def approve(account: Account, terms: Terms, *, on: date = SIGNED, by: str = "veronica") -> Any:
    """Engineer Salas says yes to these terms from his desk at 9:00."""
    return counter.approve(
        "arrangements.approve", "account", account.number, on=on, by=by, after=terms.as_dict(), hour=9
    )


def pay(account: Account, cents: int, *, on: date) -> dict[str, Any]:
    return counter.pay(account, cents, on=on)


def default(
    arrangement: PaymentArrangement, *, on: date, reason: str = "No ha venido a pagar"
) -> ArrangementEnd:
    return arrangements.default_arrangement(
        arrangement=arrangement, reason=reason, on=on, at=moment(on, 18), by="salas"
    )


def owed(account: Account, *, on: date) -> int:
    """Everything an account would pay on a day to owe nothing (centavos)."""
    terms = tariffs.terms_on(on=on)
    return positions.statement(account_id=account.pk, on=on, terms=terms).total_cents


def owed_by_period(account: Account, *, on: date) -> dict[int, tuple[int, int, int]]:
    """Principal, accessories charged and surcharge to the day of each period (centavos)."""
    found = positions.statement(account_id=account.pk, on=on, terms=tariffs.terms_on(on=on))
    sums: dict[int, tuple[int, int, int]] = {}
    for each in found.periods:
        if each.total_cents:
            held = sums.get(int(each.period), (0, 0, 0))
            more = (each.open_principal_cents, each.open_accessory_cents, each.surcharge_cents)
            sums[int(each.period)] = (held[0] + more[0], held[1] + more[1], held[2] + more[2])
    return sums


def table(arrangement: PaymentArrangement) -> list[tuple[int, date, int]]:
    """Number, day and amount of each payment."""
    return [
        (each.number, each.due_on, each.total_cents) for each in arrangement.installments.order_by("number")
    ]


def states(arrangement: PaymentArrangement, *, on: date) -> list[str]:
    return [str(row.state) for row in queries.standing(arrangement=arrangement, on=on).rows]


def written() -> tuple[int, ...]:
    """How much there is of everything that an act may leave: to see that a refused one left nothing."""
    return tuple(
        model.objects.count()
        for model in (
            PaymentArrangement, Installment, ArrangementEnd, Charge, Credit, JournalLine, Folio, AuditEntry,
        )
    )  # fmt: skip


def campaign(**changes: Any) -> Campaign:
    """April 2019: three quarters off the surcharges for who signs."""
    starts = datetime(2019, 4, 1, tzinfo=ZONE)
    said: dict[str, Any] = {
        "code": "ABRIL-2019", "name": "Abril sin recargos", "starts_at": starts,
        "ends_at": datetime(2019, 5, 1, tzinfo=ZONE), "on_arrangement": True, "reduces": ["surcharge"],
        "ppm": 750_000, "council_agreement": "CA-12/2019", "drafted_at": starts, "drafted_by": "laura",
        "published_at": starts, "published_by": "salas",
    }  # fmt: skip
    return Campaign.objects.create(**(said | changes))


def set_policy(**rules: Any) -> None:
    """The council decides in March what rules from the first of April."""
    arrangements.set_policy(
        effective_from=date(2019, 4, 1), article="Acuerdo CA-7/2019", on=date(2019, 3, 5),
        at=moment(date(2019, 3, 5)), by="salas", **rules,
    )  # fmt: skip
