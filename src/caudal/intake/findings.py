"""What is wrong in the files: one finding per place, with what to do. The catalog of all of them is here."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How far a finding reaches."""

    STOPS = "detiene"  # nothing of the set may be loaded
    BLOCKS = "aparta"  # this row, and what hangs from it, stays out
    WARNS = "avisa"  # the row is loaded; somebody should look


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of finding: how serious, what is said and what is to be done (`{value}` and words of the case)."""

    severity: Severity
    title: str
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One place in one file. `row` counts lines of the file, the heading is line 1 (0: the whole file)."""

    code: str
    file: str
    row: int
    column: str
    value: str
    what: str
    remedy: str
    account: str = ""

    @property
    def severity(self) -> Severity:
        return KINDS[self.code].severity

    def __str__(self) -> str:
        place = [self.file]
        if self.row:
            place.append(f"renglón {self.row}")
        if self.column:
            place.append(f"columna {self.column}")
        if self.value:
            place.append(f"valor «{self.value}»")
        return f"{', '.join(place)}: {self.what} {self.remedy}"

    def as_dict(self) -> dict[str, Any]:
        """The finding for `--json`."""
        return {
            "severity": self.severity.value, "code": self.code, "file": self.file, "row": self.row,
            "column": self.column, "value": self.value, "account": self.account,
            "what": self.what, "remedy": self.remedy,
        }  # fmt: skip


def find(
    code: str,
    *,
    file: str,
    row: int = 0,
    column: str = "",
    value: str = "",
    account: str = "",
    **words: object,
) -> Finding:
    """Make a finding of a kind of the catalog; `words` fill its sentences."""
    kind = KINDS[code]
    words |= {"value": value, "column": column, "account": account}
    return Finding(
        code, file, row, column, value, kind.what.format(**words), kind.remedy.format(**words), account
    )


def counts(findings: Iterable[Finding]) -> dict[str, int]:
    """How many of each kind, the gravest first, then the most frequent."""
    tally: dict[str, int] = {}
    for each in findings:
        tally[each.code] = tally.get(each.code, 0) + 1
    order = {severity: place for place, severity in enumerate(Severity)}
    return dict(sorted(tally.items(), key=lambda pair: (order[KINDS[pair[0]].severity], -pair[1], pair[0])))


S, B, W = Severity.STOPS, Severity.BLOCKS, Severity.WARNS
FIX = "Corríjalo en el sistema anterior y vuelva a exportar"

KINDS: dict[str, Kind] = {
    # the file as a whole
    "missing_file": Kind(S, "Falta un archivo", "No está el archivo.", "Póngalo en la carpeta o corrija su nombre en el mapa."),
    "empty_file": Kind(S, "Archivo vacío", "El archivo no tiene renglones.", "Vuelva a exportarlo."),
    "wrong_encoding": Kind(
        S, "Codificación equivocada", "El archivo parece estar en {found}, y el mapa dice {expected}.",
        "Ponga encoding = \"{found}\" en el mapa, o vuelva a exportarlo.",
    ),
    "wrong_separator": Kind(
        S, "Separador equivocado", "Con el separador «{separator}» solo se ve una columna.",
        "Corrija «separator» en el mapa; parece ser «{guess}».",
    ),
    "missing_column": Kind(
        S, "Falta una columna", "El encabezado no tiene la columna {column}.",
        "Corrija el mapa ({field}) o vuelva a exportar con esa columna. El archivo trae: {header}.",
    ),
    "truncated_file": Kind(
        S, "Archivo cortado", "El último renglón está incompleto: el archivo se cortó al copiarse o exportarse.",
        "Vuelva a exportarlo o a copiarlo entero; no cargue una parte.",
    ),
    "byte_order_mark": Kind(W, "Marca al inicio", "El archivo empieza con una marca de orden de bytes (BOM).", "No hace falta nada: se ignora."),
    "blank_line": Kind(W, "Renglón en blanco", "El renglón está en blanco.", "No hace falta nada: se ignora."),
    # any row
    "field_count": Kind(
        B, "Campos de más o de menos", "Tiene {found} campos y el encabezado {expected}.",
        "Quite el separador que quedó dentro de un dato, o complete el renglón.",
    ),
    "nul_bytes": Kind(B, "Bytes nulos", "El renglón tiene bytes nulos: el archivo está dañado aquí.", "Vuelva a exportar el archivo."),
    "undecodable": Kind(B, "Letras ilegibles", "Tiene letras que no existen en {encoding}.", f"{FIX}."),
    "mojibake": Kind(W, "Letras cambiadas", "Parece texto con las letras cambiadas; tal vez «{guess}».", f"{FIX}; se carga como viene."),
    "missing_value": Kind(B, "Dato que falta", "Falta el dato: {meaning}.", "Complételo en el sistema anterior y vuelva a exportar."),
    "unknown_code": Kind(
        B, "Clave desconocida", "La clave no está en el mapa: {meaning}.",
        "Corrija el renglón, o agregue la clave en [codes.{field}] del mapa si es correcta.",
    ),
    "impossible_date": Kind(B, "Fecha imposible", "La fecha no existe en el calendario: {meaning}.", f"{FIX}."),
    "date_format": Kind(
        B, "Fecha en otro formato", "La fecha no tiene el formato {formats}: {meaning}.",
        "Corríjala, o agregue su formato en date_formats del mapa.",
    ),
    "future_date": Kind(B, "Fecha futura", "La fecha es posterior al corte ({as_of}): {meaning}.", f"{FIX}."),
    "ancient_date": Kind(B, "Fecha muy antigua", "La fecha es anterior a 1900: {meaning}.", f"{FIX}."),
    "bad_number": Kind(B, "No es un número", "No es un número entero: {meaning}.", f"{FIX}."),
    "bad_amount": Kind(B, "Importe ilegible", "No es un importe en pesos y centavos: {meaning}.", f"{FIX}."),
    "impossible_period": Kind(B, "Periodo imposible", "El año y mes no son un periodo hasta el corte ({as_of}).", f"{FIX}."),
    "repeated_row": Kind(
        B, "Renglón repetido", "Es idéntico al renglón {first}.", "Se usa el primero. Quite la repetición en el sistema anterior.",
    ),
    "contradictory_row": Kind(
        B, "Repetido y distinto", "Está también en el renglón {first}, con otros datos: {differences}.",
        "Deje uno solo, el correcto, y vuelva a exportar. Ninguno de los dos se carga.",
    ),
    "unknown_account": Kind(
        B, "Cuenta que no existe", "La cuenta no está en {registry}.",
        "Averigüe de quién es y corrija la cuenta. No se carga.",
    ),
    "account_set_apart": Kind(
        B, "De una cuenta apartada", "Su cuenta quedó apartada (renglón {first} de {registry}).",
        "Corrija primero la cuenta.",
    ),
    "replaced": Kind(
        W, "Sustituido por decisión", "No sirve ({problem}); el mapa manda usar «{replacement}».",
        "Revíselo después en el padrón.",
    ),
    # accounts
    "meter_on_two_accounts": Kind(
        B, "Medidor en dos cuentas", "El medidor está también en la cuenta {others}.{hint}",
        "Vea en campo cuál es el suyo y corrija la otra. Ninguna de las dos se carga.",
    ),
    "metered_without_meter": Kind(
        B, "Medida y sin medidor", "Es servicio medido y no tiene número de medidor.{hint}",
        "Capture el medidor; o ponga metered_without_meter = \"flat\" en el mapa para cobrarla como cuota fija.",
    ),
    "flat_with_meter": Kind(
        W, "Cuota fija con medidor", "Es cuota fija y tiene medidor.", "Se carga como cuota fija, sin instalar el medidor. Revise su régimen.",
    ),
    "invalid_rfc": Kind(W, "RFC inválido", "El RFC no es válido: {problem}.", "La cuenta se carga sin RFC. Pídalo al titular."),
    "invalid_curp": Kind(W, "CURP inválida", "La CURP no es válida: {problem}.", "La cuenta se carga sin CURP. Pídala al titular."),
    "odd_phone": Kind(W, "Teléfono raro", "El teléfono no tiene 10 dígitos.", "Se carga como viene. Revíselo con el titular."),
    "odd_spaces": Kind(W, "Espacios de más", "Tiene espacios de más.", "Se cargan sin ellos."),
    "balance_differs": Kind(
        W, "Saldo y detalle no cuadran", "El saldo dice {balance} y el detalle de adeudos suma {detail}: diferencia {difference}.",
        "Se carga el detalle; la diferencia queda en la conciliación. Averigüe cuál está bien.",
    ),
    "balance_differs_apart": Kind(
        B, "Saldo y detalle no cuadran", "El saldo dice {balance} y el detalle de adeudos suma {detail}: diferencia {difference}.",
        "El mapa manda apartarla (balance_differs). Corrija el que esté mal.",
    ),
    "negative_balance": Kind(
        W, "Saldo a favor", "El saldo es negativo: {balance}.", "Se carga como saldo a favor de la cuenta.",
    ),
    "negative_balance_apart": Kind(
        B, "Saldo a favor", "El saldo es negativo: {balance}.", "El mapa manda apartarla (negative_balance). Decida qué se hace con él.",
    ),
    "months_differ": Kind(
        W, "Meses y detalle no cuadran", "Dice que debe {value} meses y el detalle tiene {detail}.", "Se carga el detalle.",
    ),
    # readings
    "reading_goes_back": Kind(
        B, "Lectura que retrocede", "Es menor que la lectura anterior ({previous}, renglón {first}).",
        "Vea si fue error de captura, cambio de medidor o vuelta de carátula, y corríjala. No se carga.",
    ),
    "consumption_differs": Kind(
        W, "Consumo que no es la diferencia", "El consumo no es la diferencia con la lectura anterior ({previous}): serían {difference} m³.",
        "Se carga el consumo que se cobró. Revíselo.",
    ),
    "other_meter": Kind(
        B, "Otro medidor", "La lectura es de otro medidor; en {registry} la cuenta tiene «{expected}».",
        "Corrija el medidor del padrón o el de la lectura.",
    ),
    "reading_of_flat_service": Kind(B, "Lectura de cuota fija", "La cuenta es de cuota fija y no tiene medidor instalado.", "Corrija su régimen o quite la lectura."),
    "no_value_no_reason": Kind(
        B, "Sin lectura y sin motivo", "No trae lectura ni observación que diga por qué.", "Capture la lectura o su observación.",
    ),
    "before_opening": Kind(
        W, "Anterior al alta", "Es anterior al alta de la cuenta ({opened_on}).", "Se carga. Revise la fecha de alta.",
    ),
    "unread_at_cutoff": Kind(
        W, "Sin lectura al corte", "No hay lectura en {period} ni después: la siguiente se medirá desde {last}.",
        "Tome la lectura antes de la primera facturación.",
    ),
    # payments
    "canceled_payment": Kind(W, "Pago cancelado", "El pago está cancelado.", "Se guarda como cancelado; no suma."),
}  # fmt: skip
