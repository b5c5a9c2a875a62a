"""What the phones ask and send. No cookies: each says who it is; every answer is JSON."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.timezone import localtime
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET, require_POST

from caudal.access import gates
from caudal.fieldwork import commands, queries, receiving
from caudal.fieldwork.models import Device
from caudal.kernel import clock, visitors
from caudal.kernel.refusals import Refusal

_SCHEME: Final = "Caudal "
_SMALL: Final = 64 * 1024
MOST_BATCH_BYTES: Final = 4 * 1024 * 1024
# base64 inside base64: a picture of 10 MB takes less than 18 to come
MOST_PHOTO_BYTES: Final = 18 * 1024 * 1024 + _SMALL

View = Callable[..., HttpResponse]


class _TooMuch(Exception):
    """More came than anybody sends."""


def _of_device(view: Callable[..., JsonResponse]) -> View:
    """Let in a phone that says who it is; one that was put out is told so at once, and wipes itself."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **words: Any) -> HttpResponse:
        said = request.headers.get("Authorization", "")
        token = said.removeprefix(_SCHEME) if said.startswith(_SCHEME) else ""
        device = queries.device_of_token(token=token) if token else None
        if device is None:
            return _answer({"revoked": True}, status=401)
        commands.saw_device(device=device, at=clock.now())
        try:
            return view(request, device, *args, **words)
        except _TooMuch:
            return _answer({"why": "Es demasiado para un solo envío. Mándelo en partes."}, status=413)

    return guarded


@gates.open_to_all
@csrf_exempt
@require_POST
def enrollment(request: HttpRequest) -> HttpResponse:
    """A phone comes in with the code of the office."""
    address, at = visitors.address_of(request), clock.now()
    if minutes := commands.begin_enrollment_try(address=address, at=at):
        wait = "1 minuto" if minutes == 1 else f"{minutes} minutos"
        return _answer(
            {"why": f"Hubo demasiados códigos equivocados. Espere {wait} y pida otro en la oficina."},
            status=429,
        )
    try:
        told = receiving.read_object(_body(request, _SMALL)) or {}
        code, name = (str(told.get(word, "")).replace("\0", "") for word in ("enroll_code", "name"))
        device, token = commands.enroll_device(code=code, name=name, at=at)
    except _TooMuch:
        return _answer({"why": "Eso no es un código de alta."}, status=413)
    except Refusal as refusal:
        if refusal.field != "enroll_code":
            commands.forgive_enrollment_try(address=address, at=at)
        return _answer({"why": str(refusal), "field": refusal.field}, status=422)
    commands.forgive_enrollment_try(address=address, at=at)
    return _answer({"device": device.code, "token": token, "public_key": device.public_key})


@gates.open_to_all
@csrf_exempt
@require_POST
@_of_device
def day(request: HttpRequest, device: Device) -> JsonResponse:
    """The day begins: the office's half of what opens the phone, and the rounds of its person."""
    at = clock.now()
    return _answer(
        {
            "share": device.share, "revoked": False,
            "rounds": queries.rounds_of(clerk=device.clerk, on=localtime(at).date()),
        }
    )  # fmt: skip


@gates.open_to_all
@csrf_exempt
@require_GET
@gzip_page
@_of_device
def round_pack(request: HttpRequest, device: Device, folio: str) -> JsonResponse:
    """All that is needed to walk a round without network."""
    pack = queries.pack(folio=folio.replace("\0", ""), clerk=device.clerk, at=clock.now())
    if pack is None:
        return _answer({"why": f"El recorrido {folio} ya no es suyo. Toque «Actualizar»."}, status=404)
    return _answer(pack)


@gates.open_to_all
@csrf_exempt
@require_POST
@_of_device
def events(request: HttpRequest, device: Device) -> JsonResponse:
    """What was done, in a batch that may have been cut: the whole lines are kept and answered one by one."""
    lines = receiving.split(_body(request, MOST_BATCH_BYTES))
    outcomes = commands.receive_events(device=device, lines=lines.whole, at=clock.now())
    told: dict[str, Any] = {"outcomes": [each.as_dict() for each in outcomes]}
    return _answer(told | ({"cut": True} if lines.is_cut else {}))


@gates.open_to_all
@csrf_exempt
@require_POST
@_of_device
def photo(request: HttpRequest, device: Device, photo: UUID) -> JsonResponse:
    """A picture of what was done."""
    envelope = receiving.read_object(_body(request, MOST_PHOTO_BYTES))
    try:
        if envelope is None:
            raise commands.CannotKeepPhoto("La foto llegó cortada.", "Se mandará otra vez.")
        kept, is_new = commands.receive_photo(
            device=device, photo_id=photo, envelope=envelope, at=clock.now()
        )
    except Refusal as refusal:
        # cut on its way: whole it may be sent again; the phone forgets only what was looked at and is no picture
        return _answer({"why": str(refusal)}, status=400 if envelope is None else 422)
    return _answer({"id": str(kept.pk), "state": "kept" if is_new else "repeated"})


@gates.open_to_all
@csrf_exempt
@require_POST
@_of_device
def revalidation(request: HttpRequest, device: Device) -> JsonResponse:
    """At the door: whether each order may still be done, asked now."""
    told = receiving.read_object(_body(request, _SMALL)) or {}
    folios = [each for each in told.get("orders") or [] if isinstance(each, str) and "\0" not in each]
    return _answer({"verdicts": queries.verdicts_of(folios=folios, clerk=device.clerk, at=clock.now())})


def _body(request: HttpRequest, most: int) -> bytes:
    """What came, up to so many bytes. A connection that broke gives what had come: lines cut at any byte."""
    body = b""
    try:
        while chunk := request.read(min(_SMALL, most + 1 - len(body))):
            body += chunk
            if len(body) > most:
                raise _TooMuch
    except OSError:  # the network went: what came whole is kept, and the rest is sent again
        return body
    return body


def _answer(told: dict[str, Any], *, status: int = 200) -> JsonResponse:
    answer = JsonResponse(told | {"now": localtime(clock.now()).isoformat()}, status=status)
    answer["Cache-Control"] = "no-store"
    return answer
