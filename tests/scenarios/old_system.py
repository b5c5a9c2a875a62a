"""A tiny export of an old system, written by hand: three people everybody knows, and what they owe.

Doña Lupita is metered and has her discount; Don Chuy has a flat rate and owes November and December; the
tortillería La Espiga is metered. Amounts are those of the lines below, to the centavo.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from caudal.intake import mapping
from caudal.intake.findings import Finding
from caudal.intake.mapping import Mapping as IntakeMapping
from caudal.intake.rehearsal import Rehearsal, rehearse
from caudal.intake.town.prices import Amounts, Case

AT = datetime(2019, 1, 2, 9, tzinfo=ZoneInfo("America/Mexico_City"))
CUTOFF = date(2018, 12, 31)
PADRON = "CUENTA|SECTOR|RUTA|FOLIO|NOMBRE|DOMICILIO|COLONIA|LOCALIDAD|TARIFA|SERV|DRENAJE|MEDIDOR|DIAM|F_ALTA|DESCTO|TEL|RFC|CURP|STATUS|SALDO|MESES|ULT_PAGO"
LECTURAS = "CUENTA,MEDIDOR,ANIO,MES,LECTURA,CONSUMO,OBS,FECHA,LECTURISTA"
ADEUDOS = "CUENTA,ANIO,MES,CONCEPTO,IMPORTE"
PAGOS = "FOLIO;CUENTA;FECHA;HORA;IMPORTE;FORMA;CAJA;CANCEL"
LUPITA = "010293|01|001|00020|GUADALUPE NUÑEZ VIUDA DE ORTEGA|MORELOS 293|CENTRO|LA BARCA|HAB-GEN|M|S|AZ5300293|1/2|11/03/1988|50|3929251293|||A|0.00|0|17/12/2018"
CHUY = "010117|01|001|00010|JESUS RAMIREZ OCHOA|HIDALGO 117|CENTRO|LA BARCA|HAB-GEN|F|S||1/2|02/09/1997||3929251117|||A|273.90|2|30/10/2018"
ESPIGA = "010405|01|001|00030|TORTILLERIA LA ESPIGA|JUAREZ 45|CENTRO|LA BARCA|COM-SEC|M|S|AZ5300405|3/4|20/05/2004||3929251405|||A|0.00|0|18/12/2018"
# 110.00 + 22.00 + 3.30 + 1.10 = 136.40 and 110.00 + 22.00 + 3.30 + 2.20 = 137.50; both are 273.90
CHUY_OWES = (
    "010117,2018,12,AGUA,110.00",
    "010117,2018,12,SANEA,22.00",
    "010117,2018,12,INFRA,3.30",
    "010117,2018,12,RECARGO,1.10",
    "010117,2018,11,AGUA,110.00",
    "010117,2018,11,SANEA,22.00",
    "010117,2018,11,INFRA,3.30",
    "010117,2018,11,RECARGO,2.20",
)
READ = (
    "010293,AZ5300293,2018,10,950,8,,24/10/2018,JRL",
    "010293,AZ5300293,2018,11,,,PC,27/11/2018,JRL",
    "010293,AZ5300293,2018,12,967,9,,21/12/2018,MPG",
    "010405,AZ5300405,2018,11,4100,44,,27/11/2018,MPG",
    "010405,AZ5300405,2018,12,4146,46,,21/12/2018,MPG",
)
PAID = (
    "A0000001;010293;17/12/2018;08:30;42.50;E;2;",
    "B0000002;010405;18/12/2018;12:42;800.00;T;1;",
)


def export(
    directory: Path,
    *,
    accounts: Sequence[str] = (CHUY, LUPITA, ESPIGA),
    readings: Sequence[str] = READ,
    debts: Sequence[str] = CHUY_OWES,
    payments: Sequence[str] = PAID,
    encoding: str = "cp1252",
) -> Path:
    """Write the four files into a folder, as the old system would."""
    files = {
        "PADRON.TXT": (PADRON, *accounts), "LECTURAS.CSV": (LECTURAS, *readings), "ADEUDOS.CSV": (ADEUDOS, *debts),
        "PAGOS18.CSV": (PAGOS, *payments),
    }  # fmt: skip
    directory.mkdir(parents=True, exist_ok=True)
    for name, lines in files.items():
        (directory / name).write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))
    return directory


def shipped_map(*, replacing: Mapping[str, str] | None = None) -> IntakeMapping:
    """The mapping that comes with Caudal, with some of its text replaced."""
    text = mapping.DEFAULT.read_text(encoding="utf-8")
    for old, new in (replacing or {}).items():
        assert old in text
        text = text.replace(old, new)
    return mapping.parse(text=text, file="mapa.toml")


def rehearsed(directory: Path, *, replacing: Mapping[str, str] | None = None) -> Rehearsal:
    """Rehearse a folder with the shipped mapping."""
    return rehearse(directory=directory, mapping=shipped_map(replacing=replacing))


def only(rehearsal: Rehearsal, code: str) -> Finding:
    """The single finding of a kind."""
    (finding,) = rehearsal.of(code)
    return finding


class RoundPrices:
    """An old system with round prices, so that sums are done in the head: $100 flat; $70 and $7 per m³ above ten."""

    def of(self, cases: Sequence[Case]) -> dict[Case, Amounts]:
        return {case: self._price(case) for case in cases}

    def _price(self, case: Case) -> Amounts:
        water = 7_000 + 700 * max(0, case.consumption_m3 - 10) if case.is_metered else 10_000
        return Amounts(water, water // 5 if case.has_sewerage else 0, water * 3 // 100)
