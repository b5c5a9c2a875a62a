"""`caudal indicator`: a month of indicators, what should be reached, and the volume produced, from the terminal."""

from typing import Any

import click

from caudal.kernel import clock
from caudal.kernel.cli import emit, json_option
from caudal.kernel.wording import month_name, pesos, thousands


@click.group()
def indicator() -> None:
    """Indicadores: un mes, sus metas y el volumen producido."""


@indicator.command()
@click.argument("period", type=int, metavar="MES")
@json_option
def show(period: int, as_json: bool) -> None:
    """Cada indicador de un MES (201901), con sus dos números y su meta."""
    from caudal.reports import indicators

    found = [
        {
            "code": each.indicator.code, "name": each.indicator.name, "value": each.said, "ppm": each.ppm,
            "numerator": each.numerator, "denominator": each.denominator, "target_ppm": each.target_ppm,
            "light": str(each.light), "missing": each.missing,
        }
        for each in indicators.for_month(period=period, today=clock.today())
    ]  # fmt: skip
    emit(found, as_json=as_json, text=_month_text)


def _month_text(found: list[dict[str, Any]]) -> str:
    return "\n".join(f"{each['name']:<24} {each['missing'] or each['value']}" for each in found)


@indicator.command()
@click.argument("period", type=int, metavar="MES")
@json_option
def ageing(period: int, as_json: bool) -> None:
    """Lo que se debía al terminar cada uno de los trece meses hasta un MES, por su antigüedad."""
    from caudal.reports import ageing

    found = [
        {
            "period": each.period, "on": each.on.isoformat(), "total_cents": each.total_cents,
            "cents": dict(zip(ageing.NAMES, each.cents, strict=True)),
        }
        for each in ageing.series(until=period, today=clock.today())
    ]  # fmt: skip
    emit(found, as_json=as_json, text=_ageing_text)


def _ageing_text(found: list[dict[str, Any]]) -> str:
    """A block for each month: what was owed in all, and each age that had any."""
    lines = []
    for each in found:
        lines.append(f"{month_name(each['period']):<24} {pesos(each['total_cents']):>18}")
        lines += [f"  {name:<22} {pesos(cents):>18}" for name, cents in each["cents"].items() if cents]
    return "\n".join(lines)


@indicator.command()
@click.argument("code", metavar="CLAVE")
@click.argument("period", type=int, metavar="MES")
@click.argument("amount", metavar="META")
@click.option("--channel", default="", help="Caja o canal, si es de lo cobrado (todos, si no se dice).")
@click.option("--reason", required=True, help="Por qué: el acuerdo o el motivo.")
@click.option("--by", required=True, help="Quién la fija.")
@json_option
def target(code: str, period: int, amount: str, channel: str, reason: str, by: str, as_json: bool) -> None:
    """Fija la META de CLAVE desde un MES: pesos si es `collected`, por ciento o por mil si es un indicador."""
    from caudal.reports import ageing, target_forms, targets

    row = targets.set_target(
        indicator=code, channel=channel, period=period, reason=reason, at=clock.now(), by=by, known=ageing.TARGETED,
        value=target_forms.read_amount(indicator=code, text=amount) or 0,
    )  # fmt: skip
    said = pesos(row.value) if code == targets.COLLECTED else ageing.TARGETED[code].said(row.value)
    emit(
        {"indicator": row.indicator, "channel": row.channel, "period": row.period, "value": row.value}, as_json=as_json,
        text=lambda _: f"Meta de {month_name(row.period)} en adelante: {said}",
    )  # fmt: skip


@indicator.command()
@click.argument("period", type=int, metavar="MES")
@click.argument("volume_m3", type=int, metavar="M3")
@click.option("--source", required=True, help="De dónde sale.")
@click.option("--by", required=True, help="Quién lo anota.")
@json_option
def produced(period: int, volume_m3: int, source: str, by: str, as_json: bool) -> None:
    """Anota los M3 que dieron las fuentes en un MES."""
    from caudal.reports import targets

    row = targets.record_volume(period=period, volume_m3=volume_m3, source=source, at=clock.now(), by=by)
    emit(
        {"period": row.period, "m3": row.volume_m3, "source": row.source}, as_json=as_json,
        text=lambda _: f"{month_name(row.period)}: {thousands(row.volume_m3)} m³ producidos",
    )  # fmt: skip
