"""What proves that something was done: a picture drawn again without what it hides, a PDF, a sound."""

import hashlib
from dataclasses import dataclass
from typing import Final

from caudal.kernel import pictures
from caudal.kernel.refusals import Refusal
from caudal.outreach import policy
from caudal.outreach.models import OutreachEntry

Kind = OutreachEntry.Evidence
LONGEST_SIDE: Final = 1600
SUFFIX_TYPES: Final = {
    "jpg": "image/jpeg", "pdf": "application/pdf", "mp3": "audio/mpeg", "m4a": "audio/mp4", "ogg": "audio/ogg",
    "wav": "audio/wav",
}  # fmt: skip


class CannotKeepEvidence(Refusal):
    """The file is too big, or is neither a picture, a PDF nor a sound."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file ready to be kept: its content, its suffix, what it is."""

    body: bytes
    suffix: str
    kind: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


def read_evidence(*, body: bytes) -> Evidence:
    """Look at what was handed in, by its content and never by its name.

    :raises CannotKeepEvidence: if it is empty, too big, or of another kind
    """
    if not body:
        raise CannotKeepEvidence("El archivo está vacío.", "Elíjalo otra vez.", field="evidence")
    if len(body) > policy.MOST_EVIDENCE_BYTES:
        raise CannotKeepEvidence(
            "El archivo pesa más de 10 MB.", "Mande uno más corto o más chico.", field="evidence"
        )
    if body.startswith(b"%PDF-"):
        return Evidence(body, "pdf", Kind.PAPER)
    if suffix := _sound_suffix(body):
        return Evidence(body, suffix, Kind.SOUND)
    return Evidence(_drawn_again(body), "jpg", Kind.PICTURE)


def _sound_suffix(body: bytes) -> str:
    if body.startswith(b"ID3") or body[:2] in (b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"):
        return "mp3"
    if body.startswith(b"OggS"):
        return "ogg"
    if body.startswith(b"RIFF") and body[8:12] == b"WAVE":
        return "wav"
    return "m4a" if body[4:8] == b"ftyp" and body[8:11] in (b"M4A", b"mp4", b"iso", b"3gp") else ""


def _drawn_again(body: bytes) -> bytes:
    """The picture upright, no larger than needed, without the place and the telephone written inside it."""
    try:
        return pictures.redrawn(body, longest_side=LONGEST_SIDE).content
    except pictures.TooManyPixels as problem:
        raise CannotKeepEvidence(
            "La foto es demasiado grande.", "Tómela con menos resolución.", field="evidence"
        ) from problem
    except pictures.NotAPicture as problem:
        raise CannotKeepEvidence(
            "No se puede abrir ese archivo.", "Elija una foto (JPG, PNG), un PDF o un audio (MP3, M4A, OGG, WAV).",
            field="evidence",
        ) from problem  # fmt: skip
