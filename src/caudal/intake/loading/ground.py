"""What must stand before an account: cycle, localities, neighborhoods, routes, classes, concepts."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from caudal.intake.mapping import Mapping
from caudal.intake.rehearsal.rows import AccountRow
from caudal.kernel.refusals import Refusal
from caudal.ledger.models import Concept
from caudal.metering.queries import CODES
from caudal.registry.models import BillingCycle, Locality, Neighborhood, Route, TariffClass


class CannotPrepareGround(Refusal): ...


@dataclass(slots=True)
class Ground:
    """The places and classes of a town, by the names its files give them."""

    cycle: BillingCycle
    classes: dict[str, TariffClass]
    concepts: dict[str, int]
    localities: dict[str, Locality] = field(default_factory=dict)
    neighborhoods: dict[tuple[str, str], Neighborhood] = field(default_factory=dict)
    routes: dict[str, Route] = field(default_factory=dict)

    def locality(self, name: str) -> Locality:
        return self.localities[plain(name)]

    def neighborhood(self, row: AccountRow) -> Neighborhood | None:
        return self.neighborhoods[plain(row.locality), plain(row.neighborhood)] if row.neighborhood else None


def plain(name: str) -> str:
    """A name without accents or case, so that CENTRO and Centro are one place."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return " ".join(bare.upper().split())


def prepare(*, mapping: Mapping, rows: Iterable[AccountRow]) -> Ground:
    """Find what the rows name, and make the places that are missing. Classes and concepts are never made up.

    :raises CannotPrepareGround: if the mapping names a class, a concept or an observation that is not here
    """
    _require_known(mapping)
    cycle, _ = BillingCycle.objects.get_or_create(
        code=mapping.cycle, defaults={"name": mapping.cycle.capitalize(), "months": 1}
    )
    ground = Ground(
        cycle,
        {each.code: each for each in TariffClass.objects.all()},
        dict(Concept.objects.values_list("code", "id")),
        {plain(each.name): each for each in Locality.objects.all()},
        {
            (plain(each.locality.name), plain(each.name)): each
            for each in Neighborhood.objects.select_related("locality")
        },
        {each.code: each for each in Route.objects.all()},
    )
    for row in rows:
        _place(ground, mapping, row)
    return ground


def _require_known(mapping: Mapping) -> None:
    known = {
        "tariff_class": set(TariffClass.objects.values_list("code", flat=True)),
        "concept": set(Concept.objects.exclude(kind=Concept.Kind.REDUCTION).values_list("code", flat=True)),
        "observation": set(CODES),
    }
    remedies = {
        "tariff_class": "Publique antes el libro de tarifas que la tiene («caudal tariff publish»), o corrija el mapa.",
        "concept": "Use un concepto de «caudal ledger concepts», o corrija el mapa.",
        "observation": "Use una clave de observación del 00 al 25.",
    }
    for name, allowed in known.items():
        for code, meaning in mapping.codes.get(name, {}).items():
            if meaning not in allowed:
                raise CannotPrepareGround(
                    f"El mapa traduce «{code}» como «{meaning}», que aquí no existe.", remedies[name],
                    field=f"codes.{name}.{code}", value=str(meaning),
                )  # fmt: skip


def _place(ground: Ground, mapping: Mapping, row: AccountRow) -> None:
    town = plain(row.locality)
    if town not in ground.localities:
        ground.localities[town] = Locality.objects.create(
            code=_free_code(town), name=row.locality, is_municipal_seat=town == plain(mapping.municipal_seat)
        )
    key = (town, plain(row.neighborhood))
    if row.neighborhood and key not in ground.neighborhoods:
        ground.neighborhoods[key] = Neighborhood.objects.create(
            locality=ground.localities[town], name=row.neighborhood
        )
    if row.route not in ground.routes:
        ground.routes[row.route] = Route.objects.create(
            code=row.route, sector=row.sector[:10], cycle=ground.cycle
        )


def _free_code(town: str) -> str:
    """The name is its own code, cut to twenty letters; a number tells apart two that begin alike."""
    code, number = town[:20], 1
    while Locality.objects.filter(code=code).exists():
        number += 1
        code = f"{town[:17]}-{number}"
    return code
