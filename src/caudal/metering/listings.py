"""What the commands of metering say, in lines."""

from collections.abc import Callable
from typing import Any


def reading_facts(made: Any) -> dict[str, Any]:
    """What was written, for a program."""
    return {
        "id": made.pk,
        "meter": made.installation.meter.serial,
        "period": int(made.period),
        "value": made.value,
        "exception_code": made.exception_code,
        "read_on": made.read_on,
        "revision": made.revision,
    }


def reading_text(facts: dict[str, Any]) -> str:
    """What was written, in a line."""
    seen = "sin lectura" if facts["value"] is None else f"lectura {facts['value']}"
    again = f" (corrección {facts['revision'] - 1})" if facts["revision"] > 1 else ""
    return (
        f"Medidor {facts['meter']}, {facts['period']}: {seen}, observación {facts['exception_code']}{again}."
    )


def consumption_text(row: dict[str, Any]) -> str:
    """A consumption in a line."""
    doubts = f" Revisar: {'; '.join(row['doubt_texts'])}." if row["doubt_texts"] else ""
    return (
        f"{row['previous_reading']} → {row['current_reading']}: {row['consumption_m3']} m³ en {row['days']} días "
        f"({row['basis_text']}).{doubts}"
    )


def assessment_text(result: dict[str, Any]) -> str:
    """What came of an assessment."""
    lines = [
        f"{result['n_points']:,} tomas, {result['consumption_m3']:,} m³.",
        f"  Reales {result['n_real']:,} · estimadas {result['n_estimated']:,} · "
        f"promediadas {result['n_averaged']:,} · sin servicio {result['n_no_service']:,}",
        f"  Con dudas {result['n_doubtful']:,}; periodos estimados que se regularizan "
        f"{result['n_revised_periods']:,}",
    ]
    return "\n".join(lines)


def import_text(outcome: dict[str, Any]) -> str:
    """What came of a file."""
    lines = [
        f"{finding['file']}, renglón {finding['row']}, columna {finding['column']}, valor «{finding['value']}»: "
        f"{finding['what']} {finding['remedy']}"
        for finding in outcome["findings"]
    ]
    if outcome["n_written"]:
        lines.append(f"Se guardaron {outcome['n_written']:,} lecturas de {outcome['n_rows']:,} renglones.")
    else:
        lines.append(f"No se guardó ninguna de las {outcome['n_rows']:,} lecturas.")
    return "\n".join(lines)


def doubt_text(row: dict[str, Any]) -> str:
    """A doubtful consumption in a line."""
    return (
        f"{row['route']}-{row['walk_sequence']:04d}  {row['account_number']}  {row['holder'][:32]:32}  "
        f"{row['consumption_m3']:>6} m³ (promedio {row['mean_m3'] if row['mean_m3'] >= 0 else '—'})  "
        f"{'; '.join(row['doubt_texts'])}"
    )


def unread_text(row: dict[str, Any]) -> str:
    """A meter to read in a line."""
    return f"{row['route']}-{row['walk_sequence']:04d}  {row['account']}  {row['meter']}"


def reread_text(row: dict[str, Any]) -> str:
    """A reading asked again in a line."""
    return f"{row['route']}-{row['walk_sequence']:04d}  {row['period']}  {row['reason']} (pidió {row['requested_by']})"


def lines(one: Callable[[dict[str, Any]], str], none: str) -> Callable[[list[dict[str, Any]]], str]:
    """One line for each row, or that there is none."""
    return lambda rows: "\n".join(one(row) for row in rows) or none
