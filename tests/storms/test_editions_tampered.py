"""Whoever owns the database can change a published report. Its seal, its chain, its files and its signature tell.

Two editions; each lie is written as the owner with the guards down and committed, looked at, and undone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from tests.town import cast, counter
from tests.town.cast import PIN, moment

from caudal.reports import commands, queries, signing
from caudal.reports.editions import seal_of
from caudal.reports.models import ReportEdition
from caudal.tariffs import commands as tariffs
from caudal.tariffs import queries as books

TABLES = ("reports_reportedition", "reports_reportpaper")
FIRST, SECOND = "WHERE number = 1", "WHERE number = 2"
LIES = {
    "content": f"UPDATE reports_reportedition SET content = jsonb_set(content, '{{months,0,period}}', '201812') {FIRST}",
    "note": f"UPDATE reports_reportedition SET note = 'otra' {FIRST}",
    "publisher": f"UPDATE reports_reportedition SET published_by = 'laura' {FIRST}",
    "moment": f"UPDATE reports_reportedition SET published_at = published_at + interval '1 microsecond' {FIRST}",
    "days": f"UPDATE reports_reportedition SET since = since + 1 {FIRST}",
    "paper": "UPDATE reports_reportpaper SET body = body || 'x'::bytea WHERE form = 'pdf'",
    "paper and its print": "UPDATE reports_reportpaper SET body = 'x', sha256 = encode(sha256('x'), 'hex')",
    "lost paper": "DELETE FROM reports_reportpaper WHERE form = 'docx'",
    "signature": f"UPDATE reports_reportedition SET signature = repeat('0', 128) {FIRST}",
    "key": f"UPDATE reports_reportedition SET public_key = repeat('0', 64) {FIRST}",
    "chain": f"UPDATE reports_reportedition SET previous_sha256 = repeat('0', 64) {SECOND}",
    "lost edition": f"UPDATE reports_reportedition SET number = 9 {SECOND}",
}


@pytest.fixture
def published(own_database: str, settings: Any, tmp_path: Path) -> None:
    """January and February of 2019, one payment each, published in March."""
    settings.REPORT_KEY = tmp_path / "report-key.pem"
    town = cast.build()
    at = moment(date(2019, 1, 1), hour=0)
    book = tariffs.load_book(body=books.shipped_text(code="la-barca-demo-2019"), by="laura", at=at)
    tariffs.publish_book(book=book, by="salas", at=at)
    on = date(2019, 3, 4)
    for since, until in ((date(2019, 1, 1), date(2019, 2, 1)), (date(2019, 2, 1), date(2019, 3, 1))):
        counter.pay(town.chuy, 10_000, on=since.replace(day=8))
        commands.publish_report(
            since=since, until=until, note="", pin=PIN, today=on, at=moment(on), by="salas"
        )


def findings() -> list[str]:
    return [told for each in queries.editions() for told in queries.verify(edition=each).findings]


@contextmanager
def told(*lies: str) -> Iterator[None]:
    """The lies, committed, while it lasts."""
    with connections["owner"].cursor() as cursor:
        for table in TABLES:
            cursor.execute(
                f"ALTER TABLE {table} DISABLE TRIGGER USER; CREATE TABLE true_{table} AS TABLE {table}"
            )
        for lie in lies:
            cursor.execute(lie)
            assert cursor.rowcount > 0
        yield
        for table in reversed(TABLES):
            cursor.execute(f"DELETE FROM {table}")
        for table in TABLES:
            cursor.execute(f"INSERT INTO {table} TABLE true_{table}")
            cursor.execute(f"DROP TABLE true_{table}; ALTER TABLE {table} ENABLE TRIGGER USER")


def test_every_lie_is_found_and_the_truth_holds(published: None) -> None:
    assert findings() == []
    for what, lie in LIES.items():
        with told(lie):
            assert findings() != [], what
        assert findings() == []


def test_whoever_seals_a_lie_again_cannot_sign_it(published: None) -> None:
    """Another note, with the right seal for it and the next one's link mended; the key is not in the database."""
    first = ReportEdition.objects.get(number=1)
    first.note = "otra"
    kept = dict(first.papers.values_list("form", "sha256"))
    seal = seal_of(edition=first, papers=kept)
    with told(f"UPDATE reports_reportedition SET note = 'otra', sha256 = '{seal}' {FIRST}"):
        said = queries.verify(edition=ReportEdition.objects.get(number=1)).findings
    assert said == ("Su firma no es de la llave que dice.",)
    assert signing.own_public_key() == first.public_key
