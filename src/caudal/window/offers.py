"""What the money side offers besides paying it all today: in payments, on paper. Each is one key away."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from caudal.kernel.wording import pesos
from caudal.quotes import queries as quotes
from caudal.registry.models import Account
from caudal.window.policy import InHand
from caudal.window.queries import Dues

# the shortest way to pay in parts, to say one figure; its page shows the others
PAYMENTS = 3


@dataclass(frozen=True, slots=True)
class Offer:
    """One line below the charge: what it offers, in which figures, where it leads and with which key.

    `key` is the F-key (or empty), `letter` the one that opens it with Alt.
    """

    question: str
    figure: str
    href: str
    key: str
    letter: str


def offers(*, hand: InHand, dues: Dues, on: date) -> list[Offer]:
    """What to offer for the charge in hand; nothing for several accounts, or when nothing is owed."""
    if len(hand.parts) != 1:
        return []
    number = hand.parts[0].number
    missed = [_missed(number, dues)] if number in dues.missed else []
    if later := dues.statements[number].later_cents:
        # who pays an arrangement has their payments already; what may be advanced is said
        href = reverse("account_statement", args=[number])
        return [Offer("Tiene convenio:", f"{pesos(later)} en parcialidades por vencer", href, "", "")]
    if dues.statements[number].total_cents < 100 * PAYMENTS:
        return missed
    account = Account.objects.get(number=hand.parts[0].number)
    standing = quotes.standing(account=account, on=on, counts=(PAYMENTS,))
    figures = [
        f"{pesos(way.down_payment_cents)} hoy y {way.count} de {pesos(way.installments[-1].amount_cents)}"
        for way in standing.ways
    ]
    href = reverse("quote", args=[account.number])
    return [*missed, Offer("¿Prefiere pagos?", figures[0] if figures else "", href, "F7", "v")]


def _missed(number: str, dues: Dues) -> Offer:
    """What is lost by paying less than all: told before it is confirmed."""
    relief = dues.missed[number]
    return Offer(
        f"Si paga todo hoy: {relief.name}",
        f"se condonan {pesos(relief.cents)}, pagaría {pesos(relief.payable_cents)}",
        reverse("account_statement", args=[number]),
        "",
        "",
    )
