"""Damaged files by families, ten of each: every one is refused with its message in the clerk's words, row by row.

Reading writes nothing, so nothing can be saved; that loading saves nothing of them is in `test_settlements`.
"""

import os
from collections.abc import Callable
from datetime import date
from random import Random, SystemRandom

import pytest

from caudal.cashier.channels import examples, layout, reading, simulator
from caudal.cashier.channels.layout import CannotDescribeChannel, Layout
from caudal.cashier.channels.movements import Reading
from caudal.cashier.channels.simulator import Debt, Mishaps
from caudal.kernel.refusals import Refusal

MARCH_5 = date(2019, 3, 5)
SEED = int(os.environ.get("CAUDAL_SEED", str(SystemRandom().randrange(10**6))))
Spoil = Callable[[str, Random], bytes]


def described(example: str, **changes: object) -> Layout:
    return layout.from_document(
        document={**layout.from_toml(text=examples.text(name=example)).document, **changes}
    )


def content_of(found: Layout, chance: Random, mishaps: Mishaps = Mishaps()) -> bytes:
    debts = [Debt(f"01{n:04d}7", chance.randrange(100, 900_000)) for n in range(30)]
    rows = simulator.rows(layout=found, debts=debts, on=MARCH_5, chance=chance, mishaps=mishaps)
    return simulator.written(layout=found, rows=rows)


def read(content: bytes, found: Layout) -> Reading:
    return reading.read(content=content, layout=found, name="banco.txt", today=MARCH_5)


def on_a_row(change: Callable[[list[str]], list[str]], *, separator: str = ",") -> Spoil:
    """Change the cells of a row at random, never the headings."""

    def spoil(text: str, chance: Random) -> bytes:
        lines = text.split("\r\n")
        at = chance.randrange(1, len(lines) - 1)
        lines[at] = separator.join(change(lines[at].split(separator)))
        return "\r\n".join(lines).encode()

    return spoil


def cell(place: int, value: str) -> Spoil:
    return on_a_row(lambda cells: [*cells[:place], value, *cells[place + 1 :]])


# family → how it is damaged, and what is said. The plain layout: cuenta, importe, fecha, referencia
FAMILIES: dict[str, tuple[Spoil, str]] = {
    "empty": (lambda text, _: b"", "El archivo está vacío."),
    "blank": (lambda text, _: b"\r\n  \r\n", "El archivo está vacío."),
    "a NUL": (
        lambda text, _: text.replace("0", "\0", 1).encode(),
        "El archivo trae caracteres que no son de texto.",
    ),
    "UTF-16 without its mark": (lambda text, _: text.encode("utf-16-le"), "El archivo trae caracteres"),
    "another encoding": (
        lambda text, _: text.replace("cuenta", "cuentañ").encode("cp1252"),
        "no está en utf-8",
    ),
    "an XLSX": (lambda text, _: b"PK\x03\x04" + text.encode(), "Es un libro de Excel."),
    "an XLS": (lambda text, _: b"\xd0\xcf\x11\xe0" + text.encode(), "Es un libro de Excel."),
    "cut in a row": (
        lambda text, c: text[: -c.randrange(3, 9)].encode(),
        "termina a media línea: está cortado",
    ),
    "a heading less": (
        lambda text, _: text.replace("importe", "monto", 1).encode(),
        "Faltan columnas: importe.",
    ),
    "a heading twice": (
        lambda text, _: text.replace("cuenta", "importe,cuenta", 1).encode(),
        "Columnas repetidas",
    ),
    "another separator": (lambda text, _: text.replace(",", ";").encode(), "Faltan columnas"),
    "a quote open": (cell(3, '"1'), "no se puede separar en columnas"),
    "a cell less": (on_a_row(lambda cells: cells[:-1]), "El renglón tiene 3 columnas y debería tener 4."),
    "a cell more": (on_a_row(lambda cells: [*cells, "9"]), "El renglón tiene 5 columnas y debería tener 4."),
    "letters for an amount": (cell(1, "diez"), "No es un importe que se pueda cobrar."),
    "a formula": (cell(1, "=1+1"), "No es un importe que se pueda cobrar."),
    "no amount": (cell(1, ""), "No es un importe que se pueda cobrar."),
    "zero": (cell(1, "0.00"), "No es un importe que se pueda cobrar."),
    "a decimal less": (cell(1, "10.5"), "No es un importe que se pueda cobrar."),
    "a decimal more": (cell(1, "10.505"), "No es un importe que se pueda cobrar."),
    "a decimal comma": (cell(1, '"10,50"'), "No es un importe que se pueda cobrar."),
    "thousands misplaced": (cell(1, '"10,50.00"'), "No es un importe que se pueda cobrar."),
    "an exponent": (cell(1, "1e5"), "No es un importe que se pueda cobrar."),
    "not a number": (cell(1, "NaN"), "No es un importe que se pueda cobrar."),
    "wide digits": (cell(1, "１0.00"), "No es un importe que se pueda cobrar."),
    "an account for an amount": (cell(1, "646180123400.00"), "No es un importe que se pueda cobrar."),
    "a very long amount": (cell(1, "9" * 5_000 + ".00"), "No es un importe que se pueda cobrar."),
    "no such day": (cell(2, "2019-02-30"), "No es una fecha del calendario."),
    "another date format": (cell(2, "05/03/2019"), "No es una fecha del calendario."),
    "an Excel serial": (cell(2, "43529"), "No es una fecha del calendario."),
    "no date": (cell(2, ""), "No es una fecha del calendario."),
    "a future date": (cell(2, "2019-03-06"), "La fecha del pago es futura."),
    "no authorization": (cell(3, ""), "Está vacía o pasa de 60 caracteres."),
    "a long authorization": (cell(3, "9" * 61), "Está vacía o pasa de 60 caracteres."),
    "a long reference": (cell(0, "9" * 61), "Está vacía o pasa de 60 caracteres."),
    "all of another bank": (lambda text, _: text.replace("2019-", "19-").encode() * 20, "No es una fecha"),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_each_family_of_damage_is_told_in_its_words(family: str) -> None:
    spoil, says = FAMILIES[family]
    found = described("plain")
    for case in range(10):
        chance = Random(SEED + case)
        read_now = read(spoil(content_of(found, chance).decode(), chance), found)
        assert read_now.findings, f"seed {SEED + case}"
        first = read_now.findings[0]
        assert says in first.what and first.remedy and first.file == "banco.txt", (
            f"seed {SEED + case}: {first}"
        )


def spoil_totals(text: str, chance: Random) -> bytes:
    """A row taken away from the middle: the totals know."""
    lines = text.split("\r\n")
    del lines[chance.randrange(1, len(lines) - 2)]
    return "\r\n".join(lines).encode()


WITH_TOTALS: dict[str, tuple[Spoil, str]] = {
    "a row less": (spoil_totals, "El total de control no coincide"),
    "a row twice": (
        lambda text, _: text.replace("\r\n", "\r\n" + text.split("\r\n")[1] + "\r\n", 1).encode(),
        "El total de control no coincide",
    ),
    "no totals": (
        lambda text, _: ("\r\n".join(text.split("\r\n")[:-2]) + "\r\n").encode(),
        "Faltan los totales del final",
    ),
    "rows after the totals": (
        lambda text, _: (text + text.split("\r\n")[1] + "\r\n").encode(),
        "Hay renglones después de los totales.",
    ),
    "an unknown record": (
        lambda text, _: (text.split("\r\n")[0] + "\r\nZ9999\r\n" + text.partition("\r\n")[2]).encode(),
        "No se conoce esta clase de renglón.",
    ),
}


@pytest.mark.parametrize("example", ["bbva-cie", "oxxo"])
@pytest.mark.parametrize("family", WITH_TOTALS)
def test_totals_that_do_not_agree_stop_the_file(example: str, family: str) -> None:
    spoil, says = WITH_TOTALS[family]
    found = described(example)
    for case in range(10):
        chance = Random(SEED + case)
        read_now = read(spoil(content_of(found, chance).decode(found.encoding), chance), found)
        whats = [finding.what for finding in read_now.findings]
        assert any(says in what for what in whats), f"seed {SEED + case}: {whats}"


@pytest.mark.parametrize("example", examples.names())
def test_a_sound_file_of_each_example_is_read_whole(example: str) -> None:
    found = described(example)
    chance = Random(SEED)
    read_now = read(content_of(found, chance, Mishaps(2, 2, 2, 2)), found)
    assert [str(each) for each in read_now.findings] == [], f"seed {SEED}"
    assert read_now.n_details == len(read_now.movements) + read_now.n_ignored == 38


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16"])
def test_the_mark_of_an_encoding_is_believed(mark: str) -> None:
    found = described("plain")
    text = content_of(found, Random(SEED)).decode()
    assert read(text.encode(mark), found).findings == []


def test_days_may_come_as_excel_numbers() -> None:
    """43529 is 5 March 2019 counted from 30 December 1899; 42067 from 1 January 1904."""
    rows = "cuenta,importe,fecha,referencia\n010117,10.00,{},1\n"
    for origin, number in (("excel_1900", "43529"), ("excel_1904", "42067")):
        found = described("plain", dates={"format": origin})
        assert read(rows.format(number).encode(), found).movements[0].paid_on == MARCH_5


def test_a_file_of_another_bank_is_not_told_row_by_row_for_ever() -> None:
    rows = "cuenta,importe,fecha,referencia\n" + "010117,x,2019-03-05,1\n" * 5_000
    assert len(read(rows.encode(), described("plain")).findings) == reading.MOST_FINDINGS + 1


SPEI = examples.text(name="spei")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[file", "No se puede leer la descripción"),
        (SPEI + "\n[otra]\nx = 1", "otra: no se conoce esta sección"),
        (SPEI.replace("delimiter", "separador"), "file.separador: no se conoce este parámetro"),
        (SPEI.replace('delimiter = ","', 'delimiter = ",,"'), "file.delimiter: debe ser un solo carácter"),
        (SPEI.replace('delimiter = ","', "delimiter = 1"), "file.delimiter: el valor «1» no es de la clase"),
        (SPEI.replace('"utf-8"', '"base64"'), "file.encoding: no se conoce"),
        (SPEI.replace('form = "csv"', 'form = "xml"'), "file.form: debe ser csv o fixed"),
        (SPEI.replace('amount = "Monto"', ""), "fields: faltan amount|no hay campos amount"),
        (SPEI.replace("%d/%m/%Y", "%m/%Y"), "dates.format: .* no dice un día completo"),
        (SPEI.replace("decimals = 2", "decimals = 3"), "amounts.decimals: debe ser 0, 1 o 2"),
        (SPEI.replace('kind = "clabe"', 'kind = "magia"'), "reference.kind: debe ser una de"),
        (SPEI.replace('prefix = "6461801234"', ""), "falta el prefijo"),
        (SPEI.replace('prefix = "6461801234"', 'prefix = "STP"'), "debe llevar solo dígitos"),
        (SPEI.replace('prefix = "6461801234"', "prefix = 646"), "no es de la clase que se espera"),
        (SPEI.replace('"authorization", "amount", "paid_on"]', '"folio"]'), "no hay campos folio"),
        (SPEI.replace('reversal_of = ["authorization", "amount"]', 'reversal_of = ["payer"]'), "solo admite"),
        (SPEI.replace('accepted = ["Liquidada"]', ""), "va junto con el campo status"),
        (
            SPEI.replace('"Monto"', "{ position = 3, length = 5 }"),
            "length es solo para archivos de ancho fijo",
        ),
        (SPEI.replace('"Monto"', "{ columna = 3 }"), "diga dónde está"),
        (SPEI.replace('unique = ["authorization", "amount", "paid_on"]', ""), "qué campos hacen único"),
        (SPEI + "\n[totals]\ncount = 2", "records.trailer: falta"),
    ],
)
def test_a_description_with_a_mistake_says_which(text: str, says: str) -> None:
    with pytest.raises(CannotDescribeChannel, match=says):
        layout.from_toml(text=text)


def test_an_example_that_does_not_exist_is_told() -> None:
    with pytest.raises(Refusal, match="bbva-cie, oxxo, plain, spei"):
        examples.text(name="nada")
