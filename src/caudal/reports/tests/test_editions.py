"""What is published stays as it was published: sealed one after another, signed, and corrected only by another edition."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.utils import DatabaseError
from tests.town import counter
from tests.town.cast import PIN, Town, moment

from caudal.kernel.models import AuditEntry
from caudal.ledger import commands as ledger
from caudal.ledger import queries as ledger_queries
from caudal.reports import checking, commands, editions, queries, signing
from caudal.reports.models import ReportEdition, ReportPaper
from caudal.rules.periods import Period

pytestmark = pytest.mark.django_db
JANUARY, FEBRUARY, MARCH = date(2019, 1, 1), date(2019, 2, 1), date(2019, 3, 1)
ON = date(2019, 3, 4)


@pytest.fixture(autouse=True)
def key(settings: Any, tmp_path: Path) -> Path:
    """A house of its own signs."""
    settings.REPORT_KEY = tmp_path / "report-key.pem"
    return Path(settings.REPORT_KEY)


@pytest.fixture
def january(town: Town, books: None) -> Town:
    """Don Chuy paid $100.00 in January."""
    counter.pay(town.chuy, 10_000, on=date(2019, 1, 8))
    return town


def publish(
    since: date = JANUARY, until: date = FEBRUARY, *, by: str = "salas", pin: str = PIN,
    correction: commands.Correction | None = None, on: date = ON,
) -> ReportEdition:  # fmt: skip
    return commands.publish_report(
        since=since, until=until, note="Para el consejo.", pin=pin, today=on, at=moment(on, 12), by=by,
        correction=correction,
    )  # fmt: skip


def test_an_edition_is_sealed_signed_and_keeps_its_three_papers(january: Town, key: Path) -> None:
    edition = publish()
    assert (edition.number, edition.previous_sha256, edition.published_by) == (1, "", "salas")
    assert queries.verify(edition=edition).findings == ()
    assert sorted(edition.papers.values_list("form", flat=True)) == ["docx", "md", "pdf"]
    assert key.stat().st_mode & 0o777 == 0o600
    assert edition.public_key == signing.own_public_key()
    [told] = AuditEntry.objects.filter(act="reports.publish")
    assert told.after is not None
    assert (told.by, told.object_id, told.after["sha256"]) == ("salas", "1", edition.sha256)


def test_read_back_it_is_the_report_of_that_day(january: Town) -> None:
    kept = ReportEdition.objects.get(pk=publish().pk)
    now = queries.whole_report(since=JANUARY, until=FEBRUARY, today=ON)
    assert editions.report_of(edition=kept) == now
    assert kept.content["months"][0]["activities"][0]["code"] == "counter"


def test_each_edition_carries_the_seal_of_the_one_before(january: Town) -> None:
    counter.pay(january.lupita, 5_000, on=date(2019, 2, 5))
    first, second = publish(), publish(FEBRUARY, MARCH)
    assert (second.number, second.previous_sha256) == (2, first.sha256)


def refused(**asked: Any) -> editions.CannotPublishReport:
    before = ReportEdition.objects.count(), ReportPaper.objects.count()
    with pytest.raises(editions.CannotPublishReport) as told:
        publish(**asked)
    assert (ReportEdition.objects.count(), ReportPaper.objects.count()) == before
    return told.value


def test_days_that_are_not_over_are_not_published(january: Town) -> None:
    assert refused(on=date(2019, 1, 31)).field == "hasta"
    assert publish(on=FEBRUARY).number == 1


def test_a_wrong_pin_publishes_nothing(january: Town) -> None:
    assert refused(pin="111111").field == "pin"


@pytest.mark.parametrize("username", ["laura", "ofelia", "veronica", "nobody"])
def test_only_the_manager_publishes(january: Town, username: str) -> None:
    assert refused(by=username).field == "pin"


def test_days_without_activities_are_not_published(january: Town) -> None:
    assert refused(since=FEBRUARY, until=MARCH).field == "desde"


def test_the_same_days_are_published_once(january: Town) -> None:
    publish()
    counter.pay(january.chuy, 1_000, on=date(2019, 1, 9))
    assert "edición 1" in refused().what


def test_a_correction_names_what_it_replaces_why_and_what_changed(january: Town) -> None:
    """$100.00 said, then a receipt of $25.50 of that month came to light: 10,000 + 2,550 = 12,550."""
    first = publish()
    counter.pay(january.lupita, 2_550, on=date(2019, 1, 9))
    second = publish(correction=commands.Correction(first, "Faltaba un comprobante"))
    assert (second.number, second.replaces, second.reason) == (2, first, "Faltaba un comprobante")
    changes = {each["label"]: (each["before"], each["after"]) for each in second.changes}
    assert changes["Cobrado en ventanilla"] == ("$100.00", "$125.50")
    assert changes["Personas atendidas en ventanilla"] == ("1", "2")
    assert "Actividad" not in changes
    assert queries.verify(edition=second).findings == queries.verify(edition=first).findings == ()
    assert b"Faltaba un comprobante" in bytes(second.papers.get(form="md").body)


def test_a_correction_needs_a_reason_a_change_and_an_edition_that_stands(january: Town) -> None:
    first = publish()
    assert refused(correction=commands.Correction(first, "")).field == "reason"
    assert "Nada cambió" in refused(correction=commands.Correction(first, "Por si acaso")).what
    counter.pay(january.lupita, 2_550, on=date(2019, 1, 9))
    publish(correction=commands.Correction(first, "Faltaba un comprobante"))
    counter.pay(january.lupita, 100, on=date(2019, 1, 10))
    assert "ya fue sustituida" in refused(correction=commands.Correction(first, "Otra vez")).what


def test_an_edition_says_what_differs_today(january: Town) -> None:
    edition = publish()
    assert queries.differences_today(edition=edition) == []
    counter.pay(january.lupita, 2_550, on=date(2019, 1, 9))
    labels = {each.label for each in queries.differences_today(edition=edition)}
    # one person, one account and $25.50 more, in cash, at the window and in all
    assert labels == {
        "Personas atendidas en ventanilla", "Cuentas que pagaron", "Cobrado en ventanilla", "Ventanilla, en efectivo",
        "Cobrado en total",
    }  # fmt: skip


@pytest.mark.parametrize("table", ["reports_reportedition", "reports_reportpaper"])
@pytest.mark.parametrize("act", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_application_may_not_touch_an_edition(january: Town, table: str, act: str) -> None:
    publish()
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute(act.format(table))


def close(month: int) -> None:
    """Verónica's figures, closed by the manager."""
    ledger.close_month(
        month=Period(month), digest=ledger_queries.month_figures(month=Period(month)).digest, reviewed_by="veronica",
        closed_by="salas", at=moment(ON, 10),
    )  # fmt: skip


def test_figures_of_books_that_are_open_are_published_as_preliminary(january: Town) -> None:
    counter.pay(january.lupita, 5_000, on=date(2019, 2, 5))
    edition = publish(JANUARY, MARCH)
    said = "Cifras preliminares: los libros de enero a febrero de 2019 no están cerrados."
    assert edition.content["open_months"] == [201901, 201902]
    assert editions.report_of(edition=edition).preliminary == said
    assert f"**{said}**" in bytes(edition.papers.get(form="md").body).decode()


def test_a_month_that_is_closed_says_nothing_of_it(january: Town) -> None:
    close(201901)
    edition = publish()
    assert editions.report_of(edition=edition).preliminary == ""
    assert "preliminares" not in bytes(edition.papers.get(form="md").body).decode()
    counter.pay(january.lupita, 5_000, on=date(2019, 2, 5))
    said = "Cifras preliminares: los libros de febrero de 2019 no están cerrados."
    assert editions.report_of(edition=publish(JANUARY, MARCH)).preliminary == said


def test_once_the_books_are_closed_a_correction_takes_the_mark_away(january: Town) -> None:
    """Not one figure changed: only that January's books can no longer move."""
    first = publish()
    close(201901)
    second = publish(correction=commands.Correction(first, "Se cerró enero"))
    assert [(each["period"], each["label"], each["before"], each["after"]) for each in second.changes] == [
        (201901, "Libros del mes", "sin cerrar", "cerrados")
    ]
    assert editions.report_of(edition=second).preliminary == ""
    assert "preliminares: los libros" not in bytes(second.papers.get(form="md").body).decode()
    assert queries.verify(edition=first).findings == queries.verify(edition=second).findings == ()


@pytest.mark.parametrize(
    ("months", "said"),
    [
        ((), ""),
        ((201912,), "los libros de diciembre de 2019"),
        ((201910, 201911, 201912), "los libros de octubre a diciembre de 2019"),
        ((201812, 201901), "los libros de diciembre de 2018 a enero de 2019"),
    ],
)
def test_the_mark_names_the_months(months: tuple[int, ...], said: str) -> None:
    told = editions.ActivityReport(JANUARY, FEBRUARY, (), open_months=months).preliminary
    assert told == (f"Cifras preliminares: {said} no están cerrados." if said else "")


def asked() -> dict[str, list[str]]:
    return {each.name: each.findings for each in checking.run(rooms=["reports"])}


def test_the_check_walks_what_was_published(january: Town) -> None:
    assert asked() == {"editions": [], "editions_chain": [], "editions_numbers": []}
    counter.pay(january.lupita, 5_000, on=date(2019, 2, 5))
    publish()
    publish(FEBRUARY, MARCH)
    assert asked() == {"editions": [], "editions_chain": [], "editions_numbers": []}


def test_the_check_finds_an_edition_that_somebody_slipped_in(january: Town) -> None:
    """A copy of the first with another amount, numbered 3, that does not follow it and brings no papers."""
    first = publish()
    forged = {each.attname: getattr(first, each.attname) for each in ReportEdition._meta.concrete_fields}
    month = {**first.content["months"][0], "activities": []}
    ReportEdition.objects.create(
        **forged | {"id": None, "number": 3, "content": first.content | {"months": [month]}, "sha256": "f" * 64,
                    "previous_sha256": "e" * 64}
    )  # fmt: skip
    assert asked() == {
        "editions": [
            "Edición 3: Su contenido no es el que se publicó.",
            "Edición 3: Le falta un archivo.",
            "Edición 3: Su sello no es el de lo que dice.",
            "Edición 3: Su firma no es de la llave que dice.",
        ],
        "editions_chain": ["La edición 3 no lleva el sello de la 1."],
        "editions_numbers": ["Falta la edición 2."],
    }


def test_the_check_finds_a_file_that_is_not_the_one_published(january: Town) -> None:
    """The same lie with its own papers: one of them is other bytes than its fingerprint says."""
    first = publish()
    forged = {each.attname: getattr(first, each.attname) for each in ReportEdition._meta.concrete_fields}
    second = ReportEdition(**forged | {"id": None, "number": 2, "previous_sha256": first.sha256})
    kept = {each.form: each for each in first.papers.all()}
    second.sha256 = editions.seal_of(edition=second, papers={form: it.sha256 for form, it in kept.items()})
    second.signature, second.public_key = signing.sign(seal=second.sha256)
    second.save(force_insert=True)
    for form, each in kept.items():
        body = b"otra cosa" if form == "md" else bytes(each.body)
        ReportPaper.objects.create(edition=second, form=form, body=body, sha256=each.sha256)
    assert asked()["editions"] == ["Edición 2: Un archivo suyo no es el que se publicó."]
