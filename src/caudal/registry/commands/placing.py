"""Say where service points are: from a survey, a plan or a list of coordinates."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction

from caudal.kernel import audit
from caudal.kernel.places import is_in_mexico
from caudal.kernel.refusals import Refusal
from caudal.registry.models import ServicePoint

BATCH: Final = 2_000


class CannotPlaceServicePoints(Refusal): ...


@transaction.atomic
def place_service_points(*, places: Mapping[int, tuple[int, int]], by: str, at: datetime) -> int:
    """Write where some service points are, in millionths of a degree → how many were written.

    :param places: latitude and longitude by the id of the point; a point nobody knows is left out
    :raises CannotPlaceServicePoints: if one would be in another country
    """
    if abroad := next((each for each in places.values() if not is_in_mexico(each)), None):
        raise CannotPlaceServicePoints(
            f"La ubicación {abroad[0] / 1_000_000:.5f}, {abroad[1] / 1_000_000:.5f} no es de este país.",
            "Revise si la latitud y la longitud están cambiadas.", field="places",
        )  # fmt: skip
    points = list(
        ServicePoint.objects.select_for_update(no_key=True).filter(pk__in=list(places)).order_by("pk")
    )
    for point in points:
        point.latitude_e6, point.longitude_e6 = places[point.pk]
    ServicePoint.objects.bulk_update(points, ["latitude_e6", "longitude_e6"], batch_size=BATCH)
    audit.record(
        act="place_service_points", by=by, at=at, object_kind="service_point", object_id=0,
        after={"points": len(points)},
    )  # fmt: skip
    return len(points)
