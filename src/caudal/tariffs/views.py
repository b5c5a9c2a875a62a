"""Pages of the tariff books: the list, one book, and two books over the whole padrón."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from caudal.access import gates, policy
from caudal.access import queries as clerks
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import pesos, short_date, signed_pesos, thousands
from caudal.tariffs import commands, pages, queries


@gates.requires(policy.READ_TARIFFS)
def books(request: HttpRequest) -> HttpResponse:
    """Every book, newest first, and the form that compares two."""
    found = list(queries.books())
    names = clerks.names_of(usernames={book.published_by for book in found})
    rows = [pages.book_row(book=book, on=clock.today(), names=names) for book in found]
    codes = [row.code for row in rows]
    in_force = next((row.code for row in rows if row.state == "vigente"), codes[0] if codes else "")
    other = next((code for code in codes if code != in_force), in_force)
    return render(request, "tariffs/books.html", {"books": rows, "default_a": other, "default_b": in_force})


@gates.requires(policy.READ_TARIFFS)
def book(request: HttpRequest, code: str) -> HttpResponse:
    """One book as tables, with its articles."""
    return _book_page(request, code)


def _book_page(request: HttpRequest, code: str, refusal: Refusal | None = None) -> HttpResponse:
    try:
        found = queries.book_by_code(code=code)
    except queries.UnknownBook as unknown:
        return render(request, "kernel/refusal.html", {"refusal": unknown}, status=404)
    page = {
        "book": pages.book_row(book=found, on=clock.today()),
        "may_publish": policy.may(clerk=request.user, act=policy.PUBLISH_TARIFFS),  # type: ignore[arg-type]
        "refusal": refusal,
        **pages.price_tables(document=found.document),
    }
    return render(request, "tariffs/book.html", page, status=409 if refusal else 200)


@gates.requires(policy.READ_TARIFFS)
def book_file(request: HttpRequest, code: str) -> HttpResponse:
    """The book as the TOML file that loads into the same book."""
    try:
        found = queries.book_by_code(code=code)
    except queries.UnknownBook as unknown:
        return render(request, "kernel/refusal.html", {"refusal": unknown}, status=404)
    answer = HttpResponse(queries.as_text(book=found), content_type="application/toml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{found.code}.toml"'
    return answer


@gates.requires(policy.PUBLISH_TARIFFS)
@require_POST
def publication(request: HttpRequest, code: str) -> HttpResponse:
    """Put a draft in force."""
    try:
        found = queries.book_by_code(code=code)
        commands.publish_book(book=found, by=request.user.get_username(), at=clock.now())
    except Refusal as refusal:
        return _book_page(request, code, refusal)
    return redirect("tariff_book", code=code)


@gates.requires(policy.READ_TARIFFS)
def comparison(request: HttpRequest) -> HttpResponse:
    """What the whole padrón would pay under two books."""
    codes = {side: request.GET.get(side, "") for side in ("a", "b")}
    try:
        compared = queries.compare(
            first=queries.book_by_code(code=codes["a"]),
            second=queries.book_by_code(code=codes["b"]),
            on=clock.today(),
        )
    except Refusal as refusal:
        return render(request, "tariffs/comparison.html", {**codes, "refusal": refusal}, status=404)
    n_compared = compared.pay_more + compared.pay_less + compared.pay_same
    figures = [
        {"label": codes["a"], "value": pesos(compared.first_cents), "note": "al mes, con IVA"},
        {"label": codes["b"], "value": pesos(compared.second_cents), "note": "al mes, con IVA"},
        {
            "label": "Diferencia al mes",
            "value": signed_pesos(compared.second_cents - compared.first_cents),
            "note": f"sobre {thousands(n_compared)} cuentas",
        },
        {
            "label": "Pagan más / menos",
            "value": f"{thousands(compared.pay_more)} / {thousands(compared.pay_less)}",
            "note": f"{thousands(compared.pay_same)} pagan igual",
        },
    ]
    apart = compared.without_reading + sum(compared.without_price)
    basis = f"Padrón al {short_date(compared.on)} con su último consumo conocido."
    if apart:
        basis += (
            f" {thousands(apart)} cuentas quedaron aparte por no tener lectura o precio en uno de los libros."
        )
    page = {**codes, "figures": figures, "basis": basis, **pages.comparison_tables(compared=compared)}
    return render(request, "tariffs/comparison.html", page)
