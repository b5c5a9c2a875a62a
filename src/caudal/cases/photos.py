"""Pictures that come with a report, and how it is said that one cannot be kept."""

from caudal.kernel import pictures
from caudal.kernel.pictures import MOST_SENT_BYTES
from caudal.kernel.pictures import Drawn as Drawn
from caudal.kernel.refusals import Refusal


class NotAPicture(Refusal):
    """What was sent is too big, or is no picture."""


def redrawn(content: bytes, /) -> Drawn:
    """The same picture as a small JPEG of ours.

    :raises NotAPicture: if it is too big, or no JPEG, PNG or WebP
    """
    if len(content) > MOST_SENT_BYTES:
        raise NotAPicture("La foto pasa de 10 MB.", "Mándela con menor tamaño.", field="photo")
    try:
        return pictures.redrawn(content, most_bytes=pictures.SMALL_BYTES)
    except pictures.NotAPicture as problem:
        raise NotAPicture(
            "El archivo no es una foto que se pueda guardar.",
            "Mande una foto JPG, PNG o WebP.",
            field="photo",
        ) from problem
