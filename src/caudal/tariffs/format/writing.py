"""From a document back to TOML text, and the hash that says two books are the same."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

import tomli_w

from caudal.tariffs.format import amounts
from caudal.tariffs.format.schema import BOOK, Kind, Parameter, Section

_TEXTS: Final[dict[Kind, Callable[[Any], Any]]] = {
    Kind.PRICE: amounts.price_text,
    Kind.CENTS: amounts.cents_text,
    Kind.PERCENT: amounts.ppm_text,
    Kind.VOLUME: lambda value: value // 1000 if value % 1000 == 0 else amounts.thousandths_text(value),
    Kind.DATE: date.fromisoformat,
}


def as_text(document: Mapping[str, Any]) -> str:
    """Write a document as TOML; reading it back gives the same document."""
    return tomli_w.dumps(_section(document, BOOK))


def document_hash(document: Mapping[str, Any]) -> str:
    """SHA-256 of the document as canonical JSON."""
    body = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(body.encode()).hexdigest()


def value_text(value: object, parameter: Parameter) -> str:
    """One value as a person reads it: `$7.10`, `20 %`, `10`, `sí`."""
    if value is None or value == [] or value == ():
        return "—"
    if isinstance(value, list | tuple):
        return ", ".join(value_text(each, parameter) for each in value)
    if parameter.kind is Kind.FLAG:
        return "sí" if value else "no"
    shown = str(_TEXTS.get(parameter.kind, str)(value))
    return f"${shown}" if parameter.kind in (Kind.PRICE, Kind.CENTS) else shown


def _section(document: Mapping[str, Any], section: Section) -> dict[str, Any]:
    written: dict[str, Any] = {}
    for parameter in section.parameters:
        if parameter.name in document:
            written[parameter.name] = _value(document[parameter.name], parameter)
    for inner in section.sections:
        if inner.name not in document:
            continue
        value = document[inner.name]
        written[inner.name] = (
            [_section(row, inner) for row in value] if inner.many else _section(value, inner)
        )
    return written


def _value(value: Any, parameter: Parameter) -> Any:
    convert = _TEXTS.get(parameter.kind, lambda each: each)
    return [convert(each) for each in value] if isinstance(value, list) else convert(value)
