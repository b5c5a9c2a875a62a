"""Which account a reference names, whatever channel printed it: a CLABE, the barcode of a shop, a payment slip."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from caudal.cashier.channels import layout
from caudal.cashier.channels.references import (
    GROUP_SEPARATOR,
    AccountNumber,
    ReferenceKind,
    Stub,
    UnreadableReference,
)
from caudal.cashier.models import PaymentChannel

# shorter than this, a number may be a telephone that happens to end in the right check digit
STRONG_DIGITS: Final = 14
SHORTEST: Final = 6
SLIP: Final = ("8020", "(8020)", "]C18020")
IDENTIFIERS: Final = ("3902", "90")


@dataclass(frozen=True, slots=True)
class ChannelReference:
    """The number of the account in a reference, perhaps with zeros on the left, and the channel it is of."""

    account_number: str
    channel: str
    is_strong: bool


def channel_references(*, text: str) -> list[ChannelReference]:
    """What each channel reads in a text, retired ones too: their papers are still in the drawers of the town.

    The bare number of an account and our own stub are not asked here: they are read everywhere.
    """
    bare = "".join(each for each in text if each.isdigit())
    if len(bare) < SHORTEST or not _may_be_reference(text):
        return []
    return list(_read(_with_separators(text), is_strong=len(bare) >= STRONG_DIGITS))


def _read(text: str, *, is_strong: bool) -> Iterator[ChannelReference]:
    for channel in PaymentChannel.objects.order_by("closed_on", "code"):
        kind: ReferenceKind = layout.from_document(document=channel.layout).reference
        if isinstance(kind, AccountNumber | Stub):
            continue
        try:
            said = kind.read(text=text)
        except UnreadableReference:
            continue
        yield ChannelReference(said.account_number, channel.name, is_strong)


def _may_be_reference(text: str) -> bool:
    return text.strip().startswith(SLIP) or all(
        each.isdigit() or each in " -\N{NO-BREAK SPACE}" for each in text
    )


def _with_separators(text: str) -> str:
    """A slip as its reader sent it: a search box takes what separates its values for blanks."""
    if not text.strip().startswith(SLIP):
        return text.replace("\N{NO-BREAK SPACE}", " ")
    parts = text.replace(GROUP_SEPARATOR, " ").split()
    joined = parts[0] if parts else ""
    for part in parts[1:]:
        is_value = part.lstrip("(").startswith(IDENTIFIERS)
        joined += f"{GROUP_SEPARATOR if is_value and not part.startswith('(') else ''}{part}"
    return joined
