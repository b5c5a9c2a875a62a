"""When the database is down, full or too slow: a clear page or sentence, never a trace of program text."""

from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from caudal.kernel.refusals import Refusal
from caudal.kernel.server import diagnosis

DATABASE_ERRORS = (OperationalError, InterfaceError)


class DatabaseBusy(Refusal):
    """Somebody else held what was asked for longer than anyone waits."""


def explain(error: BaseException) -> Refusal:
    """What happened to the database, for a clerk. Whatever was being saved was rolled back whole."""
    told = str(error)
    if "lock timeout" in told or "statement timeout" in told or "deadlock" in told:
        return DatabaseBusy(
            "Otra persona está trabajando con los mismos datos.",
            "No se guardó nada a medias: vuelva a intentar en un momento.",
        )
    return diagnosis.explain(told, doing="Se consultó la base de datos")


class DatabaseTrouble:
    """Middleware: a page that says what happened and what to do, with 503, when the database fails."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        except DATABASE_ERRORS as error:  # the session itself could not be read
            return self._page(error)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return self._page(error) if isinstance(error, DATABASE_ERRORS) else None

    @staticmethod
    def _page(error: BaseException) -> HttpResponse:
        # rendered without a request: a context processor would ask the database again
        body = render_to_string("kernel/trouble.html", {"refusal": explain(error)})
        answer = HttpResponse(body, status=503)
        answer["Retry-After"] = "30"
        return answer
