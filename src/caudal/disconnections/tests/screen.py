"""July 2019 on a screen: the clock at ten, Laura and engineer Salas in, and what stories of pages say again."""

import re
from datetime import date
from html import unescape
from typing import Any, Final

from tests.town import counter
from tests.town.cast import moment

from caudal.disconnections import commands
from caudal.disconnections.models import DisconnectionBatch
from caudal.disconnections.queries import Segment
from caudal.registry.models import Account

DAY = date(2019, 7, 20)
NINE = moment(DAY, 9)
NOW = moment(DAY, 10)
RESULT: Final = {"is_done": "yes", "done_on": "20/07/2019", "done_time": "09:30", "seal": "S-77"}


def words(answer: Any) -> str:
    """The text of a page, as a person reads it."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def proposed(*accounts: Account) -> DisconnectionBatch:
    return commands.propose_batch(
        title="Ruta 01-001", account_ids=[each.pk for each in accounts], segment=Segment(), on=DAY, at=NINE,
        by="laura",
    )  # fmt: skip


def approved(*accounts: Account) -> DisconnectionBatch:
    """Laura proposes it, and engineer Salas says yes at 9:00."""
    batch = proposed(*accounts)
    counter.approve(
        "disconnections.approve", "disconnection_batch", batch.folio, on=DAY, by="laura", hour=9,
        after={"orders": [each.folio for each in batch.orders.order_by("number")]},
    )  # fmt: skip
    return batch
