"""A bad book is refused whole, with every finding at its line and what to do about it."""

import pytest

from caudal.tariffs import queries
from caudal.tariffs.format.findings import Finding

GOOD = queries.shipped_text(code="la-barca-demo-2019").decode()


def findings(text: str) -> list[Finding]:
    return queries.findings_of(body=text.encode())


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


def test_the_books_that_come_with_the_product_are_good(db: None) -> None:
    assert queries.shipped_codes() == [f"la-barca-demo-{year}" for year in (2016, 2018, 2019, 2026)]
    for code in queries.shipped_codes():
        assert queries.findings_of(body=queries.shipped_text(code=code)) == []


# what was written → what a hurried clerk made of it, where it is found, what is said
TYPOS = [
    (
        '{ from = 21, up_to = 30, price = "7.60" }', '{ from = 22, up_to = 30, price = "7.60" }',
        "schedules[1].tiers[2].from", "Hay un hueco entre 20 y 22",
    ),
    (
        '{ from = 21, up_to = 30, price = "7.60" }', '{ from = 19, up_to = 30, price = "7.60" }',
        "schedules[1].tiers[2].from", "Se encima con el bloque anterior, que llega a 20",
    ),
    (
        '{ from = 21, up_to = 30, price = "7.60" }', '{ up_to = 18, price = "7.60" }',
        "schedules[1].tiers[2].up_to", "Los límites deben ir creciendo",
    ),
    (
        '{ from = 21, up_to = 30, price = "7.60" }', '{ from = 21, price = "7.60" }',
        "schedules[1].tiers[2]", "Solo el último bloque puede quedar abierto",
    ),
    (
        '{ from = 151, price = "13.00" }', '{ from = 151, up_to = 300, price = "13.00" }',
        "schedules[1].tiers[7].up_to", "Falta el último bloque: un consumo mayor de 300 no tendría precio",
    ),
    (
        '"HAB-ALTA"]\nregime = "metered"', '"HAB-ALTO"]\nregime = "metered"',
        "schedules[1].classes[3]", "no declara esa clase",
    ),
    ('concept = "wastewater_treatment"', 'concept = "drainage"', "percentages[1].concept", "El catálogo no tiene ese concepto"),
    ('of = ["water"]', 'of = ["sewerage"]', "percentages[1].of[1]", "Su base debe declararse antes"),
    ('use = "residential" }', 'use = "residencial" }', "classes[1].use", "¿Quiso decir «residential»?"),
    ('article = "Art. 46"\n', "", "percentages[1].article", "Falta: artículo"),
    ('price = "7.10"', 'price = "-7.10"', "schedules[1].tiers[1].price", "no puede ser negativo"),
    ('price = "7.10"', 'price = "7.10505"', "schedules[1].tiers[1].price", "tiene más de 4 decimales"),
    ('price = "7.10"', 'price = "siete"', "schedules[1].tiers[1].price", "no es un número"),
    ('percent = "50 %"\ncap', 'percent = "150 %"\ncap', "benefits[1].percent", "El máximo es 100 %"),
    ('percent = "20 %"', 'percent = "20"', "percentages[1].percent", "le falta el signo %"),
    ('percent = "20 %"', "percent = 0.2", "percentages[1].percent", "le falta el signo %"),
    ('flat = "85.00"', 'flta = "85.00"', "schedules[8].flta", "¿Quiso decir «flat»?"),
    ('flat = "85.00"', "allowance = 5", "schedules[8].allowance", "nunca se aplicaría"),
    ('flat = "85.00"', "", "schedules[8]", "no tiene ningún precio"),
    ("# sin effective_to", "effective_to = 2019-01-01 #", "effective_to", "termina antes de empezar"),
    ("effective_from = 2019-01-01", 'effective_from = "ayer"', "effective_from", "No es una fecha"),
    ('"fine", "principal"]', '"principal"]', "allocation.order", "No dice cuándo se paga: fine"),
    ("days = 15", "days = 15\nday_of_next_month = 15", "due", "de una sola forma"),
    ("{ months = [3, 4]", "{ months = [2, 3, 4]", "prepayment.windows[2].months", "Un mes de pago tiene dos porcentajes"),
    ('uses = ["mixed_rural", "mixed_commercial"', 'uses = ["residential", "mixed_commercial"', "vat[2]", "ya tiene IVA"),
    ('cap = 10\nabove_cap = "first_units_only"', 'cap = 10\nabove_cap = "half"', "benefits[1].above_cap", "first_units_only, void, whole"),
    ('reduces = ["water", "wastewater', 'reduces = ["sewerage", "wastewater', "benefits[1].reduces[1]", "no cobra ese concepto"),
    ('category = "disabled"', 'category = "pensioner"', "benefits[2].category", "Ya está en el renglón 1"),
    ('code = "MIX-RUR-MEDIDO"', 'code = "HAB-MEDIDO"', "schedules[2].code", "Ya está en el renglón 1"),
    ("applies = false", 'applies = "no"', "inflation_update.applies", "true (sí) o false (no)"),
    ("{ price = \"0.06\" }", '{ up_to_m2 = 900, price = "0.06" }', "schedules[19].area_bands[3].up_to_m2", "Falta la última banda"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "place", "said"), TYPOS)
def test_each_slip_is_found_at_its_place(db: None, old: str, new: str, place: str, said: str) -> None:
    text = changed(old, new)
    found = findings(text)
    first = next(each for each in found if each.place == place)
    assert said in str(first)
    assert first.remedy
    # the line is where the change was made, or the head of the table that lacks something
    written = GOOD[: GOOD.index(old)].count("\n") + 1
    assert first.line is not None
    assert abs(first.line - written) <= 6


def test_a_concept_without_vat_is_told_at_the_first_row_of_vat(db: None) -> None:
    (found,) = findings(changed('concepts = ["water_tanker_fee"]', 'concepts = ["sewerage"]'))
    assert found.what.startswith("No dice qué IVA lleva water_tanker_fee para: residential, ")
    assert found.line == GOOD[: GOOD.index("[[vat]]")].count("\n") + 1


def test_the_line_of_a_price_is_exact(db: None) -> None:
    text = changed('{ from = 31, up_to = 50, price = "8.20" }', '{ from = 31, up_to = 50, price = "ocho" }')
    (found,) = findings(text)
    assert "ocho" in text.splitlines()[(found.line or 0) - 1]
    assert str(found).startswith(f"línea {found.line}, schedules[1].tiers[3].price, valor «ocho»: ")


def test_all_findings_are_told_at_once(db: None) -> None:
    text = GOOD.replace('price = "7.10"', "price = true").replace('percent = "3 %"', 'percent = "tres"')
    assert [each.place for each in findings(text)] == [
        "schedules[1].tiers[1].price",
        "percentages[2].percent",
    ]


def test_two_schedules_for_one_case_are_refused_with_the_case(db: None) -> None:
    text = changed(
        'classes = ["MIX-RUR"]\nregime = "metered"', 'classes = ["MIX-RUR", "HAB-GEN"]\nregime = "metered"'
    )
    (found,) = findings(text)
    assert found.place == "schedules[2]"
    assert "Compite con la tarifa HAB-MEDIDO por el mismo caso (clase HAB-GEN, medido, mes 1)" in found.what


def test_a_class_without_any_price_is_told(db: None) -> None:
    (found,) = findings(changed('classes = ["BALDIO"]', 'classes = ["PUB"]\nlocalities = ["ZALAMEA"]'))
    assert (found.place, found.value) == ("classes[12]", "BALDIO")


def test_a_file_that_is_not_toml_says_the_line(db: None) -> None:
    (found,) = findings(changed('volume_unit = "m3"', 'volume_unit = "m3'))
    assert found.what.startswith("El archivo no es TOML válido")
    assert found.line == GOOD[: GOOD.index("volume_unit")].count("\n") + 1


@pytest.mark.parametrize("cut", ["", GOOD[: GOOD.index("tiers = [") + 40]])
def test_a_file_cut_in_the_middle_is_told_as_such(db: None, cut: str) -> None:
    (found,) = findings(cut)
    assert "está vacío o termina a la mitad" in found.what


def test_a_file_cut_between_two_tables_lacks_what_follows(db: None) -> None:
    found = findings(GOOD[: GOOD.index("[surcharge]")])
    assert [each.place for each in found] == ["surcharge", "allocation", "due"]
    assert found[0].remedy == "Agregue la tabla [surcharge] con su artículo."


def test_a_file_of_windows_names_its_first_bad_line(db: None) -> None:
    (found,) = queries.findings_of(body=GOOD.encode("cp1252", "replace"))
    assert found.what == "El archivo no está en UTF-8."
    assert found.line == 1
    assert "UTF-8" in found.remedy


def test_a_price_without_quotes_is_read_as_it_is_written(db: None) -> None:
    """0.1 + 0.2 is not 0.3 in binary; here 7.10 is seven pesos ten, quotes or not."""
    assert findings(changed('price = "7.10"', "price = 7.10")) == []
    assert findings(changed('fixed = "70.00"', "fixed = 70")) == []
    assert findings(changed('fixed = "70.00"', 'fixed = "$1,070.00"')) == []
