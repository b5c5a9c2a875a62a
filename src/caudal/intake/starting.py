"""Starting a utility on an empty database: who it is, where it is, and the first person who signs in."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import transaction
from stdnum.exceptions import ValidationError
from stdnum.mx import rfc as rfc_rules

from caudal.access import commands as access
from caudal.access.models import Clerk
from caudal.intake.loading.ground import plain
from caudal.kernel import audit
from caudal.kernel.models import Utility
from caudal.kernel.refusals import Refusal
from caudal.registry.models import BillingCycle, Locality

LOGO_SIZE_MAX = 1_000_000
PNG = b"\x89PNG\r\n\x1a\n"


class CannotStartUtility(Refusal): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What stands at the head of a bill."""

    name: str
    long_name: str
    rfc: str
    locality: str
    address: str = ""
    phone: str = ""
    whatsapp: str = ""
    public_url: str = ""
    # money is not real here: said on every page and paper, and no second factor is asked at the door
    is_practice: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstClerk:
    """The person who will let the others in."""

    username: str
    full_name: str
    password: str


def make_tables() -> None:
    """Bring the tables up to date, as the owner of the database."""
    call_command("migrate", database="owner", interactive=False, verbosity=0)


def require_new() -> None:
    """Refuse a database that serves a utility already.

    :raises CannotStartUtility: naming the utility that is here
    """
    utility = Utility.objects.first()
    if utility is not None or Clerk.objects.exists():
        raise CannotStartUtility(
            f"Esta base de datos ya es de {utility.name if utility else 'alguien'}.",
            "Para otro organismo use otra base de datos (CAUDAL_DATABASE). Para dar de alta personas, «caudal clerk add».",
        )


@transaction.atomic
def start_utility(
    *, identity: Identity, clerk: FirstClerk, at: datetime, logo: bytes | None = None
) -> dict[str, Any]:
    """Write who the utility is, its municipal seat, its monthly cycle and its first administrator.

    :raises CannotStartUtility: if there is one already, a name is missing, the RFC is wrong or the logo unusable
    :raises CannotAddClerk: if the password is too weak
    """
    require_new()
    rfc = _checked(identity)
    if logo is not None:
        _require_logo(logo)
    Utility.objects.create(
        id=1, name=identity.name.strip(), long_name=identity.long_name.strip() or identity.name.strip(), rfc=rfc,
        address=identity.address, phone=identity.phone, whatsapp=identity.whatsapp, locality=identity.locality,
        logo=logo, public_url=identity.public_url.strip(), is_practice=identity.is_practice,
    )  # fmt: skip
    Locality.objects.create(
        code=plain(identity.locality)[:20], name=identity.locality.strip(), is_municipal_seat=True
    )
    BillingCycle.objects.create(code="MENSUAL", name="Mensual", months=1)
    made = access.add_clerk(
        username=clerk.username, full_name=clerk.full_name, role=Clerk.Role.ADMINISTRATOR, password=clerk.password,
        by="caudal", at=at, is_at_terminal=True,
    )  # fmt: skip
    audit.record(
        act="start_utility", by=made.username, at=at, object_kind="utility", object_id=1,
        after={"name": identity.name, "rfc": rfc, "is_practice": identity.is_practice},
    )  # fmt: skip
    return {"name": identity.name, "rfc": rfc, "locality": identity.locality, "clerk": made.username}


def read_logo(path: Path) -> bytes:
    """The file of a logo.

    :raises CannotStartUtility: if it cannot be read, is too big, or is neither PNG nor SVG
    """
    try:
        body = path.read_bytes()
    except OSError as problem:
        raise CannotStartUtility(
            f"No se pudo leer el escudo ({problem.strerror}).",
            "Revise la ruta.",
            field="logo",
            file=str(path),
        ) from problem
    _require_logo(body)
    return body


def _checked(identity: Identity) -> str:
    """The RFC in its plain form, once everything that must be there is."""
    for name, word in (("name", "el nombre"), ("locality", "el municipio")):
        if not getattr(identity, name).strip():
            raise CannotStartUtility(f"Falta {word}.", "Escríbalo.", field=name)
    try:
        return str(rfc_rules.validate(identity.rfc, validate_check_digits=True))
    except ValidationError:
        raise CannotStartUtility(
            "El RFC no es válido: revise sus letras, su fecha y su dígito verificador.",
            "Cópielo de la constancia de situación fiscal.", field="rfc", value=identity.rfc,
        ) from None  # fmt: skip


def _require_logo(body: bytes) -> None:
    is_svg = b"<svg" in body[:2000].lower()
    if not body.startswith(PNG) and not is_svg:
        raise CannotStartUtility("El escudo no es PNG ni SVG.", "Guárdelo como PNG o SVG.", field="logo")
    if len(body) > LOGO_SIZE_MAX:
        raise CannotStartUtility("El escudo pesa más de 1 MB.", "Guárdelo más chico.", field="logo")
