"""Sheets into PDF: one Typst document for many pages, its data as JSON, its fonts our own.

The same sheets give the same bytes: the clock of the document is the issue date of its first sheet. Two looks of
one file: `accessible` (tagged, PDF/UA-1) for a file that a person opens, plain for paper by the thousand, where
tags would only cost time.
"""

import base64
import json
import re
import threading
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from caudal.documents import account_page, bill_page, figures
from caudal.documents.layouts import AccountSheet, BillSheet, Issuer
from caudal.kernel.refusals import Refusal

_COMPILATIONS_REMEMBERED = 11
HERE = Path(__file__).parent
TEMPLATES = HERE / "typst"
FONTS = HERE / "fonts"
_OVERFLOW = re.compile(r"does not fit: ([\d,]+)")


class CannotPrintBill(Refusal):
    """The bill has more to say than a page can hold, even at the tightest setting."""


class CannotReadLogo(Refusal):
    """The utility's logo is missing or is not an SVG, PNG or JPEG."""


def bills_pdf(*, sheets: Sequence[BillSheet], accessible: bool = True) -> bytes:
    """One PDF, a page a sheet, in the given order.

    :raises CannotPrintBill: if there are no sheets, or one does not fit on its page
    :raises CannotEncodePayment: if an account or a total does not fit in the bars of the stub
    :raises CannotReadLogo: if the utility's logo cannot be read
    """
    return typeset_bills(job=bills_job(sheets=sheets), sheets=sheets, accessible=accessible)


def account_pdf(*, sheet: AccountSheet) -> bytes:
    """An account statement as a tagged PDF, on as many pages as its movements take.

    :raises CannotReadLogo: if the utility's logo cannot be read
    """
    return paper(
        template="account.typ",
        title=f"Estado de cuenta {sheet.account_number}",
        issuer=sheet.issuer,
        on=sheet.issued_on,
        page=account_page.statement_page(sheet=sheet),
    )


def bills_job(*, sheets: Sequence[BillSheet]) -> dict[str, Any]:
    """What the bill template is given: the issuers once, and a page a sheet."""
    if not sheets:
        raise CannotPrintBill("No hay recibos que imprimir.", "Elige una emisión o una cuenta con recibo.")
    issuers: dict[Issuer, int] = {}
    pages = [
        bill_page.page(sheet=sheet, issuer=issuers.setdefault(sheet.issuer, len(issuers))) for sheet in sheets
    ]
    first, last = sheets[0], sheets[-1]
    return {
        "title": f"Recibo {first.folio}" if first is last else f"Recibos {first.folio} a {last.folio}",
        "on": _year_month_day(first.issued_on),
        "issuers": [issuer_words(issuer=issuer) for issuer in issuers],
        "sheets": pages,
    }


def typeset_bills(*, job: dict[str, Any], sheets: Sequence[BillSheet], accessible: bool) -> bytes:
    """The job as PDF. A page that overflows is set tighter, it alone, until it fits or is refused."""
    while True:
        try:
            return typeset(template="bill.typ", job=job, on=sheets[0].issued_on, accessible=accessible)
        except typst.TypstError as error:
            too_long = _OVERFLOW.search(str(error))
            if too_long is None:
                raise
        for place in map(int, too_long[1].split(",")):
            page = job["sheets"][place]
            if page["density"] == bill_page.DENSITIES - 1:
                raise CannotPrintBill(
                    f"El recibo de la cuenta {sheets[place].account_number} no cabe en una hoja.",
                    "Acorta sus avisos o agrupa sus renglones.",
                    field="lines",
                    value=sheets[place].account_number,
                )
            page["density"] += 1


def typeset(
    *, template: str, job: dict[str, Any], on: date, accessible: bool, archival: bool = False
) -> bytes:
    """Compile one of our templates; `on` becomes the creation date inside the PDF.

    `archival` makes it PDF/A-2b besides: what it needs to be read in fifty years goes inside it.
    """
    standards: list[Any] = ["ua-1"] if accessible else []
    if archival:
        standards.append("a-2b")
    pdf = _compiler().compile(
        input=TEMPLATES / template,
        sys_inputs={"job": json.dumps(job, ensure_ascii=False)},
        format="pdf",
        pdf_standards=standards,
        pdf_tags=accessible,
        timestamp=datetime(on.year, on.month, on.day, tzinfo=UTC),
    )
    assert isinstance(pdf, bytes)
    return pdf


def picture(*, template: str, job: dict[str, Any], ppi: int) -> bytes:
    """The one page of a template as PNG."""
    png = _compiler().compile(
        input=TEMPLATES / template,
        sys_inputs={"job": json.dumps(job, ensure_ascii=False)},
        format="png",
        ppi=float(ppi),
    )
    assert isinstance(png, bytes), f"{template} takes more than one page"
    return png


def forget_layouts() -> None:
    """Let go of what Typst remembers of the last pages: it keeps the layouts of ten compilations, a gigabyte of them.

    Ten empty pages make the old ones due; a batch calls it after each file.
    """
    for _ in range(_COMPILATIONS_REMEMBERED):
        _compiler().compile(input=b"", format="pdf")


def issuer_words(*, issuer: Issuer) -> dict[str, str]:
    """The head of the page, with the logo inside it."""
    phone, whatsapp = (number.replace(" ", figures.TIE) for number in (issuer.phone, issuer.whatsapp))
    where = (f"RFC {issuer.rfc}" if issuer.rfc else "", issuer.address)
    reach = (phone and f"Tel. {phone}", whatsapp and f"WhatsApp {whatsapp}")
    return {
        "name": issuer.name,
        "long_name": issuer.long_name,
        "where": " · ".join(part for part in where if part),
        "reach": " · ".join(part for part in reach if part),
        "color": issuer.primary_color,
        "initial": issuer.name[:1].upper(),
        "logo": _logo_svg(issuer.logo_path) if issuer.logo_path else "",
    }


def paper(*, template: str, title: str, issuer: Issuer, on: date, page: dict[str, Any]) -> bytes:
    """A paper of one subject as a tagged PDF, with the utility at its head.

    :raises CannotReadLogo: if the utility's logo cannot be read
    """
    job = {"title": title, "on": _year_month_day(on), "issuer": issuer_words(issuer=issuer), "sheet": page}
    return typeset(template=template, job=job, on=on, accessible=True)


_of_this_thread = threading.local()


def _compiler() -> typst.Compiler:
    """One compiler a thread: it keeps the fonts loaded, and refuses to serve two at a time."""
    if not hasattr(_of_this_thread, "compiler"):
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
        _of_this_thread.compiler = typst.Compiler(root=TEMPLATES, font_paths=fonts, ignore_system_fonts=True)
    compiler: typst.Compiler = _of_this_thread.compiler
    return compiler


@cache
def _logo_svg(path: str) -> str:
    """The logo as SVG; a PNG or JPEG goes inside one, so that the template knows a single kind of picture."""
    try:
        content = Path(path).read_bytes()
    except OSError as missing:
        remedy = "Vuelve a elegir el archivo."
        raise CannotReadLogo("No se puede leer el logotipo.", remedy, file=path) from missing
    if b"<svg" in content[:1000]:
        return content.decode("utf-8")
    if content.startswith(b"\x89PNG"):
        kind = "png"
    elif content.startswith(b"\xff\xd8\xff"):
        kind = "jpeg"
    else:
        remedy = "Guárdalo en uno de esos formatos."
        raise CannotReadLogo("El logotipo no es SVG, PNG ni JPEG.", remedy, file=path)
    picture = base64.b64encode(content).decode("ascii")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
        f'<image width="100" height="100" href="data:image/{kind};base64,{picture}"/></svg>'
    )


def _year_month_day(on: date) -> tuple[int, int, int]:
    return (on.year, on.month, on.day)
