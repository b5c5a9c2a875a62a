"""Files of channels as they came, kept by what they say: between the rehearsal and the loading, and as evidence."""

import hashlib
import re
from pathlib import Path

from django.conf import settings

from caudal.kernel.refusals import Refusal


class UploadIsGone(Refusal):
    """The file that was rehearsed is not here any more."""


def keep(*, channel: str, content: bytes) -> str:
    """Keep a file → the SHA-256 it is found by. The same file again is the same one."""
    digest = hashlib.sha256(content).hexdigest()
    path = _path(channel, digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return digest


def read(*, channel: str, digest: str) -> bytes:
    """The bytes of a kept file.

    :raises UploadIsGone: if it is not there
    """
    path = _path(channel, digest)
    if not re.fullmatch(r"[0-9a-f]{64}", digest) or not path.is_file():
        raise UploadIsGone("El archivo ya no está en el servidor.", "Elíjalo otra vez.", field="file")
    return path.read_bytes()


def _path(channel: str, digest: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "canales" / channel / digest
