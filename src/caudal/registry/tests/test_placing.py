"""Where service points are: written for many at once, and only in this country."""

import pytest
from tests.town.cast import Town

from caudal.kernel.models import AuditEntry
from caudal.registry import commands as registry

pytestmark = pytest.mark.django_db
SQUARE = (20_281_900, -102_546_300)


def test_points_get_their_places_and_the_audit_says_how_many(town: Town) -> None:
    lupita, chuy = town.point(town.lupita), town.point(town.chuy)
    written = registry.place_service_points(
        places={lupita.pk: SQUARE, chuy.pk: (20_282_320, -102_546_040), 0: SQUARE}, by="laura", at=town.at
    )
    lupita.refresh_from_db()
    assert (written, (lupita.latitude_e6, lupita.longitude_e6)) == (2, SQUARE)
    assert AuditEntry.objects.get(act="place_service_points").after == {"points": 2}


def test_latitude_and_longitude_changed_over_are_refused_and_nothing_is_written(town: Town) -> None:
    lupita, chuy = town.point(town.lupita), town.point(town.chuy)
    with pytest.raises(registry.CannotPlaceServicePoints, match="no es de este país"):
        registry.place_service_points(
            places={chuy.pk: SQUARE, lupita.pk: (SQUARE[1], SQUARE[0])}, by="laura", at=town.at
        )
    chuy.refresh_from_db()
    assert chuy.latitude_e6 is None
    assert not AuditEntry.objects.filter(act="place_service_points").exists()
