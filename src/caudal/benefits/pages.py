"""Benefits as the pages and the files show them: words and colors, never a document."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Final

from caudal.benefits.queries import Held, Right, State
from caudal.kernel.wording import in_reading_case, short_date
from caudal.registry.models import Benefit

_PILLS: Final = {
    State.LIVE: ("good", "circle-check", "Vigente"),
    State.ENDING: ("watch", "clock", "Por renovar"),
    State.UNVERIFIED: ("watch", "alert-triangle", "Sin documento"),
    State.ENDED: ("", "ban", "Terminó"),
}
_NAMES: Final = dict(Benefit.Category.choices)
# a cell that starts so would be taken for a formula by a spreadsheet
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list."""

    pk: int
    account: str
    person: str
    phone: str
    category: str
    place: str
    locality: str
    since: date
    last_day: date | None
    pill: str
    icon: str
    state: str
    loss: str


def rows(*, held: Sequence[Held]) -> list[Row]:
    """Lines of a list, in reading case."""
    return [row(held=each) for each in held]


def row(*, held: Held) -> Row:
    """One line."""
    pill, icon, state = _PILLS[held.state]
    return Row(
        pk=held.pk, account=held.account, person=in_reading_case(held.person) or "sin titular", phone=held.phone,
        category=held.category_name, place=in_reading_case(held.address), locality=in_reading_case(held.locality),
        since=held.since, last_day=held.last_day, pill=pill, icon=icon, state=state, loss=held.loss,
    )  # fmt: skip


def promises(*, rights: Sequence[Right]) -> list[dict[str, str]]:
    """What the book gives, said once for all the categories that get the same."""
    said: dict[str, list[str]] = {}
    for each in rights:
        said.setdefault(each.promise, []).append(f"{_NAMES[each.category]}, {each.article}")
    return [{"words": words, "who": "; ".join(who)} for words, who in said.items()]


def counts_words(*, since: date) -> str:
    """From when it counts, and that nothing issued changes: said the same way everywhere."""
    return (
        f"Cuenta desde el {short_date(since)}, en los recibos que se calculen a partir de ese día. "
        "Los recibos ya emitidos no cambian."
    )


def csv_text(*, held: Sequence[Held]) -> str:
    """The list for a spreadsheet: UTF-8 with its mark, dates as 2019-01-31, no formulas."""
    out = StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        ["cuenta", "beneficiario", "categoría", "domicilio", "localidad", "teléfono", "desde", "último día",
         "estado", "causa"]
    )  # fmt: skip
    for each in held:
        cells = (
            each.account, each.person, each.category_name, each.address, each.locality, each.phone,
            each.since.isoformat(), each.last_day.isoformat() if each.last_day else "", _PILLS[each.state][2],
            each.loss,
        )  # fmt: skip
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return out.getvalue()
