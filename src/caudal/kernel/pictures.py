"""Pictures that people send, drawn again from their pixels: upright, small, without what a camera writes beside them.

Each room words its own refusal; what is a picture is said here once.
"""

import hashlib
import io
import warnings
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_SENT_BYTES: Final = 10_000_000
MOST_PIXELS: Final = 40_000_000
SMALL_BYTES: Final = 120 * 1024  # what a line of the street carries
SMALL_SIDE: Final = 1024
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_QUALITIES: Final = (82, 70, 58, 45)
_SMALLEST_SIDE: Final = 64


class NotAPicture(Exception):
    """It is no JPEG, PNG or WebP that can be read."""


class TooManyPixels(NotAPicture):
    """It is a picture, or says so, and would fill a computer's memory."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture ready to be kept: a JPEG, and its size in pixels."""

    content: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def redrawn(content: bytes, /, *, longest_side: int = SMALL_SIDE, most_bytes: int | None = None) -> Drawn:
    """The same picture as a JPEG of ours, of at most so many pixels a side and, if said, so many bytes.

    :raises NotAPicture: if it cannot be read as one
    :raises TooManyPixels: if there are more than forty million
    """
    picture = _upright(content)
    picture.thumbnail((longest_side, longest_side))
    while True:
        for quality in _QUALITIES:
            drawn = io.BytesIO()
            picture.save(drawn, "JPEG", quality=quality, optimize=True)
            if most_bytes is None or drawn.tell() <= most_bytes:
                return Drawn(drawn.getvalue(), picture.width, picture.height)
        side = max(max(picture.size) * 3 // 4, _SMALLEST_SIDE)
        picture.thumbnail((side, side))


def _upright(content: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_FORMATS) as sent:
                if sent.width * sent.height > MOST_PIXELS:
                    raise TooManyPixels
                return ImageOps.exif_transpose(sent).convert("RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as problem:
        raise TooManyPixels from problem
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as problem:
        raise NotAPicture from problem
