"""Sealed for the office: a key for each thing alone, itself sealed with the public key of the phone's enrolment.

AES-256-GCM and RSA-OAEP with SHA-256, as the browser's own cryptography does. The private half never leaves.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BITS: Final = 2048
_OAEP: Final = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)


class CannotOpen(Exception):
    """It was sealed for somebody else, or what came is not what was sent."""


def new_keys() -> tuple[str, str]:
    """A pair for one phone: the public half (SPKI) and the private one (PKCS#8), in base64."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    kept = private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return base64.b64encode(public).decode(), base64.b64encode(kept).decode()


def open_sealed(*, private_key: str, envelope: Mapping[str, Any]) -> dict[str, Any]:
    """What was sealed: the JSON object inside.

    :raises CannotOpen: if it was sealed with another key, a byte changed, or there is no object inside
    """
    try:
        key, iv, data = (base64.b64decode(envelope[part], validate=True) for part in ("key", "iv", "data"))
        body = AESGCM(_private(private_key).decrypt(key, _OAEP)).decrypt(iv, data, None)
        told = json.loads(body)
    except (KeyError, TypeError, ValueError, binascii.Error, InvalidTag, RecursionError) as problem:
        raise CannotOpen from problem
    if not isinstance(told, dict):
        raise CannotOpen
    return told


@lru_cache(maxsize=256)
def _private(key: str) -> rsa.RSAPrivateKey:
    """Read once: each reading checks the key, which takes longer than opening an envelope."""
    read = serialization.load_der_private_key(base64.b64decode(key), password=None)
    assert isinstance(read, rsa.RSAPrivateKey)
    return read
