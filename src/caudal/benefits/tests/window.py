"""What a story of benefits says again and again: show a document, register, renew, lose."""

from datetime import date
from io import BytesIO
from typing import Any
from uuid import uuid4

from PIL import Image
from tests.town.cast import moment

from caudal.benefits import commands as benefits
from caudal.benefits.models import Beneficiary, BenefitEvidence, BenefitLoss, EvidenceReading, LivedInVisit
from caudal.kernel.models import AuditEntry
from caudal.registry.models import Account, Benefit

TODAY = date(2019, 1, 31)


def register(account: Account, category: str = "pensioner", *, on: date = TODAY, **said: Any) -> Benefit:
    """Verónica sees the card at 10:00."""
    shown = benefits.Shown(folio=said.pop("folio", "80-4471-2930"), **said.pop("shown", {}))
    return benefits.register_benefit(
        account=account, category=category, shown=shown, on=on, at=moment(on), by="veronica",
        **{"lives_there": True, "key": uuid4(), **said},
    )  # fmt: skip


def renew(benefit: Benefit, *, on: date, folio: str = "4471", **said: Any) -> Benefit:
    return benefits.renew_benefit(
        benefit=benefit, shown=benefits.Shown(folio=folio, **said), lives_there=True, on=on, at=moment(on),
        by="marta", key=uuid4(),
    )  # fmt: skip


def lose(
    benefit: Benefit, *, on: date, kind: str = "deceased", reason: str = "Lo avisó su hija"
) -> BenefitLoss:
    return benefits.lose_benefit(benefit=benefit, kind=kind, reason=reason, on=on, at=moment(on), by="marta")


def picture(
    width: int = 640, height: int = 400, *, kind: str = "JPEG", exif: Image.Exif | None = None
) -> bytes:
    """A card of one color, as a camera would send it."""
    drawn = BytesIO()
    Image.new("RGB", (width, height), (20, 128, 159)).save(drawn, kind, **({"exif": exif} if exif else {}))
    return drawn.getvalue()


def written() -> tuple[int, ...]:
    """How much there is of everything that an act may leave: to see that a refused one left nothing."""
    kept = (Benefit, Beneficiary, BenefitEvidence, LivedInVisit, BenefitLoss, EvidenceReading, AuditEntry)
    return tuple(each.objects.count() for each in kept)
