"""A phone of a story: let in by the office, it seals what it tells as the real one does."""

import base64
import io
import json
import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.test import Client
from PIL import Image

from caudal.access.models import Clerk
from caudal.fieldwork import commands as fieldwork
from caudal.fieldwork.models import Device, Stop

# the square of La Barca
HERE = {"lat": 20.28, "lon": -102.55, "accuracy": 8}


def picture(width: int = 64, height: int = 48, kind: str = "JPEG", **said: Any) -> bytes:
    """A picture of a given size; noise, so that it weighs."""
    drawn = io.BytesIO()
    Image.effect_noise((width, height), 60).convert("RGB").save(drawn, kind, **said)
    return drawn.getvalue()


@dataclass
class Telephone:
    """It keeps what it told, as the real one keeps it: sealed."""

    device: Device
    token: str
    office: rsa.RSAPublicKey = field(init=False)

    def __post_init__(self) -> None:
        key = serialization.load_der_public_key(base64.b64decode(self.device.public_key))
        assert isinstance(key, rsa.RSAPublicKey)
        self.office = key

    def tells(
        self, stop: Stop | UUID | str | None, kind: str, body: dict[str, Any], taken_at: datetime, **said: Any
    ) -> dict[str, Any]:
        """An event, as the phone writes it before sealing it."""
        code = str(stop.code) if isinstance(stop, Stop) else None if stop is None else str(stop)
        told = {
            "id": str(uuid4()),
            "stop": code,
            "kind": kind,
            "body": body,
            "taken_at": taken_at.isoformat(),
        }
        return told | HERE | {"clock_offset": 0} | said

    def delivers(
        self, stop: Stop, taken_at: datetime, outcome: str = "delivered", **said: Any
    ) -> dict[str, Any]:
        """A paper taken to its door."""
        return self.tells(
            stop, "delivery", {"outcome": outcome, "receiver": "titular", "notes": ""}, taken_at, **said
        )

    def sealed(self, told: dict[str, Any], *, name: str = "") -> dict[str, str]:
        """The envelope."""
        key, iv = AESGCM.generate_key(256), os.urandom(12)
        oaep = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)
        parts = {
            "key": self.office.encrypt(key, oaep), "iv": iv,
            "data": AESGCM(key).encrypt(iv, json.dumps(told).encode(), None),
        }  # fmt: skip
        said = {"id": name or str(told.get("id")), "to": self.device.code}
        return said | {part: base64.b64encode(body).decode() for part, body in parts.items()}

    def line(self, told: dict[str, Any]) -> bytes:
        """The envelope as a line of a batch."""
        return json.dumps(self.sealed(told)).encode()

    def sends(self, *told: dict[str, Any], at: datetime) -> list[fieldwork.Acknowledgment]:
        """Events straight to the office."""
        return fieldwork.receive_events(device=self.device, lines=[self.line(each) for each in told], at=at)

    def photo(self, event: dict[str, Any], body: bytes, role: str = "evidence") -> dict[str, str]:
        """The envelope of a picture of an event."""
        name = str(uuid4())
        inside = {"id": name, "event": event["id"], "role": role, "jpeg": base64.b64encode(body).decode()}
        return self.sealed(inside, name=name)

    def asks(self, path: str, body: Any = None, *, method: str = "post") -> Any:
        """A request as the real one makes it: no cookies, who it is in a heading."""
        headers = {"authorization": f"Caudal {self.token}"}
        if method == "get":
            return Client().get(path, headers=headers)
        data = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
        return Client().post(path, data=data, content_type="application/x-ndjson", headers=headers)


def telephone_of(clerk: Clerk, *, at: datetime, name: str = "Moto G") -> Telephone:
    """Salas lets in a phone for somebody, the day before: nothing it tells is before it was anybody's."""
    before = at - timedelta(days=1)
    code = fieldwork.make_enrollment_code(clerk=clerk, at=before, by="salas")
    return Telephone(*fieldwork.enroll_device(code=code, name=name, at=before))
