"""What the command line prints of books, quotes and comparisons: plain tables in Spanish."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from caudal.kernel.cli import pesos
from caudal.tariffs.comparison import Change, Comparison
from caudal.tariffs.diffing import Difference
from caudal.tariffs.format.amounts import ppm_text, price_text, thousandths_text
from caudal.tariffs.format.findings import Finding
from caudal.tariffs.models import TariffBook
from caudal.tariffs.quoting import Quote

_NUMERIC = set("$0123456789−-+%.,— ")


def table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns as wide as their widest cell; what looks like a number goes to the right."""
    body = [list(row) for row in rows]
    widths = [max(len(row[place]) for row in [list(heading), *body]) for place in range(len(heading))]
    lines = [_line(heading, widths), "  ".join("─" * width for width in widths)]
    return "\n".join([*lines, *(_line(row, widths) for row in body)])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    placed = [
        cell.rjust(width) if cell and set(cell) <= _NUMERIC else cell.ljust(width)
        for cell, width in zip(cells, widths, strict=True)
    ]
    return "  ".join(placed).rstrip()


def span(book: TariffBook) -> str:
    """`rige del 2019-01-01 al 2020-01-01 (sin incluir)`."""
    until = f"al {book.effective_to} (sin incluir)" if book.effective_to else "en adelante"
    return f"rige del {book.effective_from} {until}"


def published(book: TariffBook, lacking: list[str]) -> str:
    """That it is in force, and which of its localities the registry does not have."""
    text = f"Publicado {book.code}: {span(book)}."
    if lacking:
        text += f"\nAviso: el padrón no tiene estas localidades, y su precio no alcanza a nadie: {', '.join(lacking)}."
    return text


def book_row(book: TariffBook) -> dict[str, Any]:
    """A book in the list, for `--json` and for the table."""
    return {
        "code": book.code,
        "name": book.name,
        "effective_from": str(book.effective_from),
        "effective_to": str(book.effective_to) if book.effective_to else None,
        "state": "publicado" if book.published_at else "borrador",
        "hash": book.document_hash,
    }


def book_list(rows: list[dict[str, Any]]) -> str:
    """The list of books."""
    if not rows:
        return "No hay libros. Cargue uno: «caudal tariff load archivo.toml»."
    cells = [
        (
            row["code"],
            row["name"],
            row["effective_from"],
            row["effective_to"] or "—",
            row["state"],
            row["hash"][:10],
        )
        for row in rows
    ]
    return table(("clave", "nombre", "desde", "hasta", "estado", "huella"), cells)


def findings(file: str, found: list[Finding]) -> str:
    """What must be corrected in a file."""
    if not found:
        return f"{file}: el libro es válido."
    return "\n".join([f"{file}: {len(found)} por corregir", *(f"  · {each}" for each in found)])


def book_page(book: TariffBook) -> str:
    """A whole book: its prices, then its percentages and benefits."""
    document = book.document
    parts = [
        f"{book.code} · {book.name}\n{book.legal_reference}\n{span(book)} · "
        f"{'publicado' if book.published_at else 'borrador'} · huella {book.document_hash[:10]}",
        table(("tarifa", "clases", "precio", "artículo"), [_schedule(row) for row in document["schedules"]]),
        table(
            ("adicional", "porcentaje", "artículo"),
            [(row["concept"], ppm_text(row["percent"]), row["article"]) for row in document.get("percentages", ())],
        ),
        table(
            ("beneficio", "porcentaje", "tope", "artículo"),
            [
                (row["category"], ppm_text(row["percent"]), thousandths_text(row["cap"]) if "cap" in row else "—", row["article"])
                for row in document.get("benefits", ())
            ],
        ),
    ]  # fmt: skip
    return "\n\n".join(parts)


def _schedule(row: Mapping[str, Any]) -> tuple[str, str, str, str]:
    return row["code"], ", ".join(row["classes"]), schedule_text(row), row["article"]


def schedule_text(row: Mapping[str, Any]) -> str:
    """`fija $70.00, incluye 10, a 20 $7.10, a 30 $7.60, más $8.20`."""
    words = {
        "fixed": "fija",
        "flat": "cuota",
        "uniform": "por unidad",
        "minimum": "mínima",
        "table_excess": "pasada la tabla",
    }
    told = [f"{word} ${price_text(row[name])}" for name, word in words.items() if name in row]
    if "allowance" in row:
        told.insert(1, f"incluye {thousandths_text(row['allowance'])}")
    if "table" in row:
        told.append(f"tabla de 0 a {len(row['table']) - 1}")
    for tier in row.get("tiers", ()):
        reach = f"a {thousandths_text(tier['up_to'])}" if "up_to" in tier else "más"
        told.append(f"{reach} ${price_text(tier['price'])}")
    told += [
        f"{'a ' + str(band['up_to_m2']) if 'up_to_m2' in band else 'más'} m² ${price_text(band['price'])}"
        for band in row.get("area_bands", ())
    ]
    return ", ".join(told)


def differences(found: list[Difference]) -> str:
    """Parameter by parameter."""
    if not found:
        return "Los dos libros dicen lo mismo."
    rows = [(each.place, each.old, each.new, percent(each.change_bp)) for each in found]
    return table(("parámetro", "antes", "ahora", "cambio"), rows)


def percent(basis_points: int | None) -> str:
    """`417` → `+4.17 %`."""
    if basis_points is None:
        return ""
    whole, rest = divmod(abs(basis_points), 100)
    return f"{'−' if basis_points < 0 else '+'}{whole}.{rest:02d} %"


def quote(book: TariffBook, answer: Quote) -> str:
    """A bill that nobody holds, with its arithmetic."""
    rows = [
        (line.name, pesos(line.amount_cents), pesos(line.vat_cents), line.text, line.article)
        for line in answer.lines
    ]
    rows.append(
        (
            "Total",
            pesos(answer.subtotal_cents),
            pesos(answer.vat_cents),
            f"a pagar {pesos(answer.total_cents)}",
            "",
        )
    )
    heading = f"{book.code} · tarifa {answer.schedule}"
    return f"{heading}\n{table(('concepto', 'importe', 'IVA', 'desarrollo', 'artículo'), rows)}"


def comparison(found: Comparison) -> str:
    """Revenue by class, then who pays more and who pays less."""
    rows = [
        (
            each.code,
            f"{each.accounts:,}",
            f"{each.volume_m3:,}",
            *_change(each.first_cents, each.second_cents),
        )
        for each in found.by_class
    ]
    rows.append(
        (
            "Total",
            f"{sum(each.accounts for each in found.by_class):,}",
            "",
            *_change(found.first_cents, found.second_cents),
        )
    )
    parts = [
        f"De {found.first} a {found.second}, padrón del {found.on}, último consumo conocido, IVA incluido",
        table(("clase", "cuentas", "m³", "antes", "ahora", "diferencia", "cambio"), rows),
        f"Pagan menos {found.pay_less:,} · pagan más {found.pay_more:,} · igual {found.pay_same:,}",
    ]
    for title, changes in (("Suben más", found.largest_increases), ("Bajan más", found.largest_decreases)):
        if changes:
            parts.append(
                f"{title}\n{table(('cuenta', 'clase', 'm³', 'antes', 'ahora', 'diferencia', 'cambio'), map(_account, changes))}"
            )
    left_out = {
        "sin lectura conocida": found.without_reading,
        f"sin precio en {found.first}": found.without_price[0],
        f"sin precio en {found.second}": found.without_price[1],
    }
    if any(left_out.values()):
        parts.append(
            "No comparadas: " + ", ".join(f"{count:,} {why}" for why, count in left_out.items() if count)
        )
    return "\n\n".join(parts)


def _account(each: Change) -> tuple[str, ...]:
    return (
        each.account,
        each.tariff_class,
        str(each.consumption_m3),
        *_change(each.first_cents, each.second_cents),
    )


def _change(first_cents: int, second_cents: int) -> tuple[str, str, str, str]:
    change = second_cents - first_cents
    basis = (
        None
        if not first_cents
        else (abs(change) * 10_000 + first_cents // 2) // first_cents * (-1 if change < 0 else 1)
    )
    return pesos(first_cents), pesos(second_cents), pesos(change), percent(basis)
