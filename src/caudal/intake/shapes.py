"""What each kind of file may say: its fields, their meaning, and the headings by which others know them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Type(StrEnum):
    TEXT = "texto"
    CODE = "clave"
    NUMBER = "número"
    DATE = "fecha"
    TIME = "hora"
    AMOUNT = "importe"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a table says. `known_as` are headings seen in other systems, without accents."""

    name: str
    meaning: str
    type: Type = Type.TEXT
    is_required: bool = False
    known_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of table: what it is called, its fields, and which identify a row."""

    name: str
    title: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    known_as: tuple[str, ...]

    def field(self, name: str) -> Field:
        return next(each for each in self.fields if each.name == name)


_YEAR = Field("year", "año", Type.NUMBER, known_as=("ANIO", "ANO", "AÑO", "EJERCICIO", "YEAR"))
_MONTH = Field("month", "mes", Type.NUMBER, known_as=("MES", "BIM", "BIMESTRE", "MONTH"))
_PERIOD = Field("period", "periodo AAAAMM", Type.NUMBER, known_as=("PERIODO", "PER", "AAAAMM"))
_ACCOUNT = Field(
    "account", "cuenta", is_required=True,
    known_as=("CUENTA", "CTA", "CONTRATO", "NUM_CTA", "NO_CUENTA", "NIS", "CLAVE", "USUARIO"),
)  # fmt: skip

ACCOUNTS: Final = Shape(
    "accounts", "padrón", key=("number",), known_as=("PADRON", "USUARIOS", "CLIENTES", "CUENTAS"),
    fields=(
        Field("number", "número de cuenta", is_required=True, known_as=_ACCOUNT.known_as),
        Field("sector", "sector", known_as=("SECTOR", "ZONA", "SEC")),
        Field("route", "ruta", is_required=True, known_as=("RUTA", "RTA", "LIBRO")),
        Field("walk_sequence", "folio en la ruta", Type.NUMBER, True, ("FOLIO", "SECUENCIA", "ORDEN", "SEC_RUTA")),
        Field("name", "nombre", is_required=True, known_as=("NOMBRE", "TITULAR", "USUARIO", "NOM", "RAZON_SOCIAL")),
        Field("address", "domicilio", is_required=True, known_as=("DOMICILIO", "DIRECCION", "CALLE", "DOM")),
        Field("neighborhood", "colonia", known_as=("COLONIA", "COL", "BARRIO", "FRACC")),
        Field("locality", "localidad", is_required=True, known_as=("LOCALIDAD", "POBLACION", "LOC", "COMUNIDAD")),
        Field("tariff_class", "tarifa", Type.CODE, True, ("TARIFA", "TIPO", "USO", "GIRO", "CLASE")),
        Field("service", "medido o cuota fija", Type.CODE, True, ("SERV", "SERVICIO", "REGIMEN", "TIPO_SERV")),
        Field("sewerage", "drenaje", Type.CODE, True, ("DRENAJE", "ALCANTARILLADO", "DESCARGA", "DREN")),
        Field("meter", "medidor", known_as=("MEDIDOR", "NUM_MED", "SERIE", "NO_MEDIDOR", "MED")),
        Field("diameter", "diámetro de la toma", Type.CODE, True, ("DIAM", "DIAMETRO", "TOMA")),
        Field("opened_on", "fecha de alta", Type.DATE, True, ("F_ALTA", "FECHA_ALTA", "ALTA", "FEC_CONTRATO")),
        Field("discount", "descuento", Type.CODE, known_as=("DESCTO", "DESCUENTO", "SUBSIDIO", "INAPAM")),
        Field("phone", "teléfono", known_as=("TEL", "TELEFONO", "CELULAR")),
        Field("rfc", "RFC", known_as=("RFC",)),
        Field("curp", "CURP", known_as=("CURP",)),
        Field("status", "estado de la cuenta", Type.CODE, True, ("STATUS", "ESTADO", "SITUACION", "ESTATUS")),
        Field("balance", "saldo", Type.AMOUNT, known_as=("SALDO", "ADEUDO", "SALDO_TOTAL", "TOTAL")),
        Field("months_owed", "meses que debe", Type.NUMBER, known_as=("MESES", "MESES_ADEUDO", "NUM_MESES")),
    ),
)  # fmt: skip
READINGS: Final = Shape(
    "readings", "lecturas", key=("account", "year", "month"), known_as=("LECTURA", "CONSUMO", "MICRO"),
    fields=(
        _ACCOUNT,
        Field("meter", "medidor", is_required=True, known_as=("MEDIDOR", "NUM_MED", "SERIE", "MED")),
        _YEAR, _MONTH, _PERIOD,
        Field("value", "lectura", Type.NUMBER, known_as=("LECTURA", "LECT", "LEC_ACT", "LECTURA_ACTUAL")),
        Field("consumption", "consumo en m³", Type.NUMBER, known_as=("CONSUMO", "M3", "CONS")),
        Field("observation", "observación", Type.CODE, known_as=("OBS", "ANOMALIA", "OBSERVACION", "INCIDENCIA")),
        Field("read_on", "fecha de lectura", Type.DATE, True, ("FECHA", "FECHA_LECTURA", "F_LECT")),
        Field("reader", "lecturista", known_as=("LECTURISTA", "LECTOR", "EMPLEADO")),
    ),
)  # fmt: skip
DEBTS: Final = Shape(
    "debts", "adeudos", key=("account", "year", "month", "concept"),
    known_as=("ADEUDO", "CARTERA", "REZAGO", "SALDOS", "CARGOS"),
    fields=(
        _ACCOUNT, _YEAR, _MONTH, _PERIOD,
        Field("concept", "concepto", Type.CODE, True, ("CONCEPTO", "CVE_CONCEPTO", "CONC", "RUBRO")),
        Field("amount", "importe", Type.AMOUNT, True, ("IMPORTE", "MONTO", "CARGO", "SALDO", "ADEUDO")),
    ),
)  # fmt: skip
PAYMENTS: Final = Shape(
    "payments", "cobranza", key=("folio",), known_as=("PAGO", "COBRANZA", "RECAUDACION", "CAJA", "INGRESOS"),
    fields=(
        Field("folio", "folio del pago", is_required=True, known_as=("FOLIO", "RECIBO", "NUM_RECIBO", "TICKET")),
        _ACCOUNT,
        Field("paid_on", "fecha del pago", Type.DATE, True, ("FECHA", "FECHA_PAGO", "F_PAGO")),
        Field("paid_at", "hora del pago", Type.TIME, known_as=("HORA",)),
        Field("amount", "importe", Type.AMOUNT, True, ("IMPORTE", "MONTO", "TOTAL", "PAGO")),
        Field("tender", "forma de pago", Type.CODE, True, ("FORMA", "FORMA_PAGO", "TIPO_PAGO")),
        Field("till", "caja", known_as=("CAJA", "CAJERO", "TERMINAL")),
        Field("canceled", "cancelado", Type.CODE, known_as=("CANCEL", "CANCELADO", "ESTADO", "STATUS")),
    ),
)  # fmt: skip
SHAPES: Final = {shape.name: shape for shape in (ACCOUNTS, READINGS, DEBTS, PAYMENTS)}
