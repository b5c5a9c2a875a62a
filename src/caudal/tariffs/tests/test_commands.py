"""A book goes from draft to force, and from then on it does not change."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from caudal.kernel.models import AuditEntry
from caudal.registry.models import TariffClass
from caudal.tariffs import commands, queries
from caudal.tariffs.commands import CannotDiscardBook, CannotLoadBook, CannotPublishBook, CannotReplaceBook
from caudal.tariffs.models import TariffBook
from caudal.tariffs.tests.conftest import AT

TEXT_2019 = queries.shipped_text(code="la-barca-demo-2019")


def load(code: str, *changes: tuple[str, str]) -> TariffBook:
    text = queries.shipped_text(code=code).decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return commands.load_book(body=text.encode(), by="jefa", at=AT, file=f"{code}.toml")


def publish(book: TariffBook) -> TariffBook:
    return commands.publish_book(book=book, by="salas", at=AT)


def test_loading_makes_a_draft_and_the_classes_it_prices(db: None) -> None:
    TariffClass.objects.create(code="HAB-GEN", name="Doméstica", use="residential")
    book = load("la-barca-demo-2019")
    assert (book.code, book.effective_from, book.effective_to) == (
        "la-barca-demo-2019",
        date(2019, 1, 1),
        None,
    )
    assert book.published_at is None
    assert TariffClass.objects.count() == 12
    assert TariffClass.objects.get(code="HAB-GEN").name == "Doméstica"  # what the registry has stays
    assert TariffClass.objects.get(code="BALDIO").use == "vacant_lot"
    assert AuditEntry.objects.get(act="tariffs.load_book").after == book.document_hash


def test_loading_the_same_text_again_changes_nothing(db: None) -> None:
    first = load("la-barca-demo-2019")
    assert load("la-barca-demo-2019").pk == first.pk
    assert AuditEntry.objects.filter(act="tariffs.load_book").count() == 1


def test_a_corrected_draft_takes_the_place_of_the_first(db: None) -> None:
    first = load("la-barca-demo-2019")
    second = load("la-barca-demo-2019", ('fixed = "70.00"', 'fixed = "71.00"'))
    assert second.pk == first.pk
    assert second.document["schedules"][0]["fixed"] == 710_000
    assert TariffBook.objects.count() == 1


def test_a_bad_book_leaves_nothing(db: None) -> None:
    with pytest.raises(CannotLoadBook) as refused:
        load(
            "la-barca-demo-2019", ('price = "7.10"', 'price = "siete"'), ('percent = "3 %"', 'percent = "3"')
        )
    assert len(refused.value.findings) == 2
    assert str(refused.value).startswith(
        "la-barca-demo-2019.toml: El libro de tarifas no se cargó. Hay 2 puntos por corregir:"
    )
    assert "línea 43, schedules[1].tiers[1].price, valor «siete»: " in str(refused.value)
    assert not TariffBook.objects.exists()
    assert not TariffClass.objects.exists()


def test_a_class_that_the_registry_has_with_another_use_is_refused(db: None) -> None:
    TariffClass.objects.create(code="PUB", name="Pública", use="commercial")
    with pytest.raises(CannotLoadBook, match="El padrón tiene la clase PUB con uso commercial"):
        load("la-barca-demo-2019")
    assert not TariffBook.objects.exists()
    assert TariffClass.objects.count() == 1


def test_publishing_closes_the_book_that_was_left_open(db: None) -> None:
    """2019 has no end; when 2026 is published it ends where 2026 begins."""
    publish(load("la-barca-demo-2018"))
    publish(load("la-barca-demo-2019"))
    publish(load("la-barca-demo-2026"))
    spans = dict(TariffBook.objects.values_list("code", "effective_to"))
    assert spans == {
        "la-barca-demo-2018": date(2019, 1, 1),
        "la-barca-demo-2019": date(2026, 1, 1),
        "la-barca-demo-2026": None,
    }
    in_force = {
        day: queries.book_in_force(on=day).code
        for day in (date(2018, 12, 31), date(2019, 1, 1), date(2025, 12, 31), date(2030, 5, 5))
    }
    assert list(in_force.values()) == [
        "la-barca-demo-2018", "la-barca-demo-2019", "la-barca-demo-2019", "la-barca-demo-2026",
    ]  # fmt: skip
    assert AuditEntry.objects.get(act="tariffs.close_book").reason == "entra en vigor la-barca-demo-2026"


def test_before_the_first_book_there_is_no_price(book_2019: TariffBook) -> None:
    with pytest.raises(queries.NoBookInForce, match="rija el 31/12/2018"):
        queries.book_in_force(on=date(2018, 12, 31))


def test_a_draft_is_not_in_force(db: None) -> None:
    load("la-barca-demo-2019")
    with pytest.raises(queries.NoBookInForce):
        queries.book_in_force(on=date(2019, 6, 1))


def test_an_overlap_is_refused_and_tells_which_book(book_2019: TariffBook) -> None:
    """2018 left to end in February 2019 would share two months with 2019."""
    late = load("la-barca-demo-2018", ("effective_to = 2019-01-01", "effective_to = 2019-03-01"))
    with pytest.raises(CannotPublishBook, match="se encima con la-barca-demo-2019, que rige del 01/01/2019"):
        publish(late)
    late.refresh_from_db()
    assert late.published_at is None
    assert queries.book_in_force(on=date(2019, 2, 1)) == book_2019


def test_the_database_refuses_an_overlap_by_itself(book_2019: TariffBook) -> None:
    late = load("la-barca-demo-2018", ("effective_to = 2019-01-01", "effective_to = 2019-03-01"))
    with pytest.raises(DatabaseError, match="tariffs_one_book_in_force"), transaction.atomic():
        TariffBook.objects.filter(pk=late.pk).update(published_at=AT)


def test_who_loses_the_race_to_publish_is_told_and_nothing_moves(
    book_2019: TariffBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both looked before either wrote; the database lets one in."""
    monkeypatch.setattr(commands, "_overlapping", lambda book: None)
    late = load("la-barca-demo-2018", ("effective_to = 2019-01-01", "effective_to = 2019-03-01"))
    with pytest.raises(CannotPublishBook, match="acaba de publicarse"):
        publish(late)
    late.refresh_from_db()
    assert late.published_at is None


def test_a_published_book_is_not_published_replaced_or_discarded(book_2019: TariffBook) -> None:
    with pytest.raises(CannotPublishBook, match="ya está publicado"):
        publish(book_2019)
    with pytest.raises(CannotReplaceBook, match="Guárdelo con otra clave"):
        load("la-barca-demo-2019", ('fixed = "70.00"', 'fixed = "75.00"'))
    with pytest.raises(CannotDiscardBook):
        commands.discard_draft(book=book_2019, by="jefa", at=AT)
    with pytest.raises(DatabaseError, match="publique una versión nueva"), transaction.atomic():
        TariffBook.objects.filter(pk=book_2019.pk).update(name="otro")
    book_2019.refresh_from_db()
    assert book_2019.document["schedules"][0]["fixed"] == 700_000
    assert load("la-barca-demo-2019").pk == book_2019.pk  # the same text is no change


def test_a_draft_can_be_discarded(db: None) -> None:
    commands.discard_draft(book=load("la-barca-demo-2019"), by="jefa", at=AT)
    assert not TariffBook.objects.exists()
    assert AuditEntry.objects.filter(act="tariffs.discard_draft").count() == 1


@pytest.mark.parametrize("code", queries.shipped_codes())
def test_an_exported_book_loads_to_the_same_document_and_hash(db: None, code: str) -> None:
    book = load(code)
    text = queries.as_text(book=book)
    assert commands.load_book(body=text.encode(), by="otra", at=AT).pk == book.pk
    assert AuditEntry.objects.filter(act="tariffs.load_book").count() == 1  # nothing changed


def test_the_difference_of_two_books_is_told_parameter_by_parameter(db: None) -> None:
    old = load("la-barca-demo-2019")
    new = load(
        "la-barca-demo-2019",
        ('code = "la-barca-demo-2019"', 'code = "propuesta"'),
        ('price = "7.10"', 'price = "7.50"'),
        ('flat = "62.00"', 'flat = "60.00"'),
        ('percent = "20 %"', 'percent = "18 %"'),
        (
            '{ from = 151, price = "13.00" }',
            '{ from = 151, up_to = 300, price = "13.00" }, { from = 301, price = "14.00" }',
        ),
        ('code = "CONSTANCIA"', 'code = "CARTA"'),
    )
    found = {
        each.place: (each.old, each.new, each.change_bp)
        for each in queries.differences(first=old, second=new)
    }
    assert found == {
        "schedules[HAB-MEDIDO].tiers[hasta 20].price": ("$7.10", "$7.50", 563),  # 0.40 / 7.10 = 5.634 %
        "schedules[HAB-MEDIDO].tiers[hasta 300]": ("—", "nuevo", None),
        "schedules[HAB-MEDIDO].tiers[en adelante].from": ("151", "301", 9934),
        "schedules[HAB-MEDIDO].tiers[en adelante].price": ("$13.00", "$14.00", 769),
        "schedules[LOC-EL-CARMEN].flat": ("$62.00", "$60.00", -323),  # −2 / 62 = −3.226 %
        "percentages[wastewater_treatment].percent": ("20 %", "18 %", -1000),
        "fees[CONSTANCIA]": ("presente", "—", None),
        "fees[CARTA]": ("—", "nuevo", None),
    }
    assert queries.differences(first=old, second=old) == []


def test_who_loads_a_book_does_not_publish_it(db: None) -> None:
    """Two people for a price: the one who typed it in, and the one who puts it in force."""
    book = load("la-barca-demo-2019")
    with pytest.raises(commands.CannotPublishBook, match="Quien carga un libro de tarifas no lo publica"):
        commands.publish_book(book=book, by="jefa", at=AT)
    book.refresh_from_db()
    assert book.published_at is None
    assert not AuditEntry.objects.filter(act="tariffs.publish_book").exists()
    publish(book)
