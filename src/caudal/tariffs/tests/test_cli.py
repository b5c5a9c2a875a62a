"""What the chief of the commercial area types, and what she reads."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from caudal.kernel.refusals import Refusal
from caudal.registry.models import Locality
from caudal.tariffs import queries
from caudal.tariffs.cli import tariff
from caudal.tariffs.models import TariffBook

CASES = """clase;m3;medido;beneficio;localidad;mes
HAB-GEN;27;sí;;;1
HAB-GEN;;no;senior;;1
RURAL;10;sí;;;1
MIX-RUR;;no;;EL CARMEN;1
HAB-GEN;veinte;sí;;;1
"""


@pytest.fixture(autouse=True)
def in_2019(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUDAL_NOW", "2019-01-15T10:00")


def run(*words: str) -> Result:
    return CliRunner().invoke(tariff, words)


def test_from_file_to_force(db: None, tmp_path: Path) -> None:
    path = tmp_path / "libro.toml"
    path.write_bytes(queries.shipped_text(code="la-barca-demo-2019"))
    assert "libro.toml: el libro es válido." in run("validate", str(path)).output
    assert run("load", str(path)).output == "Cargado la-barca-demo-2019. Revíselo y publíquelo.\n"
    assert "borrador" in run("list").output
    Locality.objects.create(code="014", name="El Carmen")
    told = run("publish", "la-barca-demo-2019", "--by", "salas").output
    assert told.startswith("Publicado la-barca-demo-2019: rige del 2019-01-01 en adelante.\nAviso: ")
    assert "alcanza a nadie: PORTEZUELO, VILLA GARCIA MARQUEZ, " in told
    assert queries.book_in_force(on=date(2019, 1, 15)).published_by == "salas"
    (row,) = json.loads(run("list", "--json").output)
    assert (row["code"], row["state"]) == ("la-barca-demo-2019", "publicado")


def test_a_bad_file_tells_what_and_where_and_leaves_with_2(db: None, tmp_path: Path) -> None:
    path = tmp_path / "libro.toml"
    path.write_bytes(queries.shipped_text(code="la-barca-demo-2019").replace(b'"7.10"', b'"siete"', 1))
    result = run("validate", str(path))
    assert result.exit_code == 2
    assert (
        "libro.toml: 1 por corregir\n  · línea 43, schedules[1].tiers[1].price, valor «siete»: "
        in result.output
    )
    (finding,) = json.loads(run("validate", str(path), "--json").output)
    assert (finding["line"], finding["value"]) == (43, "siete")
    refused = run("load", str(path))
    assert isinstance(refused.exception, Refusal)
    assert not TariffBook.objects.exists()


def test_a_file_that_is_not_there(db: None) -> None:
    result = run("load", "no-existe.toml")
    assert result.exit_code == 1
    assert "No existe el archivo «no-existe.toml»" in result.output


def test_a_quote_shows_every_line_with_its_arithmetic(book_2019: TariffBook) -> None:
    output = run("quote", "--class", "HAB-GEN", "--m3", "27").output
    assert "la-barca-demo-2019 · tarifa HAB-MEDIDO" in output
    assert "primeros 10 m³ $70.00 + 10 m³ × $7.10 + 7 m³ × $7.60" in output
    assert "a pagar $238.87" in output
    answer = json.loads(run("quote", "--class", "HAB-GEN", "--m3", "27", "--json").output)
    assert answer["total_cents"] == 23887
    assert [line["amount_cents"] for line in answer["lines"]] == [19420, 3884, 583]
    flat = run("quote", "--class", "HAB-GEN", "--flat", "--paid-ahead", "2019-02-28", "--json").output
    assert json.loads(flat)["total_cents"] == 11500


def test_a_file_of_cases_gives_all_lines_and_the_errors_in_their_row(
    book_2019: TariffBook, tmp_path: Path
) -> None:
    path = tmp_path / "casos.csv"
    path.write_text(CASES, encoding="utf-8")
    result = run("quote", "--csv", str(path))
    assert result.exit_code == 2
    lines = result.output.splitlines()
    assert lines[0] == "renglon,concepto,nombre,reduce,importe,iva,desarrollo,articulo,error"
    assert lines[1].startswith("2,water,Agua potable,,194.20,0.00,primeros 10 m³ $70.00")
    assert "2,total,Total,,238.87,0.00,,," in lines
    assert "3,total,Total,,67.65,0.00,,," in lines  # 135.30 less half
    assert any(line.startswith("4,,,,") and "no tiene esa clase" in line for line in lines)
    assert "5,water,Agua potable,,62.00,9.92,cuota fija $62.00,Art. 43," in lines
    assert any(
        line.startswith("6,,,,") and "casos.csv, renglón 6, columna m3, valor «veinte»" in line
        for line in lines
    )
    rows = json.loads(run("quote", "--csv", str(path), "--json").output)
    assert [row["row"] for row in rows] == [2, 3, 4, 5, 6]
    assert ["error" in row for row in rows] == [False, False, True, False, True]


def test_cases_can_go_to_a_file(book_2019: TariffBook, tmp_path: Path) -> None:
    path, out = tmp_path / "casos.csv", tmp_path / "recibos.csv"
    path.write_text("clase,m3\nHAB-GEN,27\n", encoding="utf-8")
    assert (
        run("quote", "--csv", str(path), "--out", str(out)).output
        == f"Escrito {out}: 1 casos, 0 con error.\n"
    )
    assert out.read_text(encoding="utf-8-sig").splitlines()[-1] == "2,total,Total,,238.87,0.00,,,"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("clase;m3\nHAB-GEN;ñ".encode("cp1252"), "no está en UTF-8"),
        (b"m3\n27\n", "Falta la columna «clase»"),
        (b"clase,consumo\nHAB-GEN,27\n", "No se conoce la columna «consumo»"),
        (b"", "Falta la columna «clase»"),
    ],
)
def test_a_file_that_is_not_of_cases_is_refused(
    book_2019: TariffBook, tmp_path: Path, body: bytes, said: str
) -> None:
    path = tmp_path / "casos.csv"
    path.write_bytes(body)
    result = run("quote", "--csv", str(path))
    assert isinstance(result.exception, Refusal)
    assert said in str(result.exception)


def test_show_diff_and_export(book_2019: TariffBook, tmp_path: Path) -> None:
    assert "fija $70.00, incluye 10, a 20 $7.10" in run("show").output
    run("load", "la-barca-demo-2018")
    output = run("diff", "la-barca-demo-2018", "la-barca-demo-2019").output
    assert "schedules[HAB-MEDIDO].fixed" in output
    assert "+4.00 %" in output  # 67.31 → 70.00
    assert (
        run("diff", "la-barca-demo-2018", "la-barca-demo-2018").output == "Los dos libros dicen lo mismo.\n"
    )
    out = tmp_path / "libro.toml"
    run("export", "la-barca-demo-2019", "--out", str(out))
    assert queries.findings_of(body=out.read_bytes()) == []
    assert run("export", "la-barca-demo-2019").output == out.read_text(encoding="utf-8")


def test_compare_an_empty_registry(book_2019: TariffBook) -> None:
    run("load", "la-barca-demo-2026")
    output = run("compare", "la-barca-demo-2019", "la-barca-demo-2026").output
    assert "Pagan menos 0 · pagan más 0 · igual 0" in output
    assert (
        json.loads(run("compare", "la-barca-demo-2019", "la-barca-demo-2026", "--json").output)["by_class"]
        == []
    )
