"""A phone of the street: let in by the office, it seals each thing it tells with the key of its enrolment."""

import base64
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any, Final
from uuid import UUID

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from caudal.access.models import Clerk
from caudal.fieldwork import commands as fieldwork
from caudal.fieldwork.models import Device, Stop

OAEP: Final = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)
DEGREES: Final = 1_000_000


class NotTaken(RuntimeError):
    """The office set aside something the demonstration told: it has to be found out why."""


@dataclass(slots=True)
class Phone:
    """The phone of one person, with what is to be sent at the end of the walk."""

    device: Device
    rng: Random
    office: rsa.RSAPublicKey
    waiting: list[bytes] = field(default_factory=list)

    def tell(self, stop: Stop, kind: str, body: dict[str, Any], at: datetime) -> None:
        """Keep something, sealed."""
        told: dict[str, Any] = {
            "id": str(UUID(int=self.rng.getrandbits(128), version=4)), "stop": str(stop.code), "kind": kind,
            "body": body, "taken_at": at.isoformat(), "clock_offset": 0, "accuracy": self.rng.randrange(4, 18),
        }  # fmt: skip
        if stop.latitude_e6 is not None and stop.longitude_e6 is not None:
            told |= {"lat": self._near(stop.latitude_e6), "lon": self._near(stop.longitude_e6)}
        self.waiting.append(self._sealed(told))

    def deliver(self, stop: Stop, outcome: str, at: datetime) -> None:
        """A paper taken to its door."""
        receiver = "titular" if outcome == "delivered" else ""
        self.tell(stop, "delivery", {"outcome": outcome, "receiver": receiver, "notes": ""}, at)

    def send(self, at: datetime) -> Sequence[fieldwork.Acknowledgment]:
        """Send what waits.

        :raises NotTaken: if something was not applied
        """
        told = fieldwork.receive_events(device=self.device, lines=self.waiting, at=at)
        self.waiting = []
        apart = [each for each in told if each.state != "applied"]
        if apart:
            raise NotTaken(f"{len(apart)} de {len(told)}: {apart[0].state}, {apart[0].why}")
        return told

    def _near(self, place_e6: int) -> float:
        """Where the phone thinks it is: some metres away."""
        return (place_e6 + self.rng.randrange(-60, 61)) / DEGREES

    def _sealed(self, told: dict[str, Any]) -> bytes:
        key, iv = AESGCM.generate_key(256), os.urandom(12)
        parts = {
            "key": self.office.encrypt(key, OAEP), "iv": iv,
            "data": AESGCM(key).encrypt(iv, json.dumps(told).encode(), None),
        }  # fmt: skip
        envelope = {"id": told["id"], "to": self.device.code}
        return json.dumps(
            envelope | {part: base64.b64encode(body).decode() for part, body in parts.items()}
        ).encode()


def given_to(*, username: str, at: datetime, rng: Random) -> Phone:
    """Engineer Salas lets a phone in for somebody."""
    clerk = Clerk.objects.get(username=username)
    code = fieldwork.make_enrollment_code(clerk=clerk, at=at, by="salas")
    device, _ = fieldwork.enroll_device(code=code, name=f"Moto G de {clerk.first_name}"[:40], at=at)
    key = serialization.load_der_public_key(base64.b64decode(device.public_key))
    assert isinstance(key, rsa.RSAPublicKey)
    return Phone(device, rng, key)
