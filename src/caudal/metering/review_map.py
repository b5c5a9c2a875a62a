"""Where a dial is, where its reading was told from, and its neighbors: a small map drawn here, without streets."""

from collections.abc import Sequence
from math import cos, radians

from django.utils.safestring import SafeString, mark_safe

from caudal.kernel.places import E6, Spot, metres

_WIDE, _TALL, _EDGE = 280, 170, 18


def draw(*, place: Spot, told_from: Spot | None, neighbors: Sequence[Spot]) -> SafeString:
    """An SVG of the dial among its neighbors and the spot the reading was told from, with how far that is."""
    seen = [place, *neighbors, *([told_from] if told_from else [])]
    south, west = min(lat for lat, _ in seen), min(lon for _, lon in seen)
    narrow = cos(radians(place[0] / E6))
    wide = max((max(lon for _, lon in seen) - west) * narrow, 1)
    tall = max(max(lat for lat, _ in seen) - south, 1)
    factor = min((_WIDE - 2 * _EDGE) / wide, (_TALL - 2 * _EDGE) / tall)

    def at(spot: Spot) -> tuple[int, int]:
        return round(_EDGE + (spot[1] - west) * narrow * factor), round(
            _TALL - _EDGE - (spot[0] - south) * factor
        )

    x, y = at(place)
    dots = "".join('<circle class="near" cx="{}" cy="{}" r="3"/>'.format(*at(each)) for each in neighbors)
    words, path = "La toma entre sus vecinas", ""
    if told_from:
        x2, y2 = at(told_from)
        words = f"La toma; se leyó a {metres(place, told_from)} metros"
        path = f'<path class="told" d="M{x} {y}L{x2} {y2}"/><circle class="told" cx="{x2}" cy="{y2}" r="5"/>'
    return mark_safe(
        f'<svg class="review-map" viewBox="0 0 {_WIDE} {_TALL}" role="img" aria-label="{words}">{dots}{path}'
        f'<circle class="here" cx="{x}" cy="{y}" r="7"/></svg>'
    )
