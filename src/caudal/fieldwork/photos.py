"""A picture from the street drawn again: small, upright, and without what the camera wrote inside it."""

import io
import warnings
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from caudal.kernel.refusals import Refusal

LONGEST_SIDE: Final = 1024
MOST_BYTES: Final = 120 * 1024
MOST_SENT_BYTES: Final = 10 * 1024 * 1024
MOST_PIXELS: Final = 40_000_000
_QUALITIES: Final = (82, 70, 58, 45)
_SMALLEST_SIDE: Final = 64
_PICTURES: Final = ("JPEG", "PNG", "WEBP")


class CannotKeepPhoto(Refusal):
    """It is not a picture, is too big, or belongs to somebody else's work."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture ready to be kept (JPEG)."""

    body: bytes
    width: int
    height: int


def drawn_again(*, body: bytes) -> Drawn:
    """The picture, of at most 1,024 pixels a side and 120 KB.

    :raises CannotKeepPhoto: if it is not a picture, or is one made to fill a computer's memory
    """
    if len(body) > MOST_SENT_BYTES:
        raise CannotKeepPhoto("La foto pesa más de 10 MB.", "Tómela otra vez con menos resolución.")
    picture = _upright(body)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    while True:
        for quality in _QUALITIES:
            drawn = io.BytesIO()
            picture.save(drawn, "JPEG", quality=quality, optimize=True)
            if drawn.tell() <= MOST_BYTES:
                return Drawn(drawn.getvalue(), picture.width, picture.height)
        side = max(max(picture.size) * 3 // 4, _SMALLEST_SIDE)
        picture.thumbnail((side, side))


def _upright(body: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(body), formats=_PICTURES)
            if picture.width * picture.height > MOST_PIXELS:
                raise CannotKeepPhoto("La foto es demasiado grande.", "Tómela con menos resolución.")
            return ImageOps.exif_transpose(picture).convert("RGB")
    except (
        UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning,
    ) as problem:  # fmt: skip
        raise CannotKeepPhoto("Lo que llegó no es una foto.", "Tómela otra vez.") from problem
