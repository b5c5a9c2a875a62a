"""Workings in Spanish: what the bill, the quote and the pages print beside an amount."""

from collections.abc import Mapping
from typing import Any, Final

from caudal.kernel.wording import MONTHS_SHORT, pesos
from caudal.tariffs.format.amounts import ppm_text, price_text, thousandths_text

UNITS: Final = {
    "m3": "m³", "L": "L", "gal": "gal", "kgal": "mil gal", "imp_gal": "gal imp.", "ft3": "ft³", "ccf": "cien ft³",
}  # fmt: skip
BENEFITS: Final = {
    "pensioner": "pensionado o jubilado",
    "disabled": "persona con discapacidad",
    "widowed": "viuda o viudo",
    "senior": "adulto mayor",
    "early_payment": "pago anual anticipado",
}
_OF: Final = {
    "water": "del agua",
    "sewerage": "del alcantarillado",
    "wastewater_treatment": "del saneamiento",
    "infrastructure_charge": "de la infraestructura",
}
_STEPS: Final = {
    "fixed": "parte fija",
    "flat": "cuota fija",
    "table": "según tabla",
    "area": "por superficie",
    "minimum": "hasta la cuota mínima",
}
_WHILE_INTERRUPTED: Final = {
    "minimum": "solo la cuota mínima",
    "flat": "solo la cuota fija",
    "nothing": "sin cobro",
    "as_usual": "",
}


def working_text(body: Mapping[str, Any], *, base_cents: int | None = None) -> str:
    """One line: `primeros 10 m³ $70.00 + 10 m³ × $7.10 + 7 m³ × $7.60`."""
    if body["kind"] == "percent":
        return f"{ppm_text(body['ppm'])} {of_text(body['of'])}{_base(base_cents)}"
    if body["kind"] == "reduction":
        return _reduction(body, base_cents)
    if body["kind"] == "regularization":
        return _regularization(body)
    if body["kind"] == "held_price":
        return f"precio del libro {body['held']}, con el que se pagó por adelantado"
    return _water(body)


def _regularization(body: Mapping[str, Any]) -> str:
    """`nov 2018: 21 → 20 m³`: what each estimated period was billed for, and what it really was."""
    return ", ".join(
        f"{MONTHS_SHORT[each['period'] % 100 - 1]} {each['period'] // 100}: "
        f"{each['estimated_m3']} → {each['real_m3']} m³"
        for each in body["periods"]
    )


def of_text(concepts: list[str]) -> str:
    """`del agua y del alcantarillado`."""
    words = [_OF.get(concept, f"de {concept}") for concept in concepts]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} y {words[-1]}"


def _base(base_cents: int | None) -> str:
    return "" if base_cents is None else f" ({pesos(base_cents)})"


def _reduction(body: Mapping[str, Any], base_cents: int | None) -> str:
    who = BENEFITS.get(body["benefit"], body["benefit"])
    share = f"{ppm_text(body['ppm'])} {of_text(body['of'])}"
    if "cap" in body and body["above_cap"] == "first_units_only":
        share += f" por los primeros {thousandths_text(body['cap'])} {UNITS[body['unit']]}"
    rule = f", campaña {body['rule']}" if "rule" in body else ""
    return f"{share}{_base(base_cents)}, {who}{rule}"


def _water(body: Mapping[str, Any]) -> str:
    unit = UNITS[body.get("unit", "m3")]
    text = " + ".join(filter(None, (_step(step, body, unit) for step in body["steps"]))) or "sin cobro"
    if body["days"] != body["period_days"]:
        text += _days(body["days"], body["period_days"])
    if "meter_unit" in body:
        text += f" (medidos {thousandths_text(body['volume'])} {UNITS[body['meter_unit']]})"
    held = _WHILE_INTERRUPTED[body.get("while_interrupted", "as_usual")]
    return f"{text} (servicio interrumpido: {held})" if held else text


def _step(step: Mapping[str, Any], body: Mapping[str, Any], unit: str) -> str:
    kind = step["kind"]
    if kind == "tier" and not step["price"]:
        # what the allowance covers is already told with the fixed part
        is_told = any(each["kind"] == "fixed" for each in body["steps"]) and body.get("allowance")
        return "" if is_told else f"{thousandths_text(step['quantity'])} {unit} sin costo"
    if kind == "tier":
        return f"{thousandths_text(step['quantity'])} {unit} × ${price_text(step['price'])}"
    words = _STEPS[kind]
    if kind == "fixed" and body.get("allowance"):
        words = f"primeros {_allowance(body)} {unit}"
    if kind == "area":
        words = f"{body.get('area_m2', 0)} m²"
    return f"{words} {pesos(step['cents'])}"


def _allowance(body: Mapping[str, Any]) -> str:
    scaled = body["allowance"] * body["days"]
    return thousandths_text((scaled + body["period_days"] // 2) // body["period_days"])


def _days(days: int, period_days: int) -> str:
    if days % period_days == 0:
        return f" ({days // period_days} meses)"
    return f" ({days} de {period_days} días)"
