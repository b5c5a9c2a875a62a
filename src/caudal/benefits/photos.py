"""Pictures of documents: drawn again from their pixels, kept under a name nobody can guess, served by no address."""

import secrets
from pathlib import Path
from typing import Final

from django.conf import settings

from caudal.kernel import pictures
from caudal.kernel.pictures import MOST_SENT_BYTES
from caudal.kernel.refusals import Refusal

LONGEST_SIDE: Final = 1280


class NotAPicture(Refusal):
    """What was sent is not a picture that can be kept."""


class PictureIsGone(Refusal):
    """The file of a picture is not on the server."""


def redrawn(content: bytes, /) -> bytes:
    """The same picture as a JPEG of ours: upright, at most 1280 pixels long, without what a camera writes beside it.

    :raises NotAPicture: if it is too big, or no JPEG, PNG or WebP
    """
    if len(content) > MOST_SENT_BYTES:
        raise NotAPicture(
            f"La foto pasa de {MOST_SENT_BYTES // 1_000_000} MB.",
            "Tómela otra vez con menor tamaño.",
            field="photo",
        )
    try:
        return pictures.redrawn(content, longest_side=LONGEST_SIDE).content
    except pictures.NotAPicture as problem:
        raise NotAPicture(
            "El archivo no es una foto que se pueda guardar.",
            "Use una foto JPG, PNG o WebP de menos de 40 megapixeles.", field="photo",
        ) from problem  # fmt: skip


def keep(drawn: bytes, /) -> str:
    """Write a redrawn picture → the name it is found by."""
    name = f"{secrets.token_hex(16)}.jpg"
    path = _path(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_bytes(drawn)
    return name


def read(name: str, /) -> bytes:
    """The bytes of a kept picture.

    :raises PictureIsGone: if its file is not there
    """
    path = _path(name)
    if not name or not path.is_file():
        raise PictureIsGone("La foto no está en el servidor.", "Pida el documento y renueve el beneficio.")
    return path.read_bytes()


def _path(name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "beneficios" / name
