"""The demonstration books, read once, and the catalog of concepts they are checked against."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from caudal.tariffs import commands, format, queries
from caudal.tariffs.models import TariffBook

AT = datetime(2018, 12, 20, 9, 0, tzinfo=ZoneInfo("America/Mexico_City"))
CONCEPTS = {
    "water": "principal",
    "sewerage": "principal",
    "wastewater_treatment": "principal",
    "infrastructure_charge": "principal",
    "benefit": "reduction",
    "early_payment": "reduction",
    "surcharge": "surcharge",
    "connection_fee": "fee",
    "reconnection_fee": "fee",
    "ownership_transfer_fee": "fee",
    "no_debt_certificate_fee": "fee",
    "water_tanker_fee": "fee",
}


def book_of(document: dict) -> TariffBook:
    """A book that was never stored: prices need only its document."""
    return TariffBook(code=document["code"], document=document, document_hash=format.document_hash(document))


@pytest.fixture
def book_2019(db: None) -> TariffBook:
    """The 2019 book, published by the chief of the commercial area."""
    book = commands.load_book(body=queries.shipped_text(code="la-barca-demo-2019"), by="jefa", at=AT)
    return commands.publish_book(book=book, by="salas", at=AT)
