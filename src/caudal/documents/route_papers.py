"""The route sheet: a round on paper, with room to write what was found, for the day the phones fail."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from caudal.documents import figures, typesetting
from caudal.documents.layouts import Issuer


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteStop:
    """A place of the round. `outcome` is what was already told of it; without one there is room to write."""

    sequence: int
    what: str
    address: str
    folio: str = ""
    detail: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteSheet:
    """A round as facts: never a name of a customer, a telephone, a debt or an amount."""

    issuer: Issuer
    folio: str
    kind: str
    name: str
    on: date
    person: str
    route: str
    stops: tuple[RouteStop, ...]


def route_pdf(*, sheet: RouteSheet) -> bytes:
    """The route sheet as a tagged PDF, on as many pages as its stops take.

    :raises CannotReadLogo: if the utility's logo cannot be read
    """
    return typesetting.paper(
        template="route.typ", title=f"Hoja de ruta {sheet.folio}", issuer=sheet.issuer, on=sheet.on,
        page=route_page(sheet=sheet),
    )  # fmt: skip


def route_page(*, sheet: RouteSheet) -> dict[str, Any]:
    """The data of `typst/route.typ`."""
    left = sum(not stop.outcome for stop in sheet.stops)
    return {
        "folio": sheet.folio,
        "on": figures.short_date(sheet.on),
        "name": sheet.name,
        "facts": [
            ("Trabajo", sheet.kind),
            ("Persona", sheet.person),
            ("Ruta", sheet.route or "sin ruta"),
            ("Paradas", f"{len(sheet.stops):,}, faltan {left:,}"),
        ],
        "stops": [
            {
                "n": f"{stop.sequence}",
                "place": stop.address,
                "what": " · ".join(part for part in (stop.what, stop.folio) if part),
                "detail": stop.detail,
                "outcome": stop.outcome,
            }
            for stop in sheet.stops
        ],
        "foot": f"{sheet.folio} · {sheet.name} · {sheet.issuer.name}",
    }
