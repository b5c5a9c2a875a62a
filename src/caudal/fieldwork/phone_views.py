"""The telephone's application: one empty page, what to call it, and the worker that keeps it without network.

Nothing of anybody is in these three answers: they are the same for everyone, so a telephone may keep them.
"""

import hashlib
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from caudal.access import gates

FOLDER = "fieldwork/phone"
# beside its own folder, the application shows these two
SHARED = ("kernel/icons.svg", "kernel/vendor/inter-5.3.0/inter-latin-wght-normal.woff2")


@gates.open_to_all
@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """The page in which the application draws itself: the same for everybody, so nobody is asked who they are."""
    return HttpResponse(render_to_string("fieldwork/phone.html"))


@gates.open_to_all
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """How the telephone installs it: its name, its icon, its colors."""
    icons = [
        {"src": static(f"{FOLDER}/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": use}
        for size in (192, 512)
        for use in ("any", "maskable")
    ]  # fmt: skip
    answer = JsonResponse(
        {
            "id": reverse("phone_shell"), "start_url": reverse("phone_shell"), "scope": reverse("phone_shell"),
            "name": "Caudal en campo", "short_name": "Campo", "lang": "es-MX", "display": "standalone",
            "orientation": "portrait", "background_color": "#f4f7f8", "theme_color": "#06303f", "icons": icons,
        },
        content_type="application/manifest+json",
    )  # fmt: skip
    answer["Cache-Control"] = "no-cache"
    return answer


@gates.open_to_all
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """What keeps the application on the telephone: its files and their version, nothing else."""
    files = [reverse("phone_shell"), reverse("phone_manifest"), *(static(each) for each in _files())]
    page = {"version": _version(), "files": files, "shell": reverse("phone_shell")}
    body = render_to_string("fieldwork/phone_worker.js", page)
    answer = HttpResponse(body, content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    answer["Service-Worker-Allowed"] = reverse("phone_shell")
    return answer


def _files() -> list[str]:
    folder = Path(str(finders.find(FOLDER)))
    return [*(f"{FOLDER}/{each.name}" for each in sorted(folder.iterdir()) if each.is_file()), *SHARED]


@cache
def _version() -> str:
    """It changes when any byte of the application changes, and only then."""
    told = hashlib.sha256()
    page = Path(__file__).parent / "templates" / FOLDER.split("/")[0] / "phone.html"
    for path in (page, *(Path(str(finders.find(each))) for each in _files())):
        told.update(path.name.encode() + b"\0" + path.read_bytes())
    return told.hexdigest()[:16]
