"""The chain of receipts from the command line."""

import re
import sys
from dataclasses import asdict
from typing import Any

import click

from caudal.kernel.cli import emit, json_option


@click.command("chain")
@click.option("--series", help="Solo esta serie; las cancelaciones tienen la suya, como A-CAN.")
@click.option(
    "--head",
    "head_texts",
    multiple=True,
    metavar="FOLIO=SELLO",
    help="Cabeza impresa en un corte: el folio y sus 64 letras y números. Se puede repetir.",
)
@json_option
def chain_command(series: str | None, head_texts: tuple[str, ...], as_json: bool) -> None:
    """Vuelve a sellar los comprobantes y dice el primero que no coincide."""
    from caudal.cashier import chain

    report = chain.verify(series=series, heads=[_head(text) for text in head_texts])
    emit(
        {**asdict(report), "is_whole": report.is_whole, "first_bad_folio": report.first_bad_folio},
        as_json=as_json,
        text=_text,
    )
    if not report.is_whole:
        sys.exit(1)


def _head(text: str) -> Any:
    from caudal.cashier import chain

    folio, _, seal = text.strip().partition("=")
    if not re.fullmatch(r"[A-Z0-9-]+-\d{6,}", folio) or not re.fullmatch(r"[0-9a-fA-F]{64}", seal):
        raise click.BadParameter(
            f"«{text}» no se entiende: escríbala como A-000123=sello de 64 letras y números."
        )
    return chain.printed(folio=folio, seal=seal)


def _text(found: dict[str, Any]) -> str:
    lines = [f"{found['n_receipts']:,} comprobantes vueltos a sellar."]
    for head in found["heads"]:
        lines.append(
            f"  {head['series']:<10} {head['n_receipts']:>9,}   último {head['folio']}   {head['seal']}"
        )
    for problem in found["problems"]:
        lines.append(f"✗ {problem['folio'] or 'Serie ' + problem['series']}: {problem['what']}")
    lines.append(
        f"El primero que no coincide: {found['first_bad_folio'] or 'ver arriba'}."
        if found["problems"]
        else "La cadena está entera."
    )
    return "\n".join(lines)
