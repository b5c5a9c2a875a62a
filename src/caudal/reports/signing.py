"""The seal and the signature of what is published: SHA-256 of its canonical JSON, and the Ed25519 key of this house.

The private half is a file beside the database, not a row in it: whoever could rewrite the tables could not sign.
"""

import hashlib
import json
import os
import secrets
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

_RAW: Final = serialization.Encoding.Raw


def canonical(value: Any, /) -> bytes:
    """The one way a JSON value is written to be sealed."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def fingerprint(body: bytes, /) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def sign(*, seal: str) -> tuple[str, str]:
    """The signature of a seal, and the public half of the key that made it, in hexadecimal."""
    key = _key()
    return key.sign(bytes.fromhex(seal)).hex(), _public(key)


def is_signed(*, seal: str, signature: str, public_key: str) -> bool:
    """Whether that key signed that seal."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(
            bytes.fromhex(signature), bytes.fromhex(seal)
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def own_public_key() -> str:
    """The public half of this installation's key; empty while it has signed nothing."""
    return _public(_read(_path())) if _path().exists() else ""


def _public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(_RAW, serialization.PublicFormat.Raw).hex()


def _path() -> Path:
    return Path(settings.REPORT_KEY)


def _key() -> Ed25519PrivateKey:
    """The key of this installation, made the first time something is signed."""
    path = _path()
    if not path.exists():
        made = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(made)
        try:
            os.link(beside, path)  # whoever comes second keeps the key of the first
        except FileExistsError:
            pass
        finally:
            beside.unlink()
    return _read(path)


def _read(path: Path) -> Ed25519PrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    assert isinstance(key, Ed25519PrivateKey)
    return key
