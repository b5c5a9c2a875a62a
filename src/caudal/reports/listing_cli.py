"""`caudal report list` and `caudal report show`: the listings from the terminal, on the screen or as a file."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from caudal.kernel.cli import emit, json_option

MOST_ON_SCREEN = 50
DAY = click.DateTime(["%Y-%m-%d"])


@click.command("list")
@json_option
def list_listings(as_json: bool) -> None:
    """Los listados que hay, con la clave por la que se piden."""
    from caudal.reports import listings

    found = [
        {"topic": topic, "code": each.code, "title": each.title, "note": each.note}
        for topic, offered in listings.all_listings().items()
        for each in offered
    ]
    emit(found, as_json=as_json, text=_list_text)


def _list_text(found: list[dict[str, Any]]) -> str:
    lines: list[str] = []
    for topic in dict.fromkeys(each["topic"] for each in found):
        lines.append(topic)
        lines += [f"  {each['code']:<22} {each['title']}" for each in found if each["topic"] == topic]
    return "\n".join(lines)


@click.command("show")
@click.argument("code", metavar="CLAVE")
@click.option("--since", type=DAY, help="Desde este día (el primero del mes, si no se dice).")
@click.option("--until", type=DAY, help="Hasta este día, incluido (hoy, si no se dice).")
@click.option("--where", "narrowed", multiple=True, metavar="COLUMNA=VALOR", help="Solo los que digan eso.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Archivo .xlsx o .csv.")
@json_option
def show_listing(
    code: str,
    since: datetime | None,
    until: datetime | None,
    narrowed: tuple[str, ...],
    out: Path | None,
    as_json: bool,
) -> None:
    """Los renglones de un listado entre dos días, en pantalla o en un archivo con todos."""
    from caudal.reports import reading

    asked = _asked(code, since.date() if since else None, until.date() if until else None, narrowed)
    if out is not None:
        emit(_written(asked, out), as_json=as_json, text=lambda done: f"{done['rows']:,} renglones en {out}")
        return
    found = reading.page(asked=asked)
    names = [each.name for each in asked.source.columns]
    facts = {
        "code": code,
        "since": asked.since,
        "until": asked.until - timedelta(days=1) if asked.until else None,
        "n": found.n,
        "totals": found.totals,
        "rows": [dict(zip(names, row, strict=True)) for row in found.rows],
    }
    emit(facts, as_json=as_json, text=lambda facts: _page_text(asked, facts))


def _asked(code: str, since: date | None, until: date | None, narrowed: tuple[str, ...]) -> Any:
    from caudal.kernel import clock
    from caudal.reports import listings, reading

    source, today = listings.find(code=code), clock.today()
    names = [each.name for each in source.columns]
    where = []
    for each in narrowed:
        name, is_said, value = each.partition("=")
        if not is_said or name not in names:
            raise click.BadParameter(f"Diga COLUMNA=VALOR, con una columna de estas: {', '.join(names)}.")
        where.append((name, value))
    last = until or today
    return reading.Asked(
        source, (since or last.replace(day=1)) if source.day else None, last + timedelta(days=1), tuple(where)
    )


def _written(asked: Any, out: Path) -> dict[str, Any]:
    from caudal.kernel import snapshot
    from caudal.reports import exporting

    ending = out.suffix.lower().removeprefix(".")
    if ending not in set(exporting.Format):
        raise click.BadParameter("El archivo termina en .xlsx o en .csv.", param_hint="--out")
    with snapshot.of_one_moment(), out.open("wb") as target:
        n = exporting.write(asked=asked, wanted=exporting.Format(ending), target=target)
    return {"file": str(out), "rows": n}


def _page_text(asked: Any, facts: dict[str, Any]) -> str:
    from caudal.reports import telling

    names = tuple(each.name for each in asked.source.columns)
    shown = asked.source.shown
    table = [[each.title for each in shown]]
    for row in facts["rows"][:MOST_ON_SCREEN]:
        values = tuple(row.values())
        table.append(
            [
                telling.cell(row[each.name], column=each, row=values, names=names).replace("\n", " ")[:40]
                for each in shown
            ]
        )
    if facts["totals"]:
        totals = [
            telling.cell(facts["totals"][each.name], column=each) if each.is_total else "" for each in shown
        ]
        table.append(["Total", *totals[1:]])
    widths = [max(len(line[place]) for line in table) for place in range(len(shown))]
    lines = [
        "  ".join(
            text.rjust(width) if each.kind in telling.NUMBERS else text.ljust(width)
            for text, width, each in zip(line, widths, shown, strict=True)
        ).rstrip()
        for line in table
    ]
    said = telling.sentence(asked=asked, words={})
    shown_of = min(facts["n"], MOST_ON_SCREEN)
    return "\n".join([f"{asked.source.title}. {said} {shown_of:,} de {facts['n']:,} renglones.", *lines])


COMMANDS = [list_listings, show_listing]
