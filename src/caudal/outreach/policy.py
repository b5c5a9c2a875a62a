"""Pure decisions of outreach: how early a campaign is announced, what each channel counts, what proves it."""

from typing import Final

from caudal.kernel.wording import thousands

# a campaign is announced some days before it starts, never after it ended
LEAD_DAYS: Final = 15
MOST_CENTS: Final = 100_000_000_00
MOST_QUANTITY: Final = 10_000_000
MOST_EVIDENCE_BYTES: Final = 10 * 1024 * 1024

# one, many
COUNTED: Final[dict[str, tuple[str, str]]] = {
    "radio_spot": ("spot", "spots"),
    "social_network": ("persona alcanzada", "personas alcanzadas"),
    "loudspeaker_route": ("km", "km"),
    "poster_site": ("cartelón", "cartelones"),
    "message": ("mensaje", "mensajes"),
}


def amount_words(channel: str, quantity: int, /) -> str:
    """`12 spots`, `1 cartelón`, `1,200 personas alcanzadas`."""
    one, many = COUNTED[channel]
    return f"{thousands(quantity)} {one if quantity == 1 else many}"


def cents_per_hundred(*, spent_cents: int, collected_cents: int) -> int | None:
    """What was spent for every $100 collected, in centavos, half away from zero; None if nothing was collected."""
    if collected_cents <= 0:
        return None
    return (spent_cents * 10_000 * 2 + collected_cents) // (2 * collected_cents)
