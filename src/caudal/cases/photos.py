"""Pictures that come with a report: drawn again from their pixels, small, without what a camera writes beside them."""

import hashlib
import io
import warnings
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from caudal.kernel.refusals import Refusal

MOST_SENT_BYTES: Final = 10_000_000
MOST_KEPT_BYTES: Final = 120 * 1024
MOST_PIXELS: Final = 60_000_000
_SIDES: Final = (1024, 800, 640, 480)
_QUALITIES: Final = (80, 65, 50, 35)
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_NOT_A_PICTURE: Final = (
    UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)  # fmt: skip


class NotAPicture(Refusal):
    """What was sent is too big, or is no picture."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture as it is kept: a JPEG, its size in pixels."""

    content: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def redrawn(content: bytes, /) -> Drawn:
    """The same picture as a JPEG of ours: upright, at most 1024 pixels long and 120 KB.

    :raises NotAPicture: if it is too big, or no JPEG, PNG or WebP
    """
    if len(content) > MOST_SENT_BYTES:
        raise NotAPicture("La foto pasa de 10 MB.", "Mándela con menor tamaño.", field="photo")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_FORMATS) as sent:
                if sent.width * sent.height > MOST_PIXELS:
                    raise ValueError("too many pixels")
                picture = ImageOps.exif_transpose(sent).convert("RGB")
    except _NOT_A_PICTURE as problem:
        raise NotAPicture(
            "El archivo no es una foto que se pueda guardar.",
            "Mande una foto JPG, PNG o WebP.",
            field="photo",
        ) from problem
    for side, quality in zip(_SIDES, _QUALITIES, strict=True):
        picture.thumbnail((side, side))
        kept = io.BytesIO()
        picture.save(kept, "JPEG", quality=quality, optimize=True)
        if kept.tell() <= MOST_KEPT_BYTES:
            return Drawn(kept.getvalue(), *picture.size)
    raise NotAPicture("La foto no se pudo hacer más chica.", "Tome otra.", field="photo")
