"""The facts of a route sheet, gathered from a round and from what the rooms above pack of each stop."""

from datetime import datetime
from typing import Any

from caudal.documents import route_papers
from caudal.documents.issuers import issuer
from caudal.documents.route_papers import RouteSheet, RouteStop
from caudal.fieldwork import packing, queries
from caudal.fieldwork.models import Round
from caudal.fieldwork.queries import StopRow


def round_pdf(*, round: Round, at: datetime) -> bytes:
    """A round on paper, as it stands now: what is left to do with room to write, what is done as it was told."""
    return route_papers.route_pdf(sheet=round_sheet(round=round, at=at))


def round_sheet(*, round: Round, at: datetime) -> RouteSheet:
    """A round as facts. Like the phone, it carries no name, telephone, debt or amount."""
    told = packing.told_of(stops=list(round.stops.order_by("sequence")), at=at)
    return RouteSheet(
        issuer=issuer(),
        folio=round.folio,
        kind=round.get_kind_display(),
        name=round.name,
        on=round.on,
        person=round.assigned_to.full_name,
        route=round.route.code if round.route else "",
        stops=tuple(_stop(row, told.get(str(row.code), {})) for row in queries.stops_of(round=round)),
    )


def _stop(row: StopRow, told: dict[str, Any]) -> RouteStop:
    marks = [f"medidor {told['serial']}" if told.get("serial") else ""]
    marks += [str(told.get(name, "")) for name in ("instructions", "folio_tail")]
    return RouteStop(
        sequence=row.sequence,
        what=row.what,
        folio=row.subject_folio if row.subject_kind in ("order", "notice") else "",
        address=row.address,
        detail=" · ".join(mark for mark in marks if mark),
        outcome=row.outcome_word if row.outcome else "",
    )
