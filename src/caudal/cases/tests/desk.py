"""What stories of reports say again and again: a leak in the street, a claim of don Chuy, a crew that was there."""

from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from PIL import Image
from tests.town.cast import moment

from caudal.cases import commands
from caudal.cases.models import Case
from caudal.fieldwork import commands as fieldwork
from caudal.fieldwork.models import FieldOrder
from caudal.messaging.models import Message

MONDAY = date(2019, 4, 1)
NINE = moment(MONDAY, 9)
SQUARE = (20_280_000, -102_550_000)  # the square of La Barca
PHONE = "3929351234"


def leak(**said: Any) -> Case:
    """Somebody phones: water runs down Hidalgo street."""
    told: dict[str, Any] = {
        "type": "street_leak", "channel": "phone", "description": "Sale agua de la banqueta", "at": NINE, "by": "marta",
        "address": "Hidalgo 12, esquina con Juárez", "place": SQUARE, "reporter_phone": PHONE,
    } | said  # fmt: skip
    return commands.open_case(**told)


def go(order: FieldOrder, *, at: datetime, is_done: bool = True) -> None:
    """The crew tells what became of an order of a leak."""
    fieldwork.record_order_result(
        order=order,
        told=fieldwork.Told(
            is_done=is_done, reason="" if is_done else "No hay válvula de repuesto",
            answers={"where": "toma", "repaired": True}, notes="Se cambió el codo" if is_done else "",
        ),
        done_at=at, at=at, by="beto",
    )  # fmt: skip


def texts(case: Case) -> list[str]:
    """What whoever reported was told, in order."""
    told = Message.objects.filter(about_kind="case", about_folio=case.folio).order_by("id")
    return list(told.values_list("text", flat=True))


def later(**length: float) -> datetime:
    """Nine o'clock and so long."""
    return NINE + timedelta(**length)


def picture(size: tuple[int, int] = (1600, 1200), form: str = "JPEG") -> bytes:
    """A photograph, as a telephone sends it."""
    drawn = BytesIO()
    Image.effect_noise(size, 80).convert("RGB").save(drawn, form)
    return drawn.getvalue()
