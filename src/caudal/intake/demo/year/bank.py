"""The bank: who pays there comes in the file of the day, by the number of the account."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import Any, Final

from caudal.cashier import commands as cashier
from caudal.cashier.models import PaymentChannel
from caudal.intake.demo.stage import moment

CODE: Final = "banco"
HEADINGS: Final = "cuenta,importe,fecha,referencia"
LAYOUT: Final[Mapping[str, Any]] = {
    "file": {"form": "csv", "encoding": "utf-8", "delimiter": ","},
    "fields": {"reference": "cuenta", "amount": "importe", "paid_on": "fecha", "authorization": "referencia"},
    "movements": {"unique": ["authorization"], "reversal_of": ["authorization", "reference", "amount"]},
    "amounts": {"is_signed": True},
    "reference": {"kind": "account"},
}


@dataclass(slots=True)
class Bank:
    """The channel, and the movements of the file that the bank is writing."""

    channel: PaymentChannel
    rng: Random
    rows: list[str] = field(default_factory=list)
    n_sent: int = 0

    def pays(self, number: str, cents: int, on: date) -> None:
        """Somebody pays at the bank; it comes in the file of the day."""
        self.n_sent += 1
        self.rows.append(f"{number},{cents // 100}.{cents % 100:02d},{on.isoformat()},{self.n_sent:08d}")

    def send(self, on: date) -> cashier.LoadedSettlement | None:
        """The file of a day arrives and is loaded; nothing, if nobody paid."""
        if not self.rows:
            return None
        content = "\n".join([HEADINGS, *self.rows, ""]).encode()
        self.rows = []
        return cashier.load_settlement(
            channel=self.channel, name=f"BANCO-{on:%Y%m%d}.csv", content=content, at=moment(on, 17), by="rosa"
        )


def opened(*, at: datetime, rng: Random) -> Bank:
    """The channel put to use, with a file whose reference is the number of the account."""
    channel = cashier.open_channel(
        code=CODE, name="Banco, ventanillas y banca en línea", series="B", layout=LAYOUT, at=at, by="salas"
    )
    return Bank(channel, rng)
