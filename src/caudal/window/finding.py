"""From what was scanned or typed to an account, or to the accounts it may be."""

from dataclasses import dataclass

from caudal.frontdesk import queries as frontdesk
from caudal.kernel.refusals import Refusal
from caudal.registry import queries as registry
from caudal.registry.models import Account

MOST_SHOWN = 8


class NothingFound(Refusal):
    """No account answers what was scanned or typed."""


@dataclass(frozen=True, slots=True)
class Found:
    """One account, or several to choose from."""

    account: Account | None = None
    rows: tuple[frontdesk.FoundRow, ...] = ()


def find(*, text: str) -> Found:
    """The account of a code, number, folio, meter, phone or name; if several may be meant, a list.

    :raises NothingFound: if there is none
    """
    asked = " ".join(text.split())
    if not asked:
        raise NothingFound(
            "No se escribió nada que buscar.", "Pase el recibo o escriba la cuenta.", field="text"
        )
    if number := frontdesk.resolve(text=asked):
        return Found(registry.account_by_number(number=number))
    rows = frontdesk.search(text=asked, limit=MOST_SHOWN)
    if len(rows) == 1 and not rows[0].why:
        return Found(registry.account_by_number(number=rows[0].number))
    if not rows:
        raise NothingFound(
            f"Nada coincide con «{asked[:60]}».",
            "Pase otra vez el recibo, o busque por cuenta, nombre, domicilio o medidor.",
            field="text",
        )
    return Found(rows=tuple(rows))
