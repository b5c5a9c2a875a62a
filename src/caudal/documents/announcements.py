"""A campaign put up in the street and sent to telephones: its poster and its picture, from the same words."""

from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from caudal.documents import typesetting
from caudal.documents.layouts import Issuer

SOCIAL_PIXELS: Final = 1080
POSTER_PPI: Final = 150


class PosterSize(StrEnum):
    """The two sheets that any printer of the town has."""

    LETTER = "letter"
    TABLOID = "tabloid"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementSheet:
    """What a campaign says to whoever passes by. Every text is written out: paper decides nothing.

    `figure` is read first (`75 %`, `$500`) with `lowers` (`menos en tus recargos`); then the `dates`, a line or two,
    the `condition`, its `limits`, and the council's `agreement`.
    """

    issuer: Issuer
    name: str
    figure: str
    lowers: str
    dates: tuple[str, ...]
    condition: str
    agreement: str
    on: date
    limits: tuple[str, ...] = ()
    where: str = ""

    @property
    def title(self) -> str:
        return f"{self.name}: {self.figure} {self.lowers}"


def poster_pdf(*, sheet: AnnouncementSheet, size: PosterSize) -> bytes:
    """The poster as a tagged PDF of one page.

    :raises CannotReadLogo: if the utility's logo cannot be read
    """
    return typesetting.typeset(template="poster.typ", job=_job(sheet, size), on=sheet.on, accessible=True)


def poster_png(*, sheet: AnnouncementSheet, size: PosterSize) -> bytes:
    """The poster as a picture of 150 dots per inch, to be sent or shown on a screen.

    :raises CannotReadLogo: if the utility's logo cannot be read
    """
    return typesetting.picture(template="poster.typ", job=_job(sheet, size), ppi=POSTER_PPI)


def social_picture_png(*, sheet: AnnouncementSheet) -> bytes:
    """The square of 1080 × 1080 pixels that social networks show whole.

    :raises CannotReadLogo: if the utility's logo cannot be read
    """
    return typesetting.picture(template="social_picture.typ", job=_job(sheet, None), ppi=72)


def _job(sheet: AnnouncementSheet, size: PosterSize | None) -> dict[str, Any]:
    words = {name: value for name, value in asdict(sheet).items() if name not in ("issuer", "on")}
    return {
        "title": sheet.title,
        "on": (sheet.on.year, sheet.on.month, sheet.on.day),
        "issuer": typesetting.issuer_words(issuer=sheet.issuer),
        "sheet": words | {"size": size or ""},
    }
