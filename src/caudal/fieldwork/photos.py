"""A picture from the street, and how a phone is told that one cannot be kept."""

from caudal.kernel import pictures
from caudal.kernel.pictures import Drawn as Drawn
from caudal.kernel.refusals import Refusal


class CannotKeepPhoto(Refusal):
    """It is not a picture, is too big, or belongs to somebody else's work."""


def drawn_again(*, body: bytes) -> Drawn:
    """The picture, of at most 1,024 pixels a side and 120 KB.

    :raises CannotKeepPhoto: if it is not a picture, or is one made to fill a computer's memory
    """
    if len(body) > pictures.MOST_SENT_BYTES:
        raise CannotKeepPhoto("La foto pesa más de 10 MB.", "Tómela otra vez con menos resolución.")
    try:
        return pictures.redrawn(body, most_bytes=pictures.SMALL_BYTES)
    except pictures.TooManyPixels as problem:
        raise CannotKeepPhoto("La foto es demasiado grande.", "Tómela con menos resolución.") from problem
    except pictures.NotAPicture as problem:
        raise CannotKeepPhoto("Lo que llegó no es una foto.", "Tómela otra vez.") from problem
