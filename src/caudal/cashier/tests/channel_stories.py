"""What the stories of channels share: a street that owes, a channel by example, files written by hand."""

from datetime import date
from typing import Any

from django.db.models import Sum

from caudal.cashier import commands as cashier
from caudal.cashier.channels import examples, layout
from caudal.cashier.channels.layout import Layout
from caudal.cashier.models import PaymentChannel, SettlementLine
from caudal.ledger import catalog, queries
from caudal.ledger.commands import ChargeLine
from caudal.ledger.models import JournalLine
from caudal.ledger.tests.builders import account, bill, moment
from caudal.registry.models import Account

MARCH_5 = date(2019, 3, 5)
HEADINGS = "cuenta,importe,fecha,referencia\n"


def street() -> list[Account]:
    """Don Chuy owes $100.00 of January, due on the 20th; Doña Lupita $70.00."""
    chuy, lupita = account("010117"), account("010293")
    bill(chuy, ChargeLine(catalog.WATER, 10_000))
    bill(lupita, ChargeLine(catalog.WATER, 7_000))
    return [chuy, lupita]


def open_channel(
    example: str = "plain", *, code: str = "", series: str = "B", **changes: Any
) -> PaymentChannel:
    """A channel like an example; `changes` replace whole sections of its layout."""
    document = {**layout.from_toml(text=examples.text(name=example)).document, **changes}
    return cashier.open_channel(
        code=code or example,
        name=f"Canal {example}",
        series=series,
        layout=document,
        at=moment(MARCH_5),
        by="salas",
    )


def layout_of(channel: PaymentChannel) -> Layout:
    return layout.from_document(document=channel.layout)


def load(
    channel: PaymentChannel, text: str | bytes, *, name: str = "banco.csv", on: date = MARCH_5
) -> cashier.LoadedSettlement:
    content = text if isinstance(text, bytes) else (HEADINGS + text).encode()
    return cashier.load_settlement(channel=channel, name=name, content=content, at=moment(on, 18), by="rita")


def balances(accounts: list[Account]) -> list[int]:
    """What each owes (centavos); below zero, it has in favor."""
    return [queries.balance(account_id=each.pk) for each in accounts]


def unidentified_cents() -> int:
    """What the journal says that waits to be identified."""
    found = JournalLine.objects.filter(ledger_account_id=catalog.UNIDENTIFIED_DEPOSITS)
    return -(found.aggregate(cents=Sum("amount_cents"))["cents"] or 0)


def line(authorization: str) -> SettlementLine:
    return SettlementLine.objects.get(authorization=authorization)
