"""Every listing there is, by topic. A figure names the listing it is measured on by its code."""

from importlib import import_module
from typing import Final

from caudal.kernel.refusals import Refusal
from caudal.reports.listing import Listing

TOPICS: Final = {
    "money": "Cobranza",
    "relief": "Descuentos, beneficios y convenios",
    "agreements": "Convenios, pago por pago",
    "billing": "Lectura y facturación",
    "field": "Campo y ciudadanos",
    "debt": "Adeudos y padrón",
    "efficiency": "Eficiencia",
}


class UnknownListing(Refusal): ...


def all_listings() -> dict[str, tuple[Listing, ...]]:
    """Topic → its listings, in the order in which they are offered."""
    return {
        name: tuple(import_module(f"caudal.reports.listings.{topic}").LISTINGS)
        for topic, name in TOPICS.items()
    }


def find(*, code: str) -> Listing:
    """One listing.

    :raises UnknownListing: if no listing has that code
    """
    for offered in all_listings().values():
        for each in offered:
            if each.code == code:
                return each
    raise UnknownListing("No hay ningún listado con esa clave.", "Elija uno de «Listados».")
